#include <array>
#include <optional>
#include <tuple>
#include <vector>

#include "check_formats.h"
#include "mediacore/base/byte_reader.h"
#include "mediacore/codec/aac_depacketizer.h"
#include "mediacore/codec/av1_depacketizer.h"
#include "mediacore/codec/h264_depacketizer.h"
#include "mediacore/codec/h265_depacketizer.h"
#include "mediacore/codec/h266_depacketizer.h"
#include "mediacore/codec/latm_depacketizer.h"
#include "mediacore/codec/opus.h"
#include "mediacore/codec/opus_depacketizer.h"
#include "mediacore/codec/sample_audio_depacketizer.h"
#include "mediacore/codec/telephone_event_reader.h"
#include "mediacore/codec/vp8_depacketizer.h"
#include "mediacore/codec/vp9_depacketizer.h"
#include "mediacore/jitter/reorder_buffer.h"
#include "mediacore/rtp/demux.h"
#include "mediacore/rtp/packet_view.h"
#include "mediacore/stats/receive_statistics.h"

namespace mediacore::tools {
namespace {

// One entry of a .pseq file:
//
//   u16 length, u8 flags (bit 0: marker, bit 1: a packet was lost before), payload
//
// A marked payload is the last of its RTP timestamp.
class PayloadSequence {
 public:
  struct Entry {
    std::size_t offset = 0;
    bool marker = false;
    bool lost_before = false;
    Bytes payload;
  };

  explicit PayloadSequence(Bytes file) : size_(file.size()), reader_(file) {}
  // False at the end, or where the file is cut: then at() is before it.
  [[nodiscard]] bool Next(Entry& out) {
    ByteReader ahead = reader_;
    std::uint16_t length = 0;
    std::uint8_t flags = 0;
    if (!ahead.ReadU16(length) || !ahead.ReadU8(flags) || !ahead.ReadBytes(length, out.payload)) return false;
    out.offset = at();
    out.marker = (flags & 1) != 0;
    out.lost_before = (flags & 2) != 0;
    reader_ = ahead;
    return true;
  }
  std::size_t at() const { return size_ - reader_.remaining(); }
  bool ok() const { return reader_.empty(); }

 private:
  std::size_t size_;
  ByteReader reader_;
};

std::uint64_t CountPayloads(Bytes file) {
  PayloadSequence sequence(file);
  std::uint64_t count = 1;
  for (PayloadSequence::Entry entry; sequence.Next(entry);) ++count;
  return count;
}

// Accepted when every payload was taken; what is refused does not end the reading.
template <typename Handle>
Verdict ForEachPayload(Bytes file, Handle&& handle) {
  PayloadSequence sequence(file);
  Verdict verdict;
  for (PayloadSequence::Entry entry; sequence.Next(entry);) {
    const std::string_view refusal = handle(entry);
    if (verdict.refusal.empty() && !refusal.empty()) verdict = {refusal, entry.offset};
  }
  if (verdict.refusal.empty() && !sequence.ok()) return {"pseq: truncated", sequence.at()};
  return verdict;
}

template <typename Error>
std::string_view Refusal(Error error, Bytes) {
  return error == Error::kNone ? std::string_view() : ToString(error);
}
std::string_view Refusal(codec::OpusPayloadError error, Bytes payload) {
  if (error == codec::OpusPayloadError::kNone) return {};
  if (error != codec::OpusPayloadError::kBadPacket) return ToString(error);
  return ToString(codec::OpusPacketView::Parse(payload).error());
}

// `formats`: what the depacketiser is told besides its storage.
template <typename Depacketizer, typename... Formats>
class Payloads final : public Subject {
 public:
  explicit Payloads(const Formats&... formats) : storage_(2'000'000), formats_(formats...) {}
  void Prepare() override {
    std::apply([this](const auto&... formats) { depacketizer_.emplace(storage_, formats...); }, formats_);
  }
  std::uint64_t Packets(Bytes file) const override { return CountPayloads(file); }

  Verdict Run(Bytes file, TouchFields& fields) override {
    RtpTimestamp timestamp;
    const auto poll = [&] {
      for (codec::EncodedFrame frame; depacketizer_->PollFrame(frame);) {
        fields("rtp_timestamp", frame.rtp_timestamp);
        fields("key_frame", frame.key_frame);
        fields("data", frame.data);
      }
    };
    const Verdict verdict = ForEachPayload(file, [&](const PayloadSequence::Entry& entry) {
      const auto error = depacketizer_->HandlePacket({timestamp, entry.marker, entry.lost_before, entry.payload});
      poll();
      if (entry.marker) timestamp = RtpTimestamp(timestamp.value() + 3000);
      return Refusal(error, entry.payload);
    });
    depacketizer_->Flush();
    poll();
    return verdict;
  }

