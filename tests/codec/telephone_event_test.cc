#include "mediacore/codec/telephone_event.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/h264_maker.h"
#include "../support/heap_watch.h"
#include "mediacore/codec/telephone_event_reader.h"

namespace mediacore::codec {
namespace {

using testing::Dice;
using Block = std::vector<std::uint8_t>;

// "7", at its end, 10 dB below, 100 ms.
constexpr std::uint8_t kSeven[] = {7, 0x8a, 0x03, 0x20};
static_assert(TelephoneEventView::Parse(kSeven)->size() == 1);
static_assert((*TelephoneEventView::Parse(kSeven))[0] == TelephoneEvent{7, true, false, 10, 800});
static_assert(DtmfDigit(7) == '7' && DtmfDigit(10) == '*' && DtmfDigit(15) == 'D' && DtmfDigit(16) == '\0');

TEST(TelephoneEventTest, EachLieHasItsError) {
  EXPECT_EQ(TelephoneEventView::Parse({}).error(), TelephoneEventError::kEmpty);
  const Block reports(13);
  for (std::size_t size = 1; size <= reports.size(); ++size) {
    const auto view = TelephoneEventView::Parse(Bytes(reports).first(size));
    ASSERT_EQ(view.has_value(), size % 4 == 0);
    if (!view) {
      EXPECT_EQ(view.error(), TelephoneEventError::kTruncated);
    }
  }
  EXPECT_NE(ToString(TelephoneEventError::kEmpty), ToString(TelephoneEventError::kTruncated));
  EXPECT_EQ(ToString(TelephoneEventError{9}), "telephone event: unknown");
}

TEST(TelephoneEventTest, EveryFirstTwoBytesReadAndWriteBackTheSame) {
  for (int bits = 0; bits < 65536; ++bits) {
    const std::uint8_t wire[] = {static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits), 0x12, 0x34};
    const TelephoneEvent event = (*TelephoneEventView::Parse(wire))[0];
    ASSERT_EQ(event.event, wire[0]);
    ASSERT_EQ(event.end, wire[1] >> 7 != 0);
    ASSERT_EQ(event.volume, wire[1] & 63);
    ASSERT_EQ(event.duration, 0x1234);
    std::uint8_t again[4] = {};
    ASSERT_TRUE((TelephoneEventWriter{{&event, 1}}.Write(again)));
    ASSERT_TRUE(std::equal(wire, wire + 4, again));
    ASSERT_FALSE((TelephoneEventWriter{{&event, 1}}.Write(MutableBytes(again).first(3))));
  }
}

class TelephoneEventReaderTest : public ::testing::Test {
 protected:
  void Push(std::uint32_t timestamp, const std::vector<TelephoneEvent>& events, bool marker = false) {
    const TelephoneEventWriter writer{events};
    Block wire(writer.WireSize());
    ASSERT_TRUE(writer.Write(wire));
    ASSERT_TRUE(reader_.HandlePacket({RtpTimestamp(timestamp), marker, false, wire}, sink_));
  }
  // What was told since the last call, as "7+1000" for a start and "7-1000:800" for
  // an end that was seen, "7?1000:800" for one that was not.
  std::string Told() {
    std::string text;
    for (const TelephoneEventChange& change : changes_) {
      if (!text.empty()) text += ' ';
      text += DtmfDigit(change.event);
      text += !change.end ? '+' : change.end_seen ? '-' : '?';
      text += std::to_string(change.rtp_timestamp.value());
      if (change.end) text += ':' + std::to_string(change.duration);
    }
    changes_.clear();
    return text;
  }
  static TelephoneEvent Going(std::uint8_t event, std::uint16_t duration) {
    return {event, false, false, 10, duration};
  }
  static TelephoneEvent Ended(std::uint8_t event, std::uint16_t duration) { return {event, true, false, 10, duration}; }

