#include "mediacore/rtcp/extended_report.h"

#include <array>
#include <map>

#include <gtest/gtest.h>

#include "../support/captures.h"
#include "../support/xr_blocks.h"
#include "mediacore/rtcp/compound.h"
#include "mediacore/rtcp/xr_delay_since_rr.h"
#include "mediacore/rtcp/xr_reference_time.h"

namespace mediacore::rtcp {
namespace {

using testing::KeepsToItsSize;
using testing::Written;

constexpr Expected<ExtendedReportView, ExtendedReportError> Parse(Bytes bytes) {
  ByteReader reader(bytes);
  return ExtendedReportView::Parse(*BlockView::TakeFrom(reader));
}

// Chromium, a viewer that also sends: reference time, then the answer to one.
constexpr std::array<std::uint8_t, 36> kChromium = {
    0x80, 0xcf, 0x00, 0x08, 0x1b, 0x48, 0x19, 0x31,                          // XR of 1b481931
    0x04, 0x00, 0x00, 0x02, 0xee, 0xab, 0x72, 0x3c, 0xf4, 0x13, 0x22, 0xf2,  // RRTR
    0x05, 0x00, 0x00, 0x03, 0x6e, 0x03, 0x1a, 0x68,                          // DLRR to 6e031a68
    0x72, 0x3c, 0xef, 0xfb, 0x00, 0x00, 0x03, 0xf6};                         // LRR, DLRR

constexpr bool ReadsChromium() {
  const auto report = Parse(kChromium);
  if (!report || report->sender_ssrc() != Ssrc(0x1b481931)) return false;
  auto at = report->begin();
  const auto time = XrReferenceTime::Parse(*at++);
  const auto delays = XrDelaySinceRrView::Parse(*at++);
  return time && time->ntp_time == NtpTime(0xeeab723cf41322f2) && delays && delays->count() == 1 &&
         at == report->end() && report->blocks().size() == 28;
}
static_assert(ReadsChromium());

TEST(ExtendedReportTest, EachCauseOfRefusal) {
  constexpr std::array<std::uint8_t, 8> kRr = {0x80, 201, 0, 1, 0, 0, 0, 1};
  constexpr std::array<std::uint8_t, 4> kShort = {0x80, 207, 0, 0};
  constexpr std::array<std::uint8_t, 12> kLong = {0x80, 207, 0, 2, 0, 0, 0, 1, 4, 0, 0, 1};
  EXPECT_EQ(Parse(kRr).error(), ExtendedReportError::kNotExtendedReport);
  EXPECT_EQ(Parse(kShort).error(), ExtendedReportError::kTooShort);
  EXPECT_EQ(Parse(kLong).error(), ExtendedReportError::kBlockTruncated);
  std::set<std::string_view> texts;
  for (int i = 0; i <= kExtendedReportErrorCount; ++i) texts.insert(ToString(static_cast<ExtendedReportError>(i)));
  for (int i = 0; i <= kXrBlockErrorCount; ++i) texts.insert(ToString(static_cast<XrBlockError>(i)));
  EXPECT_EQ(texts.size(), std::size_t{kExtendedReportErrorCount + kXrBlockErrorCount + 2});
}

TEST(ExtendedReportTest, AReportCutShortAtAnyWordLosesItsLastBlock) {
  for (std::size_t words = 2; words < 9; ++words) {
    std::vector<std::uint8_t> cut(kChromium.begin(), kChromium.begin() + static_cast<std::ptrdiff_t>(4 * words));
    cut[3] = static_cast<std::uint8_t>(words - 1);
    const auto report = Parse(cut);
    // Whole before the first block and between the two.
    ASSERT_EQ(report.has_value(), words == 2 || words == 5) << words;
    if (!report) { EXPECT_EQ(report.error(), ExtendedReportError::kBlockTruncated); }
  }
}

TEST(ExtendedReportTest, ThreeBytesThatPaddingLeavesOverAreNoBlock) {
  constexpr std::array<std::uint8_t, 12> kOdd = {0xa0, 207, 0, 2, 0, 0, 0, 1, 4, 0, 0, 1};
  EXPECT_EQ(Parse(kOdd).error(), ExtendedReportError::kBlockTruncated);
}

TEST(ExtendedReportTest, AReportOfNothingAndOneFullOfEmptyBlocksAreWalkedOver) {
  constexpr std::array<std::uint8_t, 8> kNothing = {0x80, 207, 0, 1, 0, 0, 0, 9};
  const auto nothing = Parse(kNothing);
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->begin() == nothing->end());
  std::vector<std::uint8_t> full(65532);
  full[0] = 0x80;
  full[1] = 207;
  full[2] = 0x3f;
  full[3] = 0xfe;
  for (std::size_t at = 8; at < full.size(); at += 4) full[at] = 255;
  const auto report = Parse(full);
  ASSERT_TRUE(report);
  std::size_t blocks = 0;
  for (const XrBlockView block : *report) {
    ASSERT_EQ(block.type(), XrBlockType{255});
    ASSERT_TRUE(block.body().empty());
    ++blocks;
  }
  EXPECT_EQ(blocks, 16'381u);
}

TEST(ExtendedReportTest, EveryBlockTypeOfIanaHasANameOfItsOwnAndOthersHaveNone) {
  std::set<std::string_view> names;
  for (int type = 0; type < 256; ++type) {
    const std::string_view name = ToString(static_cast<XrBlockType>(type));
    const bool known = (type >= 1 && type <= 35) || type == 42;
    EXPECT_EQ(!name.empty(), known) << type;
    if (known) { EXPECT_TRUE(names.insert(name).second) << name; }
  }
}

TEST(ExtendedReportTest, BlocksOfAllShapesAreWrittenInOneReport) {
  const std::array answers{XrDelaySinceRr{Ssrc(0x6e031a68), 0x723ceffb, 0x3f6}};
  const XrReferenceTime time{NtpTime(0xeeab723cf41322f2)};
  const ExtendedReportWriter report(Ssrc(0x1b481931), time, XrDelaySinceRrWriter{answers});
  const std::vector<std::uint8_t> chromium(kChromium.begin(), kChromium.end());
  EXPECT_EQ(Written(report), chromium);
  EXPECT_TRUE(KeepsToItsSize(report));
  // The same from bytes, of which nothing is known.
  const XrBlockWriter raw{XrBlockType{4}, 0, Bytes(kChromium).subspan(12, 8)};
  const XrBlocksCopy copy{Bytes(kChromium).subspan(20)};
  EXPECT_EQ(Written(ExtendedReportWriter(Ssrc(0x1b481931), raw, copy)), chromium);
  EXPECT_TRUE(KeepsToItsSize(raw));
  EXPECT_TRUE(KeepsToItsSize(copy));
  EXPECT_EQ(Written(ExtendedReportWriter(Ssrc(9))), (std::vector<std::uint8_t>{0x80, 207, 0, 1, 0, 0, 0, 9}));
}

TEST(ExtendedReportTest, WhatNoReportCanHoldHasNoSizeAndIsNotWritten) {
  const std::vector<std::uint8_t> much(65536);
  EXPECT_TRUE(KeepsToItsSize(XrBlockWriter{XrBlockType{9}, 0, Bytes(much).first(3)}));
  EXPECT_EQ((XrBlockWriter{XrBlockType{9}, 0, Bytes(much).first(3)}).WireSize(), 0u);
  EXPECT_EQ((XrBlockWriter{XrBlockType{9}, 0, much}).WireSize(), 0u);
  EXPECT_EQ((XrBlocksCopy{Bytes(kChromium).subspan(20, 8)}).WireSize(), 0u);
  EXPECT_EQ((XrBlocksCopy{}).WireSize(), 0u);
  const XrBlockWriter half{XrBlockType{9}, 0, Bytes(much).first(32764)};
  EXPECT_EQ(ExtendedReportWriter(Ssrc(1), half).WireSize(), 8u + 32768u);
  EXPECT_TRUE(KeepsToItsSize(ExtendedReportWriter(Ssrc(1), half, half)));
  EXPECT_EQ(ExtendedReportWriter(Ssrc(1), half, half).WireSize(), 0u);
  EXPECT_EQ(ExtendedReportWriter(Ssrc(1), half, XrBlocksCopy{}).WireSize(), 0u);
}

TEST(XrSequenceRangeTest, CountsAndNumbersAgreeWithWalkingTheRange) {
  for (const int begin : {0, 1, 7, 8, 100, 65530, 65535}) {
    for (const int length : {0, 1, 2, 8, 9, 1000, 32768, 65535}) {
      for (const int bits : {0, 1, 3, 8, XrSequenceRange::kMaxThinning}) {
        const auto thinning = static_cast<std::uint8_t>(bits);
        const XrSequenceRange range{SequenceNumber(static_cast<std::uint16_t>(begin)),
                                    SequenceNumber(static_cast<std::uint16_t>(begin + length)), thinning};
        std::size_t count = 0;
        for (int i = 0; i < length; ++i) {
          const SequenceNumber number = range.begin + i;
          if (number.value() % (1 << thinning) != 0) continue;
          ASSERT_EQ(range.at(count), number) << begin << ' ' << length << ' ' << int{thinning};
          ++count;
        }
        ASSERT_EQ(range.count(), count) << begin << ' ' << length << ' ' << int{thinning};
      }
    }
  }
}

// What Chromium says of round trips reads and, written from the values read, is
// the same bytes.
TEST(ExtendedReportCaptureTest, EveryReportOfChromiumIsWrittenBackByteForByte) {
  const std::map<std::string, int> reports_in{
      {"chromium-av1-l1t3.pcap", 18},
      {"chromium-h264-loss3.receiver.pcap", 16},
      {"chromium-p2p-dtls13-datachannel.plain.pcap", 16},
      {"chromium-vp8-bottleneck.sender.pcap", 59},
      {"chromium-vp8-red-ulpfec-loss5.receiver.pcap", 13},
      {"chromium-vp8-red-ulpfec-loss5.sender.pcap", 14},
      {"chromium-vp8-simulcast3.pcap", 45},
      {"chromium-vp9-svc-l3t3key.pcap", 9},
  };
  if (!std::filesystem::exists(testing::CaptureFolder())) GTEST_SKIP() << "the captures are not here";
  for (const auto& [name, expected] : reports_in) {
    int reports = 0;
    ASSERT_TRUE(testing::ForEachDatagram(name, [&](const capture::Datagram& datagram) {
      const auto compound = CompoundView::Parse(datagram.payload, {.reduced_size = true});
      if (!compound) return;
      for (const BlockView block : *compound) {
        if (block.packet_type() != kExtendedReport) continue;
        const auto report = ExtendedReportView::Parse(block);
        ASSERT_TRUE(report) << ToString(report.error());
        std::vector<std::uint8_t> blocks;
        for (const XrBlockView xr : *report) {
          std::vector<std::uint8_t> written;
          if (const auto time = XrReferenceTime::Parse(xr)) {
            written = Written(*time);
          } else {
            const auto delays = XrDelaySinceRrView::Parse(xr);
            ASSERT_TRUE(delays) << ToString(delays.error());
            std::vector<XrDelaySinceRr> answers;
            for (std::size_t i = 0; i < delays->count(); ++i) answers.push_back(delays->at(i));
            written = Written(XrDelaySinceRrWriter{answers});
          }
          blocks.insert(blocks.end(), written.begin(), written.end());
        }
        const auto again = Written(ExtendedReportWriter(report->sender_ssrc(), XrBlocksCopy{blocks}));
        EXPECT_EQ(again, std::vector<std::uint8_t>(block.bytes().begin(), block.bytes().end()));
        ++reports;
      }
    })) << name;
    EXPECT_EQ(reports, expected) << name;
  }
}

}  // namespace
}  // namespace mediacore::rtcp
