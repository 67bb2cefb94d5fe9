"""`mediacore inspect --packets` and tshark read the same fields out of the same captures.

    tshark_test.py PATH/TO/mediacore PROJECT_ROOT

Each field of a packet is compared as the list of all its values in the packet, in their order. Where tshark 4.0 is
known to be wrong, or shows a field for some packets only, the comparison says so and why.
"""
import calendar
import collections
import itertools
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest

MEDIACORE, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
del sys.argv[1:3]
CAPTURES = os.path.join(ROOT, "..", "shared", "captures")
# Ciphertext: behind the first SSRC of RTCP there is nothing to compare, and padding of RTP is a guess.
ENCRYPTED = ("chromium-aiortc-dtls-srtp.pcap", "chromium-p2p-dtls13-datachannel.wire.pcap", "ffmpeg-h264-srtp.pcap")


def number(text):
    return int(text, 0)


def boolean(text):
    return text in ("1", "True")


def from_hex(text):
    return text.replace(":", "").lower()


def ssrc(text):
    return f"{number(text):08x}"


def text_itself(text):
    return text


def rate(exponent, mantissa):
    return min(number(mantissa) << number(exponent), 2**63 - 1)  # what DataRate makes of it


def unix_ns(text):
    """Aug  3, 2026 12:34:56.123456789 UTC"""
    whole, fraction = re.match(r"(.*)\.(\d{9}) UTC$", text).groups()
    return calendar.timegm(time.strptime(whole, "%b %d, %Y %H:%M:%S")) * 10**9 + int(fraction)


def ntp_as_unix_ns(ntp):
    return (int(ntp[:8], 16) - 2208988800) * 10**9 + (int(ntp[8:], 16) * 10**9 >> 32)


# ---- what a packet of ours has, as flat lists

def extension(packet):
    return packet["rtp"].get("extension", {})


def elements(packet):
    return extension(packet).get("elements", [])


def blocks(packet, *names):
    return [b for b in packet["rtcp"]["blocks"] if not names or b["name"] in names or b.get("message") in names]


def readable(packet, *names):
    return [b for b in blocks(packet, *names) if "error" not in b]


def reports(packet):
    return [r for b in readable(packet, "SR", "RR") for r in b["reports"]]


def remb(packet):
    return [b for b in readable(packet, "AFB") if b.get("identifier") == "REMB"]


def xr(packet, *names):
    return [x for b in readable(packet, "XR") for x in b["xr_blocks"] if not names or x["name"] in names]


def attributes(packet, *names):
    return [a for a in packet["stun"]["attributes"] if not names or a["name"] in names]


def ssrcs(packet):
    """As they stand where a source is told of, not where it speaks."""
    found = []
    for block in readable(packet, "SR", "RR", "SDES", "BYE", "APP", "XR"):
        found += [block["ssrc"]] if "ssrc" in block else []
        found += [r["ssrc"] for r in block.get("reports", [])]
        # A chunk of SDES is a row of items of one source.
        found += [ssrc for ssrc, _ in itertools.groupby(i["ssrc"] for i in block.get("items", []))]
        found += block.get("ssrcs", [])
        found += [a["ssrc"] for x in block.get("xr_blocks", []) for a in x.get("answers", [])]
    return found


