#ifndef MEDIACORE_CODEC_AAC_DEPACKETIZER_H_
#define MEDIACORE_CODEC_AAC_DEPACKETIZER_H_

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "mediacore/base/bit_reader.h"
#include "mediacore/base/expected.h"
#include "mediacore/codec/encoded_frame.h"

namespace mediacore::codec {

// What is wrong with one packet of AAC, in the order looked.
enum class AacPayloadError : std::uint8_t {
  kNone,
  kTruncated,       // no AU-headers-length, or the headers run past the end
  kBadHeaderSize,   // the length is not that of a whole number of AU-headers
  kInterleaved,     // an AU-Index or AU-Index-delta that is not 0
  kEmptyUnit,       // an access unit of no bytes
  kBadUnitSize,     // the sizes are not those of the bytes that follow
  kBadContinuation, // a fragment that does not make its unit whole
  kTooLarge,        // more than the caller's storage holds
};
inline constexpr std::size_t kAacPayloadErrors = 8;

constexpr std::string_view ToString(AacPayloadError error) {
  switch (error) {
    case AacPayloadError::kNone: return "aac payload: fine";
    case AacPayloadError::kTruncated: return "aac payload: truncated";
    case AacPayloadError::kBadHeaderSize: return "aac payload: bad AU-headers-length";
    case AacPayloadError::kInterleaved: return "aac payload: interleaving is not supported";
    case AacPayloadError::kEmptyUnit: return "aac payload: empty access unit";
    case AacPayloadError::kBadUnitSize: return "aac payload: sizes and bytes differ";
    case AacPayloadError::kBadContinuation: return "aac payload: bad continuation";
    case AacPayloadError::kTooLarge: return "aac payload: access unit too large";
  }
  return "aac payload: unknown";
}

// What the fmtp line of mode=AAC-hbr says (RFC 3640, sections 3.3.6 and 4.1);
// values outside the ranges are clamped to them.
struct AacPacketFormat {
  int size_length = 13;        // sizeLength, 1 to 32
  int index_length = 3;        // indexLength, 0 to 32
  int index_delta_length = 3;  // indexDeltaLength, 0 to 32
  std::uint32_t ticks_per_frame = 1024;  // of the RTP clock
};

// The AU-headers in front of a payload (RFC 3640, section 3.2.1), checked:
//
//   | AU-headers-length, 16 bits | AU-header ... | to a whole byte | data
//
// An AU-header is the size of its access unit and an index (the first) or an
// index delta (the others), which are 0 without interleaving.
class AacPayloadView {
 public:
  static constexpr Expected<AacPayloadView, AacPayloadError> Parse(
      Bytes payload, const AacPacketFormat& format);

  constexpr std::size_t unit_count() const { return unit_count_; }
  // One unit, of which there is only a piece.
  constexpr bool is_fragment() const { return unit_size_ > data_.size(); }
  // Of the first unit, whole.
  constexpr std::size_t unit_size() const { return unit_size_; }
  constexpr Bytes data() const { return data_; }
  constexpr BitReader headers() const { return BitReader(headers_); }

 private:
  constexpr AacPayloadView(Bytes headers, Bytes data, std::size_t count,
                           std::size_t size)
      : headers_(headers), data_(data), unit_count_(count), unit_size_(size) {}

