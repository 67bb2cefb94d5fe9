#include "mediacore/rtp/packet_rewriter.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mediacore/rtp/packet_writer.h"

namespace mediacore::rtp {
namespace {

constexpr std::array<std::uint8_t, 16> kValue = {1, 2,  3,  4,  5,  6,  7,  8,
                                                 9, 10, 11, 12, 13, 14, 15, 16};

std::vector<std::uint8_t> Packet(std::vector<std::pair<int, std::size_t>> elements) {
  std::vector<ExtensionElement> extensions;
  for (const auto& [id, size] : elements) {
    extensions.push_back({id, Bytes(kValue).first(size)});
  }
  PacketWriter writer;
  writer.payload_type = PayloadType(96);
  writer.sequence_number = SequenceNumber(7);
  writer.extensions = extensions;
  writer.payload = kValue;
  std::vector<std::uint8_t> out(writer.WireSize());
  EXPECT_TRUE(writer.Write(out));
  return out;
}

std::vector<int> Ids(const PacketView& packet) {
  std::vector<int> ids;
  packet.ForEachExtension([&](int id, Bytes) { ids.push_back(id); });
  return ids;
}

TEST(RtpPacketRewriterTest, EachFieldChangesAloneAndTheRestStays) {
  auto bytes = Packet({{1, 3}, {4, 2}});
  const auto before = bytes;
  const auto packet = PacketRewriter::Parse(bytes);
  ASSERT_TRUE(packet);
  packet->SetMarker(true);
  EXPECT_TRUE(packet->view().marker());
  EXPECT_EQ(packet->view().payload_type(), PayloadType(96));
  packet->SetPayloadType(PayloadType(127));
  EXPECT_TRUE(packet->view().marker());
  EXPECT_EQ(packet->view().payload_type(), PayloadType(127));
  packet->SetMarker(false);
  EXPECT_EQ(packet->view().payload_type(), PayloadType(127));
  packet->SetSequenceNumber(SequenceNumber(0xfffe));
  packet->SetTimestamp(RtpTimestamp(0xfffffffd));
  packet->SetSsrc(Ssrc(0xfffffffc));
  EXPECT_EQ(packet->view().sequence_number(), SequenceNumber(0xfffe));
  EXPECT_EQ(packet->view().timestamp(), RtpTimestamp(0xfffffffd));
  EXPECT_EQ(packet->view().ssrc(), Ssrc(0xfffffffc));
  EXPECT_EQ(bytes[0], before[0]);
  EXPECT_TRUE(std::equal(bytes.begin() + 12, bytes.end(), before.begin() + 12));
}

TEST(RtpPacketRewriterTest, AnExtensionOfTheSameSizeIsOverwritten) {
  for (const int other : {2, 20}) {  // one-byte and two-byte form
    auto bytes = Packet({{1, 3}, {4, 2}, {other, 1}});
    const auto packet = PacketRewriter::Parse(bytes);
    ASSERT_TRUE(packet);
    const std::array<std::uint8_t, 2> value = {0xab, 0xcd};
    EXPECT_TRUE(packet->SetExtension(4, value));
    Bytes read;
    ASSERT_TRUE(packet->view().FindExtension(4, read));
    EXPECT_TRUE(std::ranges::equal(read, value));
    ASSERT_TRUE(packet->view().FindExtension(1, read));
    EXPECT_TRUE(std::ranges::equal(read, Bytes(kValue).first(3)));
  }
}

TEST(RtpPacketRewriterTest, AnExtensionThatIsAbsentOrOfAnotherSizeIsNotWritten) {
  auto bytes = Packet({{1, 3}});
  const auto before = bytes;
  const auto packet = PacketRewriter::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_FALSE(packet->SetExtension(1, Bytes(kValue).first(2)));
  EXPECT_FALSE(packet->SetExtension(1, Bytes(kValue).first(4)));
  EXPECT_FALSE(packet->SetExtension(2, Bytes(kValue).first(3)));
  EXPECT_EQ(bytes, before);
}

TEST(RtpPacketRewriterTest, IdsAreMappedAndWhatTheFarSideDoesNotKnowIsCleared) {
  ExtensionIdMapping mapping;
  ASSERT_TRUE(mapping.Set(1, 4));
  ASSERT_TRUE(mapping.Set(4, 1));
  ASSERT_TRUE(mapping.Set(5, 200));
  for (const bool two_byte : {false, true}) {
    auto bytes = Packet({{1, 3}, {4, 2}, {9, 1}, {5, two_byte ? 0u : 1u}, {1, 1}});
    const auto packet = PacketRewriter::Parse(bytes);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->view().extension_form(), two_byte ? ExtensionForm::kTwoByte
                                                        : ExtensionForm::kOneByte);
    EXPECT_EQ(packet->MapExtensionIds(mapping), two_byte ? 1 : 2);
    EXPECT_EQ(Ids(packet->view()), two_byte ? (std::vector{4, 1, 200, 4})
                                            : (std::vector{4, 1, 4}));
    Bytes value;
    ASSERT_TRUE(packet->view().FindExtension(4, value));
    EXPECT_TRUE(std::ranges::equal(value, Bytes(kValue).first(3)));
    EXPECT_TRUE(std::ranges::equal(packet->view().payload(), kValue));
  }
}

TEST(RtpPacketRewriterTest, WhatWasBehindTheEndOfTheElementsDoesNotComeToLight) {
  std::array<std::uint8_t, 24> bytes = {
      0x90, 0x60, 0, 1, 0, 0,    0, 2,    0,    0,    0, 3,
      0xbe, 0xde, 0, 2, 0x10, 5, 0xf0, 0x20, 0x20, 6, 0x30, 7};
  ExtensionIdMapping mapping;
  ASSERT_TRUE(mapping.Set(1, 2));
  ASSERT_TRUE(mapping.Set(2, 3));
  const auto packet = PacketRewriter::Parse(bytes);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->MapExtensionIds(mapping), 0);
  EXPECT_EQ(Ids(packet->view()), std::vector{2});
  EXPECT_TRUE(std::all_of(bytes.begin() + 18, bytes.end(),
                          [](int byte) { return byte == 0; }));
}

