#include "mediacore/rtp/extension_map.h"

#include <map>

#include "../support/input.h"

// Any ids and kinds in any order, beside two plain maps that say the same; and
// any text is a URI or a short name that names itself or nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtp;
  const std::string_view uri(reinterpret_cast<const char*>(data), size);
  const ExtensionKind named = ExtensionKindOf(uri);
  bool alias = false;
  for (const auto& known : internal::kExtensionAliases) alias |= known.uri == uri;
  FUZZ_CHECK(named == ExtensionKind::kUnknown || ExtensionUri(named) == uri || alias);
  const ExtensionKind short_named = ExtensionKindOfShortName(uri);
  FUZZ_CHECK(short_named == ExtensionKind::kUnknown || ExtensionShortName(short_named) == uri);

  if (size == 0) return 0;
  const bool one_byte = (data[0] & 1) != 0;
  ExtensionMap map(one_byte ? ExtensionMap::Ids::kOneByte : ExtensionMap::Ids::kTwoByte);
  std::map<int, ExtensionKind> kinds;
  std::map<ExtensionKind, int> ids;
  for (std::size_t at = 1; at + 1 < size; at += 2) {
    // From -32 to 287: beyond both ends.
    const int id = data[at] + ((data[at + 1] & 0x80) != 0 ? 32 : 0) - ((data[at + 1] & 0x40) != 0 ? 32 : 0);
    const auto kind = static_cast<ExtensionKind>((data[at + 1] & 0x3f) % kExtensionKindCount);
    ExtensionMapResult expected = ExtensionMapResult::kOk;
    if (kind == ExtensionKind::kUnknown || kind == ExtensionKind::kEncrypted) {
      expected = ExtensionMapResult::kUnknownKind;
    } else if (id < 1 || id > (one_byte ? 14 : 255)) {
      expected = ExtensionMapResult::kBadId;
    } else if (kinds.contains(id) && kinds[id] != kind) {
      expected = ExtensionMapResult::kIdTaken;
    } else if (ids.contains(kind) && ids[kind] != id) {
      expected = ExtensionMapResult::kKindTaken;
    } else {
      kinds[id] = kind;
      ids[kind] = id;
    }
    const ExtensionMapResult result = map.Add(id, kind);
    FUZZ_CHECK(result == expected);
    FUZZ_CHECK(!ToString(result).empty());
  }
  for (int id = -1; id <= 256; ++id) {
    FUZZ_CHECK(map.KindOf(id) == (kinds.contains(id) ? kinds[id] : ExtensionKind::kUnknown));
  }
  for (int i = 0; i < kExtensionKindCount; ++i) {
    const auto kind = static_cast<ExtensionKind>(i);
    FUZZ_CHECK(map.IdOf(kind) == (ids.contains(kind) ? ids[kind] : 0));
  }
  return 0;
}
