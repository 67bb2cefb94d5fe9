#include "mediacore/rtcp/loss_notification.h"

#include "feedback_checks.h"

// What is taken is written as the bytes it was read from.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  ForEachBlock(data, size, [](const BlockView& block) {
    const auto message = LossNotification::Parse(block);
    if (!IsTaken(message, block, kPayloadFeedback, kFormatApplicationLayer)) return;
    FUZZ_CHECK(static_cast<std::uint16_t>(message->last_received.value() - message->last_decoded.value()) <= 0x7fff);
    std::vector<std::uint8_t> out;
    FUZZ_CHECK(std::ranges::equal(WriteAndTake(*message, out).body(), block.body()));
  });
  return 0;
}
