#include "mediacore/sdp/simulcast_attributes.h"

#include "attribute_bench.h"

namespace mediacore::sdp {
namespace {

constexpr std::string_view kRidAttribute =
    "5 send pt=99,102;max-br=64000;max-width=20;max-height=20";
void BM_SdpRidAttributeRead(benchmark::State& state) { bench::ReadAttribute<RidAttribute>(state, kRidAttribute, true); }
BENCHMARK(BM_SdpRidAttributeRead);
void BM_SdpRidAttributeRefuse(benchmark::State& state) {
  bench::ReadAttribute<RidAttribute>(state, "5 send pt=99,102;max-br=64000;max-width=20;max-height=x", false);
}
BENCHMARK(BM_SdpRidAttributeRefuse);
void BM_SdpRidAttributeWrite(benchmark::State& state) { bench::WriteAttribute<RidAttribute>(state, kRidAttribute); }
BENCHMARK(BM_SdpRidAttributeWrite);

constexpr std::string_view kSimulcast =
    "send 1,~4;2;3 recv c";
void BM_SdpSimulcastRead(benchmark::State& state) { bench::ReadAttribute<Simulcast>(state, kSimulcast, true); }
BENCHMARK(BM_SdpSimulcastRead);
void BM_SdpSimulcastRefuse(benchmark::State& state) {
  bench::ReadAttribute<Simulcast>(state, "send 1,~4;2;3 recv ~", false);
}
BENCHMARK(BM_SdpSimulcastRefuse);
void BM_SdpSimulcastWrite(benchmark::State& state) { bench::WriteAttribute<Simulcast>(state, kSimulcast); }
BENCHMARK(BM_SdpSimulcastWrite);

}  // namespace
}  // namespace mediacore::sdp
