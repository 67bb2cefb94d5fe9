#ifndef MEDIACORE_CAPTURE_PCAP_READER_H_
#define MEDIACORE_CAPTURE_PCAP_READER_H_

#include <algorithm>

#include "mediacore/base/expected.h"
#include "mediacore/capture/record.h"

namespace mediacore::capture {

// Reads a classic pcap file in place: both byte orders, times in microseconds
// or nanoseconds, and the "modified" format with its longer record headers
// (draft-ietf-opsawg-pcap; the magic numbers are those of libpcap).
//
//   file:   magic(4) major(2) minor(2) zone(4) accuracy(4) snaplen(4) link(4)
//   record: seconds(4) fraction(4) captured(4) original(4) [8 more: modified]
//
// Use CaptureReader unless the format is known; see there. 40 bytes, no heap.
class PcapReader {
 public:
  static constexpr std::size_t kFileHeaderSize = 24;

  static constexpr bool Recognises(Bytes file) {
    return file.size() >= 4 && FindVariant(file.data()) != nullptr;
  }

  // kTruncated, kNotACapture or kBadVersion, all at offset 0.
  static constexpr Expected<PcapReader, CaptureError> Open(Bytes file) {
    if (file.size() < 4) return CaptureError::kTruncated;
    const Variant* variant = FindVariant(file.data());
    if (variant == nullptr) return CaptureError::kNotACapture;
    if (file.size() < kFileHeaderSize) return CaptureError::kTruncated;
    const internal::ByteOrder order(variant->little);
    if (order.U16(file.data() + 4) != 2) return CaptureError::kBadVersion;
    return PcapReader(file, *variant);
  }

  // The next record; false at the end of the file or at an error, see error().
  [[nodiscard]] constexpr bool Next(Record& out) noexcept {
    if (cursor_.failed() || !cursor_.Need(header_size_)) return false;
    const std::uint8_t* header = cursor_.data();
    const std::uint32_t captured = order_.U32(header + 8);
    if (captured > kMaxPacketSize) {
      return cursor_.Fail(CaptureError::kRecordTooLong);
    }
    const std::size_t size = header_size_ + captured;
    if (cursor_.remaining() < size) {
      return cursor_.Fail(CaptureError::kTruncated);
    }
    out.unix_ns = std::int64_t{order_.U32(header)} * 1'000'000'000 +
                  std::int64_t{order_.U32(header + 4)} * fraction_ns_;
    out.link_type = link_type_;
    out.original_length = order_.U32(header + 12);
    out.packet = Bytes(header + header_size_, captured);
    out.offset = cursor_.offset();
    cursor_.Advance(size);
    return true;
  }

  constexpr CaptureError error() const { return cursor_.error(); }
  // Where in the file the next record, or the one in error, begins.
  constexpr std::uint64_t offset() const { return cursor_.offset(); }
  constexpr void Refill(Bytes bytes) { cursor_.Refill(bytes); }
  constexpr LinkType link_type() const { return link_type_; }

 private:
  struct Variant {
    std::uint8_t magic[4];
    bool little;
    std::uint8_t header_size;
    std::uint16_t fraction_ns;
  };
  static constexpr Variant kVariants[] = {
      {{0xd4, 0xc3, 0xb2, 0xa1}, true, 16, 1000},
      {{0x4d, 0x3c, 0xb2, 0xa1}, true, 16, 1},
      {{0xa1, 0xb2, 0xc3, 0xd4}, false, 16, 1000},
      {{0xa1, 0xb2, 0x3c, 0x4d}, false, 16, 1},
      {{0x34, 0xcd, 0xb2, 0xa1}, true, 24, 1000},
      {{0xa1, 0xb2, 0xcd, 0x34}, false, 24, 1000},
  };
  static constexpr const Variant* FindVariant(const std::uint8_t* magic) {
    for (const Variant& variant : kVariants) {
      if (std::equal(magic, magic + 4, variant.magic)) return &variant;
    }
    return nullptr;
  }

  constexpr PcapReader(Bytes file, const Variant& variant)
      : cursor_(file),
        order_(variant.little),
        header_size_(variant.header_size),
        fraction_ns_(variant.fraction_ns),
        // The upper bits say how many bytes of checksum end a frame.
        link_type_(LinkType{order_.U32(file.data() + 20) & 0xffff}) {
    cursor_.Advance(kFileHeaderSize);
  }

  internal::Cursor cursor_;
  internal::ByteOrder order_;
  std::uint8_t header_size_;
  std::uint16_t fraction_ns_;
  LinkType link_type_;
};

}  // namespace mediacore::capture

#endif  // MEDIACORE_CAPTURE_PCAP_READER_H_
