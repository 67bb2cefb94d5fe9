#include "mediacore/playlist/date_time.h"

#include <gtest/gtest.h>

namespace mediacore::playlist {
namespace {

std::int64_t Micros(std::string_view text) {
  DateTime time{-1};
  return ParseDateTime(text, time) ? time.unix_us : -1;
}

TEST(DateTimeTest, KnownMomentsAreReadToTheMicrosecond) {
  EXPECT_EQ(Micros("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(Micros("2026-11-21T02:37:00.250Z"), 1'795'228'620'250'000);
  EXPECT_EQ(Micros("2010-02-19T14:54:23.031+08:00"), 1'266'562'463'031'000);
  EXPECT_EQ(Micros("2010-02-19T14:54:23.031+0800"), 1'266'562'463'031'000);
  EXPECT_EQ(Micros("2010-02-19T14:54:23.031+08"), 1'266'562'463'031'000);
  EXPECT_EQ(Micros("2010-02-19T06:54:23.0310009"), 1'266'562'463'031'000);
  EXPECT_EQ(Micros("2016-12-31T23:59:60Z"), 1'483'228'800'000'000);
  EXPECT_EQ(Micros("2000-02-29T00:00:00Z"), 951'782'400'000'000);
}

TEST(DateTimeTest, WhatIsNoDateIsRefused) {
  for (const std::string_view bad :
       {"", "2026-11-21", "2026-11-21 02:37:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00z", "2026-01-01T00:00:00+1", "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+01:60", "2026-01-01T00:00:00+01-00",
        "2026-01-01T00:00:00Zx", "9999-12-31T23:59:59-00:01",
        "0000-01-01T00:00:00+00:01", "20a6-01-01T00:00:00Z"}) {
    EXPECT_EQ(Micros(bad), -1) << bad;
  }
}

TEST(DateTimeTest, MillisecondsAreWrittenAndMicrosecondsWhereThereAreSome) {
  EXPECT_EQ(DateTimeText({0}).view(), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(DateTimeText({1'500}).view(), "1970-01-01T00:00:00.001500Z");
  EXPECT_EQ(DateTimeText({-1'000}).view(), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(DateTimeText({kInt64Max}).view(), "");
  EXPECT_EQ(DateTimeText({kInt64Min}).view(), "");
}

TEST(DateTimeTest, EveryDayOfTenThousandYearsComesBack) {
  std::int64_t day = internal::kFirstDay;
  for (; day < internal::kEndDay; ++day) {
    const DateTime time{day * internal::kDayUs + 86'399'999'000};
    DateTime back{};
    ASSERT_TRUE(ParseDateTime(DateTimeText(time).view(), back));
    ASSERT_EQ(back, time);
  }
  EXPECT_EQ(DateTimeText({day * internal::kDayUs}).view(), "");
  EXPECT_EQ(DateTimeText({internal::kFirstDay * internal::kDayUs - 1}).view(), "");
}

}  // namespace
}  // namespace mediacore::playlist
