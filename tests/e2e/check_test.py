"""`mediacore check`: one line for each file, in the form that docs/check.md promises.

    check_test.py PATH/TO/mediacore PROJECT_ROOT
"""
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest

MEDIACORE, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
del sys.argv[1:3]
CORPUS = os.path.join(ROOT, "fuzz", "corpus")

# A format, and the corpora whose files are (or once were) of it. Files that begin with bytes for
# the fuzz target are other inputs to the parser, and as good.
CORPORA = {
    "rtp": ["rtp"],
    "rtcp": ["rtcp"],
    "twcc": ["rtcp"],
    "stun": ["stun", "rtcp/compound"],
    "sdp": ["sdp"],
    "dd": ["rtp"],
    "vla": ["rtp"],
    "h264-rtp": ["codec"],
    "vp8-rtp": ["codec"],
    "vp9-rtp": ["codec"],
    "av1-rtp": ["codec"],
    "h265-rtp": ["codec"],
    "h266-rtp": ["codec"],
    "opus-rtp": ["codec"],
    "opus-multistream": ["codec"],
    "opus-head": ["codec"],
    "aac-rtp": ["codec"],
    "latm-rtp": ["codec"],
    "g711-rtp": ["codec"],
    "g722-rtp": ["codec"],
    "cn-rtp": ["codec"],
    "telephone-event-rtp": ["codec"],
    "rtx": ["rtp"],
    "red": ["rtp"],
    "fec": ["rtp"],
    "flexfec03": ["rtp"],
    "flexfec": ["rtp"],
    "mp4": ["mux"],
    "ts": ["mux"],
    "amf0": ["rtmp", "mux/flv"],
    "rtmp-chunks": ["rtmp"],
    "flv": ["mux", "rtmp"],
    "ogg": ["mux"],
    "webm": ["mux"],
    "ivf": ["mux"],
    "m3u8": ["playlist"],
    "pcap": ["capture"],
    "rtpdump": ["capture"],
}
PACKET_FORMATS = ["rtp", "rtcp", "twcc", "stun", "sdp", "dd", "vla", "h264-rtp", "h265-rtp", "h266-rtp", "vp8-rtp", "vp9-rtp", "av1-rtp", "opus-rtp", "aac-rtp", "g711-rtp", "g722-rtp", "latm-rtp",
                  "opus-multistream", "opus-head", "cn-rtp", "telephone-event-rtp", "rtx", "red",
                  "fec", "flexfec03", "flexfec", "amf0"]
RESERVED = ["sframe", "jwt", "sctp", "dcep"]
LINE = re.compile(r"[^\t]+\t(accept|reject)\t\d+\.\d{3}\t(\d+|-)\t(-|[^\s@]+@\d+)\t(-|(time|heap|output)(,(heap|output))*)")


def check(*arguments, names=None):
    result = subprocess.run([MEDIACORE, "check", *arguments], capture_output=True, text=True, timeout=300, input=names)
    return result.returncode, result.stdout, result.stderr


def rtp(number=1, timestamp=0, ssrc=0x1234, payload=b"media"):
    return struct.pack(">BBHII", 0x80, 96, number, timestamp, ssrc) + payload


def pseq(*payloads):
    """(flags, payload)..."""
    return b"".join(struct.pack(">HB", len(payload), flags) + payload for flags, payload in payloads)


def seq(*packets):
    """(microseconds since the one before, kind, bytes)..."""
    return b"".join(struct.pack(">IHB", us, len(data), kind) + data for us, kind, data in packets)


def flv(*tags):
    """(type, body)..."""
    return b"FLV\1\5\0\0\0\x09\0\0\0\0" + b"".join(
        struct.pack(">II3x", kind << 24 | len(body), 0) + body + struct.pack(">I", 11 + len(body)) for kind, body in tags)


def full(chunk_stream, kind, length, payload):
    """a chunk with the longest header"""
    return struct.pack(">B3xI", chunk_stream, length << 8 | kind) + b"\1\0\0\0" + payload


