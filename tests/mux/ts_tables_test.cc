#include "mediacore/mux/ts_tables.h"

#include <vector>

#include <gtest/gtest.h>

#include "mediacore/mux/ts_section_buffer.h"

namespace mediacore::mux {
namespace {

using Packet = std::array<std::uint8_t, kTsPacketSize>;
using Buffer = std::vector<std::uint8_t>;

// The section in a packet that begins with one.
Bytes SectionOf(const Packet& packet) { return Bytes(packet).subspan(5); }

// A section with any body.
Buffer Section(std::uint8_t table, Buffer body) {
  Buffer s(8 + body.size() + 4);
  s[0] = table;
  StoreU16(s.data() + 1, static_cast<std::uint16_t>(0xb000 | (s.size() - 3)));
  s[4] = 1;
  s[5] = 0xc1;
  std::copy(body.begin(), body.end(), s.begin() + 8);
  StoreU32(s.data() + s.size() - 4, Crc32Mpeg(Bytes(s).first(s.size() - 4)));
  return s;
}

TEST(TsTablesTest, ThePatNamesTheProgram) {
  Packet packet{};
  WriteTsPat(packet, 5, 3);
  const auto view = TsPacketView::Parse(packet);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->pid(), 0);
  EXPECT_EQ(view->continuity_counter(), 5);
  const auto section = TsSectionView::Parse(SectionOf(packet));
  ASSERT_TRUE(section);
  EXPECT_EQ(section->table_id(), kTsTablePat);
  EXPECT_EQ(section->version(), 3);
  EXPECT_TRUE(section->current());
  TsPatReader reader(section->body());
  std::uint16_t program = 0, pid = 0;
  ASSERT_TRUE(reader.Next(program, pid));
  EXPECT_EQ(program, kTsProgram);
  EXPECT_EQ(pid, kTsPmtPid);
  EXPECT_FALSE(reader.Next(program, pid));
}

TEST(TsTablesTest, ThePmtNamesTheStreamsAndTheClock) {
  for (int tracks = 1; tracks <= 3; ++tracks) {
    const bool video = (tracks & 1) != 0, audio = (tracks & 2) != 0;
    Packet packet{};
    WriteTsPmt(packet, 0, 31, video, audio);
    const auto section = TsSectionView::Parse(SectionOf(packet));
    ASSERT_TRUE(section);
    EXPECT_EQ(section->extension(), kTsProgram);
    TsPmtReader reader(section->body());
    EXPECT_EQ(reader.pcr_pid(), video ? kTsVideoPid : kTsAudioPid);
    std::uint8_t type = 0;
    std::uint16_t pid = 0;
    if (video) {
      ASSERT_TRUE(reader.Next(type, pid));
      EXPECT_EQ(type, kTsStreamTypeH264);
      EXPECT_EQ(pid, kTsVideoPid);
    }
    if (audio) {
      ASSERT_TRUE(reader.Next(type, pid));
      EXPECT_EQ(type, kTsStreamTypeAac);
      EXPECT_EQ(pid, kTsAudioPid);
    }
    EXPECT_FALSE(reader.Next(type, pid));
  }
}

TEST(TsTablesTest, EachCauseOfRefusalHasItsName) {
  const auto error = [](const Buffer& bytes) { return TsSectionView::Parse(bytes).error(); };
  Buffer good = Section(0, {0, 1, 0xf0, 0});
  EXPECT_EQ(error({0, 0xb0}), TsSectionError::kTooShort);
  EXPECT_EQ(error({0, 0x30, 13}), TsSectionError::kNoSyntax);
  EXPECT_EQ(error({0, 0xb0, 8}), TsSectionError::kBadLength);  // shorter than its header
  EXPECT_EQ(error({0, 0xb3, 0xfe}), TsSectionError::kBadLength);
  EXPECT_EQ(error(Buffer(good.begin(), good.end() - 1)), TsSectionError::kTruncated);
  good[9] ^= 1;
  EXPECT_EQ(error(good), TsSectionError::kBadCrc);
  EXPECT_EQ(ToString(TsSectionError::kBadCrc), "ts section: bad CRC");
}

TEST(TsTablesTest, APmtWhoseDescriptorsRunPastItsEndNamesNothing) {
  const Buffer info_too_long = {0xe1, 0, 0xff, 0xff};
  TsPmtReader outer{Bytes(info_too_long)};
  std::uint8_t type = 0;
  std::uint16_t pid = 0;
  EXPECT_FALSE(outer.Next(type, pid));
  const Buffer stream_info_too_long = {0xe1, 0, 0xf0, 0, 0x1b, 0xe1, 0, 0xf0, 1};
  TsPmtReader inner{Bytes(stream_info_too_long)};
  EXPECT_FALSE(inner.Next(type, pid));
}

class TsSectionBufferTest : public ::testing::Test {
 protected:
  // Sends `payload` (184 bytes at most, padded) in one packet.
  void Send(bool start, Buffer payload, int counter) {
    Packet packet{};
    packet.fill(0xff);
    packet[0] = 0x47;
    packet[1] = start ? 0x40 : 0;
    packet[2] = 0;
    packet[3] = static_cast<std::uint8_t>(0x10 | (counter & 15));
    std::copy(payload.begin(), payload.end(), packet.begin() + 4);
    buffer_.Push(*TsPacketView::Parse(packet), errors_,
                 [this](const TsSectionView& s) { sizes_.push_back(s.body().size()); });
  }
  TsSectionBuffer buffer_;
  std::uint64_t errors_ = 0;
  std::vector<std::size_t> sizes_;
};

TEST_F(TsSectionBufferTest, SeveralSectionsInOnePacketComeOut) {
  Buffer payload = {0};
  for (std::size_t n : {4u, 8u}) {
    const Buffer s = Section(2, Buffer(n));
    payload.insert(payload.end(), s.begin(), s.end());
  }
  Send(true, payload, 0);
  EXPECT_EQ(sizes_, (std::vector<std::size_t>{4, 8}));
  EXPECT_EQ(errors_, 0u);
}

TEST_F(TsSectionBufferTest, TheLongestSectionRunsOverManyPacketsAndTheNextBeginsBehindIt) {
  const Buffer longest = Section(2, Buffer(1012, 7));
  ASSERT_EQ(longest.size(), TsSectionView::kMaxSize);
  Buffer first = {0};
  first.insert(first.end(), longest.begin(), longest.begin() + 183);
  Send(true, first, 0);
  std::size_t at = 183;
  int counter = 1;
  for (; at + 184 < longest.size(); at += 184) {
    Send(false, Buffer(longest.begin() + static_cast<std::ptrdiff_t>(at),
                       longest.begin() + static_cast<std::ptrdiff_t>(at + 184)), counter++);
  }
  EXPECT_TRUE(sizes_.empty());
  const Buffer next = Section(2, Buffer(5));
  Buffer last = {static_cast<std::uint8_t>(longest.size() - at)};
  last.insert(last.end(), longest.begin() + static_cast<std::ptrdiff_t>(at), longest.end());
  last.insert(last.end(), next.begin(), next.end());
  Send(true, last, counter);
  EXPECT_EQ(sizes_, (std::vector<std::size_t>{1012, 5}));
}

TEST_F(TsSectionBufferTest, ALostPacketLosesTheSectionOnly) {
  const Buffer section = Section(2, Buffer(300));
  Buffer first = {0};
  first.insert(first.end(), section.begin(), section.begin() + 183);
  Send(true, first, 0);
  Send(false, Buffer(section.begin() + 183, section.end()), 2);
  EXPECT_TRUE(sizes_.empty());
  Buffer small = Section(2, Buffer(5));
  small.insert(small.begin(), 0);
  Send(true, small, 3);
  EXPECT_EQ(sizes_.size(), 1u);
}

TEST_F(TsSectionBufferTest, AnyPointerIsSound) {
  for (int pointer = 0; pointer < 256; ++pointer) {
    Send(true, Buffer(184, static_cast<std::uint8_t>(pointer)), pointer);
  }
  EXPECT_TRUE(sizes_.empty());
  EXPECT_GT(errors_, 0u);
}

}  // namespace
}  // namespace mediacore::mux
