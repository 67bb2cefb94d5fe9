#include "mediacore/rtcp/ecn_feedback.h"

#include "feedback_checks.h"

// What is read is written as the bytes that it was read from; any other size is
// refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  ForEachBlock(data, size, [](const BlockView& block) {
    const auto feedback = EcnFeedback::Parse(block);
    const bool taken = IsTaken(feedback, block, mediacore::rtcp::kTransportFeedback, kFormatEcn);
    FUZZ_CHECK(taken == (block.packet_type() == 205 && block.count() == 8 && block.body().size() == 28));
    if (!taken) return;
    std::vector<std::uint8_t> out;
    FUZZ_CHECK(std::ranges::equal(WriteAndTake(*feedback, out).body(), block.body()));
    FUZZ_CHECK(*EcnFeedback::Parse(WriteAndTake(*feedback, out)) == *feedback);
  });
  return 0;
}