  Bytes headers_;
  Bytes data_;
  std::size_t unit_count_;
  std::size_t unit_size_;
};

constexpr AacPacketFormat ClampFormat(AacPacketFormat format) {
  format.size_length = std::clamp(format.size_length, 1, 32);
  format.index_length = std::clamp(format.index_length, 0, 32);
  format.index_delta_length = std::clamp(format.index_delta_length, 0, 32);
  return format;
}

constexpr Expected<AacPayloadView, AacPayloadError> AacPayloadView::Parse(
    Bytes payload, const AacPacketFormat& raw_format) {
  using enum AacPayloadError;
  const AacPacketFormat format = ClampFormat(raw_format);
  if (payload.size() < 2) return kTruncated;
  const std::size_t bits = LoadU16(payload.data());
  const std::size_t bytes = (bits + 7) / 8;
  if (bytes > payload.size() - 2) return kTruncated;
  const auto first =
      static_cast<std::size_t>(format.size_length + format.index_length);
  const auto other =
      static_cast<std::size_t>(format.size_length + format.index_delta_length);
  if (bits < first || (bits - first) % other != 0) return kBadHeaderSize;
  const std::size_t count = 1 + (bits - first) / other;
  const Bytes headers = payload.subspan(2, bytes);
  const Bytes data = payload.subspan(2 + bytes);

  BitReader reader(headers);
  std::uint64_t sum = 0;
  std::size_t first_size = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t size = reader.ReadBits(format.size_length);
    if (reader.ReadBits(i == 0 ? format.index_length
                               : format.index_delta_length) != 0) {
      return kInterleaved;
    }
    if (size == 0) return kEmptyUnit;
    if (i == 0) first_size = size;
    sum += size;
    if (count > 1 && sum > data.size()) return kBadUnitSize;
  }
  if (sum < data.size() || data.empty()) return kBadUnitSize;
  return AacPayloadView(headers, data, count, first_size);
}

// Gives out the access units of an AAC stream sent as RFC 3640, mode AAC-hbr:
// several in a packet, or one over several packets.
//
//   AacDepacketizer depacketizer(frame_storage, format);
//   if (auto error = depacketizer.HandlePacket(packet); error != kNone) Count(error);
//   EncodedFrame frame;
//   while (depacketizer.PollFrame(frame)) Use(frame);
//
// Packets come in the order of their sequence numbers, each once. The payload
// is copied once; frames are good until the next HandlePacket() or Flush(). The
// second unit of a packet has the timestamp of the first plus ticks_per_frame,
// and so on. A unit in fragments is given out when its last byte is here; a
// loss, another timestamp or another size before that drops it, once. The first
// unit after something was lost, dropped or refused has lost_before.
//
// Memory: itself and the caller's storage; a payload (or a unit in fragments)
// above it is dropped and counted. No heap.
class AacDepacketizer {
 public:
  using Error = AacPayloadError;

  struct Counters {
    std::uint64_t packets = 0;
    std::uint64_t frames = 0;
    std::uint64_t dropped_incomplete = 0;
    std::uint64_t dropped_too_large = 0;
    std::uint64_t not_polled = 0;  // of `frames`: nobody asked in time
    std::array<std::uint64_t, kAacPayloadErrors> errors{};  // [0]: fine
  };

  explicit AacDepacketizer(MutableBytes frame_storage,
                           const AacPacketFormat& format = {})
      : storage_(frame_storage), format_(ClampFormat(format)), headers_({}) {}

  Error HandlePacket(const RtpPayload& packet) {
    ForgetPolled();
    ++counters_.packets;
    if (packet.lost_before) {
      lost_ = true;
      DropOpen();
    }
    const Error error =
        packet.payload.empty() ? Error::kNone : Handle(packet);
    lost_ = lost_ || error != Error::kNone;
    ++counters_.errors[static_cast<std::size_t>(error)];
    return error;
  }

  [[nodiscard]] bool PollFrame(EncodedFrame& out) {
    if (units_left_ == 0) return false;
    const std::size_t size =
        whole_ ? ReadSize() : expected_;
    out = EncodedFrame{.codec = Codec::kAac,
                       .rtp_timestamp = timestamp_,
                       .key_frame = true,
                       .data = Bytes(storage_).subspan(at_, size),
                       .lost_before = lost_};
    lost_ = false;
    at_ += size;
    timestamp_ = timestamp_ + format_.ticks_per_frame;
    --units_left_;
    return true;
  }

  // The stream ends here: what is incomplete is dropped.
  void Flush() {
    ForgetPolled();
    DropOpen();
    dropping_ = false;
  }

