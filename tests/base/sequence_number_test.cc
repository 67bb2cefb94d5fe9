#include "mediacore/base/sequence_number.h"

#include <array>
#include <limits>

#include <gtest/gtest.h>

namespace mediacore {
namespace {

// All rules can be tried on every pair of an eight-bit circle.
using Small = WrappingNumber<struct SmallTag, std::uint8_t>;

// The definition in slow words: walk forwards and backwards, count the steps,
// take the shorter way; half-way round, the larger number is ahead.
int SlowDistance(int a, int b, int modulus) {
  int forwards = 0;
  for (int at = b; at != a; at = (at + 1) % modulus) ++forwards;
  int backwards = 0;
  for (int at = b; at != a; at = (at + modulus - 1) % modulus) ++backwards;
  if (forwards != backwards) return forwards < backwards ? forwards : -backwards;
  return a > b ? forwards : -backwards;
}

TEST(WrappingNumberTest, EveryPairOfEightBitsIsTheShorterWayApart) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const Small x(static_cast<std::uint8_t>(a));
      const Small y(static_cast<std::uint8_t>(b));
      ASSERT_EQ(x - y, SlowDistance(a, b, 256)) << a << " - " << b;
      ASSERT_EQ(x.IsNewerThan(y), SlowDistance(a, b, 256) > 0);
    }
  }
}

TEST(WrappingNumberTest, OfTwoDifferentNumbersExactlyOneIsNewer) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const Small x(static_cast<std::uint8_t>(a));
      const Small y(static_cast<std::uint8_t>(b));
      ASSERT_EQ(x.IsNewerThan(y) + y.IsNewerThan(x), a == b ? 0 : 1);
      ASSERT_EQ(x - y, -(y - x));
    }
  }
}

TEST(WrappingNumberTest, AddingADistanceArrivesAndTakingItAwayReturns) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const Small x(static_cast<std::uint8_t>(a));
      const Small y(static_cast<std::uint8_t>(b));
      ASSERT_EQ(y + (x - y), x);
      ASSERT_EQ(x - (x - y), y);
    }
  }
}

TEST(SequenceNumberTest, EveryDistanceFromEveryCornerIsTheShorterWay) {
  constexpr std::array<int, 9> kBases = {0,     1,     2,     32767, 32768,
                                         32769, 65533, 65534, 65535};
  for (const int base : kBases) {
    for (int ahead = 0; ahead < 65536; ++ahead) {
      const int a = (base + ahead) % 65536;
      int expected = ahead < 32768 ? ahead : ahead - 65536;
      if (ahead == 32768 && a > base) expected = 32768;
      ASSERT_EQ(SequenceNumber(static_cast<std::uint16_t>(a)) -
                    SequenceNumber(static_cast<std::uint16_t>(base)),
                expected)
          << a << " - " << base;
    }
  }
}

TEST(SequenceNumberTest, EveryNumberHasTheNextOneAheadOfItByOne) {
  SequenceNumber number(0);
  for (int i = 0; i < 65536; ++i) {
    SequenceNumber next = number;
    ++next;
    ASSERT_EQ(next - number, 1);
    ASSERT_EQ(number - next, -1);
    ASSERT_TRUE(next.IsNewerThan(number));
    number = next;
  }
  EXPECT_EQ(number, SequenceNumber(0));
}

TEST(SequenceNumberTest, StepsLongerThanTheCircleLandWhereTheyShould) {
  const SequenceNumber five(5);
  EXPECT_EQ(five + 65536, five);
  EXPECT_EQ(five + (-6), SequenceNumber(65535));
  EXPECT_EQ(five - 6, SequenceNumber(65535));
  EXPECT_EQ(five + std::numeric_limits<std::int64_t>::min(), five);
  EXPECT_EQ(five - std::numeric_limits<std::int64_t>::min(), five);
  EXPECT_EQ(five + std::numeric_limits<std::int64_t>::max(), SequenceNumber(4));
}

TEST(RtpTimestampTest, CornersOfThirtyTwoBitsAreTheShorterWayApart) {
  constexpr std::array<std::uint32_t, 9> kCorners = {
      0,           1,           2,           0x7fffffff, 0x80000000,
      0x80000001u, 0xfffffffdu, 0xfffffffeu, 0xffffffffu};
  for (const std::uint32_t a : kCorners) {
    for (const std::uint32_t b : kCorners) {
      std::int64_t expected = static_cast<std::int64_t>(a) - b;
      if (expected > 0x80000000ll) expected -= 0x100000000ll;
      if (expected < -0x80000000ll) expected += 0x100000000ll;
      ASSERT_EQ(RtpTimestamp(a) - RtpTimestamp(b), expected) << a << " - " << b;
    }
  }
}

TEST(UnwrapperTest, EveryEightBitNumberAfterEveryOtherIsTheNearestOne) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      Unwrapper<Small> unwrapper;
      ASSERT_EQ(unwrapper.Unwrap(Small(static_cast<std::uint8_t>(first))), first);
      const std::int64_t got =
          unwrapper.Unwrap(Small(static_cast<std::uint8_t>(second)));
      ASSERT_EQ(got, first + SlowDistance(second, first, 256));
      ASSERT_EQ(((got % 256) + 256) % 256, second);
    }
  }
}

TEST(UnwrapperTest, ThreeTurnsForwardsAndFiveBackCountEveryNumber) {
  Unwrapper<SequenceNumber> unwrapper;
  std::int64_t at = 0;
  for (; at < 3 * 65536; ++at) {
    ASSERT_EQ(unwrapper.Unwrap(SequenceNumber(static_cast<std::uint16_t>(at))), at);
  }
  for (--at; at > -2 * 65536; --at) {
    ASSERT_EQ(unwrapper.Unwrap(SequenceNumber(
                  static_cast<std::uint16_t>(static_cast<std::uint64_t>(at)))),
              at);
  }
}

TEST(UnwrapperTest, ALatePacketFromBeforeTheWrapIsOlder) {
  Unwrapper<SequenceNumber> unwrapper;
  EXPECT_EQ(unwrapper.Unwrap(SequenceNumber(65534)), 65534);
  EXPECT_EQ(unwrapper.Unwrap(SequenceNumber(1)), 65537);
  EXPECT_EQ(unwrapper.Unwrap(SequenceNumber(65535)), 65535);
  EXPECT_EQ(unwrapper.Unwrap(SequenceNumber(2)), 65538);
}

TEST(UnwrapperTest, PeekingChangesNothing) {
  Unwrapper<RtpTimestamp> unwrapper;
  EXPECT_EQ(unwrapper.Peek(RtpTimestamp(7)), 7);
  EXPECT_EQ(unwrapper.Unwrap(RtpTimestamp(0xfffffff0u)), 0xfffffff0ll);
  EXPECT_EQ(unwrapper.Peek(RtpTimestamp(0x10)), 0x100000010ll);
  EXPECT_EQ(unwrapper.Unwrap(RtpTimestamp(0xfffffff1u)), 0xfffffff1ll);
}

TEST(UnwrapperTest, AfterAResetTheNextNumberStandsForItself) {
  Unwrapper<RtpTimestamp> unwrapper;
  unwrapper.Unwrap(RtpTimestamp(0xffffffffu));
  EXPECT_EQ(unwrapper.Unwrap(RtpTimestamp(1)), 0x100000001ll);
  unwrapper.Reset();
  EXPECT_EQ(unwrapper.Unwrap(RtpTimestamp(1)), 1);
}

}  // namespace
}  // namespace mediacore