# Name in tshark, or several of one thing: (how their text becomes a value, our values).
RTP = {
    "rtp.p_type": (number, lambda p: [p["rtp"]["payload_type"]]),
    "rtp.marker": (boolean, lambda p: [p["rtp"]["marker"]]),
    "rtp.seq": (number, lambda p: [p["rtp"]["sequence_number"]]),
    "rtp.timestamp": (number, lambda p: [p["rtp"]["timestamp"]]),
    "rtp.ssrc": (ssrc, lambda p: [p["rtp"]["ssrc"]]),
    "rtp.cc": (number, lambda p: [len(p["rtp"].get("csrcs", []))]),
    "rtp.csrc.item": (ssrc, lambda p: p["rtp"].get("csrcs", [])),
    "rtp.ext": (boolean, lambda p: ["extension" in p["rtp"]]),
    "rtp.ext.profile": (number, lambda p: [extension(p)["profile"]] if extension(p) else []),
    "rtp.ext.rfc5285.id": (number, lambda p: [e["id"] for e in elements(p)]),
    "rtp.ext.rfc5285.data": (from_hex, lambda p: [e["bytes"] for e in elements(p) if e["bytes"]]),
    "rtp.padding": (boolean, lambda p: [p["rtp"]["padding_size"] > 0]),
    "rtp.padding.count": (number, lambda p: [p["rtp"]["padding_size"]] if p["rtp"]["padding_size"] > 0 else []),
}
RTCP = {
    "rtcp.pt": (number, lambda p: [b["type"] for b in blocks(p)]),
    "rtcp.rtpfb.fmt": (number, lambda p: [b["format"] for b in blocks(p, "RTPFB")]),
    "rtcp.psfb.fmt": (number, lambda p: [b["format"] for b in blocks(p, "PSFB")]),
    "rtcp.senderssrc": (ssrc, lambda p: [b["sender_ssrc"] for b in blocks(p, "SR", "RR", "RTPFB", "PSFB", "XR")]),
    "rtcp.mediassrc": (ssrc, lambda p: [b["media_ssrc"] for b in blocks(p, "RTPFB", "PSFB") if b["message"] != "CCFB"]),
    "rtcp.timestamp.ntp.msw": (number, lambda p: [int(b["ntp_time"][:8], 16) for b in readable(p, "SR")]),
    "rtcp.timestamp.ntp.lsw": (number, lambda p: [int(b["ntp_time"][8:], 16) for b in readable(p, "SR")]),
    "rtcp.timestamp.rtp": (number, lambda p: [b["rtp_timestamp"] for b in readable(p, "SR")]),
    "rtcp.sender.packetcount": (number, lambda p: [b["packet_count"] for b in readable(p, "SR")]),
    "rtcp.sender.octetcount": (number, lambda p: [b["octet_count"] for b in readable(p, "SR")]),
    "rtcp.ssrc.fraction": (number, lambda p: [r["fraction_lost"] for r in reports(p)]),
    "rtcp.ssrc.cum_nr": (number, lambda p: [r["cumulative_lost"] for r in reports(p)]),
    "rtcp.ssrc.ext_high": (number, lambda p: [r["extended_highest_sequence_number"] for r in reports(p)]),
    "rtcp.ssrc.jitter": (number, lambda p: [r["jitter"] for r in reports(p)]),
    "rtcp.ssrc.lsr": (number, lambda p: [r["last_sr"] for r in reports(p)]),
    "rtcp.ssrc.dlsr": (number, lambda p: [r["delay_since_last_sr"] for r in reports(p)]),
    # The reason of a BYE goes by the same name.
    "rtcp.sdes.text": (text_itself, lambda p: [text for b in readable(p, "SDES", "BYE") for text in
                                               [i["value"] for i in b.get("items", [])] + ([b["reason"]] if "reason" in b else [])]),
    # Each number that an entry stands for, the PID first. tshark counts on past 65535.
    "rtcp.rtpfb.nack_pid": (lambda text: number(text) & 0xffff, lambda p: [lost for n in entries(p, "NACK") for lost in n["lost"]]),
    "rtcp.rtpfb.nack_blp": (number, lambda p: [n["bitmask"] for n in entries(p, "NACK")]),
    "rtcp.rtpfb.transportcc.baseseq": (number, lambda p: [b["base_sequence_number"] for b in readable(p, "TWCC")]),
    "rtcp.rtpfb.transportcc.statuscount": (number, lambda p: [b["packet_status_count"] for b in readable(p, "TWCC")]),
    "rtcp.rtpfb.transportcc.reftime": (number, lambda p: [b["reference_time"] for b in readable(p, "TWCC")]),
    "rtcp.rtpfb.transportcc.pktcount": (number, lambda p: [b["feedback_packet_count"] for b in readable(p, "TWCC")]),
    "rtcp.rtpfb.transportcc.pktchunk": (number, lambda p: [c for b in readable(p, "TWCC") for c in b["chunks"]]),
    # tshark shows the 16 bits of a large delta without their sign.
    "rtcp.rtpfb.transportcc.recv_delta": (lambda text: number(text) & 0xffff, lambda p: [d & 0xffff for b in readable(p, "TWCC") for d in b["deltas"]]),
    "rtcp.psfb.remb.fci.number_ssrcs": (number, lambda p: [len(b["ssrcs"]) for b in remb(p)]),
    "rtcp.psfb.remb.fci.ssrc": (ssrc, lambda p: [s for b in remb(p) for s in b["ssrcs"]]),
    "rtcp.psfb.remb.fci.br_exp+rtcp.psfb.remb.fci.br_mantissa": (rate, lambda p: [b["bitrate_bps"] for b in remb(p)]),
    "rtcp.ssrc.identifier": (ssrc, ssrcs),
    "rtcp.xr.timestamp": (unix_ns, lambda p: [ntp_as_unix_ns(x["ntp_time"]) for x in xr(p, "Receiver Reference Time")]),
    "rtcp.xr.bt": (number, lambda p: [x["type"] for x in xr(p)]),
    "rtcp.xr.lrr": (number, lambda p: [a["last_rr"] for x in xr(p, "DLRR") for a in x["answers"]]),
    "rtcp.xr.dlrr": (number, lambda p: [a["delay_since_last_rr"] for x in xr(p, "DLRR") for a in x["answers"]]),
}
def entries(packet, *messages):
    return [e for b in readable(packet, *messages) for e in b["entries"]]


