#include "mediacore/rtp/ntp_extension.h"

#include "../support/extension_value.h"
#include "../support/peer.h"

#if MEDIACORE_HAVE_GSTREAMER
#include <gst/rtp/gstrtphdrext.h>
#endif

namespace mediacore::rtp {
namespace {

BENCH_EXTENSION_VALUE(Ntp64, Ntp64, {0xe8, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde});
BENCH_EXTENSION_VALUE(Ntp56, Ntp56, {0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde});

#if MEDIACORE_HAVE_GSTREAMER
void BM_RtpNtp56AgainstGStreamer(benchmark::State& state) {
  auto bytes = kNtp56Bytes;
  guint64 time = 0;
  if (!gst_rtp_hdrext_get_ntp_56(bytes.data(), bytes.size(), &time) || time != Ntp56::Parse(bytes)->value) {
    return bench::Fail(state, "the peer reads another time");
  }
  bench::CompareWithPeer(
      state,
      [&] {
        benchmark::DoNotOptimize(bytes);
        auto ntp = Ntp56::Parse(bytes);
        benchmark::DoNotOptimize(ntp);
      },
      [&] {
        benchmark::DoNotOptimize(bytes);
        gst_rtp_hdrext_get_ntp_56(bytes.data(), bytes.size(), &time);
        benchmark::DoNotOptimize(time);
      });
}
BENCHMARK(BM_RtpNtp56AgainstGStreamer)->Iterations(50);
#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace
}  // namespace mediacore::rtp
