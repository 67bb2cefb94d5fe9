#include "mediacore/stun/attributes.h"

#include <benchmark/benchmark.h>

#include "../../tests/support/stun_vectors.h"
#include "../support/heap_count.h"

namespace mediacore::stun {
namespace {

// The address of a Binding response, found and read; not in a request.
void BM_StunMappedAddress(benchmark::State& state) {
  auto response = testing::kStunIpv4Response;
  if (state.range(0) == 0) response[35] = 0x21;  // another type
  const auto message = MessageView::Parse(response);
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(response.data());
    benchmark::ClobberMemory();
    XorMappedAddress mapped;
    bool found = ReadAttribute(*message, mapped);
    benchmark::DoNotOptimize(found);
    benchmark::DoNotOptimize(mapped);
  }
}
BENCHMARK(BM_StunMappedAddress)->Arg(1)->Arg(0);

void BM_StunErrorCode(benchmark::State& state) {
  std::array<std::uint8_t, 4> value = {0, 0, 4, static_cast<std::uint8_t>(state.range(0))};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(value.data());
    benchmark::ClobberMemory();
    const auto error = ErrorCode::Parse(value);
    int code = error ? error->code : 0;
    benchmark::DoNotOptimize(code);
  }
}
BENCHMARK(BM_StunErrorCode)->Arg(38)->Arg(200);

}  // namespace
}  // namespace mediacore::stun
