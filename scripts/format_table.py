#!/usr/bin/env python3
"""What each wire format has, read out of the files: docs/formats.md.

A header under include/mediacore/<room>/ is a format, and a row, unless NO_FORMAT
says why it is none. Fails when the page is stale or a cell is missing; --write
puts the tables there."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
ROOMS = ["rtp", "rtcp", "stun", "sdp", "codec", "mux", "rtmp", "capture"]
COLUMNS = ["view", "writer", "test per error", "fuzz", "sabotage", "bench", "docs"]

# Headers that are no format of their own, and why.
NO_FORMAT = {
    "rtp/cryptex": "which bytes of a packet are encrypted; marks a packet in place, which `packet_view.h` reads",
    "rtp/demux": "tells RTP from its neighbours on the port by the first bytes; reads no further",
    "rtp/encrypted_extensions": "which extensions the SDP says are encrypted, and the mask over their bytes; no bytes of its own",
    "rtp/extension_map": "which id means which extension: agreed in SDP, never sent in RTP",
    "rtp/extension_table": "an index over the elements that `packet_view.h` has proved",
    "rtp/extension_value": "what the typed values share: errors, reading one out of a packet",
    "rtp/fec_mask": "which packets FEC protects; `ulpfec.h`, `flexfec03.h` and `flexfec.h` read and write the masks",
    "rtp/fec_recovery": "the header fields inside FEC, and the XOR over packets; `ulpfec.h` and its kin read and write them",
    "rtp/header_extension": "walks over the elements that `packet_view.h` has proved; `packet_writer.h` writes them",
    "rtp/packet_rewriter": "changes a packet in place; reads through `packet_view.h`",
    "rtcp/block_writer": "what the writers of blocks share",
    "rtcp/congestion_feedback_builder": "collects arrivals into what `congestion_feedback.h` writes",
    "rtcp/transport_feedback_builder": "collects arrivals into what `transport_feedback.h` writes",
    "stun/address": "an address inside an attribute; read and written by `attributes.h`",
    "stun/attribute_reader": "walks over the attributes that `message_view.h` has proved; `message_writer.h` writes them",
    "stun/attribute_type": "numbers and names",
    "stun/integrity": "MESSAGE-INTEGRITY and FINGERPRINT, computed over a message; `attributes.h` reads their values",
    "stun/message_type": "numbers and names",
    "codec/codec_guess": "which codec payloads are of; reads through the views of each",
    "codec/codec_string": "names of codecs for playlists, RFC 6381",
    "codec/depacketizer": "what the depacketisers have in common, as a concept",
    "codec/frame_depacketizer": "how frames begin and end, for all formats of video",
    "codec/encoded_frame": "what depacketisers give and muxers take",
    "codec/whole_packet_depacketizer": "the depacketiser of formats that put one frame into each packet",
    "mux/flv_enhanced": "what bodies of audio and video tags share; `flv_audio.h` and `flv_video.h` read and write them",
    "mux/file_patch": "bytes for a place in a file, which `webm_writer.h` gives",
    "mux/webm_id": "numbers and names",
    "mux/gatherer": "puts together what a stream brings in pieces; no bytes of its own",
    "mux/sample": "a frame with its times",
    "mux/track": "what a container says of a track",
    "mux/video_entry": "names of the sample entries of MP4, which `fmp4_init_view.h` reads and `fmp4_init_writer.h` writes",
    "sdp/attribute_name": "names of attributes, and which of them belong where",
    "sdp/fields": "what readers and writers of lines share",
    "sdp/format_parameters": "the parameters inside `a=fmtp`: any text is a list of them",
    "sdp/lines": "the values of single lines, which `session_view.h` gives and `sdp_writer.h` prints",
    "sdp/rtp_media": "what the lines of a media section that `session_view.h` has proved mean together",
    "sdp/session_description": "the model that `sdp_writer.h` writes, filled from `session_view.h`",
    "sdp/typed_attribute": "finds an attribute by its type in a session or media section",
}
# Headers that together are one format and one row: what reads, and what else
# belongs to it. A cell that one of them fills is filled.
TOGETHER = {
    "codec/aac_depacketizer": ["codec/aac_packetizer"],
    "codec/av1_depacketizer": ["codec/av1_packetizer"],
    "codec/av1_sequence_header": ["codec/av1_frame_header"],
    "codec/h264": ["codec/h264_sps", "codec/nal_units", "codec/avcc_writer"],
    "codec/h264_depacketizer": ["codec/h264_packetizer"],
    "codec/telephone_event": ["codec/telephone_event_reader"],
    "codec/latm_depacketizer": ["codec/latm_packetizer"],
    "codec/h265": ["codec/h265_nal", "codec/h265_profile", "codec/h265_sps"],
    "codec/h265_depacketizer": ["codec/h265_packetizer", "codec/nal_assembler"],
    "codec/h266": ["codec/h266_nal"],
    "codec/sample_audio": ["codec/sample_audio_depacketizer", "codec/sample_audio_packetizer"],
    "codec/opus": ["codec/opus_depacketizer", "codec/opus_packetizer", "codec/redundant_opus_depacketizer"],
    "codec/vp8_depacketizer": ["codec/vp8_packetizer"],
    "codec/vp9_depacketizer": ["codec/vp9_packetizer"],
    "mux/box_view": ["mux/box_writer"],
    "mux/fmp4_fragment_view": ["mux/fmp4_fragment_writer"],
    "mux/fmp4_init_view": ["mux/fmp4_init_writer"],
    "mux/webm_reader": ["mux/webm_writer", "mux/webm_block", "mux/webm_track"],
    "mux/ogg_reader": ["mux/ogg_writer", "mux/ogg_opus_writer", "mux/ogg_page", "mux/opus_tags"],
    "mux/ts_reader": ["mux/ts_writer", "mux/ts_packet"],
    "mux/ts_tables": ["mux/ts_section_buffer"],
    "capture/capture_reader": ["capture/pcap_reader", "capture/pcapng_reader", "capture/rtpdump_reader",
                               "capture/pcap_writer", "capture/record"],
}
# Formats that go one way, or whose other way lies in another room, and why.
ONE_WAY = {
    "codec/vp9_frame_header": ("writer", "encoders write these; their bytes are passed on"),
    "codec/h265": ("writer", "`hvcc.h`"),
    "codec/h266": ("writer", "parameter sets are passed on as they came"),
    "codec/h266_depacketizer": ("writer", "frames of H.266 are received, not sent"),
    "mux/avc_config": ("writer", "`codec/avcc_writer.h`"),
    "capture/datagram": ("writer", "`pcap_writer.h`"),
}
# A view and a writer of one format that lie in two headers.
PAIRS = [("rtp/packet_view", "rtp/packet_writer"), ("stun/message_view", "stun/message_writer"),
         ("capture/rtpdump_reader", "capture/rtpdump_writer"),
         ("rtcp/block_view", "rtcp/block_writer"), ("sdp/session_view", "sdp/sdp_writer"),
         ("rtmp/chunk_reader", "rtmp/chunk_writer")]
PARTS = {part for parts in TOGETHER.values() for part in parts}
WRITER_OF = dict(PAIRS)
VIEW_OF = {writer: view for view, writer in PAIRS}

READS = re.compile(r"^[^/\n]*\b(?:constexpr|static)\b[^/\n;=]*\b(?:Parse|TakeFrom|Read)\("
                   r"|\b(?:class|struct) \w+(?:Depacketizer|Reader)\b", re.MULTILINE)
WRITES = re.compile(r"^[^/\n]*\b(?:bool|void) Write\w*\(|\b(?:class|struct) \w+(?:Writer|Packetizer)\b", re.MULTILINE)
ALIAS = re.compile(r"^using \w+ = \w+<", re.MULTILINE)
ENUM = re.compile(r"enum class (\w+Error)\b[^{]*\{(.*?)\};", re.DOTALL)
CAUSE = re.compile(r"(?<!case )(?<!== )(?<!!= )\b(\w+Error)::(k\w+)")
CLASS = re.compile(r"^(?:class|struct|using) (\w+)", re.MULTILINE)


def text_of(path):
    return path.read_text() if path.is_file() else ""


def enums_in(header):
    """The error enums that a header defines: name -> enumerators."""
    return {name: re.findall(r"^\s*(k\w+)", re.sub(r"//.*", "", body), re.MULTILINE)
            if "\n" in body else re.findall(r"\bk\w+", body)
            for name, body in ENUM.findall(header)}


def causes_in(header):
    """What a header returns; naming one in a ToString() or to compare with it is not returning it."""
    return set(CAUSE.findall(header))


def size_of(corpus):
    return sum(1 for file in corpus.rglob("*") if file.is_file()) if corpus.is_dir() else 0


class Room:
    def __init__(self, name):
        self.name = name
        self.headers = {f"{name}/{file.stem}": file.read_text()
                        for file in sorted((ROOT / "include/mediacore" / name).glob("*.h"))}
        self.page = text_of(ROOT / f"docs/{name}.md")
        self.returned = set().union(*map(causes_in, self.headers.values()), set())

    def row(self, thing):
        """One for all headers of a format: the first cell that is filled."""
        rows = [self.cells(part) for part in [thing, *TOGETHER.get(thing, [])]]
        cells = {}
        for column in COLUMNS:
            filled = [row[column] for row in rows if not row[column].startswith("MISSING")]
            cells[column] = filled[0] if filled else rows[0][column]
        column = "test per error"
        counts = [row[column] for row in rows if row[column] != "none of its own"]
        bad = [count for count in counts if count.startswith("MISSING")]
        cells[column] = bad[0] if bad else self.sum_of(counts)
        if thing in ONE_WAY:
            column, why = ONE_WAY[thing]
            if cells[column].startswith("MISSING"):
                cells[column] = why
        return cells

    @staticmethod
    def sum_of(counts):
        if not counts:
            return "none of its own"
        parts = [count.split("/") for count in counts]
        return "/".join(str(sum(int(part[i]) for part in parts)) for i in (0, 1))

    def cells(self, thing):
        header = self.headers[thing]
        short = thing.split("/")[1]
        cells = {}
        cells["view"] = self.view_or_writer(READS, VIEW_OF, thing, "Parse, TakeFrom or Read")
        cells["writer"] = self.view_or_writer(WRITES, WRITER_OF, thing, "Write or Writer")
        cells["test per error"] = self.errors(thing, header)
        inputs = size_of(ROOT / f"fuzz/corpus/{thing}")
        target = (ROOT / f"fuzz/{thing}_fuzz.cc").is_file()
        cells["fuzz"] = "MISSING: target" if not target else f"{inputs} inputs" if inputs else "MISSING: corpus"
        cells["sabotage"] = "yes" if (ROOT / f"fuzz/{thing}.sabotage").is_file() else "MISSING: patch"
        cells["bench"] = "yes" if (ROOT / f"bench/{thing}_bench.cc").is_file() else "MISSING: benchmark"
        named = [name for name in [f"{short}.h", *CLASS.findall(header)] if name in self.page]
        cells["docs"] = f"[{self.name}]({self.name}.md)" if named else f"MISSING: docs/{self.name}.md"
        return cells

    def view_or_writer(self, pattern, elsewhere, thing, what):
        header = self.headers[thing]
        if pattern.search(header):
            return "yes"
        others = [elsewhere[thing]] if thing in elsewhere else []
        if ALIAS.search(header):  # of a template of the room
            others += re.findall(r'#include "mediacore/(\w+/\w+)\.h"', header)
        for other in others:
            if pattern.search(self.headers.get(other, "")):
                return f"`{other.split('/')[1]}.h`"
        return f"MISSING: {what}"

    def errors(self, thing, header):
        """n/n: of the causes that it returns, and of those that it defines and
        nobody returns, how many a test that includes it names."""
        defined = {(name, cause) for name, causes in enums_in(header).items() for cause in causes}
        wanted = causes_in(header) | (defined - self.returned)
        if not wanted:
            return "none of its own"
        whole = next((key for key, parts in TOGETHER.items() if thing in parts), thing)
        lines = [f'#include "mediacore/{part}.h"' for part in [whole, *TOGETHER.get(whole, [])]]
        tests = "".join(text for file in sorted((ROOT / "tests" / self.name).glob("*.cc"))
                        if any(line in (text := file.read_text()) for line in lines))
        # Who shares an enum tests its causes, too.
        everyone = "".join(file.read_text() for file in (ROOT / "tests" / self.name).glob("*.cc"))
        missing = sorted(cause for name, cause in wanted if not re.search(rf"\b{cause}\b", tests)
                         and not ((name, cause) in defined and f"{name}::{cause}" in everyone))
        count = f"{len(wanted) - len(missing)}/{len(wanted)}"
        return count if not missing else f"MISSING: {count}, no test names {', '.join(missing)}"


def tables():
    lines, missing = [], []
    for name in ROOMS:
        room = Room(name)
        lines += [f"## {name}", "", "| | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
        for thing in room.headers:
            if thing in NO_FORMAT or thing in PARTS:
                continue
            cells = room.row(thing)
            name = ", ".join(part.split("/")[1] for part in [thing, *TOGETHER.get(thing, [])])
            lines.append(f"| {name} | " + " | ".join(cells[column] for column in COLUMNS) + " |")
            missing += [f"{thing}: {column}: {cell}" for column, cell in cells.items() if cell.startswith("MISSING")]
        others = [f"- `{thing.split('/')[1]}.h`: {why}" for thing, why in NO_FORMAT.items() if thing in room.headers]
        if others:
            lines += ["", "No formats of their own:", "", *others]
        lines.append("")
    return "\n".join(lines), missing


def check_checker():
    """The patterns see what they must, whatever the tree looks like today."""
    assert READS.search("  static constexpr Expected<View, BadError> Parse(const BlockView& block) noexcept {")
    assert READS.search("[[nodiscard]] constexpr bool Read(std::string_view value, Candidate& out) {")
    assert not READS.search("    if (!reader.ReadU16(length)) return false;\n  // Parse(Write(x))")
    assert WRITES.search("  [[nodiscard]] constexpr bool Write(MutableBytes out) const {")
    assert WRITES.search("struct NackWriter {") and not WRITES.search("    writer.WriteU8(1);")
    header = "enum class BadError : int {\n  kOne,  // kNot\n  kTwo,\n};\ncase BadError::kOne: return BadError::kTwo;"
    assert enums_in(header) == {"BadError": ["kOne", "kTwo"]}
    assert causes_in(header) == {("BadError", "kTwo")}


def main():
    check_checker()
    drawn, missing = tables()
    page = ROOT / "docs/formats.md"
    text = page.read_text()
    block = re.compile(r"(<!-- formats -->\n)(.*?)(<!-- /formats -->)", re.DOTALL)
    wrong = [f"{thing} has no header" for thing in {*NO_FORMAT, *TOGETHER, *PARTS, *ONE_WAY}
             if not (ROOT / f"include/mediacore/{thing}.h").is_file()]
    if "--write" in sys.argv:
        page.write_text(block.sub(lambda m: m[1] + drawn + m[3], text))
    elif not block.search(text) or block.search(text)[2] != drawn:
        wrong.append("docs/formats.md shows other tables: run scripts/format_table.py --write")
    for line in missing + wrong:
        print(line)
    print(f"{drawn.count(chr(10) + '| ') - len(ROOMS)} formats, {len(missing)} cells missing")
    sys.exit(1 if missing or wrong else 0)


main()
