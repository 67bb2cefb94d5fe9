#ifndef MEDIACORE_SIM_RANDOM_H_
#define MEDIACORE_SIM_RANDOM_H_

#include <cstdint>
#include <random>

namespace mediacore::sim {

// Random numbers that are the same on every machine: the Mersenne Twister
// mt19937_64, which the C++ standard specifies to the bit, and none of the
// standard's distributions, which it does not. 2.5 KB.
//
// Give each use (loss, jitter, ...) a generator of its own, so that one more
// draw here does not change what happens there.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t Bits() { return engine_(); }
  // From 0 to below 1 in steps of 2^-53.
  double Uniform() { return static_cast<double>(Bits() >> 11) * 0x1p-53; }
  // True with the probability `p`.
  bool Chance(double p) { return Uniform() < p; }
  // From 0 to below `bound`; 0 for a bound of 0.
  std::uint64_t Below(std::uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((Wide{Bits() >> 11} * bound) >> 53);
  }
  // About a standard normal number, from -6 to 6: twelve uniform ones added up.
  double Normal() {
    double sum = 0;
    for (int i = 0; i < 12; ++i) sum += Uniform();
    return sum - 6;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace mediacore::sim

#endif  // MEDIACORE_SIM_RANDOM_H_
