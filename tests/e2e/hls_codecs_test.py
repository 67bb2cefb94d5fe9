#!/usr/bin/env python3
"""mediacore hls with the codecs of today: H.265, VP9 and AV1 beside H.264.

  hls_codecs_test.py PROGRAM h265-aac|vp9-opus|capture-av1|capture-vp9-svc

ffmpeg encodes a few seconds and sends them as RTP as fast as it can; the packets
become a capture whose times are those of their RTP timestamps. (The last two take
captures of Chromium.) The program packages the capture, and then every decoded
frame is compared with ffmpeg's own file, ffprobe reads the playlist, the linter
checks it, and Chromium plays it where it knows the codec. Exits 77 (skipped),
saying why, where what it needs is absent.
"""
import argparse
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading

import hls_test
from hls_test import check, compare_frames, frame_sums, free_udp_ports, lint, packet_sums, probe, run, skip

CAPTURES = os.path.join(hls_test.SHARED, "captures")
SECONDS = 8


class Recorder:
    """What comes to a UDP port: RTP packets alone."""

    def __init__(self, port):
        self.packets = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind(("127.0.0.1", port))
        self.socket.settimeout(1.0)
        self.port = port
        self.done = False
        self.thread = threading.Thread(target=self.receive)
        self.thread.start()

    def receive(self):
        while True:
            try:
                self.packets.append(self.socket.recv(2048))
            except socket.timeout:
                if self.done:
                    return

    def stop(self):
        self.done = True
        self.thread.join()
        self.socket.close()

    def timed(self, clock_rate):
        """(seconds, port, packet), by the timestamps."""
        first = struct.unpack("!I", self.packets[0][4:8])[0]
        for packet in self.packets:
            ticks = (struct.unpack("!I", packet[4:8])[0] - first) & 0xffffffff
            ticks -= 1 << 32 if ticks >> 31 else 0
            yield max(0, ticks) / clock_rate, self.port, packet


def write_capture(path, packets):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))  # raw IP
        for when, port, packet in packets:
            size = 28 + len(packet)
            ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, size, 0, 0, 64, 17, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
            udp = struct.pack("!HHHH", 5000, port, 8 + len(packet), 0)
            file.write(struct.pack("<IIII", 1_700_000_000 + int(when), int(when % 1 * 1e6), size, size) + ip + udp + packet)


def made(program, video, audio, work):
    ports = free_udp_ports()
    sdp = os.path.join(work, "made.sdp")
    container = {"h265": "mpegts", "vp9": "matroska"}[video]
    copy = os.path.join(work, "copy." + container)
    encode = {
        # Groups of pictures are open, as x265 makes them: pictures before the key frame refer to the group before.
        "h265": ["-c:v", "libx265", "-preset", "superfast", "-x265-params", "log-level=error:open-gop=1:bframes=3:keyint=50:min-keyint=50"],
        "vp9": ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "50", "-b:v", "500k"],
    }[video] + ["-pix_fmt", "yuv420p"]
    sound = {"aac": ["-c:a", "aac", "-b:a", "96k"], "opus": ["-c:a", "libopus", "-b:a", "64k"]}[audio] + ["-ac", "2"]
    source = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"]
    out = ["-f", "rtp", "-strict", "experimental", "-payload_type"]
    run("ffmpeg", "-v", "quiet", "-y", *source, "-t", "0.2", "-map", "0:v", *encode, *out, "96", "rtp://127.0.0.1:%d" % ports[0],
        "-t", "0.2", "-map", "1:a", *sound, *out, "97", "rtp://127.0.0.1:%d" % ports[1], "-sdp_file", sdp)
    recorders = [Recorder(port) for port in ports]
    tee = "|".join(["[select=%s:f=rtp:strict=experimental:payload_type=%d]rtp\\://127.0.0.1\\:%d?pkt_size=1200" % (kind, number, port)
                    for kind, number, port in (("v", 96, ports[0]), ("a", 97, ports[1]))] + ["[f=%s]%s" % (container, copy)])
    sent = run("ffmpeg", "-v", "error", "-y", *source, "-t", str(SECONDS), "-map", "0:v", "-map", "1:a", *encode, *sound, "-f", "tee", tee)
    for recorder in recorders:
        recorder.stop()
    check(sent.returncode == 0, "ffmpeg encodes and sends %d s %s" % (SECONDS, sent.stderr.strip()[-300:]))
    capture = os.path.join(work, "made.pcap")
    write_capture(capture, merge(recorders))
    return capture, sdp, copy


def merge(recorders):
    """Both streams by time, each in the order in which it was sent."""
    queues = []
    for recorder, rate in zip(recorders, (90000, 48000)):
        last, queue = 0.0, []
        for when, port, packet in recorder.timed(rate):
            last = max(last, when)
            queue.append((last, port, packet))
        queues.append(queue)
    return sorted(queues[0] + queues[1], key=lambda p: p[0])


def package(program, work, *arguments, lints=True):
    out = os.path.join(work, "out")
    done = run(program, "hls", "--out", out, "--target-duration", "2", "--json", *arguments)
    print("      " + done.stderr.strip().replace("\n", "\n      "))
    check(done.returncode == 0, "the capture is packaged to its end")
    if done.returncode != 0:
        return out, {}
    text = open(os.path.join(out, "index.m3u8")).read()
    print("      " + re.sub(r"\n", "\n      ", text.strip()))
    if lints:
        lint(os.path.join(out, "index.m3u8"), "of the capture")
    probe(os.path.join(out, "index.m3u8"))
    return out, json.loads(done.stdout)


