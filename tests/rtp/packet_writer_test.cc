#include "mediacore/rtp/packet_writer.h"

#include <algorithm>
#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "mediacore/rtp/packet_view.h"

namespace mediacore::rtp {
namespace {

constexpr std::array<std::uint8_t, 300> kBytes = [] {
  std::array<std::uint8_t, 300> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(i + 1);
  }
  return bytes;
}();

Bytes Some(std::size_t count) { return Bytes(kBytes).first(count); }

std::vector<std::uint8_t> Written(const PacketWriter& writer) {
  std::vector<std::uint8_t> out(writer.WireSize());
  EXPECT_TRUE(writer.Write(out));
  return out;
}

constexpr bool WritesAndReadsBack() {
  PacketWriter writer;
  writer.marker = true;
  writer.payload_type = PayloadType(111);
  writer.sequence_number = SequenceNumber(65535);
  writer.timestamp = RtpTimestamp(0xfedcba98);
  writer.ssrc = Ssrc(0x12345678);
  writer.payload = Bytes(kBytes).first(5);
  std::array<std::uint8_t, 17> out{};
  if (writer.WireSize() != out.size() || !writer.Write(out)) return false;
  const auto packet = PacketView::Parse(out);
  return packet && packet->marker() && packet->payload_type() == PayloadType(111) &&
         packet->sequence_number() == SequenceNumber(65535) &&
         packet->timestamp() == RtpTimestamp(0xfedcba98) &&
         packet->ssrc() == Ssrc(0x12345678) && packet->payload().size() == 5 &&
         packet->payload()[4] == 5;
}
static_assert(WritesAndReadsBack());

TEST(RtpPacketWriterTest, EveryFieldReadsBackTheSame) {
  const std::array csrcs{Ssrc(1), Ssrc(2), Ssrc(0xffffffff)};
  const std::array extensions{ExtensionElement{1, Some(1)},
                              ExtensionElement{14, Some(16)},
                              ExtensionElement{3, Some(3)}};
  PacketWriter writer;
  writer.payload_type = PayloadType(96);
  writer.csrcs = csrcs;
  writer.extensions = extensions;
  writer.payload = Some(100);
  writer.padding_size = 255;
  const auto bytes = Written(writer);
  const auto packet = PacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->size(), bytes.size());
  ASSERT_EQ(packet->csrc_count(), 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(packet->csrc(i), csrcs[static_cast<std::size_t>(i)]);
  }
  EXPECT_EQ(packet->extension_form(), ExtensionForm::kOneByte);
  std::size_t at = 0;
  packet->ForEachExtension([&](int id, Bytes value) {
    ASSERT_LT(at, extensions.size());
    EXPECT_EQ(id, extensions[at].id);
    EXPECT_TRUE(std::ranges::equal(value, extensions[at].value));
    ++at;
  });
  EXPECT_EQ(at, extensions.size());
  EXPECT_TRUE(std::ranges::equal(packet->payload(), Some(100)));
  EXPECT_EQ(packet->padding_size(), 255u);
}

TEST(RtpPacketWriterTest, TheTwoByteFormIsTakenOnlyWhenItIsNeeded) {
  const struct {
    int id;
    std::size_t size;
    ExtensionForm form;
  } cases[] = {{1, 1, ExtensionForm::kOneByte},  {14, 16, ExtensionForm::kOneByte},
               {15, 1, ExtensionForm::kTwoByte}, {1, 17, ExtensionForm::kTwoByte},
               {1, 0, ExtensionForm::kTwoByte},  {255, 255, ExtensionForm::kTwoByte},
               {0, 1, ExtensionForm::kOther},    {256, 1, ExtensionForm::kOther},
               {-1, 1, ExtensionForm::kOther},   {1, 256, ExtensionForm::kOther}};
  for (const auto& c : cases) {
    const std::array extensions{ExtensionElement{2, Some(2)},
                                ExtensionElement{c.id, Some(c.size)}};
    PacketWriter writer;
    writer.extensions = extensions;
    EXPECT_EQ(writer.Form(), c.form);
    if (c.form == ExtensionForm::kOther) {
      EXPECT_EQ(writer.WireSize(), 0u);
      continue;
    }
    const auto bytes = Written(writer);
    const auto packet = PacketView::Parse(bytes);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->extension_form(), c.form);
    Bytes value;
    ASSERT_TRUE(packet->FindExtension(c.id, value));
    EXPECT_TRUE(std::ranges::equal(value, Some(c.size)));
    writer.allow_two_byte = false;
    EXPECT_EQ(writer.WireSize() == 0, c.form == ExtensionForm::kTwoByte);
  }
}

