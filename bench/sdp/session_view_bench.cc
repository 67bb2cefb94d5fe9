#include "mediacore/sdp/session_view.h"

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "../support/peer.h"
#include "mediacore/sdp/typed_attribute.h"
#include "offer.h"

#if MEDIACORE_HAVE_GSTREAMER
#include <gst/sdp/gstsdpmessage.h>
#endif

namespace mediacore::sdp {
namespace {

// Check, then read every m= line and every attribute into its typed value.
std::size_t ReadAll(std::string_view text) {
  SessionView session;
  if (SessionView::Parse(text, {}, session)) return 0;
  std::size_t sum = 0;
  const auto read = [&](Attributes attributes) {
    for (const Attribute attribute : attributes) {
      sum += VisitAttribute(attribute, [](const auto& value) { benchmark::DoNotOptimize(&value); });
    }
  };
  read(session.attributes());
  for (const MediaView& media : session.media()) {
    sum += media.port();
    read(media.attributes());
  }
  return sum;
}

void BM_SdpCheckOffer(benchmark::State& state) {
  const std::string text = bench::Offer();
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    SessionView session;
    benchmark::DoNotOptimize(text.data());
    bool refused = SessionView::Parse(text, {}, session).has_value();
    benchmark::DoNotOptimize(refused);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_SdpCheckOffer);

void BM_SdpReadOffer(benchmark::State& state) {
  const std::string text = bench::Offer();
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(text.data());
    std::size_t sum = ReadAll(text);
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_SdpReadOffer);

// The same with its last line broken.
void BM_SdpRefuseOffer(benchmark::State& state) {
  const std::string text = bench::Offer() + "x";
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(text.data());
    std::size_t sum = ReadAll(text);
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_SdpRefuseOffer);

void BM_SdpReadShortLines(benchmark::State& state) {
  std::string text = "v=0\no=- 0 0 IN IP4 h\ns=-\nt=0 0\n";
  for (std::int64_t i = 0; i < state.range(0); ++i) text += "a=b\n";
  const SessionLimits limits{.max_bytes = text.size(), .max_lines = 4'000'000};
  const bench::HeapCount heap(state);
  for (auto _ : state) {
    SessionView session;
    benchmark::DoNotOptimize(SessionView::Parse(text, limits, session).has_value());
    std::size_t sum = 0;
    for (const Attribute attribute : session.attributes()) sum += attribute.name.size();
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_SdpReadShortLines)->Arg(1'000)->Arg(259'318);

#if MEDIACORE_HAVE_GSTREAMER
// The peer leaves attributes as texts; ours reads each into its typed value.
void BM_SdpReadAgainstGStreamer(benchmark::State& state) {
  const std::string text = bench::Offer();
  bench::CompareWithPeer(
      state,
      [&] {
        benchmark::DoNotOptimize(text.data());
        std::size_t sum = ReadAll(text);
        benchmark::DoNotOptimize(sum);
      },
      [&] {
        GstSDPMessage* message = nullptr;
        gst_sdp_message_new(&message);
        const auto* data = reinterpret_cast<const guint8*>(text.data());
        auto result = gst_sdp_message_parse_buffer(data, static_cast<guint>(text.size()), message);
        benchmark::DoNotOptimize(result);
        gst_sdp_message_free(message);
      },
      500);
}
BENCHMARK(BM_SdpReadAgainstGStreamer)->Iterations(30);
#endif  // MEDIACORE_HAVE_GSTREAMER

}  // namespace
}  // namespace mediacore::sdp