class Folder(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)

    def write(self, content, name="file"):
        path = os.path.join(self.temporary.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(content)
        return path

    def verdict(self, kind, content, name="file", *arguments):
        """verdict, error@offset of one file"""
        code, out, error = check(kind, self.write(content, name), *arguments)
        self.assertEqual((code, error), (0, ""))
        cells = out.rstrip("\n").split("\t")
        self.assertEqual(len(cells), 6)
        return cells[1], cells[4]


class CorporaTest(unittest.TestCase):
    def test_every_file_of_every_corpus_gets_one_line_of_six_cells(self):
        for kind, folders in CORPORA.items():
            for folder in folders:
                path = os.path.join(CORPUS, folder)
                if not os.path.isdir(path):
                    continue
                files = sorted(os.path.join(base, name) for base, _, names in os.walk(path) for name in names)
                code, out, error = check(kind, path, "--strict")
                self.assertEqual((code, error), (0, ""), out)
                lines = out.splitlines()
                self.assertEqual([line.split("\t")[0] for line in lines], sorted(files))
                for line in lines:
                    self.assertRegex(line, f"^{LINE.pattern}$")
                    name, verdict, _, heap, where, _ = line.split("\t")
                    self.assertEqual(verdict == "accept", where == "-", line)
                    if where != "-":
                        self.assertLessEqual(int(where.split("@")[1]), os.path.getsize(name), line)
                    if kind in PACKET_FORMATS:
                        self.assertIn(heap, ("0", "-"), line)

    def test_json_says_the_same(self):
        for kind, folder in (("rtp", "rtp/packet_view"), ("rtcp", "rtcp/compound"), ("m3u8", "playlist")):
            path = os.path.join(CORPUS, folder)
            lines = [line.split("\t") for line in check(kind, path)[1].splitlines()]
            objects = [json.loads(line) for line in check(kind, path, "--json")[1].splitlines()]
            self.assertEqual(len(lines), len(objects))
            for (name, verdict, _, heap, where, broken), found in zip(lines, objects):
                self.assertEqual((found["name"], found["format"], found["verdict"]), (name, kind, verdict))
                self.assertEqual(found["size"], os.path.getsize(name))
                self.assertEqual(str(found.get("heap_bytes", "-")), heap)
                self.assertEqual(f"{found['error']}@{found['offset']}" if "error" in found else "-", where)
                self.assertEqual(",".join(found["limits_broken"]) or "-", broken)
                self.assertGreaterEqual(found["microseconds"], 0)


class VerdictTest(Folder):
    def test_the_error_is_one_word_with_its_byte(self):
        self.assertEqual(self.verdict("rtp", rtp()), ("accept", "-"))
        self.assertEqual(self.verdict("rtp", b""), ("reject", "rtp:too-short@0"))
        self.assertEqual(self.verdict("rtp", bytes(12)), ("reject", "rtp:bad-version@0"))
        self.assertEqual(self.verdict("rtp", rtp() + bytes(70000)), ("reject", "rtp:too-long@0"))
        self.assertEqual(self.verdict("sdp", b"v=0\r\no=- 0 0 IN IP4 1.2.3.4\r\ns=-\r\nx\r\n"),
                         ("reject", "sdp:not-a-line-of-the-form-x=value@34"))
        self.assertEqual(self.verdict("m3u8", b"#EXTM3U\n#EXT-X-VERSION:x\n"), ("reject", "playlist:bad-value-of-a-tag@23"))

    def test_a_refused_block_of_rtcp_is_pointed_at(self):
        receiver_report = struct.pack(">BBHI", 0x80, 201, 1, 0x1234)
        self.assertEqual(self.verdict("rtcp", receiver_report), ("accept", "-"))
        self.assertEqual(self.verdict("rtcp", receiver_report + struct.pack(">BBHI", 0x82, 203, 1, 1)),
                         ("reject", "rtcp-bye:sources-truncated@8"))
        self.assertEqual(self.verdict("rtcp", receiver_report + b"\x80\xc9\x00\x05"), ("reject", "rtcp-compound:block-truncated@8"))
        padded = struct.pack(">BBHII", 0xa0, 201, 2, 0x1234, 4)
        self.assertEqual(self.verdict("rtcp", receiver_report + padded), ("accept", "-"))
        self.assertEqual(self.verdict("rtcp", receiver_report + padded + receiver_report),
                         ("reject", "rtcp-compound:padding-before-the-last-block@8"))
        self.assertEqual(self.verdict("rtcp", struct.pack(">BBHII", 0x81, 206, 2, 1, 2)), ("accept", "-"))  # RFC 5506

    def test_transport_wide_feedback_is_one_block_and_nothing_more(self):
        message = struct.pack(">BBHIIHHIHBB", 0x8f, 205, 5, 1, 2, 3, 2, 4 << 8 | 5, 0x2002, 6, 7)
        self.assertEqual(self.verdict("twcc", message), ("accept", "-"))
        self.assertEqual(self.verdict("twcc", message + message), ("reject", "rtcp-twcc:trailing-bytes@24"))
        self.assertEqual(self.verdict("twcc", message[:-4]), ("reject", "rtcp:truncated@0"))
        self.assertEqual(self.verdict("twcc", struct.pack(">BBHII", 0x81, 206, 2, 1, 2)), ("reject", "rtcp-twcc:other-message@0"))

    def test_a_block_inside_an_extended_report_is_pointed_at(self):
        time = struct.pack(">BBHQ", 4, 0, 2, 5 << 32)
        self.assertEqual(self.verdict("rtcp", struct.pack(">BBHI", 0x80, 207, 4, 1) + time), ("accept", "-"))
        self.assertEqual(self.verdict("rtcp", struct.pack(">BBHI", 0x80, 207, 6, 1) + time + struct.pack(">BBHI", 4, 0, 1, 7)),
                         ("reject", "rtcp-xr-block:bad-length@20"))

    def test_an_attribute_past_the_end_is_pointed_at(self):
        head = struct.pack(">HHI", 1, 12, 0x2112a442) + bytes(12)
        self.assertEqual(self.verdict("stun", head + struct.pack(">HHIHH", 0x24, 4, 99, 0x8022, 0)), ("accept", "-"))
        self.assertEqual(self.verdict("stun", head + struct.pack(">HHIHH", 0x24, 4, 99, 0x8022, 1)),
                         ("reject", "stun:attribute-truncated@28"))
        self.assertEqual(self.verdict("stun", head), ("reject", "stun:truncated@0"))

    def test_a_file_larger_than_any_packet_is_not_read(self):
        path = os.path.join(self.temporary.name, "huge")
        with open(path, "wb") as out:
            out.truncate(1 << 40)
        for kind in CORPORA:
            code, out, _ = check(kind, path)
            self.assertEqual((code, out.split("\t")[1], out.split("\t")[4]), (0, "reject", "file:too-long@0"))

    def test_units_and_configurations_go_by_their_extension(self):
        pps = b"\x68\xce\x3c\x80"
        self.assertEqual(self.verdict("h264-rtp", pps, "a.nal"), ("accept", "-"))
        self.assertEqual(self.verdict("h264-rtp", b"\x68", "b.nal"), ("reject", "h264:too-short@0"))
        self.assertEqual(self.verdict("h264-rtp", b"\0\0\1" + pps + b"\0\0\1\x67\x42", "a.annexb")[0], "reject")
        self.assertEqual(self.verdict("h264-rtp", b"\0\0\1" + pps, "b.annexb"), ("accept", "-"))
        self.assertEqual(self.verdict("h264-rtp", b"\1\x42\0\x1e\xff\xe0\1\0\4" + pps, "a.avcC"), ("accept", "-"))
        self.assertEqual(self.verdict("h264-rtp", b"\2\x42\0\x1e\xff\xe0\0", "b.avcC")[0], "reject")
        pps = b"\x44\1\xc1\x72\xb4\x62\x40"
        self.assertEqual(self.verdict("h265-rtp", pps, "c.nal"), ("accept", "-"))
        self.assertEqual(self.verdict("h265-rtp", pps[:1], "d.nal"), ("reject", "h265:too-short@0"))
        self.assertEqual(self.verdict("h265-rtp", b"\0\0\1" + pps + b"\0\0\1\x42\1\1", "c.annexb"),
                         ("reject", "h265-sps:truncated@13"))
        head = b"\1\1" + b"\0" * 19 + b"\3\1\xa2\0\1\0"
        self.assertEqual(self.verdict("h265-rtp", head + b"\7" + pps, "c.hvcC"), ("accept", "-"))
        self.assertEqual(self.verdict("h265-rtp", head + b"\x08" + pps, "d.hvcC"), ("reject", "hvcC:truncated@0"))
        self.assertEqual(self.verdict("h266-rtp", b"\0\x99\1", "e.nal"), ("reject", "h266:truncated@0"))
        self.assertEqual(self.verdict("h266-rtp", b"\0\0\1\0\x51\xd0\xff", "e.annexb"), ("accept", "-"))

    def test_obus_and_configurations_of_av1_go_by_their_extension(self):
        sequence = bytes.fromhex("0a0b00000004457e3e6d7c8020")
        self.assertEqual(self.verdict("av1-rtp", bytes.fromhex("280c080001012cccfeb3804f80083010000102")), ("accept", "-"))
        self.assertEqual(self.verdict("av1-rtp", b"\x98\x30"), ("reject", "av1-payload:new-sequence-inside-an-OBU@0"))
        self.assertEqual(self.verdict("av1-rtp", b"\x12\0" + sequence + b"\x32\4\x10\0\0\0", "a.obu"), ("accept", "-"))
        self.assertEqual(self.verdict("av1-rtp", b"\x12\0" + sequence + b"\x32\1\x10", "b.obu"),
                         ("reject", "av1-frame:truncated@15"))
        self.assertEqual(self.verdict("av1-rtp", b"\x12\0\x32\9", "c.obu"), ("reject", "av1-obu:truncated@2"))
        self.assertEqual(self.verdict("av1-rtp", b"\x81\0\x0c\0" + sequence, "a.av1C"), ("accept", "-"))
        self.assertEqual(self.verdict("av1-rtp", b"\x81\1\x0c\0" + sequence, "b.av1C"),
                         ("reject", "av1c:another-sequence-header@0"))


    def test_formats_that_repair_loss(self):
        packet = lambda payload, padding=0, csrcs=(): struct.pack(
            ">BBHII", 0x80 | (0x20 if padding else 0) | len(csrcs), 97, 1, 2, 3) + b"".join(
            struct.pack(">I", csrc) for csrc in csrcs) + payload + (bytes(padding - 1) + bytes([padding]) if padding else b"")
        self.assertEqual(self.verdict("rtx", packet(b"\0\1media")), ("accept", "-"))
        self.assertEqual(self.verdict("rtx", packet(b"\0")), ("reject", "rtx:too-short@0"))
        self.assertEqual(self.verdict("rtx", packet(b"", 200)), ("reject", "rtx:padding-only@0"))
        self.assertEqual(self.verdict("rtx", b"\0\1media"), ("reject", "rtp:too-short@0"))
        self.assertEqual(self.verdict("red", b"\xef\0\0\3\x6foldnew"), ("accept", "-"))
        self.assertEqual(self.verdict("red", b"\xef\0\0\7\x6foldnew"), ("reject", "red:block-truncated@0"))
        self.assertEqual(self.verdict("red", b"\x80\0\0\0" * 32 + b"\0"), ("reject", "red:too-many-blocks@0"))
        fec = struct.pack(">HHIHHH", 0x10e0, 65534, 1, 2, 3, 0xe000) + b"xor"
        self.assertEqual(self.verdict("fec", fec), ("accept", "-"))
        self.assertEqual(self.verdict("fec", fec[:-1]), ("reject", "ulpfec:level-truncated@0"))
        self.assertEqual(self.verdict("fec", pseq((0, fec), (0, fec[:12] + bytes(5)), (0, fec)), "a.pseq"),
                         ("reject", "ulpfec:nothing-protected@20"))
        flex03 = struct.pack(">HHIIIHH", 0x10e0, 2, 1, 1 << 24, 0xcafe, 65534, 0xf000)
        self.assertEqual(self.verdict("flexfec03", flex03 + b"xor"), ("accept", "-"))
        self.assertEqual(self.verdict("flexfec03", flex03[:18] + b"\x70\0"), ("reject", "flexfec-03:stream-truncated@0"))
        flex = struct.pack(">HHIHH", 0x10e0, 2, 1, 65534, 0x7000) + b"xor"
        self.assertEqual(self.verdict("flexfec", packet(flex, csrcs=(9,))), ("accept", "-"))
        self.assertEqual(self.verdict("flexfec", packet(flex)), ("reject", "flexfec:no-stream@0"))
        self.assertEqual(self.verdict("flexfec", packet(packet(b"media"))), ("accept", "-"))


class SequenceTest(Folder):
    def test_fragments_of_obus_are_put_together_across_payloads(self):
        self.assertEqual(self.verdict("av1-rtp", pseq((0, b"\x50\x30\x10"), (1, b"\x90\0\0")), "a.pseq"), ("accept", "-"))
        self.assertEqual(self.verdict("av1-rtp", pseq((0, b"\x10\x30\x10"), (1, b"\x90\0\0")), "b.pseq"),
                         ("reject", "av1-payload:fragment-without-start@6"))

    def test_fragments_are_put_together_across_the_payloads_of_a_sequence(self):
        start, end = b"\x7c\x85" + b"\x88" * 20, b"\x7c\x45" + b"\x99" * 20
        self.assertEqual(self.verdict("h264-rtp", pseq((0, start), (1, end)), "a.pseq"), ("accept", "-"))
        self.assertEqual(self.verdict("h264-rtp", pseq((0, b"\x68\xce\x3c\x80"), (1, end)), "b.pseq"),
                         ("reject", "h264-payload:fragment-without-start@7"))
        # What is left of a frame after a loss is dropped; no payload is to blame.
        self.assertEqual(self.verdict("h264-rtp", pseq((0, start), (3, end)), "c.pseq"), ("accept", "-"))
        self.assertEqual(self.verdict("h264-rtp", pseq((0, start), (1, end))[:-1], "d.pseq"), ("reject", "pseq:truncated@25"))
        self.assertEqual(self.verdict("h264-rtp", b"", "e.pseq"), ("accept", "-"))

        start, end = b"\x62\1\x93" + b"\xaf" * 20, b"\x62\1\x53" + b"\xaf" * 20
        self.assertEqual(self.verdict("h265-rtp", pseq((0, start), (1, end)), "f.pseq"), ("accept", "-"))
        self.assertEqual(self.verdict("h265-rtp", pseq((0, b"\x26\1\xaf"), (1, end)), "g.pseq"),
                         ("reject", "h265-payload:fragment-without-start@6"))
        self.assertEqual(self.verdict("h265-rtp", b"\x64\1\x26\x30abc\x80"), ("accept", "-"))  # PACI
        self.assertEqual(self.verdict("h265-rtp", b"\x64\1\x26\x30ab"), ("reject", "h265-payload:truncated@0"))
        start, end = b"\0\xe9\x88" + b"\xd0" * 20, b"\0\xe9\x48" + b"\xd0" * 20
        self.assertEqual(self.verdict("h266-rtp", pseq((0, start), (1, end)), "h.pseq"), ("accept", "-"))
        self.assertEqual(self.verdict("h266-rtp", pseq((0, end), (1, start)), "i.pseq"), ("accept", "-"))  # dropped as a tail

    def test_partitions_of_vp8_are_put_together(self):
        start, more = b"\x90\x80\x11\x71\0\0abc", b"\x80\x80\x11def"
        self.assertEqual(self.verdict("vp8-rtp", start), ("accept", "-"))
        self.assertEqual(self.verdict("vp8-rtp", b"\x81\x81\x94"), ("reject", "vp8-payload:descriptor-truncated@0"))
        self.assertEqual(self.verdict("vp8-rtp", b"\x10\x10\0\0\x9d\x01\x2b" + b"\x01" * 4), ("reject", "vp8-payload:bad-key-frame@0"))
        self.assertEqual(self.verdict("vp8-rtp", pseq((0, start), (1, more)), "a.pseq"), ("accept", "-"))
        self.assertEqual(self.verdict("vp8-rtp", pseq((1, start), (1, more)), "b.pseq"), ("reject", "vp8-payload:frame-without-start@12"))
        self.assertEqual(self.verdict("vp8-rtp", pseq((0, start), (1, start)), "c.pseq"), ("reject", "vp8-payload:frame-inside-a-frame@12"))
        self.assertEqual(self.verdict("vp8-rtp", pseq((0, start), (3, more)), "d.pseq"), ("accept", "-"))

    def test_layer_frames_of_vp9_are_put_together(self):
        def layer(flags, spatial_id, media=b"\x87\0\0\x08\x40\0"):
            return bytes([0xb0 | flags, 5, spatial_id << 1]) + media
        begin, end = 8, 4
        self.assertEqual(self.verdict("vp9-rtp", layer(begin | end, 0)), ("accept", "-"))
        self.assertEqual(self.verdict("vp9-rtp", b"\xf0\1\0\3\3\3\3"), ("reject", "vp9-payload:bad-descriptor@0"))
        self.assertEqual(self.verdict("vp9-rtp", layer(begin, 0, b"\x42")), ("reject", "vp9-payload:bad-frame-header@0"))
        self.assertEqual(self.verdict("vp9-rtp", pseq((0, layer(begin, 0)), (0, layer(end, 0)), (1, layer(begin | end, 1))), "a.pseq"),
                         ("accept", "-"))
        self.assertEqual(self.verdict("vp9-rtp", pseq((0, layer(begin | end, 0)), (1, layer(end, 1))), "b.pseq"),
                         ("reject", "vp9-payload:layer-frame-without-start@12"))
        self.assertEqual(self.verdict("vp9-rtp", pseq((0, layer(begin, 0)), (1, layer(begin | end, 1))), "c.pseq"),
                         ("reject", "vp9-payload:layer-frame-without-end@12"))

    def test_each_packet_of_opus_stands_alone(self):
        self.assertEqual(self.verdict("opus-rtp", pseq((1, b"\x78abc"), (1, b"")), "a.pseq"), ("accept", "-"))
        self.assertEqual(self.verdict("opus-rtp", pseq((1, b"\x78abc"), (1, b"\x79ab" * 1 + b"c")), "b.pseq"),
                         ("reject", "opus:odd-size-of-two-equal-frames@7"))

    def test_units_of_aac_are_put_together_and_samples_are_taken_as_they_come(self):
        self.assertEqual(self.verdict("aac-rtp", b"\0\x10\0\x18abc"), ("accept", "-"))
        self.assertEqual(self.verdict("aac-rtp", b"\0\x10\0\x19abc"), ("reject", "aac-payload:interleaving-is-not-supported@0"))
        pieces = [(0, b"\0\x10\0\x20ab"), (1, b"\0\x10\0\x20cd")]
        self.assertEqual(self.verdict("aac-rtp", pseq(*pieces), "a.pseq"), ("accept", "-"))
        self.assertEqual(self.verdict("aac-rtp", pseq(pieces[1]), "b.pseq"), ("reject", "aac-payload:bad-continuation@0"))
        # LATM: a unit of three bytes with its configuration, and one with the configuration before.
        first, more = bytes.fromhex("200012101fe01b0b1318"), bytes.fromhex("81b0b13180")
        self.assertEqual(self.verdict("latm-rtp", first), ("accept", "-"))
        self.assertEqual(self.verdict("latm-rtp", more), ("reject", "latm-payload:no-StreamMuxConfig-so-far@0"))
        self.assertEqual(self.verdict("latm-rtp", first + b"d"), ("reject", "latm-payload:bytes-behind-the-element@0"))
        self.assertEqual(self.verdict("latm-rtp", pseq((1, first), (1, more), (0, more[:2]), (1, more[2:])), "l.pseq"),
                         ("accept", "-"))
        for kind in ("g711-rtp", "g722-rtp"):
            self.assertEqual(self.verdict(kind, b"\xff" * 160), ("accept", "-"))
            self.assertEqual(self.verdict(kind, pseq((0, b"\xff" * 160), (2, b"")), "c.pseq"), ("accept", "-"))

    def test_opus_says_its_streams_in_either_form(self):
        self.assertEqual(self.verdict("opus-multistream", b"\x02\xfc\x02\xaa\xbb\xf8\1\2\3"), ("accept", "-"))
        self.assertEqual(self.verdict("opus-multistream", b"\x02\xfc\x02\xaa"), ("reject", "opus-multistream:no-Opus-packet@0"))
        head = b"OpusHead\1\2\x38\1\x80\xbb\0\0\0\0\0"
        self.assertEqual(self.verdict("opus-head", head), ("accept", "-"))
        self.assertEqual(self.verdict("opus-head", head[:-1]), ("reject", "opus-head:truncated@0"))
        self.assertEqual(self.verdict("opus-head", b"\0\2\1\x38\0\0\xbb\x80\0\0\0", "a.dOps"), ("accept", "-"))
        self.assertEqual(self.verdict("opus-head", head, "b.dOps"), ("reject", "opus-head:bad-version@0"))

    def test_keys_and_noise_are_read(self):
        self.assertEqual(self.verdict("cn-rtp", b"\x28\x7f\xff"), ("accept", "-"))
        self.assertEqual(self.verdict("cn-rtp", b"\xa8"), ("reject", "comfort-noise:bad-level@0"))
        self.assertEqual(self.verdict("telephone-event-rtp", b"\x07\x8a\x03\x20"), ("accept", "-"))
        self.assertEqual(self.verdict("telephone-event-rtp", b"\x07\x8a\x03"), ("reject", "telephone-event:truncated@0"))
        self.assertEqual(self.verdict("telephone-event-rtp", pseq((0, b"\x07\x0a\x01\x90"), (0, b"")), "a.pseq"),
                         ("reject", "telephone-event:empty@7"))

    def test_packets_with_time_go_through_the_reorder_buffer_without_heap(self):
        numbers = [65534, 65535, 1, 0, 2, 2, 7, 9, 8, 30000, 30001, 5]
        packets = [(20000, 0, rtp(n, 3000 * n, 0x1234 + i % 6)) for n in numbers for i in range(6)]
        rtcp = struct.pack(">BBHI", 0x80, 201, 1, 0x1234)
        content = seq(*packets, (0, 1, rtcp), (5, 2, rtcp), (5, 2, rtp()), (5, 2, b"\xff"), (10_000_000, 3, b""))
        for kind in ("rtp", "rtcp"):
            self.assertEqual(self.verdict(kind, content, "a.seq", "--strict"), ("accept", "-"))
            code, out, _ = check(kind, os.path.join(self.temporary.name, "a.seq"), "--json")
            self.assertIn(json.loads(out).get("heap_bytes", 0), (0,))
        self.assertEqual(self.verdict("rtp", content + seq((0, 0, bytes(12))), "b.seq"),
                         ("reject", f"rtp:bad-version@{len(content) + 7}"))
        self.assertEqual(self.verdict("rtp", content + b"\0", "c.seq"), ("reject", f"seq:truncated@{len(content)}"))
        self.assertEqual(self.verdict("rtp", seq((0, 4, b"")), "d.seq"), ("reject", "seq:unknown-kind@7"))

    def test_a_format_without_sequences_says_so(self):
        code, out, error = check("vla", self.write(b"", "a.pseq"))
        self.assertEqual((code, out), (1, ""))
        self.assertIn("vla has no sequences", error)


class StreamTest(Folder):
    def pcap(self, records):
        out = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
        for i in range(records):
            out += struct.pack("<IIII", i, 0, 20 + i, 20 + i) + bytes(20 + i)
        return out

    def test_a_stream_in_pieces_gets_the_verdict_of_the_whole(self):
        packet = lambda pid, counter, start=False: struct.pack(">BHB", 0x47, pid | start << 14, 0x10 | counter) + b"\xff" * 184
        streams = {
            "ts": [packet(0x1fff, 0) * 3, packet(0x1fff, 0) + b"junk" + packet(0x1fff, 0), packet(0x1fff, 0)[:100],
                   packet(256, 1, True), b""],
            "pcap": [self.pcap(5), self.pcap(5)[:-3], self.pcap(1) + struct.pack("<IIII", 0, 0, 1 << 31, 0), b"", b"no capture"],
            "rtpdump": [b"#!rtpplay1.0 127.0.0.1/5004\n" + bytes(16) + struct.pack(">HHI", 13, 5, 0) + b"hello", b"#!rtpplay1.0"],
            "flv": [flv((9, b"\x17\1\0\0\0abc"), (8, b"\xaf\1ab"), (18, b"\5")), flv((9, b"\x17\1\0\0\0abc"))[:-6], flv((9, b"\x17\3abc")),
                    flv() + b"\x89" + bytes(20), b"", b"FLV\2", flv((4, b""), (0x29, b"encrypted"))],
            "rtmp-chunks": [full(6, 9, 150, b"\x17\1" + bytes(126)) + b"\xc6" + bytes(22), full(6, 9, 150, bytes(20)), b"\xc3\0", b"",
                            full(2, 1, 4, b"\0\0\0\1") + full(3, 20, 2, b"\5") + b"\xc3\5", full(6, 9, 2, b"\x17\3") + full(6, 9, 0, b"")],
        }
        for kind in ("ogg", "webm", "ivf"):
            folders = ["ivf"] if kind == "ivf" else [f"{kind}_reader"]
            streams[kind] = [file.read_bytes() for folder in folders
                             for file in sorted(pathlib.Path(CORPUS, "mux", folder).iterdir())]
        for kind, contents in streams.items():
            for content in contents:
                whole = self.verdict(kind, content)
                self.assertNotIn("split", self.verdict(kind, content, "file", "--split", "all")[1])
                for split in ("1", "7", "188", "100000"):
                    self.assertEqual(self.verdict(kind, content, "file", "--split", split), whole)

    def test_damage_of_a_transport_stream_is_pointed_at(self):
        null = b"\x47\x1f\xff\x10" + b"\xff" * 184
        self.assertEqual(self.verdict("ts", null * 3), ("accept", "-"))
        self.assertEqual(self.verdict("ts", null * 2 + b"x" + null), ("reject", "ts:no-sync-byte@376"))
        self.assertEqual(self.verdict("ts", null + null[:-1]), ("reject", "ts:cut-short@188"))
        self.assertEqual(self.verdict("ts", b""), ("reject", "ts:no-packet@0"))

    def test_a_malformed_body_is_pointed_at_in_its_stream(self):
        self.assertEqual(self.verdict("flv", flv((9, b"\x17\1\0\0\0abc"), (9, b"\x17\3abc"))), ("reject", "flv-body:bad-packet-type@47"))
        self.assertEqual(self.verdict("flv", flv((18, b"\5\5\x11"))), ("reject", "amf0:AMF3@26"))
        self.assertEqual(self.verdict("flv", flv((8, b"\xaf\1ab"))[:-1]), ("reject", "flv:truncated@28"))
        self.assertEqual(self.verdict("rtmp-chunks", full(3, 20, 1, b"\5") + full(2, 4, 1, b"\0")), ("reject", "rtmp-control:too-short@13"))
        self.assertEqual(self.verdict("rtmp-chunks", full(3, 8, 150, bytes(128)) + full(3, 8, 151, bytes(22))),
                         ("reject", "rtmp:message-changed@140"))

    def test_amf0_is_read_to_its_limits(self):
        self.assertEqual(self.verdict("amf0", b"\x0a\0\0\0\1" * 32 + b"\5", "a", "--strict"), ("accept", "-"))
        self.assertEqual(self.verdict("amf0", b"\x0a\0\0\0\1" * 33 + b"\5", "b", "--strict"), ("reject", "amf0:too-deep@160"))
        self.assertEqual(self.verdict("amf0", b"\5" * 100_000, "c", "--strict"), ("accept", "-"))

    def test_damage_of_containers_is_pointed_at(self):
        corpus = lambda name: pathlib.Path(CORPUS, "mux", name).read_bytes()
        ogg, webm, ivf = corpus("ogg_reader/one"), corpus("webm_reader/known"), corpus("ivf/two_frames")
        for kind, content in (("ogg", ogg), ("webm", webm), ("ivf", ivf)):
            self.assertEqual(self.verdict(kind, content), ("accept", "-"))
            self.assertEqual(self.verdict(kind, content[:-1])[1].split("@")[0], f"{kind}:truncated")
        self.assertEqual(self.verdict("ogg", ogg[:47] + b"x" + ogg[47:]), ("reject", "ogg:no-capture-pattern@47"))
        self.assertEqual(self.verdict("ogg", b""), ("reject", "ogg:no-page@0"))
        self.assertEqual(self.verdict("webm", ogg), ("reject", "webm:no-EBML-header@0"))
        self.assertEqual(self.verdict("ivf", ivf[:32] + b"\xff" * 12), ("reject", "ivf:frame-too-large@32"))

    def test_what_is_read_whole_is_not_split(self):
        code, _, error = check("m3u8", self.write(b"#EXTM3U\n"), "--split", "5")
        self.assertEqual(code, 2)
        self.assertIn("read whole", error)
        self.assertEqual(check("ts", self.write(b""), "--split", "0")[0], 2)
        self.assertEqual(check("ts", self.write(b""), "--split", "x")[0], 2)


class CommandLineTest(Folder):
    def test_reserved_formats_say_what_they_come_with(self):
        _, shown, _ = check("--help")
        for kind in RESERVED:
            code, out, error = check(kind, self.write(b""))
            self.assertEqual((code, out), (2, ""))
            self.assertIn(f"{kind} is reserved: comes with ", error)
            self.assertIn(kind, shown)
        for kind in CORPORA:
            self.assertIn(kind, shown)
        self.assertEqual(check("gif", self.write(b""))[0], 2)
        self.assertEqual(check("rtp")[0], 2)
        self.assertEqual(check()[0], 2)

    def test_names_come_from_the_command_line_directories_and_stdin(self):
        names = [self.write(rtp(), name) for name in ("a", "b/c", "b/d/e", "f")]
        in_order = "".join(f"{name}\n" for name in names)
        listed = lambda *arguments, **more: [line.split("\t")[0] for line in check("rtp", *arguments, **more)[1].splitlines()]
        self.assertEqual(listed(self.temporary.name), names)
        self.assertEqual(listed("-", names=in_order), names)
        self.assertEqual(listed(names[3], "-", names=names[0]), [names[3], names[0]])
        self.assertEqual(listed("-", names=self.temporary.name + "\n\n"), names)
        self.assertEqual(listed("-", names=""), [])

    def test_a_name_cannot_break_the_line(self):
        path = self.write(rtp(), "a\tb\nc\\d")
        out = check("rtp", path)[1]
        self.assertRegex(out, f"^{LINE.pattern}\n$")
        self.assertTrue(out.split("\t")[0].endswith("a\\tb\\nc\\\\d"))
        self.assertEqual(json.loads(check("rtp", path, "--json")[1])["name"], path)

    def test_a_file_that_cannot_be_read_is_told_and_the_others_are_done(self):
        good = self.write(rtp())
        code, out, error = check("rtp", os.path.join(self.temporary.name, "nothing"), good)
        self.assertEqual(code, 1)
        self.assertEqual(len(out.splitlines()), 1)
        self.assertIn("No such file", error)

    def test_extension_ids_are_given_by_short_name_or_uri(self):
        path = self.write(rtp())
        self.assertEqual(check("rtp", path, "--extmap", "1=mid,2=abs-send-time,3=urn:3gpp:video-orientation,14=dd")[0], 0)
        for wrong, words in (("1=nothing", "unknown kind; there are mid"), ("0=mid", "id out of range"), ("x=mid", "id out of range"),
                             ("1=mid,1=rid", "id taken"), ("1=mid,2=mid", "kind taken"), ("mid", "out of range")):
            code, _, error = check("rtp", path, "--extmap", wrong)
            self.assertEqual(code, 2, wrong)
            self.assertIn(words, error)


if __name__ == "__main__":
    unittest.main(verbosity=2)
