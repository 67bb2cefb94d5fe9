#include "mediacore/rtcp/block_view.h"

#include <array>

#include <gtest/gtest.h>

namespace mediacore::rtcp {
namespace {

// Picture Loss Indication: count 1, type 206, sender 1, media source 2.
constexpr std::array<std::uint8_t, 12> kPli = {0x81, 206, 0, 2, 0, 0,
                                               0,    1,   0, 0, 0, 2};

constexpr bool ReadsAPli() {
  ByteReader reader(kPli);
  const auto block = BlockView::TakeFrom(reader);
  return block && block->count() == 1 && block->packet_type() == 206 &&
         block->body().size() == 8 && !block->has_padding() &&
         reader.remaining() == 0;
}
static_assert(ReadsAPli());

TEST(RtcpBlockViewTest, ABlockCutShortIsRefusedAndNothingIsConsumed) {
  for (std::size_t n = 0; n < kPli.size(); ++n) {
    ByteReader reader(Bytes(kPli).first(n));
    EXPECT_EQ(BlockView::TakeFrom(reader).error(),
              n < 4 ? BlockError::kTooShort : BlockError::kTruncated);
    EXPECT_EQ(reader.remaining(), n);
  }
}

TEST(RtcpBlockViewTest, OtherVersionsAreRefused) {
  for (const int version : {0, 1, 3}) {
    auto bytes = kPli;
    bytes[0] = static_cast<std::uint8_t>(version << 6 | 1);
    ByteReader reader(bytes);
    EXPECT_EQ(BlockView::TakeFrom(reader).error(), BlockError::kBadVersion);
  }
}

TEST(RtcpBlockViewTest, ALengthOf65535WordsIsLookedForAndNotFound) {
  auto bytes = kPli;
  bytes[2] = bytes[3] = 0xff;
  ByteReader reader(bytes);
  EXPECT_EQ(BlockView::TakeFrom(reader).error(), BlockError::kTruncated);
}

TEST(RtcpBlockViewTest, PaddingOfNothingOrOfMoreThanTheBodyIsRefused) {
  auto bytes = kPli;
  bytes[0] |= 0x20;
  for (int size = 0; size < 256; ++size) {
    bytes[11] = static_cast<std::uint8_t>(size);
    ByteReader reader(bytes);
    const auto block = BlockView::TakeFrom(reader);
    ASSERT_EQ(block.has_value(), size >= 1 && size <= 8) << size;
    if (block) {
      EXPECT_EQ(block->body().size(), static_cast<std::size_t>(8 - size));
    } else {
      EXPECT_EQ(block.error(), BlockError::kBadPadding);
    }
  }
}

}  // namespace
}  // namespace mediacore::rtcp
