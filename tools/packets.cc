// mediacore inspect --packets: every packet of a capture down to its fields.
#include "packets.h"

#include <iostream>
#include <map>

#include "describe.h"
#include "exit_code.h"
#include "fields.h"
#include "mediacore/base/text.h"
#include "mediacore/capture/capture_reader.h"
#include "mediacore/capture/datagram.h"
#include "mediacore/rtp/demux.h"
#include "mediacore/rtp/packet_view.h"
#include "mediacore/sdp/session_view.h"
#include "mediacore/sdp/webrtc_attributes.h"

namespace mediacore::tools {
namespace {

using capture::Datagram;
using rtp::PacketKind;

// Payload types at a port; those of another section where this one says nothing.
class Names final : public PayloadNames {
 public:
  Names(const std::vector<KnownFormat>& formats, std::uint16_t port) : formats_(formats), port_(port) {}
  std::string_view EncodingOf(PayloadType type) const override {
    const KnownFormat* const known = Find(type);
    return known == nullptr ? std::string_view() : known->encoding;
  }
  PayloadType AssociatedWith(PayloadType type) const override {
    const KnownFormat* const known = Find(type);
    return known == nullptr || known->associated < 0 ? type : PayloadType(known->associated);
  }

 private:
  const KnownFormat* Find(PayloadType type) const {
    const KnownFormat* known = nullptr;
    for (const KnownFormat& format : formats_) {
      if (format.payload_type != type.value()) continue;
      if (known == nullptr || format.port == port_) known = &format;
    }
    return known;
  }
  const std::vector<KnownFormat>& formats_;
  std::uint16_t port_;
};

class Printer {
 public:
  Printer(const PacketOptions& options, std::FILE* out) : options_(options), out_(out) {}
  ~Printer() { Flush(); }
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;

  void HandleRecord(const capture::Record& record) {
    if (++number_ == 1) start_ns_ = record.unix_ns;
    if (options_.json) {
      text_ += '{';
      JsonFields fields(text_);
      Describe(record, fields);
      text_ += "}\n";
    } else {
      text_ += "packet";
      TextFields fields(text_);
      Describe(record, fields);
      text_ += '\n';
    }
    if (text_.size() > kBuffer) Flush();
  }
  void Flush() {
    std::fwrite(text_.data(), 1, text_.size(), out_);
    text_.clear();
  }

 private:
  static constexpr std::size_t kBuffer = 1 << 18;

  void Describe(const capture::Record& record, Fields& fields) {
    fields("number", number_);
    fields("time_s", static_cast<double>(SaturatingSubtract(record.unix_ns, start_ns_) / 1000) / 1e6);
    const auto datagram = Datagram::Parse(record.link_type, record.packet);
    if (!datagram) {
      fields("kind", "not udp");
      fields("error", ToString(datagram.error()));
      fields("size", record.packet.size());
      return;
    }
    DescribeEndpoint("source", datagram->source, fields);
    DescribeEndpoint("destination", datagram->destination, fields);
    fields("size", datagram->payload.size());
    const PacketKind kind = rtp::Demultiplex(datagram->payload);
    fields("kind", kind);
    Verdict verdict;
    switch (kind) {
      case PacketKind::kRtp:
        fields.BeginObject("rtp");
        verdict = DescribeRtp(datagram->payload, options_.extensions, DependenciesOf(*datagram), fields);
        DescribePayload(datagram->payload, datagram->destination.port, fields);
        fields.End();
        break;
      case PacketKind::kRtcp:
        fields.BeginObject("rtcp");
        verdict = DescribeRtcp(datagram->payload, fields);
        fields.End();
        break;
      case PacketKind::kStun:
        fields.BeginObject("stun");
        verdict = DescribeStun(datagram->payload, fields);
        fields.End();
        break;
      case PacketKind::kTurnChannel:
        fields.BeginObject("channel_data");
        verdict = DescribeChannelData(datagram->payload, fields);
        fields.End();
        break;
      default: break;
    }
    if (verdict.refusal.empty()) return;
    fields("error", verdict.refusal);
    fields("error_offset", verdict.offset);
  }

  static void DescribeEndpoint(std::string_view name, const Endpoint& endpoint, Fields& fields) {
    fields.BeginObject(name);
    fields.Address("address", endpoint.address);
    fields("port", endpoint.port);
    fields.End();
  }

