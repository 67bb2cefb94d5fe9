#include "mediacore/codec/aac.h"

#include "../support/read_view.h"

namespace mediacore::codec {
namespace {

// AAC with SBR; refused: a reserved sampling frequency.
void BM_AacConfigParse(benchmark::State& state) {
  constexpr std::array<std::uint8_t, 4> kGood = {0x2b, 0x11, 0x88, 0x00};
  constexpr std::array<std::uint8_t, 2> kBad = {0x16, 0x90};
  const bool taken = state.range(0) == 0;
  bench::ReadView(state, taken ? Bytes(kGood) : Bytes(kBad), taken, AacConfig::Parse);
}
BENCHMARK(BM_AacConfigParse)->ArgName("refused")->Arg(0)->Arg(1);

}  // namespace
}  // namespace mediacore::codec
