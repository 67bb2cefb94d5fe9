#ifndef MEDIACORE_RTP_CRYPTEX_H_
#define MEDIACORE_RTP_CRYPTEX_H_

#include "mediacore/rtp/packet_view.h"

namespace mediacore::rtp {

// What stands in "defined by profile" while the extension block and the CSRCs
// are encrypted (RFC 9335, section 5): 0xBEDE and 0x1000 otherwise.
inline constexpr std::uint16_t kCryptexOneByteProfile = 0xc0de;
inline constexpr std::uint16_t kCryptexTwoByteProfile = 0xc2de;

// The form behind the encryption; kOther for what is no such profile.
constexpr ExtensionForm CryptexFormOfProfile(std::uint16_t profile) {
  if (profile == kCryptexOneByteProfile) return ExtensionForm::kOneByte;
  if (profile == kCryptexTwoByteProfile) return ExtensionForm::kTwoByte;
  return ExtensionForm::kOther;
}

// Why Cryptex cannot be applied to bytes, in the order the parser looks.
enum class CryptexError : std::uint8_t {
  kTooShort,            // fewer than the 12 bytes of the fixed header
  kBadVersion,          // V is not 2
  kCsrcsTruncated,      // CC promises more sources than there are bytes
  kNoExtension,         // X is clear: nothing could say that it is encrypted
  kExtensionTruncated,  // the extension runs past the end
  kOtherProfile,        // neither form of RFC 8285, in clear or not, or appbits
  kTrailerTooLong,      // the trailer reaches into the header
};
inline constexpr int kCryptexErrorCount = 7;

constexpr std::string_view ToString(CryptexError error) {
  switch (error) {
    case CryptexError::kTooShort: return "cryptex: too short";
    case CryptexError::kBadVersion: return "cryptex: bad version";
    case CryptexError::kCsrcsTruncated: return "cryptex: csrcs truncated";
    case CryptexError::kNoExtension: return "cryptex: no extension";
    case CryptexError::kExtensionTruncated: return "cryptex: extension truncated";
    case CryptexError::kOtherProfile: return "cryptex: other profile";
    case CryptexError::kTrailerTooLong: return "cryptex: trailer too long";
  }
  return "cryptex: unknown";
}

// Which bytes of an SRTP packet Cryptex encrypts (RFC 9335, section 6): the
// CSRCs and all behind the four bytes of the extension header, as one run with
// one keystream. The other bytes are authenticated only.
//
//    12 bytes     4 * CC        4 bytes
//  +------------+-------------+-----------------+-------------+-----------+---------+
//  | RTP header |    CSRCs    | profile, length |  extensions | payload   | trailer |
//  +------------+-------------+-----------------+-------------+-----------+---------+
//   clear        encrypted     clear             encrypted                 clear
//
//   if (!rtp::MarkCryptex(packet)) return SendWithout(packet);
//   const auto layout = rtp::CryptexView::Parse(packet);
//   Encrypt(packet.subspan(layout->csrcs().offset, layout->csrcs().size),
//           packet.subspan(layout->rest().offset, layout->rest().size));
//
// A packet with CSRCs and without extensions first gets an empty block
// (PacketWriter::extension_block). Padding is not looked at: it is encrypted
// too. Before decryption PacketView sees no elements in such a packet, and
// Demultiplex() the same as ever. Holds numbers only, borrows nothing.
class CryptexView {
 public:
  struct Range {
    std::size_t offset = 0;
    std::size_t size = 0;
    bool operator==(const Range&) const = default;
  };

  // In clear or encrypted; `trailer_size` is that of MKI and authentication tag.
  static constexpr Expected<CryptexView, CryptexError> Parse(Bytes packet, std::size_t trailer_size = 0) noexcept {
    const std::size_t size = packet.size();
    if (size < PacketView::kFixedHeaderSize) return CryptexError::kTooShort;
    if (packet[0] >> 6 != 2) return CryptexError::kBadVersion;
    CryptexView view;
    view.csrcs_size_ = std::size_t{4} * (packet[0] & 0x0fu);
    std::size_t header = PacketView::kFixedHeaderSize + view.csrcs_size_;
    if (header > size) return CryptexError::kCsrcsTruncated;
    if ((packet[0] & 0x10) == 0) return CryptexError::kNoExtension;
    if (size - header < 4) return CryptexError::kExtensionTruncated;
    const std::uint16_t profile = LoadU16(packet.data() + header);
    const std::size_t block = std::size_t{4} * LoadU16(packet.data() + header + 2);
    header += 4;
    if (size - header < block) return CryptexError::kExtensionTruncated;
    view.form_ = CryptexFormOfProfile(profile);
    view.is_marked_ = view.form_ != ExtensionForm::kOther;
    if (profile == kOneByteProfile) view.form_ = ExtensionForm::kOneByte;
    if (profile == kTwoByteProfile) view.form_ = ExtensionForm::kTwoByte;
    if (view.form_ == ExtensionForm::kOther) return CryptexError::kOtherProfile;
    if (size - header - block < trailer_size) return CryptexError::kTrailerTooLong;
    view.rest_size_ = size - header - trailer_size;
    return view;
  }

  // Whether the profile says that it is encrypted.
  constexpr bool is_marked() const { return is_marked_; }
  // kOneByte or kTwoByte: of the elements once they are in clear.
  constexpr ExtensionForm form() const { return form_; }

  // Encrypted: first these, then those, with one keystream.
  constexpr Range csrcs() const { return {PacketView::kFixedHeaderSize, csrcs_size_}; }
  constexpr Range rest() const { return {extension_header().offset + 4, rest_size_}; }
  // In clear; with the fixed header before it the associated data of an AEAD.
  constexpr Range extension_header() const { return {PacketView::kFixedHeaderSize + csrcs_size_, 4}; }

 private:
  constexpr CryptexView() = default;

  std::size_t csrcs_size_ = 0;
  std::size_t rest_size_ = 0;
  ExtensionForm form_ = ExtensionForm::kOther;
  bool is_marked_ = false;
};

namespace internal {
constexpr bool SetCryptexMark(MutableBytes packet, bool marked) {
  const auto view = CryptexView::Parse(packet);
  if (!view) return false;
  const bool one_byte = view->form() == ExtensionForm::kOneByte;
  const std::uint16_t clear = one_byte ? kOneByteProfile : kTwoByteProfile;
  const std::uint16_t encrypted = one_byte ? kCryptexOneByteProfile : kCryptexTwoByteProfile;
  StoreU16(packet.data() + view->extension_header().offset, marked ? encrypted : clear);
  return true;
}
}  // namespace internal

// Changes the profile alone, in place, before encryption and after decryption.
// False, and nothing changed, when CryptexView refuses the packet. A packet
// that already has the mark, or none, stays as it is.
[[nodiscard]] constexpr bool MarkCryptex(MutableBytes packet) { return internal::SetCryptexMark(packet, true); }
[[nodiscard]] constexpr bool UnmarkCryptex(MutableBytes packet) { return internal::SetCryptexMark(packet, false); }

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_CRYPTEX_H_
