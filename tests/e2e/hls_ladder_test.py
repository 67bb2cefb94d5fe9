#!/usr/bin/env python3
"""mediacore hls with several variants, restarting sources, odd key frames and lost packets.

  hls_ladder_test.py PROGRAM ladder|restart|key-frames|loss|throttle

ladder      one ffmpeg sends three sizes and a sound: one multivariant playlist with aligned cuts, TS and fMP4
restart     ffmpeg ends and another begins, with other sizes: DISCONTINUITY, a new init section, the player goes on
key-frames  10 s between key frames, and key frames at every change of scene: no segment above the target duration
loss        a browser's stream with 3 % loss: every whole frame is there, as decoded elsewhere, and every loss is counted
throttle    --throttle follows the traces

Exits 77 (skipped), saying why, where what it needs is absent.
"""
import csv
import datetime
import itertools
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import hls_errors_test as packets  # noqa: E402
import hls_test as e2e  # noqa: E402
from hls_test import check, lint, probe, run, skip  # noqa: E402

TRACES = os.path.join(e2e.SHARED, "traces", "abr")
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline", "-pix_fmt", "yuv420p"]


def read(path):
    with open(path) as f:
        return f.read()


def lint_must(path, label):
    if not os.path.exists(e2e.LINTER):
        print("      no linter here: not linted")
        return
    lines = run(sys.executable, e2e.LINTER, path).stdout.strip().splitlines()
    summary = json.loads(lines[-1]) if lines else {}
    check(summary.get("must") == 0, "hls-lint %s: %s MUST; SHOULD: %s" % (
        label, summary.get("must"), " | ".join(l for l in lines[:-1] if l.startswith(("MUST", "SHOULD")))[:300] or "none"))


class Playlist:
    """A media playlist: its segments as (sequence number, start, duration, discontinuity, map)."""

    def __init__(self, path):
        self.text = read(path)
        self.target = int(re.search(r"#EXT-X-TARGETDURATION:(\d+)", self.text)[1])
        number = int(re.search(r"#EXT-X-MEDIA-SEQUENCE:(\d+)", self.text)[1])
        self.segments = []
        start, init, discontinuity, duration = None, None, False, 0.0
        for line in self.text.splitlines():
            if line.startswith("#EXT-X-PROGRAM-DATE-TIME:"):
                start = datetime.datetime.fromisoformat(line.split(":", 1)[1].replace("Z", "+00:00")).timestamp()
            elif line.startswith("#EXT-X-MAP:"):
                init = re.search(r'URI="([^"]+)"', line)[1]
            elif line == "#EXT-X-DISCONTINUITY":
                discontinuity = True
            elif line.startswith("#EXTINF:"):
                duration = float(line[8:].split(",")[0])
            elif line and line[0] != "#":
                self.segments.append((number, start, duration, discontinuity, init))
                number, start, discontinuity = number + 1, start + duration, False


def rtp_out(index, port, *more):
    return ["-map", index, *more, "-f", "rtp", "-payload_type"] + (["97"] if "a" in index else ["96"]) + [
        "rtp://127.0.0.1:%d?pkt_size=1200" % port]


def descriptions(work, command):
    """What ffmpeg says of each of its outputs, as (head, [media]); from a short run of its own."""
    path = os.path.join(work, "all.sdp")
    run(*command, "-sdp_file", path)
    head, *media = re.split(r"(?m)^(?=m=)", read(path).replace("\r", ""))
    return head, media


