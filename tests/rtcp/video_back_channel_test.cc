#include "mediacore/rtcp/video_back_channel.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "../support/rtcp_blocks.h"

namespace mediacore::rtcp {
namespace {

using testing::BlockOf;
using testing::CannotBeWritten;
using testing::TakenPrefixes;
using testing::VerdictOnPrefix;
using testing::Written;

// To source 5, message 1 for type 96: 3 octets and one to fill; to source 6 none.
constexpr std::array<std::uint8_t, 32> kVbcm = {0x87, 206, 0, 7, 0, 0, 0, 1,  0,   0,   0,   0, 0, 0, 0, 5,
                                                1,    96,  0, 3, 'a', 'b', 'c', 0, 0, 0, 0, 6, 2, 97, 0, 0};

std::vector<VideoBackChannelEntry> EntriesOf(const VideoBackChannelView& view) {
  std::vector<VideoBackChannelEntry> entries;
  view.ForEach([&](const VideoBackChannelEntry& entry) { entries.push_back(entry); });
  return entries;
}
constexpr bool ReadsBoth() {
  const auto vbcm = VideoBackChannelView::Parse(BlockOf(kVbcm));
  std::size_t octets = 0;
  int entries = 0;
  if (vbcm) {
    vbcm->ForEach([&](const VideoBackChannelEntry& entry) {
      octets += entry.octets.size();
      ++entries;
    });
  }
  return entries == 2 && octets == 3;
}
static_assert(ReadsBoth());

TEST(RtcpVideoBackChannelTest, EntriesReadBackTheSame) {
  const auto entries = EntriesOf(*VideoBackChannelView::Parse(BlockOf(kVbcm)));
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].ssrc, Ssrc(5));
  EXPECT_EQ(entries[0].sequence_number, 1);
  EXPECT_EQ(entries[0].payload_type, PayloadType(96));
  EXPECT_EQ(entries[0].octets[2], 'c');
  EXPECT_EQ(entries[1].ssrc, Ssrc(6));
  EXPECT_EQ(Written(VideoBackChannelWriter{Ssrc(1), Ssrc(0), entries}), std::vector(kVbcm.begin(), kVbcm.end()));
}

TEST(RtcpVideoBackChannelTest, EachCauseOfRefusal) {
  // 19: the fill of the first entry went as padding.
  EXPECT_EQ(TakenPrefixes<VideoBackChannelView>(kVbcm), (std::vector<std::size_t>{19, 20, 28}));
  EXPECT_EQ(VerdictOnPrefix<VideoBackChannelView>(kVbcm, 7), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<VideoBackChannelView>(kVbcm, 8), static_cast<int>(FeedbackError::kBadLength));
  EXPECT_EQ(VerdictOnPrefix<VideoBackChannelView>(kVbcm, 18), static_cast<int>(FeedbackError::kBadCount));
  EXPECT_EQ(VerdictOnPrefix<VideoBackChannelView>(kVbcm, 27), static_cast<int>(FeedbackError::kBadLength));
  auto other = kVbcm;
  other[0] = 0x86;
  EXPECT_EQ(VideoBackChannelView::Parse(BlockOf(other)).error(), FeedbackError::kOtherMessage);
}

TEST(RtcpVideoBackChannelTest, WhatADatagramCannotHoldIsNotWritten) {
  const std::vector<std::uint8_t> octets(65536);
  std::vector<VideoBackChannelEntry> entries(2);
  EXPECT_TRUE(CannotBeWritten(VideoBackChannelWriter{}));
  entries[1].octets = octets;
  EXPECT_TRUE(CannotBeWritten(VideoBackChannelWriter{{}, {}, entries}));
  entries[0].octets = entries[1].octets = Bytes(octets).first(40'000);
  EXPECT_TRUE(CannotBeWritten(VideoBackChannelWriter{{}, {}, entries}));
  EXPECT_EQ(Written(VideoBackChannelWriter{{}, {}, std::span(entries).first(1)}).size(), 40'020u);
}

}  // namespace
}  // namespace mediacore::rtcp
