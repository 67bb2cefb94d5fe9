#!/usr/bin/env python3
"""What bad input gets from mediacore hls: a sentence, an exit code, a counter; and
nothing already written is lost.

  hls_errors_test.py PROGRAM

Captures are made here, so that each fault is where the test says. Needs nothing but Python;
what needs captures, root or ffmpeg says that it is skipped.
"""
import base64
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
import time
import unittest

PROGRAM = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "mediacore"
HERE = os.path.dirname(os.path.abspath(__file__))
CAPTURES = os.path.join(HERE, "..", "..", "..", "shared", "captures")

# 640x360 constrained baseline, as x264 writes them.
SPS = base64.b64decode("Z0LAHtkAoC/5cBEAAAMAAQAAAwAyjxYuSA==")
PPS = base64.b64decode("aMuDyyA=")


def rtp(sequence, timestamp, payload, payload_type=96, ssrc=0x1234, marker=False, extension=b""):
    first = 0x90 if extension else 0x80
    return struct.pack("!BBHII", first, payload_type | marker << 7, sequence & 0xffff, timestamp & 0xffffffff,
                       ssrc) + extension + payload


def udp(payload, port=5004, to="127.0.0.1", length=None):
    length = 8 + len(payload) if length is None else length
    total = 28 + len(payload)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, total, 0, 0, 64, 17, 0, socket.inet_aton("10.0.0.1"), socket.inet_aton(to))
    return ip + struct.pack("!HHHH", 40000, port, length, 0) + payload


