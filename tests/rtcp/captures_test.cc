// RTCP of real programs: counts as the captures' page says.
#include <gtest/gtest.h>

#include "../support/captures.h"
#include "mediacore/rtcp/compound.h"
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

TEST(RtcpCapturesTest, EveryBlockIsCountedAsThePageSays) {
  const auto summaries = testing::ReadCaptureSummaries();
  if (summaries.empty()) GTEST_SKIP() << "the captures are not here";
  int blocks = 0;
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
      }
    })) << summary.name;
    auto expected = summary.rtcp_parts;
    // Who counted for the page walked on into ciphertext and met this once.
    if (IsEncrypted(summary.name)) expected.erase("195");
    EXPECT_EQ(parts, expected) << summary.name;
  }
  std::printf("%d RTCP blocks\n", blocks);
}

}  // namespace
}  // namespace mediacore::rtcp
