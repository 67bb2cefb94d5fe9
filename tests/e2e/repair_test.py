"""What `mediacore inspect --packets` reads in RED and FEC is what their senders and tshark mean.

    repair_test.py PATH/TO/mediacore PROJECT_ROOT

GStreamer makes RED and ULPFEC; the XOR over the packets that a FEC packet is said to protect, done here, is what is in
it. The blocks of RED in a capture of Chromium are those that tshark 4.0 shows.
"""
import functools
import json
import operator
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

MEDIACORE, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
del sys.argv[1:3]
CAPTURES = os.path.join(ROOT, "..", "shared", "captures")

SDP = """v=0
o=- 0 0 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=video 6000 RTP/AVP 96 100 120
a=rtpmap:96 VP8/90000
a=rtpmap:100 red/90000
a=rtpmap:120 ulpfec/90000
m=audio 6002 RTP/AVP 111 63
a=rtpmap:111 opus/48000/2
a=rtpmap:63 red/48000/2
"""


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def has_gstreamer(*elements):
    return shutil.which("gst-inspect-1.0") and all(
        subprocess.run(["gst-inspect-1.0", "--exists", element], timeout=60).returncode == 0 for element in elements)


def framed(path):
    """Packets of a file of RFC 4571."""
    with open(path, "rb") as file:
        content = file.read()
    packets = []
    while content:
        size = struct.unpack_from(">H", content)[0]
        packets.append(content[2:2 + size])
        content = content[2 + size:]
    return packets


def pcap(packets, port):
    out = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101)
    for number, packet in enumerate(packets):
        udp = struct.pack(">HHHH", 5000, port, 8 + len(packet), 0) + packet
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, b"\x7f\0\0\1", b"\x7f\0\0\1") + udp
        out += struct.pack("<IIII", number, 0, len(ip), len(ip)) + ip
    return out


def xor(numbers):
    return functools.reduce(operator.xor, numbers, 0)


class RepairTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)

    def path(self, name, content=None):
        path = os.path.join(self.temporary.name, name)
        if content is not None:
            with open(path, "wb") as file:
                file.write(content)
        return path

    def inspect(self, packets, port):
        out = run(MEDIACORE, "inspect", self.path("a.pcap", pcap(packets, port)), "--packets", "--json", "--sdp",
                  self.path("a.sdp", SDP.encode()))
        return [json.loads(line)["rtp"] for line in out.splitlines()]

    def test_ulpfec_of_gstreamer_is_the_xor_of_what_it_protects(self):
        if not has_gstreamer("vp8enc", "rtpvp8pay", "rtpulpfecenc", "rtpredenc", "rtpstreampay"):
            self.skipTest("no GStreamer with rtpulpfecenc")
        run("gst-launch-1.0", "-q", *("videotestsrc num-buffers=20 pattern=snow ! video/x-raw,width=320,height=240 ! "
            "vp8enc deadline=1 target-bitrate=1500000 ! rtpvp8pay mtu=500 pt=96 ! rtpulpfecenc pt=120 percentage=50 "
            "percentage-important=50 multipacket=true ! rtpredenc pt=100 distance=0 ! rtpstreampay ! filesink").split(),
            f"location={self.path('red')}")
        packets = framed(self.path("red"))
        found = self.inspect(packets, 6000)
        media = {}
        fecs = 0
        for packet, rtp in zip(packets, found):
            self.assertNotIn("error", rtp["payload"])
            block, = rtp["payload"]["blocks"]
            content = packet[rtp["header_size"] + 1:]
            self.assertEqual(block["block_length"], len(content))
            if block["payload_type"] == 96:  # as it was before it was wrapped
                first = bytes([packet[0], packet[1] & 0x80 | 96])
                media[rtp["sequence_number"]] = first + packet[2:rtp["header_size"]] + content
                continue
            fecs += 1
            self.assertEqual(block["encoding"], "ulpfec")
            level, = block["levels"]
            protected = [media[number] for number in level["packets"]]
            recovery = block["recovery"]
            self.assertEqual(recovery["length"], xor(len(packet) - 12 for packet in protected))
            self.assertEqual(recovery["timestamp"], xor(struct.unpack_from(">I", packet, 4)[0] for packet in protected))
            self.assertEqual(recovery["payload_type"], xor(packet[1] & 0x7f for packet in protected))
            self.assertEqual(recovery["marker"], xor(packet[1] >> 7 for packet in protected) == 1)
            self.assertEqual(recovery["csrc_count"], xor(packet[0] & 15 for packet in protected))
            self.assertEqual(recovery["extension"], xor(packet[0] >> 4 & 1 for packet in protected) == 1)
            self.assertEqual(recovery["padding"], xor(packet[0] >> 5 & 1 for packet in protected) == 1)
            size = level["protection_length"]
            header = 14 if block["mask_bits"] == 16 else 18
            self.assertEqual(header + size, len(content))
            want = xor(int.from_bytes(packet[12:12 + size].ljust(size, b"\0"), "big") for packet in protected)
            self.assertEqual(int.from_bytes(content[header:], "big"), want)
        self.assertGreater(fecs, 50)

    def test_red_of_gstreamer_repeats_the_packets_of_the_times_that_it_says(self):
        if not has_gstreamer("opusenc", "rtpopuspay", "rtpredenc", "rtpstreampay"):
            self.skipTest("no GStreamer with rtpredenc")
        run("gst-launch-1.0", "-q", *("audiotestsrc num-buffers=100 ! opusenc ! rtpopuspay pt=111 ! "
            "rtpredenc pt=63 distance=2 allow-no-red-blocks=true ! rtpstreampay ! filesink").split(),
            f"location={self.path('red')}")
        packets = framed(self.path("red"))
        found = self.inspect(packets, 6002)
        at = {}
        redundant = 0
        for packet, rtp in zip(packets, found):
            blocks = rtp["payload"]["blocks"]
            end = len(packet)
            for block in reversed(blocks):
                self.assertEqual((block["payload_type"], block["encoding"]), (111, "opus"))
                content = packet[end - block["block_length"]:end]
                end -= block["block_length"]
                time = rtp["timestamp"] - block["timestamp_offset"] & 0xffffffff
                if block is blocks[-1]:
                    at[time] = content
                else:
                    self.assertEqual(at[time], content)
                    redundant += 1
            self.assertEqual(end, rtp["header_size"] + 4 * len(blocks) - 3)
        self.assertGreater(redundant, 80)

    def test_blocks_of_red_are_those_of_tshark(self):
        capture = os.path.join(CAPTURES, "chromium-vp8-red-ulpfec-loss5.sender.pcap")
        if shutil.which("tshark") is None or not os.path.exists(capture):
            self.skipTest("no tshark or no ../shared/captures")
        sdp = os.path.join(CAPTURES, "chromium-vp8-red-ulpfec-loss5.sdp.txt")
        with open(sdp, encoding="utf-8") as file:
            offer = file.read().split("# offer\n")[1].split("# answer\n")[0]
        lines = run(MEDIACORE, "inspect", capture, "--packets", "--json", "--sdp", self.path("a.sdp", offer.strip().encode() + b"\n"))
        ours = []
        for line in lines.splitlines():
            packet = json.loads(line)
            if packet.get("rtp", {}).get("payload_type") not in (63, 118):
                continue
            blocks = packet["rtp"]["payload"]["blocks"]
            ours.append((packet["number"], [packet["rtp"]["payload_type"]] + [block["payload_type"] for block in blocks],
                         [block["timestamp_offset"] for block in blocks[:-1]], [block["block_length"] for block in blocks[:-1]]))
        out = run("tshark", "-n", "-r", capture, "-d", "udp.port==40000,rtp", "-d", "rtp.pt==63,rtp_rfc2198", "-d",
                  "rtp.pt==118,rtp_rfc2198", "-Y", "rtp.p_type==63 || rtp.p_type==118", "-T", "fields", "-e", "frame.number",
                  "-e", "rtp.p_type", "-e", "rtp.timestamp-offset", "-e", "rtp.block-length")
        theirs = []
        for line in out.splitlines():
            number, *lists = line.split("\t")
            theirs.append((int(number), *([int(value) for value in text.split(",") if value] for text in lists)))
        self.assertEqual(len(ours), 562 + 251)
        self.assertEqual(ours, theirs)


if __name__ == "__main__":
    unittest.main(verbosity=2)
