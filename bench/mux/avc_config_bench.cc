#include "mediacore/mux/avc_config.h"

#include "../../tests/mux/support.h"
#include "../support/read_view.h"

namespace mediacore::mux {
namespace {

// One SPS and one PPS; refused: its last parameter set is cut.
void BM_AvcConfigView(benchmark::State& state) {
  const bool taken = state.range(0) == 0;
  const Bytes record(testing::kAvcc);
  bench::ReadView(state, taken ? record : record.first(20), taken, AvcConfigView::Parse);
}
BENCHMARK(BM_AvcConfigView)->ArgName("refused")->Arg(0)->Arg(1);

}  // namespace
}  // namespace mediacore::mux
