#include "mediacore/rtcp/tmmbr.h"

#include "feedback_checks.h"

// Entries of either message make up the FCI and are written to say the same;
// rates are not negative.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  ForEachBlock(data, size, [](const BlockView& block) {
    CheckList(block, TmmbrWriter{});
    CheckList(block, TmmbnWriter{});
    const auto tmmbr = TmmbrView::Parse(block);
    if (!tmmbr) return;
    for (const TmmbrEntry entry : *tmmbr) FUZZ_CHECK(entry.max_total_bit_rate >= mediacore::DataRate::Zero());
  });
  return 0;
}
