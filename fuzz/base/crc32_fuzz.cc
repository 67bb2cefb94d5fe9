#include "mediacore/base/crc32.h"

#include <algorithm>
#include <vector>

#include "../support/input.h"

namespace {

// A bit at a time, as the polynomials say.
std::uint32_t SlowCrc32(mediacore::Bytes bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1u) != 0 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
  }
  return ~crc;
}
std::uint32_t SlowHighFirst(mediacore::Bytes bytes, std::uint32_t crc) {
  for (const std::uint8_t byte : bytes) {
    crc ^= std::uint32_t{byte} << 24;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x80000000u) != 0 ? crc << 1 ^ 0x04c11db7u : crc << 1;
  }
  return crc;
}

}  // namespace

// All agree with a slow one, in pieces too; a section with its CRC behind it gives 0; the tables
// made now are those that the compiler made.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  const Bytes bytes(data, size);
  FUZZ_CHECK(Crc32(bytes) == SlowCrc32(bytes));
  FUZZ_CHECK(Crc32Mpeg(bytes) == SlowHighFirst(bytes, 0xffffffffu));
  FUZZ_CHECK(Crc32Ogg(bytes) == SlowHighFirst(bytes, 0));
  FUZZ_CHECK(Crc32Ogg(bytes.subspan(size / 3), Crc32Ogg(bytes.first(size / 3))) == Crc32Ogg(bytes));
  std::vector<std::uint8_t> section(size + 4);
  std::copy_n(data, size, section.begin());
  StoreU32(section.data() + size, Crc32Mpeg(bytes));
  FUZZ_CHECK(Crc32Mpeg(section) == 0);
  if (size == 0) {
    FUZZ_CHECK(internal::MakeCrc32Slices<true>() == internal::kCrc32Slices);
    FUZZ_CHECK(internal::MakeCrc32Slices<false>() == internal::kCrc32HighFirstSlices);
  }
  return 0;
}