class Pcap:
    """A capture of bare IP packets (link type 101)."""

    def __init__(self):
        self.data = bytearray(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))

    def add(self, seconds, packet, length=None):
        """Returns where the packet's bytes begin."""
        length = len(packet) if length is None else length
        micros = round(seconds * 1e6)
        self.data += struct.pack("<IIII", 1700000000 + micros // 1000000, micros % 1000000, length, len(packet))
        self.data += packet
        return len(self.data) - len(packet)


def pictures(seconds, per_second=25, key_every=25, ssrc=0x1234):
    """RTP packets of H.264: a second's first picture is a key frame. (time, packet)"""
    out = []
    sequence = 100
    for n in range(int(seconds * per_second)):
        key = n % key_every == 0
        nals = [SPS, PPS, b"\x65\x88" + bytes([n % 251 + 1]) * 300] if key else [b"\x41\x9a" + bytes([n % 251 + 1]) * 120]
        for i, nal in enumerate(nals):
            out.append((n / per_second, rtp(sequence, n * 90000 // per_second, nal, ssrc=ssrc, marker=i == len(nals) - 1)))
            sequence += 1
    return out


SDP = """v=0
o=- 0 0 IN IP4 127.0.0.1
s=test
c=IN IP4 127.0.0.1
t=0 0
m=video 5004 RTP/AVP 96
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1
"""


def free_port():
    """An even port whose odd neighbour is free too."""
    for _ in range(100):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            if port % 2 == 0:
                try:
                    two.bind(("127.0.0.1", port + 1))
                    return port
                except OSError:
                    pass
    raise OSError("no free UDP ports")


class Result:
    def __init__(self, code, out, err):
        self.code, self.err = code, err
        self.json = json.loads(out) if out.strip() else None


class HlsErrors(unittest.TestCase):
    def setUp(self):
        self.work = tempfile.mkdtemp(prefix="mediacore-errors-")
        self.out = os.path.join(self.work, "out")
        self.mounts = []
        self.running = []

    def tearDown(self):
        for process in self.running:
            if process.poll() is None:
                process.kill()
            process.communicate()
        for place in self.mounts:
            subprocess.run(["umount", "-l", place], capture_output=True)
        shutil.rmtree(self.work, ignore_errors=True)

    def file(self, name, content):
        path = os.path.join(self.work, name)
        with open(path, "wb") as f:
            f.write(content.encode() if isinstance(content, str) else bytes(content))
        return path

    def hls(self, *arguments, out=None, quiet=True):
        done = subprocess.run([PROGRAM, "hls", *arguments, "--json", *(["--quiet"] if quiet else []),
                               "--out", out or self.out], capture_output=True, text=True, timeout=30)
        self.assertGreaterEqual(done.returncode, 0, "it died of a signal: " + done.stderr)
        self.assertNotIn("terminate called", done.stderr)
        return Result(done.returncode, done.stdout, done.stderr)

    def refused(self, code, sentence, *arguments, **more):
        """It ends with this code and one line that matches, and leaves no playlist."""
        result = self.hls(*arguments, **more)
        self.assertRegex(result.err, sentence)
        self.assertEqual(result.code, code, result.err)
        self.assertFalse(os.path.exists(os.path.join(more.get("out") or self.out, "index.m3u8")))
        return result

    def check_whole(self, out=None, ended=True):
        """Every name in every playlist is a file, whole; nothing hidden is left over."""
        out = out or self.out
        names = os.listdir(out)
        self.assertFalse([n for n in names if n.startswith(".")], "a hidden file is left over")
        playlists = [n for n in names if n.endswith(".m3u8")]
        segments = 0
        for playlist in playlists:
            with open(os.path.join(out, playlist)) as f:
                text = f.read()
            self.assertTrue(text.startswith("#EXTM3U\n") and text.endswith("\n"), playlist + " is cut off")
            if "#EXTINF" in text and ended:
                self.assertIn("#EXT-X-ENDLIST", text)
            uris = re.findall(r'URI="([^"]+)"', text) + [l for l in text.splitlines() if l and l[0] != "#"]
            for uri in uris:
                path = os.path.join(out, uri)
                self.assertTrue(os.path.exists(path), "%s names %s, which is not there" % (playlist, uri))
                if uri.endswith((".m4s", ".mp4")):
                    self.check_boxes(path)
                    segments += uri.endswith(".m4s")
        return segments

    def check_boxes(self, path):
        with open(path, "rb") as f:
            data = f.read()
        at = 0
        while at < len(data):
            self.assertLessEqual(at + 8, len(data), path)
            at += struct.unpack_from("!I", data, at)[0]
        self.assertEqual(at, len(data), path + " is cut off")

    def capture(self, seconds=6):
        pcap = Pcap()
        for when, packet in pictures(seconds):
            pcap.add(when, udp(packet))
        return pcap

    def live_sdp(self, port):
        return self.file("live.sdp", SDP.replace("5004", str(port)))

    def start(self, *arguments):
        """A live run that is listening, and what it said until then."""
        process = subprocess.Popen([PROGRAM, "hls", *arguments, "--json"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.running.append(process)
        for line in process.stderr:
            if line.startswith("listening"):
                break
        return process

    def send(self, port, packets, speed=20.0):
        began = time.monotonic()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            for when, packet in packets:
                time.sleep(max(0, when / speed - (time.monotonic() - began)))
                s.sendto(packet, ("127.0.0.1", port))

    def finish(self, process, timeout=20):
        out, err = process.communicate(timeout=timeout)
        self.assertGreaterEqual(process.returncode, 0, "it died of a signal: " + err)
        return Result(process.returncode, out, err)

    # ---- Captures -------------------------------------------------------------

    def test_a_good_capture_is_packaged(self):
        result = self.hls("--capture", self.file("a.pcap", self.capture().data))
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.json["streams"][0]["frames"], 150)
        self.assertGreaterEqual(self.check_whole(), 1)

    def test_a_capture_cut_short_is_packaged_up_to_there(self):
        data = self.capture().data
        result = self.hls("--capture", self.file("a.pcap", data[:len(data) // 2 + 3]))
        self.assertEqual(result.code, 0)
        match = re.search(r"a.pcap: capture: truncated at byte (\d+); what stood before was packaged", result.err)
        self.assertTrue(match, result.err)
        self.assertLessEqual(abs(int(match[1]) - len(data) // 2), 500)
        self.assertEqual(result.json["capture_error"], {"cause": "capture: truncated", "offset": int(match[1])})
        self.assertGreater(result.json["streams"][0]["frames"], 50)
        self.check_whole()

    def test_a_record_longer_than_any_packet_ends_the_capture_there(self):
        pcap = self.capture()
        at = len(pcap.data)
        pcap.add(6, b"x" * 40, length=0x7fffffff)
        result = self.hls("--capture", self.file("a.pcap", pcap.data))
        self.assertEqual(result.code, 0)
        self.assertIn("capture: record too long at byte %d; what stood before" % at, result.err)
        self.assertEqual(result.json["capture_error"]["offset"], at)
        self.assertEqual(result.json["streams"][0]["frames"], 150)
        self.check_whole()

    def test_lying_lengths_inside_are_counted_and_the_stream_goes_on(self):
        pcap = Pcap()
        packets = pictures(6)
        for i, (when, packet) in enumerate(packets):
            if i == 40:
                long_udp = pcap.add(when, udp(b"\x80" * 30, length=5000))
                pcap.add(when, udp(b"\x80" * 30, length=3))
                rtp_at = pcap.add(when, udp(rtp(7, 7, b"", extension=struct.pack("!HH", 0xbede, 65535))))
                pcap.add(when, udp(rtp(7, 7, b"")[:9]))
                pcap.add(when, b"\x45\x00")
            pcap.add(when, udp(packet))
        result = self.hls("--capture", self.file("a.pcap", pcap.data))
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("1 packets left out, datagram: UDP truncated; the first at byte %d" % long_udp, result.err)
        self.assertIn("1 packets left out, rtp: extension truncated; the first at byte %d" % rtp_at, result.err)
        self.assertEqual(result.json["not_datagrams"], {"datagram: UDP truncated": 1, "datagram: bad UDP length": 1,
                                                        "datagram: IP header too short": 1})
        self.assertEqual(result.json["malformed_rtp"]["rtp: extension truncated"], 1)
        self.assertEqual(result.json["streams"][0]["frames"], 150)
        self.assertEqual(result.json["streams"][0]["lost"], 0)
        self.check_whole()

    def test_what_is_no_capture_is_refused_with_the_reason(self):
        self.refused(1, r"text: capture: not a capture file at byte 0", "--capture", self.file("text", "not a capture, only text\n" * 9))
        self.refused(1, r"empty: capture: truncated at byte 0", "--capture", self.file("empty", b""))
        self.refused(1, r"head: capture: truncated at byte 0", "--capture", self.file("head", Pcap().data[:20]))
        self.refused(1, r"only: no RTP packets in it", "--capture", self.file("only", Pcap().data))
        self.refused(1, r"cannot read .*nowhere: No such file", "--capture", os.path.join(self.work, "nowhere"))
        self.refused(1, r"cannot read .*: Is a directory", "--capture", self.work)

    def test_a_capture_without_rtp_says_so(self):
        pcap = Pcap()
        for n in range(20):
            pcap.add(n, udp(b"GET / HTTP/1.1 %d" % n))
        self.refused(1, r"no RTP packets in it", "--capture", self.file("a.pcap", pcap.data))
        pcap = self.capture()
        self.refused(1, r"no RTP packets in it that go to port 9", "--port", "9", "--capture", self.file("b.pcap", pcap.data))

    def test_streams_of_other_codecs_are_named_and_the_way_out_is_said(self):
        pcap = Pcap()
        for n in range(60):
            pcap.add(n / 30, udp(rtp(n, n * 3000, bytes([0x10, n & 1]) + bytes(range(n, n + 90)), payload_type=98, marker=True)))
        path = self.file("a.pcap", pcap.data)
        self.refused(1, r"payload type 98, to port 5004, 60 packets: not recognised by its payloads.*H264, H265, VP9, AV1, AAC and opus are supported.*--sdp.*--pt 96=H264", "--capture", path)
        self.refused(1, r"payload type 98.* VP8 is not supported", "--capture", path, "--pt", "98=VP8")
        vp8 = self.file("vp8.sdp", SDP.replace("96", "98").replace("H264", "VP8"))
        self.refused(1, r"m=video 5004: VP8 is not supported, left out; H264, H265, VP9, AV1, AAC and opus are", "--capture", path, "--sdp", vp8)

    def test_a_real_capture_of_vp8_without_sound_is_refused(self):
        path = os.path.join(CAPTURES, "chromium-vp8-bottleneck.sender.pcap")
        if not os.path.exists(path):
            self.skipTest("no captures beside the project")
        self.refused(1, r"SSRC 3acd3efb, payload type 96.* VP8 is not supported", "--capture", path, "--ssrc", "3acd3efb")

    def test_a_description_that_names_another_payload_type_says_what_is_there(self):
        sdp = self.file("a.sdp", SDP.replace("96", "97"))
        result = self.hls("--capture", self.file("a.pcap", self.capture().data), "--sdp", sdp)
        self.assertEqual(result.code, 1)
        self.assertRegex(result.err, r"162 packets are of no stream of the session description, the first with payload type 96 to port 5004")
        self.assertIn("nothing was packaged", result.err)
        self.assertEqual(result.json["other_packets"], 162)

    # ---- One stream at several places -----------------------------------------

    def two_hops(self, late_start=False):
        """Before a relay at 10.0.0.2, behind it at 10.0.0.3, on the same port; the relay loses every tenth packet."""
        records = []
        for i, (when, packet) in enumerate(pictures(6)):
            if not (late_start and i < 2):
                records.append((when, udp(packet, to="10.0.0.2")))
            if i % 10 != 7:
                records.append((when + 0.015, udp(packet, to="10.0.0.3")))
        pcap = Pcap()
        for when, packet in sorted(records, key=lambda r: r[0]):
            pcap.add(when, packet)
        return pcap.data

    def test_one_stream_seen_at_two_places_is_taken_from_the_last(self):
        for late in (False, True):
            result = self.hls("--capture", self.file("a.pcap", self.two_hops(late)))
            self.assertEqual(result.code, 0, result.err)
            self.assertIn("the same stream is seen further on, left out", result.err)
            stream, = result.json["streams"]
            self.assertEqual(stream["duplicates"], 0)
            self.assertEqual(stream["packets"], 146)
            self.assertEqual(stream["lost"], 16)
            self.assertEqual(result.json["other_packets"], 160 if late else 162)

    def test_port_takes_an_earlier_place(self):
        pcap = Pcap()
        for i, (when, packet) in enumerate(pictures(6)):
            pcap.add(when, udp(packet, port=5100))
            if i % 10 != 7:
                pcap.add(when + 0.001, udp(packet, port=5004))
        path = self.file("a.pcap", pcap.data)
        self.assertEqual(self.hls("--capture", path).json["streams"][0]["lost"], 16)
        result = self.hls("--capture", path, "--port", "5100")
        self.assertEqual((result.json["streams"][0]["lost"], result.json["streams"][0]["packets"]), (0, 162))

    def test_ssrc_and_pt_choose_and_override(self):
        pcap = Pcap()
        both = [(w, udp(p)) for w, p in pictures(6)] + [(w + 0.001, udp(p, port=5006)) for w, p in pictures(4, ssrc=0xabcd)]
        for when, packet in sorted(both, key=lambda r: r[0]):
            pcap.add(when, packet)
        path = self.file("a.pcap", pcap.data)
        result = self.hls("--capture", path)
        self.assertEqual([s["ssrc"] for s in result.json["streams"]], [0x1234])
        self.assertIn("SSRC 0000abcd, payload type 96, to port 5006, 108 packets: another H264 stream, left out", result.err)
        result = self.hls("--capture", path, "--ssrc", "abcd")
        self.assertEqual([(s["ssrc"], s["frames"]) for s in result.json["streams"]], [(0xabcd, 100)])
        few = Pcap()  # too few to recognise
        for when, packet in pictures(0.04):
            few.add(when, udp(packet))
        path = self.file("few.pcap", few.data)
        self.refused(1, "not recognised by its payloads", "--capture", path, out=os.path.join(self.work, "few"))
        result = self.hls("--capture", path, "--pt", "96=H264")
        self.assertEqual((result.code, result.json["streams"][0]["frames"]), (0, 1), result.err)

    def test_the_places_of_a_real_relay_are_told_apart(self):
        path = os.path.join(CAPTURES, "gstreamer-vp8-opus-loss3.pcap")
        if not os.path.exists(path):
            self.skipTest("no captures beside the project")
        result = self.hls("--capture", path)
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("SSRC c5750326, payload type 96, to port 5100, 313 packets: the same stream is seen further on", result.err)
        self.assertIn("SSRC c5750326, payload type 96, to port 5004, 301 packets: VP8 is not supported", result.err)
        self.assertEqual([(s["ssrc"], s["packets"], s["lost"]) for s in result.json["streams"]], [(0x22fd9e66, 501, 0)])

    # ---- Session descriptions -------------------------------------------------

    def test_a_description_with_missing_lines_names_line_and_byte(self):
        self.refused(1, r"a.sdp: sdp: missing .* at line \d+, byte \d+", "--sdp", self.file("a.sdp", SDP.replace("v=0\n", "")))
        self.refused(1, r"a.sdp: sdp: .* at line \d+, byte \d+", "--sdp", self.file("a.sdp", SDP.replace("t=0 0\n", "")))
        self.refused(1, r"a.sdp: sdp: .* at line 6, byte \d+", "--sdp", self.file("a.sdp", SDP.replace("m=video 5004", "m=video")))
        self.refused(1, r"a.sdp: sdp: .* at line 1, byte 0", "--sdp", self.file("a.sdp", "<html>"))
        self.refused(1, r"a.sdp.*(address|c=)", "--sdp", self.file("a.sdp", SDP.replace("c=IN IP4 127.0.0.1\n", "")))
        self.refused(1, r"a.sdp: no stream in it", "--sdp", self.file("a.sdp", SDP[:SDP.index("m=")]))

    def test_a_description_with_nothing_to_package_says_why(self):
        self.refused(1, r"VP8 is not supported, left out; H264, H265, VP9, AV1, AAC and opus are", "--sdp", self.file("a.sdp", SDP.replace("H264", "VP8")))
        self.refused(1, r"port 0", "--sdp", self.file("a.sdp", SDP.replace("5004", "0")))
        self.refused(1, r"packetization-mode 2 \(interleaved\) is not supported", "--sdp",
                     self.file("a.sdp", SDP.replace("mode=1", "mode=2")))
        self.refused(1, r"no a=rtpmap explains", "--sdp", self.file("a.sdp", SDP.replace("a=rtpmap:96 H264/90000\n", "")))
        aac = SDP[:SDP.index("m=")] + "m=audio 5004 RTP/AVP 97\na=rtpmap:97 MPEG4-GENERIC/48000/2\na=fmtp:97 %s\n"
        self.refused(1, r"AAC has no config=", "--sdp", self.file("a.sdp", aac % "mode=AAC-hbr;sizelength=13"))
        self.refused(1, r"config= of AAC: ", "--sdp", self.file("a.sdp", aac % "mode=AAC-hbr;config=ff"))
        self.refused(1, r"mode=AAC-lbr; only AAC-hbr", "--sdp", self.file("a.sdp", aac % "mode=AAC-lbr;config=1190"))
        self.refused(1, r"cannot read", "--sdp", os.path.join(self.work, "no.sdp"))
        h265 = SDP.replace("H264", "H265").replace("packetization-mode=1", "%s")
        self.refused(1, r"tx-mode=MRST is not supported: .*SRST", "--sdp", self.file("a.sdp", h265 % "tx-mode=MRST"))
        self.refused(1, r"sprop-max-don-diff above 0 \(interleaved\) is not supported", "--sdp", self.file("a.sdp", h265 % "sprop-max-don-diff=1"))
        self.refused(1, r"sprop-max-don-diff=x in a=fmtp, allowed: 0 to 32767", "--sdp", self.file("a.sdp", h265 % "sprop-max-don-diff=x"))
        for codec in ("H265", "VP9", "AV1"):
            self.refused(1, r"is %s, but MPEG-TS segments hold H264 and AAC only: use fMP4 segments" % codec, "--segments", "ts",
                         "--sdp", self.file("a.sdp", SDP.replace("H264", codec)))
        opus = SDP[:SDP.index("m=")] + "m=audio 5004 RTP/AVP 97\na=rtpmap:97 opus/48000/2\n"
        self.refused(1, r"(?i)opus.*fMP4", "--segments", "ts", "--sdp", self.file("a.sdp", opus))

    def test_numbers_of_a_description_are_read_within_their_range(self):
        aac = SDP[:SDP.index("m=")] + "m=audio 5004 RTP/AVP 97\na=rtpmap:97 MPEG4-GENERIC/48000/2\na=fmtp:97 mode=AAC-hbr;config=1190;%s\n"
        for bad in ("sizelength=abc", "sizelength=-5", "sizelength=99999999999", "indexlength=33"):
            self.refused(1, re.escape(bad) + r" in a=fmtp, allowed: \d+ to 32", "--sdp", self.file("a.sdp", aac % bad))

    def test_latm_is_left_out_by_name_and_the_picture_is_packaged(self):
        sdp = SDP + "m=audio 5010 RTP/AVP 97\na=rtpmap:97 MP4A-LATM/48000/2\na=fmtp:97 config=40002310\n"
        result = self.hls("--capture", self.file("a.pcap", self.capture().data), "--sdp", self.file("a.sdp", sdp))
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("MP4A-LATM is not supported, left out", result.err)
        self.assertEqual(len(result.json["streams"]), 1)

    def test_a_stream_that_begins_late_is_found(self):
        pcap = Pcap()
        sound = [(840 + n * 0.02, rtp(n, n * 960, b"\xfc" + bytes(40), 97, 0x9999)) for n in range(200)]
        for when, packet in pictures(840) + sound:
            pcap.add(when, udp(packet, 5004 if packet[1] & 0x7f == 96 else 5006))
        result = self.hls("--capture", self.file("a.pcap", pcap.data))
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual([s["codec"] for s in result.json["streams"]], ["H264", "opus"])
        self.assertEqual(result.json["streams"][1]["frames"], 200)

    def test_with_a_description_too_one_stream_at_two_addresses_is_taken_from_the_last(self):
        pcap = Pcap()
        for when, packet in pictures(6):
            pcap.add(when, udp(packet, to="10.0.0.2"))
            pcap.add(when + 0.001, udp(packet, to="10.0.0.3"))
        result = self.hls("--capture", self.file("a.pcap", pcap.data), "--sdp", self.file("a.sdp", SDP))
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("the same stream is seen further on, left out", result.err)
        self.assertEqual(result.json["streams"][0]["duplicates"], 0)
        self.assertEqual(result.json["streams"][0]["frames"], 150)

    def test_payloads_that_are_refused_are_told_by_cause_and_place(self):
        pcap = Pcap()
        for n, (when, packet) in enumerate(pictures(6)):
            pcap.add(when, udp(packet[:12] + b"\x19" + packet[13:] if n == 50 else packet))
        result = self.hls("--capture", self.file("a.pcap", pcap.data), "--sdp", self.file("a.sdp", SDP))
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("1 packets left out, h264 payload: STAP-B is not supported", result.err)
        self.assertRegex(result.err, r"at or shortly before byte \d+")
        self.assertEqual(result.json["streams"][0]["payload_error_causes"], {"h264 payload: STAP-B is not supported": 1})

    def test_streams_that_share_a_port_are_told_apart_by_their_payload_type(self):
        port = free_port()
        sdp = (SDP + "a=rtcp-mux\nm=audio 5004 RTP/AVP 97\na=rtpmap:97 opus/48000/2\na=rtcp-mux\n").replace("5004", str(port))
        process = self.start("--sdp", self.file("a.sdp", sdp), "--out", self.out, "--idle-exit", "2")
        sound = [(n * 0.02, rtp(n, n * 960, b"\xfc" + bytes(40), 97, 0x9999)) for n in range(300)]
        self.send(port, sorted(pictures(6) + sound, key=lambda p: p[0]))
        result = self.finish(process)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual([s["frames"] for s in result.json["streams"]], [150, 300])
        same = self.file("b.sdp", SDP.replace("5004", str(port)))
        self.refused(1, r"payload type 96 on port %d: they cannot be told apart" % port, "--sdp", same, "--sdp", same,
                     out=os.path.join(self.work, "other"))

    def test_sigterm_while_a_capture_is_packaged_ends_its_playlist(self):
        process = subprocess.Popen([PROGRAM, "hls", "--capture", self.file("a.pcap", self.capture(2000).data), "--out",
                                    self.out, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.running.append(process)
        limit = time.monotonic() + 20
        while time.monotonic() < limit and not (os.path.exists(self.out) and any(n.endswith(".m4s") for n in os.listdir(self.out))):
            time.sleep(0.001)
        process.terminate()
        result = self.finish(process)
        self.assertEqual(result.code, 0, result.err)
        self.assertGreaterEqual(self.check_whole(), 1)

    def test_memory_for_serving_has_a_limit(self):
        big = Pcap()
        for n in range(3000):
            key = n % 25 == 0
            nals = [SPS, PPS, b"\x65\x88" + bytes([7]) * 6000] if key else [b"\x41\x9a" + bytes([7]) * 6000]
            for i, nal in enumerate(nals):
                big.add(n / 25, udp(rtp(n + 2 * (n // 25 + (1 if not key else 0)) + (i if key else 0), n * 3600, nal, marker=i == len(nals) - 1)))
        result = self.hls("--capture", self.file("a.pcap", big.data), "--serve", "127.0.0.1:0", "--max-memory", "10")
        self.assertEqual(result.code, 4, result.err)
        self.assertIn("--max-memory", result.err)

    # ---- The command line -----------------------------------------------------

    def test_bad_flags_end_with_2(self):
        capture = self.file("a.pcap", self.capture(1).data)
        for sentence, arguments in [
                (r"no input: give --sdp FILE \(live\) or --capture FILE", []),
                (r"--segments", ["--capture", capture, "--segments", "avi"]),
                (r"--type", ["--capture", capture, "--type", "tape"]),
                (r"--profile", ["--capture", capture, "--profile", "x"]),
                (r"--port", ["--capture", capture, "--port", "65536"]),
                (r"--window", ["--capture", capture, "--window", "1"]),
                (r"--target-duration", ["--capture", capture, "--target-duration", "0"]),
                (r"--pt 96=VP7: expected NUMBER=CODEC", ["--capture", capture, "--pt", "96=VP7"]),
                (r"--pt 128=H264: expected NUMBER", ["--capture", capture, "--pt", "128=H264"]),
                (r"--ssrc xyz: expected hexadecimal", ["--capture", capture, "--ssrc", "xyz"]),
                (r"--ssrc 112345678: expected hexadecimal", ["--capture", capture, "--ssrc", "112345678"]),
                (r"--serve.* is not ADDRESS:PORT", ["--capture", capture, "--serve", "here"]),
                (r"--pt, --port and --ssrc are for --capture without --sdp", ["--sdp", self.live_sdp(5004), "--port", "5004"]),
                (r"--record is for live streams", ["--capture", capture, "--record", os.path.join(self.work, "r.pcap")]),
                (r"--throttle is for --serve", ["--capture", capture, "--throttle", capture]),
                (r"--nonsense", ["--capture", capture, "--nonsense"])]:
            self.refused(2, sentence, *arguments)
        done = subprocess.run([PROGRAM, "hls", "--capture", capture], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("nowhere to put the output: give --out DIR, --serve ADDR or both", done.stderr)

    # ---- Ports ----------------------------------------------------------------

    def test_ports_in_use_end_with_3(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
            self.refused(3, r"cannot listen for RTP on UDP 127.0.0.1 port %d: Address already in use" % port,
                         "--sdp", self.live_sdp(port))
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            s.listen()
            port = s.getsockname()[1]
            self.refused(3, r"cannot listen on 127.0.0.1 port %d: another program already does" % port,
                         "--sdp", self.live_sdp(free_port()), "--serve", "127.0.0.1:%d" % port)

    # ---- Live -----------------------------------------------------------------

    def test_silence_is_said_and_ends_with_1_when_asked_to(self):
        port = free_port()
        result = self.refused(1, r"no packets of H264 have arrived for 5 s on UDP 127.0.0.1 port %d\n" % port,
                              "--sdp", self.live_sdp(port), "--idle-exit", "5.5")
        self.assertIn("nothing was packaged", result.err)
        self.assertEqual(result.json["streams"][0]["packets"], 0)

    def test_another_payload_type_than_described_is_said(self):
        port = free_port()
        process = self.start("--sdp", self.live_sdp(port), "--out", self.out, "--idle-exit", "1")
        self.send(port, [(w, p[:1] + bytes([p[1] & 0x80 | 97]) + p[2:]) for w, p in pictures(6)], speed=1.0)
        result = self.finish(process)
        self.assertEqual(result.code, 1)
        self.assertRegex(result.err, r"no packets of H264 have arrived for 5 s.*, but \d+ of another payload type than 96")
        self.assertIn("H264 stream, payload type 96: no packets came, but 162 of another payload type", result.err)
        self.assertEqual(result.json["streams"][0]["other_payload_type"], 162)

    def test_rubbish_on_the_port_is_counted_and_the_stream_goes_on(self):
        port = free_port()
        process = self.start("--sdp", self.live_sdp(port), "--out", self.out, "--idle-exit", "1")
        packets = []
        for i, (when, packet) in enumerate(pictures(8)):
            packets.append((when, packet))
            if i % 20 == 0:
                packets += [(when, b""), (when, b"\x80"), (when, os.urandom(2000)),
                            (when, rtp(3, 3, b"", extension=struct.pack("!HH", 0xbede, 9999))), (when, b"\x80\xc8\xff\xff")]
        self.send(port, packets, speed=8.0)
        result = self.finish(process)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.json["streams"][0]["frames"], 200)
        self.assertGreaterEqual(result.json["streams"][0]["malformed"], 22)
        self.check_whole()

    # ---- Outputs --------------------------------------------------------------

    def test_a_directory_that_cannot_be_made_or_written_ends_with_4(self):
        capture = self.file("a.pcap", self.capture(1).data)
        self.refused(4, r"cannot make the directory .*: Not a directory", "--capture", capture, out=os.path.join(capture, "out"))
        self.refused(4, r"cannot (make|open) the directory .*: (Not a directory|File exists)", "--capture", capture, out=capture)
        self.mount("-o", "ro")
        self.refused(4, r"cannot write into the directory .*: Read-only file system", "--capture", capture)

    def mount(self, *options):
        os.makedirs(self.out, exist_ok=True)
        done = subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", self.out], capture_output=True, text=True)
        if done.returncode != 0:
            self.skipTest("no file system may be mounted here: " + done.stderr.strip())
        self.mounts.append(self.out)

    def test_a_full_disk_ends_a_capture_with_4_and_keeps_what_is_there(self):
        self.mount("-o", "size=64k")
        capture = self.file("a.pcap", self.capture(60).data)
        result = self.hls("--capture", capture, "--type", "event", "--target-duration", "2")
        self.assertEqual(result.code, 4, result.err)
        self.assertRegex(result.err, r"cannot write .*/out/\S+: No space left on device\n$")
        self.assertRegex(result.json["error"], "No space left on device")
        self.assertGreaterEqual(result.json["output"]["files"], 3)
        self.assertGreaterEqual(self.check_whole(ended=False), 3)

    def test_a_full_disk_ends_a_live_run_with_4_and_keeps_what_is_there(self):
        self.mount("-o", "size=64k")
        port = free_port()
        process = self.start("--sdp", self.live_sdp(port), "--out", self.out, "--type", "event", "--target-duration", "1")
        packets = [(w, p[:12] + p[12:] * (12 if len(p) > 200 else 6)) for w, p in pictures(30)]
        self.send(port, packets, speed=10.0)
        result = self.finish(process)
        self.assertEqual(result.code, 4, result.err)
        self.assertRegex(result.err, r"cannot write .*/out/\S+: No space left on device\n$")
        self.assertRegex(result.json["error"], "No space left on device")
        self.assertGreaterEqual(self.check_whole(ended=False), 1)

    def test_a_recording_that_cannot_be_written_ends_with_4(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full here")
        self.refused(4, r"cannot write /dev/full: No space left on device", "--sdp", self.live_sdp(free_port()), "--record", "/dev/full")

    def test_sigterm_ends_the_playlist_properly(self):
        port = free_port()
        process = self.start("--sdp", self.live_sdp(port), "--out", self.out, "--type", "event", "--target-duration", "1")
        self.send(port, pictures(8), speed=8.0)
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        result = self.finish(process)
        self.assertEqual(result.code, 0, result.err)
        self.assertGreaterEqual(self.check_whole(), 3)
        self.assertEqual(result.json["datagrams_without_room"], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
