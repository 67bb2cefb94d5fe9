#ifndef MEDIACORE_TESTS_SUPPORT_ROUNDS_H_
#define MEDIACORE_TESTS_SUPPORT_ROUNDS_H_

#include <cstdint>
#include <cstdlib>

namespace mediacore::testing {

// How often a test of random inputs goes round: `usual`, or what MEDIACORE_ROUNDS
// says, for a long run by hand.
inline std::uint32_t Rounds(std::uint32_t usual) {
  const char* const rounds = std::getenv("MEDIACORE_ROUNDS");
  return rounds == nullptr ? usual : static_cast<std::uint32_t>(std::strtoul(rounds, nullptr, 10));
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_ROUNDS_H_