  std::vector<TelephoneEventChange> changes_;
  std::function<void(const TelephoneEventChange&)> sink_ = [this](const TelephoneEventChange& change) {
    changes_.push_back(change);
  };
  TelephoneEventReader reader_;
};

TEST_F(TelephoneEventReaderTest, AKeyIsToldWhenItGoesDownAndWhenItComesUp) {
  Push(1000, {Going(7, 160)}, true);
  EXPECT_EQ(Told(), "7+1000");
  EXPECT_TRUE(reader_.active());
  Push(1000, {Going(7, 320)});
  EXPECT_EQ(Told(), "");
  for (int i = 0; i < 3; ++i) Push(1000, {Ended(7, 480)});
  EXPECT_EQ(Told(), "7-1000:480");
  EXPECT_FALSE(reader_.active());
  Push(1000, {Going(7, 320)});  // late
  EXPECT_EQ(Told(), "");
  EXPECT_EQ(reader_.counters().events, 1u);
  EXPECT_EQ(reader_.counters().reports, 6u);
}

TEST_F(TelephoneEventReaderTest, OneEndIsEnough) {
  Push(1000, {Ended(7, 480)});
  EXPECT_EQ(Told(), "7+1000 7-1000:480");
}

TEST_F(TelephoneEventReaderTest, AMissedEndIsToldWithTheNextEventOrByFlush) {
  Push(1000, {Going(5, 160)}, true);
  Push(3000, {Going(5, 160)}, true);  // the same key again
  EXPECT_EQ(Told(), "5+1000 5?1000:160 5+3000");
  reader_.Flush(sink_);
  EXPECT_EQ(Told(), "5?3000:160");
  reader_.Flush(sink_);
  Push(3000, {Ended(5, 500)});
  EXPECT_EQ(Told(), "");
}

TEST_F(TelephoneEventReaderTest, EventsInOnePacketFollowOneAnother) {
  Push(100, {Ended(1, 400), Ended(2, 300), Going(3, 160)}, true);
  EXPECT_EQ(Told(), "1+100 1-100:400 2+500 2-500:300 3+800");
}

TEST_F(TelephoneEventReaderTest, RedundantBlocksTellWhatWasMissed) {
  Push(1000, {Going(1, 160)}, true);
  // Then RED: the block of "1" at its end, the block of "2".
  Push(1000, {Ended(1, 400)});
  Push(2000, {Going(2, 160)});
  Push(1000, {Ended(1, 400)});
  Push(2000, {Ended(2, 320)});
  EXPECT_EQ(Told(), "1+1000 1-1000:400 2+2000 2-2000:320");
}

TEST_F(TelephoneEventReaderTest, ALongEventInSegmentsIsOneEvent) {
  const std::uint32_t start = 0xffff8000;  // wraps
  Push(start, {Going(4, 160)}, true);
  Push(start, {Going(4, 0xffff)});
  Push(start + 0xffff, {Going(4, 160)});
  // The whole of the next segment is lost.
  Push(start + 3 * 0xffff, {Going(4, 320)});
  Push(start + 3 * 0xffff, {Ended(4, 1000)});
  Push(start + 3 * 0xffff, {Ended(4, 1000)});
  EXPECT_EQ(Told(),
            "4+" + std::to_string(start) + " 4-" + std::to_string(start) + ":" + std::to_string(3 * 0xffff + 1000));
  // A marker begins another event, wherever it lies.
  Push(0, {Going(4, 160)}, true);
  Push(0xffff, {Going(4, 160)}, true);
  EXPECT_EQ(Told(), "4+0 4?0:160 4+65535");
}

TEST_F(TelephoneEventReaderTest, AnEventThatComesLateIsToldWithItsEnd) {
  Push(2000, {Going(2, 160)}, true);
  Push(1000, {Going(1, 160)}, true);
  EXPECT_EQ(Told(), "2+2000");
  Push(1000, {Ended(1, 400)});
  EXPECT_EQ(Told(), "1+1000 1-1000:400");
  EXPECT_TRUE(reader_.active());
  Push(1000, {Ended(1, 400)});
  Push(2000, {Ended(2, 400)});
  EXPECT_EQ(Told(), "2-2000:400");
  EXPECT_EQ(reader_.counters().late, 1u);
}

TEST_F(TelephoneEventReaderTest, ALateEventOfTheSameTimeDoesNotEndTheOneThatGoesOn) {
  Push(1000, {Going(7, 160)}, true);
  Push(1000, {Ended(1, 0)});
  EXPECT_TRUE(reader_.active());
  Push(1000, {Ended(7, 400)});
  EXPECT_EQ(Told(), "7+1000 1+1000 1-1000:0 7-1000:400");
}

TEST_F(TelephoneEventReaderTest, WhatIsOlderThanItRemembersIsNotToldTwice) {
  for (std::uint32_t i = 1; i <= 20; ++i) Push(1000 * i, {Ended(1, 400)});
  Told();
  for (std::uint32_t i = 1; i <= 20; ++i) Push(1000 * i, {Ended(1, 400)});
  Push(500, {Ended(1, 400)});
  EXPECT_EQ(Told(), "");
  Push(19'500, {Ended(2, 100)});  // fits between
  EXPECT_EQ(Told(), "2+19500 2-19500:100");
  EXPECT_EQ(reader_.counters().late, 13u);
}

TEST_F(TelephoneEventReaderTest, AClockThatIsSetBackStartsAnew) {
  Push(1'000'000, {Going(1, 160)}, true);
  Push(5, {Going(2, 160)}, true);
  EXPECT_EQ(Told(), "1+1000000 1?1000000:160 2+5");
}

TEST_F(TelephoneEventReaderTest, WhatIsNoPayloadIsCounted) {
  const Block odd(5);
  EXPECT_FALSE(reader_.HandlePacket({RtpTimestamp(1), false, false, odd}, sink_));
  EXPECT_FALSE(reader_.HandlePacket({RtpTimestamp(1), false, false, {}}, sink_));
  EXPECT_EQ(reader_.counters().refused, 2u);
}

// Each key is told down once and up once, whatever is lost and in whatever order
// the packets come, as long as one end of it arrives.
TEST(TelephoneEventPropertyTest, EachEventIsToldOnceUnderLossAndReordering) {
  Dice dice(9);
  for (int round = 0; round < 2000; ++round) {
    struct Packet {
      std::uint32_t timestamp;
      bool marker;
      Block payload;
      std::size_t place;
    };
    std::vector<Packet> packets;
    std::map<std::uint32_t, bool> ends;  // by start: an end arrives
    auto timestamp = static_cast<std::uint32_t>(dice.Bits());
    for (int key = 0; key < 20; ++key) {
      const auto event = static_cast<std::uint8_t>(dice.Below(3));
      const std::size_t reports = 1 + dice.Below(5);
      for (std::size_t i = 1; i <= reports + 3; ++i) {
        const TelephoneEvent report{event, i > reports, false, 10,
                                    static_cast<std::uint16_t>(160 * std::min(i, reports + 1))};
        if (dice.Chance(30)) continue;
        Block wire(4);
        ASSERT_TRUE((TelephoneEventWriter{{&report, 1}}.Write(wire)));
        packets.push_back({timestamp, i == 1, wire, packets.size() + dice.Below(round % 3 == 0 ? 1 : 12)});
        ends[timestamp] = ends[timestamp] || report.end;
      }
      timestamp += static_cast<std::uint32_t>(160 * (reports + 2 + dice.Below(9)));
    }
    std::ranges::sort(packets, {},
                      [](const Packet& packet) { return std::pair(packet.place, packet.payload[1] & 0x80); });
    std::map<std::uint32_t, int> starts, stops;
    const auto sink = [&](const TelephoneEventChange& change) {
      ++(change.end ? stops : starts)[change.rtp_timestamp.value()];
      EXPECT_EQ(starts[change.rtp_timestamp.value()], 1);
    };
    TelephoneEventReader reader;
    for (const Packet& packet : packets) {
      ASSERT_TRUE(reader.HandlePacket({RtpTimestamp(packet.timestamp), packet.marker, false, packet.payload}, sink));
    }
    reader.Flush(sink);
    EXPECT_EQ(starts, stops);
    for (const auto& [start, end] : ends) {
      if (end) {
        EXPECT_EQ(starts[start], 1) << round;
      }
    }
    EXPECT_EQ(reader.counters().events, stops.size());
  }
}

// What wraps has an order among neighbours alone: a quarter of the circle at a time,
// no two events that are remembered are half of it apart.
TEST(TelephoneEventReaderClockTest, AClockThatIsSetFarStartsAnewAndEveryStartHasItsEnd) {
  TelephoneEventReader reader;
  int open = 0;
  const auto sink = [&](const TelephoneEventChange& change) { open += change.end ? -1 : 1; };
  constexpr std::array<std::uint8_t, 4> kGoesOn = {7, 10, 0, 160};
  for (const std::uint32_t start : {0xc0000000u, 0u, 0x80000000u, 0xc0000000u, 0x40000000u}) {
    (void)reader.HandlePacket({RtpTimestamp(start), false, false, kGoesOn}, sink);
    EXPECT_EQ(open, reader.active() ? 1 : 0);
  }
  EXPECT_EQ(reader.counters().restarts, 4u);
  reader.Flush(sink);
  EXPECT_EQ(open, 0);
}

TEST(TelephoneEventPropertyTest, NoHeapIsUsedPerPacket) {
  TelephoneEventReader reader;
  int told = 0;
  const testing::HeapWatch watch;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    (void)reader.HandlePacket({RtpTimestamp(400 * i), false, false, kSeven}, [&](const auto&) { ++told; });
  }
  EXPECT_EQ(watch.allocations(), 0u);
  EXPECT_EQ(told, 2000);
}

}  // namespace
}  // namespace mediacore::codec
