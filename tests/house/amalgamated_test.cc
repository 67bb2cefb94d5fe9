// A program that knows one header and links nothing.
#include "mediacore_wire.h"

#include "mediacore_wire.h"  // NOLINT: twice on purpose

int main() {
  constexpr std::array<std::uint8_t, 4> kBytes = {0x12, 0x34, 0x56, 0x78};
  mediacore::ByteReader reader(kBytes);
  std::uint32_t value = 0;
  return reader.ReadU32(value) && value == 0x12345678 ? 0 : 1;
}
