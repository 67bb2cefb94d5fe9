#include "mediacore/stun/channel_data.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::stun {
namespace {

constexpr std::array<std::uint8_t, 8> kFive = {0x40, 0x01, 0, 3, 'a', 'b', 'c', 0};
static_assert(ChannelDataView::Parse(kFive)->channel() == 0x4001);
static_assert(ChannelDataView::Parse(kFive)->data().size() == 3);

constexpr bool WritesTheSame() {
  std::array<std::uint8_t, 8> out{};
  const ChannelDataWriter writer{0x4001, Bytes(kFive).subspan(4, 3), true};
  return writer.WireSize() == 8 && writer.Write(out) && out == kFive;
}
static_assert(WritesTheSame());

TEST(ChannelDataTest, InADatagramThereIsNoPaddingOrUpToThreeBytes) {
  std::vector<std::uint8_t> bytes(kFive.begin(), kFive.end());
  for (std::size_t n = 0; n <= 12; ++n) {
    bytes.resize(n < 8 ? 8 : n);
    const auto view = ChannelDataView::Parse(Bytes(bytes).first(n));
    ASSERT_EQ(view.has_value(), n >= 7 && n <= 10) << n;
    if (view) continue;
    EXPECT_EQ(view.error(), n < 4    ? ChannelDataError::kTooShort
                            : n < 7  ? ChannelDataError::kTruncated
                                     : ChannelDataError::kTrailingBytes);
  }
}

TEST(ChannelDataTest, OnAStreamMessagesAreWholeWords) {
  std::vector<std::uint8_t> bytes(kFive.begin(), kFive.end());
  bytes.insert(bytes.end(), {0x4f, 0xff, 0, 0, 0x40, 0, 0, 4, 1, 2, 3, 4});
  const std::set<std::size_t> ends = {0, 8, 12, 20};
  for (std::size_t n = 0; n <= bytes.size(); ++n) {
    ByteReader reader(Bytes(bytes).first(n));
    while (ChannelDataView::TakeFrom(reader)) {
    }
    EXPECT_EQ(n - reader.remaining(), *std::prev(ends.upper_bound(n))) << n;
  }
}

TEST(ChannelDataTest, OnlyChannelsOfRfc8656AreTaken) {
  std::array<std::uint8_t, 4> bytes{};
  for (unsigned channel = 0; channel < 0x10000; ++channel) {
    StoreU16(bytes.data(), static_cast<std::uint16_t>(channel));
    const auto view = ChannelDataView::Parse(bytes);
    ASSERT_EQ(view.has_value(), channel >= 0x4000 && channel <= 0x4fff);
    if (!view) {
      ASSERT_EQ(view.error(), ChannelDataError::kBadChannel);
    }
    const ChannelDataWriter writer{static_cast<std::uint16_t>(channel), {}, false};
    ASSERT_EQ(writer.WireSize() != 0, view.has_value());
  }
}

TEST(ChannelDataTest, WhatDoesNotFitLeavesTheBytesAsTheyWere) {
  const std::vector<std::uint8_t> data(0x10000, 7);
  std::vector<std::uint8_t> out(0x10008, 0xee);
  const auto untouched = out;
  EXPECT_FALSE((ChannelDataWriter{0x4000, data, false}.Write(out)));
  EXPECT_FALSE((ChannelDataWriter{0x4000, Bytes(data).first(8), false}.Write(MutableBytes(out).first(11))));
  EXPECT_EQ(out, untouched);
  const ChannelDataWriter largest{0x4000, Bytes(data).first(0xffff), true};
  ASSERT_TRUE(largest.Write(out));
  ByteReader reader(Bytes(out).first(largest.WireSize()));
  EXPECT_EQ(ChannelDataView::TakeFrom(reader)->data().size(), 0xffffu);
  EXPECT_TRUE(reader.empty());
}

TEST(ChannelDataTest, EachCauseHasItsOwnText) {
  std::set<std::string_view> texts;
  for (int i = 0; i < kChannelDataErrorCount; ++i) texts.insert(ToString(static_cast<ChannelDataError>(i)));
  EXPECT_EQ(texts.size(), std::size_t{kChannelDataErrorCount});
}

}  // namespace
}  // namespace mediacore::stun