def ladder(program, work):
    sizes = ["640x360", "426x240", "256x144"]
    first, second = e2e.free_udp_ports()
    ports = [first, second, second + 40, second + 42]

    def source(seconds, pace):
        inputs = [*pace, "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30", *pace, "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"]
        out = []
        for i, size in enumerate(sizes):
            out += ["-t", str(seconds)] + rtp_out("0:v", ports[i], "-s", size, *H264, "-g", "60", "-keyint_min", "60", "-sc_threshold", "0",
                                                 "-b:v", "%dk" % [700, 350, 150][i])
        out += ["-t", str(seconds)] + rtp_out("1:a", ports[3], "-c:a", "aac", "-b:a", "96k", "-ac", "2")
        return ["ffmpeg", "-v", "error", "-y", *inputs, *out]

    head, media = descriptions(work, source(0.2, []))
    check(len(media) == 4, "ffmpeg describes four sessions")
    flags = []
    for i in range(3):
        path = os.path.join(work, "%d.sdp" % i)
        with open(path, "w") as f:
            f.write(head + media[i] + (media[3] if i == 0 else ""))
        flags += ["--sdp", path]
    recorded = os.path.join(work, "recorded.pcap")
    out = os.path.join(work, "ts")
    server, _ = e2e.start(program, *flags, "--out", out, "--segments", "ts", "--type", "event", "--json", "--record", recorded)
    sent = run(*source(13, ["-re"]))
    check(sent.returncode == 0, "ffmpeg sent 13 s " + sent.stderr.strip()[:200])
    time.sleep(0.5)
    server.send_signal(signal.SIGTERM)
    stdout, stderr = server.communicate(timeout=20)
    check(server.returncode == 0, "the live run ends with %d %s" % (server.returncode, stderr[-200:]))
    statistics = json.loads(stdout)
    check(sum(s["lost"] for s in statistics["streams"]) == 0, "nothing was lost")
    check(statistics["segmenter"]["unaligned_cuts"] == 0, "no cut is out of line")
    check_ladder(out, sizes, "TS, live")
    out = os.path.join(work, "fmp4")
    done = run(program, "hls", "--capture", recorded, *flags, "--out", out, "--segments", "fmp4", "--quiet")
    check(done.returncode == 0, "the recording is packaged as fMP4 " + done.stderr.strip()[-200:])
    check_ladder(out, sizes, "fMP4, from the recording")


def check_ladder(out, sizes, label):
    master = os.path.join(out, "index.m3u8")
    text = read(master)
    variants = re.findall(r"#EXT-X-STREAM-INF:([^\n]*)\n(\S+)", text)
    check(sorted(re.search(r"RESOLUTION=(\w+)", v[0])[1] for v in variants) == sorted(sizes),
          "%s: one variant of each size" % label)
    playlists = [Playlist(os.path.join(out, v[1])) for v in variants]
    numbers = set.intersection(*({s[0] for s in p.segments} for p in playlists)) if playlists else set()
    check(len(numbers) >= 3, "%s: %d segments in all variants" % (label, len(numbers)))
    apart = max((max(starts) - min(starts) for starts in
                 ([s[1] for p in playlists for s in p.segments if s[0] == n] for n in numbers)), default=9)
    check(apart < 0.1, "%s: segments of one number begin within %.3f s of each other" % (label, apart))
    lint(master, label)
    probe(master)


def restart(program, work):
    video, audio = e2e.free_udp_ports()

    def source(size, seconds, pace=("-re",)):
        return ["ffmpeg", "-v", "error", "-y", *pace, "-f", "lavfi", "-i", "testsrc2=size=%s:rate=30" % size,
                *pace, "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000",
                "-t", str(seconds), *rtp_out("0:v", video, *H264, "-g", "30", "-b:v", "500k"),
                "-t", str(seconds), *rtp_out("1:a", audio, "-c:a", "aac", "-b:a", "96k", "-ac", "2")]

    head, media = descriptions(work, source("640x360", 0.2, ()))
    sdp = os.path.join(work, "live.sdp")
    with open(sdp, "w") as f:
        f.write(head + "".join(media))
    out = os.path.join(work, "out")
    server, lines = e2e.start(program, "--sdp", sdp, "--out", out, "--serve", "127.0.0.1:0", "--type", "event",
                              "--target-duration", "2", "--json")
    url = next(l.split()[-1] for l in lines if l.startswith("serving at"))
    player = None
    first = subprocess.Popen(source("640x360", 9), stdout=subprocess.DEVNULL)
    modules = os.path.join(e2e.ROOT, "build", "node")
    if shutil.which("chromium") and os.path.exists(os.path.join(modules, "node_modules", "hls.js")):
        player = subprocess.Popen(["node", os.path.join(e2e.HERE, "play.mjs"), url, "--seconds", "17"], stdout=subprocess.PIPE, text=True)
    else:
        print("      no Chromium or no hls.js here: not played")
    first.wait()
    time.sleep(1)
    run(*source("320x180", 12))
    time.sleep(0.5)
    server.send_signal(signal.SIGTERM)
    if player:
        played = json.loads(player.communicate(timeout=90)[0].strip().splitlines()[-1])
        fatal = [e for e in played["errors"] if e.startswith(("fatal", "video"))]
        check(not fatal and played["played"] > 12, "hls.js plays on: %s" % {k: played.get(k) for k in (
            "played", "stalls", "stalledMs", "resolution", "errors", "problems")})
        check(played["resolution"] == "320x180", "the player shows the new size: %s" % played["resolution"])
    stdout, stderr = server.communicate(timeout=30)
    check(server.returncode == 0, "it ends with %d %s" % (server.returncode, stderr[-200:]))
    statistics = json.loads(stdout)
    check(all(s["source_changes"] >= 1 for s in statistics["streams"]), "both streams changed their source")
    playlist = Playlist(os.path.join(out, next(f for f in os.listdir(out) if f.endswith("video0.m3u8"))))
    breaks = [i for i, s in enumerate(playlist.segments) if s[3]]
    check(len(breaks) == 1, "one DISCONTINUITY, at %s of %d segments" % (breaks, len(playlist.segments)))
    if breaks:
        before, after = playlist.segments[breaks[0] - 1], playlist.segments[breaks[0]]
        check(before[4] != after[4], "a new init section: %s, then %s" % (before[4], after[4]))
        # A player takes the gap from the dates.
        check(-0.5 < after[1] - before[1] - before[2] < 4, "%.2f s of wall clock between them" % (after[1] - before[1] - before[2]))
    lint_must(os.path.join(out, "index.m3u8"), "after the restart")


