#include "mediacore/rtcp/sdes.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::rtcp {
namespace {

std::vector<std::uint8_t> Vec(std::string_view text) {
  return {text.begin(), text.end()};
}
std::string Text(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

// One block around a body, filled to whole words only if the body is.
Expected<SdesView, SdesError> ParseBody(std::vector<std::uint8_t>& bytes, int count) {
  std::vector<std::uint8_t> block(4);
  block[0] = static_cast<std::uint8_t>(0x80 | count);
  block[1] = kSourceDescription;
  block[3] = static_cast<std::uint8_t>(bytes.size() / 4);
  block.insert(block.end(), bytes.begin(), bytes.end());
  bytes = block;
  ByteReader reader(bytes);
  return SdesView::Parse(*BlockView::TakeFrom(reader));
}

std::string Items(const SdesView& sdes) {
  std::string text;
  sdes.ForEachItem([&](Ssrc ssrc, const SdesItem& item) {
    text += std::to_string(ssrc.value()) + ':' +
            std::to_string(static_cast<int>(item.type)) + '=' +
            (item.prefix.empty() ? "" : Text(item.prefix) + '/') + Text(item.value) + ' ';
  });
  return text;
}

TEST(RtcpSdesTest, EveryChunkAndItemReadsBackTheSame) {
  const auto cname = Vec("user@host");
  const auto tool = Vec("mediacore");
  const auto prefix = Vec("x");
  const std::array first{SdesItem{SdesType::kCname, cname, {}},
                         SdesItem{SdesType::kPriv, tool, prefix},
                         SdesItem{SdesType::kNote, {}, {}}};
  const std::array second{SdesItem{SdesType::kTool, tool, {}},
                          SdesItem{static_cast<SdesType>(200), cname, {}}};
  const std::array chunks{SdesWriter::Chunk{Ssrc(1), first},
                          SdesWriter::Chunk{Ssrc(2), {}},
                          SdesWriter::Chunk{Ssrc(3), second}};
  const SdesWriter writer{chunks};
  std::vector<std::uint8_t> out(writer.WireSize());
  ASSERT_TRUE(writer.Write(out));
  ByteReader reader(out);
  const auto sdes = SdesView::Parse(*BlockView::TakeFrom(reader));
  ASSERT_TRUE(sdes);
  EXPECT_EQ(sdes->chunk_count(), 3);
  EXPECT_EQ(Items(*sdes),
            "1:1=user@host 1:8=x/mediacore 1:7= 3:6=mediacore 3:200=user@host ");
  Bytes found;
  ASSERT_TRUE(sdes->FindCname(Ssrc(1), found));
  EXPECT_EQ(Text(found), "user@host");
  EXPECT_FALSE(sdes->FindCname(Ssrc(3), found));
  ASSERT_TRUE(sdes->FindItem(Ssrc(3), SdesType::kTool, found));
  EXPECT_EQ(Text(found), "mediacore");
}

TEST(RtcpSdesTest, EveryLengthOfANameEndsOnAWord) {
  for (std::size_t n = 0; n <= 255; ++n) {
    const std::vector<std::uint8_t> name(n, 'a');
    const std::array items{SdesItem{SdesType::kCname, name, {}}};
    const std::array chunks{SdesWriter::Chunk{Ssrc(1), items},
                            SdesWriter::Chunk{Ssrc(2), items}};
    std::vector<std::uint8_t> out(SdesWriter{chunks}.WireSize());
    ASSERT_TRUE(SdesWriter{chunks}.Write(out));
    ASSERT_EQ(out.size() % 4, 0u);
    ByteReader reader(out);
    const auto sdes = SdesView::Parse(*BlockView::TakeFrom(reader));
    ASSERT_TRUE(sdes);
    Bytes found;
    ASSERT_TRUE(sdes->FindCname(Ssrc(2), found));
    EXPECT_EQ(found.size(), n);
  }
}

TEST(RtcpSdesTest, AThousandItemsOfOneSourceAreAllSeen) {
  std::vector<std::uint8_t> body = {0, 0, 0, 1};
  for (int i = 0; i < 500; ++i) body.insert(body.end(), {7, 0});
  body.insert(body.end(), {0, 0, 0, 0});
  const auto sdes = ParseBody(body, 1);
  ASSERT_TRUE(sdes);
  int items = 0;
  sdes->ForEachItem([&](Ssrc, const SdesItem&) { ++items; });
  EXPECT_EQ(items, 500);
}

TEST(RtcpSdesTest, EachCauseOfRefusal) {
  std::vector<std::uint8_t> body = {0, 0, 0, 1, 1, 1, 'a', 0};
  EXPECT_EQ(ParseBody(body, 2).error(), SdesError::kChunkTruncated);
  body = {0, 0, 0, 1, 1, 2, 'a', 'b'};
  EXPECT_EQ(ParseBody(body, 1).error(), SdesError::kUnterminated);
  body = {0, 0, 0, 1};
  EXPECT_EQ(ParseBody(body, 1).error(), SdesError::kUnterminated);
  body = {0, 0, 0, 1, 1, 3, 'a', 0};
  EXPECT_EQ(ParseBody(body, 1).error(), SdesError::kItemTruncated);
  body = {0, 0, 0, 1, 1, 1, 'a', 7};
  EXPECT_EQ(ParseBody(body, 1).error(), SdesError::kItemTruncated);
  body = {0, 0, 0, 1, 8, 2, 2, 'a', 0, 0, 0, 0};
  EXPECT_EQ(ParseBody(body, 1).error(), SdesError::kPrivTruncated);
  body = {0, 0, 0, 1, 8, 0, 0, 0};
  EXPECT_EQ(ParseBody(body, 1).error(), SdesError::kPrivTruncated);
  constexpr std::array<std::uint8_t, 4> kBye = {0x80, 203, 0, 0};
  ByteReader reader(kBye);
  EXPECT_EQ(SdesView::Parse(*BlockView::TakeFrom(reader)).error(),
            SdesError::kNotSdes);
}

TEST(RtcpSdesTest, NoChunksIsLegalAndWhatFollowsTheLastIsIgnored) {
  std::vector<std::uint8_t> body;
  EXPECT_TRUE(ParseBody(body, 0));
  body = {0, 0, 0, 1, 0, 0, 0, 0, 9, 9, 9, 9};
  const auto sdes = ParseBody(body, 1);
  ASSERT_TRUE(sdes);
  EXPECT_EQ(Items(*sdes), "");
}

TEST(RtcpSdesTest, ChunksBeginOnWordsEvenWhenOddPaddingIsCutOff) {
  // Two chunks; the last byte of the second one's fill is padding.
  const std::array<std::uint8_t, 24> block = {
      0xa2, 202, 0, 5, 0, 0, 0,   1, 1, 1, 'a', 0,
      0,    0,   0, 2, 1, 3, 'b', 'c', 'd', 0,   0, 1};
  ByteReader reader(block);
  const auto sdes = SdesView::Parse(*BlockView::TakeFrom(reader));
  ASSERT_TRUE(sdes);
  EXPECT_EQ(Items(*sdes), "1:1=a 2:1=bcd ");
}

TEST(RtcpSdesTest, WhatNoBlockCanHoldHasNoSizeAndIsNotWritten) {
  std::vector<std::uint8_t> out(70000);
  const std::vector<std::uint8_t> text(256, 'a');
  const auto refused = [&](const SdesItem& item) {
    const std::array chunks{SdesWriter::Chunk{Ssrc(1), {&item, 1}}};
    return SdesWriter{chunks}.WireSize() == 0 && !SdesWriter{chunks}.Write(out);
  };
  EXPECT_TRUE(refused({SdesType::kEnd, {}, {}}));
  EXPECT_TRUE(refused({SdesType::kCname, text, {}}));
  EXPECT_TRUE(refused({SdesType::kCname, {}, Bytes(text).first(1)}));
  EXPECT_TRUE(refused({SdesType::kPriv, Bytes(text).first(255), {}}));
  EXPECT_FALSE(refused({SdesType::kPriv, Bytes(text).first(254), {}}));
  const std::vector<SdesWriter::Chunk> many(32);
  EXPECT_EQ(SdesWriter{many}.WireSize(), 0u);
  const std::vector<SdesItem> items(300, {SdesType::kNote, Bytes(text).first(255), {}});
  const std::array large{SdesWriter::Chunk{Ssrc(1), items}};
  EXPECT_EQ(SdesWriter{large}.WireSize(), 0u);
}

}  // namespace
}  // namespace mediacore::rtcp