TEST(RtpPacketWriterTest, AnExtensionOfLengthZeroIsWrittenAndRead) {
  PacketWriter writer;
  writer.extension_block = PacketWriter::ExtensionBlock{0xbede, {}};
  const auto bytes = Written(writer);
  EXPECT_EQ(bytes.size(), 16u);
  const auto packet = PacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->has_extension());
  EXPECT_EQ(packet->extension_profile(), 0xbede);
}

TEST(RtpPacketWriterTest, ABlockOfAnotherProfileReadsBackTheSame) {
  PacketWriter writer;
  writer.extension_block = PacketWriter::ExtensionBlock{0xabac, Some(12)};
  writer.payload = Some(2);
  const auto bytes = Written(writer);
  const auto packet = PacketView::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->extension_profile(), 0xabac);
  EXPECT_TRUE(std::ranges::equal(packet->extension_block(), Some(12)));
  EXPECT_TRUE(std::ranges::equal(packet->payload(), Some(2)));
}

TEST(RtpPacketWriterTest, WhatNoPacketCanHoldHasNoSizeAndIsNotWritten) {
  std::vector<std::uint8_t> out(70000, 0xee);
  const auto refused = [&](const PacketWriter& writer) {
    return writer.WireSize() == 0 && !writer.Write(out) &&
           std::ranges::all_of(out, [](int byte) { return byte == 0xee; });
  };
  const std::vector<Ssrc> csrcs(16);
  PacketWriter sources;
  sources.csrcs = csrcs;
  EXPECT_TRUE(refused(sources));

  PacketWriter ragged;
  ragged.extension_block = PacketWriter::ExtensionBlock{1, Some(3)};
  EXPECT_TRUE(refused(ragged));

  const std::array extensions{ExtensionElement{1, Some(1)}};
  PacketWriter both;
  both.extensions = extensions;
  both.extension_block = PacketWriter::ExtensionBlock{1, Some(4)};
  EXPECT_TRUE(refused(both));

  const std::vector<std::uint8_t> large(65523);
  PacketWriter full;
  full.payload = large;
  EXPECT_EQ(full.WireSize(), 65535u);
  full.padding_size = 1;
  EXPECT_TRUE(refused(full));

  const std::vector<ExtensionElement> many(300, {1, Some(255)});
  PacketWriter block;
  block.extensions = many;
  EXPECT_TRUE(refused(block));
}

TEST(RtpPacketWriterTest, ABufferThatIsTooSmallStaysAsItWas) {
  PacketWriter writer;
  writer.payload = Some(20);
  std::array<std::uint8_t, 32> out{};
  for (std::size_t n = 0; n < out.size(); ++n) {
    EXPECT_FALSE(writer.Write(MutableBytes(out).first(n)));
  }
  EXPECT_TRUE(std::ranges::all_of(out, [](int byte) { return byte == 0; }));
  EXPECT_TRUE(writer.Write(out));
}

TEST(RtpPacketWriterTest, APayloadAlreadyInPlaceStaysThere) {
  std::array<std::uint8_t, 16> out{};
  std::copy_n(kBytes.begin(), 4, out.begin() + 12);
  PacketWriter writer;
  writer.payload = Bytes(out).last(4);
  ASSERT_TRUE(writer.Write(out));
  EXPECT_TRUE(std::ranges::equal(PacketView::Parse(out)->payload(), Some(4)));
}

}  // namespace
}  // namespace mediacore::rtp
