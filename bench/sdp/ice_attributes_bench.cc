#include "mediacore/sdp/ice_attributes.h"

#include "attribute_bench.h"

namespace mediacore::sdp {
namespace {

constexpr std::string_view kCandidate =
    "1935294670 1 udp 2113937151 86fb8308-50ef-493e-aaa4-79b3382c5730.local 46465 typ host generation 0 network-cost 999";
void BM_SdpCandidateRead(benchmark::State& state) { bench::ReadAttribute<Candidate>(state, kCandidate, true); }
BENCHMARK(BM_SdpCandidateRead);
void BM_SdpCandidateRefuse(benchmark::State& state) {
  bench::ReadAttribute<Candidate>(state, "1935294670 1 udp 2113937151 86fb8308-50ef-493e-aaa4-79b3382c5730.local 46465 typ host generation 0 network-cost", false);
}
BENCHMARK(BM_SdpCandidateRefuse);
void BM_SdpCandidateWrite(benchmark::State& state) { bench::WriteAttribute<Candidate>(state, kCandidate); }
BENCHMARK(BM_SdpCandidateWrite);

}  // namespace
}  // namespace mediacore::sdp
