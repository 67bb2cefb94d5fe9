#ifndef MEDIACORE_RTCP_COMPOUND_H_
#define MEDIACORE_RTCP_COMPOUND_H_

#include <algorithm>
#include <iterator>

#include "mediacore/rtcp/block_view.h"

namespace mediacore::rtcp {

// Why a datagram is not a compound RTCP packet, in the order the parser looks:
// at its length, then block by block, at what each block is and where it stands.
enum class CompoundError : std::uint8_t {
  kEmpty,           // no bytes
  kTooLong,         // more than 65535 bytes
  kTooShort,        // a block has fewer than 4 bytes; also: a tail of 1 to 3
  kBadVersion,      // a block's V is not 2
  kTruncated,       // a block's length runs past the end
  kBadPadding,      // a block's padding is 0 or larger than its body
  kFirstNoReport,   // the first block is neither SR nor RR
  kPaddingInside,   // a block with padding is not the last
};
inline constexpr int kCompoundErrorCount = 8;

constexpr std::string_view ToString(CompoundError error) {
  switch (error) {
    case CompoundError::kEmpty: return "rtcp compound: empty";
    case CompoundError::kTooLong: return "rtcp compound: too long";
    case CompoundError::kTooShort: return "rtcp compound: block too short";
    case CompoundError::kBadVersion: return "rtcp compound: bad version";
    case CompoundError::kTruncated: return "rtcp compound: block truncated";
    case CompoundError::kBadPadding: return "rtcp compound: bad padding";
    case CompoundError::kFirstNoReport:
      return "rtcp compound: first block is not a report";
    case CompoundError::kPaddingInside:
      return "rtcp compound: padding before the last block";
  }
  return "rtcp compound: unknown";
}

struct CompoundRules {
  // Also take packets that do not begin with a report (RFC 5506).
  bool reduced_size = false;
};

// A datagram of RTCP, checked as a whole (RFC 3550, section 6.1 and appendix
// A.2) and then walked over:
//
//   const auto compound = rtcp::CompoundView::Parse(datagram);
//   if (!compound) return Count(compound.error());
//   for (const rtcp::BlockView block : *compound) {
//     if (block.packet_type() == rtcp::kSenderReport) { ... }
//   }
//
// All or nothing: blocks of a datagram with a broken tail are not shown. That
// each compound holds an SDES with a CNAME is not insisted on: senders of the
// field leave it out. Linear in the bytes, 16 bytes of memory, no heap.
class CompoundView {
 public:
  class Iterator;

  static constexpr Expected<CompoundView, CompoundError> Parse(
      Bytes datagram, CompoundRules rules = {}) noexcept;

  constexpr Iterator begin() const;
  constexpr std::default_sentinel_t end() const { return {}; }
  constexpr Bytes bytes() const { return bytes_; }

 private:
  constexpr explicit CompoundView(Bytes bytes) : bytes_(bytes) {}
  static constexpr CompoundError FromBlock(BlockError error) {
    switch (error) {
      case BlockError::kTooShort: return CompoundError::kTooShort;
      case BlockError::kBadVersion: return CompoundError::kBadVersion;
      case BlockError::kTruncated: return CompoundError::kTruncated;
      case BlockError::kBadPadding: break;
    }
    return CompoundError::kBadPadding;
  }
  Bytes bytes_;
};

// Over blocks that Parse() has proved; gives each by value.
class CompoundView::Iterator {
 public:
  using value_type = BlockView;
  using difference_type = std::ptrdiff_t;

  constexpr BlockView operator*() const { return BlockView::Proved(rest_.data()); }
  constexpr Iterator& operator++() {
    rest_ = rest_.subspan(BlockView::SizeAt(rest_.data()));
    return *this;
  }
  constexpr Iterator operator++(int) {
    const Iterator before = *this;
    ++*this;
    return before;
  }
  constexpr bool operator==(std::default_sentinel_t) const {
    return rest_.empty();
  }

 private:
  friend class CompoundView;
  constexpr explicit Iterator(Bytes rest) : rest_(rest) {}
  Bytes rest_;
};

constexpr CompoundView::Iterator CompoundView::begin() const {
  return Iterator(bytes_);
}

constexpr Expected<CompoundView, CompoundError> CompoundView::Parse(
    Bytes datagram, CompoundRules rules) noexcept {
  if (datagram.empty()) return CompoundError::kEmpty;
  if (datagram.size() > 0xffff) return CompoundError::kTooLong;
  ByteReader reader(datagram);
  bool first = true;
  while (!reader.empty()) {
    const auto block = BlockView::TakeFrom(reader);
    if (!block) return FromBlock(block.error());
    if (first && !rules.reduced_size && block->packet_type() != kSenderReport &&
        block->packet_type() != kReceiverReport) {
      return CompoundError::kFirstNoReport;
    }
    if (block->has_padding() && !reader.empty()) {
      return CompoundError::kPaddingInside;
    }
    first = false;
  }
  return CompoundView(datagram);
}

// Puts what several writers write into one datagram, one behind the other:
//
//   rtcp::CompoundWriter compound(buffer);
//   if (!compound.Append(report) || !compound.Append(sdes)) return;  // no room
//   if (lost) static_cast<void>(compound.Append(nack));
//   Send(compound.bytes());
//
// A report comes first unless reduced size was agreed (RFC 5506). Borrows the
// buffer.
class CompoundWriter {
 public:
  constexpr explicit CompoundWriter(MutableBytes buffer)
      : buffer_(buffer.first(std::min<std::size_t>(buffer.size(), 0xffff))) {}

  // False, and the datagram as it was, when the block does not fit, cannot be
  // written, or the one before it has padding.
  template <typename Writer>
  [[nodiscard]] constexpr bool Append(const Writer& writer) {
    const std::size_t size = writer.WireSize();
    if (padded_ || !writer.Write(buffer_.subspan(size_))) return false;
    last_ = size_;
    size_ += size;
    return true;
  }
  // Lengthens the last block by `size` bytes of padding, 4 to 252, a multiple of
  // 4. False, and the datagram as it was, when they do not fit, there is no
  // block, or it has padding.
  [[nodiscard]] constexpr bool Pad(std::size_t size) {
    if (padded_ || size_ == 0 || size == 0 || size > 252 || size % 4 != 0 || size > room()) return false;
    for (std::size_t i = 0; i < size; ++i) buffer_[size_ + i] = 0;
    size_ += size;
    buffer_[size_ - 1] = static_cast<std::uint8_t>(size);
    buffer_[last_] |= 0x20;
    StoreU16(&buffer_[last_ + 2], static_cast<std::uint16_t>((size_ - last_) / 4 - 1));
    return padded_ = true;
  }

  constexpr Bytes bytes() const { return buffer_.first(size_); }
  constexpr std::size_t room() const { return buffer_.size() - size_; }

 private:
  MutableBytes buffer_;
  std::size_t size_ = 0;
  std::size_t last_ = 0;  // where the last block begins
  bool padded_ = false;
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_COMPOUND_H_
