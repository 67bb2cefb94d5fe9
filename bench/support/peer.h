#ifndef MEDIACORE_BENCH_SUPPORT_PEER_H_
#define MEDIACORE_BENCH_SUPPORT_PEER_H_

#include <algorithm>
#include <chrono>

#include <benchmark/benchmark.h>

namespace mediacore::bench {

// Times ours and a peer's way to the same answer in turns, so that both see the
// same machine, and prints the time of one call of each and their ratio:
//
//   void BM_ParseAgainstPeer(benchmark::State& state) {
//     CompareWithPeer(state, [&] { Ours(packet); }, [&] { Theirs(packet); });
//   }
//   BENCHMARK(BM_ParseAgainstPeer)->Iterations(50);
//
// Each round calls either one `calls` times; the best round of each counts,
// which is the one that nothing else on the machine disturbed.
template <typename Ours, typename Peer>
void CompareWithPeer(benchmark::State& state, Ours&& ours, Peer&& peer,
                     int calls = 20'000) {
  using Clock = std::chrono::steady_clock;
  const auto nanoseconds = [calls](auto& call) {
    const auto start = Clock::now();
    for (int i = 0; i < calls; ++i) call();
    const std::chrono::duration<double, std::nano> took = Clock::now() - start;
    return took.count() / calls;
  };
  double ours_ns = 1e18;
  double peer_ns = 1e18;
  for (auto _ : state) {
    ours_ns = std::min(ours_ns, nanoseconds(ours));
    peer_ns = std::min(peer_ns, nanoseconds(peer));
  }
  state.counters["ours_ns"] = ours_ns;
  state.counters["peer_ns"] = peer_ns;
  state.counters["ratio"] = peer_ns / ours_ns;
}

}  // namespace mediacore::bench

#endif  // MEDIACORE_BENCH_SUPPORT_PEER_H_
