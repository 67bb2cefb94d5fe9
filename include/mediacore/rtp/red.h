#ifndef MEDIACORE_RTP_RED_H_
#define MEDIACORE_RTP_RED_H_

#include <iterator>
#include <span>
#include <string_view>

#include "mediacore/base/byte_writer.h"
#include "mediacore/base/expected.h"
#include "mediacore/base/identifiers.h"

namespace mediacore::rtp {

// Why bytes are not a RED payload, in the order the parser looks.
enum class RedError : std::uint8_t {
  kHeaderTruncated,  // the bytes end before the header of the primary block
  kTooManyBlocks,    // more than the caller allows
  kBlockTruncated,   // the lengths of the redundant blocks add up to more than there is
};
inline constexpr int kRedErrorCount = 3;

constexpr std::string_view ToString(RedError error) {
  switch (error) {
    case RedError::kHeaderTruncated: return "red: header truncated";
    case RedError::kTooManyBlocks: return "red: too many blocks";
    case RedError::kBlockTruncated: return "red: block truncated";
  }
  return "red: unknown";
}

// One encoding in a RED payload. The primary one is of the packet's own timestamp;
// a redundant one is of the packet's timestamp minus `timestamp_offset`.
struct RedBlock {
  static constexpr std::uint16_t kMaxTimestampOffset = 0x3fff;
  static constexpr std::size_t kMaxRedundantSize = 0x3ff;

  PayloadType payload_type;
  std::uint16_t timestamp_offset = 0;  // in RTP ticks; 0 in the primary block
  Bytes payload;                       // may be empty
};

// A RED payload seen in place (RFC 2198, section 3): headers of the redundant blocks
// and of the primary one, then the blocks in the same order.
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |1|   block PT  |     timestamp offset      |   block length    |  redundant
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |0|   block PT  |                                                  primary: the rest
//  +-+-+-+-+-+-+-+-+
//
//   const auto red = rtp::RedView::Parse(packet.payload());
//   if (!red) return Count(red.error());
//   for (const rtp::RedBlock& block : *red) {  // the primary one last
//     Handle(block.payload_type, packet.timestamp() - block.timestamp_offset, block.payload);
//   }
//
// All blocks or none. A block whose payload type is that of RED is nobody's; do not
// unpack it again. Good for as long as the bytes behind it are.
class RedView {
 public:
  // Of a browser one to three; RFC 2198 has no bound of its own.
  static constexpr int kDefaultMaxBlocks = 32;

  class Iterator {
   public:
    using value_type = RedBlock;
    using difference_type = std::ptrdiff_t;

    constexpr Iterator() = default;
    constexpr Iterator(const std::uint8_t* header, Bytes rest, int left) : header_(header), rest_(rest), left_(left) {}
    constexpr RedBlock operator*() const {
      if (left_ == 1) return {PayloadType(header_[0]), 0, rest_};
      return {PayloadType(header_[0]), static_cast<std::uint16_t>(LoadU16(header_ + 1) >> 2),
              rest_.first(LengthOf(header_))};
    }
    constexpr Iterator& operator++() {
      if (--left_ > 0) {
        rest_ = rest_.subspan(LengthOf(header_));
        header_ += kRedundantHeaderSize;
      }
      return *this;
    }
    constexpr Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    constexpr bool operator==(std::default_sentinel_t) const { return left_ == 0; }

   private:
    const std::uint8_t* header_ = nullptr;
    Bytes rest_;
    int left_ = 0;
  };

  static constexpr Expected<RedView, RedError> Parse(Bytes payload, int max_blocks = kDefaultMaxBlocks) noexcept;

  // At least 1.
  constexpr int block_count() const { return block_count_; }
  constexpr RedBlock primary() const {
    return {PayloadType(payload_[header_size() - 1]), 0, payload_.subspan(primary_)};
  }
  // All blocks, the primary one last.
  constexpr Iterator begin() const { return {payload_.data(), payload_.subspan(header_size()), block_count_}; }
  constexpr std::default_sentinel_t end() const { return {}; }

