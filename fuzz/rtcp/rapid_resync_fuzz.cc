#include "mediacore/rtcp/rapid_resync.h"

#include "feedback_checks.h"

// What is taken is the two SSRCs and is written the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  ForEachBlock(data, size, [](const BlockView& block) {
    CheckSignal<RapidResync>(block, kTransportFeedback, kFormatRapidResync);
  });
  return 0;
}
