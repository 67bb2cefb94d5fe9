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


    def test_packets_of_vp8_and_vp9_show_their_descriptors(self):
        if not os.path.isdir(CAPTURES):
            self.skipTest("the shared captures are not here")

        def payloads(name, payload_type, encoding):
            with tempfile.NamedTemporaryFile("w", suffix=".sdp", newline="") as sdp:
                sdp.write("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                          f"m=video 40002 RTP/AVP {payload_type}\r\na=rtpmap:{payload_type} {encoding}/90000\r\n")
                sdp.flush()
                code, out, error = inspect(os.path.join(CAPTURES, name), "--packets", "--json", "--sdp", sdp.name)
            self.assertEqual(code, 0, error)
            return [p["rtp"]["payload"] for p in map(json.loads, out.splitlines()) if "payload" in p.get("rtp", {})]

        vp8 = payloads("chromium-vp8-bottleneck.sender.pcap", 96, "VP8")
        self.assertEqual(len(vp8), 1492)
        self.assertFalse([p for p in vp8 if "error" in p])
        self.assertEqual(len({p["picture_id"] for p in vp8}), 595)
        self.assertEqual([(p["width"], p["height"]) for p in vp8 if p.get("key_frame")], [(640, 360), (480, 270)])
        vp9 = payloads("chromium-vp9-svc-l3t3key.pcap", 98, "VP9")
        self.assertEqual(len(vp9), 1024)
        self.assertFalse([p for p in vp9 if "error" in p])
        self.assertEqual(len({p["picture_id"] for p in vp9}), 118)
        self.assertEqual({p["spatial_id"] for p in vp9}, {0, 1, 2})
        self.assertEqual([(p["width"], p["height"]) for p in vp9 if p.get("key_frame")], [(320, 180)] * 2)
        structure = [p["scalability_structure"] for p in vp9 if "scalability_structure" in p][0]
        self.assertEqual([(s["width"], s["height"]) for s in structure["sizes"]], [(320, 180), (640, 360), (1280, 720)])

    def test_packets_add_up_to_the_numbers_of_the_documentation(self):
        if not os.path.isdir(CAPTURES):
            self.skipTest("the shared captures are not here")
        for name, (rows, parts) in documented_captures().items():
            code, out, _ = inspect(os.path.join(CAPTURES, name), "--packets", "--json")
            self.assertEqual(code, 0, name)
            packets = [json.loads(line) for line in out.splitlines()]
            self.assertEqual([p["number"] for p in packets], list(range(1, len(packets) + 1)))
            streams, ids, blocks = {}, {}, {}
            for p in packets:
                if p["kind"] == "rtp":
                    key = (p["rtp"]["ssrc"], f"{p['source']['port']}>{p['destination']['port']}")
                    types = streams.setdefault(key, {})
                    types[p["rtp"]["payload_type"]] = types.get(p["rtp"]["payload_type"], 0) + 1
                    ids.setdefault(key, set()).update(e["id"] for e in p["rtp"].get("extension", {}).get("elements", []))
                for block in p["rtcp"]["blocks"] if p["kind"] == "rtcp" else []:
                    kind = str(block["type"]) if block["name"] == "unknown" else block["name"]
                    if "format" in block:
                        kind += f"/{block['format']}"
                    blocks[kind] = blocks.get(kind, 0) + 1
            found = {(*key, ", ".join(f"{kind}: {n}" for kind, n in sorted(types.items())), " ".join(map(str, sorted(ids[key]))))
                     for key, types in streams.items()}
            self.assertEqual(found, {(row[0], row[1], ", ".join(sorted(row[2].split(", "), key=lambda t: int(t.split(":")[0]))), row[9])
                                     for row in rows}, name)
            if "srtp" not in name and "wire" not in name:  # in ciphertext there is no telling what a part is
                self.assertEqual(blocks, parts, name)


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

    def test_packets_are_written_down_to_their_fields(self):
        media = b"\x90\x60\x00\x07" + struct.pack(">II", 160, 0x1234) + b"\xbe\xde\x00\x02\x10a\x22\x01\x02\x03\x00\x00" + b"media"
        report = struct.pack(">BBHI", 0x80, 201, 1, 0x99) + struct.pack(">BBHIIHH", 0x81, 205, 3, 0x99, 0x1234, 7, 5)
        stun = struct.pack(">HHI", 1, 8, 0x2112a442) + bytes(range(12)) + struct.pack(">HHI", 0x24, 4, 99)
        path = self.write(pcap((0, 5000, 6000, media), (0.25, 5001, 6001, report), (0.5, 7, 8, stun), (1, 7, 8, b"\x16" + bytes(20)),
                               (1.5, 5000, 6000, b"\xa0" + media[1:12])))
        code, out, error = inspect(path, "--packets", "--json", "--extmap", "1=mid,2=abs-send-time")
        self.assertEqual((code, error), (0, ""))
        rtp_packet, rtcp_packet, stun_packet, dtls, broken = (json.loads(line) for line in out.splitlines())
        self.assertEqual((rtp_packet["number"], rtp_packet["time_s"], rtp_packet["source"]), (1, 0, {"address": "127.0.0.1", "port": 5000}))
        self.assertEqual((rtp_packet["rtp"]["sequence_number"], rtp_packet["rtp"]["ssrc"], rtp_packet["rtp"]["payload_size"]), (7, "00001234", 5))
        self.assertEqual(rtp_packet["rtp"]["extension"]["elements"], [
            {"id": 1, "name": "mid", "bytes": "61", "value": "a"}, {"id": 2, "name": "abs-send-time", "bytes": "010203", "ticks": 0x010203}])
        self.assertEqual((rtcp_packet["time_s"], rtcp_packet["kind"], len(rtcp_packet["rtcp"]["blocks"])), (0.25, "rtcp", 2))
        nack = rtcp_packet["rtcp"]["blocks"][1]
        self.assertEqual((nack["message"], nack["media_ssrc"]), ("NACK", "00001234"))
        self.assertEqual(nack["entries"], [{"packet_id": 7, "bitmask": 5, "lost": [7, 8, 10]}])
        self.assertEqual((stun_packet["stun"]["class"], stun_packet["stun"]["method_name"]), ("Request", "Binding"))
        self.assertEqual(stun_packet["stun"]["attributes"], [{"type": 36, "name": "PRIORITY", "size": 4, "value": 99}])
        self.assertEqual((dtls["kind"], dtls["size"]), ("dtls", 21))
        self.assertEqual((broken["error"], broken["rtp"]["sequence_number"]), ("rtp: bad padding", 7))
        code, out, _ = inspect(path, "--packets")
        self.assertEqual((code, out.count("packet\n")), (0, 5))
        for line in ("    sequence_number: 7", "      - id: 2", "      - packet_id: 7", "        lost: 7 8 10", "  kind: dtls"):
            self.assertIn(f"\n{line}\n", out)

    def test_a_description_gives_ids_and_payloads_their_names(self):
        media = struct.pack(">BBHII", 0x90, 96, 1, 2, 3) + b"\xbe\xde\x00\x01\x10b\x00\x00" + b"\x78abc"
        sdp = self.write(b"v=0\r\no=- 0 0 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 6000 RTP/AVP 96\r\n"
                         b"a=rtpmap:96 opus/48000/2\r\na=extmap:1/sendonly urn:ietf:params:rtp-hdrext:sdes:mid\r\n", "file.sdp")
        path = self.write(pcap((0, 5000, 6000, media)))
        found = json.loads(inspect(path, "--packets", "--json", "--sdp", sdp)[1])["rtp"]
        self.assertEqual(found["extension"]["elements"][0]["value"], "b")
        self.assertEqual((found["payload"]["encoding"], found["payload"]["mode"], found["payload"]["samples"]), ("opus", "hybrid", 960))

    def test_repair_of_loss_is_shown_with_what_it_carries(self):
        sdp = self.write(b"v=0\r\no=- 0 0 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                         b"m=audio 6000 RTP/AVP 96 97 98 99 100 101\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:97 red/48000/2\r\n"
                         b"a=rtpmap:98 rtx/48000\r\na=fmtp:98 apt=97\r\na=rtpmap:99 ulpfec/48000\r\n"
                         b"a=rtpmap:100 flexfec-03/48000\r\na=rtpmap:101 FlexFEC/48000\r\n", "file.sdp")
        red = b"\xe0\x0f\x00\x04\x63\x78abc" + struct.pack(">HHIHHH", 0x10e0, 65535, 7, 300, 3, 0xa000) + b"xor"
        payload = lambda kind, content, first=0x80: json.loads(inspect(self.write(pcap((0, 5000, 6000, struct.pack(
            ">BBHII", first, kind, 1, 2, 3) + content))), "--packets", "--json", "--sdp", sdp)[1])["rtp"].get("payload")
        found = payload(97, red)
        self.assertEqual(found["encoding"], "red")
        opus, fec = found["blocks"]
        self.assertEqual((opus["payload_type"], opus["timestamp_offset"], opus["encoding"], opus["samples"]), (96, 960, "opus", 960))
        self.assertEqual((fec["encoding"], fec["sn_base"], fec["mask_bits"]), ("ulpfec", 65535, 16))
        self.assertEqual(fec["levels"], [{"protection_length": 3, "packets": [65535, 1]}])
        self.assertEqual(fec["recovery"], {"padding": False, "extension": True, "csrc_count": 0, "marker": True,
                                           "payload_type": 96, "length": 300, "timestamp": 7})
        rtx = payload(98, b"\x12\x34" + red)
        self.assertEqual((rtx["original_sequence_number"], rtx["original_payload_size"]), (0x1234, len(red)))
        self.assertEqual((rtx["original"]["payload_type"], rtx["original"]["blocks"]), (97, [opus, fec]))
        self.assertEqual(payload(98, b"\0\0\3", 0xa0), {"encoding": "rtx", "padding_only": True})
        self.assertEqual(payload(98, b"\0")["error"], "rtx: too short")
        self.assertIsNone(payload(98, b""))
        flex = payload(100, struct.pack(">HHIIIHH", 0x10e0, 2, 1, 1 << 24, 0xcafe, 65534, 0xf000) + b"xor")
        self.assertEqual(flex["streams"], [{"ssrc": "0000cafe", "sn_base": 65534, "packets": [65534, 65535, 0]}])
        flex = payload(101, struct.pack(">IHHIHBB", 9, 0x50e0, 2, 1, 65534, 4, 3) + b"xor", 0x81)
        self.assertEqual(flex["streams"], [{"ssrc": "00000009", "sn_base": 65534, "columns": 4, "rows": 3}])
        self.assertEqual(flex["repair_payload_size"], 3)

    def test_text_of_a_peer_stays_in_its_place(self):
        cname = b'"\x1b[2J\xff\\\n'
        item = b"\x01" + bytes([len(cname)]) + cname
        chunk = struct.pack(">I", 0x1234) + item + bytes(4 - len(item) % 4)
        sdes = struct.pack(">BBH", 0x81, 202, len(chunk) // 4) + chunk
        path = self.write(pcap((0, 5001, 6001, sdes)))
        value = json.loads(inspect(path, "--packets", "--json")[1])["rtcp"]["blocks"][0]["items"][0]["value"]
        self.assertEqual(value, cname.decode(errors="replace"))
        self.assertIn('value: "?[2J?\\?\n', inspect(path, "--packets")[1])

    def test_packets_before_the_break_are_written(self):
        whole = pcap(*[(i * 0.02, 5000, 6000, rtp(i, 160 * i)) for i in range(10)])
        code, out, error = inspect(self.write(whole[:-3]), "--packets", "--json")
        self.assertEqual((code, len(out.splitlines())), (0, 9))
        self.assertIn("the packets are those before", error)
        self.assertEqual(inspect(self.write(b"no capture"), "--packets")[0], 1)
        self.assertEqual(inspect(self.write(whole), "--packets", "--extmap", "1=nonsense")[0], 2)
        self.assertEqual(inspect(self.write(whole), "--extmap", "1=mid")[0], 2)
        self.assertEqual(inspect(self.write(whole), "--packets", "--html", "page.html")[0], 2)

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
