#include "mediacore/sdp/webrtc_attributes.h"

#include "attribute_bench.h"

namespace mediacore::sdp {
namespace {

constexpr std::string_view kExtMap =
    "3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
void BM_SdpExtMapRead(benchmark::State& state) { bench::ReadAttribute<ExtMap>(state, kExtMap, true); }
BENCHMARK(BM_SdpExtMapRead);
void BM_SdpExtMapRefuse(benchmark::State& state) {
  bench::ReadAttribute<ExtMap>(state, "0 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", false);
}
BENCHMARK(BM_SdpExtMapRefuse);
void BM_SdpExtMapWrite(benchmark::State& state) { bench::WriteAttribute<ExtMap>(state, kExtMap); }
BENCHMARK(BM_SdpExtMapWrite);

constexpr std::string_view kMsid =
    "0be388eb-669a-482a-accc-d898702f4c16 05f83f97-eadf-4a2a-9ee2-10ece364b251";
void BM_SdpMsidRead(benchmark::State& state) { bench::ReadAttribute<Msid>(state, kMsid, true); }
BENCHMARK(BM_SdpMsidRead);
void BM_SdpMsidRefuse(benchmark::State& state) {
  bench::ReadAttribute<Msid>(state, "0be388eb-669a-482a-accc-d898702f4c16 05f83f97-eadf-4a2a-9ee2-10ece364b25:", false);
}
BENCHMARK(BM_SdpMsidRefuse);
void BM_SdpMsidWrite(benchmark::State& state) { bench::WriteAttribute<Msid>(state, kMsid); }
BENCHMARK(BM_SdpMsidWrite);

}  // namespace
}  // namespace mediacore::sdp
