#!/usr/bin/env python3
"""How fast `mediacore hls --capture` is against `cp` of the same bytes.

  hls_against_cp.py PROGRAM MAKE_CAPTURE DIR [--megabytes 512] [--runs 3]

Makes the capture once, then runs cp and the program in turns, each over what it
wrote the time before; the last run of each counts, and all are printed.
"""
import argparse
import os
import shutil
import subprocess
import sys
import time


def timed(command):
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - began
    if done.returncode != 0:
        sys.exit("%s failed: %s" % (command[0], done.stderr))
    return seconds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("make_capture")
    parser.add_argument("dir")
    parser.add_argument("--megabytes", type=int, default=512)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    os.makedirs(options.dir, exist_ok=True)
    capture = os.path.join(options.dir, "camera-%d.pcap" % options.megabytes)
    if not os.path.exists(capture):
        subprocess.run([options.make_capture, capture + ".part", str(options.megabytes)], check=True)
        os.rename(capture + ".part", capture)
    size = os.path.getsize(capture)
    copy = os.path.join(options.dir, "copy.pcap")
    jobs = {"cp": ["cp", capture, copy]}
    for segments in ("fmp4", "ts-video"):
        # TS carries no Opus to players: there the pictures alone.
        jobs["hls " + segments] = [options.program, "hls", "--capture", capture, "--out", os.path.join(options.dir, segments), "--quiet",
                                   *(["--segments", "ts", "--port", "20000"] if segments != "fmp4" else [])]
    seconds = {name: [] for name in jobs}
    for _ in range(options.runs):
        for name, command in jobs.items():
            os.sync()  # what an earlier run left to be written is not this run's
            seconds[name].append(timed(command))
    os.remove(copy)
    for segments in ("fmp4", "ts-video"):
        shutil.rmtree(os.path.join(options.dir, segments))
    for name, times in seconds.items():
        print("%-12s %s  last %.2f GB/s, %.2f of cp" % (
            name, " ".join("%.3f s" % t for t in times), size / times[-1] / 1e9, seconds["cp"][-1] / times[-1]))


if __name__ == "__main__":
    main()
