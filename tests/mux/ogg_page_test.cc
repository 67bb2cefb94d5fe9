#include "mediacore/mux/ogg_page.h"

#include <gtest/gtest.h>

#include "support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;

// The first page that ffmpeg 5.1 wrote of a stereo Opus stream.
constexpr std::array<std::uint8_t, 47> kOpusHead = {
    'O',  'g',  'g', 'S', 0,   2,   0,   0,   0,   0,   0,   0,   0, 0, 0,    0, 0,    0,    0, 0, 0, 0, 0x1c, 0xd5,
    0xc5, 0xf7, 1,   19,  'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 2, 0x38, 1, 0x80, 0xbb, 0, 0, 0, 0, 0};

constexpr std::array<std::uint8_t, 300> ThreePackets() {
  std::array<std::uint8_t, 300> page{};
  page[26] = 4;
  page[27] = 3;
  page[28] = 0;
  page[29] = 255;
  page[30] = 0;
  page[31] = 1;
  WriteOggPageHeader(
      {.continued = true, .ends_stream = true, .granule_position = -7, .serial = 0x01020304, .sequence = 9},
      MutableBytes(page).first(31 + 258));
  return page;
}
constexpr auto kPage = ThreePackets();

constexpr bool WhatIsWrittenIsRead() {
  const auto page = OggPageView::Parse(kPage);
  if (!page || page->size() != 289) return false;
  const OggPageHeader expected = {
      .continued = true, .ends_stream = true, .granule_position = -7, .serial = 0x01020304, .sequence = 9};
  if (page->header() != expected || page->packets_ended() != 3 || page->lengths().size() != 4) return false;
  auto parts = page->parts();
  Bytes part;
  bool ends = false;
  return parts.Next(part, ends) && ends && part.size() == 3 && part[0] == 1 &&  //
         parts.Next(part, ends) && ends && part.empty() &&                      //
         parts.Next(part, ends) && ends && part.size() == 255 && parts.empty() && !parts.Next(part, ends);
}
static_assert(WhatIsWrittenIsRead());

TEST(OggPageTest, APageOfFfmpegIsRead) {
  const auto page = OggPageView::Parse(kOpusHead);
  ASSERT_TRUE(page) << ToString(page.error());
  EXPECT_EQ(page->header(), (OggPageHeader{.begins_stream = true, .granule_position = 0}));
  EXPECT_EQ(page->body().size(), 19u);
}

TEST(OggPageTest, EachCauseOfRefusalHasItsName) {
  for (std::size_t size = 0; size < kOpusHead.size(); ++size) {
    EXPECT_EQ(OggPageView::Parse(Bytes(kOpusHead).first(size)).error(),
              size < 27 ? OggPageError::kTooShort : OggPageError::kTruncated);
    EXPECT_EQ(OggPageView::SizeNeeded(Bytes(kOpusHead).first(size)), size < 27 ? 27u : size < 28 ? 28u : 47u);
    EXPECT_TRUE(OggPageView::MayBegin(Bytes(kOpusHead).first(size)));
  }
  for (std::size_t at = 0; at < kOpusHead.size(); ++at) {
    if (at == 26 || at == 27) continue;  // another length
    Buffer page(kOpusHead.begin(), kOpusHead.end());
    page[at] ^= 0x10;
    EXPECT_EQ(OggPageView::Parse(page).error(), at < 4    ? OggPageError::kBadCapture
                                                : at == 4 ? OggPageError::kBadVersion
                                                          : OggPageError::kBadChecksum);
    EXPECT_EQ(OggPageView::MayBegin(page), at > 4);
  }
  EXPECT_EQ(ToString(OggPageError::kBadChecksum), "ogg: bad checksum");
}

TEST(OggPageTest, APacketWhoseLastSegmentHas255BytesGoesOn) {
  Buffer bytes(27 + 2 + 256);
  bytes[26] = 2;
  bytes[27] = 1;
  bytes[28] = 255;
  WriteOggPageHeader({}, bytes);
  const auto page = OggPageView::Parse(bytes);
  ASSERT_TRUE(page);
  auto parts = page->parts();
  Bytes part;
  bool ends = false;
  ASSERT_TRUE(parts.Next(part, ends) && ends);
  ASSERT_TRUE(parts.Next(part, ends));
  EXPECT_FALSE(ends);
  EXPECT_EQ(part.size(), 255u);
  EXPECT_EQ(page->packets_ended(), 1u);
}

TEST(OggPageTest, TheLargestPageHas65307Bytes) {
  Buffer bytes(kOggMaxPageSize, 255);
  bytes[26] = 255;
  WriteOggPageHeader({}, bytes);
  EXPECT_EQ(bytes.size(), 65'307u);
  EXPECT_TRUE(OggPageView::Parse(bytes));
}

}  // namespace
}  // namespace mediacore::mux
