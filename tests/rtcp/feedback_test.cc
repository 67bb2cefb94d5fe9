#include "mediacore/rtcp/feedback.h"

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

// Third-party loss for the media source 2, one SSRC as its FCI.
constexpr std::array<std::uint8_t, 16> kMessage = {0x87, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 9};

constexpr bool ReadsIt() {
  const auto message = FeedbackView::Parse(BlockOf(kMessage));
  return message && message->packet_type() == 205 && message->format() == 7 && message->sender_ssrc() == Ssrc(1) &&
         message->media_ssrc() == Ssrc(2) && message->fci().size() == 4;
}
static_assert(ReadsIt());

TEST(RtcpFeedbackTest, AnyFormatReadsBackTheSame) {
  for (const int packet_type : {kTransportFeedback, kPayloadFeedback}) {
    for (int format = 0; format <= 31; ++format) {
      const auto written = Written(FeedbackWriter{packet_type, format, Ssrc(1), Ssrc(2), Bytes(kMessage).last(4)});
      const auto message = FeedbackView::Parse(BlockOf(written), packet_type, format);
      ASSERT_TRUE(message);
      EXPECT_EQ(message->fci()[3], 9);
      EXPECT_EQ(FeedbackView::Parse(BlockOf(written), packet_type, format ^ 1).error(), FeedbackError::kOtherMessage);
    }
  }
}

TEST(RtcpFeedbackTest, EachCauseOfRefusal) {
  EXPECT_EQ(VerdictOnPrefix<FeedbackView>(kMessage, 7), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(TakenPrefixes<FeedbackView>(kMessage).size(), 5u);
  auto app = kMessage;
  app[1] = 204;
  EXPECT_EQ(FeedbackView::Parse(BlockOf(app)).error(), FeedbackError::kOtherMessage);
  EXPECT_EQ(FeedbackView::Parse(BlockOf(kMessage), 206, 7).error(), FeedbackError::kOtherMessage);
  const auto shortened = testing::MakeBlock(205, 7, Bytes(kMessage).subspan(4, 4));
  EXPECT_EQ(FeedbackView::Parse(BlockOf(shortened), 205, 7).error(), FeedbackError::kTooShort);
}

TEST(RtcpFeedbackTest, ApplicationLayerFeedbackIsToldApartByItsIdentifier) {
  const auto block = testing::MakeBlock(206, 15, Bytes(kMessage).subspan(4));
  EXPECT_TRUE(FeedbackView::ParseApplicationLayer(BlockOf(block), 9));
  EXPECT_EQ(FeedbackView::ParseApplicationLayer(BlockOf(block), 8).error(), FeedbackError::kOtherMessage);
  EXPECT_EQ(FeedbackView::ParseApplicationLayer(BlockOf(kMessage), 9).error(), FeedbackError::kOtherMessage);
}

TEST(RtcpFeedbackTest, WhatIsNoFeedbackIsNotWritten) {
  const std::vector<std::uint8_t> fci(65536);
  EXPECT_TRUE(CannotBeWritten(FeedbackWriter{204, 1, {}, {}, {}}));
  EXPECT_TRUE(CannotBeWritten(FeedbackWriter{205, 32, {}, {}, {}}));
  EXPECT_TRUE(CannotBeWritten(FeedbackWriter{205, -1, {}, {}, {}}));
  EXPECT_TRUE(CannotBeWritten(FeedbackWriter{205, 1, {}, {}, Bytes(fci).first(2)}));
  EXPECT_TRUE(CannotBeWritten(FeedbackWriter{205, 1, {}, {}, fci}));
}

TEST(RtcpFeedbackTest, FormatsHaveTheirNamesEachOnce) {
  std::vector<std::string_view> names;
  for (const int packet_type : {kTransportFeedback, kPayloadFeedback}) {
    for (int format = 0; format <= 31; ++format) {
      const auto name = FeedbackName(packet_type, format);
      if (!name.empty()) names.push_back(name);
    }
  }
  EXPECT_EQ(names.size(), 22u);
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
  EXPECT_EQ(FeedbackName(kPayloadFeedback, 1), "PLI");
  EXPECT_EQ(FeedbackName(kSenderReport, 1), "");
}

TEST(RtcpFeedbackTest, EachCauseHasItsOwnText) {
  std::vector<std::string_view> texts;
  for (int i = 0; i <= kFeedbackErrorCount; ++i) texts.push_back(ToString(static_cast<FeedbackError>(i)));
  EXPECT_EQ(texts.back(), "rtcp feedback: unknown");
  std::ranges::sort(texts);
  EXPECT_EQ(std::ranges::adjacent_find(texts), texts.end());
}

}  // namespace
}  // namespace mediacore::rtcp
