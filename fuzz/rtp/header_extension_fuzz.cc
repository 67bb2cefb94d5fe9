#include "mediacore/rtp/header_extension.h"

#include "../support/input.h"

// The first two bytes are the profile, the rest is the block. Elements lie in it
// one behind the other, with only padding between them; finding says the same
// as walking; a reader that ended stays at its end.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtp;
  if (size < 2) return 0;
  const ExtensionForm form = FormOfProfile(LoadU16(data));
  const Bytes block(data + 2, size - 2);
  const bool one_byte = form == ExtensionForm::kOneByte;
  ExtensionReader reader(form, block);
  const std::uint8_t* at = block.data();
  const std::uint8_t* const end = at + block.size();
  int walked = 0;
  for (ExtensionElement element; reader.Next(element); ++walked) {
    FUZZ_CHECK(form == ExtensionForm::kOneByte || form == ExtensionForm::kTwoByte);
    FUZZ_CHECK(element.id >= 1 && element.id <= (one_byte ? 14 : 255));
    FUZZ_CHECK(element.value.size() <= (one_byte ? 16u : 255u));
    const std::uint8_t* const head = element.value.data() - (one_byte ? 1 : 2);
    FUZZ_CHECK(head >= at && head < end);
    for (; at < head; ++at) FUZZ_CHECK(*at == 0);
    if (one_byte) {
      FUZZ_CHECK(*head >> 4 == element.id && (*head & 15u) + 1 == element.value.size());
    } else {
      FUZZ_CHECK(*head == element.id && head[1] == element.value.size());
    }
    FUZZ_CHECK(element.value.size() <= static_cast<std::size_t>(end - element.value.data()));
    at = element.value.data() + element.value.size();
    if (walked >= 64) continue;  // finding walks; keep it short
    ExtensionReader finder(form, block);
    Bytes found;
    do {
      FUZZ_CHECK(finder.Find(element.id, found));
    } while (found.data() < element.value.data());
    FUZZ_CHECK(found.data() == element.value.data() && found.size() == element.value.size());
  }
  ExtensionElement untouched{7, block};
  FUZZ_CHECK(!reader.Next(untouched) && untouched.id == 7 && untouched.value.data() == block.data());
  for (const int id : {-1, 0, 256}) {
    Bytes none;
    FUZZ_CHECK(!ExtensionReader(form, block).Find(id, none));
  }
  return 0;
}
