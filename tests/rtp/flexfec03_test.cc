#include "mediacore/rtp/flexfec03.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::rtp {
namespace {

using Buffer = std::vector<std::uint8_t>;
using Error = FlexFec03Error;

constexpr std::array<std::uint8_t, 22> kOneStream = {
    0x10, 0xe0, 0x03, 0x12,  // R 0, F 0, P 0, X 1, CC 0, M 1, PT recovery 96, length recovery
    0x84, 0x33, 0x92, 0x7b,  // TS recovery
    0x01, 0x00, 0x00, 0x00,  // SSRCCount 1
    0x65, 0x4c, 0x52, 0x85,  // SSRC
    0xff, 0xfe, 0xf0, 0x00,  // SN base 65534; k, packets 0, 1 and 2
    0xab, 0xcd};

constexpr bool ReadsOneStream() {
  const auto fec = FlexFec03View::Parse(kOneStream);
  if (!fec || fec->stream_count() != 1 || fec->header_size() != 20 || fec->repair_payload().size() != 2) return false;
  const FecRecovery recovery = fec->recovery();
  if (recovery.bits != 0x10e0 || recovery.length != 0x312 || recovery.timestamp != 0x8433927b) return false;
  int streams = 0;
  for (const FlexFec03Stream& stream : *fec) {
    ++streams;
    if (stream.ssrc != Ssrc(0x654c5285) || stream.packets().count() != 3) return false;
    if (!stream.packets().Contains(SequenceNumber(0)) || stream.packets().Contains(SequenceNumber(1))) return false;
  }
  return streams == 1;
}
static_assert(ReadsOneStream());

TEST(FlexFec03Test, EveryCauseHasItsBytes) {
  const auto error = [](const Buffer& bytes) { return FlexFec03View::Parse(bytes).error(); };
  const Buffer good(kOneStream.begin(), kOneStream.end());
  for (std::size_t n = 0; n < 20; ++n) {
    EXPECT_EQ(error(Buffer(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n))),
              n < 12 ? Error::kTooShort : Error::kStreamTruncated)
        << n;
  }
  const auto changed = [&](std::size_t at, int byte) {
    Buffer bytes = good;
    bytes[at] = static_cast<std::uint8_t>(byte);
    return bytes;
  };
  EXPECT_EQ(error(changed(0, 0x90)), Error::kRetransmission);
  EXPECT_EQ(error(changed(0, 0xd0)), Error::kRetransmission);
  EXPECT_EQ(error(changed(0, 0x50)), Error::kFixedMask);
  EXPECT_EQ(error(changed(8, 0)), Error::kNoStream);
  EXPECT_EQ(error(changed(8, 2)), Error::kStreamTruncated);
  EXPECT_EQ(error(changed(18, 0x70)), Error::kStreamTruncated);  // no k: four bytes more of the mask
  EXPECT_EQ(error(changed(18, 0x80)), Error::kNothingProtected);
  Buffer endless = changed(18, 0x70);
  endless.resize(32);
  endless[20] = 0;
  EXPECT_EQ(error(endless), Error::kEndlessMask);
  endless[24] = 0x80;
  EXPECT_TRUE(FlexFec03View::Parse(endless));
  EXPECT_TRUE(FlexFec03View::Parse(changed(9, 0xff)));  // reserved
  for (int i = 0; i < kFlexFec03ErrorCount; ++i) {
    EXPECT_NE(ToString(static_cast<Error>(i)), ToString(static_cast<Error>(99)));
  }
}

// Headers that Chromium 156 wrote with its field trials for FlexFEC on, with the first two
// bytes behind them; masks of all sizes, larger than they need to be among them.
TEST(FlexFec03Test, WhatChromiumWroteReadsAndIsWrittenAgain) {
  struct Sample {
    Buffer bytes;
    std::vector<int> packets;
  };
  const std::vector<Sample> samples = {
      {{0x00, 0x00, 0x00, 0x1f, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,
        0x00, 0x0a, 0x56, 0x34, 0xb3, 0x42, 0x72, 0xc0, 0x02, 0x00, 0x00},
       {0x4272, 0x4272 + 13}},
      {{0x00, 0x80, 0x00, 0x1f, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x0a,
        0x56, 0x34, 0xb3, 0x42, 0x72, 0x10, 0x00, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00},
       {0x4272 + 2, 0x4272 + 15}},
      {{0x10, 0x60, 0x04, 0x52, 0x80, 0xf4, 0x07, 0xa9, 0x01, 0x00, 0x00, 0x00, 0x0a,
        0x56, 0x34, 0xb3, 0x43, 0x4c, 0x40, 0x00, 0x80, 0x00, 0x00, 0x00, 0xbe, 0xde},
       {0x434c}},
      {{0x00, 0x80, 0x00, 0x07, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x0a, 0x56, 0x34, 0xb3, 0x45,
        0x2f, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00, 0xa0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00},
       {0x452f, 0x452f + 47}},
      {{0x10, 0x60, 0x04, 0x5c, 0x80, 0xf9, 0xfa, 0xfb, 0x01, 0x00, 0x00, 0x00, 0x0a, 0x56, 0x34, 0xb3, 0x45,
        0x2f, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xbe, 0xde},
       {0x452f + 46}},
  };
  for (const Sample& sample : samples) {
    const auto fec = FlexFec03View::Parse(sample.bytes);
    ASSERT_TRUE(fec) << ToString(fec.error());
    ASSERT_EQ(fec->stream_count(), 1);
    const FlexFec03Stream stream = *fec->begin();
    EXPECT_EQ(stream.ssrc, Ssrc(0x0a5634b3));
    std::vector<int> packets;
    for (const SequenceNumber number : stream.packets()) packets.push_back(number.value());
    EXPECT_EQ(packets, sample.packets);
    EXPECT_EQ(fec->repair_payload().size(), 2u);
    const FlexFec03Writer writer{fec->recovery(), {&stream, 1}, fec->repair_payload(), fec->header_size() - 18};
    Buffer out(writer.WireSize());
    ASSERT_TRUE(writer.Write(out));
    EXPECT_EQ(out, sample.bytes);
  }
}