TEST(RtpPacketRewriterTest, OtherProfilesAndPlainPacketsKeepTheirBytes) {
  PacketWriter writer;
  writer.extension_block =
      PacketWriter::ExtensionBlock{0xabac, Bytes(kValue).first(8)};
  std::vector<std::uint8_t> bytes(writer.WireSize());
  ASSERT_TRUE(writer.Write(bytes));
  const auto before = bytes;
  EXPECT_EQ(PacketRewriter::Parse(bytes)->MapExtensionIds({}), 0);
  EXPECT_EQ(bytes, before);
  auto plain = Packet({});
  const auto plain_before = plain;
  EXPECT_EQ(PacketRewriter::Parse(plain)->MapExtensionIds({}), 0);
  EXPECT_EQ(plain, plain_before);
}

TEST(RtpPacketRewriterTest, MappingsTakeIdsThatExistOnly) {
  ExtensionIdMapping mapping;
  EXPECT_FALSE(mapping.Set(0, 1));
  EXPECT_FALSE(mapping.Set(1, 0));
  EXPECT_FALSE(mapping.Set(256, 1));
  EXPECT_FALSE(mapping.Set(1, 256));
  EXPECT_TRUE(mapping.Set(255, 1));
  EXPECT_EQ(mapping.Get(255), 1);
  EXPECT_EQ(mapping.Get(1), 0);
  EXPECT_EQ(mapping.Get(-1), 0);
  EXPECT_EQ(mapping.Get(256), 0);
}

TEST(RtpPacketRewriterTest, BytesThatAreNoPacketAreRefusedAsTheViewRefusesThem) {
  std::array<std::uint8_t, 12> bytes{};
  EXPECT_EQ(PacketRewriter::Parse(bytes).error(), PacketError::kBadVersion);
}

}  // namespace
}  // namespace mediacore::rtp
