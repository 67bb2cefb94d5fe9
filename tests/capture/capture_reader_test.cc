#include "mediacore/capture/capture_reader.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "mediacore/capture/datagram.h"

namespace mediacore::capture {
namespace {

using File = std::vector<std::uint8_t>;

File operator+(File a, const File& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
// A number of 16 or 32 bits as a machine of that byte order writes it.
File U16(bool little, std::uint32_t v) {
  const auto high = static_cast<std::uint8_t>(v >> 8);
  const auto low = static_cast<std::uint8_t>(v);
  return little ? File{low, high} : File{high, low};
}
File U32(bool little, std::uint32_t v) {
  return little ? U16(true, v & 0xffff) + U16(true, v >> 16)
                : U16(false, v >> 16) + U16(false, v & 0xffff);
}

struct Packets {
  File file;  // what the records point into
  std::vector<Record> records;
  CaptureError error = CaptureError::kNone;
  std::uint64_t offset = 0;
  std::uint64_t malformed = 0;
};
Packets ReadAll(File file) {
  Packets out;
  out.file = std::move(file);
  const auto opened = CaptureReader::Open(out.file);
  if (!opened) {
    out.error = opened.error();
    return out;
  }
  CaptureReader reader = *opened;
  Record record;
  while (reader.Next(record)) out.records.push_back(record);
  EXPECT_FALSE(reader.Next(record));  // and stays so
  out.error = reader.error();
  out.offset = reader.offset();
  out.malformed = reader.malformed_blocks();
  return out;
}

File PcapHeader(bool little, std::uint32_t magic = 0xa1b2c3d4, std::uint32_t link = 1) {
  return U32(little, magic) + U16(little, 2) + U16(little, 4) + File(8, 0) +
         U32(little, 96) + U32(little, link);
}
File PcapRecord(bool little, std::uint32_t fraction, const File& packet) {
  const auto size = static_cast<std::uint32_t>(packet.size());
  return U32(little, 1'600'000'000) + U32(little, fraction) + U32(little, size) +
         U32(little, size + 100) + packet;
}

TEST(PcapReaderTest, BothByteOrdersAndBothPrecisionsSayTheSame) {
  for (const bool little : {false, true}) {
    const File packet = {1, 2, 3};
    const File micro = PcapHeader(little) + PcapRecord(little, 5, packet);
    const File nano = PcapHeader(little, 0xa1b23c4d, 101) + PcapRecord(little, 5, packet);
    const auto a = ReadAll(micro);
    ASSERT_EQ(a.records.size(), 1u);
    EXPECT_EQ(a.error, CaptureError::kNone);
    EXPECT_EQ(a.records[0].unix_ns, 1'600'000'000'000'005'000);
    EXPECT_EQ(a.records[0].link_type, LinkType::kEthernet);
    EXPECT_EQ(a.records[0].original_length, 103u);
    EXPECT_EQ(a.records[0].offset, 24u);
    EXPECT_EQ(File(a.records[0].packet.begin(), a.records[0].packet.end()), packet);
    const auto b = ReadAll(nano);
    ASSERT_EQ(b.records.size(), 1u);
    EXPECT_EQ(b.records[0].unix_ns, 1'600'000'000'000'000'005);
    EXPECT_EQ(b.records[0].link_type, LinkType::kRaw);
  }
}

TEST(PcapReaderTest, TheModifiedFormatHasLongerRecordHeaders) {
  File record = PcapRecord(true, 5, {});
  record = record + File(8, 0xee) + File{7};
  record[8] = 1;
  const auto read = ReadAll(PcapHeader(true, 0xa1b2cd34) + record);
  ASSERT_EQ(read.records.size(), 1u);
  EXPECT_EQ(read.records[0].packet[0], 7);
  EXPECT_EQ(read.error, CaptureError::kNone);
}

TEST(PcapReaderTest, AFileCutAnywhereGivesWhatWasBeforeAndSaysWhere) {
  const File first = PcapHeader(true) + PcapRecord(true, 1, {1, 2, 3, 4});
  const File whole = first + PcapRecord(true, 2, {5, 6, 7});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const File cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto read = ReadAll(cut);
    EXPECT_EQ(read.records.size(), size < first.size() ? 0u : 1u);
    const bool clean = size == 24 || size == first.size();
    EXPECT_EQ(read.error, clean ? CaptureError::kNone : CaptureError::kTruncated) << size;
    EXPECT_EQ(read.offset, size < 24 ? 0 : size < first.size() ? 24 : first.size());
  }
}

TEST(PcapReaderTest, AnAbsurdLengthIsAnErrorAtItsOffset) {
  File file = PcapHeader(true) + PcapRecord(true, 1, {1});
  const std::size_t at = file.size();
  file = file + PcapRecord(true, 1, {1});
  file[at + 11] = 0x7f;
  const auto read = ReadAll(file + File(1000, 0));
  EXPECT_EQ(read.records.size(), 1u);
  EXPECT_EQ(read.error, CaptureError::kRecordTooLong);
  EXPECT_EQ(read.offset, at);
}

TEST(CaptureReaderTest, WhatIsNoCaptureIsRefusedByItsFirstBytes) {
  EXPECT_EQ(ReadAll({}).error, CaptureError::kTruncated);
  EXPECT_EQ(ReadAll({'R', 'I', 'F', 'F'}).error, CaptureError::kNotACapture);
  EXPECT_EQ(ReadAll({'#', '!', 'r', 't', 'p'}).error, CaptureError::kTruncated);
  EXPECT_EQ(ReadAll({'#', '!', '/', 'b', 'i', 'n', '/', 's', 'h', '\n', 'e', 'c', 'h', 'o'}).error,
            CaptureError::kNotACapture);
  File version = PcapHeader(true);
  version[4] = 3;
  EXPECT_EQ(ReadAll(version).error, CaptureError::kBadVersion);
}

TEST(CaptureReaderTest, AFileReadInStretchesSaysTheSameAsInOnePiece) {
  File file = PcapHeader(true);
  for (std::uint32_t i = 0; i < 200; ++i) {
    file = file + PcapRecord(true, i, File(i % 70, static_cast<std::uint8_t>(i)));
  }
  const auto opened = CaptureReader::Open(Bytes(file).first(24));
  ASSERT_TRUE(opened);
  CaptureReader reader = *opened;
  Record record;
  std::uint32_t count = 0;
  for (std::size_t end = 24; end <= file.size(); end += 37) {
    // What a program would do: move the rest to the front and read on behind it.
    const auto at = static_cast<std::size_t>(reader.offset());
    const File stretch(file.begin() + static_cast<std::ptrdiff_t>(at),
                       file.begin() + static_cast<std::ptrdiff_t>(std::min(end + 36, file.size())));
    reader.Refill(stretch);
    while (reader.Next(record)) {
      EXPECT_EQ(record.unix_ns, 1'600'000'000'000'000'000 + count * 1000);
      EXPECT_EQ(record.packet.size(), count % 70);
      ++count;
    }
  }
  EXPECT_EQ(count, 200u);
  EXPECT_EQ(reader.error(), CaptureError::kNone);
  EXPECT_EQ(reader.offset(), file.size());
}

// A pcapng block with its length before and behind.
File Block(bool little, std::uint32_t type, const File& body) {
  const auto size = static_cast<std::uint32_t>(body.size() + 12);
  return U32(little, type) + U32(little, size) + body + U32(little, size);
}
File Section(bool little, std::uint32_t version = 1) {
  return Block(little, 0x0a0d0d0a,
               U32(little, 0x1a2b3c4d) + U16(little, version) + U16(little, 0) + File(8, 0xff));
}
File Interface(bool little, std::uint32_t link, const File& options = {}, std::uint32_t snap = 0) {
  return Block(little, 1, U16(little, link) + U16(little, 0) + U32(little, snap) + options);
}
File Enhanced(bool little, std::uint32_t face, std::uint64_t ticks, const File& packet) {
  const auto size = static_cast<std::uint32_t>(packet.size());
  return Block(little, 6,
               U32(little, face) + U32(little, static_cast<std::uint32_t>(ticks >> 32)) +
                   U32(little, static_cast<std::uint32_t>(ticks)) + U32(little, size) +
                   U32(little, size) + packet + File((4 - size % 4) % 4, 0));
}
File Resolution(bool little, std::uint8_t value) {
  return U16(little, 9) + U16(little, 1) + File{value, 0, 0, 0};
}

TEST(PcapngReaderTest, SectionsInBothByteOrdersFollowEachOther) {
  File file;
  for (const bool little : {true, false, true}) {
    file = file + Section(little) + Interface(little, 101) +
           Enhanced(little, 0, 1'600'000'000'000'005, {1, 2, 3, 4, 5});
  }
  const auto read = ReadAll(file);
  ASSERT_EQ(read.records.size(), 3u);
  EXPECT_EQ(read.error, CaptureError::kNone);
  EXPECT_EQ(read.offset, file.size());
  for (const Record& record : read.records) {
    EXPECT_EQ(record.unix_ns, 1'600'000'000'000'005'000);
    EXPECT_EQ(record.link_type, LinkType::kRaw);
    EXPECT_EQ(record.packet.size(), 5u);
  }
  EXPECT_EQ(read.records[0].offset, 28u + 20u);
}

TEST(PcapngReaderTest, TimesAreInTheResolutionAndFromTheOffsetOfTheirInterface) {
  const auto time = [](std::uint8_t resolution, std::uint64_t ticks, const File& more = {}) {
    const auto read = ReadAll(Section(true) + Interface(true, 1, Resolution(true, resolution) + more) +
                              Enhanced(true, 0, ticks, {}));
    EXPECT_EQ(read.records.size(), 1u);
    return read.records.empty() ? -1 : read.records[0].unix_ns;
  };
  EXPECT_EQ(time(0, 7), 7'000'000'000);
  EXPECT_EQ(time(3, 7), 7'000'000);
  EXPECT_EQ(time(9, 1'600'000'000'000'000'007), 1'600'000'000'000'000'007);
  EXPECT_EQ(time(12, 7'999), 7);
  EXPECT_EQ(time(0x80 | 10, 1536), 1'500'000'000);
  EXPECT_EQ(time(0x80 | 40, std::uint64_t{3} << 39), 1'500'000'000);
  EXPECT_EQ(time(127, ~std::uint64_t{0}), 1'000'000'000);  // the finest there is
  const File offset = U16(true, 14) + U16(true, 8) + U32(true, 1000) + U32(true, 0);
  EXPECT_EQ(time(6, 7, offset), 1000'000'007'000);
  EXPECT_EQ(time(0, ~std::uint64_t{0}), kInt64Max);
}

TEST(PcapngReaderTest, SimpleAndObsoletePacketsAreReadOthersAreSkipped) {
  const File obsolete = Block(true, 2, U16(true, 0) + U16(true, 9) + U32(true, 0) + U32(true, 77) +
                                           U32(true, 2) + U32(true, 60) + File{8, 9, 0, 0});
  const File simple = Block(true, 3, U32(true, 1500) + File(64, 7));
  const auto read = ReadAll(Section(true) + Interface(true, 1, {}, 64) + obsolete +
                            Block(true, 4, File(16, 0)) + simple + Block(true, 0x80000001, {}));
  ASSERT_EQ(read.records.size(), 2u);
  EXPECT_EQ(read.records[0].unix_ns, 77'000);
  EXPECT_EQ(read.records[0].packet.size(), 2u);
  EXPECT_EQ(read.records[0].original_length, 60u);
  EXPECT_EQ(read.records[1].unix_ns, 77'000);  // it has none: that of the one before
  EXPECT_EQ(read.records[1].packet.size(), 64u);
  EXPECT_EQ(read.records[1].original_length, 1500u);
  EXPECT_EQ(read.error, CaptureError::kNone);
  EXPECT_EQ(read.malformed, 0u);
}

TEST(PcapngReaderTest, APacketBlockThatContradictsItselfIsCountedAndTheFileGoesOn) {
  File lying = Enhanced(true, 0, 1, {1, 2, 3, 4});
  lying[20] = 5;  // captured length over the block
  const auto read =
      ReadAll(Section(true) + Enhanced(true, 0, 1, {}) /* no interface yet */ + Interface(true, 1) +
              lying + Enhanced(true, 1, 1, {}) + Block(true, 6, File(16, 0)) + Block(true, 1, {}) +
              Block(true, 3, U32(true, 9)) + Enhanced(true, 0, 5, {}));
  EXPECT_EQ(read.records.size(), 1u);
  EXPECT_EQ(read.malformed, 6u);
  EXPECT_EQ(read.error, CaptureError::kNone);
}

TEST(PcapngReaderTest, AWrongBlockLengthEndsTheFileAtItsOffset) {
  const File start = Section(true) + Interface(true, 1) + Enhanced(true, 0, 1, {});
  const auto expect = [&](CaptureError error, const File& block) {
    const auto read = ReadAll(start + block + File(64, 0));
    EXPECT_EQ(read.records.size(), 1u);
    EXPECT_EQ(read.error, error) << ToString(read.error);
    EXPECT_EQ(read.offset, start.size());
  };
  expect(CaptureError::kBadBlockLength, U32(true, 6) + U32(true, 0) + File(8, 0));
  expect(CaptureError::kBadBlockLength, U32(true, 6) + U32(true, 8) + U32(true, 8));
  expect(CaptureError::kBadBlockLength, U32(true, 6) + U32(true, 17) + File(20, 0));
  expect(CaptureError::kBadBlockLength, U32(true, 6) + U32(true, 0xfffffffc));
  expect(CaptureError::kTruncated, U32(true, 6) + U32(true, 1 << 20));
  expect(CaptureError::kBlockEndMismatch, U32(true, 6) + U32(true, 16) + File(4, 0) + U32(true, 20));
  expect(CaptureError::kBadVersion, Section(true, 2));
  expect(CaptureError::kBadByteOrder, Block(true, 0x0a0d0d0a, File(16, 1)));
  expect(CaptureError::kBadBlockLength, Block(true, 0x0a0d0d0a, U32(true, 0x1a2b3c4d)));
}

TEST(PcapngReaderTest, AThousandInterfacesNeedNoMoreMemoryThanTwoHundredAndFiftySix) {
  File file = Section(true);
  for (int i = 0; i < 1000; ++i) file = file + Interface(true, 1);
  const auto read = ReadAll(file + Enhanced(true, 255, 1, {}) + Enhanced(true, 256, 1, {}));
  EXPECT_EQ(read.records.size(), 1u);
  EXPECT_EQ(read.malformed, 1u);
  EXPECT_LE(sizeof(CaptureReader), 8'300u);
}

TEST(RtpdumpReaderTest, RecordsAreTheBytesOfUdpWithTheirTime) {
  const std::string line = "#!rtpplay1.0 224.2.0.1/3456\n";
  const File head = File(line.begin(), line.end()) + U32(false, 1'600'000'000) + U32(false, 250'000) +
                    U32(false, 0) + U32(false, 0);
  const File rtp = U16(false, 8 + 3) + U16(false, 172) + U32(false, 20) + File{0x80, 0, 1};
  const File rtcp = U16(false, 8 + 4) + U16(false, 0) + U32(false, 30) + File{0x81, 200, 0, 0};
  const auto read = ReadAll(head + rtp + rtcp);
  ASSERT_EQ(read.records.size(), 2u);
  EXPECT_EQ(read.error, CaptureError::kNone);
  EXPECT_EQ(read.records[0].unix_ns, 1'600'000'000'270'000'000);
  EXPECT_EQ(read.records[0].original_length, 172u);
  EXPECT_EQ(read.records[0].offset, head.size());
  EXPECT_EQ(read.records[1].original_length, 4u);
  const auto datagram = Datagram::Parse(read.records[1].link_type, read.records[1].packet);
  ASSERT_TRUE(datagram);
  EXPECT_EQ(datagram->payload.size(), 4u);

  const auto lying = ReadAll(head + rtp + U16(false, 7) + File(10, 0));
  EXPECT_EQ(lying.records.size(), 1u);
  EXPECT_EQ(lying.error, CaptureError::kRecordTooShort);
  EXPECT_EQ(lying.offset, head.size() + rtp.size());
  EXPECT_EQ(ReadAll(head + U16(false, 20) + File(10, 0)).error, CaptureError::kTruncated);
  EXPECT_EQ(ReadAll(File(line.begin(), line.end() - 1) + File(300, 'x')).error,
            CaptureError::kNotACapture);
}

TEST(CaptureErrorTest, EveryErrorHasItsOwnWords) {
  for (int a = 0; a <= static_cast<int>(CaptureError::kBadByteOrder); ++a) {
    EXPECT_NE(ToString(static_cast<CaptureError>(a)), "capture: unknown");
  }
}

File ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
  return File(bytes.begin(), bytes.end());
}

// The packet counts are those of the captures' own README.
TEST(CapturesTest, EveryPacketOfEveryRealCaptureIsRead) {
  const char* source = std::getenv("MEDIACORE_SOURCE");
  const std::filesystem::path folder =
      std::filesystem::path(source != nullptr ? source : ".") / "../shared/captures";
  const File readme = ReadFile(folder / "README.md");
  if (readme.empty()) GTEST_SKIP() << "no captures in ../shared beside the project";
  const std::string text(readme.begin(), readme.end());
  const std::regex entry("\n## (\\S+\\.pcap)\n[^#]*?\n(\\d+) bytes, [^\n]*? (\\d+) packets[^\n]*");
  int captures = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), entry), end; it != end; ++it) {
    SCOPED_TRACE((*it)[1]);
    const auto read = ReadAll(ReadFile(folder / (*it)[1].str()));
    EXPECT_EQ(read.file.size(), std::stoul((*it)[2]));
    EXPECT_EQ(read.error, CaptureError::kNone);
    EXPECT_EQ(read.records.size(), std::stoul((*it)[3]));
    const bool tcp = (*it)[0].str().find(" tcp.") != std::string::npos;
    for (const Record& record : read.records) {
      const auto datagram = Datagram::Parse(record.link_type, record.packet);
      if (tcp) {
        ASSERT_FALSE(datagram);
        ASSERT_EQ(datagram.error(), DatagramError::kNotUdp);
      } else {
        ASSERT_TRUE(datagram) << ToString(datagram.error());
      }
    }
    ++captures;
  }
  EXPECT_EQ(captures, 15);
}

}  // namespace
}  // namespace mediacore::capture
