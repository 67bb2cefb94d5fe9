#ifndef MEDIACORE_CODEC_AV1_AGGREGATION_H_
#define MEDIACORE_CODEC_AV1_AGGREGATION_H_

#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"

namespace mediacore::codec {

// Why bytes are not a payload of AV1, in the order the parser looks.
enum class Av1AggregationError : std::uint8_t {
  kTooShort,      // no aggregation header
  kNewAndOld,     // N and Z: a sequence that begins inside an OBU
  kNoElement,     // nothing behind the header
  kBadLength,     // a length that is no leb128 of at most 8 bytes and 32 bits
  kTruncated,     // a length that runs past the end, or fewer elements than W says
  kEmptyElement,  // no byte, and no fragment either
};

constexpr std::string_view ToString(Av1AggregationError error) {
  switch (error) {
    case Av1AggregationError::kTooShort: return "av1 aggregation: too short";
    case Av1AggregationError::kNewAndOld: return "av1 aggregation: new sequence inside an OBU";
    case Av1AggregationError::kNoElement: return "av1 aggregation: no element";
    case Av1AggregationError::kBadLength: return "av1 aggregation: bad length";
    case Av1AggregationError::kTruncated: return "av1 aggregation: truncated";
    case Av1AggregationError::kEmptyElement: return "av1 aggregation: empty element";
  }
  return "av1 aggregation: unknown";
}

// One RTP payload of AV1, seen in place (RTP Payload Format For AV1 1.0, sections
// 4.4 and 4.5): a header and OBU elements, each a whole OBU but for the first and
// the last, which may be fragments.
//
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+- - - - - -+- - - - - -+- - - - - -+- - - - - -
//  |Z|Y| W |N|-|-|-|  leb128   |  element  |    ...    |  element
//  +-+-+-+-+-+-+-+-+- - - - - -+- - - - - -+- - - - - -+- - - - - -
//
// W is the number of elements, of which the last has no length; 0: any number, and
// all have one. The reserved bits are ignored. An element without bytes is taken
// only where it is a fragment.
//
//   const auto payload = Av1AggregationView::Parse(packet.payload());
//   if (payload) for (const Bytes element : *payload) ...
//
// Good for as long as the bytes behind it are.
class Av1AggregationView {
 public:
  class Iterator {
   public:
    constexpr Bytes operator*() const { return element_; }
    constexpr Iterator& operator++() {
      Take();
      return *this;
    }
    // Whether operator* is the last one: the one that Y is about.
    constexpr bool is_last() const { return left_ == 0; }
    struct End {};
    constexpr bool operator==(End) const { return !more_; }

   private:
    friend class Av1AggregationView;
    constexpr Iterator(Bytes elements, std::size_t count, bool all_have_lengths)
        : reader_(elements), left_(count), all_have_lengths_(all_have_lengths) {
      Take();
    }
    constexpr void Take() {  // Parse() has proved the lengths
      more_ = left_ > 0;
      if (!more_) return;
      --left_;
      std::uint32_t length = 0;
      if (left_ == 0 && !all_have_lengths_) {
        element_ = reader_.rest();
      } else {
        more_ = reader_.ReadLeb128(length) && reader_.ReadBytes(length, element_);
      }
    }
    ByteReader reader_;
    std::size_t left_;
    Bytes element_;
    bool all_have_lengths_;
    bool more_ = false;
  };

  static constexpr Expected<Av1AggregationView, Av1AggregationError> Parse(Bytes payload) noexcept;

  // Z: the first element goes on with the last one of the packet before.
  constexpr bool first_is_continuation() const { return (payload_[0] & 0x80) != 0; }
  // Y: the last element goes on in the next packet.
  constexpr bool last_continues() const { return (payload_[0] & 0x40) != 0; }
  // W
  constexpr int count_field() const { return payload_[0] >> 4 & 3; }
  // N: the first packet of a coded video sequence.
  constexpr bool new_coded_video_sequence() const { return (payload_[0] & 8) != 0; }
  constexpr std::size_t element_count() const { return count_; }

  constexpr Iterator begin() const { return Iterator(payload_.subspan(1), count_, count_field() == 0); }
  constexpr Iterator::End end() const { return {}; }

 private:
  constexpr Av1AggregationView(Bytes payload, std::size_t count) : payload_(payload), count_(count) {}

  Bytes payload_;
  std::size_t count_;
};

constexpr Expected<Av1AggregationView, Av1AggregationError> Av1AggregationView::Parse(Bytes payload) noexcept {
  if (payload.empty()) return Av1AggregationError::kTooShort;
  const std::uint8_t header = payload[0];
  if ((header & 0x88) == 0x88) return Av1AggregationError::kNewAndOld;
  ByteReader reader(payload.subspan(1));
  const std::size_t field = header >> 4 & 3;
  if (reader.empty() && field == 0) return Av1AggregationError::kNoElement;
  std::size_t count = 0;
  // The last element is done when nothing is left, or when it is the field's.
  for (bool last = false; !last;) {
    ++count;
    std::uint32_t number = 0;
    if (count != field && !reader.ReadLeb128(number)) {
      return reader.empty() ? Av1AggregationError::kTruncated : Av1AggregationError::kBadLength;
    }
    const std::size_t length = count == field ? reader.remaining() : number;
    if (!reader.Skip(length)) return Av1AggregationError::kTruncated;
    last = field == 0 ? reader.empty() : count == field;
    if (length == 0 && !(count == 1 && (header & 0x80) != 0) && !(last && (header & 0x40) != 0)) {
      return Av1AggregationError::kEmptyElement;
    }
  }
  return Av1AggregationView(payload, count);
}

// Writes a payload; Av1AggregationView::Parse() reads it back the same. W is the
// number of elements where it can be.
struct Av1AggregationWriter {
  bool first_is_continuation = false;
  bool last_continues = false;
  bool new_coded_video_sequence = false;
  std::span<const Bytes> elements{};  // one or more

  constexpr std::size_t WireSize() const {
    std::size_t size = 1;
    for (const Bytes& element : elements) size += LengthSize(element) + element.size();
    return size;
  }
  // False when `out` is too small, or for what Parse() would refuse.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (elements.empty() || (new_coded_video_sequence && first_is_continuation)) return false;
    const std::size_t field = elements.size() <= 3 ? elements.size() : 0;
    ByteWriter writer(out);
    writer.WriteU8(static_cast<std::uint8_t>((first_is_continuation ? 0x80u : 0u) | (last_continues ? 0x40u : 0u) |
                                             field << 4 | (new_coded_video_sequence ? 8u : 0u)));
    for (const Bytes& element : elements) {
      const bool fragment =
          (first_is_continuation && &element == &elements.front()) || (last_continues && &element == &elements.back());
      if ((element.empty() && !fragment) || element.size() > 0xffffffffu) return false;
      if (LengthSize(element) > 0) writer.WriteLeb128(static_cast<std::uint32_t>(element.size()));
      writer.WriteBytes(element);
    }
    return writer.ok();
  }

 private:
  constexpr std::size_t LengthSize(const Bytes& element) const {
    if (elements.size() <= 3 && &element == &elements.back()) return 0;
    return Leb128Size(static_cast<std::uint32_t>(element.size()));
  }
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_AV1_AGGREGATION_H_
