#include "mediacore/rtcp/app.h"

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

constexpr std::array<std::uint8_t, 16> kApp = {0x9f, 204, 0, 3, 0, 0, 0, 1, 'q', 't', 's', 'i', 1, 2, 3, 4};

constexpr bool ReadsIt() {
  const auto app = AppView::Parse(BlockOf(kApp));
  return app && app->subtype() == 31 && app->ssrc() == Ssrc(1) && app->name() == AppName{'q', 't', 's', 'i'} &&
         app->data().size() == 4 && app->data()[3] == 4;
}
static_assert(ReadsIt());

TEST(RtcpAppTest, ItReadsBackTheSame) {
  EXPECT_EQ(Written(AppWriter{31, Ssrc(1), {'q', 't', 's', 'i'}, Bytes(kApp).last(4)}),
            std::vector(kApp.begin(), kApp.end()));
}

TEST(RtcpAppTest, WithoutDataItIsTwelveBytes) {
  const auto written = Written(AppWriter{0, Ssrc(1), {'q', 't', 's', 'i'}, {}});
  EXPECT_EQ(written.size(), 12u);
  EXPECT_TRUE(AppView::Parse(BlockOf(written))->data().empty());
}

TEST(RtcpAppTest, EachCauseOfRefusalHasItsText) {
  EXPECT_EQ(TakenPrefixes<AppView>(kApp), (std::vector<std::size_t>{8, 9, 10, 11, 12}));
  EXPECT_EQ(VerdictOnPrefix<AppView>(kApp, 7), static_cast<int>(AppError::kTooShort));
  auto bye = kApp;
  bye[1] = 203;
  EXPECT_EQ(AppView::Parse(BlockOf(bye)).error(), AppError::kNotApp);
  EXPECT_EQ(ToString(AppError::kNotApp), "rtcp app: other type");
  EXPECT_EQ(ToString(AppError::kTooShort), "rtcp app: too short");
  EXPECT_EQ(ToString(static_cast<AppError>(kAppErrorCount)), "rtcp app: unknown");
}

TEST(RtcpAppTest, WhatNoAppCanHoldIsNotWritten) {
  const std::vector<std::uint8_t> data(65536);
  EXPECT_TRUE(CannotBeWritten(AppWriter{32, {}, {}, {}}));
  EXPECT_TRUE(CannotBeWritten(AppWriter{-1, {}, {}, {}}));
  EXPECT_TRUE(CannotBeWritten(AppWriter{0, {}, {}, Bytes(data).first(3)}));
  EXPECT_TRUE(CannotBeWritten(AppWriter{0, {}, {}, data}));
}

}  // namespace
}  // namespace mediacore::rtcp
