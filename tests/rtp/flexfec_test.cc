#include "mediacore/rtp/flexfec.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "mediacore/rtp/packet_writer.h"

namespace mediacore::rtp {
namespace {

using Buffer = std::vector<std::uint8_t>;
using Error = FlexFecError;

// The FEC packet with this payload, for streams of these SSRCs.
Buffer PacketOf(Bytes payload, std::span<const Ssrc> csrcs) {
  PacketWriter writer;
  writer.csrcs = csrcs;
  writer.payload = payload;
  Buffer out(writer.WireSize());
  EXPECT_TRUE(writer.Write(out));
  return out;
}

TEST(FlexFecTest, TwoStreamsOfOnePacketAreReadByTheCsrcList) {
  const Buffer bytes = {0x82, 0x6e, 0,    1,    0, 0,  0, 0, 0, 0,
                        0,    9,    0,    0,    0, 10, 0, 0, 0, 11,  // RTP, CSRCs 10 and 11
                        0x10, 0xe0, 0x03, 0x12,                      // P, X, CC, M, PT recovery, length recovery
                        0x84, 0x33, 0x92, 0x7b,                      // TS recovery
                        0xff, 0xfe, 0xf8, 0x00,                      // SN base 65534; k, packets 0 to 3
                        0x40, 0,    0,    1,                         // no k; packets 15 and 45
                        0,    100,  0,    1,                         // SN base 100; no k, packet 14
                        0xab, 0xcd};
  const auto fec = FlexFecView::Parse(*PacketView::Parse(bytes));
  ASSERT_TRUE(fec) << ToString(fec.error());
  EXPECT_FALSE(fec->is_retransmission() || fec->is_fixed());
  EXPECT_EQ(fec->stream_count(), 2);
  EXPECT_EQ(fec->header_size(), 20u);
  EXPECT_EQ(fec->recovery(), (FecRecovery{0x10e0, 0x312, 0x8433927b}));
  EXPECT_EQ(fec->repair_payload().size(), 2u);
  std::vector<std::pair<std::uint32_t, int>> packets;
  for (const FlexFecStream& stream : *fec) {
    for (const SequenceNumber number : stream.packets()) packets.emplace_back(stream.ssrc.value(), number.value());
  }
  EXPECT_EQ(packets, (std::vector<std::pair<std::uint32_t, int>>{
                         {10, 65534}, {10, 65535}, {10, 0}, {10, 1}, {10, 13}, {10, 43}, {11, 114}}));
}

TEST(FlexFecTest, RowsAndColumnsAreThoseOfTheRfc) {
  const std::array csrcs{Ssrc(7)};
  const auto numbers = [&](int columns, int rows) {
    FlexFecStream stream;
    stream.ssrc = csrcs[0];
    stream.sn_base = SequenceNumber(65534);
    stream.columns = static_cast<std::uint8_t>(columns);
    stream.rows = static_cast<std::uint8_t>(rows);
    const FlexFecWriter writer{{}, {&stream, 1}, {}};
    Buffer out(writer.WireSize());
    EXPECT_TRUE(writer.Write(out));
    EXPECT_EQ(out.size(), 12u);
    const Buffer packet = PacketOf(out, csrcs);
    const auto fec = FlexFecView::Parse(*PacketView::Parse(packet));
    EXPECT_TRUE(fec && fec->is_fixed() && !fec->is_retransmission());
    EXPECT_EQ(*fec->begin(), stream);
    std::vector<int> got;
    for (const SequenceNumber number : (*fec->begin()).packets()) got.push_back(number.value());
    return got;
  };
  EXPECT_EQ(numbers(4, 0), (std::vector{65534, 65535, 0, 1}));  // a row, and no columns
  EXPECT_EQ(numbers(4, 1), (std::vector{65534, 65535, 0, 1}));  // a row, and columns follow
  EXPECT_EQ(numbers(4, 3), (std::vector{65534, 2, 6}));         // a column
  EXPECT_EQ(numbers(1, 2), (std::vector{65534, 65535}));
  EXPECT_EQ(numbers(255, 0).size(), 255u);
  EXPECT_EQ(numbers(255, 255).back(), (65534 + 254 * 255) % 65536);
}

TEST(FlexFecTest, ARetransmissionIsThePacketItself) {
  const Buffer media = {'m', 'e', 'd', 'i', 'a'};
  const std::array csrcs{Ssrc(5), Ssrc(6)};
  const Buffer original = PacketOf(media, csrcs);
  const Buffer packet = PacketOf(original, {});
  const auto fec = FlexFecView::Parse(*PacketView::Parse(packet));
  ASSERT_TRUE(fec);
  EXPECT_TRUE(fec->is_retransmission());
  EXPECT_EQ(fec->stream_count(), 0);
  EXPECT_EQ(fec->begin(), fec->end());
  EXPECT_TRUE(std::ranges::equal(fec->retransmission().bytes(), original));
}

TEST(FlexFecTest, EveryCauseHasItsPacket) {
  const std::array csrcs{Ssrc(7)};
  const auto error = [&](Buffer payload, std::size_t streams = 1) {
    const Buffer packet = PacketOf(payload, std::span(csrcs).first(streams));
    return FlexFecView::Parse(*PacketView::Parse(packet)).error();
  };
  const Buffer good = {0x10, 0xe0, 3, 0x12, 1, 2, 3, 4, 0, 1, 0x70, 0};
  for (std::size_t n = 0; n < good.size(); ++n) {
    EXPECT_EQ(error(Buffer(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n))),
              n < 8 ? Error::kTooShort : Error::kStreamTruncated);
  }
  const auto changed = [&](std::size_t at, int byte) {
    Buffer bytes = good;
    bytes[at] = static_cast<std::uint8_t>(byte);
    return bytes;
  };
  EXPECT_EQ(error(good, 0), Error::kNoStream);
  EXPECT_EQ(error(changed(0, 0xd0)), Error::kReserved);
  EXPECT_EQ(error(changed(0, 0x90)), Error::kBadRetransmission);  // X, and no room for an extension
  EXPECT_EQ(error(Buffer(8, 0x80)), Error::kBadRetransmission);
  EXPECT_EQ(error(changed(10, 0xf0)), Error::kStreamTruncated);  // k: more of the mask
  EXPECT_EQ(error(changed(10, 0)), Error::kNothingProtected);
  Buffer no_columns = changed(0, 0x50);
  no_columns[10] = 0;
  no_columns[11] = 3;
  EXPECT_EQ(error(no_columns), Error::kNoColumns);
  for (int i = 0; i < kFlexFecErrorCount; ++i) {
    EXPECT_NE(ToString(static_cast<Error>(i)), ToString(static_cast<Error>(99)));
  }
}

void ExpectWritesBack(const FlexFecWriter& writer, std::size_t header_size) {
  Buffer out(writer.WireSize());
  ASSERT_FALSE(out.empty());
  ASSERT_TRUE(writer.Write(out));
  std::vector<Ssrc> csrcs;
  for (const FlexFecStream& stream : writer.streams) csrcs.push_back(stream.ssrc);
  const Buffer packet = PacketOf(out, csrcs);
  const auto fec = FlexFecView::Parse(*PacketView::Parse(packet));
  ASSERT_TRUE(fec) << ToString(fec.error());
  ASSERT_EQ(fec->recovery(), writer.recovery);
  ASSERT_EQ(fec->header_size(), header_size);
  ASSERT_TRUE(std::ranges::equal(fec->repair_payload(), writer.repair_payload));
  std::size_t at = 0;
  for (const FlexFecStream& stream : *fec) {
    ASSERT_LT(at, writer.streams.size());
    ASSERT_EQ(stream, writer.streams[at]);
    ++at;
  }
  ASSERT_EQ(at, writer.streams.size());
}

TEST(FlexFecTest, EveryPairOfOffsetsReadsBackInTheSmallestMask) {
  const Buffer bytes = {1, 2, 3};
  FlexFecStream stream;
  for (int a = 0; a < 110; ++a) {
    for (int b = a; b < 110; ++b) {
      stream.ssrc = Ssrc(static_cast<std::uint32_t>(a));
      stream.sn_base = SequenceNumber(static_cast<std::uint16_t>(65500 + b));
      stream.mask = {};
      ASSERT_TRUE(stream.mask.Add(a) && stream.mask.Add(b));
      FlexFecWriter writer;
      writer.recovery = {static_cast<std::uint16_t>(a * 110 + b), static_cast<std::uint16_t>(b), 0xfeedf00d};
      writer.streams = {&stream, 1};
      writer.repair_payload = bytes;
      const std::size_t mask = b < 15 ? 2u : b < 46 ? 6u : 14u;
      ExpectWritesBack(writer, 10 + mask);
      writer.least_mask_size = 14;
      ExpectWritesBack(writer, 24);
    }
  }
}

TEST(FlexFecTest, AsManyStreamsAsCsrcsReadBack) {
  std::vector<FlexFecStream> flexible(15), fixed(15);
  std::size_t header = 8;
  for (std::size_t i = 0; i < 15; ++i) {
    fixed[i].ssrc = flexible[i].ssrc = Ssrc(static_cast<std::uint32_t>(100 - i));
    fixed[i].sn_base = flexible[i].sn_base = SequenceNumber(static_cast<std::uint16_t>(i * 4097));
    fixed[i].columns = static_cast<std::uint8_t>(i + 1);
    fixed[i].rows = static_cast<std::uint8_t>(i * 18);
    const int offset = static_cast<int>(i) * 7;
    ASSERT_TRUE(flexible[i].mask.Add(offset));
    header += 2u + (offset < 15 ? 2u : offset < 46 ? 6u : 14u);
  }
  FlexFecWriter writer;
  writer.streams = flexible;
  ExpectWritesBack(writer, header);
  writer.streams = fixed;
  ExpectWritesBack(writer, 8 + 15 * 4);
}

TEST(FlexFecTest, WhatCannotBeWrittenIsNotAndLeavesTheBytes) {
  const Buffer huge(65536);
  FlexFecStream good, row;
  ASSERT_TRUE(good.mask.Add(109));
  row.columns = 5;
  const auto refused = [](std::span<const FlexFecStream> streams, Bytes payload, std::size_t least = 2) {
    const FlexFecWriter writer{{}, streams, payload, least};
    Buffer out(70000, 0xee);
    EXPECT_EQ(writer.WireSize(), 0u);
    EXPECT_FALSE(writer.Write(out));
    EXPECT_EQ(out, Buffer(70000, 0xee));
  };
  FlexFecStream both = good;
  both.columns = 1;
  refused({}, {});
  refused(std::vector(16, good), {});
  refused(std::array{good, FlexFecStream{}}, {});
  refused(std::array{row, FlexFecStream{}}, {});
  refused(std::array{good, row}, {});
  refused(std::array{row, good}, {});
  refused(std::array{both}, {});
  refused(std::array{good}, huge);
  refused(std::array{good}, Bytes(huge).first(65535 - 23));
  refused(std::array{good}, {}, 15);
  const FlexFecWriter writer{{}, {&row, 1}, Bytes(huge).first(4)};
  for (std::size_t room = 0; room < writer.WireSize(); ++room) {
    Buffer out(room, 0xee);
    EXPECT_FALSE(writer.Write(out));
    EXPECT_EQ(out, Buffer(room, 0xee));
  }
}

}  // namespace
}  // namespace mediacore::rtp