# Files of the corpus that tshark reads otherwise, and wrongly.
WRONG = {
    "congestion_feedback": "4.0 takes what RFC 8888 has in its place for the SSRC of a media source",
    "extended_jitter/": "does not show packet type 195",
    "nack/padded": "takes padding for entries",
    "sli/padded": "takes padding for entries",
    "sdes/no_items": "ours shows no chunk without items",
    "transport_feedback/one_bit_partly": "shows no deltas when the last chunk tells of more packets than there are",
    "transport_feedback/two_bit_partly": "likewise",
    "transport_feedback/run_of_zero": "stops at a run of no packets",
    "transport_feedback/run_reserved": "takes a delta for the reserved symbol",
}
# Of messages that no capture has.
RARE = {
    "rtcp.psfb.fir.fci.ssrc": (ssrc, lambda p: [e["ssrc"] for e in entries(p, "FIR")]),
    "rtcp.psfb.fir.fci.csn": (number, lambda p: [e["sequence_number"] for e in entries(p, "FIR")]),
    "rtcp.psfb.fir.sli.first": (number, lambda p: [e["first"] for e in entries(p, "SLI")]),
    "rtcp.psfb.fir.sli.number": (number, lambda p: [e["number"] for e in entries(p, "SLI")]),
    "rtcp.psfb.fir.sli.picture_id": (number, lambda p: [e["picture_id"] for e in entries(p, "SLI")]),
    "rtcp.rtpfb.tmmbr.fci.ssrc": (ssrc, lambda p: [e["ssrc"] for e in entries(p, "TMMBR", "TMMBN")]),
    # tshark takes 8 bits of the 9.
    "rtcp.rtpfb.tmmbr.fci.measuredoverhead": (lambda text: number(text) & 0xff, lambda p: [e["measured_overhead"] & 0xff for e in entries(p, "TMMBR", "TMMBN")]),
    "rtcp.rtpfb.tmmbr.fci.exp+rtcp.rtpfb.tmmbr.fci.mantissa":
        (rate, lambda p: [e["max_total_bit_rate_bps"] for e in entries(p, "TMMBR", "TMMBN")]),
    "rtcp.app.subtype": (number, lambda p: [b["subtype"] for b in readable(p, "APP")]),
    "rtcp.xr.stats.lost": (number, lambda p: [x["lost_packets"] for x in xr(p, "Statistics Summary") if "lost_packets" in x]),
    "rtcp.xr.voipmetrics.rtdelay": (number, lambda p: [x["round_trip_delay_us"] // 1000 for x in xr(p, "VoIP Metrics")]),
    "rtcp.xr.voipmetrics.rfactor": (number, lambda p: [x["r_factor"] for x in xr(p, "VoIP Metrics")]),
    "rtcp.xr.beginseq": (number, lambda p: [x["begin"] for x in xr(p) if "begin" in x]),
    "rtcp.xr.endseq": (number, lambda p: [x["end"] for x in xr(p) if "end" in x]),
}
ADDRESSES = ("MAPPED-ADDRESS", "XOR-MAPPED-ADDRESS", "ALTERNATE-SERVER", "XOR-PEER-ADDRESS", "XOR-RELAYED-ADDRESS")
CLASS_BITS = {"Request": 0, "Indication": 0x10, "Success Response": 0x100, "Error Response": 0x110}
STUN = {
    "stun.type": (number, lambda p: [p["stun"]["method"] | CLASS_BITS[p["stun"]["class"]]]),
    "stun.id": (from_hex, lambda p: [p["stun"]["transaction_id"]]),
    "stun.att.type": (number, lambda p: [a["type"] for a in attributes(p)]),
    "stun.att.length": (number, lambda p: [a["size"] for a in attributes(p)]),
    "stun.att.username": (text_itself, lambda p: [a["text"] for a in attributes(p, "USERNAME")]),
    "stun.att.priority": (number, lambda p: [a["value"] for a in attributes(p, "PRIORITY")]),
    "stun.att.tie-breaker": (from_hex, lambda p: [a["value"] for a in attributes(p, "ICE-CONTROLLED", "ICE-CONTROLLING")]),
    "stun.att.hmac": (from_hex, lambda p: [a["bytes"] for a in attributes(p, "MESSAGE-INTEGRITY")]),
    "stun.att.crc32": (number, lambda p: [int(a["bytes"], 16) for a in attributes(p, "FINGERPRINT")]),
    "stun.att.crc32.status": (number, lambda p: [{"valid": 1}[p["stun"]["fingerprint"]]] if attributes(p, "FINGERPRINT") else []),
    "stun.att.ipv4": (text_itself, lambda p: [a["address"] for a in attributes(p, *ADDRESSES)]),
    "stun.att.port": (number, lambda p: [a["port"] for a in attributes(p, *ADDRESSES)]),
    "stun.att.google.network_id": (number, lambda p: [a["network_id"] for a in attributes(p, "GOOG-NETWORK-INFO")]),
    "stun.att.google.network_cost": (number, lambda p: [a["network_cost"] for a in attributes(p, "GOOG-NETWORK-INFO")]),
}


def ours(path):
    out = subprocess.run([MEDIACORE, "inspect", "--packets", "--json", path], capture_output=True, check=True, timeout=300).stdout
    return [json.loads(line) for line in out.splitlines()]


def theirs(path, fields, *options):
    """[{field: [text...]}] for each packet"""
    fields = [part for field in fields for part in field.split("+")]
    command = ["tshark", "-n", "-r", path, *options, "-T", "fields"]
    command += ["-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=|"]
    for field in fields:
        command += ["-e", field]
    out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
    return [dict(zip(fields, ([v for v in cell.split("|") if v] for cell in line.split("\t")))) for line in out.splitlines()]


def pcap(payloads, port):
    out = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101)
    for payload in payloads:
        udp = struct.pack(">HHHH", port, port, 8 + len(payload), 0) + payload
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, b"\x7f\0\0\1", b"\x7f\0\0\1")
        out += struct.pack("<IIII", 0, 0, len(ip + udp), len(ip + udp)) + ip + udp
    return out


