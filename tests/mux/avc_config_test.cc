#include "mediacore/mux/avc_config.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;

TEST(AvcConfigTest, TheParameterSetsComeOutInOrder) {
  const auto view = AvcConfigView::Parse(testing::kAvcc);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->profile(), 100);
  EXPECT_EQ(view->constraints(), 0);
  EXPECT_EQ(view->level(), 13);
  EXPECT_EQ(view->nal_length_size(), 4);
  auto sets = view->parameter_sets();
  Bytes nal;
  ASSERT_TRUE(sets.Next(nal));
  EXPECT_TRUE(std::ranges::equal(nal, testing::kSps));
  ASSERT_TRUE(sets.Next(nal));
  EXPECT_TRUE(std::ranges::equal(nal, testing::kPps));
  EXPECT_FALSE(sets.Next(nal));
  EXPECT_FALSE(sets.Next(nal));
}

TEST(AvcConfigTest, ARecordWithoutParameterSetsHasNone) {
  const Buffer record = {1, 0x42, 0xc0, 0x1e, 0xff, 0xe0, 0};
  const auto view = AvcConfigView::Parse(record);
  ASSERT_TRUE(view);
  auto sets = view->parameter_sets();
  Bytes nal;
  EXPECT_FALSE(sets.Next(nal));
}

TEST(AvcConfigTest, EachCauseOfRefusalHasItsName) {
  const auto with = [](std::size_t at, std::uint8_t value) {
    Buffer record(testing::kAvcc.begin(), testing::kAvcc.end());
    record[at] = value;
    return AvcConfigView::Parse(record).error();
  };
  EXPECT_EQ(AvcConfigView::Parse(Bytes(testing::kAvcc).first(6)).error(), AvcConfigError::kTooShort);
  EXPECT_EQ(with(0, 2), AvcConfigError::kBadVersion);
  EXPECT_EQ(with(4, 0xfe), AvcConfigError::kBadLengthSize);
  EXPECT_EQ(with(6, 1), AvcConfigError::kTruncated);
  EXPECT_EQ(with(7, 0), AvcConfigError::kEmptyParameterSet);
  EXPECT_EQ(ToString(AvcConfigError::kTruncated), "avcC: truncated");
}

TEST(AvcConfigTest, ARecordCutShortIsRefused) {
  const Bytes whole = testing::kAvcc;
  for (std::size_t n = 0; n < 21; ++n) EXPECT_FALSE(AvcConfigView::Parse(whole.first(n))) << n;
  for (std::size_t n = 21; n <= whole.size(); ++n) EXPECT_TRUE(AvcConfigView::Parse(whole.first(n)));
}

}  // namespace
}  // namespace mediacore::mux