  // By what the session description says of the payload type.
  void DescribePayload(Bytes datagram, std::uint16_t port, Fields& fields) {
    const auto packet = rtp::PacketView::Parse(datagram);
    if (!packet) return;
    const Names names(options_.formats, port);
    const std::string_view encoding = names.EncodingOf(packet->payload_type());
    if (encoding.empty() || packet->size() == packet->header_size()) return;
    fields.BeginObject("payload");
    fields("encoding", encoding);
    const Verdict verdict = tools::DescribePayload(*packet, encoding, names, fields);
    if (!verdict.refusal.empty()) fields("error", verdict.refusal);
    fields.End();
  }

  // Of each SSRC on its way; those past kMaxStreams share one.
  rtp::DependencyDescriptorReader& DependenciesOf(const Datagram& datagram) {
    StreamKey key{Ssrc(), datagram.source, datagram.destination};
    if (datagram.payload.size() >= rtp::PacketView::kFixedHeaderSize)
      key.ssrc = Ssrc(LoadU32(datagram.payload.data() + 8));
    const auto found = dependencies_.find(key);
    if (found != dependencies_.end()) return found->second;
    return dependencies_[dependencies_.size() < kMaxStreams ? key : StreamKey{}];
  }

  static constexpr std::size_t kMaxStreams = 100;
  struct StreamKey {
    Ssrc ssrc;
    Endpoint source;
    Endpoint destination;
    auto operator<=>(const StreamKey&) const = default;
  };

  const PacketOptions& options_;
  std::map<StreamKey, rtp::DependencyDescriptorReader> dependencies_;
  std::FILE* out_;
  std::string text_;
  std::uint64_t number_ = 0;
  std::int64_t start_ns_ = 0;
};

}  // namespace

rtp::ExtensionMap ExtensionsOf(const std::string& text) {
  rtp::ExtensionMap map;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::string_view name = TakeUntil(rest, ',');
    const std::string entry(name);
    std::uint64_t id = 0;
    const bool good = ParseDecimal(TakeUntil(name, '='), 255, id);
    rtp::ExtensionKind kind = rtp::ExtensionKindOfShortName(name);
    if (kind == rtp::ExtensionKind::kUnknown) kind = rtp::ExtensionKindOf(name);
    const auto added = good ? map.Add(static_cast<int>(id), kind) : rtp::ExtensionMapResult::kBadId;
    if (added == rtp::ExtensionMapResult::kOk) continue;
    std::string sentence = "--extmap " + entry + ": " + std::string(ToString(added));
    if (added == rtp::ExtensionMapResult::kUnknownKind) {
      sentence += "; there are";
      for (int i = 1; i < rtp::kExtensionKindCount; ++i) {
        sentence += (i == 1 ? " " : ", ") + std::string(rtp::ExtensionShortName(static_cast<rtp::ExtensionKind>(i)));
      }
    }
    throw Failure(ExitCode::kUsage, sentence);
  }
  return map;
}

void AddExtensionsOfSdp(std::string_view text, rtp::ExtensionMap& extensions) {
  sdp::SessionView session;
  if (sdp::SessionView::Parse(text, {}, session)) return;
  const auto add = [&extensions](const sdp::Attributes& attributes) {
    for (const sdp::Attribute attribute : attributes) {
      sdp::ExtMap line;
      if (attribute.Name() != sdp::ExtMap::kName || !sdp::ExtMap::Read(attribute.value, line)) continue;
      static_cast<void>(extensions.Add(line.id, rtp::ExtensionKindOf(line.uri)));
    }
  };
  add(session.attributes());
  for (const sdp::MediaView& media : session.media()) add(media.attributes());
}

void PrintPackets(Bytes file, const std::string& name, const PacketOptions& options, std::FILE* out) {
  const auto opened = capture::CaptureReader::Open(file);
  if (!opened) {
    throw Failure(ExitCode::kBadInput, name + ": " + std::string(ToString(opened.error())) +
                                           " at byte 0 (pcap, pcapng and rtpdump are understood)");
  }
  capture::CaptureReader reader = *opened;
  {
    Printer printer(options, out);
    for (capture::Record record; reader.Next(record);) printer.HandleRecord(record);
  }
  if (std::fflush(out) != 0 || std::ferror(out) != 0) throw Failure(ExitCode::kOutput, "cannot write the packets");
  if (reader.error() != capture::CaptureError::kNone) {
    std::cerr << "mediacore inspect: " << name << ": " << ToString(reader.error()) << " at byte " << reader.offset()
              << " of " << file.size() << "; the packets are those before\n";
  }
}

}  // namespace mediacore::tools
