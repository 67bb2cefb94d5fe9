#!/usr/bin/env python3
"""mediacore hls against a real encoder, a real player and a real linter.

  hls_test.py PROGRAM live-aac-ts|live-aac-fmp4|live-opus-fmp4|capture-opus [--seconds N]

Each live run: ffmpeg encodes once and sends the same packets as RTP and, by its
tee muxer, into a file. The program packages and serves what it receives;
Chromium plays it meanwhile; then every decoded frame is compared with the file's,
ffprobe reads the playlist and the linter checks it. Exits 77 (skipped), saying
why, where what it needs is absent.
"""
import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SHARED = os.path.join(os.path.dirname(ROOT), "shared")
LINTER = os.path.join(SHARED, "tools", "hls-lint.py")
CAPTURE = os.path.join(SHARED, "captures", "ffmpeg-h264-opus-rtp.pcap")

failures = []


def check(good, sentence):
    print(("ok    " if good else "WRONG ") + sentence, flush=True)
    if not good:
        failures.append(sentence)


def skip(why):
    print("skipped: " + why)
    sys.exit(77)


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, **more)


def free_udp_ports():
    """Two even ports whose odd neighbours are free too."""
    found = []
    for base in range(30000 + os.getpid() % 1000 * 20, 65000, 2):
        sockets = []
        try:
            for port in (base, base + 1):
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                sockets.append(s)
                s.bind(("127.0.0.1", port))
            found.append(base)
        except OSError:
            pass
        finally:
            for s in sockets:
                s.close()
        if len(found) == 2:
            return found
    raise OSError("no free UDP ports")


def frame_sums(source, stream, *decoder):
    """The checksum of each decoded frame of a stream, in order."""
    out = run("ffmpeg", "-v", "error", *decoder, "-i", source, "-map", stream, "-fps_mode", "passthrough", "-f", "framecrc", "-")
    check(out.returncode == 0 and out.stderr.strip() == "",
          "ffmpeg decodes %s of %s without a word %s" % (stream, os.path.basename(source), out.stderr.strip()[:200]))
    return [line.split(",")[-1].strip() for line in out.stdout.splitlines() if line and line[0] != "#"]


def compare_frames(got, source, what, may_miss_at_start, priming=0, may_miss_at_end=0):
    """`got` is `source` without a hole; of the first few some may be missing."""
    got = got[priming:]
    check(len(got) > 0, "%s: %d frames decoded" % (what, len(got)))
    if not got:
        return
    places = [i for i, s in enumerate(source) if s == got[0]]
    equal, at = max(((sum(1 for a, b in zip(got, source[i:]) if a == b), i) for i in places), default=(0, 0))
    check(equal == len(got), "%s: %d of %d frames equal the source's" % (what, equal, len(got)))
    check(at <= may_miss_at_start + priming and len(source) - at - len(got) <= may_miss_at_end,
          "%s: all of the source's %d frames are there but the first %d" % (what, len(source), at))


def lint(url, label, *options):
    if not os.path.exists(LINTER):
        print("      no linter here: not linted")
        return
    out = run(sys.executable, LINTER, url, *options)
    lines = out.stdout.strip().splitlines()
    summary = json.loads(lines[-1]) if lines else {}
    problems = [l for l in lines[:-1] if l.startswith(("MUST", "SHOULD"))]
    check(summary.get("must") == 0 and summary.get("should") == 0,
          "hls-lint %s: %s MUST, %s SHOULD of %s rules %s" % (
              label, summary.get("must"), summary.get("should"), summary.get("rulesExercised"), " | ".join(problems)[:600]))


def probe(playlist):
    out = run("ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", playlist)
    check(out.returncode == 0 and out.stderr.strip() == "",
          "ffprobe is clean: %s %s" % (sorted(set(out.stdout.split())), out.stderr.strip()[:200]))


def encoder(video_port, audio_port, codec, seconds, sdp, copy):
    audio = ["-c:a", "aac", "-b:a", "96k"] if codec == "aac" else ["-c:a", "libopus", "-b:a", "64k"]
    common = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30",
              "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"]
    encode = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline",
              "-pix_fmt", "yuv420p", "-g", "60", "-keyint_min", "60", "-sc_threshold", "0",
              "-b:v", "700k", *audio, "-ac", "2"]
    # The description does not depend on what is encoded: it is made beforehand.
    run("ffmpeg", "-v", "quiet", "-y", *common, "-t", "0.1", "-map", "0:v", *encode[:-2], "-f", "rtp",
        "-payload_type", "96", "rtp://127.0.0.1:%d" % video_port, "-t", "0.1", "-map", "1:a", *audio, "-ac", "2", "-f", "rtp",
        "-payload_type", "97", "rtp://127.0.0.1:%d" % audio_port, "-sdp_file", sdp)
    tee = ("[select=v:f=rtp:payload_type=96]rtp\\://127.0.0.1\\:%d?pkt_size=1200|"
           "[select=a:f=rtp:payload_type=97]rtp\\://127.0.0.1\\:%d?pkt_size=1200|[f=%s]%s"
           % (video_port, audio_port, "mpegts", copy))
    return ["ffmpeg", "-v", "error", "-y"] + [x for i in (common[:4], common[4:]) for x in ["-re", *i]] + [
        "-t", str(seconds), "-map", "0:v", "-map", "1:a", *encode, "-f", "tee", tee]


