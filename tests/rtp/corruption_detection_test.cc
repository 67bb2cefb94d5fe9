#include "mediacore/rtp/corruption_detection.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::rtp {
namespace {

constexpr std::array<std::uint8_t, 16> kFull = {0x85, 51, 0x3c, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};

constexpr bool ReadsThirteenSamples() {
  const auto check = CorruptionDetection::Parse(kFull);
  return check && check->high_bits && check->sequence_index == 5 && check->standard_deviation == 51 &&
         check->luma_threshold == 3 && check->chroma_threshold == 12 && check->samples.size() == 13 &&
         check->samples[12] == 13;
}
static_assert(ReadsThirteenSamples());

TEST(CorruptionDetectionTest, EverySizeReadsBackOrIsRefused) {
  std::vector<std::uint8_t> bytes(kFull.begin(), kFull.end());
  bytes.push_back(14);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const Bytes value = Bytes(bytes).first(size);
    const auto check = CorruptionDetection::Parse(value);
    ASSERT_EQ(check.has_value(), size == 1 || (size >= 4 && size <= 16)) << size;
    if (!check) {
      EXPECT_EQ(check.error(), ExtensionError::kWrongSize);
      continue;
    }
    EXPECT_EQ(check->samples.size(), size == 1 ? 0 : size - 3);
    std::vector<std::uint8_t> out(check->WireSize());
    ASSERT_TRUE(check->Write(out));
    EXPECT_TRUE(std::ranges::equal(out, value));
  }
}

TEST(CorruptionDetectionTest, EveryIndexIsASynchronization) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::array<std::uint8_t, 1> value = {static_cast<std::uint8_t>(byte)};
    const auto check = CorruptionDetection::Parse(value);
    ASSERT_TRUE(check);
    EXPECT_EQ(check->high_bits, byte >= 128);
    EXPECT_EQ(check->sequence_index, byte % 128);
    std::array<std::uint8_t, 1> out{};
    ASSERT_TRUE(check->Write(out));
    EXPECT_EQ(out, value);
  }
}

TEST(CorruptionDetectionTest, WhatCannotBeWrittenIsNotAndLeavesTheBytes) {
  const CorruptionDetection full = *CorruptionDetection::Parse(kFull);
  for (std::size_t room = 0; room < 16; ++room) {
    std::vector<std::uint8_t> out(room, 0xee);
    EXPECT_FALSE(full.Write(out));
    EXPECT_EQ(out, std::vector<std::uint8_t>(room, 0xee));
  }
  const std::array<std::uint8_t, 14> samples{};
  const auto refused = [&](auto&& change) {
    CorruptionDetection check = full;
    change(check);
    std::array<std::uint8_t, 32> out{};
    EXPECT_EQ(check.WireSize(), 0u);
    EXPECT_FALSE(check.Write(out));
    EXPECT_FALSE(check == full);
  };
  refused([](auto& c) { c.sequence_index = 128; });
  refused([](auto& c) { c.luma_threshold = 16; });
  refused([](auto& c) { c.chroma_threshold = 16; });
  refused([&](auto& c) { c.samples = samples; });
}

}  // namespace
}  // namespace mediacore::rtp
