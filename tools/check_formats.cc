#include "check_formats.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "mediacore/base/annex_b.h"
#include "mediacore/capture/capture_reader.h"
#include "mediacore/capture/datagram.h"
#include "mediacore/mux/avc_config.h"
#include "mediacore/mux/flv.h"
#include "mediacore/mux/fmp4_fragment_view.h"
#include "mediacore/mux/ts_reader.h"
#include "mediacore/playlist/playlist_parser.h"
#include "mediacore/rtmp/chunk_reader.h"
#include "mediacore/rtp/demux.h"

namespace mediacore::tools {
namespace {

using capture::CaptureError;
using capture::CaptureReader;

std::string_view AsText(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// A parser that needs nothing but the bytes.
template <typename Parse>
class Stateless final : public Subject {
 public:
  explicit Stateless(Parse parse) : parse_(std::move(parse)) {}
  Verdict Run(Bytes file, TouchFields& fields) override { return parse_(file, fields); }

 private:
  Parse parse_;
};
template <typename Parse>
std::unique_ptr<Subject> With(Parse parse) {
  return std::make_unique<Stateless<Parse>>(std::move(parse));
}

// ---- packets

class Rtp final : public Subject {
 public:
  explicit Rtp(const rtp::ExtensionMap& extensions) : extensions_(extensions) {}
  void Prepare() override { dependencies_.Reset(); }
  Verdict Run(Bytes file, TouchFields& fields) override {
    return DescribeRtp(file, extensions_, dependencies_, fields);
  }

 private:
  rtp::ExtensionMap extensions_;
  rtp::DependencyDescriptorReader dependencies_;
};
std::unique_ptr<Subject> MakeRtp(std::string_view extension, const rtp::ExtensionMap& extensions) {
  if (extension == ".seq") return MakePacketSequence(extensions);
  return std::make_unique<Rtp>(extensions);
}
std::unique_ptr<Subject> MakeRtcp(std::string_view extension, const rtp::ExtensionMap& extensions) {
  return extension == ".seq" ? MakePacketSequence(extensions) : With(DescribeRtcp);
}

class DependencyDescriptor final : public Subject {
 public:
  void Prepare() override { reader_.Reset(); }
  Verdict Run(Bytes file, TouchFields& fields) override { return DescribeDependencyDescriptor(file, reader_, fields); }

 private:
  rtp::DependencyDescriptorReader reader_;
};
std::unique_ptr<Subject> MakeDependencyDescriptor(std::string_view extension, const rtp::ExtensionMap&) {
  if (extension == ".pseq") return MakeDependencyDescriptorSequence();
  return std::make_unique<DependencyDescriptor>();
}

// ---- payloads

template <Verdict (*kDescribeNal)(Bytes, Fields&)>
Verdict DescribeAnnexB(Bytes file, Fields& fields) {
  AnnexBReader reader(file);
  Verdict verdict;
  fields.BeginList("units");
  for (Bytes nal; reader.Next(nal);) {
    fields.BeginObject("");
    const Verdict unit = kDescribeNal(nal, fields);
    fields.End();
    if (verdict.refusal.empty() && !unit.refusal.empty()) {
      verdict = {unit.refusal, static_cast<std::size_t>(nal.data() - file.data())};
    }
  }
  fields.End();
  return verdict;
}
Verdict DescribeAvcConfig(Bytes file, Fields& fields) {
  const auto config = mux::AvcConfigView::Parse(file);
  if (!config) return {ToString(config.error()), 0};
  Verdict verdict;
  fields("nal_length_size", config->nal_length_size());
  fields.BeginList("units");
  auto sets = config->parameter_sets();
  for (Bytes nal; sets.Next(nal);) {
    fields.BeginObject("");
    const Verdict unit = DescribeH264Nal(nal, fields);
    fields.End();
    if (verdict.refusal.empty() && !unit.refusal.empty()) {
      verdict = {unit.refusal, static_cast<std::size_t>(nal.data() - file.data())};
    }
  }
  fields.End();
  return verdict;
}
std::unique_ptr<Subject> MakeH264(std::string_view extension, const rtp::ExtensionMap&) {
  if (extension == ".pseq") return MakeH264Sequence();
  if (extension == ".nal") return With(DescribeH264Nal);
  if (extension == ".annexb") return With(DescribeAnnexB<DescribeH264Nal>);
  if (extension == ".avcC") return With(DescribeAvcConfig);
  return With(DescribeH264Payload);
}
std::unique_ptr<Subject> MakeAv1(std::string_view extension, const rtp::ExtensionMap&) {
  if (extension == ".pseq") return MakeAv1Sequence();
  if (extension == ".obu") return With(DescribeAv1Obus);
  if (extension == ".av1C") return With(DescribeAv1Config);
  return With(DescribeAv1Payload);
}

std::unique_ptr<Subject> MakeH265(std::string_view extension, const rtp::ExtensionMap&) {
  if (extension == ".pseq") return MakeH265Sequence();
  if (extension == ".nal") return With(DescribeH265Nal);
  if (extension == ".annexb") return With(DescribeAnnexB<DescribeH265Nal>);
  if (extension == ".hvcC") return With(DescribeHvcc);
  return With(DescribeH265Payload);
}
std::unique_ptr<Subject> MakeH266(std::string_view extension, const rtp::ExtensionMap&) {
  if (extension == ".pseq") return MakeH266Sequence();
  if (extension == ".nal") return With(DescribeH266Nal);
  if (extension == ".annexb") return With(DescribeAnnexB<DescribeH266Nal>);
  return With(DescribeH266Payload);
}

// ---- documents

template <typename Playlist>
Verdict ReadPlaylist(Bytes file, Playlist& playlist) {
  if (const auto refused = playlist::Parse(AsText(file), {}, playlist)) {
    return {ToString(refused->cause), refused->offset};
  }
  return {};
}
Verdict ReadM3u8(Bytes file, Fields& fields) {
  if (playlist::IsMultivariant(AsText(file))) {
    playlist::MultivariantPlaylist list;
    const Verdict verdict = ReadPlaylist(file, list);
    for (const auto& variant : list.variants) fields("uri", variant.uri);
    return verdict;
  }
  playlist::MediaPlaylist list;
  const Verdict verdict = ReadPlaylist(file, list);
  for (const auto& segment : list.segments) {
    fields("uri", segment.uri);
    fields("duration_us", segment.duration);
    for (const auto& part : segment.parts) fields("uri", part.uri);
  }
  return verdict;
}

Verdict ReadMp4(Bytes file, Fields& fields) {
  const auto init = mux::InitView::Parse(file);
  if (!init) return {ToString(init.error()), 0};
  for (const mux::TrackConfig& track : init->tracks()) {
    fields("id", track.id);
    fields("timescale", track.timescale);
    fields("codec_config", track.codec_config);
  }
  for (std::size_t at = init->size();;) {
    const auto fragment = mux::FragmentView::Parse(file, at, *init);
    if (!fragment && fragment.error() == mux::FragmentError::kEnd) return {};
    if (!fragment) return {ToString(fragment.error()), at};
    fields("sequence_number", fragment->sequence_number());
    for (const mux::TrackConfig& track : init->tracks()) {
      auto samples = fragment->samples(track.id);
      for (mux::Sample sample; samples.Next(sample);) {
        fields("dts", sample.dts);
        fields("data", sample.data);
      }
    }
    at = fragment->end();
  }
}

// ---- streams

// Whole, or in growing stretches as a file that is still being written.
class Capture final : public Subject {
 public:
  explicit Capture(bool rtpdump) : rtpdump_(rtpdump) {}
  void set_split(std::size_t bytes) override { split_ = bytes; }

  Verdict Run(Bytes file, TouchFields& fields) override {
    // The formats are told apart by their first bytes: those are never split.
    std::size_t given = split_ == 0 ? file.size() : std::min(file.size(), std::max(split_, kHead));
    const auto opened = CaptureReader::Open(file.first(given));
    if (!opened) return {ToString(opened.error()), 0};
    CaptureReader reader = *opened;
    if ((reader.format() == CaptureReader::Format::kRtpdump) != rtpdump_) {
      return {ToString(CaptureError::kNotACapture), 0};
    }
    for (;;) {
      for (capture::Record record; reader.Next(record);) Touch(record, fields);
      if (given == file.size()) break;
      if (reader.error() != CaptureError::kNone && reader.error() != CaptureError::kTruncated) break;
      given = std::min(file.size(), given + split_);
      const auto offset = static_cast<std::size_t>(reader.offset());
      if (offset <= given) reader.Refill(file.subspan(offset, given - offset));
    }
    if (reader.error() == CaptureError::kNone) return {};
    return {ToString(reader.error()), static_cast<std::size_t>(reader.offset())};
  }

 private:
  static constexpr std::size_t kHead = 4096;

  static void Touch(const capture::Record& record, Fields& fields) {
    fields("unix_ns", record.unix_ns);
    fields("original_length", record.original_length);
    fields("packet", record.packet);
    const auto datagram = capture::Datagram::Parse(record.link_type, record.packet);
    if (!datagram) return fields("not_udp", ToString(datagram.error()));
    fields("source_port", datagram->source.port);
    fields("destination_port", datagram->destination.port);
    fields("kind", rtp::ToString(rtp::Demultiplex(datagram->payload)));
  }

  bool rtpdump_;
  std::size_t split_ = 0;
};
template <bool kRtpdump>
std::unique_ptr<Subject> MakeCapture(std::string_view, const rtp::ExtensionMap&) {
  return std::make_unique<Capture>(kRtpdump);
}

// Refused at the first packet that something is wrong with; lost and scrambled
// packets are nobody's mistake.
class TransportStream final : public Subject {
 public:
  TransportStream() : video_(4 << 20), audio_(1 << 20) {}
  void set_split(std::size_t bytes) override { split_ = bytes; }

  void Prepare() override { reader_.emplace(video_, audio_); }

  Verdict Run(Bytes file, TouchFields& fields) override {
    const auto sink = [&fields](const mux::TsAccessUnit& unit) {
      fields("pts", unit.pts);
      fields("dts", unit.dts);
      fields("data", unit.data);
    };
    std::size_t done = 0;
    std::size_t given = 0;
    do {
      given = split_ == 0 ? file.size() : std::min(file.size(), given + split_);
      done += reader_->Read(file.subspan(done, given - done), sink);
    } while (given < file.size());
    reader_->Flush(sink);
    const std::string_view refusal = Damage(reader_->stats());
    if (!refusal.empty()) return {refusal, FindDamage(file)};
    if (reader_->stats().packets == 0) return {"ts: no packet", 0};
    if (done < file.size()) return {"ts: cut short", done};
    return {};
  }

 private:
  static std::string_view Damage(const mux::TsReader::Stats& stats) {
    if (stats.skipped_bytes > 0) return "ts: no sync byte";
    if (stats.bad_packets > 0) return "ts: bad packet";
    if (stats.section_errors > 0) return "ts: bad section";
    if (stats.pes_errors > 0) return "ts: bad PES packet";
    if (stats.adts_errors > 0) return "ts: bad ADTS frame";
    if (stats.overflows > 0) return "ts: PES packet too large";
    return {};
  }
  // Once more, packet by packet.
  std::size_t FindDamage(Bytes file) {
    Prepare();
    std::size_t done = 0;
    while (file.size() - done >= mux::kTsPacketSize) {
      const std::size_t moved = reader_->Read(file.subspan(done, mux::kTsPacketSize), [](const auto&) {});
      if (!Damage(reader_->stats()).empty()) return done;
      done += moved;
    }
    return done;
  }

  std::size_t split_ = 0;
  std::vector<std::uint8_t> video_, audio_;
  std::optional<mux::TsReader> reader_;
};
std::unique_ptr<Subject> MakeTs(std::string_view, const rtp::ExtensionMap&) {
  return std::make_unique<TransportStream>();
}

// A payload by itself, or what its depacketiser makes of a row of them.
template <Verdict (*kDescribe)(Bytes, Fields&), std::unique_ptr<Subject> (*kMakeSequence)()>
std::unique_ptr<Subject> MakePayload(std::string_view extension, const rtp::ExtensionMap&) {
  return extension == ".pseq" ? kMakeSequence() : With(kDescribe);
}
// Refused at the first tag that is malformed; where the file itself is, nothing follows.
class Flv final : public Subject {
 public:
  Flv() : storage_(mux::kFlvMaxBody) {}
  void set_split(std::size_t bytes) override { split_ = bytes; }

  Verdict Run(Bytes file, TouchFields& fields) override {
    mux::FlvReader reader(storage_);
    Verdict verdict;
    const auto sink = [&](const mux::FlvTag& tag) {
      const Verdict body = DescribeFlvTag(tag, fields);
      if (!verdict.refusal.empty() || body.refusal.empty()) return;
      // The tag has been taken: its body lies in front of where the reader is.
      verdict = {body.refusal, static_cast<std::size_t>(reader.offset()) - tag.body.size() + body.offset};
    };
    ForEachPiece(file, split_, [&](Bytes piece) { reader.Read(piece, sink); });
    const mux::FlvError error = reader.Finish();
    if (!verdict.refusal.empty() || error == mux::FlvError::kNone) return verdict;
    return {ToString(error), static_cast<std::size_t>(reader.offset())};
  }

 private:
  std::size_t split_ = 0;
  std::vector<std::uint8_t> storage_;
};
std::unique_ptr<Subject> MakeFlv(std::string_view, const rtp::ExtensionMap&) { return std::make_unique<Flv>(); }

// One direction of a connection, behind the handshake. Refused at the last chunk of the
// first message that is malformed; where chunks are, nothing follows.
class RtmpChunks final : public Subject {
 public:
  RtmpChunks() : storage_(std::make_unique_for_overwrite<std::uint8_t[]>(kOpen * rtmp::kMaxMessageSize)) {}
  void set_split(std::size_t bytes) override { split_ = bytes; }

  Verdict Run(Bytes file, TouchFields& fields) override {
    rtmp::ChunkReader reader({storage_.get(), kOpen * rtmp::kMaxMessageSize}, {});
    Verdict verdict;
    const auto sink = [&](const rtmp::Message& message) {
      const Verdict inner = DescribeRtmpMessage(message, fields);
      if (!verdict.refusal.empty() || inner.refusal.empty()) return;
      verdict = {inner.refusal, static_cast<std::size_t>(reader.offset())};
    };
    ForEachPiece(file, split_, [&](Bytes piece) { reader.Read(piece, sink); });
    const rtmp::ChunkError error = reader.Finish();
    if (!verdict.refusal.empty() || error == rtmp::ChunkError::kNone) return verdict;
    return {ToString(error), static_cast<std::size_t>(reader.offset())};
  }

 private:
  static constexpr std::size_t kOpen = 8;  // messages; memory that is not touched is not there

  std::size_t split_ = 0;
  std::unique_ptr<std::uint8_t[]> storage_;
};
std::unique_ptr<Subject> MakeRtmpChunks(std::string_view, const rtp::ExtensionMap&) {
  return std::make_unique<RtmpChunks>();
}

std::unique_ptr<Subject> MakeOpusHead(std::string_view extension, const rtp::ExtensionMap&) {
  return With(extension == ".dOps" ? DescribeDops : DescribeOpusHead);
}
template <Verdict (*kRead)(Bytes, Fields&)>
std::unique_ptr<Subject> Make(std::string_view, const rtp::ExtensionMap&) {
  return With(kRead);
}

template <PayloadDescriber kDescribe>
std::unique_ptr<Subject> MakeLone(std::string_view extension, const rtp::ExtensionMap&) {
  return extension == ".pseq" ? MakeLonePayloadSequence(kDescribe) : With(kDescribe);
}

template <std::unique_ptr<Subject> (*kMake)()>
std::unique_ptr<Subject> MakeContainer(std::string_view, const rtp::ExtensionMap&) {
  return kMake();
}

using enum LimitClass;
constexpr auto kFormats = std::to_array<Format>({
    {.name = "rtp", .what = "RTP packet", .packet_sequences = true, .make = MakeRtp},
    {.name = "rtcp", .what = "RTCP packet, compound or of reduced size", .packet_sequences = true, .make = MakeRtcp},
    {.name = "twcc", .what = "transport-wide feedback, one RTCP block", .make = Make<DescribeTransportWide>},
    {.name = "stun", .what = "STUN or TURN message", .make = Make<DescribeStun>},
    {.name = "dd", .what = "dependency descriptor", .payload_sequences = true, .make = MakeDependencyDescriptor},
    {.name = "vla", .what = "video layers allocation", .make = Make<DescribeVideoLayersAllocation>},
    {.name = "sdp", .what = "session description", .make = Make<DescribeSdp>},
    {.name = "h264-rtp",
     .what = "RTP payload of H.264; .nal, .annexb, .avcC",
     .payload_sequences = true,
     .make = MakeH264},
    {.name = "h265-rtp",
     .what = "RTP payload of H.265; .nal, .annexb, .hvcC",
     .payload_sequences = true,
     .make = MakeH265},
    {.name = "h266-rtp", .what = "RTP payload of H.266; .nal, .annexb", .payload_sequences = true, .make = MakeH266},
    {.name = "vp8-rtp",
     .what = "RTP payload of VP8",
     .payload_sequences = true,
     .make = MakePayload<DescribeVp8Payload, MakeVp8Sequence>},
    {.name = "vp9-rtp",
     .what = "RTP payload of VP9",
     .payload_sequences = true,
     .make = MakePayload<DescribeVp9Payload, MakeVp9Sequence>},
    {.name = "av1-rtp", .what = "RTP payload of AV1; .obu, .av1C", .payload_sequences = true, .make = MakeAv1},
    {.name = "opus-rtp",
     .what = "RTP payload of Opus",
     .payload_sequences = true,
     .make = MakePayload<DescribeOpusPayload, MakeOpusSequence>},
    {.name = "opus-multistream",
     .what = "the number of streams in a byte, then an Opus packet of so many",
     .make = Make<DescribeOpusMultistream>},
    {.name = "opus-head", .what = "OpusHead of Ogg and WebM; .dOps of MP4", .make = MakeOpusHead},
    {.name = "aac-rtp",
     .what = "RTP payload of AAC, mode AAC-hbr",
     .payload_sequences = true,
     .make = MakePayload<DescribeAacPayload, MakeAacSequence>},
    {.name = "latm-rtp",
     .what = "RTP payload of MP4A-LATM, configuration in band",
     .payload_sequences = true,
     .make = MakePayload<DescribeLatmPayload, MakeLatmSequence>},
    {.name = "g711-rtp",
     .what = "RTP payload of PCMU or PCMA, one channel",
     .payload_sequences = true,
     .make = MakePayload<DescribeG711Payload, MakeG711Sequence>},
    {.name = "g722-rtp",
     .what = "RTP payload of G722, one channel",
     .payload_sequences = true,
     .make = MakePayload<DescribeG722Payload, MakeG722Sequence>},
    {.name = "cn-rtp", .what = "RTP payload of comfort noise", .make = Make<DescribeComfortNoise>},
    {.name = "telephone-event-rtp",
     .what = "RTP payload of telephone events",
     .payload_sequences = true,
     .make = MakePayload<DescribeTelephoneEvent, MakeTelephoneEventSequence>},
    {.name = "rtx", .what = "retransmission, an RTP packet", .payload_sequences = true, .make = MakeLone<DescribeRtx>},
    {.name = "red", .what = "RTP payload of RED", .payload_sequences = true, .make = MakeLone<DescribeRed>},
    {.name = "fec", .what = "RTP payload of ULPFEC", .payload_sequences = true, .make = MakeLone<DescribeUlpFec>},
    {.name = "flexfec03",
     .what = "RTP payload of FlexFEC, draft 03",
     .payload_sequences = true,
     .make = MakeLone<DescribeFlexFec03>},
    {.name = "flexfec",
     .what = "FlexFEC of RFC 8627, an RTP packet",
     .payload_sequences = true,
     .make = MakeLone<DescribeFlexFec>},
    {.name = "amf0", .what = "AMF0 values", .make = Make<DescribeAmf0>},
    {.name = "rtmp-chunks", .what = "chunks of RTMP", .limits = kStream, .incremental = true, .make = MakeRtmpChunks},
    {.name = "flv", .what = "FLV", .limits = kStream, .incremental = true, .make = MakeFlv},
    {.name = "mp4", .what = "fragmented MP4", .limits = kDocument, .make = Make<ReadMp4>},
    {.name = "ts", .what = "MPEG transport stream", .limits = kDocument, .incremental = true, .make = MakeTs},
    {.name = "ogg", .what = "Ogg", .limits = kStream, .incremental = true, .make = MakeContainer<MakeOgg>},
    {.name = "webm",
     .what = "WebM or Matroska",
     .limits = kStream,
     .incremental = true,
     .make = MakeContainer<MakeWebm>},
    {.name = "ivf", .what = "IVF", .limits = kStream, .incremental = true, .make = MakeContainer<MakeIvf>},
    {.name = "m3u8", .what = "HLS playlist", .limits = kDocument, .make = Make<ReadM3u8>},
    {.name = "pcap", .what = "pcap or pcapng", .limits = kDocument, .incremental = true, .make = MakeCapture<false>},
    {.name = "rtpdump", .what = "rtpdump", .limits = kDocument, .incremental = true, .make = MakeCapture<true>},
    {.name = "sframe", .what = "SFrame"},
    {.name = "jwt", .what = "tokens"},
    {.name = "sctp", .what = "data channels"},
    {.name = "dcep", .what = "data channels"},
});

}  // namespace

std::span<const Format> CheckFormats() { return kFormats; }

const Format* FindCheckFormat(std::string_view name) {
  const auto format = std::find_if(kFormats.begin(), kFormats.end(), [&](const Format& f) { return f.name == name; });
  return format == kFormats.end() ? nullptr : &*format;
}

CheckLimits LimitsOf(LimitClass limits, std::uint64_t bytes, std::uint64_t packets) {
  const auto size = static_cast<double>(bytes);
  const std::uint64_t output = 64 * packets + 64 * bytes;
  if (limits == LimitClass::kPacket) return {static_cast<double>(packets) + 0.02 * size, 0, output};
  const std::uint64_t heap = 65536 + 64 * bytes;
  if (limits == LimitClass::kStream) return {static_cast<double>(packets) + 0.02 * size, heap, output};
  return {10 + 0.1 * size, heap, output};
}

std::uint64_t MaxFileSize(LimitClass limits, bool sequence) {
  if (limits == LimitClass::kPacket) return sequence ? 64 << 20 : 1 << 20;
  return 1 << 28;
}

}  // namespace mediacore::tools
