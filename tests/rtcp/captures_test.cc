// RTCP of real programs: counts as the captures' page says, and every block is
// written again as it came. Transport-wide feedback and extended reports have
// tests of their own.
#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "../support/captures.h"
#include "mediacore/rtcp/bye.h"
#include "mediacore/rtcp/compound.h"
#include "mediacore/rtcp/fir.h"
#include "mediacore/rtcp/nack.h"
#include "mediacore/rtcp/pli.h"
#include "mediacore/rtcp/receiver_report.h"
#include "mediacore/rtcp/remb.h"
#include "mediacore/rtcp/sdes.h"
#include "mediacore/rtcp/sender_report.h"
#include "mediacore/rtp/demux.h"

namespace mediacore::rtcp {
namespace {

using testing::CaptureSummary;

bool IsEncrypted(const std::string& name) {
  return name.find("dtls-srtp") != std::string::npos || name.find(".wire.") != std::string::npos ||
         name.find("h264-srtp") != std::string::npos;
}

std::string NameOf(const BlockView& block) {
  std::string name(PacketTypeName(block.packet_type()));
  if (block.packet_type() == kTransportFeedback || block.packet_type() == kPayloadFeedback) {
    name += '/' + std::to_string(block.count());
  }
  return name;
}

template <typename Writer>
std::vector<std::uint8_t> Written(const Writer& writer) {
  std::vector<std::uint8_t> out(writer.WireSize());
  EXPECT_TRUE(!out.empty() && writer.Write(out));
  return out;
}
template <typename View>
std::vector<ReportBlock> Reports(const View& view) {
  std::vector<ReportBlock> reports;
  for (int i = 0; i < view.report_count(); ++i) reports.push_back(view.report(i));
  return reports;
}

// What was read, by its writer; nothing for a message that is not in the list.
std::vector<std::uint8_t> Rewritten(const BlockView& block) {
  if (const auto sr = SenderReportView::Parse(block)) {
    const auto reports = Reports(*sr);
    return Written(SenderReportWriter{sr->sender_ssrc(), sr->ntp_time(), sr->rtp_timestamp(), sr->packet_count(),
                                      sr->octet_count(), reports, sr->profile_extension()});
  }
  if (const auto rr = ReceiverReportView::Parse(block)) {
    const auto reports = Reports(*rr);
    return Written(ReceiverReportWriter{rr->sender_ssrc(), reports, rr->profile_extension()});
  }
  if (const auto sdes = SdesView::Parse(block)) {
    std::vector<std::pair<Ssrc, std::vector<SdesItem>>> sources;
    sdes->ForEachItem([&](Ssrc ssrc, const SdesItem& item) {
      if (sources.empty() || sources.back().first != ssrc) sources.push_back({ssrc, {}});
      sources.back().second.push_back(item);
    });
    std::vector<SdesWriter::Chunk> chunks;
    for (const auto& [ssrc, items] : sources) chunks.push_back({ssrc, items});
    return Written(SdesWriter{chunks});
  }
  if (const auto bye = ByeView::Parse(block)) {
    std::vector<Ssrc> ssrcs;
    for (int i = 0; i < bye->ssrc_count(); ++i) ssrcs.push_back(bye->ssrc(i));
    return Written(ByeWriter{ssrcs, bye->reason()});
  }
  if (const auto nack = NackView::Parse(block)) {
    std::vector<SequenceNumber> lost;
    for (const NackEntry entry : *nack) {
      for (const SequenceNumber number : entry) lost.push_back(number);
    }
    return Written(NackWriter{nack->sender_ssrc(), nack->media_ssrc(), lost});
  }
  if (const auto pli = Pli::Parse(block)) return Written(*pli);
  if (const auto fir = FirView::Parse(block)) {
    const std::vector<FirEntry> entries(fir->begin(), fir->end());
    return Written(FirWriter{fir->sender_ssrc(), fir->media_ssrc(), entries});
  }
  if (const auto remb = RembView::Parse(block)) {
    std::vector<Ssrc> ssrcs;
    for (int i = 0; i < remb->ssrc_count(); ++i) ssrcs.push_back(remb->ssrc(i));
    return Written(RembWriter{remb->sender_ssrc(), remb->bitrate(), ssrcs});
  }
  return {};
}

TEST(RtcpCapturesTest, EveryBlockIsCountedAsThePageSays) {
  const auto summaries = testing::ReadCaptureSummaries();
  if (summaries.empty()) GTEST_SKIP() << "the captures are not here";
  int blocks = 0;
  std::map<std::string, int> rewritten, same_bytes;
  for (const CaptureSummary& summary : summaries) {
    if (!summary.kinds.contains("rtp")) continue;
    std::map<std::string, int> parts;
    ASSERT_TRUE(testing::ForEachDatagram(summary.name, [&](const capture::Datagram& datagram) {
      if (rtp::Demultiplex(datagram.payload) != rtp::PacketKind::kRtcp) return;
      if (IsEncrypted(summary.name)) {  // the first header is in clear
        std::vector<std::uint8_t> bytes(datagram.payload.begin(), datagram.payload.end());
        bytes[0] = static_cast<std::uint8_t>(bytes[0] & ~0x20u);  // padding's count is not
        ByteReader reader(bytes);
        const auto block = BlockView::TakeFrom(reader);
        ASSERT_TRUE(block) << ToString(block.error());
        ++parts[NameOf(*block)];
        ++blocks;
        return;
      }
      const auto compound = CompoundView::Parse(datagram.payload, {.reduced_size = true});
      ASSERT_TRUE(compound) << ToString(compound.error());
      for (const BlockView block : *compound) {
        ++parts[NameOf(block)];
        ++blocks;
        const auto again = Rewritten(block);
        if (again.empty()) {
          EXPECT_TRUE(block.packet_type() == kExtendedReport || NameOf(block) == "RTPFB/15") << NameOf(block);
          continue;
        }
        ++rewritten[NameOf(block)];
        same_bytes[NameOf(block)] += std::ranges::equal(again, block.bytes());
      }
    })) << summary.name;
    auto expected = summary.rtcp_parts;
    // Who counted for the page walked on into ciphertext and met this once.
    if (IsEncrypted(summary.name)) expected.erase("195");
    EXPECT_EQ(parts, expected) << summary.name;
  }
  std::printf("%d RTCP blocks; written again:", blocks);
  for (const auto& [name, count] : rewritten) {
    std::printf(" %s %d", name.c_str(), count);
    EXPECT_EQ(same_bytes[name], count) << name;
  }
  std::printf("\n");
}

}  // namespace
}  // namespace mediacore::rtcp
