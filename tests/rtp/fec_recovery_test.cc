#include "mediacore/rtp/fec_recovery.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "mediacore/rtp/packet_writer.h"

namespace mediacore::rtp {
namespace {

using Buffer = std::vector<std::uint8_t>;

TEST(FecRecoveryTest, TheFieldsAreThoseOfThePacket) {
  const std::array csrcs{Ssrc(1), Ssrc(2), Ssrc(3)};
  const Buffer value(5, 7);
  const std::array extensions{ExtensionElement{3, value}};
  PacketWriter writer;
  writer.marker = true;
  writer.payload_type = PayloadType(100);
  writer.sequence_number = SequenceNumber(0xffff);
  writer.timestamp = RtpTimestamp(0xfedcba98);
  writer.ssrc = Ssrc(5);
  writer.csrcs = csrcs;
  writer.extensions = extensions;
  writer.payload = value;
  writer.padding_size = 3;
  Buffer bytes(writer.WireSize());
  ASSERT_TRUE(writer.Write(bytes));
  const FecRecovery fields = FecRecovery::Of(*PacketView::Parse(bytes));
  EXPECT_TRUE(fields.padding() && fields.extension() && fields.marker());
  EXPECT_EQ(fields.csrc_count(), 3);
  EXPECT_EQ(fields.payload_type(), PayloadType(100));
  EXPECT_EQ(fields.length, bytes.size() - 12);
  EXPECT_EQ(fields.timestamp, 0xfedcba98);
  Buffer header(12);
  fields.WriteHeader(SequenceNumber(0xffff), Ssrc(5), std::span<std::uint8_t, 12>(header));
  EXPECT_TRUE(std::ranges::equal(header, Bytes(bytes).first(12)));
}

// Whichever of them is lost, in one piece or in two levels.
TEST(FecRecoveryTest, AnyOneOfManyPacketsComesBackFromTheOthers) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<Buffer> packets(1 + random() % 20);
    FecRecovery fields;
    Buffer protection(400), first(100), second(300);
    for (Buffer& packet : packets) {
      packet.resize(12 + random() % 400);
      for (std::uint8_t& byte : packet) byte = static_cast<std::uint8_t>(random());
      packet[0] = 0x80;  // no CSRC, extension or padding that could be wrong
      const auto view = PacketView::Parse(packet);
      ASSERT_TRUE(view);
      fields.Xor(*view);
      XorProtected(*view, 0, protection);
      XorProtected(*view, 0, first);
      XorProtected(*view, 100, second);
    }
    const std::size_t lost = random() % packets.size();
    Buffer again(protection);
    for (std::size_t i = 0; i < packets.size(); ++i) {
      if (i == lost) continue;
      fields.Xor(*PacketView::Parse(packets[i]));
      XorProtected(*PacketView::Parse(packets[i]), 0, again);
    }
    const auto original = *PacketView::Parse(packets[lost]);
    EXPECT_EQ(fields, FecRecovery::Of(original));
    Buffer restored(12);
    fields.WriteHeader(original.sequence_number(), original.ssrc(), std::span<std::uint8_t, 12>(restored));
    restored.insert(restored.end(), again.begin(), again.begin() + fields.length);
    EXPECT_EQ(restored, packets[lost]);
    EXPECT_TRUE(std::ranges::equal(first, Bytes(protection).first(100)));
    EXPECT_TRUE(std::ranges::equal(second, Bytes(protection).subspan(100)));
  }
}

TEST(FecRecoveryTest, BytesPastTheEndOfEitherAreLeftAlone) {
  const Buffer bytes = {0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3};
  const auto packet = *PacketView::Parse(bytes);
  Buffer out(5, 0xf0);
  XorProtected(packet, 1, MutableBytes(out).first(1));
  EXPECT_EQ(out, (Buffer{0xf2, 0xf0, 0xf0, 0xf0, 0xf0}));
  XorProtected(packet, 0, out);
  EXPECT_EQ(out, (Buffer{0xf3, 0xf2, 0xf3, 0xf0, 0xf0}));
  XorProtected(packet, 3, out);
  XorProtected(packet, 100, out);
  XorProtected(packet, 0, {});
  EXPECT_EQ(out, (Buffer{0xf3, 0xf2, 0xf3, 0xf0, 0xf0}));
}

}  // namespace
}  // namespace mediacore::rtp
