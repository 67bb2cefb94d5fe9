#include "mediacore/rtcp/video_back_channel.h"

#include "feedback_checks.h"

// Entries lie one behind the other inside the FCI and are written to read the
// same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  ForEachBlock(data, size, [](const BlockView& block) {
    const auto view = VideoBackChannelView::Parse(block);
    if (!IsTaken(view, block, kPayloadFeedback, kFormatVbcm)) return;
    std::vector<VideoBackChannelEntry> entries;
    std::size_t total = 8;
    view->ForEach([&](const VideoBackChannelEntry& entry) {
      FUZZ_CHECK(Inside(entry.octets, block.body()));
      entries.push_back(entry);
      total += entry.WireSize();
    });
    FUZZ_CHECK(!entries.empty() && (total + 3) / 4 == (block.body().size() + 3) / 4);
    std::vector<std::uint8_t> out;
    const auto again = VideoBackChannelView::Parse(WriteAndTake(VideoBackChannelWriter{view->sender_ssrc(), view->media_ssrc(), entries}, out));
    FUZZ_CHECK(again && again->sender_ssrc() == view->sender_ssrc() && again->media_ssrc() == view->media_ssrc());
    std::size_t i = 0;
    again->ForEach([&](const VideoBackChannelEntry& entry) {
      FUZZ_CHECK(i < entries.size() && std::ranges::equal(entry.octets, entries[i].octets));
      FUZZ_CHECK(entry.ssrc == entries[i].ssrc && entry.sequence_number == entries[i].sequence_number);
      ++i;
    });
    FUZZ_CHECK(i == entries.size());
  });
  return 0;
}
