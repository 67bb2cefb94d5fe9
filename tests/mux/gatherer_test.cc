#include "mediacore/mux/gatherer.h"

#include <vector>

#include <gtest/gtest.h>

namespace mediacore::mux {
namespace {

TEST(GathererTest, WhatLiesWholeIsSeenInPlace) {
  const std::vector<std::uint8_t> bytes = {1, 2, 3, 4, 5};
  Bytes input(bytes);
  Gatherer gatherer;
  Bytes out;
  ASSERT_TRUE(gatherer.Take(input, 3, {}, out));
  EXPECT_EQ(out.data(), bytes.data());
  EXPECT_EQ(out.size(), 3u);
  EXPECT_EQ(input.size(), 2u);
  ASSERT_TRUE(gatherer.Take(input, 0, {}, out));
  EXPECT_TRUE(out.empty());
}

TEST(GathererTest, WhatIsCutIsPutTogetherInTheStorageAtEverySplit) {
  const std::vector<std::uint8_t> bytes = {1, 2, 3, 4, 5, 6, 7};
  for (std::size_t cut = 1; cut < 6; ++cut) {
    std::vector<std::uint8_t> storage(6);
    Gatherer gatherer;
    Bytes out;
    Bytes input = Bytes(bytes).first(cut);
    ASSERT_FALSE(gatherer.Take(input, 6, storage, out));
    EXPECT_TRUE(input.empty());
    EXPECT_EQ(gatherer.held(), cut);
    input = Bytes(bytes).subspan(cut);
    ASSERT_TRUE(gatherer.Take(input, 6, storage, out));
    EXPECT_EQ(input.size(), 1u);
    EXPECT_EQ(gatherer.held(), 0u);
    EXPECT_TRUE(std::equal(out.begin(), out.end(), bytes.begin()));
  }
}

}  // namespace
}  // namespace mediacore::mux