 private:
  std::vector<std::uint8_t> storage_;
  std::tuple<Formats...> formats_;
  std::optional<Depacketizer> depacketizer_;
};
std::unique_ptr<Subject> MakeSampleAudio(Codec encoding) {
  using Format = codec::SampleAudioFormat;
  return std::make_unique<Payloads<codec::SampleAudioDepacketizer, Format>>(Format{encoding});
}

// What the reader tells of the events, and of the packets what its view says.
class TelephoneEvents final : public Subject {
 public:
  std::uint64_t Packets(Bytes file) const override { return CountPayloads(file); }
  Verdict Run(Bytes file, TouchFields& fields) override {
    codec::TelephoneEventReader reader;
    const auto sink = [&fields](const codec::TelephoneEventChange& change) {
      fields("event", change.event);
      fields("rtp_timestamp", change.rtp_timestamp);
      fields("duration", change.duration);
    };
    RtpTimestamp timestamp;
    const Verdict verdict = ForEachPayload(file, [&](const PayloadSequence::Entry& entry) {
      const bool read = reader.HandlePacket({timestamp, entry.marker, entry.lost_before, entry.payload}, sink);
      if (entry.marker) timestamp = RtpTimestamp(timestamp.value() + 3000);
      return read ? std::string_view() : ToString(codec::TelephoneEventView::Parse(entry.payload).error());
    });
    reader.Flush(sink);
    return verdict;
  }
};

// Payloads that have nothing to do with each other.
class LonePayloads final : public Subject {
 public:
  explicit LonePayloads(PayloadDescriber describe) : describe_(describe) {}
  std::uint64_t Packets(Bytes file) const override { return CountPayloads(file); }
  Verdict Run(Bytes file, TouchFields& fields) override {
    return ForEachPayload(
        file, [&](const PayloadSequence::Entry& entry) { return describe_(entry.payload, fields).refusal; });
  }

 private:
  PayloadDescriber describe_;
};

// Descriptors of one stream: a structure holds until the next.
class DependencyDescriptors final : public Subject {
 public:
  void Prepare() override { reader_.Reset(); }
  std::uint64_t Packets(Bytes file) const override { return CountPayloads(file); }
  Verdict Run(Bytes file, TouchFields& fields) override {
    return ForEachPayload(file, [&](const PayloadSequence::Entry& entry) {
      return DescribeDependencyDescriptor(entry.payload, reader_, fields).refusal;
    });
  }

 private:
  rtp::DependencyDescriptorReader reader_;
};

// One entry of a .seq file:
//
//   u32 microseconds since the one before, u16 length, u8 kind, bytes
//
// RTP goes on to a reorder buffer and the statistics of its SSRC, of which the
// first kStreams are followed.
class PacketSequence final : public Subject {
 public:
  explicit PacketSequence(const rtp::ExtensionMap& extensions) : extensions_(extensions) { streams_.reserve(kStreams); }

  void Prepare() override {
    // Nothing of the run before is left, and all memory is there.
    streams_.clear();
    for (std::size_t i = 0; i < kStreams; ++i) streams_.emplace_back();
    followed_ = 0;
    other_dependencies_.Reset();
  }
  std::uint64_t Packets(Bytes file) const override {
    std::uint64_t count = 1;
    ByteReader reader(file);
    for (Entry entry; Next(reader, entry);) ++count;
    return count;
  }

  Verdict Run(Bytes file, TouchFields& fields) override {
    Verdict verdict;
    ByteReader reader(file);
    auto now = Timestamp::Zero();
    for (Entry entry; Next(reader, entry);) {
      const std::size_t at = file.size() - reader.remaining() - entry.bytes.size();
      now += TimeDelta::Micros(entry.delta_us);
      const Verdict packet = Handle(now, entry, fields);
      if (verdict.refusal.empty() && !packet.refusal.empty()) verdict = {packet.refusal, at + packet.offset};
      for (std::size_t i = 0; i < followed_; ++i) Drain(streams_[i], now, fields);
    }
    for (std::size_t i = 0; i < followed_; ++i) {
      streams_[i].buffer.Flush();
      Drain(streams_[i], now, fields);
      fields("missing", streams_[i].statistics.missing());
      fields("jitter_us", streams_[i].statistics.jitter());
    }
    if (verdict.refusal.empty() && !reader.empty()) return {"seq: truncated", file.size() - reader.remaining()};
    return verdict;
  }

 private:
  static constexpr std::size_t kStreams = 4;
  using Buffer = jitter::ReorderBuffer<Bytes>;