def packetize(annex_b, per_second, path):
    """A capture of an H.264 file: single NAL units and FU-A, one picture each 1 / per_second s."""
    with open(annex_b, "rb") as f:
        nals = [n for n in re.split(b"\x00\x00\x00?\x01", f.read()) if n]
    pcap = packets.Pcap()
    sequence = picture = 0
    for nal in nals:
        is_slice = nal[0] & 0x1f in (1, 5)
        parts = [nal]
        if len(nal) > 1200:
            pieces = [nal[i:i + 1100] for i in range(1, len(nal), 1100)]
            parts = [bytes([nal[0] & 0xe0 | 28, nal[0] & 0x1f | (0x80 if i == 0 else 0) | (0x40 if i == len(pieces) - 1 else 0)]) + p
                     for i, p in enumerate(pieces)]
        for i, part in enumerate(parts):
            pcap.add(picture / per_second, packets.udp(packets.rtp(
                sequence, picture * 90000 // per_second, part, marker=is_slice and i == len(parts) - 1)))
            sequence += 1
        picture += is_slice
    with open(path, "wb") as f:
        f.write(pcap.data)
    return picture


def key_frames(program, work):
    cases = {
        "a key frame every 10 s": ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=45", "-force_key_frames", "expr:gte(t,n_forced*10)",
                                   "-g", "1000", "-keyint_min", "1000", "-sc_threshold", "0"],
        "key frames at changes of scene": ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=45,hue=h=360*floor(t/3.3)*floor(t/7.7),"
                                           "negate=enable='lt(mod(t,7.7),3.1)'", "-g", "250", "-keyint_min", "5", "-sc_threshold", "40"],
    }
    for label, flags in cases.items():
        name = re.sub(r"\W", "-", label)
        raw, pcap = os.path.join(work, name + ".h264"), os.path.join(work, name + ".pcap")
        made = run("ffmpeg", "-v", "error", "-y", *flags, "-slices", "1", "-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-pix_fmt", "yuv420p",
                   "-threads", "1", "-b:v", "300k", raw)
        check(made.returncode == 0, "ffmpeg encodes " + label + made.stderr[:200])
        pictures = packetize(raw, 25, pcap)
        for kind in ("event", "vod"):
            for segments in ("ts", "fmp4"):
                out = os.path.join(work, name, kind, segments)
                done = run(program, "hls", "--capture", pcap, "--out", out, "--type", kind, "--segments", segments, "--json", "--quiet")
                check(done.returncode == 0, "%s, %s, %s: packaged %s" % (label, kind, segments, done.stderr[-200:]))
                statistics = json.loads(done.stdout)
                check(statistics["segmenter"]["frames_out"] == pictures, "all %d pictures" % pictures)
                playlist = Playlist(os.path.join(out, "video0.m3u8"))
                longest = max(s[2] for s in playlist.segments)
                check(round(longest) <= playlist.target, "the longest of %d segments has %.2f s, the target is %d s" % (
                    len(playlist.segments), longest, playlist.target))
                # In an EVENT playlist the target is fixed before a late key frame is
                # known of: then a segment begins without one, which is a SHOULD NOT.
                (lint_must if kind == "event" else lint)(os.path.join(out, "index.m3u8"), label)
                if kind == "event":
                    probe(os.path.join(out, "index.m3u8"))


def payloads(path, payload_type):
    """The RTP packets of one payload type of a capture, in order of their numbers."""
    with open(path, "rb") as f:
        data = f.read()
    skip_link = {1: 14, 101: 0, 113: 16, 276: 20}[struct.unpack_from("<I", data, 20)[0]]
    at, found = 24, {}
    while at < len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        ip = data[at + 16 + skip_link:at + 16 + size]
        at += 16 + size
        packet = ip[(ip[0] & 15) * 4 + 8:]
        if packet[0] >> 6 == 2 and packet[1] & 0x7f == payload_type:
            number, timestamp = struct.unpack_from("!HI", packet, 2)
            begin = 12 + 4 * (packet[0] & 15)
            if packet[0] & 0x10:
                begin += 4 + 4 * struct.unpack_from("!H", packet, begin + 2)[0]
            end = len(packet) - (packet[-1] if packet[0] & 0x20 else 0)
            found.setdefault(number, (timestamp, packet[1] >> 7, packet[begin:end]))
    first = next(iter(found))
    return sorted(((number - first) & 0xffff, *rest) for number, rest in found.items())


def depacketize(frame):
    """Annex B of one frame's payloads (RFC 6184), written for this test alone."""
    out = b""
    for payload in frame:
        kind = payload[0] & 0x1f
        if kind == 24:
            at = 1
            while at < len(payload):
                size = struct.unpack_from("!H", payload, at)[0]
                out += b"\0\0\0\1" + payload[at + 2:at + 2 + size]
                at += 2 + size
        elif kind == 28:
            if payload[1] & 0x80:
                out += b"\0\0\0\1" + bytes([payload[0] & 0xe0 | payload[1] & 0x1f])
            out += payload[2:]
        else:
            out += b"\0\0\0\1" + payload
    return out


def begins_picture(payload):
    """Parameter sets, or the first slice of a picture: first_mb_in_slice is 0 (ISO 14496-10, 7.3.3)."""
    kind = payload[0] & 0x1f
    if kind == 28:
        return bool(payload[1] & 0x80) and bool(payload[2] & 0x80)
    return kind not in (1, 5) or bool(payload[1] & 0x80)


def loss(program, work):
    capture = os.path.join(e2e.SHARED, "captures", "chromium-h264-loss3.receiver.pcap")
    if not os.path.exists(capture):
        skip("no captures beside the project")
    out = os.path.join(work, "out")
    done = run(program, "hls", "--capture", capture, "--out", out, "--json", "--quiet")
    check(done.returncode == 0, "the capture is packaged")
    streams = {s["codec"]: s for s in json.loads(done.stdout)["streams"]}
    video, audio = streams["H264"], streams["opus"]
    check((video["packets"], video["lost"], video["duplicates"]) == (614, 28, 0), "video: 614 packets, 28 lost, as the capture's page says")
    check((audio["packets"], audio["lost"], audio["frames"]) == (291, 9, 291), "audio: 291 packets, 9 lost")
    # Which frames are whole, seen without the program: no number is missing from
    # the packet in which a picture begins to the one with the marker.
    whole, damaged = [], 0
    for _, group in itertools.groupby(payloads(capture, 102), key=lambda p: p[1]):
        group = list(group)
        numbers = [p[0] for p in group]
        if begins_picture(group[0][3]) and numbers == list(range(numbers[0], numbers[0] + len(group))) and group[-1][2]:
            whole.append(depacketize([p[3] for p in group]))
        else:
            damaged += 1
    check(len(whole) + damaged == 178 and len(whole) == video["frames"], "178 frames, of which %d are whole" % len(whole))
    check(video["frames"] + video["dropped_incomplete"] == 178, "all 178 are accounted for: %d whole, %d not" % (
        video["frames"], video["dropped_incomplete"]))
    lint(os.path.join(out, "index.m3u8"), "of the capture")
    probe(os.path.join(out, "index.m3u8"))
    # Bytes of frames: each whole frame is in what was packaged, and in order.
    raw = os.path.join(work, "packaged.h264")
    made = run("ffmpeg", "-v", "error", "-i", os.path.join(out, "index.m3u8"), "-map", "0:v", "-c", "copy", "-bsf:v", "h264_mp4toannexb",
               "-f", "h264", raw)
    check(made.returncode == 0, "ffmpeg reads the packaged video " + made.stderr[:200])
    with open(raw, "rb") as f:
        packaged = re.split(b"\x00\x00\x00?\x01", f.read())
    # Slices alone: parameter sets move into the init section.
    slices = [n for n in packaged if n and n[0] & 0x1f in (1, 5)]
    wanted = [n for frame in whole for n in re.split(b"\x00\x00\x00?\x01", frame) if n and n[0] & 0x1f in (1, 5)]
    rest = iter(slices)
    missing = [n for n in wanted if not any(n.rstrip(b"\0") == s.rstrip(b"\0") for s in rest)]
    check(not missing, "all %d slices of whole frames are packaged, byte for byte; %d slices in all" % (len(wanted), len(slices)))
    # And they decode alike: the same frames, put into a file by this test.
    mine = os.path.join(work, "mine.h264")
    with open(mine, "wb") as f:
        f.write(b"".join(whole))
    ours = e2e.frame_sums(os.path.join(out, "index.m3u8"), "0:v:0")
    check(len(ours) == len(whole) and ours == e2e.frame_sums(mine, "0:v:0"), "%d decoded frames equal ffmpeg's from the same packets" % len(ours))


def throttle(program, work):
    if not os.path.isdir(TRACES):
        skip("no traces beside the project")
    served = os.path.join(work, "served")
    os.makedirs(served)
    with open(os.path.join(served, "big.ts"), "wb") as f:
        f.write(os.urandom(1 << 20) * 16)
    for trace in ("syn-const3500.csv", "syn-saw.csv", "lll-spike.csv", "4g-00.csv"):
        path = os.path.join(TRACES, trace)
        with open(path) as f:
            intervals = [(float(r["duration_ms"]) / 1000, float(r["throughput_bps"])) for r in csv.DictReader(f)]
        server = subprocess.Popen([program, "serve", served, "--serve", "127.0.0.1:0", "--quiet", "--throttle", path], stdout=subprocess.PIPE, text=True)
        try:
            url = re.search(r"http://\S+", server.stdout.readline())[0]
            began = time.monotonic()
            got = 0
            with urllib.request.urlopen(url + "big.ts", timeout=20) as response:
                while time.monotonic() - began < 6:
                    got += len(response.read1(1 << 14))
            took = time.monotonic() - began
        finally:
            server.terminate()
            server.wait()
        wanted, left = 0.0, took
        for seconds, rate in itertools.cycle(intervals):
            step = min(seconds, left)
            wanted += step * rate / 8
            left -= step
            if left <= 0:
                break
        check(abs(got / wanted - 1) < 0.15, "%s: %.0f kbit/s in %.1f s, the trace has %.0f" % (
            trace, got * 8 / took / 1000, took, wanted * 8 / took / 1000))


def main():
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    what = sys.argv[1]
    if what != "throttle" and not (shutil.which("ffmpeg") and shutil.which("ffprobe")):
        skip("no ffmpeg here")
    work = tempfile.mkdtemp(prefix="mediacore-ladder-")
    try:
        {"ladder": ladder, "restart": restart, "key-frames": key_frames, "loss": loss, "throttle": throttle}[what](packets.PROGRAM, work)
    finally:
        if "--keep" in sys.argv:
            print("kept in " + work)
        else:
            shutil.rmtree(work, ignore_errors=True)
    print("%d wrong" % len(e2e.failures))
    return 1 if e2e.failures else 0


if __name__ == "__main__":
    sys.exit(main())