def attribute(out, name):
    text = open(os.path.join(out, "index.m3u8")).read()
    found = re.search(r'#EXT-X-STREAM-INF:.*?\b%s="?([^",\n]*(?:,[^",\n=]*)?)"?(?:,[A-Z]|\n)' % name, text)
    return found.group(1) if found else None


def play(program, out, resolution, seconds):
    modules = os.path.join(hls_test.ROOT, "build", "node")
    player = os.path.join(modules, "node_modules", "hls.js", "dist", "hls.min.js")
    if not shutil.which("chromium") or not os.path.exists(player):
        print("      no Chromium or no hls.js here: not played")
        return
    server = subprocess.Popen([program, "serve", out, "--serve", "127.0.0.1:0", "--hls-js", player, "--quiet"],
                              stdout=subprocess.PIPE, text=True)
    try:
        url = next(line.split()[-1] for line in server.stdout if line.startswith("serving"))
        node = run("node", os.path.join(hls_test.HERE, "play.mjs"), url, "--seconds", str(seconds), timeout=120)
        played = json.loads(node.stdout.strip().splitlines()[-1])
        check(played["ok"], "hls.js plays: %s" % {k: played.get(k) for k in (
            "stalls", "resolution", "droppedFrames", "decodedFrames", "played", "ended", "problems", "errors")})
        check(played.get("resolution") == resolution, "the player shows " + resolution)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def made_and_packaged(program, video, audio, work):
    capture, sdp, copy = made(program, video, audio, work)
    out, statistics = package(program, work, "--capture", capture, "--sdp", sdp)
    if not statistics:
        return
    check(sum(s["lost"] for s in statistics["streams"]) == 0, "no packet was lost on loopback")
    playlist = os.path.join(out, "index.m3u8")
    codecs = attribute(out, "CODECS")
    expected = {"h265": r"hvc1\.1\.6\.L\d+\.90,mp4a\.40\.2", "vp9": r"vp09\.00\.20\.08,opus"}[video]
    check(re.fullmatch(expected, codecs or ""), "CODECS are %s" % codecs)
    compare_frames(frame_sums(playlist, "0:v:0"), frame_sums(copy, "0:v:0"), "video", 0)
    if audio == "aac":  # as hls_test.py compares them
        compare_frames(frame_sums(playlist, "0:a:0"), frame_sums(copy, "0:a:0"), "audio", 4, priming=2, may_miss_at_end=1)
    else:
        compare_frames(packet_sums(playlist), packet_sums(copy), "audio", 4)
    if video != "h265":  # Chromium has no decoder of H.265
        play(program, out, "320x240", 6)


def captured(program, name, codec, codecs, frames, resolution, work):
    capture = os.path.join(CAPTURES, name)
    if not os.path.exists(capture):
        skip("no captures beside the project")
    # The second picture of the SVC stream comes four frames late: for the linter FRAME-RATE is without that.
    layers = "svc" in name
    out, statistics = package(program, work, "--capture", capture, lints=not layers)
    if not statistics:
        return
    check(re.fullmatch(codecs, attribute(out, "CODECS") or ""), "CODECS are %s" % attribute(out, "CODECS"))
    check(attribute(out, "RESOLUTION") == resolution, "RESOLUTION is %s" % attribute(out, "RESOLUTION"))
    received = {s["codec"]: s["frames"] for s in statistics["streams"]}
    made_of = statistics["segmenter"]
    early = made_of["frames_in"] - made_of["frames_out"]
    check(early <= 25, "all frames but %d of sound, before the first picture, are in segments: %s" % (early, received))
    playlist = os.path.join(out, "index.m3u8")
    check(received.get(codec) == frames, "%s pictures of %d came" % (received.get(codec), frames))
    # ffmpeg's own decoder of VP9 shows each spatial layer as a picture.
    decoded = len(frame_sums(playlist, "0:v:0", *(["-c:v", "libvpx-vp9"] if layers else [])))
    check(decoded == frames, "%d of %d pictures are decoded" % (decoded, frames))
    play(program, out, resolution, 4)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("what")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    if not shutil.which("ffmpeg") or not shutil.which("ffprobe"):
        skip("no ffmpeg here")
    work = tempfile.mkdtemp(prefix="mediacore-codecs-")
    try:
        if options.what == "capture-av1":
            captured(options.program, "chromium-av1-l1t3.pcap", "AV1", r"av01\.0\.\d\dM\.08,opus", 210, "640x360", work)
        elif options.what == "capture-vp9-svc":
            # The capture ends inside its 118th picture.
            captured(options.program, "chromium-vp9-svc-l3t3key.pcap", "VP9", r"vp09\.00\.31\.08,opus", 117, "1280x720", work)
        else:
            made_and_packaged(options.program, *options.what.split("-"), work)
    finally:
        if options.keep:
            print("kept in " + work)
        else:
            shutil.rmtree(work, ignore_errors=True)
    print("%d wrong" % len(hls_test.failures))
    return 1 if hls_test.failures else 0


if __name__ == "__main__":
    sys.exit(main())
