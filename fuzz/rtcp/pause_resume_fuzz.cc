#include "mediacore/rtcp/pause_resume.h"

#include "feedback_checks.h"

// Entries lie one behind the other inside the FCI and are written to read the
// same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  ForEachBlock(data, size, [](const BlockView& block) {
    const auto view = PauseResumeView::Parse(block);
    if (!IsTaken(view, block, kTransportFeedback, kFormatPauseResume)) return;
    std::vector<PauseResumeEntry> entries;
    std::size_t total = 8;
    view->ForEach([&](const PauseResumeEntry& entry) {
      FUZZ_CHECK(Inside(entry.type_specific, block.body()));
      entries.push_back(entry);
      total += entry.WireSize();
    });
    FUZZ_CHECK(!entries.empty() && (total + 3) / 4 == (block.body().size() + 3) / 4);
    std::vector<std::uint8_t> out;
    const auto again = PauseResumeView::Parse(WriteAndTake(PauseResumeWriter{view->sender_ssrc(), view->media_ssrc(), entries}, out));
    FUZZ_CHECK(again && again->sender_ssrc() == view->sender_ssrc() && again->media_ssrc() == view->media_ssrc());
    std::size_t i = 0;
    again->ForEach([&](const PauseResumeEntry& entry) {
      FUZZ_CHECK(i < entries.size() && std::ranges::equal(entry.type_specific, entries[i].type_specific));
      FUZZ_CHECK(entry.target_ssrc == entries[i].target_ssrc && entry.type == entries[i].type);
      FUZZ_CHECK(entry.pause_id == entries[i].pause_id);
      std::uint32_t last = 0;
      FUZZ_CHECK(entry.ReadLastSent(last) == (entry.type == PauseType::kPaused && !entry.type_specific.empty()));
      ++i;
    });
    FUZZ_CHECK(i == entries.size());
  });
  return 0;
}
