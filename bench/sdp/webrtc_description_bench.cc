#include "mediacore/sdp/webrtc_description.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "offer.h"

namespace mediacore::sdp {
namespace {

// Check, and the model with every attribute in its place.
void BM_SdpWebRtcRead(benchmark::State& state) {
  const std::string text = bench::Offer();
  const bench::HeapCount heap(state, 256);  // a model owns its vectors
  for (auto _ : state) {
    SessionView view;
    WebRtcDescription offer;
    if (SessionView::Parse(text, {}, view) || WebRtcDescription::Read(view, offer)) bench::Fail(state, "refused");
    benchmark::DoNotOptimize(offer.media.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_SdpWebRtcRead);

// The last attribute is not of its form.
void BM_SdpWebRtcRefuse(benchmark::State& state) {
  const std::string text = bench::Offer() + "a=mid:\r\n";
  const bench::HeapCount heap(state, 256);
  for (auto _ : state) {
    SessionView view;
    WebRtcDescription offer;
    if (SessionView::Parse(text, {}, view) || !WebRtcDescription::Read(view, offer)) bench::Fail(state, "another verdict");
    benchmark::DoNotOptimize(offer.media.data());
  }
}
BENCHMARK(BM_SdpWebRtcRefuse);

void BM_SdpWebRtcWrite(benchmark::State& state) {
  const std::string text = bench::Offer();
  SessionView view;
  WebRtcDescription offer;
  if (SessionView::Parse(text, {}, view) || WebRtcDescription::Read(view, offer)) bench::Fail(state, "refused");
  std::string out(text.size(), ' ');
  std::size_t size = 0;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Write(offer, std::span(out), size));
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_SdpWebRtcWrite);

}  // namespace
}  // namespace mediacore::sdp
