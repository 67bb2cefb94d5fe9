#include "mediacore/sdp/attributes.h"

#include "attribute_bench.h"

namespace mediacore::sdp {
namespace {

constexpr std::string_view kRtpMap =
    "111 opus/48000/2";
void BM_SdpRtpMapRead(benchmark::State& state) { bench::ReadAttribute<RtpMap>(state, kRtpMap, true); }
BENCHMARK(BM_SdpRtpMapRead);
void BM_SdpRtpMapRefuse(benchmark::State& state) {
  bench::ReadAttribute<RtpMap>(state, "111 opus/48000/0", false);
}
BENCHMARK(BM_SdpRtpMapRefuse);
void BM_SdpRtpMapWrite(benchmark::State& state) { bench::WriteAttribute<RtpMap>(state, kRtpMap); }
BENCHMARK(BM_SdpRtpMapWrite);

constexpr std::string_view kRtcpFb =
    "96 nack pli";
void BM_SdpRtcpFbRead(benchmark::State& state) { bench::ReadAttribute<RtcpFb>(state, kRtcpFb, true); }
BENCHMARK(BM_SdpRtcpFbRead);
void BM_SdpRtcpFbRefuse(benchmark::State& state) {
  bench::ReadAttribute<RtcpFb>(state, "128 nack pli", false);
}
BENCHMARK(BM_SdpRtcpFbRefuse);
void BM_SdpRtcpFbWrite(benchmark::State& state) { bench::WriteAttribute<RtcpFb>(state, kRtcpFb); }
BENCHMARK(BM_SdpRtcpFbWrite);

constexpr std::string_view kSsrcGroup =
    "FID 3411750151 3527331465";
void BM_SdpSsrcGroupRead(benchmark::State& state) { bench::ReadAttribute<SsrcGroup>(state, kSsrcGroup, true); }
BENCHMARK(BM_SdpSsrcGroupRead);
void BM_SdpSsrcGroupRefuse(benchmark::State& state) {
  bench::ReadAttribute<SsrcGroup>(state, "FID 3411750151 4527331465", false);
}
BENCHMARK(BM_SdpSsrcGroupRefuse);
void BM_SdpSsrcGroupWrite(benchmark::State& state) { bench::WriteAttribute<SsrcGroup>(state, kSsrcGroup); }
BENCHMARK(BM_SdpSsrcGroupWrite);

}  // namespace
}  // namespace mediacore::sdp
