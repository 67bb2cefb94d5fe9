// What a program that takes only the wire rings does: no library at all.
#include <array>

#include "mediacore/base/byte_reader.h"

int main() {
  constexpr std::array<std::uint8_t, 2> kBytes = {0x01, 0xbb};
  mediacore::ByteReader reader(kBytes);
  std::uint16_t port = 0;
  return reader.ReadU16(port) && port == 443 ? 0 : 1;
}