 private:
  static constexpr std::size_t kRedundantHeaderSize = 4;

  constexpr RedView(Bytes payload, std::size_t primary, int block_count)
      : payload_(payload), primary_(primary), block_count_(block_count) {}
  static constexpr std::size_t LengthOf(const std::uint8_t* header) { return LoadU16(header + 2) & 0x3ffu; }
  constexpr std::size_t header_size() const {
    return kRedundantHeaderSize * (static_cast<std::size_t>(block_count_) - 1) + 1;
  }

  Bytes payload_;
  std::size_t primary_;
  int block_count_;
};

constexpr Expected<RedView, RedError> RedView::Parse(Bytes payload, int max_blocks) noexcept {
  std::size_t header = 0;
  std::size_t redundant = 0;
  int blocks = 1;
  for (;; ++blocks) {
    if (header >= payload.size()) return RedError::kHeaderTruncated;
    if ((payload[header] & 0x80) == 0) break;
    if (payload.size() - header < kRedundantHeaderSize) return RedError::kHeaderTruncated;
    if (blocks >= max_blocks) return RedError::kTooManyBlocks;
    redundant += LengthOf(payload.data() + header);
    header += kRedundantHeaderSize;
  }
  ++header;
  if (blocks > max_blocks) return RedError::kTooManyBlocks;
  if (payload.size() - header < redundant) return RedError::kBlockTruncated;
  return RedView(payload, header + redundant, blocks);
}

// Why a RED payload cannot be written.
enum class RedWriterError : std::uint8_t {
  kTimestampOffsetTooLarge,  // of a redundant block, more than 14 bits hold
  kBlockTooLong,             // a redundant block, more than 10 bits hold
  kTooLong,                  // more than 65535 bytes together
};
inline constexpr int kRedWriterErrorCount = 3;

constexpr std::string_view ToString(RedWriterError error) {
  switch (error) {
    case RedWriterError::kTimestampOffsetTooLarge: return "red: timestamp offset too large";
    case RedWriterError::kBlockTooLong: return "red: block too long";
    case RedWriterError::kTooLong: return "red: too long";
  }
  return "red: unknown";
}

// Writes a RED payload into the caller's bytes.
//
//   rtp::RedWriter red;
//   red.redundant = blocks;  // the oldest first (section 4)
//   red.payload_type = opus;
//   red.payload = frame;
//   if (red.Write(out)) Send(out.first(red.WireSize()));
//
// What a redundant block cannot hold is told by Size(): leave that block out.
struct RedWriter {
  std::span<const RedBlock> redundant;
  PayloadType payload_type;  // of the primary block
  Bytes payload;

  constexpr Expected<std::size_t, RedWriterError> Size() const {
    if (payload.size() > 0xffff) return RedWriterError::kTooLong;
    std::size_t size = 1 + payload.size();
    for (const RedBlock& block : redundant) {
      if (block.timestamp_offset > RedBlock::kMaxTimestampOffset) return RedWriterError::kTimestampOffsetTooLarge;
      if (block.payload.size() > RedBlock::kMaxRedundantSize) return RedWriterError::kBlockTooLong;
      size += 4 + block.payload.size();
    }
    if (size > 0xffff) return RedWriterError::kTooLong;
    return size;
  }
  // 0 when Size() is an error.
  constexpr std::size_t WireSize() const {
    const auto size = Size();
    return size ? *size : 0;
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    for (const RedBlock& block : redundant) {
      writer.WriteU32(0x80000000u | static_cast<std::uint32_t>(block.payload_type.value()) << 24 |
                      static_cast<std::uint32_t>(block.timestamp_offset) << 10 |
                      static_cast<std::uint32_t>(block.payload.size()));
    }
    writer.WriteU8(static_cast<std::uint8_t>(payload_type.value()));
    for (const RedBlock& block : redundant) writer.WriteBytes(block.payload);
    writer.WriteBytes(payload);
    return writer.ok();
  }
};

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_RED_H_
