#include "mediacore/sdp/rtp_media.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "offer.h"

namespace mediacore::sdp {
namespace {

// Ports, directions and formats of both RTP media of a checked offer.
void BM_SdpReadRtpMedia(benchmark::State& state) {
  const std::string text = bench::Offer();
  SessionView session;
  if (SessionView::Parse(text, {}, session)) bench::Fail(state, "refused");
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    std::size_t formats = 0;
    for (const MediaView& view : session.media()) {
      if (!view.IsRtp()) continue;
      const RtpMedia media(session, view);
      formats += media.formats.size();
    }
    benchmark::DoNotOptimize(formats);
  }
}
BENCHMARK(BM_SdpReadRtpMedia);

void BM_SdpFindFormatParameter(benchmark::State& state) {
  std::string text = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=640c1f";
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(text.data());
    auto found = FormatParameters(text).Find("profile-level-id");
    benchmark::DoNotOptimize(found);
  }
}
BENCHMARK(BM_SdpFindFormatParameter);

}  // namespace
}  // namespace mediacore::sdp
