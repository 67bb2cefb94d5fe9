#include "mediacore/rtcp/transport_feedback.h"

#include <array>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "../../fuzz/rtcp/transport_feedback_oracle.h"
#include "../support/captures.h"
#include "../support/rtcp_blocks.h"
#include "mediacore/rtcp/compound.h"
#include "mediacore/rtp/demux.h"

namespace mediacore::rtcp {
namespace {

using fuzz::ToldPacket;

// Base 5, 8 packets, reference 64 ms, feedback 7: five small deltas in a run,
// then not received, large (-1 ms), small.
constexpr std::array<std::uint8_t, 32> kFeedback = {
    0x8f, 205,  0, 7, 0, 0, 0, 1, 0, 0,    0,    2, 0, 5, 0, 8,
    0,    0,    1, 7, 0x20, 5, 0xc9, 0x00, 4, 0, 0, 0, 8, 0xff, 0xfc, 2};

constexpr Expected<TransportFeedbackView, TransportFeedbackError> Read(Bytes bytes) {
  ByteReader reader(bytes);
  const auto block = BlockView::TakeFrom(reader);
  if (!block) return TransportFeedbackError::kOtherMessage;
  return TransportFeedbackView::Parse(*block);
}

constexpr std::int64_t SumOfArrivals(Bytes bytes) {
  std::int64_t us = 0;
  const auto feedback = Read(bytes);
  if (!feedback) return -1;
  feedback->ForEach([&](SequenceNumber, bool received, TimeDelta at) { us += received ? at.us() : 0; });
  return us;
}
static_assert(SumOfArrivals(kFeedback) == 4 * 1000 + 3000 + (3000 - 1000) + (2000 + 500));

std::vector<ToldPacket> Told(const TransportFeedbackView& feedback) {
  std::vector<ToldPacket> packets;
  feedback.ForEach([&](SequenceNumber number, bool received, TimeDelta at) {
    packets.push_back({number.value(), received, received ? at.us() / 250 : 0});
  });
  return packets;
}

TEST(RtcpTransportFeedbackTest, TellsOfEachPacketWhetherAndWhenItCame) {
  const auto feedback = Read(kFeedback);
  ASSERT_TRUE(feedback);
  EXPECT_EQ(feedback->sender_ssrc(), Ssrc(1));
  EXPECT_EQ(feedback->media_ssrc(), Ssrc(2));
  EXPECT_EQ(feedback->base_sequence_number(), SequenceNumber(5));
  EXPECT_EQ(feedback->packet_status_count(), 8);
  EXPECT_EQ(feedback->received_count(), 7);
  EXPECT_EQ(feedback->reference_time().time(), TimeDelta::Millis(64));
  EXPECT_EQ(feedback->feedback_packet_count(), 7);
  EXPECT_EQ(feedback->chunks().size(), 4u);
  const std::vector<ToldPacket> expected = {{5, true, 4},  {6, true, 4},   {7, true, 4},  {8, true, 4},
                                            {9, true, 12}, {10, false, 0}, {11, true, 8}, {12, true, 10}};
  EXPECT_EQ(Told(*feedback), expected);
}

TEST(RtcpTransportFeedbackTest, EachCauseIsGivenInItsOrder) {
  auto bytes = kFeedback;
  bytes[1] = 206;
  EXPECT_EQ(Read(bytes).error(), TransportFeedbackError::kOtherMessage);
  bytes = kFeedback;
  bytes[0] = 0x81;
  EXPECT_EQ(Read(bytes).error(), TransportFeedbackError::kOtherMessage);
  for (std::size_t words = 1; words < 8; ++words) {
    bytes = kFeedback;
    bytes[3] = static_cast<std::uint8_t>(words - 1);
    const auto refused = Read(bytes);
    ASSERT_FALSE(refused) << words;
    EXPECT_EQ(refused.error(), words < 5    ? TransportFeedbackError::kTooShort
                               : words == 5 ? TransportFeedbackError::kChunksTruncated
                                            : TransportFeedbackError::kDeltasTruncated);
  }
  bytes = kFeedback;
  bytes[15] = 0;
  EXPECT_EQ(Read(bytes).error(), TransportFeedbackError::kNoPackets);
  for (int i = 0; i < kTransportFeedbackErrorCount; ++i) {
    EXPECT_NE(ToString(static_cast<TransportFeedbackError>(i)), "rtcp twcc: unknown");
  }
}

TEST(RtcpTransportFeedbackTest, DeltasAreFoundBehindMoreChunksThanADatagramHolds) {
  // 40,000 runs of no packets, a run of one small delta, 1.75 ms.
  std::vector<std::uint8_t> body(16 + 2 * 40'000);
  body[11] = 1;
  body.insert(body.end(), {0x20, 1, 7, 0});
  const auto block = testing::MakeBlock(kTransportFeedback, kFormatTransportWide, body);
  const auto feedback = Read(block);
  ASSERT_TRUE(feedback);
  EXPECT_EQ(feedback->chunks().size(), 80'002u);
  EXPECT_EQ(feedback->deltas().size(), 2u);
  EXPECT_EQ(Told(*feedback), (std::vector<ToldPacket>{{0, true, 7}}));
}

// Padding is no delta (a message of 8 bytes less and padding in their place).
TEST(RtcpTransportFeedbackTest, PaddingIsNotReadAsDeltas) {
  auto bytes = kFeedback;
  bytes[0] |= 0x20;
  bytes[31] = 1;
  EXPECT_EQ(Read(bytes).error(), TransportFeedbackError::kDeltasTruncated);
}

TEST(RtcpTransportFeedbackTest, TheReservedSymbolIsAPacketThatDidNotCome) {
  auto bytes = kFeedback;
  bytes[20] = 0x60;  // the run of five
  const auto feedback = Read(bytes);
  ASSERT_TRUE(feedback);
  EXPECT_EQ(feedback->received_count(), 2);
}

// All 65,536 chunks, alone and cut after each number of packets.
TEST(RtcpTransportFeedbackTest, EveryChunkTellsWhatTheDraftSays) {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const StatusChunk chunk(static_cast<std::uint16_t>(bits));
    int size = bits & 0x1fff;
    if (bits >= 0xc000) {
      size = 7;
    } else if (bits >= 0x8000) {
      size = 14;
    }
    ASSERT_EQ(chunk.size(), size);
    std::uint32_t small = 0, large = 0;
    for (int i = 0; i < std::min(size, 20); ++i) {
      unsigned symbol = bits >> 13 & 3;
      if (bits >= 0xc000) {
        symbol = bits >> (12 - 2 * i) & 3;
      } else if (bits >= 0x8000) {
        symbol = bits >> (13 - i) & 1;
      }
      ASSERT_EQ(static_cast<unsigned>(chunk.status(i)), symbol) << bits << ' ' << i;
      small += symbol == 1;
      large += symbol == 2;
      ASSERT_EQ(chunk.CountSmall(i + 1), small) << bits << ' ' << i;
      ASSERT_EQ(chunk.CountLarge(i + 1), large) << bits << ' ' << i;
    }
    ASSERT_EQ(chunk.CountSmall(0) + chunk.CountLarge(0), 0u);
    if (size == 0 || (size > 20 && bits % 61 != 0)) continue;
    // In a message of its own, with deltas for all that need one.
    std::vector<std::uint8_t> message = {0x8f, 205, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 0xf9};
    const int told = std::min(size, 300);
    message.push_back(static_cast<std::uint8_t>(told >> 8));
    message.push_back(static_cast<std::uint8_t>(told));
    message.insert(message.end(), {0, 0, 1, 0, static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits)});
    message.resize(message.size() + chunk.CountSmall(told) + 2 * chunk.CountLarge(told), 1);
    message.resize((message.size() + 3) / 4 * 4);
    StoreU16(&message[2], static_cast<std::uint16_t>(message.size() / 4 - 1));
    const auto feedback = Read(message);
    const auto oracle = fuzz::DecodeTransportFeedback(Bytes(message).subspan(4));
    ASSERT_TRUE(feedback && oracle) << bits;
    ASSERT_EQ(Told(*feedback), *oracle) << bits;
  }
}

TEST(RtcpTransportFeedbackTest, ReferenceTimesAreSignedAndComeRound) {
  EXPECT_EQ(FeedbackReferenceTime(0xffffff).time(), TimeDelta::Millis(-64));
  EXPECT_EQ(FeedbackReferenceTime(0x7fffff).time(), TimeDelta::Millis(64) * 0x7fffff);
  EXPECT_EQ(FeedbackReferenceTime(0) - FeedbackReferenceTime(0xffffff), TimeDelta::Millis(64));
  EXPECT_EQ(FeedbackReferenceTime(0x800000) - FeedbackReferenceTime(0x7fffff), TimeDelta::Millis(64));
  FeedbackTimeUnwrapper unwrapper;
  TimeDelta before = unwrapper.Unwrap(FeedbackReferenceTime(0xfffff0));
  for (std::uint32_t i = 1; i < 100; ++i) {
    const TimeDelta now = unwrapper.Unwrap(FeedbackReferenceTime(0xfffff0 + i * 0x10000));
    EXPECT_EQ(now - before, TimeDelta::Millis(64) * 0x10000);
    before = now;
  }
}

std::vector<std::uint8_t> Written(TransportFeedbackWriter& writer, std::size_t room) {
  std::vector<std::uint8_t> out(room);
  out.resize(writer.WriteFront(out));
  return out;
}

TEST(RtcpTransportFeedbackWriterTest, AHundredPacketsInARowTakeOneChunk) {
  std::vector<PacketArrival> arrivals;
  for (std::uint16_t i = 0; i < 100; ++i) {
    arrivals.push_back({SequenceNumber(static_cast<std::uint16_t>(65'500 + i)), Timestamp::Micros(1'000'000 + i * 1000)});
  }
  TransportFeedbackWriter writer{Ssrc(1), Ssrc(2), 255, arrivals};
  const auto message = Written(writer, 1200);
  EXPECT_EQ(message.size(), (20u + 2 + 100 + 3) / 4 * 4);
  EXPECT_TRUE(writer.arrivals.empty());
  EXPECT_EQ(writer.feedback_packet_count, 0);
  const auto feedback = Read(message);
  ASSERT_TRUE(feedback);
  EXPECT_EQ(feedback->feedback_packet_count(), 255);
  EXPECT_EQ(feedback->received_count(), 100);
  EXPECT_EQ(LoadU16(feedback->chunks().data()), 0x2000 | 100);
  EXPECT_EQ(feedback->reference_time().time(), TimeDelta::Millis(960));
}

TEST(RtcpTransportFeedbackWriterTest, LargeAndNegativeDeltasTakeTwoBytes) {
  const std::array arrivals = {
      PacketArrival{SequenceNumber(1), Timestamp::Millis(100)}, PacketArrival{SequenceNumber(2), Timestamp::Millis(99)},
      PacketArrival{SequenceNumber(4), Timestamp::Millis(99 + 8191)}, PacketArrival{SequenceNumber(5), Timestamp::Millis(98)}};
  TransportFeedbackWriter writer{Ssrc(1), Ssrc(2), 0, arrivals};
  const auto feedback = Read(Written(writer, 1200));
  EXPECT_TRUE(writer.arrivals.empty());
  ASSERT_TRUE(feedback);
}

TEST(RtcpTransportFeedbackWriterTest, AMessageEndsWhereADeltaDoesNotFit) {
  const std::array arrivals = {PacketArrival{SequenceNumber(1), Timestamp::Millis(0)},
                               PacketArrival{SequenceNumber(2), Timestamp::Millis(8192)},
                               PacketArrival{SequenceNumber(3), Timestamp::PlusInfinity()}};
  TransportFeedbackWriter writer{Ssrc(1), Ssrc(2), 0, arrivals};
  EXPECT_EQ(Read(Written(writer, 1200))->received_count(), 1);
  EXPECT_EQ(Read(Written(writer, 1200))->received_count(), 1);
  EXPECT_EQ(writer.arrivals.size(), 1u);
  EXPECT_TRUE(Written(writer, 1200).empty());  // no time can be told
  EXPECT_EQ(writer.arrivals.size(), 1u);
  EXPECT_EQ(writer.feedback_packet_count, 2);
}

TEST(RtcpTransportFeedbackWriterTest, AMessageEndsWhereTheOrderDoes) {
  for (const unsigned second : {10u, 9u, 5u, 0x800bu, 0x8010u}) {  // 10 again, before it, half the circle ahead
    const std::array arrivals = {PacketArrival{SequenceNumber(10), Timestamp::Millis(0)},
                                 PacketArrival{SequenceNumber(static_cast<std::uint16_t>(second)), Timestamp::Millis(1)}};
    TransportFeedbackWriter writer{Ssrc(1), Ssrc(2), 0, arrivals};
    EXPECT_EQ(Read(Written(writer, 65'000))->packet_status_count(), 1) << second;
    EXPECT_EQ(writer.arrivals.size(), 1u);
  }
}

TEST(RtcpTransportFeedbackWriterTest, LossBetweenTwoMessagesIsToldByTheSecond) {
  const std::array arrivals = {PacketArrival{SequenceNumber(65'534), Timestamp::Millis(0)},
                               PacketArrival{SequenceNumber(2), Timestamp::Millis(9000)}};
  TransportFeedbackWriter writer{Ssrc(1), Ssrc(2), 0, arrivals, 2};
  const auto first = Written(writer, 1200);
  EXPECT_EQ(Read(first)->base_sequence_number(), SequenceNumber(65'532));
  EXPECT_EQ(Read(first)->packet_status_count(), 3);
  EXPECT_EQ(Read(first)->received_count(), 1);
  const auto second = Written(writer, 1200);
  EXPECT_EQ(Read(second)->base_sequence_number(), SequenceNumber(65'535));
  EXPECT_EQ(Read(second)->packet_status_count(), 4);
  EXPECT_EQ(writer.lost_before, 0);
}

TEST(RtcpTransportFeedbackWriterTest, ThousandsOfLostPacketsAreARunOrTwo) {
  const std::array arrivals = {PacketArrival{SequenceNumber(65'000), Timestamp::Millis(0)},
                               PacketArrival{SequenceNumber(25'000), Timestamp::Millis(1)}};
  TransportFeedbackWriter writer{Ssrc(1), Ssrc(2), 0, arrivals};
  const auto message = Written(writer, 65'000);
  EXPECT_EQ(message.size(), 36u);
  EXPECT_EQ(Read(message)->packet_status_count(), 25'537);
}

TEST(RtcpTransportFeedbackWriterTest, TheSmallestBufferHoldsOnePacketAndASmallerOneNone) {
  const std::array arrivals = {PacketArrival{SequenceNumber(1), Timestamp::Millis(5)},
                               PacketArrival{SequenceNumber(2), Timestamp::Millis(500)}};
  TransportFeedbackWriter writer{Ssrc(1), Ssrc(2), 0, arrivals};
  for (std::size_t room = 0; room < 24; ++room) EXPECT_TRUE(Written(writer, room).empty());
  EXPECT_EQ(Written(writer, 24).size(), 24u);
  EXPECT_EQ(writer.arrivals.size(), 1u);
  EXPECT_EQ(Written(writer, 27).size(), 24u);
}

TEST(RtcpTransportFeedbackWriterTest, TimesAtTheEndsOfTheClockAreToldOf) {
  for (const Timestamp time : {Timestamp::Micros(INT64_MIN + 1), Timestamp::Micros(INT64_MAX - 1)}) {
    const std::array arrivals = {PacketArrival{SequenceNumber(1), time}};
    TransportFeedbackWriter writer{Ssrc(1), Ssrc(2), 0, arrivals};
    EXPECT_EQ(Written(writer, 24).size(), 24u);
    EXPECT_TRUE(writer.arrivals.empty());
  }
}

// Any arrivals in any room read back as what they were, cut to 250 us.
TEST(RtcpTransportFeedbackWriterTest, WhatIsWrittenReadsBackTheSame) {
  std::mt19937_64 random(1);
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  for (int round = 0; round < 1'500; ++round) {
    std::vector<PacketArrival> arrivals;
    std::int64_t us = below(2) ? -below(1'000'000'000) : below(1'000'000'000);
    SequenceNumber number(static_cast<std::uint16_t>(random()));
    const std::int64_t loss = below(3) ? below(20) : 0, jumps = below(60);
    for (std::int64_t i = below(400); i >= 0; --i) {
      arrivals.push_back({number, Timestamp::Micros(us)});
      number = number + 1 + (below(100) < loss ? below(below(10) ? 4 : 9'000) : 0);
      us += below(100) < jumps ? below(200'000) - 90'000 : below(20'000);
    }
    TransportFeedbackWriter writer{Ssrc(1), Ssrc(2), 0, arrivals};
    const auto room = static_cast<std::size_t>(24 + below(round % 2 ? 60 : 1'500));
    std::size_t told = 0;
    while (!writer.arrivals.empty()) {
      const auto message = Written(writer, room);
      ASSERT_FALSE(message.empty());
      const auto feedback = Read(message);
      ASSERT_TRUE(feedback);
      ASSERT_EQ(Told(*feedback), *fuzz::DecodeTransportFeedback(Bytes(message).subspan(4)));
      const Timestamp reference = Timestamp::Micros(0) + feedback->reference_time().time();
      feedback->ForEach([&](SequenceNumber at, bool received, TimeDelta since) {
        if (!received) return;
        ASSERT_TRUE(told < arrivals.size() && at == arrivals[told].number);
        const std::int64_t off = (arrivals[told].time - (reference + since)).us();
        ASSERT_TRUE(off >= 0 && off < 250) << off;
        ++told;
      });
    }
    ASSERT_EQ(told, arrivals.size());
  }
}

TEST(RtcpTransportFeedbackCaptureTest, FeedbackOfBrowsersAndGStreamerIsWrittenAgain) {
  int messages = 0, same_bytes = 0;
  for (const auto& summary : testing::ReadCaptureSummaries()) {
    if (summary.name.find("srtp") != std::string::npos || summary.name.find("wire") != std::string::npos) continue;
    const bool whole = testing::ForEachDatagram(summary.name, [&](const capture::Datagram& datagram) {
      if (rtp::Demultiplex(datagram.payload) != rtp::PacketKind::kRtcp) return;
      const auto compound = CompoundView::Parse(datagram.payload, {.reduced_size = true});
      ASSERT_TRUE(compound);
      for (const BlockView block : *compound) {
        if (block.packet_type() != kTransportFeedback || block.count() != kFormatTransportWide) continue;
        const auto feedback = TransportFeedbackView::Parse(block);
        ASSERT_TRUE(feedback) << ToString(feedback.error());
        const auto told = Told(*feedback);
        ASSERT_EQ(told, *fuzz::DecodeTransportFeedback(block.body()));
        std::vector<PacketArrival> arrivals;
        const Timestamp reference = Timestamp::Micros(0) + feedback->reference_time().time();
        for (const ToldPacket& packet : told) {
          if (!packet.received) continue;
          arrivals.push_back({SequenceNumber(packet.number), reference + TimeDelta::Micros(packet.quarter_ms * 250)});
        }
        TransportFeedbackWriter writer{feedback->sender_ssrc(), feedback->media_ssrc(),
                                       feedback->feedback_packet_count(), arrivals};
        writer.lost_before = static_cast<std::uint16_t>(
            std::find_if(told.begin(), told.end(), [](const auto& packet) { return packet.received; }) - told.begin());
        const auto message = Written(writer, 1200);
        EXPECT_TRUE(writer.arrivals.empty());
        const auto again = Read(message);
        ASSERT_TRUE(again);
        // One that ends with packets that did not come is shorter now.
        auto without_end = told;
        while (!without_end.back().received) without_end.pop_back();
        auto now = Told(*again);
        const std::int64_t shift = (again->reference_time() - feedback->reference_time()).us() / 250;
        for (ToldPacket& packet : now) packet.quarter_ms += packet.received ? shift : 0;
        EXPECT_EQ(now, without_end);
        ++messages;
        const Bytes body = block.body();
        same_bytes += message.size() >= 4 + body.size() && std::equal(body.begin(), body.end(), message.begin() + 4);
      }
    });
    EXPECT_TRUE(whole || summary.kinds.count("tcp") == 1) << summary.name;
  }
  if (messages == 0) GTEST_SKIP() << "the captures are not here";
  std::printf("%d messages, %d of them byte for byte as they came\n", messages, same_bytes);
}

}  // namespace
}  // namespace mediacore::rtcp
