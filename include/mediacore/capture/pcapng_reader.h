#ifndef MEDIACORE_CAPTURE_PCAPNG_READER_H_
#define MEDIACORE_CAPTURE_PCAPNG_READER_H_

#include <algorithm>
#include <array>

#include "mediacore/base/expected.h"
#include "mediacore/base/saturating.h"
#include "mediacore/capture/record.h"

namespace mediacore::capture {

// Reads a pcapng file in place (draft-ietf-opsawg-pcapng): any number of
// sections, each in its own byte order; interfaces with if_tsresol and
// if_tsoffset; enhanced, simple and obsolete packet blocks. All other blocks
// are skipped and counted.
//
//   block: type(4) length(4) body ... the same length again(4)
//
// A packet block that contradicts itself inside a sound length (an interface
// nobody described, more bytes than the block has) is counted as malformed and
// the file goes on; a wrong length ends it. A simple packet block has no time:
// it gets that of the record before.
//
// Remembers the first 256 interfaces of a section (packets of later ones count
// as malformed): 8 KiB, no heap.
class PcapngReader {
 public:
  static constexpr std::size_t kMaxInterfaces = 256;
  static constexpr std::uint32_t kMaxBlockSize = 16u << 20;

  static constexpr bool Recognises(Bytes file) {
    return file.size() >= 4 && LoadU32(file.data()) == kSectionHeader;
  }

  // kTruncated or kNotACapture, at offset 0. What the section header says is
  // read by the first Next().
  static constexpr Expected<PcapngReader, CaptureError> Open(Bytes file) {
    if (file.size() < 4) return CaptureError::kTruncated;
    if (!Recognises(file)) return CaptureError::kNotACapture;
    return PcapngReader(file);
  }

  // The next packet; false at the end of the file or at an error, see error().
  [[nodiscard]] constexpr bool Next(Record& out) noexcept {
    while (!cursor_.failed()) {
      if (!cursor_.Need(12)) return false;
      const std::uint8_t* block = cursor_.data();
      // The same in both byte orders, for it comes before the byte order.
      const bool section = LoadU32(block) == kSectionHeader;
      if (section && !ReadByteOrder(block)) return false;
      const std::uint32_t size = order_.U32(block + 4);
      if (size < 12 || size % 4 != 0 || size > kMaxBlockSize) {
        return cursor_.Fail(CaptureError::kBadBlockLength);
      }
      if (cursor_.remaining() < size) {
        return cursor_.Fail(CaptureError::kTruncated);
      }
      if (order_.U32(block + size - 4) != size) {
        return cursor_.Fail(CaptureError::kBlockEndMismatch);
      }
      const std::uint64_t offset = cursor_.offset();
      const Bytes body(block + 8, size - 12);
      if (section && !ReadSectionHeader(body)) return false;
      cursor_.Advance(size);
      if (section) continue;
      switch (order_.U32(block)) {
        case kInterface:
          ReadInterface(body);
          break;
        case kEnhancedPacket:
          if (ReadPacket(body, body.size() < 4 ? 0 : order_.U32(body.data()),
                         out)) {
            out.offset = offset;
            return true;
          }
          ++malformed_blocks_;
          break;
        case kObsoletePacket:
          if (ReadPacket(body, body.size() < 4 ? 0 : order_.U16(body.data()),
                         out)) {
            out.offset = offset;
            return true;
          }
          ++malformed_blocks_;
          break;
        case kSimplePacket:
          if (ReadSimplePacket(body, out)) {
            out.offset = offset;
            return true;
          }
          ++malformed_blocks_;
          break;
        default:
          ++skipped_blocks_;
      }
    }
    return false;
  }

  constexpr CaptureError error() const { return cursor_.error(); }
  // Where in the file the next block, or the one in error, begins.
  constexpr std::uint64_t offset() const { return cursor_.offset(); }
  constexpr void Refill(Bytes bytes) { cursor_.Refill(bytes); }
  constexpr std::uint64_t skipped_blocks() const { return skipped_blocks_; }
  constexpr std::uint64_t malformed_blocks() const { return malformed_blocks_; }

 private:
  enum : std::uint32_t {
    kInterface = 1,
    kObsoletePacket = 2,
    kSimplePacket = 3,
    kEnhancedPacket = 6,
    kSectionHeader = 0x0a0d0d0a,
  };
  enum : std::uint16_t { kEndOfOptions = 0, kTsResol = 9, kTsOffset = 14 };

  // nanoseconds = ticks * multiplier / divisor + offset_ns
  struct Interface {
    LinkType link_type = LinkType::kEthernet;
    std::uint32_t snap_length = 0;  // 0: no limit
    std::uint64_t multiplier = 1000;
    std::uint64_t divisor = 1;
    std::int64_t offset_ns = 0;
  };

  constexpr explicit PcapngReader(Bytes file) : cursor_(file) {}

