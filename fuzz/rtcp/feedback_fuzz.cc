#include "mediacore/rtcp/feedback.h"

#include "feedback_checks.h"

// Any feedback is its two SSRCs and its FCI, and is written as it was read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  ForEachBlock(data, size, [](const BlockView& block) {
    const auto message = FeedbackView::Parse(block);
    const auto same = FeedbackView::Parse(block, block.packet_type(), block.count());
    const bool feedback = block.packet_type() == kTransportFeedback || block.packet_type() == kPayloadFeedback;
    FUZZ_CHECK(message.has_value() == (feedback && block.body().size() >= 8));
    FUZZ_CHECK(same.has_value() == (block.body().size() >= 8));
    FUZZ_CHECK(FeedbackName(block.packet_type(), block.count()).empty() || feedback);
    if (!message) FUZZ_CHECK(!ToString(message.error()).empty());
    if (!message) FUZZ_CHECK(HasText(message.error()));
    if (!same) FUZZ_CHECK(HasText(same.error()));
    if (!message) return;
    FUZZ_CHECK(Inside(message->fci(), block.body()) && message->fci().size() + 8 == block.body().size());
    if (message->fci().size() >= 4) {
      const auto id = mediacore::LoadU32(message->fci().data());
      const auto app = FeedbackView::ParseApplicationLayer(block, id);
      FUZZ_CHECK(app.has_value() == (block.packet_type() == kPayloadFeedback && block.count() == 15));
      FUZZ_CHECK(!FeedbackView::ParseApplicationLayer(block, ~id));
    } else {
      FUZZ_CHECK(!FeedbackView::ParseApplicationLayer(block, 0));
    }
    if (message->fci().size() % 4 != 0) return;
    std::vector<std::uint8_t> out;
    const FeedbackWriter writer{message->packet_type(), message->format(), message->sender_ssrc(),
                                message->media_ssrc(), message->fci()};
    FUZZ_CHECK(std::ranges::equal(WriteAndTake(writer, out).body(), block.body()));
  });
  return 0;
}
