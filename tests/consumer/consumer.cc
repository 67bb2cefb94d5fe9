// What a program that embeds mediacore does with it.
#include <array>
#include <cstdio>

#include "absl/status/statusor.h"
#include "mediacore/base/byte_reader.h"
#include "mediacore/codec/encoded_frame.h"

int main() {
  constexpr std::array<std::uint8_t, 2> kBytes = {0x01, 0xbb};
  mediacore::ByteReader reader(kBytes);
  std::uint16_t port = 0;
  const absl::StatusOr<int> status = absl::InvalidArgumentError("no");
  if (!reader.ReadU16(port) || status.ok()) return 1;
  std::printf("port %d\n", port);
  return port == 443 ? 0 : 1;
}
