#include "mediacore/base/saturating.h"

#include <vector>

#include <gtest/gtest.h>

namespace mediacore {
namespace {

__extension__ using Wide = __int128;

std::int64_t Clamp(Wide exact) {
  if (exact > kInt64Max) return kInt64Max;
  if (exact < kInt64Min) return kInt64Min;
  return static_cast<std::int64_t>(exact);
}
bool Infinite(std::int64_t n) { return n == kInt64Max || n == kInt64Min; }
int Sign(std::int64_t n) { return n < 0 ? -1 : n > 0; }

// Both ends, every power of two and its neighbours, zero and small numbers.
std::vector<std::int64_t> Corners() {
  std::vector<std::int64_t> corners = {0, kInt64Max, kInt64Min, kInt64Min + 1,
                                       kInt64Max - 1, 10, -10, 1'000'000};
  for (int bit = 0; bit < 63; ++bit) {
    const std::int64_t power = std::int64_t{1} << bit;
    for (const std::int64_t n : {power - 1, power, power + 1}) {
      corners.push_back(n);
      corners.push_back(-n);
    }
  }
  return corners;
}

TEST(SaturatingTest, EverySumOfCornersIsTheExactOneKeptWithinTheEnds) {
  for (const std::int64_t a : Corners()) {
    for (const std::int64_t b : Corners()) {
      const std::int64_t sum = SaturatingAdd(a, b);
      if (Infinite(a)) {
        ASSERT_EQ(sum, a);
      } else if (Infinite(b)) {
        ASSERT_EQ(sum, b);
      } else {
        ASSERT_EQ(sum, Clamp(Wide{a} + b)) << a << " + " << b;
      }
    }
  }
}

TEST(SaturatingTest, EveryDifferenceOfCornersIsTheExactOneKeptWithinTheEnds) {
  for (const std::int64_t a : Corners()) {
    for (const std::int64_t b : Corners()) {
      const std::int64_t difference = SaturatingSubtract(a, b);
      if (Infinite(a)) {
        ASSERT_EQ(difference, a);
      } else if (Infinite(b)) {
        ASSERT_EQ(difference, b == kInt64Max ? kInt64Min : kInt64Max);
      } else {
        ASSERT_EQ(difference, Clamp(Wide{a} - b)) << a << " - " << b;
      }
    }
  }
}

TEST(SaturatingTest, EveryProductOfCornersIsTheExactOneKeptWithinTheEnds) {
  for (const std::int64_t a : Corners()) {
    for (const std::int64_t b : Corners()) {
      const std::int64_t product = SaturatingMultiply(a, b);
      if (a == 0 || b == 0) {
        ASSERT_EQ(product, 0);
      } else if (Infinite(a) || Infinite(b)) {
        ASSERT_EQ(product, Sign(a) == Sign(b) ? kInt64Max : kInt64Min);
      } else {
        ASSERT_EQ(product, Clamp(Wide{a} * b)) << a << " * " << b;
      }
    }
  }
}

TEST(SaturatingTest, EveryNumberNegatedTwiceIsItself) {
  for (const std::int64_t a : Corners()) {
    if (a == kInt64Min + 1) continue;  // its opposite is infinity
    ASSERT_EQ(SaturatingNegate(SaturatingNegate(a)), a);
    ASSERT_EQ(Sign(SaturatingNegate(a)), -Sign(a));
  }
}

TEST(SaturatingTest, MultiplyAndDivideKeepsTheHighBitsAndRoundsTowardsZero) {
  const std::vector<std::int64_t> divisors = {1, -1, 3, -7, 90'000, 1'000'000,
                                              kInt64Max, kInt64Min, 0};
  for (const std::int64_t a : Corners()) {
    for (const std::int64_t b : Corners()) {
      for (const std::int64_t c : divisors) {
        const std::int64_t got = SaturatingMulDiv(a, b, c);
        if (a == 0 || b == 0) {
          ASSERT_EQ(got, 0);
        } else if (Infinite(a) || c == 0) {
          ASSERT_EQ(got, Sign(a) * Sign(b) * (c < 0 ? -1 : 1) > 0 ? kInt64Max
                                                                  : kInt64Min);
        } else {
          ASSERT_EQ(got, Clamp(Wide{a} * b / c))
              << a << " * " << b << " / " << c;
        }
      }
    }
  }
}

TEST(SaturatingTest, RoundingToTheNearestIsNeverMoreThanHalfAway) {
  for (std::int64_t a = -50; a <= 50; ++a) {
    for (std::int64_t b = -5; b <= 5; ++b) {
      for (const std::int64_t c : {1, 2, 3, 4, 7, 10, -2, -3, -10}) {
        const std::int64_t got = SaturatingMulDivNearest(a, b, c);
        const std::int64_t twice_rest = 2 * (a * b - got * c);
        ASSERT_LE(twice_rest < 0 ? -twice_rest : twice_rest, c < 0 ? -c : c);
        ASSERT_EQ(got, -SaturatingMulDivNearest(-a, b, c));
      }
    }
  }
  EXPECT_EQ(SaturatingMulDivNearest(1, 1, 2), 1);
  EXPECT_EQ(SaturatingMulDivNearest(-1, 1, 2), -1);
  EXPECT_EQ(SaturatingMulDivNearest(5, 1, 0), kInt64Max);
  EXPECT_EQ(SaturatingMulDivNearest(kInt64Max, 1, 2), kInt64Max);
  EXPECT_EQ(SaturatingMulDivNearest(kInt64Min, 1, 2), kInt64Min);
  EXPECT_EQ(SaturatingMulDivNearest(kInt64Max - 1, 4, 2), kInt64Max);
}

}  // namespace
}  // namespace mediacore
