#include "mediacore/rtcp/xr_delay_since_rr.h"

#include "../support/xr_blocks.h"

// Answers are written back as they came, found by their SSRC, and never make a
// round trip negative.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtcp;
  fuzz::ForEachXrBlock({data, size}, [](const XrBlockView& block) {
    const auto view = XrDelaySinceRrView::Parse(block);
    if (!view) {
      FUZZ_CHECK(view.error() == XrBlockError::kOtherType || view.error() == XrBlockError::kBadLength);
      return;
    }
    std::vector<XrDelaySinceRr> answers;
    for (std::size_t i = 0; i < view->count(); ++i) {
      answers.push_back(view->at(i));
      XrDelaySinceRr found;
      if (i < 16) FUZZ_CHECK(view->Find(answers[i].ssrc, found) && found.ssrc == answers[i].ssrc);
      TimeDelta rtt = TimeDelta::Micros(-1);
      const NtpTime now(std::uint64_t{answers[i].ssrc.value()} << 16);
      const bool present = RoundTripTime(answers[i], now, rtt);
      FUZZ_CHECK(present == (rtt >= TimeDelta::Zero()) && (!present || answers[i].last_rr != 0));
    }
    if (block.size() <= 0xffff) fuzz::CheckWritesBack(XrDelaySinceRrWriter{answers}, block, 0);
  });
  return 0;
}
