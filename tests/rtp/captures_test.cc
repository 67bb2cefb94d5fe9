// RTP of real programs: counts as the captures' page says, and everything that
// was read can be written again.
#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "../support/captures.h"
#include "mediacore/rtp/demux.h"
#include "mediacore/rtp/packet_rewriter.h"
#include "mediacore/rtp/packet_view.h"
#include "mediacore/rtp/packet_writer.h"

namespace mediacore::rtp {
namespace {

using testing::CaptureSummary;

// Padding of an encrypted packet is encrypted too: its header alone is read.
bool IsEncrypted(const std::string& name) {
  return name.find("dtls-srtp") != std::string::npos || name.find(".wire.") != std::string::npos ||
         name.find("h264-srtp") != std::string::npos;
}

std::vector<ExtensionElement> Elements(const PacketView& packet) {
  std::vector<ExtensionElement> elements;
  packet.ForEachExtension([&](int id, Bytes value) { elements.push_back({id, value}); });
  return elements;
}

void ExpectSame(const PacketView& a, const PacketView& b) {
  EXPECT_EQ(a.marker(), b.marker());
  EXPECT_EQ(a.payload_type(), b.payload_type());
  EXPECT_EQ(a.sequence_number(), b.sequence_number());
  EXPECT_EQ(a.timestamp(), b.timestamp());
  EXPECT_EQ(a.ssrc(), b.ssrc());
  EXPECT_EQ(a.padding_size(), b.padding_size());
  ASSERT_EQ(a.csrc_count(), b.csrc_count());
  for (int i = 0; i < a.csrc_count(); ++i) EXPECT_EQ(a.csrc(i), b.csrc(i));
  EXPECT_TRUE(std::ranges::equal(a.payload(), b.payload()));
  EXPECT_TRUE(std::ranges::equal(Elements(a), Elements(b), [](const auto& x, const auto& y) {
    return x.id == y.id && std::ranges::equal(x.value, y.value);
  }));
}

// Through the writer, and through the rewriter to other values and back.
// Returns whether the writer gave the very bytes that came.
bool WritesAndRewrites(const PacketView& packet) {
  std::vector<Ssrc> csrcs;
  for (int i = 0; i < packet.csrc_count(); ++i) csrcs.push_back(packet.csrc(i));
  const auto elements = Elements(packet);
  PacketWriter writer;
  writer.marker = packet.marker();
  writer.payload_type = packet.payload_type();
  writer.sequence_number = packet.sequence_number();
  writer.timestamp = packet.timestamp();
  writer.ssrc = packet.ssrc();
  writer.csrcs = csrcs;
  writer.extensions = elements;
  writer.payload = packet.payload();
  writer.padding_size = static_cast<std::uint8_t>(packet.padding_size());
  std::vector<std::uint8_t> out(writer.WireSize());
  EXPECT_TRUE(!out.empty() && writer.Write(out));
  const auto again = PacketView::Parse(out);
  EXPECT_TRUE(again);
  if (!again) return false;
  ExpectSame(packet, *again);

  const Bytes original = packet.bytes();
  std::vector<std::uint8_t> copy(original.begin(), original.end());
  const auto rewriter = PacketRewriter::Parse(copy);
  EXPECT_TRUE(rewriter);
  if (!rewriter) return false;
  rewriter->SetSsrc(Ssrc(~packet.ssrc().value()));
  rewriter->SetSequenceNumber(SequenceNumber(static_cast<std::uint16_t>(~packet.sequence_number().value())));
  EXPECT_FALSE(std::ranges::equal(copy, original));
  rewriter->SetSsrc(packet.ssrc());
  rewriter->SetSequenceNumber(packet.sequence_number());
  EXPECT_TRUE(std::ranges::equal(copy, original));
  return std::ranges::equal(out, original);
}

TEST(RtpCapturesTest, EveryPacketIsCountedAsThePageSaysAndWrittenAgain) {
  const auto summaries = testing::ReadCaptureSummaries();
  if (summaries.empty()) GTEST_SKIP() << "the captures are not here";
  int packets = 0, written = 0, same_bytes = 0;
  for (const CaptureSummary& summary : summaries) {
    if (!summary.kinds.contains("rtp")) continue;
    std::map<CaptureSummary::Flow, CaptureSummary::Stream> streams;
    std::map<std::string, int> kinds;
    ASSERT_TRUE(testing::ForEachDatagram(summary.name, [&](const capture::Datagram& datagram) {
      const PacketKind kind = Demultiplex(datagram.payload);
      ++kinds[std::string(ToString(kind))];
      if (kind != PacketKind::kRtp) return;
      const auto packet = PacketView::Parse(datagram.payload);
      ASSERT_TRUE(packet) << ToString(packet.error());
      auto& stream = streams[{packet->ssrc().value(), datagram.source.port, datagram.destination.port}];
      ++stream.packets[packet->payload_type().value()];
      stream.markers += packet->marker();
      packet->ForEachExtension([&](int id, Bytes) { stream.extension_ids.insert(id); });
      ++packets;
      if (IsEncrypted(summary.name)) return;
      ++written;
      same_bytes += WritesAndRewrites(*packet);
    })) << summary.name;
    EXPECT_EQ(kinds, summary.kinds) << summary.name;
    EXPECT_EQ(streams.size(), summary.streams.size()) << summary.name;
    for (const auto& [flow, want] : summary.streams) {
      EXPECT_EQ(streams[flow].packets, want.packets) << summary.name << ' ' << std::hex << flow.ssrc;
      EXPECT_EQ(streams[flow].markers, want.markers) << summary.name << ' ' << std::hex << flow.ssrc;
      EXPECT_EQ(streams[flow].extension_ids, want.extension_ids) << summary.name << ' ' << std::hex << flow.ssrc;
    }
  }
  std::printf("%d RTP packets; %d written and rewritten, %d of them byte for byte as they came\n", packets, written,
              same_bytes);
}

}  // namespace
}  // namespace mediacore::rtp
