#include "mediacore/base/expected.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace mediacore {
namespace {

enum class Error { kShort, kLong };
struct Point {
  int x;
  int y;
};

constexpr Expected<Point, Error> Parse(int size) {
  if (size < 2) return Error::kShort;
  if (size > 2) return Error::kLong;
  return Point{3, 4};
}
static_assert(Parse(2).has_value() && Parse(2)->x == 3 && (*Parse(2)).y == 4);
static_assert(!Parse(1) && Parse(1).error() == Error::kShort);
static_assert(Parse(9).error() == Error::kLong);
static_assert(std::is_trivially_copyable_v<Expected<Point, Error>>);
static_assert(sizeof(Expected<std::uint32_t, Error>) == 8, "two words, no more");

TEST(ExpectedTest, CopiesKeepWhatTheyHold) {
  auto a = Parse(2);
  const auto b = Parse(1);
  a = b;
  ASSERT_FALSE(a.has_value());
  EXPECT_EQ(a.error(), Error::kShort);
  a = Parse(2);
  ASSERT_TRUE(a.has_value());
  EXPECT_EQ(a->y, 4);
}

#ifndef NDEBUG
TEST(ExpectedDeathTest, AskingForTheOtherOneIsCaughtInDebugBuilds) {
  EXPECT_DEATH((void)*Parse(1), "has_value_");
  EXPECT_DEATH((void)Parse(2).error(), "has_value_");
}
#endif

}  // namespace
}  // namespace mediacore
