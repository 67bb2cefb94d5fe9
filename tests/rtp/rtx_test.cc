#include "mediacore/rtp/rtx.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "mediacore/rtp/packet_writer.h"

namespace mediacore::rtp {
namespace {

using Buffer = std::vector<std::uint8_t>;
using Error = RtxError;

constexpr std::array<std::uint8_t, 16> kRtx = {0x80, 0x80 | 97, 0, 9,  0,    0,    0, 5,  // M, PT 97, sequence number 9
                                               0,    0,         0, 77, 0x12, 0x34,        // SSRC 77, OSN 0x1234
                                               'h',  'i'};

constexpr bool ReadsAndRestores() {
  const auto packet = PacketView::Parse(kRtx);
  const auto rtx = RtxView::Parse(*packet);
  if (!rtx || rtx->original_sequence_number() != SequenceNumber(0x1234) || rtx->original_payload().size() != 2)
    return false;
  const RtxOriginalWriter original{*rtx, PayloadType(96), Ssrc(66)};
  std::array<std::uint8_t, 14> out{};
  if (original.WireSize() != 14 || !original.Write(out)) return false;
  const auto restored = PacketView::Parse(out);
  if (restored->payload_type() != PayloadType(96) || restored->ssrc() != Ssrc(66) || !restored->marker()) return false;
  const RtxWriter again{*restored, PayloadType(97), Ssrc(77), SequenceNumber(9)};
  std::array<std::uint8_t, 16> twice{};
  return again.Write(twice) && twice == kRtx;
}
static_assert(ReadsAndRestores());

Buffer Make(std::size_t payload, std::uint8_t padding) {
  const Buffer bytes(payload, 0x55);
  PacketWriter writer;
  writer.payload = bytes;
  writer.padding_size = padding;
  Buffer out(writer.WireSize());
  EXPECT_TRUE(writer.Write(out));
  return out;
}

TEST(RtxTest, EveryCauseHasItsPacket) {
  const auto error = [](const Buffer& bytes) { return RtxView::Parse(*PacketView::Parse(bytes)).error(); };
  EXPECT_EQ(error(Make(0, 224)), Error::kPaddingOnly);
  EXPECT_EQ(error(Make(0, 1)), Error::kPaddingOnly);
  EXPECT_EQ(error(Make(0, 0)), Error::kTooShort);
  EXPECT_EQ(error(Make(1, 0)), Error::kTooShort);
  EXPECT_EQ(error(Make(1, 200)), Error::kTooShort);  // padding is no OSN
  for (int i = 0; i < kRtxErrorCount; ++i) EXPECT_NE(ToString(static_cast<Error>(i)), ToString(static_cast<Error>(99)));
}

TEST(RtxTest, AnOriginalWithoutPayloadIsRepeatedByItsNumberAlone) {
  const Buffer bytes = Make(2, 0);
  const auto rtx = RtxView::Parse(*PacketView::Parse(bytes));
  ASSERT_TRUE(rtx);
  EXPECT_TRUE(rtx->original_payload().empty());
  EXPECT_EQ(rtx->original_sequence_number(), SequenceNumber(0x5555));
  EXPECT_EQ((RtxOriginalWriter{*rtx, PayloadType(96), Ssrc(1)}.WireSize()), 12u);
}

// With CSRCs and extensions of both forms and of neither, which stay as they are.
TEST(RtxTest, WhatIsRestoredIsTheOriginalWithoutItsPadding) {
  const std::array csrcs{Ssrc(1), Ssrc(2), Ssrc(3)};
  const Buffer value(20, 7);
  const std::array short_extension{ExtensionElement{3, Bytes(value).first(3)}};
  const std::array long_extension{ExtensionElement{3, value}, ExtensionElement{200, {}}};
  for (int kind = 0; kind < 32; ++kind) {
    const bool marker = (kind & 1) != 0;
    PacketWriter writer;
    writer.marker = marker;
    writer.payload_type = PayloadType(96);
    writer.sequence_number = SequenceNumber(65535);
    writer.timestamp = RtpTimestamp(0xfedcba98);
    writer.ssrc = Ssrc(0xcafe);
    if ((kind & 2) != 0) writer.csrcs = csrcs;
    if ((kind & 12) == 4) writer.extensions = short_extension;
    if ((kind & 12) == 8) writer.extensions = long_extension;
    if ((kind & 12) == 12) writer.extension_block = PacketWriter::ExtensionBlock{0x1234, Bytes(value).first(8)};
    writer.payload = value;
    Buffer plain(writer.WireSize());
    ASSERT_TRUE(writer.Write(plain));
    if ((kind & 16) != 0) writer.padding_size = 9;
    Buffer original(writer.WireSize());
    ASSERT_TRUE(writer.Write(original));

    for (const int padding : {0, 1, 255}) {
      const RtxWriter rtx{*PacketView::Parse(original), PayloadType(97), Ssrc(0xbeef), SequenceNumber(3),
                          static_cast<std::uint8_t>(padding)};
      Buffer sent(rtx.WireSize());
      ASSERT_EQ(sent.size(), plain.size() + 2 + static_cast<std::size_t>(padding));
      ASSERT_TRUE(rtx.Write(sent));
      const auto packet = PacketView::Parse(sent);
      ASSERT_TRUE(packet) << ToString(packet.error());
      EXPECT_EQ(packet->marker(), marker);
      EXPECT_EQ(packet->payload_type(), PayloadType(97));
      EXPECT_EQ(packet->sequence_number(), SequenceNumber(3));
      EXPECT_EQ(packet->ssrc(), Ssrc(0xbeef));
      EXPECT_EQ(packet->padding_size(), static_cast<std::size_t>(padding));
      const auto view = RtxView::Parse(*packet);
      ASSERT_TRUE(view);
      EXPECT_EQ(view->original_sequence_number(), SequenceNumber(65535));
      const RtxOriginalWriter restore{*view, PayloadType(96), Ssrc(0xcafe)};
      Buffer restored(restore.WireSize());
      ASSERT_TRUE(restore.Write(restored));
      EXPECT_EQ(restored, plain);
    }
  }
}

TEST(RtxTest, WhatDoesNotFitIsNotWrittenAndLeavesTheBytes) {
  const Buffer bytes = Make(100, 0);
  const RtxWriter rtx{*PacketView::Parse(bytes), PayloadType(97), Ssrc(1), SequenceNumber(3), 4};
  const RtxOriginalWriter original{*RtxView::Parse(*PacketView::Parse(bytes)), PayloadType(97), Ssrc(1)};
  for (std::size_t room = 0; room < rtx.WireSize(); ++room) {
    Buffer out(room, 0xee);
    EXPECT_FALSE(rtx.Write(out));
    if (room < original.WireSize()) {
      EXPECT_FALSE(original.Write(out));
    }
    EXPECT_EQ(out, Buffer(room, 0xee));
  }
  const Buffer largest = Make(65535 - 12 - 2, 0);
  Buffer out(65536, 0xee);
  const auto packet = *PacketView::Parse(largest);
  EXPECT_TRUE((RtxWriter{packet, PayloadType(97), Ssrc(1), SequenceNumber(3)}.Write(out)));
  const RtxWriter too_long{packet, PayloadType(97), Ssrc(1), SequenceNumber(3), 1};
  EXPECT_EQ(too_long.WireSize(), 0u);
  EXPECT_FALSE(too_long.Write(out));
}

}  // namespace
}  // namespace mediacore::rtp
