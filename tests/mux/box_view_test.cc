#include "mediacore/mux/box_view.h"

#include <gtest/gtest.h>

#include "support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;

BoxError ErrorOf(const Buffer& bytes) {
  ByteReader reader(bytes);
  const auto box = BoxView::TakeFrom(reader);
  EXPECT_EQ(reader.remaining(), bytes.size());
  return box.error();
}

TEST(BoxTest, ASizeOfThirtyTwoBitsOfSixtyFourAndToTheEnd) {
  for (const Buffer& bytes : {Buffer{0, 0, 0, 10, 'm', 'd', 'a', 't', 7, 8},
                              Buffer{0, 0, 0, 0, 'm', 'd', 'a', 't', 7, 8},
                              Buffer{0, 0, 0, 1, 'm', 'd', 'a', 't', 0, 0, 0, 0, 0, 0, 0, 18, 7, 8}}) {
    ByteReader reader(bytes);
    const auto box = BoxView::TakeFrom(reader);
    ASSERT_TRUE(box);
    EXPECT_TRUE(box->Is("mdat"));
    EXPECT_EQ(box->bytes().size(), bytes.size());
    ASSERT_EQ(box->body().size(), 2u);
    EXPECT_EQ(box->body()[0], 7);
    EXPECT_TRUE(reader.empty());
  }
}

TEST(BoxTest, EachCauseOfRefusalHasItsNameAndNothingIsConsumed) {
  EXPECT_EQ(ErrorOf({0, 0, 0, 8, 'm', 'o', 'o'}), BoxError::kTooShort);
  EXPECT_EQ(ErrorOf({0, 0, 0, 1, 'm', 'o', 'o', 'v', 0, 0}), BoxError::kTooShort);
  EXPECT_EQ(ErrorOf({0, 0, 0, 7, 'm', 'o', 'o', 'v'}), BoxError::kBadSize);
  EXPECT_EQ(ErrorOf({0, 0, 0, 1, 'm', 'o', 'o', 'v', 0, 0, 0, 0, 0, 0, 0, 15}), BoxError::kBadSize);
  EXPECT_EQ(ErrorOf({0, 0, 0, 9, 'm', 'o', 'o', 'v'}), BoxError::kTruncated);
  EXPECT_EQ(ErrorOf({0, 0, 0, 1, 'm', 'o', 'o', 'v', 255, 255, 255, 255, 255, 255, 255, 255}),
            BoxError::kTruncated);
  EXPECT_EQ(ToString(BoxError::kBadSize), "box: bad size");
}

TEST(BoxTest, AChildNeverReachesPastItsParent) {
  // A trak of 16 bytes whose child claims 20, followed by 20 more bytes.
  Buffer bytes(36);
  StoreU32(bytes.data(), 16);
  StoreU32(bytes.data() + 8, 20);
  StoreU32(bytes.data() + 12, FourCc("tkhd"));
  ByteReader reader(bytes);
  const auto parent = BoxView::TakeFrom(reader);
  ASSERT_TRUE(parent);
  Bytes child;
  EXPECT_FALSE(FindBox(parent->body(), "tkhd", child));
}

TEST(BoxTest, WhatIsCountedIsWhatIsWritten) {
  const auto emit = [](BoxWriter& w) {
    const std::size_t outer = w.Begin("moof");
    const std::size_t inner = w.BeginFull("mfhd", 1, 0x20000);
    w.U64(5);
    w.Text("hi");
    w.Zeros(3);
    w.End(inner);
    w.End(outer);
  };
  BoxWriter counter({});
  emit(counter);
  EXPECT_FALSE(counter.ok());
  Buffer bytes(counter.size(), 0xee);
  BoxWriter writer(bytes);
  emit(writer);
  EXPECT_TRUE(writer.ok());
  EXPECT_EQ(bytes, (Buffer{0, 0, 0, 34, 'm', 'o', 'o', 'f', 0, 0, 0, 26, 'm', 'f', 'h', 'd', 1, 2,
                           0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 'h', 'i', 0, 0, 0, 0}));
}

}  // namespace
}  // namespace mediacore::mux
