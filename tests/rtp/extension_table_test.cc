#include "mediacore/rtp/extension_table.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "../support/extension_blocks.h"

namespace mediacore::rtp {
namespace {

using testing::WithBlock;

constexpr bool TableFindsTheFirstOfTwo() {
  constexpr std::array<std::uint8_t, 20> kTwice = {
      0x90, 0x60, 0, 1, 0, 0, 0, 2, 0,    0,
      0,    3,    0xbe, 0xde, 0, 1, 0x40, 5, 0x40, 6};
  const auto packet = PacketView::Parse(kTwice);
  Bytes value;
  return ExtensionTable(*packet).Find(4, value) && value[0] == 5 &&
         packet->FindExtension(4, value) && value[0] == 5;
}
static_assert(TableFindsTheFirstOfTwo());

TEST(RtpExtensionTableTest, SaysWhatWalkingSaysInEitherForm) {
  const std::vector<std::vector<std::uint8_t>> packets = {
      WithBlock(0xbede, {0x10, 'm', 0, 0x32, 1, 2, 3, 0x51, 7, 8}),
      WithBlock(0x1007, {15, 1, 9, 200, 0, 3, 2, 1, 2, 16, 1, 8, 3, 1, 7}),
      WithBlock(0xbede, {0x10, 1, 0xe3, 1, 2, 3, 4, 0x10, 2, 0xf0, 1}),
      WithBlock(0xabac, {0x10, 1, 0, 0}),
      {0x80, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3}};
  for (const auto& bytes : packets) {
    const auto packet = PacketView::Parse(bytes);
    ASSERT_TRUE(packet);
    const ExtensionTable table(*packet);
    for (int id = -1; id <= 256; ++id) {
      Bytes walked;
      Bytes found;
      const bool present = packet->FindExtension(id, walked);
      EXPECT_EQ(table.Find(id, found), present) << id;
      EXPECT_EQ(found.data(), walked.data()) << id;
      EXPECT_EQ(found.size(), walked.size()) << id;
    }
  }
}

TEST(RtpExtensionTableTest, FindsTheLastElementOfTheLongestBlock) {
  std::vector<std::uint8_t> block(65516, 0);
  block[65514] = 0x70;
  block[65515] = 0x55;
  const auto bytes = WithBlock(kOneByteProfile, block);
  const auto packet = PacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  Bytes value;
  ASSERT_TRUE(ExtensionTable(*packet).Find(7, value));
  EXPECT_EQ(value.data(), bytes.data() + 16 + 65515);
}

TEST(RtpExtensionTableTest, WhatIsNotThereLeavesTheOutputAlone) {
  const auto bytes = WithBlock(kTwoByteProfile, {1, 1, 'm', 3, 0});
  const auto packet = PacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  Bytes value(bytes);
  for (const int id : {-1, 0, 2, 14, 15, 16, 255, 256}) {
    EXPECT_FALSE(ExtensionTable(*packet).Find(id, value)) << id;
    EXPECT_EQ(value.data(), bytes.data());
  }
}

}  // namespace
}  // namespace mediacore::rtp
