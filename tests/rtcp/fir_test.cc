#include "mediacore/rtcp/fir.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "../support/rtcp_blocks.h"

namespace mediacore::rtcp {
namespace {

using testing::BlockOf;
using testing::CannotBeWritten;
using testing::TakenPrefixes;
using testing::VerdictOnPrefix;
using testing::Written;

// Sender 1; command 7 to source 0x11223344, command 255 to source 5.
constexpr std::array<std::uint8_t, 28> kFir = {0x84, 206, 0, 6, 0, 0, 0, 1, 0, 0, 0,   0, 0x11, 0x22,
                                               0x33, 0x44, 7, 0, 0, 0, 0, 0, 0, 5, 255, 0, 0,    0};
constexpr std::array kEntries = {FirEntry{Ssrc(0x11223344), 7}, FirEntry{Ssrc(5), 255}};

constexpr bool ReadsBoth() {
  const auto fir = FirView::Parse(BlockOf(kFir));
  return fir && fir->sender_ssrc() == Ssrc(1) && fir->media_ssrc() == Ssrc(0) && fir->count() == 2 &&
         fir->at(0) == kEntries[0] && fir->at(1) == kEntries[1];
}
static_assert(ReadsBoth());

TEST(RtcpFirTest, EntriesComeInTheirOrderAndReadBackTheSame) {
  const auto fir = FirView::Parse(BlockOf(kFir));
  std::vector<FirEntry> seen;
  for (const FirEntry entry : *fir) seen.push_back(entry);
  EXPECT_EQ(seen, std::vector(kEntries.begin(), kEntries.end()));
  EXPECT_EQ(Written(FirWriter{Ssrc(1), Ssrc(0), kEntries}), std::vector(kFir.begin(), kFir.end()));
}

TEST(RtcpFirTest, ReservedBitsAreNotLookedAt) {
  auto bytes = kFir;
  bytes[17] = bytes[18] = bytes[19] = 0xff;
  EXPECT_EQ(FirView::Parse(BlockOf(bytes))->at(0), kEntries[0]);
}

TEST(RtcpFirTest, OnlyWholeEntriesAreTakenAndAtLeastOne) {
  EXPECT_EQ(TakenPrefixes<FirView>(kFir), (std::vector<std::size_t>{16, 24}));
  EXPECT_EQ(VerdictOnPrefix<FirView>(kFir, 7), static_cast<int>(FeedbackError::kTooShort));
  EXPECT_EQ(VerdictOnPrefix<FirView>(kFir, 8), static_cast<int>(FeedbackError::kBadLength));
  EXPECT_EQ(VerdictOnPrefix<FirView>(kFir, 20), static_cast<int>(FeedbackError::kBadLength));
  auto pli = kFir;
  pli[0] = 0x81;
  EXPECT_EQ(FirView::Parse(BlockOf(pli)).error(), FeedbackError::kOtherMessage);
}

TEST(RtcpFirTest, ADatagramHolds8190AndNoMore) {
  const std::vector<FirEntry> entries(8191);
  EXPECT_EQ(Written(FirWriter{{}, {}, std::span(entries).first(8190)}).size(), 12u + 8190 * 8);
  EXPECT_TRUE(CannotBeWritten(FirWriter{{}, {}, entries}));
  EXPECT_TRUE(CannotBeWritten(FirWriter{}));
}

}  // namespace
}  // namespace mediacore::rtcp