void ExpectWritesBack(const FlexFec03Writer& writer, std::size_t header_size) {
  Buffer out(writer.WireSize());
  ASSERT_FALSE(out.empty());
  ASSERT_TRUE(writer.Write(out));
  const auto fec = FlexFec03View::Parse(out);
  ASSERT_TRUE(fec) << ToString(fec.error());
  ASSERT_EQ(fec->recovery(), writer.recovery);
  ASSERT_EQ(fec->header_size(), header_size);
  ASSERT_TRUE(std::ranges::equal(fec->repair_payload(), writer.repair_payload));
  ASSERT_EQ(static_cast<std::size_t>(fec->stream_count()), writer.streams.size());
  std::size_t at = 0;
  for (const FlexFec03Stream& stream : *fec) {
    ASSERT_LT(at, writer.streams.size());
    ASSERT_EQ(stream, writer.streams[at]);
    ++at;
  }
  ASSERT_EQ(at, writer.streams.size());
}

TEST(FlexFec03Test, EveryPairOfOffsetsReadsBackInTheSmallestMask) {
  const Buffer bytes = {1, 2, 3};
  FlexFec03Stream stream;
  for (int a = 0; a < 109; ++a) {
    for (int b = a; b < 109; ++b) {
      stream.ssrc = Ssrc(static_cast<std::uint32_t>(a));
      stream.sn_base = SequenceNumber(static_cast<std::uint16_t>(65500 + b));
      stream.mask = {};
      ASSERT_TRUE(stream.mask.Add(a) && stream.mask.Add(b));
      FlexFec03Writer writer;
      writer.recovery = {static_cast<std::uint16_t>(a * 109 + b), static_cast<std::uint16_t>(b), 0xfeedf00d};
      writer.streams = {&stream, 1};
      writer.repair_payload = bytes;
      const std::size_t mask = b < 15 ? 2u : b < 46 ? 6u : 14u;
      ExpectWritesBack(writer, 18 + mask);
      writer.least_mask_size = 6;
      ExpectWritesBack(writer, 18 + std::max<std::size_t>(mask, 6));
    }
  }
}

TEST(FlexFec03Test, AsManyStreamsAsTheCountHoldsReadBack) {
  std::vector<FlexFec03Stream> streams(255);
  std::size_t header = 12;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    streams[i].ssrc = Ssrc(static_cast<std::uint32_t>(i));
    streams[i].sn_base = SequenceNumber(static_cast<std::uint16_t>(i * 257));
    const int offset = static_cast<int>(i) % 109;
    ASSERT_TRUE(streams[i].mask.Add(offset));
    header += 6u + (offset < 15 ? 2u : offset < 46 ? 6u : 14u);
  }
  FlexFec03Writer writer;
  writer.streams = streams;
  ExpectWritesBack(writer, header);
}

TEST(FlexFec03Test, WhatCannotBeWrittenIsNotAndLeavesTheBytes) {
  const Buffer huge(65536);
  FlexFec03Stream good;
  ASSERT_TRUE(good.mask.Add(3));
  const auto refused = [](std::span<const FlexFec03Stream> streams, Bytes payload, std::size_t least = 2) {
    const FlexFec03Writer writer{{}, streams, payload, least};
    Buffer out(70000, 0xee);
    EXPECT_EQ(writer.WireSize(), 0u);
    EXPECT_FALSE(writer.Write(out));
    EXPECT_EQ(out, Buffer(70000, 0xee));
  };
  FlexFec03Stream far = good;
  ASSERT_TRUE(far.mask.Add(109));
  refused({}, {});
  refused(std::vector(256, good), {});
  refused(std::array{good, FlexFec03Stream{}}, {});
  refused(std::array{good, far}, {});
  refused(std::array{good}, huge);
  refused(std::array{good}, Bytes(huge).first(65535 - 19));
  refused(std::array{good}, {}, 15);
  const FlexFec03Writer writer{{}, {&good, 1}, Bytes(huge).first(4)};
  for (std::size_t room = 0; room < writer.WireSize(); ++room) {
    Buffer out(room, 0xee);
    EXPECT_FALSE(writer.Write(out));
    EXPECT_EQ(out, Buffer(room, 0xee));
  }
}

}  // namespace
}  // namespace mediacore::rtp
