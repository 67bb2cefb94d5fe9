#include "mediacore/mux/ogg_reader.h"

#include <random>

#include <gtest/gtest.h>

#include "../support/heap_watch.h"
#include "ogg_support.h"

namespace mediacore::mux {
namespace {

using testing::AppendTo;
using testing::Buffer;
using testing::KeptPacket;
using testing::OggOutcome;
using testing::OggPageBuffer;
using testing::ReadOgg;
using testing::ReadOggAnySplit;

Buffer Packet(std::size_t size, int seed) {
  Buffer bytes(size);
  std::minstd_rand random(static_cast<unsigned>(seed + 1));
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}
// A page of its own making.
Buffer Page(OggPageHeader header, const Buffer& lengths, std::uint8_t fill = 7) {
  Buffer page(27 + lengths.size(), 0);
  page[26] = static_cast<std::uint8_t>(lengths.size());
  std::copy(lengths.begin(), lengths.end(), page.begin() + 27);
  page.resize(OggPageView::SizeNeeded(page), fill);
  WriteOggPageHeader(header, page);
  return page;
}
Buffer operator+(Buffer a, const Buffer& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
// Ten pages of one stream; each with two packets of its own, packet 2 i + 1 running over the end.
std::vector<Buffer> TenPages(std::uint32_t serial = 5) {
  std::vector<Buffer> pages;
  for (std::uint32_t i = 0; i < 10; ++i) {
    const bool last = i == 9;
    pages.push_back(Page({.continued = i > 0,
                          .begins_stream = i == 0,
                          .ends_stream = last,
                          .granule_position = 100 * (i + 1),
                          .serial = serial,
                          .sequence = i},
                         i == 0 ? Buffer{10, 255}
                         : last ? Buffer{3, 10}
                                : Buffer{3, 10, 255},
                         static_cast<std::uint8_t>(i + 1)));
  }
  return pages;
}
Buffer Joined(const std::vector<Buffer>& pages) {
  Buffer file;
  for (const Buffer& page : pages) file = file + page;
  return file;
}

TEST(OggReaderTest, PacketsRunOverTheEndsOfPagesHoweverTheFileIsCut) {
  const OggOutcome outcome = ReadOggAnySplit(Joined(TenPages()));
  ASSERT_EQ(outcome.packets.size(), 19u);
  EXPECT_EQ(outcome.stats.pages, 10u);
  for (std::size_t i = 0; i < 19; ++i) {
    const KeptPacket& packet = outcome.packets[i];
    EXPECT_EQ(packet.number, i);
    EXPECT_EQ(packet.data.size(), i % 2 == 0 ? 10u : 258u);
    EXPECT_EQ(packet.data.back(), (i + 1) / 2 + 1);
    EXPECT_EQ(packet.data.front(), i / 2 + 1);
    EXPECT_EQ(packet.granule_position, i % 2 == 0 ? static_cast<std::int64_t>(i / 2 + 1) * 100 : kOggNoGranule);
    EXPECT_EQ(packet.begins_stream, i == 0);
    EXPECT_EQ(packet.ends_stream, i == 18);
    EXPECT_FALSE(packet.lost_before);
  }
  EXPECT_EQ(outcome.first_damage, ~std::uint64_t{0});
}

TEST(OggReaderTest, ALostPageCostsItsPacketsAndIsCounted) {
  std::vector<Buffer> pages = TenPages();
  pages.erase(pages.begin() + 4, pages.begin() + 6);
  const OggOutcome outcome = ReadOggAnySplit(Joined(pages));
  EXPECT_EQ(outcome.stats.lost_pages, 2u);
  EXPECT_EQ(outcome.stats.dropped_packets, 1u);
  // Packet 7 began on page 3; 8 to 10 were on pages 4 and 5; 11 misses its begin.
  ASSERT_EQ(outcome.packets.size(), 14u);
  EXPECT_EQ(outcome.packets[6].granule_position, 400);
  EXPECT_EQ(outcome.packets[7].granule_position, 700);
  EXPECT_TRUE(outcome.packets[7].lost_before);
  EXPECT_FALSE(outcome.packets[8].lost_before);
  EXPECT_NE(outcome.first_damage, ~std::uint64_t{0});
}

TEST(OggReaderTest, AfterDamageTheNextPageIsFound) {
  const std::vector<Buffer> pages = TenPages();
  const std::size_t third = pages[0].size() + pages[1].size() + pages[2].size();
  // Any byte of the page, also one that makes it seem longer or shorter.
  for (std::size_t at = 0; at < pages[3].size(); ++at) {
    Buffer file = Joined(pages);
    file[third + at] ^= 0x55;
    const OggOutcome outcome = ReadOgg(file);
    EXPECT_EQ(outcome.stats.pages, 9u) << at;
    EXPECT_EQ(outcome.stats.lost_pages, 1u) << at;
    EXPECT_EQ(outcome.stats.skipped_bytes, pages[3].size()) << at;
    EXPECT_EQ(outcome.packets.size(), 16u) << at;
    EXPECT_EQ(outcome.first_damage, third) << at;
    if (at < 40) {
      EXPECT_TRUE(ReadOggAnySplit(file) == outcome) << at;
    }
  }
}

TEST(OggReaderTest, NoiseAroundPagesIsPassedOver) {
  const Buffer noise = Packet(3000, 1) + Buffer{'O', 'g', 'g', 'O', 'g', 'g', 'S'} + Buffer(100, 'O');
  const OggOutcome outcome = ReadOggAnySplit(noise + Joined(TenPages()) + noise);
  EXPECT_EQ(outcome.packets.size(), 19u);
  EXPECT_EQ(outcome.stats.skipped_bytes + outcome.stats.truncated_bytes, 2 * noise.size());
  EXPECT_EQ(outcome.first_damage, 0u);
}

TEST(OggReaderTest, StreamsSideBySideAreToldApart) {
  const auto a = TenPages(1);
  const auto b = TenPages(2);
  std::vector<Buffer> mixed;
  for (std::size_t i = 0; i < 10; ++i) {
    mixed.push_back(a[i]);
    mixed.push_back(b[i]);
  }
  const OggOutcome outcome = ReadOggAnySplit(Joined(mixed));
  EXPECT_EQ(outcome.packets.size(), 38u);
  std::array<std::uint64_t, 3> next{};
  for (const KeptPacket& packet : outcome.packets) {
    EXPECT_EQ(packet.number, next[packet.serial]++);
    EXPECT_EQ(packet.data.size(), packet.number % 2 == 0 ? 10u : 258u);
  }
}

TEST(OggReaderTest, StreamsPastTheFourthAreIgnoredAndCounted) {
  Buffer file;
  for (std::uint32_t serial = 0; serial < 6; ++serial)
    file = file + Page({.begins_stream = true, .granule_position = 0, .serial = serial}, {1});
  for (std::uint32_t serial = 0; serial < 6; ++serial)
    file = file + Page({.granule_position = 0, .serial = serial, .sequence = 1}, {1});
  const OggOutcome outcome = ReadOggAnySplit(file);
  EXPECT_EQ(outcome.packets.size(), 8u);
  EXPECT_EQ(outcome.stats.ignored_pages, 4u);
}

TEST(OggReaderTest, LinksOfAChainFollowOneAnotherWithoutEnd) {
  Buffer file;
  for (std::uint32_t serial = 0; serial < 20; ++serial) file = file + Joined(TenPages(serial));
  const OggOutcome outcome = ReadOgg(file);
  EXPECT_EQ(outcome.packets.size(), 20u * 19);
  EXPECT_EQ(outcome.stats.ignored_pages, 0u);
  EXPECT_EQ(outcome.packets[19].number, 0u);
  EXPECT_TRUE(outcome.packets[19].begins_stream);
  // Also when the end of a link is missing, and with the same serial.
  Buffer cut;
  for (int i = 0; i < 3; ++i) {
    auto pages = TenPages(1);
    pages.pop_back();
    cut = cut + Joined(pages);
  }
  EXPECT_EQ(ReadOggAnySplit(cut).packets.size(), 3u * 17);
  EXPECT_EQ(ReadOgg(cut).stats.dropped_packets, 3u);
}

TEST(OggReaderTest, WhatFollowsTheEndOfAStreamIsIgnored) {
  const Buffer file = Joined(TenPages()) + Page({.granule_position = 2000, .serial = 5, .sequence = 10}, {1});
  EXPECT_EQ(ReadOgg(file).stats.ignored_pages, 1u);
  EXPECT_EQ(ReadOgg(file).packets.size(), 19u);
}

TEST(OggReaderTest, AStreamJoinedMidwaySaysSo) {
  auto pages = TenPages();
  pages.erase(pages.begin(), pages.begin() + 5);
  const OggOutcome outcome = ReadOggAnySplit(Joined(pages));
  // The first packet's begin is missing.
  ASSERT_EQ(outcome.packets.size(), 9u);
  EXPECT_TRUE(outcome.packets[0].lost_before);
  EXPECT_EQ(outcome.packets[0].granule_position, 600);
  EXPECT_EQ(outcome.stats.lost_pages, 0u);
}

TEST(OggReaderTest, APacketLargerThanItsStorageIsDroppedAndCounted) {
  // 258 bytes run over the end of each page; a share of 257 does not hold them.
  const OggOutcome outcome = ReadOggAnySplit(Joined(TenPages()), 4 * 257);
  EXPECT_EQ(outcome.stats.overflows, 9u);
  ASSERT_EQ(outcome.packets.size(), 10u);
  EXPECT_EQ(outcome.packets[1].number, 2u);
  EXPECT_TRUE(outcome.packets[1].lost_before);
  EXPECT_EQ(ReadOggAnySplit(Joined(TenPages()), 4 * 258).stats.overflows, 0u);
  EXPECT_EQ(ReadOgg(Joined(TenPages()), 1, 0).packets.size(), 10u);
}

TEST(OggReaderTest, FlagsThatContradictWhatWasBeforeAreDamage) {
  const auto page = [](bool continued, std::uint32_t sequence, const Buffer& lengths) {
    return Page({.continued = continued,
                 .begins_stream = sequence == 0,
                 .granule_position = 1,
                 .serial = 5,
                 .sequence = sequence},
                lengths);
  };
  // Says that it goes on, but nothing began.
  OggOutcome outcome = ReadOggAnySplit(page(false, 0, {5}) + page(true, 1, {6, 7}));
  ASSERT_EQ(outcome.packets.size(), 2u);
  EXPECT_EQ(outcome.packets[1].data.size(), 7u);
  EXPECT_TRUE(outcome.packets[1].lost_before);
  EXPECT_EQ(outcome.stats.dropped_packets, 1u);
  // Something began, but it says that it does not go on.
  outcome = ReadOggAnySplit(page(false, 0, {5, 255}) + page(false, 1, {6, 7}));
  ASSERT_EQ(outcome.packets.size(), 3u);
  EXPECT_EQ(outcome.packets[1].data.size(), 6u);
  EXPECT_TRUE(outcome.packets[1].lost_before);
  EXPECT_EQ(outcome.stats.dropped_packets, 1u);
  // Numbers that go back.
  outcome = ReadOggAnySplit(page(false, 0, {5}) + page(false, 1, {6}) + page(false, 1, {7}));
  EXPECT_EQ(outcome.stats.sequence_errors, 1u);
  EXPECT_EQ(outcome.packets.size(), 3u);
}

TEST(OggReaderTest, PagesMadeToOverlapTakeTimeInLineWithTheirBytes) {
  // Each 27 bytes begin a page that claims 65,307 and has a wrong checksum.
  Buffer file;
  Buffer header = Page({}, {});
  header[26] = 255;
  while (file.size() < 400'000) file = file + header;
  const OggOutcome outcome = ReadOgg(file);
  EXPECT_EQ(outcome.stats.pages, 0u);
  // Without a bound some 13,000 of them were summed up over.
  EXPECT_LT(outcome.stats.bad_checksums * 6'000, 8 * file.size());
  EXPECT_TRUE(ReadOgg(file, 1000) == outcome);
  EXPECT_TRUE(ReadOgg(file, 77'777) == outcome);
}

TEST(OggReaderTest, ReadingTakesNoHeap) {
  const Buffer file = Joined(TenPages());
  static OggPageBuffer page;
  Buffer storage(4000);
  std::size_t bytes = 0;
  const mediacore::testing::HeapWatch heap;
  OggReader reader(page, storage);
  for (const std::uint8_t& byte : file) reader.Read({&byte, 1}, [&](const OggPacket& p) { bytes += p.data.size(); });
  EXPECT_EQ(heap.allocations(), 0u);
  EXPECT_EQ(bytes, 10u * 10 + 9 * 258);
}

}  // namespace
}  // namespace mediacore::mux