  enum Kind : std::uint8_t { kRtp = 0, kRtcp = 1, kUdp = 2, kTime = 3 };
  struct Entry {
    std::uint32_t delta_us = 0;
    std::uint8_t kind = 0;
    Bytes bytes;
  };
  struct Stream {
    Ssrc ssrc;
    rtp::DependencyDescriptorReader dependencies;
    Buffer buffer = Buffer::Create({}).value();
    stats::ReceiveStatistics statistics =
        stats::ReceiveStatistics::Create({.clock_rate = Frequency::Hertz(90'000)}).value();
  };

  [[nodiscard]] static bool Next(ByteReader& reader, Entry& out) {
    ByteReader ahead = reader;
    std::uint16_t length = 0;
    if (!ahead.ReadU32(out.delta_us) || !ahead.ReadU16(length) || !ahead.ReadU8(out.kind) ||
        !ahead.ReadBytes(length, out.bytes)) {
      return false;
    }
    reader = ahead;
    return true;
  }

  Verdict Handle(Timestamp now, const Entry& entry, Fields& fields) {
    switch (entry.kind) {
      case kRtp: return HandleRtp(now, entry.bytes, fields);
      case kRtcp: return DescribeRtcp(entry.bytes, fields);
      case kUdp:
        switch (rtp::Demultiplex(entry.bytes)) {
          case rtp::PacketKind::kRtp: return HandleRtp(now, entry.bytes, fields);
          case rtp::PacketKind::kRtcp: return DescribeRtcp(entry.bytes, fields);
          case rtp::PacketKind::kStun: return DescribeStun(entry.bytes, fields);
          case rtp::PacketKind::kTurnChannel: return DescribeChannelData(entry.bytes, fields);
          default: return {};
        }
      case kTime: return {};
      default: return {"seq: unknown kind", 0};
    }
  }
  Verdict HandleRtp(Timestamp now, Bytes bytes, Fields& fields) {
    const auto packet = rtp::PacketView::Parse(bytes);
    Stream* const stream = packet ? StreamOf(packet->ssrc()) : nullptr;
    auto& dependencies = stream == nullptr ? other_dependencies_ : stream->dependencies;
    const Verdict verdict = DescribeRtp(bytes, extensions_, dependencies, fields);
    if (stream == nullptr) return verdict;
    stream->statistics.OnPacket(now, packet->sequence_number(), packet->timestamp(),
                                DataSize::Bytes(static_cast<std::int64_t>(bytes.size())));
    Bytes handle = bytes;
    fields("outcome", ToString(stream->buffer.Insert(now, packet->sequence_number(), bytes.size(), std::move(handle))));
    return verdict;
  }
  Stream* StreamOf(Ssrc ssrc) {
    for (std::size_t i = 0; i < followed_; ++i) {
      if (streams_[i].ssrc == ssrc) return &streams_[i];
    }
    if (followed_ == kStreams) return nullptr;
    streams_[followed_].ssrc = ssrc;
    return &streams_[followed_++];
  }
  static void Drain(Stream& stream, Timestamp now, Fields& fields) {
    for (Buffer::Popped popped; stream.buffer.Pop(now, popped);) {
      fields("sequence_number", popped.sequence_number);
      fields("lost_before", popped.lost_before);
    }
  }

  rtp::ExtensionMap extensions_;
  rtp::DependencyDescriptorReader other_dependencies_;  // of packets of no stream that is followed
  std::vector<Stream> streams_;
  std::size_t followed_ = 0;
};

}  // namespace

std::unique_ptr<Subject> MakePacketSequence(const rtp::ExtensionMap& extensions) {
  return std::make_unique<PacketSequence>(extensions);
}
std::unique_ptr<Subject> MakeDependencyDescriptorSequence() { return std::make_unique<DependencyDescriptors>(); }
std::unique_ptr<Subject> MakeLonePayloadSequence(PayloadDescriber describe) {
  return std::make_unique<LonePayloads>(describe);
}
std::unique_ptr<Subject> MakeH264Sequence() { return std::make_unique<Payloads<codec::H264Depacketizer>>(); }
std::unique_ptr<Subject> MakeH265Sequence() { return std::make_unique<Payloads<codec::H265Depacketizer>>(); }
std::unique_ptr<Subject> MakeH266Sequence() { return std::make_unique<Payloads<codec::H266Depacketizer>>(); }
std::unique_ptr<Subject> MakeVp8Sequence() { return std::make_unique<Payloads<codec::Vp8Depacketizer>>(); }
std::unique_ptr<Subject> MakeVp9Sequence() { return std::make_unique<Payloads<codec::Vp9Depacketizer>>(); }
std::unique_ptr<Subject> MakeAv1Sequence() { return std::make_unique<Payloads<codec::Av1Depacketizer>>(); }
std::unique_ptr<Subject> MakeOpusSequence() { return std::make_unique<Payloads<codec::OpusDepacketizer>>(); }
std::unique_ptr<Subject> MakeAacSequence() { return std::make_unique<Payloads<codec::AacDepacketizer>>(); }
std::unique_ptr<Subject> MakeLatmSequence() { return std::make_unique<Payloads<codec::LatmDepacketizer>>(); }
std::unique_ptr<Subject> MakeG711Sequence() { return MakeSampleAudio(Codec::kPcmu); }
std::unique_ptr<Subject> MakeTelephoneEventSequence() { return std::make_unique<TelephoneEvents>(); }
std::unique_ptr<Subject> MakeG722Sequence() { return MakeSampleAudio(Codec::kG722); }

}  // namespace mediacore::tools
