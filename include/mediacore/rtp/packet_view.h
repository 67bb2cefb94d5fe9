#ifndef MEDIACORE_RTP_PACKET_VIEW_H_
#define MEDIACORE_RTP_PACKET_VIEW_H_

#include <cassert>
#include <string_view>

#include "mediacore/base/bytes.h"
#include "mediacore/base/expected.h"
#include "mediacore/base/identifiers.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/rtp/header_extension.h"

namespace mediacore::rtp {

// Why bytes are not an RTP packet. One name per cause, in the order the parser
// looks, so a counter per name tells an operator what is arriving.
enum class PacketError : std::uint8_t {
  kTooLong,             // more than 65535 bytes; no transport delivers that
  kTooShort,            // fewer than the 12 bytes of the fixed header
  kBadVersion,          // V is not 2 (RFC 3550, section 5.1)
  kCsrcsTruncated,      // CC promises more sources than there are bytes
  kExtensionTruncated,  // X is set, the extension runs past the end
  kBadPadding,          // P is set, the last byte is 0 or too large
};
inline constexpr int kPacketErrorCount = 6;

constexpr std::string_view ToString(PacketError error) {
  switch (error) {
    case PacketError::kTooLong: return "rtp: too long";
    case PacketError::kTooShort: return "rtp: too short";
    case PacketError::kBadVersion: return "rtp: bad version";
    case PacketError::kCsrcsTruncated: return "rtp: csrcs truncated";
    case PacketError::kExtensionTruncated: return "rtp: extension truncated";
    case PacketError::kBadPadding: return "rtp: bad padding";
  }
  return "rtp: unknown";
}

// An RTP packet seen in place (RFC 3550, section 5.1).
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |V=2|P|X|  CC   |M|     PT      |        sequence number        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                           timestamp                           |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                             SSRC                              |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |      CC times CSRC, then with X: profile, length, block       |
//  +- - - - - - - - - - - - - - - -+- - - - - - - - - - - - - - - -+
//
//   const auto packet = rtp::PacketView::Parse(datagram);
//   if (!packet) return Count(packet.error());
//   Deliver(packet->ssrc(), packet->sequence_number(), packet->payload());
//
// The view borrows the bytes given to Parse(): it is good as long as they are.
// A view that exists is valid, so its accessors cannot fail. It holds a pointer
// and offsets (16 bytes), and decodes a field when asked.
class PacketView {
 public:
  static constexpr std::size_t kFixedHeaderSize = 12;

  static constexpr Expected<PacketView, PacketError> Parse(
      Bytes packet) noexcept;

  constexpr bool marker() const { return (data_[1] & 0x80) != 0; }
  constexpr PayloadType payload_type() const { return PayloadType(data_[1]); }
  constexpr SequenceNumber sequence_number() const {
    return SequenceNumber(LoadU16<2>(fixed()));
  }
  constexpr RtpTimestamp timestamp() const {
    return RtpTimestamp(LoadU32<4>(fixed()));
  }
  constexpr Ssrc ssrc() const { return Ssrc(LoadU32<8>(fixed())); }

  // Contributing sources; `i` is below csrc_count(), which is at most 15.
  constexpr int csrc_count() const { return data_[0] & 0x0f; }
  constexpr Ssrc csrc(int i) const {
    assert(i >= 0 && i < csrc_count());
    return Ssrc(LoadU32(data_ + kFixedHeaderSize + 4 * i));
  }

  // The extension block with what stands before it. Without the X bit the
  // profile is 0 and the block is empty.
  constexpr bool has_extension() const { return (data_[0] & 0x10) != 0; }
  constexpr std::uint16_t extension_profile() const {
    return has_extension() ? LoadU16(data_ + csrcs_end())
                           : std::uint16_t{0};
  }
  constexpr ExtensionForm extension_form() const {
    return has_extension() ? FormOfProfile(LoadU16(data_ + csrcs_end()))
                           : ExtensionForm::kNone;
  }
  constexpr Bytes extension_block() const {
    if (!has_extension()) return {};
    return {data_ + csrcs_end() + 4, payload_offset_ - csrcs_end() - 4};
  }

  // Header extension elements (RFC 8285), by the local ids that the signalling
  // agreed on. Several at once are cheaper by ExtensionTable.
  constexpr ExtensionReader extensions() const {
    return {extension_form(), extension_block()};
  }
  // The value of the first element with this id; false, and `out` as it was,
  // when there is none.
  [[nodiscard]] constexpr bool FindExtension(int id, Bytes& out) const {
    return extensions().Find(id, out);
  }
  // visit(int id, Bytes value) for each element, in the order they lie.
  template <typename Visit>
  constexpr void ForEachExtension(Visit&& visit) const {
    ExtensionReader reader = extensions();
    for (ExtensionElement element; reader.Next(element);) {
      visit(element.id, element.value);
    }
  }

  // Everything before the payload, in bytes.
  constexpr std::size_t header_size() const { return payload_offset_; }
  constexpr Bytes payload() const {
    return {data_ + payload_offset_,
            std::size_t{size_} - payload_offset_ - padding_size_};
  }
  // 0, or how many bytes stand behind the payload, their count included.
  constexpr std::size_t padding_size() const { return padding_size_; }
  constexpr std::size_t size() const { return size_; }
  constexpr Bytes bytes() const { return {data_, size_}; }

 private:
  constexpr PacketView(Bytes packet, std::size_t payload_offset,
                       std::uint8_t padding_size)
      : data_(packet.data()),
        size_(static_cast<std::uint16_t>(packet.size())),
        payload_offset_(static_cast<std::uint16_t>(payload_offset)),
        padding_size_(padding_size) {}

  constexpr std::span<const std::uint8_t, kFixedHeaderSize> fixed() const {
    return std::span<const std::uint8_t, kFixedHeaderSize>(data_,
                                                           kFixedHeaderSize);
  }
  constexpr std::size_t csrcs_end() const {
    return kFixedHeaderSize + 4 * (data_[0] & 0x0fu);
  }

  const std::uint8_t* data_;
  std::uint16_t size_;
  std::uint16_t payload_offset_;
  std::uint8_t padding_size_;
};
static_assert(sizeof(PacketView) <= 16);

constexpr Expected<PacketView, PacketError> PacketView::Parse(
    Bytes packet) noexcept {
  const std::size_t size = packet.size();
  if (size > 0xffff) return PacketError::kTooLong;
  if (size < kFixedHeaderSize) return PacketError::kTooShort;
  const std::uint8_t first = packet[0];
  if (first >> 6 != 2) return PacketError::kBadVersion;

  std::size_t header = kFixedHeaderSize + 4 * (first & 0x0fu);
  if (header > size) return PacketError::kCsrcsTruncated;
  if ((first & 0x10) != 0) {
    if (size - header < 4) return PacketError::kExtensionTruncated;
    header += 4 + std::size_t{4} * LoadU16(packet.data() + header + 2);
    if (header > size) return PacketError::kExtensionTruncated;
  }
  std::uint8_t padding = 0;
  if ((first & 0x20) != 0) {
    if (header == size) return PacketError::kBadPadding;
    padding = packet[size - 1];
    if (padding == 0 || padding > size - header) return PacketError::kBadPadding;
  }
  return PacketView(packet, header, padding);
}

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_PACKET_VIEW_H_
