#include "mediacore/base/base64.h"

#include <algorithm>
#include <string>
#include <vector>

#include "../support/input.h"

// What decodes encodes to the same text, but for padding and the case of hex;
// any bytes come back from their text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace mediacore;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::uint8_t> bytes(size);
  std::string back(2 * size + 4, ' ');
  std::size_t length = 0;
  std::size_t characters = 0;
  if (DecodeBase64(text, bytes, length)) {
    FUZZ_CHECK(length <= Base64DecodedSize(size));
    FUZZ_CHECK(EncodeBase64(Bytes(bytes).first(length), back, characters));
    FUZZ_CHECK(std::string_view(back).substr(0, characters).starts_with(text));
    FUZZ_CHECK(characters - size < 3);
  }
  if (DecodeHex(text, bytes, length)) {
    FUZZ_CHECK(EncodeHex(Bytes(bytes).first(length), back, characters));
    FUZZ_CHECK(characters == size);
    for (std::size_t i = 0; i < size; ++i) {
      FUZZ_CHECK(back[i] == text[i] || back[i] == (text[i] | 0x20));
    }
  }
  FUZZ_CHECK(EncodeBase64({data, size}, back, characters));
  FUZZ_CHECK(DecodeBase64({back.data(), characters}, bytes, length));
  FUZZ_CHECK(length == size && std::equal(bytes.begin(), bytes.end(), data));
  return 0;
}
