#include "mediacore/sdp/clock_attributes.h"

#include "attribute_bench.h"

namespace mediacore::sdp {
namespace {

constexpr std::string_view kTsRefClk =
    "ptp=IEEE1588-2008:39-A7-94-FF-FE-07-CB-D0:127";
void BM_SdpTsRefClkRead(benchmark::State& state) { bench::ReadAttribute<TsRefClk>(state, kTsRefClk, true); }
BENCHMARK(BM_SdpTsRefClkRead);
void BM_SdpTsRefClkRefuse(benchmark::State& state) {
  bench::ReadAttribute<TsRefClk>(state, "ptp=IEEE1588-2008:39-A7-94-FF-FE-07-CB-DX:127", false);
}
BENCHMARK(BM_SdpTsRefClkRefuse);
void BM_SdpTsRefClkWrite(benchmark::State& state) { bench::WriteAttribute<TsRefClk>(state, kTsRefClk); }
BENCHMARK(BM_SdpTsRefClkWrite);

}  // namespace
}  // namespace mediacore::sdp
