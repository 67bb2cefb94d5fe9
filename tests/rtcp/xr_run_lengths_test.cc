#include "mediacore/rtcp/xr_run_lengths.h"

#include <array>
#include <random>

#include <gtest/gtest.h>

#include "../support/xr_blocks.h"

namespace mediacore::rtcp {
namespace {

using testing::Written;
using testing::XrBlock;

struct Visited {
  std::uint16_t first;
  XrRun run;
  bool operator==(const Visited&) const = default;
};
std::vector<Visited> Runs(Bytes block) {
  std::vector<Visited> runs;
  const auto view = XrRunLengthsView::Parse(XrBlock(block));
  if (view) {
    view->ForEachRun([&](SequenceNumber first, const XrRun& run) { runs.push_back({first.value(), run}); });
  }
  return runs;
}
// A loss block of packets 65530 up to before `end`.
std::vector<std::uint8_t> Block(std::uint16_t end, std::vector<std::uint16_t> chunks, std::uint8_t thinning = 0) {
  std::vector<std::uint8_t> body(8 + 2 * chunks.size());
  StoreU32(body.data(), 1);
  StoreU16(body.data() + 4, 65530);
  StoreU16(body.data() + 6, end);
  for (std::size_t i = 0; i < chunks.size(); ++i) StoreU16(body.data() + 8 + 2 * i, chunks[i]);
  return Written(XrBlockWriter{XrBlockType::kLossRle, thinning, body});
}

// 500 packets arrived, then 1 of 3 did, the block ends with a null chunk.
constexpr std::array<std::uint8_t, 16> kBlock = {1,    0,    0, 3, 0,    0,    0,    1,
                                                 0x00, 0x0a, 2, 1, 0x41, 0xf4, 0xa0, 0x00};
constexpr std::size_t LostIn(Bytes bytes) {
  std::size_t lost = 0;
  XrRunLengthsView::Parse(XrBlock(bytes))->ForEachRun([&lost](SequenceNumber, const XrRun& run) {
    if (!run.good) lost += run.count;
  });
  return lost;
}
static_assert(LostIn(kBlock) == 2);

TEST(XrRunLengthsTest, RunsCrossChunksAndTheWrapOfSequenceNumbers) {
  // Ten arrived; a vector of 1 then 14 zeros; a run of 5 zeros.
  EXPECT_EQ(Runs(Block(24, {0x400a, 0xc000, 0x0005, 0x0000})),
            (std::vector<Visited>{{65530, {true, 11}}, {5, {false, 19}}}));
}

TEST(XrRunLengthsTest, TheRangeEndsWhatChunksSay) {
  EXPECT_EQ(Runs(Block(65533, {0x7fff, 0x3fff})), (std::vector<Visited>{{65530, {true, 3}}}));
  EXPECT_EQ(Runs(Block(65530, {0x7fff, 0x3fff})), std::vector<Visited>{});
  // The last packets of the range have no chunk.
  EXPECT_EQ(Runs(Block(4, {0x4002, 0x0000})), (std::vector<Visited>{{65530, {true, 2}}}));
  EXPECT_EQ(Runs(Block(4, {})), std::vector<Visited>{});
}

TEST(XrRunLengthsTest, ANullChunkEndsAndARunOfNothingIsSkipped) {
  EXPECT_EQ(Runs(Block(4, {0x4002, 0x0000, 0x4002, 0x4002})), (std::vector<Visited>{{65530, {true, 2}}}));
  EXPECT_EQ(Runs(Block(65534, {0x0002, 0x4000, 0x0002, 0x0000})), (std::vector<Visited>{{65530, {false, 4}}}));
}

TEST(XrRunLengthsTest, ThinnedRunsCountEachSixteenthPacket) {
  EXPECT_EQ(Runs(Block(49, {0xa000, 0}, 4)),
            (std::vector<Visited>{{0, {false, 1}}, {16, {true, 1}}, {32, {false, 2}}}));
}

// The largest range that chunks can fill: no more visits than packets.
TEST(XrRunLengthsTest, ADatagramFullOfChunksVisitsNoMoreThanTheRange) {
  const auto runs = Runs(Block(65529, std::vector<std::uint16_t>(32'750, 0xd555)));
  std::size_t packets = 0;
  for (const Visited& visited : runs) packets += visited.run.count;
  EXPECT_EQ(packets, 65'535u);
  EXPECT_LE(runs.size(), packets);
}

TEST(XrRunLengthsTest, AnyRunsReadBackAsTheyWereWritten) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    const auto thinning = static_cast<std::uint8_t>(round % 4);
    const std::size_t longest = std::size_t{1} << random() % 14;
    const auto begin = static_cast<std::uint16_t>(random() & 0xfff8);
    std::vector<XrRun> runs;
    std::size_t count = 0;
    for (std::size_t i = random() % 40; i > 0; --i) {
      const std::size_t length = 1 + random() % longest;
      if ((count + length) << thinning > 65'535) break;
      runs.push_back({i % 2 == 0, length});
      count += length;
    }
    const XrSequenceRange range{SequenceNumber(begin), SequenceNumber(begin) + static_cast<std::int64_t>(count << thinning),
                                thinning};
    const XrRunLengthsWriter writer{XrBlockType::kDuplicateRle, Ssrc(9), range, runs};
    ASSERT_TRUE(testing::KeepsToItsSize(writer));
    const auto bytes = Written(writer);
    const auto view = XrRunLengthsView::Parse(XrBlock(bytes));
    ASSERT_TRUE(view);
    EXPECT_EQ(view->type(), XrBlockType::kDuplicateRle);
    EXPECT_EQ(view->ssrc(), Ssrc(9));
    EXPECT_EQ(view->range(), range);
    std::vector<XrRun> again;
    for (const Visited& visited : Runs(bytes)) again.push_back(visited.run);
    ASSERT_EQ(again, runs);
  }
}

TEST(XrRunLengthsTest, LongRunsTakeOneChunkAndShortOnesShareOne) {
  const auto size = [](std::span<const XrRun> runs) {
    std::size_t count = 0;
    for (const XrRun& run : runs) count += run.count;
    return XrRunLengthsWriter{XrBlockType::kPostRepairLossRle, Ssrc(1),
                              {SequenceNumber(0), SequenceNumber(0) + static_cast<std::int64_t>(count)}, runs}
        .WireSize();
  };
  EXPECT_EQ(size(std::array{XrRun{true, 16383}}), 16u);
  EXPECT_EQ(size(std::array{XrRun{true, 3}, XrRun{false, 1}, XrRun{true, 11}}), 16u);
  EXPECT_EQ(size(std::array{XrRun{true, 3}, XrRun{false, 1}, XrRun{true, 11 + 4000}}), 16u);
  EXPECT_EQ(size(std::array{XrRun{true, 65535}}), 12u + 12u);  // five chunks
  EXPECT_EQ(size({}), 12u);
}

TEST(XrRunLengthsTest, WhatNoBlockCanHoldHasNoSizeAndIsNotWritten) {
  const std::array runs{XrRun{true, 5}, XrRun{false, 5}};
  const auto size = [&](XrBlockType type, std::uint16_t end, std::uint8_t thinning) {
    return XrRunLengthsWriter{type, Ssrc(1), {SequenceNumber(0), SequenceNumber(end), thinning}, runs}.WireSize();
  };
  EXPECT_EQ(size(XrBlockType::kLossRle, 10, 0), 16u);
  EXPECT_EQ(size(XrBlockType::kPacketReceiptTimes, 10, 0), 0u);
  EXPECT_EQ(size(XrBlockType::kLossRle, 9, 0), 0u);
  EXPECT_EQ(size(XrBlockType::kLossRle, 11, 0), 0u);
  EXPECT_EQ(size(XrBlockType::kLossRle, 10, 16), 0u);
  EXPECT_TRUE(testing::KeepsToItsSize(
      XrRunLengthsWriter{XrBlockType::kLossRle, Ssrc(1), {SequenceNumber(0), SequenceNumber(9)}, runs}));
}

TEST(XrRunLengthsTest, EachCauseOfRefusal) {
  auto other = kBlock;
  other[0] = 25;
  EXPECT_EQ(XrRunLengthsView::Parse(XrBlock(other)).error(), XrBlockError::kOtherType);
  for (std::uint8_t words = 0; words < 4; ++words) {
    auto cut = kBlock;
    cut[3] = words;
    const auto view = XrRunLengthsView::Parse(XrBlock(cut));
    ASSERT_EQ(view.has_value(), words >= 2);
    if (!view) { EXPECT_EQ(view.error(), XrBlockError::kBadLength); }
  }
}

}  // namespace
}  // namespace mediacore::rtcp
