#include "mediacore/rtcp/compound.h"

#include <array>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/rtcp_blocks.h"
#include "mediacore/rtcp/app.h"
#include "mediacore/rtcp/bye.h"
#include "mediacore/rtcp/fir.h"
#include "mediacore/rtcp/layer_refresh_request.h"
#include "mediacore/rtcp/loss_notification.h"
#include "mediacore/rtcp/nack.h"
#include "mediacore/rtcp/pause_resume.h"
#include "mediacore/rtcp/pli.h"
#include "mediacore/rtcp/rapid_resync.h"
#include "mediacore/rtcp/remb.h"
#include "mediacore/rtcp/rpsi.h"
#include "mediacore/rtcp/sli.h"
#include "mediacore/rtcp/temporal_spatial_tradeoff.h"
#include "mediacore/rtcp/tmmbr.h"
#include "mediacore/rtcp/video_back_channel.h"
#include "mediacore/rtcp/receiver_report.h"
#include "mediacore/rtcp/sdes.h"
#include "mediacore/rtcp/sender_report.h"

namespace mediacore::rtcp {
namespace {

// Empty receiver report, then a Picture Loss Indication with 4 of padding.
constexpr std::array<std::uint8_t, 24> kTwo = {
    0x80, 201, 0, 1, 0, 0, 0, 1, 0xa1, 206, 0, 3,
    0,    0,   0, 1, 0, 0, 0, 2, 0,    0,   0, 4};

constexpr int TypesOf(Bytes datagram, CompoundRules rules = {}) {
  const auto compound = CompoundView::Parse(datagram, rules);
  if (!compound) return -1;
  int types = 0;
  for (const BlockView block : *compound) types = types * 1000 + block.packet_type();
  return types;
}
static_assert(TypesOf(kTwo) == 201206);

TEST(RtcpCompoundTest, BlocksAreShownInOrderWithoutTheirPadding) {
  const auto compound = CompoundView::Parse(kTwo);
  ASSERT_TRUE(compound);
  auto at = compound->begin();
  EXPECT_EQ((*at).packet_type(), kReceiverReport);
  EXPECT_EQ((*at).body().size(), 4u);
  ++at;
  EXPECT_EQ((*at).packet_type(), kPayloadFeedback);
  EXPECT_EQ((*at).count(), 1);
  EXPECT_TRUE((*at).has_padding());
  EXPECT_EQ((*at).padding_size(), 4u);
  EXPECT_EQ((*at).body().size(), 8u);
  EXPECT_EQ((*at).size(), 16u);
  at++;
  EXPECT_TRUE(at == compound->end());
}

TEST(RtcpCompoundTest, EveryPrefixIsRefusedUnlessItEndsWhereABlockEnds) {
  for (std::size_t n = 0; n <= kTwo.size(); ++n) {
    const auto compound = CompoundView::Parse(Bytes(kTwo).first(n));
    ASSERT_EQ(compound.has_value(), n == 8 || n == kTwo.size()) << n;
    if (compound) continue;
    EXPECT_EQ(compound.error(), n == 0               ? CompoundError::kEmpty
                                : n < 4              ? CompoundError::kTooShort
                                : n > 8 && n < 12    ? CompoundError::kTooShort
                                                     : CompoundError::kTruncated)
        << n;
  }
}

TEST(RtcpCompoundTest, TheFirstBlockIsAReportUnlessReducedSizeWasAgreed) {
  std::array<std::uint8_t, 12> pli = {0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2};
  EXPECT_EQ(CompoundView::Parse(pli).error(), CompoundError::kFirstNoReport);
  EXPECT_EQ(TypesOf(pli, {.reduced_size = true}), 206);
}

TEST(RtcpCompoundTest, OnlyTheLastBlockMayHavePadding) {
  std::array<std::uint8_t, 16> bytes = {0xa0, 201, 0, 1, 0, 0, 0, 4,
                                        0x80, 201, 0, 1, 0, 0, 0, 1};
  EXPECT_EQ(CompoundView::Parse(bytes).error(), CompoundError::kPaddingInside);
  EXPECT_TRUE(CompoundView::Parse(Bytes(bytes).first(8)));
}

TEST(RtcpCompoundTest, PaddingLiesInsideTheBodyAndMayBeOddAsBrowsersSendIt) {
  auto bytes = kTwo;
  for (const int bad : {0, 13, 16, 255}) {
    bytes.back() = static_cast<std::uint8_t>(bad);
    EXPECT_EQ(CompoundView::Parse(bytes).error(), CompoundError::kBadPadding) << bad;
  }
  for (int good = 1; good <= 12; ++good) {
    bytes.back() = static_cast<std::uint8_t>(good);
    const auto compound = CompoundView::Parse(bytes);
    ASSERT_TRUE(compound) << good;
    EXPECT_EQ((*++compound->begin()).body().size(), static_cast<std::size_t>(12 - good));
  }
  constexpr std::array<std::uint8_t, 4> kNoBody = {0xa0, 203, 0, 0};
  ByteReader reader(kNoBody);
  EXPECT_EQ(BlockView::TakeFrom(reader).error(), BlockError::kBadPadding);
}

TEST(RtcpCompoundTest, OtherVersionsAreRefusedInAnyBlock) {
  auto bytes = kTwo;
  bytes[8] = 0x61;
  EXPECT_EQ(CompoundView::Parse(bytes).error(), CompoundError::kBadVersion);
  bytes[0] = 0;
  EXPECT_EQ(CompoundView::Parse(bytes).error(), CompoundError::kBadVersion);
}

TEST(RtcpCompoundTest, WhatIsLargerThanAnyDatagramIsRefused) {
  const std::vector<std::uint8_t> bytes(65536);
  EXPECT_EQ(CompoundView::Parse(bytes).error(), CompoundError::kTooLong);
}

TEST(RtcpCompoundTest, SixteenThousandHeadersInOneDatagramAreAllSeen) {
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < 16'383; ++i) {
    bytes.insert(bytes.end(), {0x80, kReceiverReport, 0, 0});
  }
  const auto compound = CompoundView::Parse(bytes);
  ASSERT_TRUE(compound);
  int blocks = 0;
  for (const BlockView block : *compound) blocks += block.size() == 4;
  EXPECT_EQ(blocks, 16'383);
}

TEST(RtcpCompoundTest, TypesHaveTheNamesThatAnalysersPrint) {
  EXPECT_EQ(PacketTypeName(200), "SR");
  EXPECT_EQ(PacketTypeName(201), "RR");
  EXPECT_EQ(PacketTypeName(202), "SDES");
  EXPECT_EQ(PacketTypeName(203), "BYE");
  EXPECT_EQ(PacketTypeName(205), "RTPFB");
  EXPECT_EQ(PacketTypeName(207), "XR");
  EXPECT_EQ(PacketTypeName(222), "unknown");
}

TEST(RtcpCompoundTest, EachCauseHasItsOwnText) {
  std::set<std::string_view> texts;
  for (int i = 0; i < kCompoundErrorCount; ++i) {
    texts.insert(ToString(static_cast<CompoundError>(i)));
  }
  for (int i = 0; i < 4; ++i) texts.insert(ToString(static_cast<BlockError>(i)));
  EXPECT_EQ(texts.size(), std::size_t{kCompoundErrorCount + 4});
}

TEST(RtcpCompoundWriterTest, WhatSeveralWritersWriteLiesInOneDatagram) {
  std::array<std::uint8_t, 60> buffer{};
  CompoundWriter compound(buffer);
  const ReceiverReportWriter report{Ssrc(1), {}, {}};
  EXPECT_TRUE(compound.Append(report));
  EXPECT_TRUE(compound.Append(Pli{Ssrc(1), Ssrc(2)}));
  EXPECT_EQ(TypesOf(compound.bytes()), 201206);
  EXPECT_EQ(compound.bytes().size(), 20u);
  EXPECT_EQ(compound.room(), 40u);
}

TEST(RtcpCompoundWriterTest, WhatDoesNotFitOrCannotBeWrittenLeavesItAsItWas) {
  std::array<std::uint8_t, 19> buffer{};
  CompoundWriter compound(buffer);
  EXPECT_FALSE(compound.Pad(4));
  EXPECT_TRUE(compound.Append(ReceiverReportWriter{Ssrc(1), {}, {}}));
  EXPECT_FALSE(compound.Append(Pli{Ssrc(1), Ssrc(2)}));
  EXPECT_FALSE(compound.Append(RembWriter{Ssrc(1), DataRate::BitsPerSecond(-1), {}}));
  EXPECT_FALSE(compound.Pad(12));
  EXPECT_EQ(compound.bytes().size(), 8u);
  EXPECT_EQ(TypesOf(compound.bytes()), 201);
}

TEST(RtcpCompoundWriterTest, PaddingGoesBehindTheLastBlockAndIsTheEnd) {
  for (std::size_t padding = 1; padding <= 300; ++padding) {
    std::vector<std::uint8_t> buffer(400, 0xee);
    CompoundWriter compound(buffer);
    ASSERT_TRUE(compound.Append(ReceiverReportWriter{Ssrc(1), {}, {}}));
    ASSERT_TRUE(compound.Append(Pli{Ssrc(1), Ssrc(2)}));
    ASSERT_EQ(compound.Pad(padding), padding % 4 == 0 && padding <= 252) << padding;
    const auto view = CompoundView::Parse(compound.bytes());
    ASSERT_TRUE(view);
    const BlockView last = *++view->begin();
    ASSERT_TRUE(Pli::Parse(last));
    ASSERT_EQ(last.padding_size(), last.has_padding() ? padding : 0);
    ASSERT_EQ(compound.Append(Pli{}), !last.has_padding());
    if (last.has_padding()) {
      ASSERT_FALSE(compound.Pad(4));
    }
  }
}

// One row for each view: what it is of; format -1: any count.
struct Verdict {
  int packet_type;
  int format;
  bool taken;
};
template <typename View>
Verdict Of(const BlockView& block, int packet_type, int format = -1) {
  return {packet_type, format, View::Parse(block).has_value()};
}

TEST(RtcpCompoundTest, EveryTypeAndCountWithShortBodiesIsTakenByItsOwnViewAlone) {
  long taken = 0;
  for (int fill = 0; fill < 4; ++fill) {
    std::array<std::uint8_t, 24> body{};
    for (std::size_t i = 0; i < body.size(); ++i) {
      body[i] = static_cast<std::uint8_t>(fill == 0 ? 0 : fill == 1 ? 0xff : fill == 2 ? i : 0x80 - 5 * i);
    }
    if (fill == 3) std::ranges::copy(std::array{'R', 'E', 'M', 'B'}, body.begin() + 8);
    for (int type = 0; type < 256; ++type) {
      for (int count = 0; count < 32; ++count) {
        for (std::size_t size = 0; size <= body.size(); ++size) {
          const auto bytes = testing::MakeBlock(type, count, Bytes(body).first(size));
          const BlockView block = testing::BlockOf(bytes);
          ASSERT_EQ(block.body().size(), size);
          const std::array verdicts = {
              Of<SenderReportView>(block, kSenderReport), Of<ReceiverReportView>(block, kReceiverReport),
              Of<SdesView>(block, kSourceDescription), Of<ByeView>(block, kGoodbye), Of<AppView>(block, kApplication),
              Of<NackView>(block, kTransportFeedback, kFormatNack),
              Of<TmmbrView>(block, kTransportFeedback, kFormatTmmbr),
              Of<TmmbnView>(block, kTransportFeedback, kFormatTmmbn),
              Of<RapidResync>(block, kTransportFeedback, kFormatRapidResync),
              Of<PauseResumeView>(block, kTransportFeedback, kFormatPauseResume),
              Of<Pli>(block, kPayloadFeedback, kFormatPli), Of<SliView>(block, kPayloadFeedback, kFormatSli),
              Of<RpsiView>(block, kPayloadFeedback, kFormatRpsi), Of<FirView>(block, kPayloadFeedback, kFormatFir),
              Of<TstrView>(block, kPayloadFeedback, kFormatTstr), Of<TstnView>(block, kPayloadFeedback, kFormatTstn),
              Of<VideoBackChannelView>(block, kPayloadFeedback, kFormatVbcm),
              Of<LayerRefreshRequestView>(block, kPayloadFeedback, kFormatLrr),
              Of<RembView>(block, kPayloadFeedback, kFormatApplicationLayer),
              Of<LossNotification>(block, kPayloadFeedback, kFormatApplicationLayer)};
          int takers = 0;
          for (const Verdict& verdict : verdicts) {
            if (!verdict.taken) continue;
            ++takers;
            ASSERT_EQ(type, verdict.packet_type);
            ASSERT_TRUE(verdict.format == -1 || count == verdict.format);
          }
          ASSERT_LE(takers, 1);
          taken += takers;
        }
      }
    }
  }
  EXPECT_EQ(taken, 2685);  // of 819,200: whoever changes a verdict changes this
}

}  // namespace
}  // namespace mediacore::rtcp