def start(program, *arguments):
    player = os.path.join(ROOT, "build", "node", "node_modules", "hls.js", "dist", "hls.min.js")
    if "--serve" in arguments and os.path.exists(player):
        arguments = (*arguments, "--hls-js", player)
    process = subprocess.Popen([program, "hls", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lines = []
    while True:
        line = process.stderr.readline()
        if not line:
            return process, lines
        lines.append(line.strip())
        if line.startswith("listening"):
            return process, lines


def live(program, codec, segments, seconds, work):
    video_port, audio_port = free_udp_ports()
    sdp = os.path.join(work, "live.sdp")
    copy = os.path.join(work, "copy.ts")
    out = os.path.join(work, "out")
    recorded = os.path.join(work, "recorded.pcap")
    command = encoder(video_port, audio_port, codec, seconds, sdp, copy)
    # event: every segment stays, so that all frames can be compared
    server, lines = start(program, "--sdp", sdp, "--out", out, "--serve", "127.0.0.1:0", "--segments", segments,
                          "--type", "event", "--json", "--record", recorded)
    url = next((l.split()[-1] for l in lines if l.startswith("serving at")), None)
    check(url is not None, "the program listens and serves at %s" % url)
    if url is None:
        print("\n".join(lines + server.stderr.readlines()))
        return
    source = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    playing = linting = None
    try:
        began = time.monotonic()
        while time.monotonic() - began < 30:
            try:
                text = urllib.request.urlopen(url + "index.m3u8", timeout=5).read().decode()
                break
            except OSError:
                time.sleep(0.2)
        else:
            text = ""
        check("#EXT-X-STREAM-INF" in text, "index.m3u8 is there after %.1f s" % (time.monotonic() - began))
        if os.path.exists(LINTER):
            linting = subprocess.Popen([sys.executable, LINTER, url + "index.m3u8", "--live", str(max(5, seconds - 14))],
                                       stdout=subprocess.PIPE, text=True)
        modules = os.path.join(ROOT, "build", "node")
        if shutil.which("chromium") and os.path.exists(os.path.join(modules, "node_modules", "hls.js")):
            playing = subprocess.Popen(["node", os.path.join(HERE, "play.mjs"), url, "--seconds", str(seconds - 12)],
                                       stdout=subprocess.PIPE, text=True)
        else:
            print("      no Chromium or no hls.js here: not played")
        if playing:
            played = json.loads(playing.communicate(timeout=seconds + 90)[0].strip().splitlines()[-1])
            check(played["ok"] and played.get("stalls") == 0,
                  "hls.js plays: %s" % {k: played.get(k) for k in (
                      "stalls", "resolution", "latency", "droppedFrames", "decodedFrames", "played", "startupMs", "problems", "errors")})
            check(played.get("resolution") == "640x360", "the player shows 640x360")
        if linting:
            report = linting.communicate(timeout=seconds + 90)[0].strip().splitlines()
            summary = json.loads(report[-1])
            check(summary["must"] == 0 and summary["should"] == 0, "hls-lint, live: %d MUST, %d SHOULD %s" % (
                summary["must"], summary["should"], " | ".join(l for l in report[:-1] if l.startswith(("MUST", "SHOULD")))[:600]))
        words = source.communicate(timeout=seconds + 60)[1].strip()
        check(source.returncode == 0, "ffmpeg sent %d s %s" % (seconds, words[:200]))
        time.sleep(0.5)
    finally:
        for process in (source, playing, linting):
            if process and process.poll() is None:
                process.kill()
        server.send_signal(signal.SIGTERM)
        stdout, stderr = server.communicate(timeout=30)
    check(server.returncode == 0, "SIGTERM ends it with %d %s" % (server.returncode, stderr.strip()[-300:]))
    statistics = json.loads(stdout)
    lost = sum(s["lost"] for s in statistics["streams"])
    print("      packets %s, lost %d, late %d, sync error %s ms" % (
        [s["packets"] for s in statistics["streams"]], lost, sum(s["late"] for s in statistics["streams"]),
        [s.get("sync_error_ms") for s in statistics["streams"]]))
    check(lost == 0, "no packet was lost on loopback")
    made = statistics["segmenter"]
    early = made["frames_in"] - made["frames_out"]
    check(early <= 4, "of %d frames received all but %d, before the first picture, are in segments" % (made["frames_in"], early))
    verify(out, copy, codec)
    again = os.path.join(work, "again")
    replayed = run(program, "hls", "--capture", recorded, "--sdp", sdp, "--out", again, "--segments", segments, "--quiet")
    check(replayed.returncode == 0, "what --record wrote packages too %s" % replayed.stderr.strip()[-300:])
    verify(again, copy, codec)


def verify(out, copy, codec):
    playlist = os.path.join(out, "index.m3u8")
    text = open(os.path.join(out, "video0.m3u8") if os.path.exists(os.path.join(out, "video0.m3u8")) else
                next(os.path.join(out, f) for f in os.listdir(out) if f.endswith("video0.m3u8"))).read()
    check(text.rstrip().endswith("#EXT-X-ENDLIST"), "the playlist is ended")
    lint(playlist, "at the end")
    probe(playlist)
    compare_frames(frame_sums(playlist, "0:v:0"), frame_sums(copy, "0:v:0"), "video", 0)
    # Sound that comes before the first picture has no place in a segment.
    if codec == "aac":
        # The first frame decoded depends on the one before it; the one with which
        # its AAC encoder ends is not sent by ffmpeg.
        compare_frames(frame_sums(playlist, "0:a:0"), frame_sums(copy, "0:a:0"), "audio", 4, priming=2, may_miss_at_end=1)
    else:  # packets: what a decoder makes of the first ones depends on where it begins
        compare_frames(packet_sums(playlist), packet_sums(copy), "audio", 4)


def packet_sums(source):
    """The checksum of each packet of sound, not decoded."""
    out = run("ffmpeg", "-v", "error", "-i", source, "-map", "0:a:0", "-c", "copy", "-f", "framecrc", "-")
    # dts, pts, duration, size, checksum, and perhaps side data
    return [line.split(",")[5].strip() for line in out.stdout.splitlines() if line and line[0] != "#"]


def capture(program, work):
    if not os.path.exists(CAPTURE):
        skip("no captures beside the project")
    out = os.path.join(work, "out")
    done = run(program, "hls", "--capture", CAPTURE, "--out", out)
    print("      " + done.stderr.strip().replace("\n", "\n      "))
    check(done.returncode == 0, "the capture is packaged to its end")
    playlist = os.path.join(out, "index.m3u8")
    lint(playlist, "of the capture")
    probe(playlist)
    refused = run(program, "hls", "--capture", CAPTURE, "--segments", "ts", "--out", os.path.join(work, "ts"))
    check(refused.returncode == 1 and "fMP4" in refused.stderr, "TS with Opus is refused: " + refused.stderr.strip().splitlines()[-1])
    # GStreamer's depayloader gives the same packets to ffmpeg.
    if not shutil.which("gst-launch-1.0"):
        skip("no GStreamer to compare with")
    raw = os.path.join(work, "video.h264")
    made = run("gst-launch-1.0", "-q", "filesrc", "location=" + CAPTURE, "!", "pcapparse", "dst-port=20000", "!",
               "application/x-rtp,media=video,clock-rate=90000,encoding-name=H264,payload=96", "!", "rtph264depay", "!",
               "video/x-h264,stream-format=byte-stream,alignment=au", "!", "filesink", "location=" + raw)
    check(made.returncode == 0, "GStreamer depayloads the capture " + made.stderr.strip()[:200])
    compare_frames(frame_sums(playlist, "0:v:0"), frame_sums(raw, "0:v:0"), "video against GStreamer", 0)
    audio = frame_sums(playlist, "0:a:0")
    check(len(packet_sums(playlist)) == 301, "all 301 Opus packets are there, %d frames decoded" % len(audio))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("what")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    if not shutil.which("ffmpeg") or not shutil.which("ffprobe"):
        skip("no ffmpeg here")
    work = tempfile.mkdtemp(prefix="mediacore-hls-")
    try:
        if options.what == "capture-opus":
            capture(options.program, work)
        else:
            _, codec, segments = options.what.split("-")
            live(options.program, codec, segments, options.seconds, work)
    finally:
        if options.keep:
            print("kept in " + work)
        else:
            shutil.rmtree(work, ignore_errors=True)
    print("%d wrong" % len(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
