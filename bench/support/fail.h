#ifndef MEDIACORE_BENCH_SUPPORT_FAIL_H_
#define MEDIACORE_BENCH_SUPPORT_FAIL_H_

#include <benchmark/benchmark.h>

namespace mediacore::bench {

// Whether a benchmark of this program did not do what it measures; main() then
// returns 1. (State::SkipWithError alone prints and returns 0: for what this
// machine lacks.)
inline bool g_failed = false;

inline void Fail(benchmark::State& state, const char* why) {
  g_failed = true;
  state.SkipWithError(why);
}

}  // namespace mediacore::bench

#endif  // MEDIACORE_BENCH_SUPPORT_FAIL_H_
