#include "mediacore/rtp/sdes_extension.h"

#include "../support/extension_value.h"

namespace mediacore::rtp {
namespace {

BENCH_EXTENSION_VALUE(Mid, MidExtension, {'0'});
BENCH_EXTENSION_VALUE(Rid, RidExtension, {'h'});

constexpr auto kLongest = std::to_array<std::uint8_t>(
    {'s', 'c', 'r', 'e', 'e', 'n', '-', 'v', 'i', 'd', 'e', 'o', '-', '1', '2', '3'});
void BM_RtpLongestMidRead(benchmark::State& state) { bench::ReadExtensionValue<MidExtension>(state, kLongest); }
BENCHMARK(BM_RtpLongestMidRead);

// The longest name with a space at its end.
void BM_RtpMidRefuseLast(benchmark::State& state) {
  auto bytes = kLongest;
  bytes.back() = ' ';
  bench::ReadExtensionValue<MidExtension>(state, bytes, false);
}
BENCHMARK(BM_RtpMidRefuseLast);

}  // namespace
}  // namespace mediacore::rtp