class TsharkTest(unittest.TestCase):
    def compare(self, packets, dissected, fields, kind, without=()):
        self.assertEqual(len(packets), len(dissected))
        for packet, texts in zip(packets, dissected):
            if packet["kind"] != kind or "error" in packet:
                continue
            self.packets[kind] += 1
            for name, (read, values) in fields.items():
                if name in without:
                    continue
                found = [read(*parts) for parts in zip(*(texts[part] for part in name.split("+")))]
                expected = values(packet)
                self.assertEqual(found, expected, f"packet {packet['number']}: {name}")
                self.fields[kind] += len(expected)

    def test_fields_of_all_captures_are_the_same(self):
        if not os.path.isdir(CAPTURES):
            self.skipTest("the shared captures are not here")
        if shutil.which("tshark") is None:
            self.skipTest("tshark is not installed")
        self.packets, self.fields = collections.Counter(), collections.Counter()
        for name in sorted(os.listdir(CAPTURES)):
            if not name.endswith(".pcap"):
                continue
            with self.subTest(capture=name):
                path = os.path.join(CAPTURES, name)
                packets = ours(path)
                kinds = collections.Counter(p["kind"] for p in packets)
                if kinds["rtp"] or kinds["stun"]:
                    # The dissector for RFC 4733 events takes payload types of its own.
                    seen = theirs(path, [*RTP, *STUN], "--enable-heuristic", "rtp_udp")
                    self.compare(packets, seen, RTP, "rtp", ("rtp.padding.count",) if name in ENCRYPTED else ())
                    self.compare(packets, seen, STUN, "stun")
                if kinds["rtcp"] and name not in ENCRYPTED:
                    ports = {p["destination"]["port"] for p in packets if p["kind"] == "rtcp"}
                    options = [o for port in sorted(ports) for o in ("-d", f"udp.port=={port},rtcp")]
                    self.compare(packets, theirs(path, list(RTCP), *options), RTCP, "rtcp")
        self.tell()
        self.assertGreater(self.packets["rtp"], 10000)

    def test_fields_of_hand_made_messages_are_the_same(self):
        if shutil.which("tshark") is None:
            self.skipTest("tshark is not installed")
        self.packets, self.fields = collections.Counter(), collections.Counter()
        corpus = os.path.join(ROOT, "fuzz", "corpus", "rtcp")
        verdicts = subprocess.run([MEDIACORE, "check", "rtcp", corpus], capture_output=True, text=True, check=True).stdout
        payloads = []
        for line in verdicts.splitlines():
            name, verdict, *_ = line.split("\t")
            # By hand; what the fuzzer found is of no shape that tshark gets through.
            by_hand = not re.fullmatch("[0-9a-f]{40}", os.path.basename(name))
            if verdict == "accept" and by_hand and not any(wrong in name for wrong in WRONG):
                with open(name, "rb") as file:
                    payloads.append(file.read())
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "made.pcap")
            with open(path, "wb") as out:
                out.write(pcap(payloads, 5005))
            packets = ours(path)
            fields = {**RTCP, **RARE}
            self.compare(packets, theirs(path, list(fields), "-d", "udp.port==5005,rtcp"), fields, "rtcp")
        self.tell()

    def tell(self):
        print(", ".join(f"{kind}: {self.packets[kind]} packets, {self.fields[kind]} values" for kind in self.packets), file=sys.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
