#ifndef MEDIACORE_RTP_ENCRYPTED_EXTENSIONS_H_
#define MEDIACORE_RTP_ENCRYPTED_EXTENSIONS_H_

#include <algorithm>
#include <array>

#include "mediacore/base/text.h"
#include "mediacore/rtp/extension_map.h"
#include "mediacore/rtp/header_extension.h"

namespace mediacore::rtp {

// The ids whose values are encrypted in one session (RFC 6904). 32 bytes.
class EncryptedIds {
 public:
  // False, and nothing changed: no such id can be.
  [[nodiscard]] constexpr bool Add(int id) {
    if (id < 1 || id > 255) return false;
    words_[static_cast<std::size_t>(id) / 64] |= Bit(id);
    return true;
  }
  constexpr bool Contains(int id) const {
    return id >= 1 && id <= 255 && (words_[static_cast<std::size_t>(id) / 64] & Bit(id)) != 0;
  }

 private:
  static constexpr std::uint64_t Bit(int id) { return std::uint64_t{1} << (id % 64); }

  std::array<std::uint64_t, 4> words_{};
};

// What an a=extmap line of the encrypting URI wraps (RFC 6904, section 4):
//
//   a=extmap:3 urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:smpte-tc 25@600/24
//                                                 uri                                 attributes
struct WrappedExtension {
  std::string_view uri;
  std::string_view attributes;
};

// `attributes` is what follows the encrypting URI and a space. False, and `out`
// as it was, when there is no URI or it is that of encryption again.
[[nodiscard]] constexpr bool UnwrapEncrypted(std::string_view attributes, WrappedExtension& out) {
  const std::string_view uri = TakeUntil(attributes, ' ');
  if (uri.empty() || uri == ExtensionUri(ExtensionKind::kEncrypted)) return false;
  out = {uri, attributes};
  return true;
}

// Takes one agreed a=extmap line, wrapped or not. The kind is what is wrapped,
// so that ReadExtension() finds it after decryption. An id of an unknown kind
// that is wrapped is encrypted all the same: the result is kUnknownKind, and
// `encrypted` has it. Where one kind was agreed on both ways, the first stands.
[[nodiscard]] constexpr ExtensionMapResult AddExtension(int id, std::string_view uri, std::string_view attributes,
                                                        ExtensionMap& map, EncryptedIds& encrypted) {
  if (ExtensionKindOf(uri) != ExtensionKind::kEncrypted) return map.Add(id, ExtensionKindOf(uri));
  WrappedExtension wrapped;
  if (!UnwrapEncrypted(attributes, wrapped)) return ExtensionMapResult::kUnknownKind;
  const ExtensionMapResult result = map.Add(id, ExtensionKindOf(wrapped.uri));
  const bool counts = result == ExtensionMapResult::kOk ||
                      (result == ExtensionMapResult::kUnknownKind && map.KindOf(id) == ExtensionKind::kUnknown);
  if (counts && !encrypted.Add(id)) return ExtensionMapResult::kBadId;
  return result;
}

// Which bytes of an extension block are encrypted (RFC 6904, section 3): the
// values of elements whose id is in `ids`, 0xff in `mask`; ids, lengths,
// padding, and whatever lies behind the end of the elements are not, 0x00.
//
//   one-byte form, id 3 encrypted     two-byte form, id 3 encrypted
//   31 aa bb 50 cc 00 00 00           03 02 aa bb 05 01 cc 00
//   00 ff ff 00 00 00 00 00           00 00 ff ff 00 00 00 00
//
// Both sides find the same mask, since what it is made from stays in clear.
// False, and nothing written, when `mask` is shorter than `block`.
[[nodiscard]] constexpr bool FillEncryptionMask(ExtensionForm form, Bytes block, const EncryptedIds& ids,
                                                MutableBytes mask) {
  if (mask.size() < block.size()) return false;
  std::ranges::fill(mask.first(block.size()), std::uint8_t{0});
  ExtensionReader reader(form, block);
  for (ExtensionElement element; reader.Next(element);) {
    if (!ids.Contains(element.id)) continue;
    const auto at = static_cast<std::size_t>(element.value.data() - block.data());
    std::ranges::fill(mask.subspan(at, element.value.size()), std::uint8_t{0xff});
  }
  return true;
}

// Encrypts or decrypts an extension block in place: its bytes under the mask
// are XORed with those of the keystream, which runs over the whole block.
//
//   const MutableBytes block = packet.subspan(view.header_size() - view.extension_block().size(), ...);
//   if (!rtp::XorEncryptedExtensions(view.extension_form(), encrypted, keystream, block)) ...
//
// False, and nothing changed, when `keystream` is shorter than `block`.
[[nodiscard]] constexpr bool XorEncryptedExtensions(ExtensionForm form, const EncryptedIds& ids, Bytes keystream,
                                                    MutableBytes block) {
  if (keystream.size() < block.size()) return false;
  ExtensionReader reader(form, block);
  for (ExtensionElement element; reader.Next(element);) {
    if (!ids.Contains(element.id)) continue;
    const auto at = static_cast<std::size_t>(element.value.data() - static_cast<const std::uint8_t*>(block.data()));
    for (std::size_t i = at; i < at + element.value.size(); ++i) block[i] ^= keystream[i];
  }
  return true;
}

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_ENCRYPTED_EXTENSIONS_H_
