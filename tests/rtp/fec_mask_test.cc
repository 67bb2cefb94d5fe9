#include "mediacore/rtp/fec_mask.h"

#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::rtp {
namespace {

using internal::FlexMaskForm;
using internal::FlexMaskResult;
using internal::kFlexFec03Mask;
using internal::kFlexFecMask;

constexpr bool HoldsBothEnds() {
  FecMask mask;
  if (!mask.empty() || mask.size() != 0 || mask.begin() != mask.end()) return false;
  if (!mask.Add(109) || !mask.Add(0) || !mask.Add(63) || !mask.Add(64) || !mask.Add(64)) return false;
  if (mask.Add(-1) || mask.Add(110)) return false;
  int sum = 0;
  for (const int offset : mask) sum = sum * 200 + offset;
  return mask.count() == 4 && mask.size() == 110 && sum == (63 * 200 + 64) * 200 + 109 && mask.Contains(63) &&
         !mask.Contains(1) && !mask.Contains(-1) && !mask.Contains(110) && mask.Bits(62, 4) == 0b0110 &&
         mask.Bits(46, 64) == (std::uint64_t{3} << 45 | 1);
}
static_assert(HoldsBothEnds());

FecMask MaskOf(std::initializer_list<int> offsets) {
  FecMask mask;
  for (const int offset : offsets) EXPECT_TRUE(mask.Add(offset));
  return mask;
}
std::vector<int> OffsetsOf(const FecMask& mask) {
  std::vector<int> offsets;
  for (const int offset : mask) offsets.push_back(offset);
  return offsets;
}

TEST(FecMaskTest, Every16BitMaskIsASetAndBack) {
  for (std::uint64_t bits = 0; bits <= 0xffff; ++bits) {
    FecMask mask;
    mask.AddBits(0, 16, bits);
    FecMask by_hand;
    int highest = -1;
    for (int i = 0; i < 16; ++i) {
      if ((bits >> (15 - i) & 1) == 0) continue;
      ASSERT_TRUE(by_hand.Add(i));
      highest = i;
    }
    ASSERT_EQ(mask, by_hand);
    ASSERT_EQ(mask.Bits(0, 16), bits);
    ASSERT_EQ(mask.Bits(0, 48), bits << 32);
    ASSERT_EQ(mask.count(), std::popcount(bits));
    ASSERT_EQ(mask.size(), highest + 1);
    int before = -1;
    int count = 0;
    for (const int offset : mask) {
      ASSERT_TRUE(offset > before && (bits >> (15 - offset) & 1) != 0);
      before = offset;
      ++count;
    }
    ASSERT_EQ(count, mask.count());
  }
}

TEST(FecMaskTest, EveryPairOfOffsetsIsASetAndBackInBothFlexFecForms) {
  for (int a = 0; a < FecMask::kCapacity; ++a) {
    for (int b = a; b < FecMask::kCapacity; ++b) {
      const FecMask mask = MaskOf({b, a});
      ASSERT_EQ(OffsetsOf(mask), a == b ? std::vector{a} : (std::vector{a, b}));
      ASSERT_EQ(mask.size(), b + 1);
      for (const FlexMaskForm form : {kFlexFec03Mask, kFlexFecMask}) {
        for (const std::size_t least : {2u, 6u, 14u}) {
          const std::size_t size = FlexMaskSize(mask, form, least);
          if (b == 109 && form.last_bits == 63) {
            ASSERT_EQ(size, 0u);
            continue;
          }
          ASSERT_EQ(size, std::max<std::size_t>(least, b < 15 ? 2 : b < 46 ? 6 : 14));
          std::array<std::uint8_t, 14> bytes{};
          ByteWriter writer(bytes);
          WriteFlexMask(writer, mask, form, size);
          ASSERT_TRUE(writer.ok() && writer.size() == size);
          for (std::size_t room = 0; room <= size; ++room) {
            ByteReader reader(Bytes(bytes).first(room));
            FecMask read;
            ASSERT_EQ(ReadFlexMask(reader, form, read), room < size ? FlexMaskResult::kTruncated : FlexMaskResult::kOk);
            if (room == size) {
              ASSERT_EQ(read, mask);
            }
          }
          // No bit means two offsets: the bits that are set are those and the k.
          int ones = 0;
          for (const std::uint8_t byte : bytes) ones += std::popcount(byte);
          const int k = form.k_of_more ? (size > 6 ? 2 : size > 2 ? 1 : 0) : 1;
          ASSERT_EQ(ones, mask.count() + k);
        }
      }
    }
  }
}

// As libwebrtc's tests of its header writer lay them out: k ends a mask in the draft.
TEST(FecMaskTest, KnownMasksLieWhereTheDraftAndTheRfcPutThem) {
  const auto written = [](const FecMask& mask, FlexMaskForm form) {
    std::vector<std::uint8_t> bytes(FlexMaskSize(mask, form, 2));
    ByteWriter writer(bytes);
    WriteFlexMask(writer, mask, form, bytes.size());
    return bytes;
  };
  using V = std::vector<std::uint8_t>;
  EXPECT_EQ(written(MaskOf({0, 14}), kFlexFec03Mask), (V{0xc0, 0x01}));
  EXPECT_EQ(written(MaskOf({0, 14}), kFlexFecMask), (V{0x40, 0x01}));
  EXPECT_EQ(written(MaskOf({0, 15, 45}), kFlexFec03Mask), (V{0x40, 0x00, 0xc0, 0, 0, 0x01}));
  EXPECT_EQ(written(MaskOf({0, 15, 45}), kFlexFecMask), (V{0xc0, 0x00, 0x40, 0, 0, 0x01}));
  EXPECT_EQ(written(MaskOf({1, 46, 108}), kFlexFec03Mask), (V{0x20, 0x00, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x01}));
  EXPECT_EQ(written(MaskOf({1, 46, 109}), kFlexFecMask), (V{0xa0, 0x00, 0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0x01}));
}

TEST(FecMaskTest, AThirdPartOfTheDraftThatPromisesAFourthIsRefused) {
  const std::array<std::uint8_t, 14> bytes = {0x20, 0x00, 0, 0, 0, 0, 0x40};
  ByteReader reader(bytes);
  FecMask mask;
  EXPECT_EQ(ReadFlexMask(reader, kFlexFec03Mask, mask), FlexMaskResult::kEndless);
  EXPECT_EQ(FlexMaskSize(MaskOf({0}), kFlexFecMask, 15), 0u);
}

TEST(ProtectedPacketsTest, AMaskGivesNumbersInOrderAcrossTheWrap) {
  const ProtectedPackets packets(SequenceNumber(65530), MaskOf({0, 5, 6, 109}));
  std::vector<int> numbers;
  for (const SequenceNumber number : packets) numbers.push_back(number.value());
  EXPECT_EQ(numbers, (std::vector{65530, 65535, 0, 103}));
  EXPECT_EQ(packets.count(), 4);
  EXPECT_TRUE(packets.Contains(SequenceNumber(0)) && packets.Contains(SequenceNumber(103)));
  EXPECT_FALSE(packets.Contains(SequenceNumber(1)) || packets.Contains(SequenceNumber(65529)));
  EXPECT_EQ(ProtectedPackets().begin(), std::default_sentinel);
}

TEST(ProtectedPacketsTest, EveryRowAndColumnIsWalkedOnceAndKnowsItsMembers) {
  for (int step = 1; step <= 255; ++step) {
    for (const int count : {1, 2, 3, 17, 100, 254, 255}) {
      const SequenceNumber first(static_cast<std::uint16_t>(65000 + step));
      const auto packets =
          ProtectedPackets::Run(first, static_cast<std::uint8_t>(step), static_cast<std::uint8_t>(count));
      std::set<int> numbers;
      SequenceNumber want = first;
      for (const SequenceNumber number : packets) {
        ASSERT_EQ(number, want);
        ASSERT_TRUE(packets.Contains(number));
        numbers.insert(number.value());
        want = want + step;
      }
      ASSERT_EQ(numbers.size(), static_cast<std::size_t>(count));
      ASSERT_EQ(packets.count(), count);
      ASSERT_FALSE(packets.Contains(want) || packets.Contains(first - 1));
      ASSERT_EQ(packets.Contains(first + 1), step == 1 && count > 1);
    }
  }
  EXPECT_EQ(ProtectedPackets::Run(SequenceNumber(7), 0, 3).count(), 3);
}

}  // namespace
}  // namespace mediacore::rtp
