#ifndef MEDIACORE_RTCP_BLOCK_VIEW_H_
#define MEDIACORE_RTCP_BLOCK_VIEW_H_

#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/expected.h"

namespace mediacore::rtcp {

// Packet types (RFC 3550, section 12.1; RFC 4585; RFC 3611; RFC 5450; 5760;
// 6284).
inline constexpr int kExtendedJitterReport = 195;
inline constexpr int kSenderReport = 200;
inline constexpr int kReceiverReport = 201;
inline constexpr int kSourceDescription = 202;
inline constexpr int kGoodbye = 203;
inline constexpr int kApplication = 204;
inline constexpr int kTransportFeedback = 205;
inline constexpr int kPayloadFeedback = 206;
inline constexpr int kExtendedReport = 207;

// The name that tools print; "unknown" for a type without one here.
constexpr std::string_view PacketTypeName(int packet_type) {
  switch (packet_type) {
    case kExtendedJitterReport: return "IJ";
    case kSenderReport: return "SR";
    case kReceiverReport: return "RR";
    case kSourceDescription: return "SDES";
    case kGoodbye: return "BYE";
    case kApplication: return "APP";
    case kTransportFeedback: return "RTPFB";
    case kPayloadFeedback: return "PSFB";
    case kExtendedReport: return "XR";
    default: return "unknown";
  }
}

// Why bytes are not an RTCP block, in the order the parser looks.
enum class BlockError : std::uint8_t {
  kTooShort,    // fewer than the 4 bytes of the header
  kBadVersion,  // V is not 2
  kTruncated,   // the length field runs past the end
  kBadPadding,  // P is set, the last byte is 0 or larger than the body
};

constexpr std::string_view ToString(BlockError error) {
  switch (error) {
    case BlockError::kTooShort: return "rtcp: too short";
    case BlockError::kBadVersion: return "rtcp: bad version";
    case BlockError::kTruncated: return "rtcp: truncated";
    case BlockError::kBadPadding: return "rtcp: bad padding";
  }
  return "rtcp: unknown";
}

// One block of a compound RTCP packet, seen in place (RFC 3550, section 6.4).
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |V=2|P|  count  |  packet type  |   length in words, minus one  |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
// Good for as long as the bytes behind it are. What the body means, the views
// of the packet types say; those without one are still walked over and named.
class BlockView {
 public:
  static constexpr std::size_t kHeaderSize = 4;

  // Takes one block off the front of `reader`. On error `reader` is unchanged;
  // on success it has moved by at least 4 bytes, so a loop over it ends.
  static constexpr Expected<BlockView, BlockError> TakeFrom(
      ByteReader& reader) noexcept;

  // A number of things (reports, sources, chunks) or the feedback's format.
  constexpr int count() const { return unpadded_[0] & 0x1f; }
  constexpr int packet_type() const { return unpadded_[1]; }
  // What stands behind the header, without padding.
  constexpr Bytes body() const { return unpadded_.subspan(kHeaderSize); }
  constexpr bool has_padding() const { return HasPadding(unpadded_.data()); }
  constexpr std::size_t padding_size() const { return size() - unpadded_.size(); }
  // The whole block, header and padding included; a multiple of 4.
  constexpr std::size_t size() const { return SizeAt(unpadded_.data()); }
  constexpr Bytes bytes() const { return {unpadded_.data(), size()}; }

 private:
  friend class CompoundView;

  // Of a block that has been proved to lie at `from`.
  static constexpr BlockView Proved(const std::uint8_t* from) {
    const std::size_t size = SizeAt(from);
    return BlockView({from, HasPadding(from) ? size - from[size - 1] : size});
  }
  static constexpr std::size_t SizeAt(const std::uint8_t* from) { return 4 * (std::size_t{LoadU16(from + 2)} + 1); }
  static constexpr bool HasPadding(const std::uint8_t* from) { return (from[0] & 0x20) != 0; }

  constexpr explicit BlockView(Bytes unpadded) : unpadded_(unpadded) {}
  // Two whole words, so that it travels in registers.
  Bytes unpadded_;
};

constexpr Expected<BlockView, BlockError> BlockView::TakeFrom(
    ByteReader& reader) noexcept {
  const Bytes rest = reader.rest();
  if (rest.size() < kHeaderSize) return BlockError::kTooShort;
  if (rest[0] >> 6 != 2) return BlockError::kBadVersion;
  const std::size_t size = SizeAt(rest.data());
  if (!reader.Skip(size)) return BlockError::kTruncated;
  std::uint8_t padding = 0;
  if (HasPadding(rest.data())) {
    padding = size > kHeaderSize ? rest[size - 1] : std::uint8_t{0};
    if (padding == 0 || padding > size - kHeaderSize) {
      reader = ByteReader(rest);
      return BlockError::kBadPadding;
    }
  }
  return BlockView(rest.first(size - padding));
}

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_BLOCK_VIEW_H_
