#include "mediacore/sdp/sdp_writer.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "offer.h"

namespace mediacore::sdp {
namespace {

void BM_SdpToDescription(benchmark::State& state) {
  const std::string text = bench::Offer();
  SessionView view;
  if (SessionView::Parse(text, {}, view)) bench::Fail(state, "refused");
  const bench::HeapCount heap(state, 64);  // a model owns its vectors
  for (auto _ : state) {
    const SessionDescription session = ToDescription(view);
    benchmark::DoNotOptimize(session.media.data());
  }
}
BENCHMARK(BM_SdpToDescription);

void BM_SdpWriteOffer(benchmark::State& state) {
  const std::string text = bench::Offer();
  SessionView view;
  if (SessionView::Parse(text, {}, view)) bench::Fail(state, "refused");
  const SessionDescription session = ToDescription(view);
  std::string out(text.size(), ' ');
  std::size_t size = 0;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Write(session, std::span(out), size));
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_SdpWriteOffer);

// One character too few.
void BM_SdpWriteRefused(benchmark::State& state) {
  const std::string text = bench::Offer();
  SessionView view;
  if (SessionView::Parse(text, {}, view)) bench::Fail(state, "refused");
  const SessionDescription session = ToDescription(view);
  std::string out(text.size() - 1, ' ');
  std::size_t size = 0;
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    if (Write(session, std::span(out), size)) bench::Fail(state, "written");
  }
}
BENCHMARK(BM_SdpWriteRefused);

}  // namespace
}  // namespace mediacore::sdp
