#include "mediacore/codec/sei.h"

#include <algorithm>
#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

// A recovery point after 12 frames, then the trailing bits.
constexpr auto kRecovery = std::to_array<std::uint8_t>({6, 1, 0b00011010, 0x80});
constexpr bool ReadsARecoveryPoint() {
  ByteReader reader(kRecovery);
  const auto message = SeiMessage::TakeFrom(reader);
  std::uint32_t frames = 0;
  return message && message->type == SeiType::kRecoveryPoint && ReadRecoveryPoint(message->payload, frames) &&
         frames == 12 && SeiMessage::TakeFrom(reader).error() == SeiError::kEnd;
}
static_assert(ReadsARecoveryPoint());

TEST(SeiTest, MessagesOfAnySizeComeBackAsTheyWereWritten) {
  for (const std::uint32_t type : {0u, 5u, 254u, 255u, 256u, 510u, 1000u}) {
    for (const std::size_t size : {0u, 1u, 254u, 255u, 256u, 510u, 3000u}) {
      const Block payload(size, 0x5a);
      const SeiMessage message{static_cast<SeiType>(type), payload};
      Block bytes(message.WireSize() + 1, 0x80);
      ASSERT_TRUE(message.Write(bytes));
      EXPECT_EQ(bytes.back(), 0x80);
      EXPECT_FALSE(message.Write(MutableBytes(bytes).first(message.WireSize() - 1)));
      ByteReader reader(bytes);
      const auto back = SeiMessage::TakeFrom(reader);
      ASSERT_TRUE(back);
      EXPECT_EQ(back->type, message.type);
      EXPECT_TRUE(std::ranges::equal(back->payload, payload));
      EXPECT_EQ(SeiMessage::TakeFrom(reader).error(), SeiError::kEnd);
    }
  }
}

TEST(SeiTest, AMessageCutAnywhereIsTruncatedAndNothingIsConsumed) {
  const Block payload(300, 0x11);
  const SeiMessage message{SeiType::kUserDataUnregistered, payload};
  Block bytes(message.WireSize());
  ASSERT_TRUE(message.Write(bytes));
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    ByteReader reader(Bytes(bytes).first(size));
    EXPECT_EQ(SeiMessage::TakeFrom(reader).error(), SeiError::kTruncated);
    EXPECT_EQ(reader.remaining(), size);
  }
}

TEST(SeiTest, ZerosBehindTheTrailingBitsAreNoMessage) {
  constexpr std::array<std::uint8_t, 5> kZeros = {0x80, 0, 0, 0, 0};
  ByteReader reader(kZeros);
  EXPECT_EQ(SeiMessage::TakeFrom(reader).error(), SeiError::kEnd);
}

TEST(SeiTest, ATypeThatNeverEndsIsTruncated) {
  const Block bytes(20'000'000, 0xff);
  ByteReader reader(bytes);
  EXPECT_EQ(SeiMessage::TakeFrom(reader).error(), SeiError::kTruncated);
}

TEST(SeiTest, ARecoveryPointPastAllFramesIsNone) {
  std::uint32_t frames = 7;
  // ue(v) of 65536: 16 zeros, then 65537 in 17 bits.
  constexpr std::array<std::uint8_t, 5> kFar = {0, 0, 0x80, 0, 0x80};
  EXPECT_FALSE(ReadRecoveryPoint(kFar, frames));
  EXPECT_FALSE(ReadRecoveryPoint({}, frames));
  EXPECT_EQ(frames, 7u);
}

TEST(SeiTest, EveryNameIsItsOwn) {
  EXPECT_EQ(ToString(SeiType::kContentLight), "content light level");
  EXPECT_EQ(ToString(static_cast<SeiType>(999)), "other");
  EXPECT_EQ(ToString(SeiError::kTruncated), "sei: truncated");
}

}  // namespace
}  // namespace mediacore::codec
