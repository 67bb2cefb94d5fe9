#include "mediacore/rtcp/pause_resume.h"

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

// Source 5 has paused after packet 65546 (pause 1); source 6 is to go on.
constexpr std::array<std::uint8_t, 32> kPaused = {0x89, 205, 0, 7, 0, 0, 0,  1, 0, 0, 0, 0, 0,    0, 0, 5,
                                                  0x20, 1,   0, 1, 0, 1, 0, 10, 0, 0, 0, 6, 0x10, 0, 0, 9};

std::vector<PauseResumeEntry> EntriesOf(const PauseResumeView& view) {
  std::vector<PauseResumeEntry> entries;
  view.ForEach([&](const PauseResumeEntry& entry) { entries.push_back(entry); });
  return entries;
}
constexpr bool ReadsBoth() {
  const auto message = PauseResumeView::Parse(BlockOf(kPaused));
  unsigned types = 0;
  if (message) {
    message->ForEach([&](const PauseResumeEntry& entry) { types = types * 10 + static_cast<unsigned>(entry.type); });
  }
  return types == 21;
}
static_assert(ReadsBoth());

TEST(RtcpPauseResumeTest, EntriesReadBackTheSame) {
  const auto entries = EntriesOf(*PauseResumeView::Parse(BlockOf(kPaused)));
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].target_ssrc, Ssrc(5));
  EXPECT_EQ(entries[0].pause_id, 1);
  EXPECT_EQ(entries[1].target_ssrc, Ssrc(6));
  EXPECT_EQ(entries[1].pause_id, 9);
  EXPECT_EQ(Written(PauseResumeWriter{Ssrc(1), Ssrc(0), entries}), std::vector(kPaused.begin(), kPaused.end()));
}

TEST(RtcpPauseResumeTest, OnlyPausedSaysWhichPacketWasTheLast) {
  auto entries = EntriesOf(*PauseResumeView::Parse(BlockOf(kPaused)));
  std::uint32_t last = 7;
  EXPECT_FALSE(entries[1].ReadLastSent(last));
  EXPECT_EQ(last, 7u);
  EXPECT_TRUE(entries[0].ReadLastSent(last));
  EXPECT_EQ(last, 65546u);
  entries[0].type_specific = {};
  EXPECT_FALSE(entries[0].ReadLastSent(last));
}

TEST(RtcpPauseResumeTest, EachCauseOfRefusal) {
  EXPECT_EQ(TakenPrefixes<PauseResumeView>(kPaused), (std::vector<std::size_t>{20, 28}));
  EXPECT_EQ(VerdictOnPrefix<PauseResumeView>(kPaused, 7), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<PauseResumeView>(kPaused, 8), static_cast<int>(FeedbackError::kBadLength));
  EXPECT_EQ(VerdictOnPrefix<PauseResumeView>(kPaused, 16), static_cast<int>(FeedbackError::kBadCount));
  EXPECT_EQ(VerdictOnPrefix<PauseResumeView>(kPaused, 24), static_cast<int>(FeedbackError::kBadLength));
  auto other = kPaused;
  other[1] = 206;
  EXPECT_EQ(PauseResumeView::Parse(BlockOf(other)).error(), FeedbackError::kOtherMessage);
}

TEST(RtcpPauseResumeTest, TypesThatDoNotExistYetArePassedOn) {
  auto bytes = kPaused;
  bytes[16] = 0xf5;
  const auto entries = EntriesOf(*PauseResumeView::Parse(BlockOf(bytes)));
  EXPECT_EQ(static_cast<int>(entries[0].type), 15);
  EXPECT_EQ(entries.size(), 2u);
}

TEST(RtcpPauseResumeTest, WhatDoesNotFitItsBitsIsNotWritten) {
  const std::vector<std::uint8_t> bytes(1024);
  PauseResumeEntry entry;
  const PauseResumeWriter writer{{}, {}, std::span(&entry, 1)};
  entry.type_specific = Bytes(bytes).first(1020);
  EXPECT_EQ(Written(writer).size(), 12u + 8 + 1020);
  entry.type_specific = bytes;
  EXPECT_TRUE(CannotBeWritten(writer));
  entry.type_specific = Bytes(bytes).first(3);
  EXPECT_TRUE(CannotBeWritten(writer));
  entry.type_specific = {};
  entry.type = static_cast<PauseType>(16);
  EXPECT_TRUE(CannotBeWritten(writer));
  EXPECT_TRUE(CannotBeWritten(PauseResumeWriter{}));
  const std::vector<PauseResumeEntry> many(8191);
  EXPECT_TRUE(CannotBeWritten(PauseResumeWriter{{}, {}, many}));
}

}  // namespace
}  // namespace mediacore::rtcp