  const Counters& counters() const { return counters_; }

 private:
  Error Handle(const RtpPayload& packet);
  Error HandleFragment(const AacPayloadView& view, const RtpPayload& packet);

  std::size_t ReadSize() {
    const std::size_t size = headers_.ReadBits(format_.size_length);
    headers_.Skip(static_cast<std::size_t>(
        first_ ? format_.index_length : format_.index_delta_length));
    first_ = false;
    return size;
  }
  void ForgetPolled() {
    counters_.not_polled += units_left_;
    units_left_ = 0;
  }
  // The unit in fragments will not be whole any more.
  void DropOpen() {
    if (!open_) return;
    ++counters_.dropped_incomplete;
    open_ = false;
    lost_ = dropping_ = true;
  }

  MutableBytes storage_;
  AacPacketFormat format_;

  // The unit in fragments: `end_` of `expected_` bytes are here.
  bool open_ = false;
  bool dropping_ = false;  // the rest of a unit that was dropped
  bool lost_ = false;      // something, and no unit has told it yet
  RtpTimestamp fragment_timestamp_;
  std::size_t expected_ = 0;
  std::size_t end_ = 0;

  // What is still to be polled.
  std::size_t units_left_ = 0;
  bool whole_ = false;  // the units of one packet, sizes from `headers_`
  bool first_ = false;
  BitReader headers_;
  std::size_t at_ = 0;
  RtpTimestamp timestamp_;
  Counters counters_;
};

inline AacPayloadError AacDepacketizer::Handle(const RtpPayload& packet) {
  const auto view = AacPayloadView::Parse(packet.payload, format_);
  if (!view) {
    DropOpen();
    return view.error();
  }
  if (packet.rtp_timestamp != fragment_timestamp_ || !view->is_fragment()) {
    DropOpen();
    dropping_ = false;
  }
  if (view->is_fragment()) return HandleFragment(*view, packet);
  // The headers are kept too: PollFrame() reads the sizes from them.
  const Bytes payload = packet.payload;
  if (payload.size() > storage_.size()) {
    ++counters_.dropped_too_large;
    return Error::kTooLarge;
  }
  std::memcpy(storage_.data(), payload.data(), payload.size());
  at_ = payload.size() - view->data().size();
  headers_ = BitReader(Bytes(storage_).subspan(2, at_ - 2));
  units_left_ = view->unit_count();
  whole_ = first_ = true;
  timestamp_ = packet.rtp_timestamp;
  counters_.frames += units_left_;
  return Error::kNone;
}

inline AacPayloadError AacDepacketizer::HandleFragment(
    const AacPayloadView& view, const RtpPayload& packet) {
  if (dropping_) {
    dropping_ = !packet.marker;
    return Error::kNone;
  }
  if (!open_) {
    fragment_timestamp_ = packet.rtp_timestamp;
    expected_ = view.unit_size();
    end_ = 0;
    if (expected_ > storage_.size()) {
      ++counters_.dropped_too_large;
      dropping_ = !packet.marker;
      return Error::kTooLarge;
    }
    open_ = true;
  }
  // Every fragment says the size of the whole, and the marker is on the last:
  // one that is missing, also the first, shows here.
  const Bytes piece = view.data();
  if (view.unit_size() != expected_ || piece.size() > expected_ - end_ ||
      (packet.marker && piece.size() != expected_ - end_)) {
    DropOpen();
    dropping_ = !packet.marker;
    return Error::kBadContinuation;
  }
  std::memcpy(storage_.data() + end_, piece.data(), piece.size());
  end_ += piece.size();
  if (end_ == expected_) {
    open_ = false;
    dropping_ = !packet.marker;  // pieces after the last byte belong to nothing
    whole_ = false;
    units_left_ = 1;
    at_ = 0;
    timestamp_ = packet.rtp_timestamp;
    ++counters_.frames;
  }
  return Error::kNone;
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_AAC_DEPACKETIZER_H_
