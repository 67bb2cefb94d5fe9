#include "mediacore/rtmp/handshake.h"

#include <vector>

#include "../support/read_view.h"

namespace mediacore::rtmp {
namespace {

void BM_HandshakeHelloView(benchmark::State& state) {
  std::vector<std::uint8_t> hello(HandshakeHelloView::kSize);
  hello[0] = state.range(0) != 0 ? 'G' : 3;
  mediacore::bench::ReadView(state, hello, state.range(0) == 0,
                             [](Bytes bytes) { return HandshakeHelloView::Parse(bytes); });
}
BENCHMARK(BM_HandshakeHelloView)->ArgName("refused")->Arg(0)->Arg(1);

void BM_HandshakeEchoWriter(benchmark::State& state) {
  const std::vector<std::uint8_t> bytes = [] {
    std::vector<std::uint8_t> hello(HandshakeHelloView::kSize, 7);
    hello[0] = 3;
    return hello;
  }();
  const auto hello = HandshakeHelloView::Parse(bytes);
  if (!hello) return mediacore::bench::Fail(state, "refused");
  std::vector<std::uint8_t> out(HandshakeEchoView::kSize);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    if (!HandshakeEchoWriter{*hello, 5}.Write(out)) mediacore::bench::Fail(state, "refused");
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_HandshakeEchoWriter);

}  // namespace
}  // namespace mediacore::rtmp
