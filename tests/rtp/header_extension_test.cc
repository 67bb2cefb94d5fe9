#include "mediacore/rtp/header_extension.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "../support/extension_blocks.h"

namespace mediacore::rtp {
namespace {

using testing::Elements;
using testing::ElementsOf;
using testing::WithBlock;

TEST(RtpHeaderExtensionTest, OneByteElementsLieOneAfterAnother) {
  EXPECT_EQ(ElementsOf(0xbede, {0x10, 0xaa, 0xe1, 1, 2}), "1=aa 14=0102");
}

TEST(RtpHeaderExtensionTest, ZeroBytesBetweenElementsArePadding) {
  EXPECT_EQ(ElementsOf(0xbede, {0, 0, 0x10, 0xaa, 0, 0, 0x20, 0xbb}),
            "1=aa 2=bb");
  EXPECT_EQ(ElementsOf(0x1000, {0, 0, 1, 1, 0xaa, 0, 2, 0}), "1=aa 2=");
}

TEST(RtpHeaderExtensionTest, IdFifteenEndsTheOneByteForm) {
  EXPECT_EQ(ElementsOf(0xbede, {0x10, 0xaa, 0xf0, 1, 0x20, 0xbb}), "1=aa");
}

TEST(RtpHeaderExtensionTest, IdZeroWithALengthEndsTheOneByteForm) {
  EXPECT_EQ(ElementsOf(0xbede, {0x10, 0xaa, 0x01, 0, 0x20, 0xbb}), "1=aa");
}

TEST(RtpHeaderExtensionTest, AnElementPastTheEndDropsItselfAndNothingBefore) {
  EXPECT_EQ(ElementsOf(0xbede, {0x10, 0xaa, 0x22, 1}), "1=aa");
  EXPECT_EQ(ElementsOf(0x1000, {1, 1, 0xaa, 2}), "1=aa");      // no length
  EXPECT_EQ(ElementsOf(0x1000, {1, 1, 0xaa, 0, 2, 3, 1, 1}), "1=aa");
}

TEST(RtpHeaderExtensionTest, TwoByteElementsMayBeEmptyAndHaveAnyId) {
  EXPECT_EQ(ElementsOf(0x1000, {15, 1, 0xaa, 255, 0, 16, 2, 1, 2}),
            "15=aa 255= 16=0102");
}

TEST(RtpHeaderExtensionTest, AppbitsDoNotMatter) {
  for (int appbits = 0; appbits < 16; ++appbits) {
    EXPECT_EQ(ElementsOf(static_cast<std::uint16_t>(0x1000 | appbits), {1, 1, 7}),
              "1=07");
  }
  EXPECT_EQ(FormOfProfile(0x1010), ExtensionForm::kOther);
  EXPECT_EQ(FormOfProfile(0x0fff), ExtensionForm::kOther);
}

TEST(RtpHeaderExtensionTest, OtherProfilesHaveNoElements) {
  const auto bytes = WithBlock(0xabac, {0x10, 0xaa, 0, 0});
  const auto packet = PacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->extension_form(), ExtensionForm::kOther);
  EXPECT_EQ(packet->extension_profile(), 0xabac);
  EXPECT_EQ(packet->extension_block().size(), 4u);
  EXPECT_EQ(Elements(*packet), "");
}

TEST(RtpHeaderExtensionTest, TheLongestBlockIsWalkedToItsEnd) {
  // 65,516 bytes of block; the last element is the one asked for.
  std::vector<std::uint8_t> block(65516, 0);
  block[65514] = 0x70;
  block[65515] = 0x55;
  const auto bytes = WithBlock(0xbede, block);
  EXPECT_EQ(bytes.size(), 65532u);
  const auto packet = PacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  Bytes value;
  ASSERT_TRUE(packet->FindExtension(7, value));
  EXPECT_EQ(value[0], 0x55);
}

TEST(RtpHeaderExtensionTest, WhatIsNotThereLeavesTheOutputAlone) {
  const auto bytes = WithBlock(kOneByteProfile, {0x10, 'm', 0x32, 1, 2, 3});
  const auto packet = PacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  Bytes value(bytes);
  for (const int id : {-1, 0, 2, 14, 15, 255, 256}) {
    EXPECT_FALSE(packet->FindExtension(id, value)) << id;
    EXPECT_EQ(value.data(), bytes.data());
  }
}

// Every first byte of a block of four, in both forms: what it promises is there
// or nothing is.
TEST(RtpHeaderExtensionTest, EveryFirstByteIsAnElementPaddingOrTheEnd) {
  for (unsigned first = 0; first < 256; ++first) {
    std::array<std::uint8_t, 4> block = {static_cast<std::uint8_t>(first), 2, 0x55, 0x66};
    ExtensionElement element;
    ExtensionReader one(ExtensionForm::kOneByte, block);
    const unsigned id = first >> 4, size = (first & 15) + 1;
    const bool there = id != 0 && id != 15 && size <= 3;
    // After one byte of padding the two is id 0 with a length: the end.
    ASSERT_EQ(one.Next(element), there) << first;
    if (there) {
      EXPECT_EQ(element.id, static_cast<int>(id));
      EXPECT_EQ(element.value.size(), size);
    }
    ExtensionReader two(ExtensionForm::kTwoByte, block);
    // After padding, id 2 with 0x55 bytes is cut short.
    ASSERT_EQ(two.Next(element), first != 0) << first;
    if (first != 0) {
      EXPECT_EQ(element.id, static_cast<int>(first));
      EXPECT_EQ(element.value.size(), 2u);
    }
  }
}

}  // namespace
}  // namespace mediacore::rtp
