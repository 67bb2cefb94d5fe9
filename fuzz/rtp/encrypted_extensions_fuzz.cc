#include "mediacore/rtp/encrypted_extensions.h"

#include <vector>

#include "../support/input.h"

namespace mediacore::rtp {
namespace {

// A line of SDP, wrapped or not: what it wraps is not encryption again, and an
// id is encrypted only when it was asked for.
void CheckLine(std::string_view attributes, int id) {
  WrappedExtension wrapped{"untouched", ""};
  const bool is_wrapped = UnwrapEncrypted(attributes, wrapped);
  FUZZ_CHECK(is_wrapped != (wrapped.uri == "untouched" && wrapped.uri.data() != attributes.data()));
  if (is_wrapped) {
    FUZZ_CHECK(!wrapped.uri.empty() && ExtensionKindOf(wrapped.uri) != ExtensionKind::kEncrypted);
    FUZZ_CHECK(attributes.starts_with(wrapped.uri) && attributes.ends_with(wrapped.attributes));
  }
  ExtensionMap map;
  EncryptedIds ids;
  const auto result = AddExtension(id, ExtensionUri(ExtensionKind::kEncrypted), attributes, map, ids);
  const bool valid = id >= 1 && id <= 255;
  FUZZ_CHECK(ids.Contains(id) == (is_wrapped && valid));
  FUZZ_CHECK((result == ExtensionMapResult::kOk) == (map.KindOf(id) != ExtensionKind::kUnknown));
  const auto clear = AddExtension(id, wrapped.uri, "", map, ids);
  FUZZ_CHECK(!is_wrapped || result == clear || (!valid && clear == ExtensionMapResult::kUnknownKind));
}

}  // namespace
}  // namespace mediacore::rtp

// Two bytes choose the form and which ids are encrypted, the rest is an
// extension block: encryption changes bytes under the mask and no others, both
// sides find the same mask, and decryption gives back what was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtp;
  if (size < 2) return 0;
  const auto form = static_cast<ExtensionForm>(data[0] & 3);
  EncryptedIds ids;
  for (int id = -1; id <= 256; ++id) {
    const bool chosen = (data[1] >> (id & 7) & 1) != 0;
    if (chosen) FUZZ_CHECK(ids.Add(id) == (id >= 1 && id <= 255));
    FUZZ_CHECK(ids.Contains(id) == (chosen && id >= 1 && id <= 255));
  }
  const Bytes block(data + 2, size - 2);
  CheckLine({reinterpret_cast<const char*>(block.data()), block.size()}, data[0] - 1 + (data[1] & 1) * 2);

  std::vector<std::uint8_t> mask(block.size(), 0x55), after(block.size());
  const std::vector<std::uint8_t> keystream(block.size(), 0xa5);
  std::vector<std::uint8_t> copy(block.begin(), block.end());
  FUZZ_CHECK(FillEncryptionMask(form, block, ids, mask));
  FUZZ_CHECK(XorEncryptedExtensions(form, ids, keystream, copy));
  for (std::size_t i = 0; i < block.size(); ++i) {
    FUZZ_CHECK(mask[i] == 0 || mask[i] == 0xff);
    FUZZ_CHECK(copy[i] == (block[i] ^ (keystream[i] & mask[i])));
  }
  // Of the walk's elements: whole values and nothing else.
  std::size_t encrypted = 0;
  ExtensionReader reader(form, block);
  for (ExtensionElement element; reader.Next(element);) {
    if (ids.Contains(element.id)) encrypted += element.value.size();
  }
  FUZZ_CHECK(static_cast<std::size_t>(std::ranges::count(mask, 0xff)) == encrypted);
  FUZZ_CHECK(FillEncryptionMask(form, copy, ids, after) && after == mask);
  if (!block.empty()) {
    const std::vector<std::uint8_t> before = copy;
    FUZZ_CHECK(!XorEncryptedExtensions(form, ids, Bytes(keystream).first(block.size() - 1), copy) && copy == before);
    FUZZ_CHECK(!FillEncryptionMask(form, block, ids, MutableBytes(after).first(block.size() - 1)) && after == mask);
  }
  FUZZ_CHECK(XorEncryptedExtensions(form, ids, keystream, copy) && std::ranges::equal(copy, block));
  return 0;
}
