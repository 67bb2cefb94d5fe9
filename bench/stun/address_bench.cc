#include "mediacore/stun/address.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"

namespace mediacore::stun {
namespace {

constexpr std::array<std::uint8_t, 20> kIpv6 = {0, 2, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa, 0xa5, 0xd3,
                                                0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9};

// 8 bytes are IPv4, 20 IPv6, and 12 are refused.
void BM_StunXorAddressRead(benchmark::State& state) {
  auto value = kIpv6;
  if (state.range(0) == 8) value[1] = 1;
  const TransactionId id{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(value.data());
    benchmark::ClobberMemory();
    Endpoint endpoint;
    bool good = ReadXorAddress(Bytes(value).first(static_cast<std::size_t>(state.range(0))), id, endpoint);
    benchmark::DoNotOptimize(good);
    benchmark::DoNotOptimize(endpoint);
  }
}
BENCHMARK(BM_StunXorAddressRead)->Arg(8)->Arg(20)->Arg(12);

}  // namespace
}  // namespace mediacore::stun
