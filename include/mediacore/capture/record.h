#ifndef MEDIACORE_CAPTURE_RECORD_H_
#define MEDIACORE_CAPTURE_RECORD_H_

#include <string_view>
#include <type_traits>

#include "mediacore/base/bytes.h"

namespace mediacore::capture {

// What the first byte of a captured packet is the beginning of. The numbers are
// those of tcpdump.org's registry of link-layer header types; a file may carry
// any other number too.
enum class LinkType : std::uint32_t {
  kNull = 0,         // BSD loopback: 4 bytes of address family, host order
  kEthernet = 1,     //
  kRaw = 101,        // IPv4 or IPv6, no link header
  kLoop = 108,       // OpenBSD loopback: the family in network order
  kLinuxSll = 113,   // Linux "cooked": what `tcpdump -i any` wrote
  kIpv4 = 228,       //
  kIpv6 = 229,       //
  kLinuxSll2 = 276,  // what it writes now
  // rtpdump files hold the payload of UDP and nothing below: not a number of
  // the registry, whose numbers have 16 bits.
  kUdpPayload = 0x10000,
};

// One packet as the capture file has it, seen in place. Good for as long as the
// bytes behind it are.
struct Record {
  std::int64_t unix_ns = 0;  // wall clock, nanoseconds since 1970
  LinkType link_type = LinkType::kEthernet;
  std::uint32_t original_length = 0;  // on the wire; packet may be less of it
  Bytes packet;
  std::uint64_t offset = 0;  // of the record in the file
};

// Why a capture file cannot be read further, in the order the readers look.
enum class CaptureError : std::uint8_t {
  kNone,              // the file ended where a record ended
  kTruncated,         // the file ends inside a header, record or block
  kNotACapture,       // starts like no known format
  kBadVersion,        // of the file format
  kRecordTooLong,     // more bytes than any packet has
  kRecordTooShort,    // rtpdump: a length that does not cover its own header
  kBadBlockLength,    // pcapng: under 12, over 16 MiB, or not a multiple of 4
  kBlockEndMismatch,  // pcapng: the length at the end is not that of the start
  kBadByteOrder,      // pcapng: a section's byte-order magic is neither
};

constexpr std::string_view ToString(CaptureError error) {
  switch (error) {
    case CaptureError::kNone: return "capture: no error";
    case CaptureError::kTruncated: return "capture: truncated";
    case CaptureError::kNotACapture: return "capture: not a capture file";
    case CaptureError::kBadVersion: return "capture: bad version";
    case CaptureError::kRecordTooLong: return "capture: record too long";
    case CaptureError::kRecordTooShort: return "capture: record too short";
    case CaptureError::kBadBlockLength: return "capture: bad block length";
    case CaptureError::kBlockEndMismatch:
      return "capture: block ends with another length";
    case CaptureError::kBadByteOrder: return "capture: bad byte order";
  }
  return "capture: unknown";
}

// No record may be longer: the limit of tcpdump and Wireshark for links like
// these, so that a lying length is caught and not followed.
inline constexpr std::uint32_t kMaxPacketSize = 262'144;

namespace internal {

// The numbers of a file in the byte order of the machine that wrote it.
class ByteOrder {
 public:
  constexpr explicit ByteOrder(bool little = true) : little_(little) {}
  constexpr std::uint16_t U16(const std::uint8_t* from) const {
    const std::uint16_t v = mediacore::LoadU16(from);
    return little_ ? __builtin_bswap16(v) : v;
  }
  constexpr std::uint32_t U32(const std::uint8_t* from) const {
    const std::uint32_t v = mediacore::LoadU32(from);
    return little_ ? __builtin_bswap32(v) : v;
  }
  constexpr std::uint64_t U64(const std::uint8_t* from) const {
    const std::uint64_t v = mediacore::LoadU64(from);
    return little_ ? __builtin_bswap64(v) : v;
  }

 private:
  bool little_;
};

// Where a reader stands in a file, of which it sees a stretch of bytes.
//
// A reader is given the whole file (mapped, or read), or a stretch of it at a
// time: when Next() says false with kTruncated and the file goes on, Refill()
// with bytes that begin at offset() and hold more than before continues. A
// buffer of 16 MiB and 64 KiB is always enough; so much a single block may have.
class Cursor {
 public:
  constexpr Cursor() = default;
  constexpr explicit Cursor(Bytes file) : rest_(file) {}

  constexpr const std::uint8_t* data() const { return rest_.data(); }
  constexpr std::size_t remaining() const { return rest_.size(); }
  constexpr Bytes rest() const { return rest_; }
  constexpr std::uint64_t offset() const { return offset_; }
  constexpr CaptureError error() const { return error_; }

  // The caller has proved that `count` bytes remain.
  constexpr void Advance(std::size_t count) {
    rest_ = rest_.subspan(count);
    offset_ += count;
    // Packets are mostly as large as the one before: have the headers of the
    // fourth from here on their way, out of a file larger than the cache.
    if (!std::is_constant_evaluated() && rest_.size() / 4 > count + 64) {
      __builtin_prefetch(rest_.data() + 4 * count);
      __builtin_prefetch(rest_.data() + 4 * count + 64);
    }
  }
  // Says why Next() has nothing more; final unless it is kTruncated.
  constexpr bool Fail(CaptureError error) {
    error_ = error;
    return false;
  }
  // False when the file ends here; else there are `count` bytes, or an error.
  constexpr bool Need(std::size_t count) {
    if (rest_.size() >= count) return true;
    return rest_.empty() ? false : Fail(CaptureError::kTruncated);
  }
  constexpr bool failed() const {
    return error_ != CaptureError::kNone && error_ != CaptureError::kTruncated;
  }
  constexpr void Refill(Bytes bytes) {
    rest_ = bytes;
    if (!failed()) error_ = CaptureError::kNone;
  }

 private:
  Bytes rest_;
  std::uint64_t offset_ = 0;
  CaptureError error_ = CaptureError::kNone;
};

}  // namespace internal
}  // namespace mediacore::capture

#endif  // MEDIACORE_CAPTURE_RECORD_H_
