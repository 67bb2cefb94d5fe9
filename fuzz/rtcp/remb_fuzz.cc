#include "mediacore/rtcp/remb.h"

#include "feedback_checks.h"

// The count is that of the bytes, the rate is not negative, and the message is
// written to read the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  ForEachBlock(data, size, [](const BlockView& block) {
    const auto remb = RembView::Parse(block);
    if (!IsTaken(remb, block, kPayloadFeedback, kFormatApplicationLayer)) return;
    FUZZ_CHECK(16 + 4 * static_cast<std::size_t>(remb->ssrc_count()) == block.body().size());
    FUZZ_CHECK(remb->bitrate() >= mediacore::DataRate::Zero());
    std::vector<mediacore::Ssrc> ssrcs;
    for (int i = 0; i < remb->ssrc_count(); ++i) ssrcs.push_back(remb->ssrc(i));
    std::vector<std::uint8_t> out;
    const BlockView written = WriteAndTake(RembWriter{remb->sender_ssrc(), remb->bitrate(), ssrcs}, out);
    const auto again = RembView::Parse(written);
    FUZZ_CHECK(again && again->sender_ssrc() == remb->sender_ssrc() && again->bitrate() == remb->bitrate());
    FUZZ_CHECK(std::ranges::equal(written.body().subspan(16), block.body().subspan(16)));
  });
  return 0;
}
