#include "mediacore/mux/ts_packet.h"

#include <array>

#include <gtest/gtest.h>

namespace mediacore::mux {
namespace {

using Packet = std::array<std::uint8_t, kTsPacketSize>;

Packet Plain() {
  Packet packet{};
  packet[0] = 0x47;
  packet[1] = 0x41;
  packet[3] = 0x1a;
  return packet;
}

TEST(TsPacketTest, TheHeaderSaysWhatItSays) {
  const Packet packet = Plain();
  const auto view = TsPacketView::Parse(packet);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->pid(), 0x100);
  EXPECT_TRUE(view->unit_start());
  EXPECT_FALSE(view->transport_error());
  EXPECT_FALSE(view->scrambled());
  EXPECT_EQ(view->continuity_counter(), 10);
  EXPECT_EQ(view->payload().size(), 184u);
  EXPECT_FALSE(view->random_access());
  std::int64_t pcr = 7;
  EXPECT_FALSE(view->ReadPcr(pcr));
  EXPECT_EQ(pcr, 7);
}

TEST(TsPacketTest, TheClockHasFortyTwoBits) {
  Packet packet = Plain();
  packet[3] = 0x30;
  packet[4] = 7;
  packet[5] = 0x50;
  for (std::size_t i = 6; i < 12; ++i) packet[i] = 0xff;
  packet[11] = 0x2b;  // extension 299
  const auto view = TsPacketView::Parse(packet);
  ASSERT_TRUE(view);
  std::int64_t pcr = 0;
  ASSERT_TRUE(view->ReadPcr(pcr));
  EXPECT_EQ(pcr, (kTsWrap - 1) * 300 + 0x12b);
  EXPECT_TRUE(view->random_access());
  EXPECT_EQ(view->payload().size(), 176u);
  packet[4] = 6;  // too short for a clock
  EXPECT_FALSE(TsPacketView::Parse(packet)->ReadPcr(pcr));
}

TEST(TsPacketTest, EachCauseOfRefusalHasItsName) {
  Packet packet = Plain();
  EXPECT_EQ(TsPacketView::Parse(Bytes(packet).first(187)).error(), TsPacketError::kBadSize);
  packet[0] = 0x48;
  EXPECT_EQ(TsPacketView::Parse(packet).error(), TsPacketError::kBadSync);
  packet = Plain();
  packet[3] = 0;
  EXPECT_EQ(TsPacketView::Parse(packet).error(), TsPacketError::kReserved);
  packet[3] = 0x30;
  packet[4] = 184;
  EXPECT_EQ(TsPacketView::Parse(packet).error(), TsPacketError::kBadAdaptation);
  packet[4] = 183;
  EXPECT_TRUE(TsPacketView::Parse(packet)->payload().empty());
  EXPECT_EQ(ToString(TsPacketError::kReserved), "ts: neither payload nor adaptation field");
}

TEST(TsPacketTest, TimesRunOnOverTheWrapAndBackOverIt) {
  for (std::int64_t step : {std::int64_t{1}, std::int64_t{3000}, kTsWrap / 2 - 1}) {
    TsTimeUnwrapper unwrapper;
    std::int64_t time = kTsWrap - 2 * step;
    for (int i = 0; i < 6; ++i, time += step) {
      EXPECT_EQ(unwrapper.Unwrap(time % kTsWrap), time) << step;
    }
    for (int i = 0; i < 6; ++i) {
      time -= step;
      EXPECT_EQ(unwrapper.Unwrap(time % kTsWrap), time) << step;
    }
  }
  EXPECT_EQ(TsTimeUnwrapper::Nearest(kTsWrap - 1, 0), -1);
}

}  // namespace
}  // namespace mediacore::mux
