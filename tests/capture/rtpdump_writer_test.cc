#include "mediacore/capture/rtpdump_writer.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/captures.h"
#include "mediacore/capture/capture_reader.h"
#include "mediacore/capture/datagram.h"
#include "mediacore/capture/rtpdump_reader.h"

namespace mediacore::capture {
namespace {

constexpr std::array<std::uint8_t, 4> kHost = {192, 0, 2, 1};
constexpr Endpoint kSource = {IpAddress::FromV4(kHost.data()), 5004};
constexpr std::int64_t kStart = 1'600'000'000'250'000'000;
constexpr std::array<std::uint8_t, 5> kRtp = {0x80, 96, 0, 1, 7};
constexpr std::array<std::uint8_t, 4> kRtcp = {0x81, 200, 0, 0};

constexpr bool WhatIsWrittenReadsBackTheSame() {
  const RtpdumpWriter writer(kSource, kStart);
  std::array<std::uint8_t, 200> file{};
  const MutableBytes out(file);
  std::size_t size = writer.WriteFileHeader(out);
  size += writer.WriteRtp(kStart, kRtp, out.subspan(size));
  size += writer.WriteRtcp(kStart + 1'999'999, kRtcp, out.subspan(size));
  size += writer.WriteRtp(kStart + 3'600'000'000'000, kRtp, out.subspan(size), 1200);
  const auto opened = RtpdumpReader::Open(Bytes(file).first(size));
  if (!opened) return false;
  RtpdumpReader reader = *opened;
  Record record;
  const auto next_is = [&](std::int64_t time, Bytes packet, std::uint32_t original) {
    return reader.Next(record) && record.unix_ns == time && record.original_length == original &&
           std::equal(record.packet.begin(), record.packet.end(), packet.begin(), packet.end());
  };
  return next_is(kStart, kRtp, 5) && next_is(kStart + 1'000'000, kRtcp, 4) &&
         next_is(kStart + 3'600'000'000'000, kRtp, 1200) && !reader.Next(record) && reader.offset() == size &&
         reader.error() == CaptureError::kNone;
}
static_assert(WhatIsWrittenReadsBackTheSame());

std::string FirstLine(const Endpoint& source) {
  std::array<std::uint8_t, RtpdumpWriter::kMaxFileHeaderSize> file{};
  const std::size_t size = RtpdumpWriter(source, kStart).WriteFileHeader(file);
  EXPECT_GT(size, 16u);
  return {file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size) - 16};
}

TEST(RtpdumpWriterTest, TheFirstLineNamesTheAddress) {
  EXPECT_EQ(FirstLine(kSource), "#!rtpplay1.0 192.0.2.1/5004\n");
  std::array<std::uint8_t, 16> v6 = {0x20, 1, 0x0d, 0xb8};
  v6[15] = 0x1f;
  EXPECT_EQ(FirstLine({IpAddress::FromV6(v6.data()), 65'535}), "#!rtpplay1.0 2001:db8:0:0:0:0:0:1f/65535\n");
  v6.fill(0xff);
  EXPECT_EQ(FirstLine({IpAddress::FromV6(v6.data()), 65'535}).size() + 16, 75u);
}

TEST(RtpdumpWriterTest, RtcpHasNoLengthOfItsOwn) {
  const RtpdumpWriter writer(kSource, kStart);
  std::array<std::uint8_t, 20> out{};
  ASSERT_EQ(writer.WriteRtcp(kStart, kRtcp, out), 12u);
  EXPECT_EQ(LoadU16(out.data()), 12);
  EXPECT_EQ(LoadU16(out.data() + 2), 0);
  ASSERT_EQ(writer.WriteRtp(kStart, kRtp, out), 13u);
  EXPECT_EQ(LoadU16(out.data() + 2), 5);
}

TEST(RtpdumpWriterTest, WhatTheFormatCannotSayIsRefused) {
  const RtpdumpWriter writer(kSource, kStart);
  std::vector<std::uint8_t> out(70'000);
  const MutableBytes room(out);
  EXPECT_EQ(writer.WriteRtp(kStart - 1'000, kRtp, room), 0u);
  EXPECT_EQ(writer.WriteRtp(kStart + std::int64_t{0x100000000} * 1'000'000, kRtp, room), 0u);
  EXPECT_EQ(writer.WriteRtp(kStart + std::int64_t{0xffffffff} * 1'000'000, kRtp, room), 13u);
  EXPECT_EQ(writer.WriteRtp(kStart, kRtp, room, 65'536), 0u);
  EXPECT_EQ(writer.WriteRtp(kStart, kRtp, room.first(12)), 0u);
  EXPECT_EQ(writer.WriteFileHeader(room.first(20)), 0u);
  const std::vector<std::uint8_t> large(RtpdumpWriter::kMaxPacket + 1);
  EXPECT_EQ(writer.WriteRtp(kStart, large, room), 0u);
  EXPECT_EQ(writer.WriteRtp(kStart, Bytes(large).subspan(1), room), 65'535u);
  EXPECT_EQ(RtpdumpWriter(kSource, -1'000).WriteFileHeader(room), 0u);
  EXPECT_EQ(RtpdumpWriter(kSource, std::int64_t{0x100000000} * 1'000'000'000).WriteFileHeader(room), 0u);
}

TEST(RtpdumpWriterTest, TheRtpOfACaptureIsReadBackWholeMilliseconds) {
  std::vector<std::uint8_t> file(4'000'000);
  struct Kept {
    std::int64_t ms;
    std::vector<std::uint8_t> packet;
  };
  std::vector<Kept> kept;
  const auto pcap =
      mediacore::testing::ReadWholeFile(mediacore::testing::CaptureFolder() / "ffmpeg-h264-opus-rtp.pcap");
  const auto opened = CaptureReader::Open(pcap);
  if (!opened) GTEST_SKIP() << "the captures are not here";
  auto reader = *opened;
  std::size_t size = 0;
  std::int64_t start = 0;
  for (Record record; reader.Next(record);) {
    const auto datagram = Datagram::Parse(record.link_type, record.packet);
    if (!datagram || datagram->payload.size() < 2) continue;
    if (size == 0) {
      start = record.unix_ns / 1000 * 1000;
      size = RtpdumpWriter(datagram->source, start).WriteFileHeader(file);
    }
    const RtpdumpWriter writer(datagram->source, start);
    const bool rtcp = datagram->payload[1] >= 192 && datagram->payload[1] <= 223;
    const MutableBytes rest = MutableBytes(file).subspan(size);
    const std::size_t wrote = rtcp ? writer.WriteRtcp(record.unix_ns, datagram->payload, rest)
                                   : writer.WriteRtp(record.unix_ns, datagram->payload, rest);
    ASSERT_EQ(wrote, RtpdumpWriter::WireSize(datagram->payload));
    size += wrote;
    kept.push_back({(record.unix_ns - start) / 1'000'000, {datagram->payload.begin(), datagram->payload.end()}});
  }
  ASSERT_GT(kept.size(), 100u);
  auto dump = *CaptureReader::Open(Bytes(file).first(size));
  EXPECT_EQ(dump.format(), CaptureReader::Format::kRtpdump);
  std::size_t count = 0;
  for (Record record; dump.Next(record); ++count) {
    ASSERT_LT(count, kept.size());
    EXPECT_EQ(record.unix_ns, start + kept[count].ms * 1'000'000);
    EXPECT_TRUE(
        std::equal(record.packet.begin(), record.packet.end(), kept[count].packet.begin(), kept[count].packet.end()));
  }
  EXPECT_EQ(dump.error(), CaptureError::kNone);
  EXPECT_EQ(count, kept.size());
}

}  // namespace
}  // namespace mediacore::capture
