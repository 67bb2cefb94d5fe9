#include "mediacore/base/annex_b.h"

#include <array>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore {
namespace {

using Block = std::vector<std::uint8_t>;

std::vector<Block> Units(Bytes bytes) {
  std::vector<Block> out;
  AnnexBReader reader(bytes);
  Bytes nal;
  while (reader.Next(nal)) out.emplace_back(nal.begin(), nal.end());
  return out;
}

std::size_t FindSlowly(Bytes bytes, std::size_t from) {
  for (std::size_t at = from; at + 3 <= bytes.size(); ++at) {
    if (bytes[at] == 0 && bytes[at + 1] == 0 && bytes[at + 2] == 1) return at;
  }
  return bytes.size();
}

constexpr bool ReadsBothStartCodes() {
  constexpr std::array<std::uint8_t, 14> kStream = {
      0, 0, 0, 1, 0x67, 0x42, 0, 0, 1, 0x68, 0xce, 0, 0, 0};
  AnnexBReader reader(kStream);
  Bytes nal;
  return reader.Next(nal) && nal.size() == 2 && nal[0] == 0x67 &&
         reader.Next(nal) && nal.size() == 2 && nal[1] == 0xce &&
         !reader.Next(nal);
}
static_assert(ReadsBothStartCodes());

TEST(AnnexBTest, EveryShortRunOfZerosAndOnesIsScannedAsByEye) {
  // All strings of {0, 1, 2, 255} up to 8 bytes, at each place of a word.
  for (std::size_t length = 0; length <= 8; ++length) {
    for (std::size_t number = 0; number < std::size_t{1} << 2 * length; ++number) {
      const std::size_t lead = number % 9;
      Block bytes(lead + length + number % 11, 0xff);
      for (std::size_t i = 0; i < length; ++i) {
        constexpr std::uint8_t kBytes[] = {0, 1, 2, 255};
        bytes[lead + i] = kBytes[number >> 2 * i & 3];
      }
      ASSERT_EQ(FindStartCode(bytes), FindSlowly(bytes, 0));
      ASSERT_EQ(FindStartCode(bytes, lead + 1), FindSlowly(bytes, lead + 1));
    }
  }
}

TEST(AnnexBTest, AScanThatBeginsPastTheEndFindsNothing) {
  const Block bytes = {0, 0, 1};
  EXPECT_EQ(FindStartCode(bytes, 1), 3u);
  EXPECT_EQ(FindStartCode(bytes, 99), 3u);
  EXPECT_EQ(FindStartCode({}), 0u);
}

TEST(AnnexBTest, ZerosAroundUnitsAndEmptyUnitsAreNoUnits) {
  EXPECT_EQ(Units(Block{9, 9, 0, 0, 0, 0, 1, 0x65, 7, 0, 0, 0, 0, 1, 0, 0, 1, 8}),
            (std::vector<Block>{{0x65, 7}, {8}}));
  EXPECT_TRUE(Units(Block{0, 0, 1}).empty());
  EXPECT_TRUE(Units(Block{5, 6, 7}).empty());
}

TEST(AnnexBTest, BothFormsTurnIntoEachOther) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    Block avcc;
    Block annex_b;
    for (auto units = random() % 5; units > 0; --units) {
      Block nal(1 + random() % 300);
      for (std::uint8_t& byte : nal) {  // zeros, but no start code inside
        byte = static_cast<std::uint8_t>(random() % 3 == 0 ? 0 : 2 + random() % 200);
      }
      nal.back() = 0x80;
      const bool four = random() % 2 == 0;
      if (four) annex_b.push_back(0);
      annex_b.insert(annex_b.end(), {0, 0, 1});
      annex_b.insert(annex_b.end(), nal.begin(), nal.end());
      const auto size = static_cast<std::uint32_t>(nal.size());
      std::uint8_t length[4];
      StoreU32(length, size);
      avcc.insert(avcc.end(), length, length + 4);
      avcc.insert(avcc.end(), nal.begin(), nal.end());
    }
    ASSERT_EQ(AvccSize(annex_b), avcc.size());
    Block out(avcc.size());
    std::size_t written = 0;
    ASSERT_TRUE(AnnexBToAvcc(annex_b, out, written));
    ASSERT_EQ(written, avcc.size());
    ASSERT_EQ(out, avcc);

    Block back(avcc.size());
    ASSERT_TRUE(AvccToAnnexB(avcc, back, written));
    ASSERT_EQ(written, avcc.size());
    ASSERT_TRUE(AvccToAnnexBInPlace(out));
    ASSERT_EQ(out, back);
    ASSERT_EQ(Units(back), Units(annex_b));
  }
}

TEST(AnnexBTest, ALengthPastTheEndIsRefusedAndChangesNothing) {
  for (const Block& lie : {Block{0, 0, 0, 2, 0x65}, Block{0, 0, 0},
                           Block{0, 0, 0, 1, 0x65, 0xff, 0xff, 0xff, 0xff, 1}}) {
    Block out(32);
    std::size_t written = 77;
    EXPECT_FALSE(AvccToAnnexB(lie, out, written));
    Block same = lie;
    EXPECT_FALSE(AvccToAnnexBInPlace(same));
    EXPECT_EQ(same, lie);
    AvccReader reader(lie);
    Bytes nal;
    while (reader.Next(nal)) {}
    EXPECT_FALSE(reader.ok());
  }
}

TEST(AnnexBTest, AnOutputTooSmallIsRefused) {
  const Block annex_b = {0, 0, 1, 0x65, 1, 2};
  const Block avcc = {0, 0, 0, 3, 0x65, 1, 2};
  std::size_t written = 0;
  for (std::size_t room = 0; room < 7; ++room) {
    Block out(room);
    EXPECT_FALSE(AnnexBToAvcc(annex_b, out, written));
    EXPECT_FALSE(AvccToAnnexB(avcc, out, written));
  }
}

TEST(AnnexBTest, LengthsOfOneAndTwoBytesAreReadToo) {
  const Block one = {2, 0x65, 1, 0, 1, 0x41};
  const Block two = {0, 2, 0x65, 1, 0, 0, 0, 1, 0x41};
  for (const auto& [bytes, size] : {std::pair{one, 1}, std::pair{two, 2}}) {
    AvccReader reader(bytes, size);
    Bytes nal;
    ASSERT_TRUE(reader.Next(nal));
    EXPECT_EQ(nal.size(), 2u);
    ASSERT_TRUE(reader.Next(nal));
    EXPECT_EQ(nal[0], 0x41);
    EXPECT_FALSE(reader.Next(nal));
    EXPECT_TRUE(reader.ok());
  }
  AvccReader three(one, 3);
  Bytes nal;
  EXPECT_FALSE(three.Next(nal));
  EXPECT_FALSE(three.ok());
}

}  // namespace
}  // namespace mediacore
