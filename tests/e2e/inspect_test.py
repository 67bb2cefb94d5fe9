"""`mediacore inspect` against captures of real software and against files that are wrong.

    inspect_test.py PATH/TO/mediacore PROJECT_ROOT
"""
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest

MEDIACORE, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
del sys.argv[1:3]
CAPTURES = os.path.join(ROOT, "..", "shared", "captures")


def inspect(*arguments):
    result = subprocess.run([MEDIACORE, "inspect", *arguments], capture_output=True, text=True, timeout=120)
    return result.returncode, result.stdout, result.stderr


def documented_captures():
    """The tables of the captures' README: {file: ({row...}, {RTCP part: count})}"""
    documented = {}
    with open(os.path.join(CAPTURES, "README.md")) as readme:
        for line in readme:
            if line.startswith("## ") and line.strip().endswith(".pcap"):
                rows, parts = documented.setdefault(line[3:].strip(), (set(), {}))
            elif re.match(r"\| [0-9a-f]{8} \|", line):
                rows.add(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
            elif line.startswith("RTCP parts:"):
                parts.update((name, int(count)) for name, count in re.findall(r"(\S+) (\d+)", line[11:]))
    return documented


def pcap(*packets):
    """Packets of (seconds, source port, destination port, payload) as a pcap file."""
    out = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
    for at, source, destination, payload in packets:
        udp = struct.pack(">HHHH", source, destination, 8 + len(payload), 0) + payload
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
        frame = bytes(12) + b"\x08\x00" + ip + udp
        out += struct.pack("<IIII", 1000 + int(at), round(at % 1 * 1e6), len(frame), len(frame)) + frame
    return out


def rtp(number, timestamp, ssrc=0x1234, payload=b"\x00media", payload_type=0):
    return struct.pack(">BBHII", 0x80, payload_type, number, timestamp, ssrc) + payload


class RealCapturesTest(unittest.TestCase):
    def test_every_number_is_that_of_the_documentation(self):
        if not os.path.isdir(CAPTURES):
            self.skipTest("the shared captures are not here")
        documented = documented_captures()
        self.assertGreater(len(documented), 10)
        for name, (rows, parts) in documented.items():
            code, out, _ = inspect(os.path.join(CAPTURES, name), "--json", "--quiet")
            self.assertEqual(code, 0 if rows else 1, name)
            report = json.loads(out)
            found = set()
            for s in report["streams"]:
                types = ", ".join(f"{kind}: {count}" for kind, count in sorted(s["payload_types"].items(), key=lambda item: int(item[0])))
                found.add((s["ssrc"], f"{s['source']['port']}>{s['destination']['port']}", types, str(s["frames"]), str(s["markers"]),
                           str(s["missing"]), str(s["duplicates"]), str(s["reordered"]), str(s["padding_only"]),
                           " ".join(map(str, s["extension_ids"]))))
            self.assertEqual(found, rows, name)
            # In ciphertext one more part seemed to begin, of a type that nobody sends.
            parts.pop("195", None)
            self.assertEqual(report["rtcp_parts"], parts, name)

    def test_streams_are_recognised_and_named_by_the_sdp(self):
        capture = os.path.join(CAPTURES, "ffmpeg-h264-opus-rtp.pcap")
        if not os.path.exists(capture):
            self.skipTest("the shared captures are not here")
        guessed = json.loads(inspect(capture, "--json")[1])["streams"]
        self.assertEqual([(s["encoding"], s["encoding_from"]) for s in guessed], [("H264", "guess"), ("opus", "guess")])
        self.assertEqual(guessed[0]["key_frames"], 4)  # 181 frames, one of 60 and a first one
        sdp = [name for name in os.listdir(CAPTURES) if name.startswith("ffmpeg-h264-opus-rtp") and "sdp" in name][0]
        named = json.loads(inspect(capture, "--json", "--sdp", os.path.join(CAPTURES, sdp))[1])["streams"]
        self.assertEqual([(s["encoding"], s["encoding_from"], s["clock_rate"]) for s in named],
                         [("H264", "sdp", 90000), ("opus", "sdp", 48000)])
        self.assertEqual(named[0]["jitter_ms"], guessed[0]["jitter_ms"])


class MadeCapturesTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)

    def write(self, content, name="file.pcap"):
        path = os.path.join(self.temporary.name, name)
        with open(path, "wb") as out:
            out.write(content)
        return path

    def test_one_ssrc_at_two_places_is_two_rows(self):
        path = self.write(pcap(*[(i * 0.02, 5000, port, rtp(i, 160 * i)) for i in range(50) for port in (6000, 7000)
                                 if not (port == 7000 and i in (7, 8))]))
        code, out, _ = inspect(path, "--json")
        self.assertEqual(code, 0)
        found = {s["destination"]["port"]: (s["packets"], s["missing"], s["jitter_ms"], s["encoding"]) for s in json.loads(out)["streams"]}
        self.assertEqual(found, {6000: (50, 0, 0, "PCMU"), 7000: (48, 2, 0, "PCMU")})

    def test_a_round_trip_is_what_the_report_leaves_of_the_time(self):
        # A sender report at 1 s; the receiver holds it for 0.5 s and answers; seen at 1.6 s.
        ntp = (0x83aa7e80 + 1001) << 32
        sender_report = struct.pack(">BBHIQIII", 0x80, 200, 6, 0x1234, ntp, 0, 10, 1000)
        answer = struct.pack(">BBHIIIIIII", 0x81, 201, 7, 0x9999, 0x1234, (64 << 24) | 5, 20, 8, ntp >> 16 & 0xffffffff, 32768)
        path = self.write(pcap((0, 5000, 6000, rtp(1, 0)), (1, 5001, 6001, sender_report), (1.6, 6001, 5001, answer)))
        receiver = json.loads(inspect(path, "--json")[1])["streams"][0]["receivers"][0]
        self.assertEqual((receiver["ssrc"], receiver["cumulative_lost"], receiver["last_fraction_lost"]), ("00009999", 5, 0.25))
        self.assertEqual(receiver["jitter_ms"], 1)  # 8 ticks of 8 kHz
        self.assertEqual((receiver["round_trips"], receiver["rtt_mean_ms"]), (1, 100))

    def test_a_file_cut_short_is_reported_up_to_there_with_the_byte(self):
        whole = pcap(*[(i * 0.02, 5000, 6000, rtp(i, 160 * i)) for i in range(10)])
        record = (len(whole) - 24) // 10
        for cut in (1, record - 1, record - 8):
            path = self.write(whole[:len(whole) - cut])
            code, out, error = inspect(path, "--json")
            self.assertEqual(code, 0)
            self.assertIn(f"truncated at byte {24 + 9 * record} of {len(whole) - cut}", error)
            self.assertEqual(json.loads(out)["streams"][0]["packets"], 9)
            self.assertEqual(json.loads(out)["error"]["offset"], 24 + 9 * record)

    def test_what_is_no_capture_is_said(self):
        for content, words in ((b"", "at byte 0"), (b"hello, this is no capture file at all", "at byte 0")):
            code, out, error = inspect(self.write(content))
            self.assertEqual((code, out), (1, ""))
            self.assertIn(words, error)
        code, _, error = inspect(os.path.join(self.temporary.name, "nothing"))
        self.assertEqual(code, 1)
        self.assertIn("No such file", error)
        code, _, error = inspect(self.temporary.name)
        self.assertEqual(code, 1)
        self.assertIn("irectory", error)
        self.assertEqual(inspect()[0], 2)
        self.assertEqual(inspect("x", "--unknown")[0], 2)

    def test_a_capture_without_rtp_is_of_no_use(self):
        code, out, error = inspect(self.write(pcap((0, 1, 2, b"some datagram or other"))))
        self.assertEqual(code, 1)
        self.assertIn("1 packets", out)
        self.assertIn("no RTP", error)

    def test_a_broken_description_is_said_with_line_and_byte(self):
        capture = self.write(pcap((0, 5000, 6000, rtp(1, 0))))
        sdp = self.write(b"v=0\r\no=- 0 0 IN IP4 1.2.3.4\r\ns=-\r\nx\r\n", "file.sdp")
        code, _, error = inspect(capture, "--sdp", sdp)
        self.assertEqual(code, 1)
        self.assertRegex(error, r"file\.sdp: sdp: .* in line 4, byte \d+")

    def test_the_page_needs_nothing_else_and_text_cannot_leave_its_place(self):
        cname = b"</script><script>alert(1)</script>"
        item = b"\x01" + bytes([len(cname)]) + cname
        chunk = struct.pack(">I", 0x1234) + item + bytes(4 - len(item) % 4)
        sdes = struct.pack(">BBH", 0x81, 202, len(chunk) // 4) + chunk
        path = self.write(pcap(*[(i, 5000, 6000, rtp(i, 8000 * i)) for i in range(3)], (3, 5001, 6001, sdes)))
        page_path = os.path.join(self.temporary.name, "page.html")
        code, _, _ = inspect(path, "--html", page_path)
        self.assertEqual(code, 0)
        with open(page_path) as page:
            text = page.read()
        self.assertEqual(text.count("</script>"), 1)
        self.assertNotRegex(text, r"(src|href)=\"?https?:")
        data = json.loads(re.search(r"const capture = (\{.*\});", text)[1])
        self.assertEqual(data["streams"][0]["cname"], cname.decode())
        self.assertEqual(inspect(path, "--html", "/nonexistent/page.html")[0], 4)

    def test_thousands_of_streams_and_receivers_are_counted_and_not_kept(self):
        # Kept for each other, a megabyte of these would take gigabytes.
        def report(reporter):
            return struct.pack(">BBHIIIIIII", 0x81, 201, 7, reporter, 0x1234, 0, 0, 0, 0, 0)

        path = self.write(pcap(*((n, 1024 + i, 9, rtp(n, n * 160)) for n in range(2) for i in range(3000)),
                               *((3, 8, 9, report(i)) for i in range(3000))))
        code, out, _ = inspect(path, "--json")
        self.assertEqual(code, 0)
        summary = json.loads(out)
        self.assertEqual(len(summary["streams"]), 1000)
        self.assertEqual(summary["packets_of_further_streams"], 4000)
        self.assertEqual({len(stream["receivers"]) for stream in summary["streams"]}, {100})
        self.assertEqual(summary["reports_of_further_receivers"], 2900)

    def test_times_that_lie_cost_nothing(self):
        packets = [(i * 0.02, 5000, 6000, rtp(i, 160 * i)) for i in range(5)]
        path = self.write(pcap(*packets, (4_000_000_000 - 1000, 5000, 6000, rtp(5, 800)), (0.2, 5000, 6000, rtp(6, 960))))
        code, out, _ = inspect(path, "--json")
        self.assertEqual(code, 0)
        stream = json.loads(out)["streams"][0]
        self.assertEqual((stream["packets"], stream["missing"]), (7, 0))
        self.assertLess(len(stream["bytes_over_time"]["values"]), 2000)
        self.assertEqual(sum(stream["bytes_over_time"]["values"]), stream["bytes"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
