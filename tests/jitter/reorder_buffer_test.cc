#include "mediacore/jitter/reorder_buffer.h"

#include <cstdlib>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../support/heap_watch.h"
#include "mediacore/sim/link.h"
#include "reorder_buffer_checker.h"

namespace mediacore::jitter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Timestamp AtMs(std::int64_t ms) { return Timestamp::Millis(ms); }

// A buffer of numbers that writes down what comes out, "7" or "7(lost 2)".
class Stream {
 public:
  explicit Stream(const ReorderBufferConfig& config = {})
      : buffer_(ReorderBuffer<int>::Create(config).value()) {}

  InsertOutcome Put(std::int64_t ms, int number, std::size_t size = 100) {
    return buffer_.Insert(AtMs(ms), SequenceNumber(static_cast<std::uint16_t>(number)),
                          size, int{number});
  }
  std::vector<std::string> Take(std::int64_t ms) {
    std::vector<std::string> out;
    ReorderBuffer<int>::Popped popped;
    while (buffer_.Pop(AtMs(ms), popped)) {
      std::string text = std::to_string(popped.packet);
      if (popped.lost_before > 0) {
        text += "(lost " + std::to_string(popped.lost_before) + ")";
      }
      if (popped.restarted) text += "(restarted)";
      out.push_back(text);
    }
    return out;
  }
  ReorderBuffer<int>& operator*() { return buffer_; }
  ReorderBuffer<int>* operator->() { return &buffer_; }

 private:
  ReorderBuffer<int> buffer_;
};

TEST(ReorderBufferTest, PacketsInOrderComeOutAtOnceAcrossTheWrap) {
  Stream stream;
  for (const int n : {65534, 65535, 0, 1}) {
    EXPECT_EQ(stream.Put(0, n), InsertOutcome::kInOrder);
    EXPECT_THAT(stream.Take(0), ElementsAre(std::to_string(n)));
    EXPECT_EQ(stream->NextTimeout(), Timestamp::PlusInfinity());
  }
}

TEST(ReorderBufferTest, SeveralPacketsInOrderComeOutTogether) {
  Stream stream;
  for (const int n : {1, 2, 3}) stream.Put(5, n);
  EXPECT_LE(stream->NextTimeout(), AtMs(5));
  EXPECT_THAT(stream.Take(5), ElementsAre("1", "2", "3"));
}

TEST(ReorderBufferTest, APacketThatComesAfterALaterOneTakesItsPlace) {
  Stream stream;
  stream.Put(0, 1);
  stream.Take(0);
  EXPECT_EQ(stream.Put(1, 3), InsertOutcome::kInOrder);
  EXPECT_THAT(stream.Take(1), ElementsAre());
  EXPECT_EQ(stream.Put(2, 2), InsertOutcome::kOutOfOrder);
  EXPECT_THAT(stream.Take(2), ElementsAre("2", "3"));
  EXPECT_EQ(stream->counters().out_of_order, 1u);
  EXPECT_EQ(stream->counters().lost, 0u);
}

TEST(ReorderBufferTest, OnACleanStreamALostPacketIsAwaitedForMinWaitOnly) {
  Stream stream({.min_wait = TimeDelta::Millis(20)});
  stream.Put(0, 1);
  stream.Take(0);
  stream.Put(10, 4);
  EXPECT_EQ(stream->NextTimeout(), AtMs(30));
  EXPECT_THAT(stream.Take(29), ElementsAre());
  EXPECT_THAT(stream.Take(30), ElementsAre("4(lost 2)"));
  EXPECT_EQ(stream->counters().lost, 2u);
  EXPECT_EQ(stream->NextTimeout(), Timestamp::PlusInfinity());
}

