#include "mediacore/sdp/security_attributes.h"

#include "attribute_bench.h"

namespace mediacore::sdp {
namespace {

constexpr std::string_view kFingerprint =
    "sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F";
void BM_SdpFingerprintRead(benchmark::State& state) { bench::ReadAttribute<Fingerprint>(state, kFingerprint, true); }
BENCHMARK(BM_SdpFingerprintRead);
void BM_SdpFingerprintRefuse(benchmark::State& state) {
  bench::ReadAttribute<Fingerprint>(state, "sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E", false);
}
BENCHMARK(BM_SdpFingerprintRefuse);
void BM_SdpFingerprintWrite(benchmark::State& state) { bench::WriteAttribute<Fingerprint>(state, kFingerprint); }
BENCHMARK(BM_SdpFingerprintWrite);

}  // namespace
}  // namespace mediacore::sdp
