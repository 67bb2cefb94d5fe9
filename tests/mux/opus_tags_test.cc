#include "mediacore/mux/opus_tags.h"

#include <array>

#include <gtest/gtest.h>

#include "support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;

constexpr std::array<std::string_view, 2> kComments = {"TITLE=a \xe2\x99\xab", "ENCODER=x"};
constexpr OpusTags kTags = {"mediacore", kComments};

std::string Text(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

Buffer Written(const OpusTags& tags) {
  Buffer out(tags.WireSize());
  EXPECT_EQ(tags.Write(out), out.size());
  return out;
}

TEST(OpusTagsTest, WhatIsWrittenReadsBackTheSame) {
  const Buffer packet = Written(kTags);
  const auto tags = OpusTagsView::Parse(packet);
  ASSERT_TRUE(tags);
  EXPECT_EQ(Text(tags->vendor()), "mediacore");
  EXPECT_EQ(tags->comment_count(), 2u);
  auto comments = tags->comments();
  Bytes comment;
  ASSERT_TRUE(comments.Next(comment));
  EXPECT_EQ(Text(comment), kComments[0]);
  ASSERT_TRUE(comments.Next(comment));
  EXPECT_EQ(Text(comment), kComments[1]);
  EXPECT_FALSE(comments.Next(comment));
  EXPECT_EQ(Written({}).size(), 16u);
  EXPECT_TRUE(OpusTagsView::Parse(Written({})));
}

TEST(OpusTagsTest, EachCauseOfRefusalHasItsName) {
  const Buffer whole = Written(kTags);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(OpusTagsView::Parse(Bytes(whole).first(size)).error(), size < 16   ? OpusTagsError::kTooShort
                                                                     : size < 25 ? OpusTagsError::kBadVendor
                                                                                 : OpusTagsError::kBadComment);
  }
  Buffer packet = whole;
  packet[4] = 'H';
  EXPECT_EQ(OpusTagsView::Parse(packet).error(), OpusTagsError::kBadMagic);
  packet = whole;
  StoreLittleU32(packet.data() + 8, static_cast<std::uint32_t>(packet.size() - 15));
  EXPECT_EQ(OpusTagsView::Parse(packet).error(), OpusTagsError::kBadVendor);
  EXPECT_EQ(ToString(OpusTagsError::kBadVendor), "opus tags: bad vendor string");
}

TEST(OpusTagsTest, FourBillionCommentsInTwentyBytesAreRefused) {
  Buffer packet = Written({});
  packet.resize(20);
  StoreLittleU32(packet.data() + 12, 0xffffffff);
  EXPECT_EQ(OpusTagsView::Parse(packet).error(), OpusTagsError::kBadComment);
}

TEST(OpusTagsTest, WhatFollowsTheCommentsIsNotLookedAt) {
  Buffer packet = Written(kTags);
  packet.insert(packet.end(), 7, std::uint8_t{0xff});
  const auto tags = OpusTagsView::Parse(packet);
  ASSERT_TRUE(tags);
  EXPECT_EQ(tags->comment_count(), 2u);
}

TEST(OpusTagsTest, WhatDoesNotFitIsNotWritten) {
  Buffer out(kTags.WireSize() - 1, 0xee);
  EXPECT_EQ(kTags.Write(out), 0u);
  EXPECT_EQ(out[0], 0xee);
}

}  // namespace
}  // namespace mediacore::mux
