#include "mediacore/rtp/demux.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "mediacore/capture/capture_reader.h"
#include "mediacore/capture/datagram.h"

namespace mediacore::rtp {
namespace {

// The figure of RFC 9443, section 3, and RFC 5761, section 4, as a table.
PacketKind KindOf(int first, int second) {
  struct Range {
    int last;
    PacketKind kind;
  };
  constexpr std::array<Range, 8> kRanges = {{{3, PacketKind::kStun},
                                             {15, PacketKind::kUnknown},
                                             {19, PacketKind::kZrtp},
                                             {63, PacketKind::kDtls},
                                             {79, PacketKind::kTurnChannel},
                                             {127, PacketKind::kQuic},
                                             {191, PacketKind::kRtp},
                                             {255, PacketKind::kQuic}}};
  const auto range = std::find_if(kRanges.begin(), kRanges.end(),
                                  [&](Range r) { return first <= r.last; });
  if (range->kind == PacketKind::kRtp && second >= 192 && second <= 223) {
    return PacketKind::kRtcp;
  }
  return range->kind;
}

TEST(RtpDemuxTest, EveryPairOfFirstBytesGoesWhereTheRfcsSay) {
  std::array<std::uint8_t, 64> datagram{};
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      datagram[0] = static_cast<std::uint8_t>(first);
      datagram[1] = static_cast<std::uint8_t>(second);
      ASSERT_EQ(Demultiplex(datagram), KindOf(first, second))
          << first << ' ' << second;
    }
  }
}

TEST(RtpDemuxTest, ADatagramShorterThanItsProtocolIsUnknown) {
  const std::map<PacketKind, std::size_t> least = {
      {PacketKind::kUnknown, 0},      {PacketKind::kStun, 20},
      {PacketKind::kZrtp, 16},        {PacketKind::kTurnChannel, 4},
      {PacketKind::kQuic, 21},        {PacketKind::kRtp, 12},
      {PacketKind::kRtcp, 4}};
  std::array<std::uint8_t, 24> datagram{};
  for (int first = 0; first < 256; ++first) {
    for (const int second : {0, 96, 191, 192, 200, 223, 224}) {
      datagram[0] = static_cast<std::uint8_t>(first);
      datagram[1] = static_cast<std::uint8_t>(second);
      const PacketKind kind = KindOf(first, second);
      std::size_t size = first < 32 ? 13 : 18;  // DTLS: record, unified header
      if (kind != PacketKind::kDtls) size = least.at(kind);
      for (std::size_t n = 0; n <= datagram.size(); ++n) {
        // What is too short for RTCP is too short for RTP.
        ASSERT_EQ(Demultiplex(Bytes(datagram).first(n)),
                  n >= size ? kind : PacketKind::kUnknown)
            << first << ' ' << second << ' ' << n;
      }
    }
  }
}

TEST(RtpDemuxTest, AShortRtcpPacketIsNotRtpAndAShortRtpPacketIsNotRtcp) {
  // S10: an empty RR of 8 bytes; the first 8 bytes of an RTP packet, PT 96.
  constexpr std::array<std::uint8_t, 8> kReport = {0x80, 201, 0, 1, 0, 0, 0, 1};
  constexpr std::array<std::uint8_t, 8> kCut = {0x80, 0x60, 0, 1, 0, 0, 0, 1};
  static_assert(Demultiplex(kReport) == PacketKind::kRtcp);
  static_assert(Demultiplex(kCut) == PacketKind::kUnknown);
  EXPECT_EQ(Demultiplex({}), PacketKind::kUnknown);
}

std::map<PacketKind, int> KindsIn(const char* name) {
  const char* source = std::getenv("MEDIACORE_SOURCE");
  std::ifstream in(std::filesystem::path(source == nullptr ? "." : source) /
                       "../shared/captures" / name,
                   std::ios::binary);
  const std::vector<char> chars{std::istreambuf_iterator<char>(in), {}};
  const std::vector<std::uint8_t> file(chars.begin(), chars.end());
  std::map<PacketKind, int> kinds;
  const auto opened = capture::CaptureReader::Open(file);
  if (!opened) return kinds;
  auto reader = *opened;
  for (capture::Record record; reader.Next(record);) {
    const auto datagram =
        capture::Datagram::Parse(record.link_type, record.packet);
    if (datagram) ++kinds[Demultiplex(datagram->payload)];
  }
  return kinds;
}

TEST(RtpDemuxTest, CapturesOfBrowsersAreToldApartAsTheirSummariesSay) {
  const auto wire = KindsIn("chromium-p2p-dtls13-datachannel.wire.pcap");
  if (wire.empty()) GTEST_SKIP() << "the captures are not here";
  EXPECT_EQ(wire, (std::map<PacketKind, int>{{PacketKind::kRtp, 605},
                                             {PacketKind::kRtcp, 112},
                                             {PacketKind::kStun, 26},
                                             {PacketKind::kDtls, 103}}));
  EXPECT_EQ(KindsIn("chromium-aiortc-dtls-srtp.pcap"),
            (std::map<PacketKind, int>{{PacketKind::kRtp, 1216},
                                       {PacketKind::kRtcp, 49},
                                       {PacketKind::kStun, 46},
                                       {PacketKind::kDtls, 12}}));
}

}  // namespace
}  // namespace mediacore::rtp