  constexpr bool ReadByteOrder(const std::uint8_t* block) {
    const std::uint32_t magic = LoadU32(block + 8);
    if (magic != 0x1a2b3c4d && magic != 0x4d3c2b1a) {
      return cursor_.Fail(CaptureError::kBadByteOrder);
    }
    order_ = internal::ByteOrder(magic == 0x4d3c2b1a);
    return true;
  }

  constexpr bool ReadSectionHeader(Bytes body) {
    if (body.size() < 16) return cursor_.Fail(CaptureError::kBadBlockLength);
    if (order_.U16(body.data() + 4) != 1) {
      return cursor_.Fail(CaptureError::kBadVersion);
    }
    interface_count_ = 0;
    return true;
  }

  constexpr void ReadInterface(Bytes body) {
    if (body.size() < 8) {
      ++malformed_blocks_;
      return;
    }
    if (interface_count_ == kMaxInterfaces) {
      ++skipped_blocks_;
      return;
    }
    Interface face;
    face.link_type = LinkType{order_.U16(body.data())};
    face.snap_length = order_.U32(body.data() + 4);
    Bytes options = body.subspan(8);
    while (options.size() >= 4) {  // each turn takes at least 4 bytes
      const std::uint16_t code = order_.U16(options.data());
      const std::size_t length = order_.U16(options.data() + 2);
      const std::size_t padded = 4 + (length + 3) / 4 * 4;
      if (code == kEndOfOptions || options.size() < padded) break;
      const std::uint8_t* value = options.data() + 4;
      if (code == kTsResol && length == 1) SetResolution(value[0], face);
      if (code == kTsOffset && length == 8) {
        face.offset_ns = SaturatingMultiply(
            static_cast<std::int64_t>(order_.U64(value)), 1'000'000'000);
      }
      options = options.subspan(padded);
    }
    interfaces_[interface_count_++] = face;
  }

  // Ticks are 10^-n seconds, or 2^-n with the top bit set. Finer than fits in
  // 64 bits every time is the offset.
  static constexpr void SetResolution(std::uint8_t resolution, Interface& out) {
    const int exponent = resolution & 0x7f;
    const std::uint64_t base = resolution & 0x80 ? 2 : 10;
    std::uint64_t ticks_per_second = 1;
    for (int i = 0; i < exponent; ++i) {
      if (__builtin_mul_overflow(ticks_per_second, base, &ticks_per_second)) {
        ticks_per_second = ~std::uint64_t{0};
        break;
      }
    }
    const std::uint64_t ns = 1'000'000'000;
    const bool coarse = ns % ticks_per_second == 0;
    out.multiplier = coarse ? ns / ticks_per_second : ns;
    out.divisor = coarse ? 1 : ticks_per_second;
    if (!coarse && ticks_per_second % ns == 0) {
      out.multiplier = 1;
      out.divisor = ticks_per_second / ns;
    }
  }

  static constexpr std::int64_t ToUnixNs(const Interface& face,
                                         std::uint64_t ticks) {
    __extension__ using Wide = unsigned __int128;
    Wide ns = Wide{ticks} * face.multiplier;
    if (face.divisor != 1) ns /= face.divisor;
    const bool fits = ns < static_cast<Wide>(kInt64Max);
    return SaturatingAdd(fits ? static_cast<std::int64_t>(ns) : kInt64Max,
                         face.offset_ns);
  }

  // The enhanced block and the obsolete one differ in their first word only.
  constexpr bool ReadPacket(Bytes body, std::size_t interface_id, Record& out) {
    if (body.size() < 20 || interface_id >= interface_count_) return false;
    const std::uint32_t captured = order_.U32(body.data() + 12);
    if (captured > body.size() - 20 || captured > kMaxPacketSize) return false;
    const Interface& face = interfaces_[interface_id];
    const std::uint64_t ticks =
        std::uint64_t{order_.U32(body.data() + 4)} << 32 |
        order_.U32(body.data() + 8);
    out.unix_ns = last_ns_ = ToUnixNs(face, ticks);
    out.link_type = face.link_type;
    out.original_length = order_.U32(body.data() + 16);
    out.packet = body.subspan(20, captured);
    return true;
  }

  constexpr bool ReadSimplePacket(Bytes body, Record& out) {
    if (body.size() < 4 || interface_count_ == 0) return false;
    const Interface& face = interfaces_[0];
    const std::uint32_t original = order_.U32(body.data());
    std::uint32_t captured = original;
    if (face.snap_length != 0) captured = std::min(captured, face.snap_length);
    if (captured > body.size() - 4 || captured > kMaxPacketSize) return false;
    out.unix_ns = last_ns_;
    out.link_type = face.link_type;
    out.original_length = original;
    out.packet = body.subspan(4, captured);
    return true;
  }

  internal::Cursor cursor_;
  internal::ByteOrder order_;
  std::int64_t last_ns_ = 0;
  std::uint64_t skipped_blocks_ = 0;
  std::uint64_t malformed_blocks_ = 0;
  std::size_t interface_count_ = 0;
  std::array<Interface, kMaxInterfaces> interfaces_{};
};

}  // namespace mediacore::capture

#endif  // MEDIACORE_CAPTURE_PCAPNG_READER_H_
