#ifndef MEDIACORE_TESTS_SUPPORT_TOY_HASH_H_
#define MEDIACORE_TESTS_SUPPORT_TOY_HASH_H_

#include <span>

#include "mediacore/base/bytes.h"

namespace mediacore::testing {

// A keyed hash of any size that no one should trust: for tests of what is hashed,
// where the ring has no cryptography. The boundaries of parts do not count.
struct ToyHash {
  std::uint64_t key = 1;

  constexpr bool operator()(std::span<const Bytes> parts, MutableBytes digest) const {
    std::uint64_t state = key * 0x9e3779b97f4a7c15u + digest.size();
    for (const Bytes part : parts) {
      for (const std::uint8_t byte : part) state = (state ^ byte) * 0x100000001b3u;
    }
    for (std::uint8_t& byte : digest) {
      state = (state ^ state >> 29) * 0x9e3779b97f4a7c15u;
      byte = static_cast<std::uint8_t>(state >> 56);
    }
    return true;
  }
};

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_TOY_HASH_H_