TEST(ReorderBufferTest, TheWaitGrowsToTheDisorderSeenAndFadesWhenThereIsNone) {
  Stream stream({.min_wait = TimeDelta::Millis(20)});
  for (const int n : {1, 3}) stream.Put(0, n);
  stream.Put(16, 2);  // 16 ms after its successor
  EXPECT_EQ(stream->wait(), TimeDelta::Millis(20));
  stream.Put(100, 5);
  stream.Put(119, 4);
  stream.Take(119);
  EXPECT_EQ(stream->wait(), TimeDelta::Micros(23'750));
  // A minute later a gap costs the least again.
  stream.Put(60'000, 6);
  stream.Take(60'000);
  stream.Put(60'000, 8);
  EXPECT_THAT(stream.Take(60'020), ElementsAre("8(lost 1)"));
}

TEST(ReorderBufferTest, APacketThatCameTooLateTeachesToWaitLonger) {
  Stream stream({.min_wait = TimeDelta::Millis(20)});
  for (const int n : {1, 3}) stream.Put(0, n);
  stream.Take(20);
  EXPECT_EQ(stream.Put(80, 2), InsertOutcome::kLate);
  EXPECT_EQ(stream->wait(), TimeDelta::Millis(100));
  stream.Put(90, 5);
  EXPECT_EQ(stream.Put(175, 4), InsertOutcome::kOutOfOrder);
}

TEST(ReorderBufferTest, NoDisorderMakesAPacketWaitLongerThanMaxWait) {
  Stream stream({.max_wait = TimeDelta::Millis(100)});
  stream.Put(0, 1);
  stream.Put(0, 3);
  stream.Put(99, 2);
  stream.Take(99);
  EXPECT_EQ(stream->wait(), TimeDelta::Millis(100));
  stream.Put(200, 5);
  stream.Put(250, 7);  // behind two gaps
  EXPECT_THAT(stream.Take(299), ElementsAre());
  EXPECT_THAT(stream.Take(300), ElementsAre("5(lost 1)"));
  EXPECT_THAT(stream.Take(349), ElementsAre());
  EXPECT_THAT(stream.Take(350), ElementsAre("7(lost 1)"));
}

TEST(ReorderBufferTest, WhatNoWaitWouldHaveHelpedTeachesNothing) {
  Stream stream({.min_wait = TimeDelta::Millis(20), .max_wait = TimeDelta::Millis(100)});
  for (const int n : {1, 3}) stream.Put(0, n);
  stream.Take(20);
  EXPECT_EQ(stream.Put(5000, 2), InsertOutcome::kLate);
  EXPECT_EQ(stream->wait(), TimeDelta::Millis(20));
}

TEST(ReorderBufferTest, APacketThatComesTwiceIsADuplicateWhereverTheFirstIs) {
  Stream stream;
  stream.Put(0, 1);
  EXPECT_EQ(stream.Put(0, 1), InsertOutcome::kDuplicate);  // not yet out
  stream.Take(0);
  EXPECT_EQ(stream.Put(0, 1), InsertOutcome::kDuplicate);  // out
  stream.Put(0, 3);
  EXPECT_EQ(stream.Put(0, 3), InsertOutcome::kDuplicate);  // behind a gap
  EXPECT_EQ(stream->counters().duplicates, 3u);
}

TEST(ReorderBufferTest, LateAndDuplicateAreToldApartFiveHundredPacketsBack) {
  Stream stream;
  for (int n = 0; n < 600; ++n) {
    if (n % 10 != 7) stream.Put(n, n);
    stream.Take(n);
  }
  stream.Take(1000);
  EXPECT_EQ(stream.Put(1000, 107), InsertOutcome::kLate);
  EXPECT_EQ(stream.Put(1000, 109), InsertOutcome::kDuplicate);
  EXPECT_EQ(stream.Put(1000, 587), InsertOutcome::kLate);
  EXPECT_EQ(stream.Put(1000, 588), InsertOutcome::kDuplicate);
  EXPECT_EQ(stream->counters().lost, 60u);
  EXPECT_EQ(stream->counters().late, 2u);
}

TEST(ReorderBufferTest, ASenderThatRestartsElsewhereGoesOnAfterTwoPackets) {
  Stream stream;
  for (const int n : {100, 101, 103}) stream.Put(0, n);
  EXPECT_THAT(stream.Take(0), ElementsAre("100", "101"));
  EXPECT_EQ(stream.Put(1, 40'000), InsertOutcome::kJumped);
  EXPECT_THAT(stream.Take(1), ElementsAre());
  EXPECT_EQ(stream.Put(2, 40'001), InsertOutcome::kRestarted);
  // What was held of the old sequence comes first, and waits for nothing more.
  EXPECT_THAT(stream.Take(2), ElementsAre("103(lost 1)", "40000(restarted)", "40001"));
  EXPECT_EQ(stream.Put(3, 40'002), InsertOutcome::kInOrder);
  EXPECT_THAT(stream.Take(3), ElementsAre("40002"));
  EXPECT_EQ(stream->counters().restarts, 1u);
  EXPECT_EQ(stream->counters().jumped, 0u);
}

TEST(ReorderBufferTest, OneStrayPacketFarOffDisturbsNothing) {
  Stream stream;
  stream.Put(0, 100);
  EXPECT_EQ(stream.Put(1, 40'000), InsertOutcome::kJumped);
  EXPECT_EQ(stream.Put(2, 101), InsertOutcome::kInOrder);
  EXPECT_THAT(stream.Take(2), ElementsAre("100", "101"));
  EXPECT_EQ(stream->counters().held, 1u);  // the stray one may yet be confirmed
  EXPECT_EQ(stream.Put(700, 102), InsertOutcome::kInOrder);
  EXPECT_EQ(stream->counters().held, 1u);  // by now it was dropped
  EXPECT_EQ(stream->counters().jumped, 1u);
  EXPECT_THAT(stream.Take(700), ElementsAre("102"));
}

TEST(ReorderBufferTest, ASenderThatRestartsALittleFurtherBackIsNoticedBySixtyFourRepeats) {
  Stream stream;
  for (int n = 0; n < 500; ++n) stream.Put(0, n);
  stream.Take(0);
  for (int n = 0; n < 63; ++n) {
    EXPECT_EQ(stream.Put(1, n), InsertOutcome::kDuplicate);
  }
  EXPECT_EQ(stream.Put(1, 63), InsertOutcome::kRestarted);
  EXPECT_THAT(stream.Take(1), ElementsAre("63(restarted)"));
  EXPECT_EQ(stream.Put(1, 62), InsertOutcome::kLate);  // of the new sequence: never seen
}

TEST(ReorderBufferTest, AFullBufferStopsWaiting) {
  Stream stream({.max_packets = 3});
  stream.Put(0, 1);
  stream.Take(0);
  for (const int n : {3, 5}) stream.Put(1, n);
  EXPECT_THAT(stream.Take(1), ElementsAre());
  stream.Put(1, 6);
  EXPECT_LE(stream->NextTimeout(), AtMs(1));
  EXPECT_THAT(stream.Take(1), ElementsAre("3(lost 1)"));  // then there is room
}

TEST(ReorderBufferTest, APacketForWhichThereIsNoRoomStaysWithTheCaller) {
  ReorderBufferChecker checker({.max_packets = 2});
  for (const int n : {1, 3}) {
    checker.Insert(AtMs(0), SequenceNumber(static_cast<std::uint16_t>(n)), 100);
  }
  EXPECT_EQ(checker.Insert(AtMs(0), SequenceNumber(4), 100),
            InsertOutcome::kDroppedForRoom);
  EXPECT_EQ(checker.counters().dropped_for_room, 1u);
  EXPECT_STREQ(checker.failure(), nullptr);
}

TEST(ReorderBufferTest, BytesAreBoundedToo) {
  Stream stream({.max_bytes = 65'536});
  stream.Put(0, 1, 20'000);
  stream.Take(0);
  for (const int n : {3, 4, 5}) stream.Put(0, n, 20'000);
  // A fourth might not fit: the gap is given up before it comes.
  EXPECT_THAT(stream.Take(0), ElementsAre("3(lost 1)", "4", "5"));
  EXPECT_EQ(stream.Put(0, 6, 70'000), InsertOutcome::kDroppedForRoom);
}

TEST(ReorderBufferTest, TheEndOfTheStreamBringsOutWhatIsHeld) {
  Stream stream;
  for (const int n : {1, 3, 6}) stream.Put(0, n);
  stream.Put(0, 30'000);
  stream->Flush();
  EXPECT_THAT(stream.Take(0), ElementsAre("1", "3(lost 1)", "6(lost 2)"));
  EXPECT_EQ(stream->counters().jumped, 1u);
  EXPECT_EQ(stream->counters().held, 0u);
}

TEST(ReorderBufferTest, AnotherStreamBeginsAtAnyNumberAtOnceAndAfterWhatIsHeld) {
  for (const int number : {40'000, 4, 5, 8, 900, 65'535}) {
    Stream stream;
    for (const int n : {1, 2, 5}) stream.Put(0, n);
    stream->Restart();
    stream->Restart();
    EXPECT_EQ(stream.Put(0, number), InsertOutcome::kInOrder);
    EXPECT_EQ(stream.Put(0, number - 1), InsertOutcome::kLate);
    EXPECT_THAT(stream.Take(0), ElementsAre("1", "2", "5(lost 2)", std::to_string(number)));
    stream->Restart();
    EXPECT_EQ(stream->NextTimeout(), Timestamp::PlusInfinity());
    EXPECT_EQ(stream.Put(0, 7), InsertOutcome::kInOrder);
    EXPECT_THAT(stream.Take(0), ElementsAre("7"));
    EXPECT_EQ(stream->counters().expected, 7u);
    EXPECT_EQ(stream->counters().lost, 2u);
  }
}

TEST(ReorderBufferTest, WhenTheClockStepsBackTimeStandsStill) {
  Stream stream({.min_wait = TimeDelta::Millis(20)});
  stream.Put(1000, 1);
  stream.Put(1000, 3);
  stream.Take(1000);
  stream.Put(10, 4);
  EXPECT_EQ(stream->NextTimeout(), AtMs(1020));
  EXPECT_THAT(stream.Take(15), ElementsAre());
  EXPECT_THAT(stream.Take(1020), ElementsAre("3(lost 1)", "4"));
}

// The sequence of public bug reports about roll-over counted twice.
TEST(ReorderBufferTest, ReorderingAroundTheWrapLosesNothing) {
  Stream stream;
  for (const int n : {65'532, 65'533, 65'535, 0, 1, 65'534, 2}) stream.Put(0, n);
  EXPECT_THAT(stream.Take(0), ElementsAre("65532", "65533", "65534", "65535", "0", "1", "2"));
  EXPECT_EQ(stream->counters().restarts, 0u);
}

TEST(ReorderBufferTest, JumpsOfAnySizeKeepTheBufferBounded) {
  ReorderBufferChecker checker({.max_packets = 64, .max_dropout = 200});
  std::uint16_t number = 0;
  for (int i = 0; i < 200'000; ++i) {
    number = static_cast<std::uint16_t>(number + (i * 7919) % 65'536);
    checker.Insert(AtMs(i), SequenceNumber(number), 1000);
    if (i % 3 == 0) checker.Insert(AtMs(i), SequenceNumber(++number), 1000);
    checker.Drain(AtMs(i));
    ASSERT_STREQ(checker.failure(), nullptr);
  }
  EXPECT_GT(checker.counters().restarts, 1000u);
  checker.Finish();
  EXPECT_STREQ(checker.failure(), nullptr);
}

TEST(ReorderBufferTest, AMillionPacketsWithLossReorderingAndDuplicatesAreAllAccountedFor) {
  using Link = sim::Link<std::uint16_t>;
  sim::LinkConfig config;
  config.delay = TimeDelta::Millis(30);
  config.loss.kind = sim::LossModel::Kind::kBernoulli;
  config.loss.probability = 0.05;
  config.reordering.probability = 0.2;
  config.reordering.extra_delay = TimeDelta::Millis(8);
  config.duplication.probability = 0.01;
  config.duplication.extra_delay = TimeDelta::Millis(3);
  auto link = Link::Create(config).value();
  ReorderBufferChecker checker({});
  constexpr int kPackets = 1'000'000;
  Link::Delivery delivery;
  auto receive = [&](Timestamp now) {
    while (link.Poll(now, delivery)) {
      checker.Insert(delivery.arrival, SequenceNumber(delivery.packet), 1200);
      checker.Drain(delivery.arrival);
    }
  };
  for (int i = 0; i < kPackets; ++i) {
    const auto now = Timestamp::Micros(std::int64_t{i} * 1000);
    receive(now);
    link.Send(now, DataSize::Bytes(1200), static_cast<std::uint16_t>(i));
  }
  receive(Timestamp::Seconds(10'000));
  checker.Finish();
  ASSERT_STREQ(checker.failure(), nullptr);

  const sim::LinkCounters sent = link.counters();
  const ReorderBufferCounters got = checker.counters();
  EXPECT_NEAR(static_cast<double>(sent.lost), 0.05 * kPackets, 1000);
  EXPECT_EQ(got.received, sent.delivered);
  EXPECT_EQ(got.restarts, 0u);
  EXPECT_EQ(got.dropped_for_room, 0u);
  // Lost on the link, and nothing else, is lost here; the wait is longer than
  // the reordering. (Before the first and after the last packet nobody can say.)
  EXPECT_EQ(got.late, 0u);
  EXPECT_NEAR(static_cast<double>(got.lost), static_cast<double>(sent.lost), 3);
  EXPECT_EQ(got.duplicates, sent.duplicated);
}

TEST(ReorderBufferTest, AfterCreateNothingIsAllocated) {
  auto buffer = ReorderBuffer<int>::Create({}).value();
  ReorderBuffer<int>::Popped popped;
  const testing::HeapWatch watch;
  std::uint32_t seed = 1;
  for (int i = 0; i < 100'000; ++i) {
    seed = seed * 1'664'525 + 1'013'904'223;
    const auto number = static_cast<std::uint16_t>(seed % 97 == 0 ? seed >> 16 : static_cast<unsigned>(i) + seed % 7);
    buffer.Insert(AtMs(i), SequenceNumber(number), 1200, int{i});
    while (buffer.Pop(AtMs(i), popped)) {
    }
  }
  EXPECT_EQ(watch.allocations(), 0u);
}

TEST(ReorderBufferTest, CreateNamesTheFieldItsValueAndWhatIsAllowed) {
  const auto message = [](const ReorderBufferConfig& config) {
    return std::string(ReorderBuffer<int>::Create(config).status().message());
  };
  EXPECT_THAT(message({.max_packets = 0}), HasSubstr("max_packets is 0, allowed: 1 to 16384"));
  EXPECT_THAT(message({.max_bytes = 100}), HasSubstr("max_bytes is 100"));
  EXPECT_THAT(message({.min_wait = TimeDelta::Millis(-1)}), HasSubstr("min_wait is -1000"));
  EXPECT_THAT(message({.max_wait = TimeDelta::Millis(1)}), HasSubstr("max_wait is 1000"));
  EXPECT_THAT(message({.max_dropout = 0}), HasSubstr("max_dropout is 0"));
  EXPECT_THAT(message({.max_misorder = 2000}), HasSubstr("max_misorder is 2000"));
}

TEST(ReorderBufferTest, MemoryIsWhatTheConfigSays) {
  EXPECT_LT(ReorderBuffer<int>::MaxMemory({}), 200'000u);
  EXPECT_LT(ReorderBuffer<int>::MaxMemory({.max_packets = 64, .max_dropout = 100}), 10'000u);
}

}  // namespace
}  // namespace mediacore::jitter
