#include "mediacore/rtmp/message.h"

#include <vector>

#include "../support/read_view.h"

namespace mediacore::rtmp {
namespace {

void BM_SetChunkSize(benchmark::State& state) {
  const std::vector<std::uint8_t> payload = {0, 0, 0xea, 0x60};
  mediacore::bench::ReadView(state, Bytes(payload).first(state.range(0) == 0 ? 4 : 3), state.range(0) == 0,
                             [](Bytes bytes) { return SetChunkSize::Parse(bytes); });
}
BENCHMARK(BM_SetChunkSize)->ArgName("refused")->Arg(0)->Arg(1);

void BM_UserControl(benchmark::State& state) {
  const std::vector<std::uint8_t> payload = {0, 3, 0, 0, 0, 1, 0, 0, 0xb, 0xb8};
  mediacore::bench::ReadView(state, payload, true, [](Bytes bytes) { return UserControl::Parse(bytes); });
}
BENCHMARK(BM_UserControl);

}  // namespace
}  // namespace mediacore::rtmp
