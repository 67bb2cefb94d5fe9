#include "mediacore/capture/pcap_writer.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "mediacore/capture/capture_reader.h"

namespace mediacore::capture {
namespace {

constexpr std::array<std::uint8_t, 4> kAlice = {192, 0, 2, 1};
constexpr std::array<std::uint8_t, 4> kBob = {192, 0, 2, 77};
constexpr std::array<std::uint8_t, 5> kPayload = {1, 2, 3, 4, 5};
constexpr std::int64_t kTime = 1'600'000'000'123'456'789;

constexpr Datagram FromAliceToBob(bool v4) {
  std::array<std::uint8_t, 16> a{0x20, 1, 0x0d, 0xb8};
  std::array<std::uint8_t, 16> b = a;
  a[15] = 1;
  b[15] = 77;
  return {{v4 ? IpAddress::FromV4(kAlice.data()) : IpAddress::FromV6(a.data()), 5004},
          {v4 ? IpAddress::FromV4(kBob.data()) : IpAddress::FromV6(b.data()), 6004},
          kPayload};
}

constexpr bool WhatIsWrittenReadsBackTheSame(LinkType link, bool v4) {
  const PcapWriter writer(link);
  const Datagram written = FromAliceToBob(v4);
  std::array<std::uint8_t, 200> file{};
  std::size_t size = writer.WriteFileHeader(file);
  size += writer.WriteDatagram(kTime, written, MutableBytes(file).subspan(size));
  auto reader = PcapReader::Open(Bytes(file).first(size));
  if (!reader) return false;
  PcapReader pcap = *reader;
  Record record;
  if (!pcap.Next(record) || record.unix_ns != kTime) return false;
  const auto read = Datagram::Parse(record.link_type, record.packet);
  return read && read->source == written.source &&
         read->destination == written.destination &&
         std::equal(read->payload.begin(), read->payload.end(), kPayload.begin(), kPayload.end()) &&
         pcap.offset() == size && writer.WireSize(written) + 24 == size;
}
static_assert(WhatIsWrittenReadsBackTheSame(LinkType::kEthernet, true));
static_assert(WhatIsWrittenReadsBackTheSame(LinkType::kEthernet, false));
static_assert(WhatIsWrittenReadsBackTheSame(LinkType::kRaw, true));
static_assert(WhatIsWrittenReadsBackTheSame(LinkType::kRaw, false));

std::uint32_t OnesComplementSum(Bytes bytes, std::uint32_t sum = 0) {
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? bytes[i] * 256u : bytes[i];
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

TEST(PcapWriterTest, ChecksumsAddUp) {
  const PcapWriter writer(LinkType::kRaw);
  std::array<std::uint8_t, 200> out{};
  std::size_t size = writer.WriteDatagram(kTime, FromAliceToBob(true), out);
  const Bytes v4 = Bytes(out).first(size).subspan(16);
  EXPECT_EQ(OnesComplementSum(v4.first(20)), 0xffffu);
  // Pseudo header: addresses, protocol, UDP length; then UDP (RFC 768).
  EXPECT_EQ(OnesComplementSum(v4.subspan(12), 17 + 13), 0xffffu);
  size = writer.WriteDatagram(kTime, FromAliceToBob(false), out);
  EXPECT_EQ(OnesComplementSum(Bytes(out).first(size).subspan(16 + 8), 17 + 13), 0xffffu);
}

TEST(PcapWriterTest, WhatDoesNotFitIsNotWritten) {
  const PcapWriter writer;
  const Datagram datagram = FromAliceToBob(true);
  std::vector<std::uint8_t> out(writer.WireSize(datagram));
  EXPECT_EQ(writer.WriteDatagram(kTime, datagram, out), out.size());
  EXPECT_EQ(writer.WriteDatagram(kTime, datagram, MutableBytes(out).first(out.size() - 1)), 0u);
  EXPECT_EQ(writer.WriteFileHeader(MutableBytes(out).first(23)), 0u);
}

TEST(PcapWriterTest, WhatTheFormatsCannotSayIsRefused) {
  const PcapWriter writer;
  std::vector<std::uint8_t> out(70'000);
  Datagram datagram = FromAliceToBob(true);
  EXPECT_EQ(writer.WriteDatagram(-1, datagram, out), 0u);
  EXPECT_EQ(writer.WriteDatagram(std::int64_t{0x100000000} * 1'000'000'000, datagram, out), 0u);
  datagram.source = FromAliceToBob(false).source;
  EXPECT_EQ(writer.WriteDatagram(kTime, datagram, out), 0u);
  const std::vector<std::uint8_t> large(PcapWriter::kMaxPayload + 1);
  datagram = FromAliceToBob(true);
  datagram.payload = large;
  EXPECT_EQ(writer.WriteDatagram(kTime, datagram, out), 0u);
  datagram.payload = Bytes(large).first(PcapWriter::kMaxPayload);
  EXPECT_EQ(writer.WriteDatagram(kTime, datagram, out), writer.WireSize(datagram));
}

}  // namespace
}  // namespace mediacore::capture
