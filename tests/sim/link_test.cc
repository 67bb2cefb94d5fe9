#include "mediacore/sim/link.h"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../support/heap_watch.h"
#include "mediacore/sim/virtual_clock.h"

namespace mediacore::sim {
namespace {

using ::testing::ElementsAre;

constexpr Timestamp AtMs(std::int64_t ms) { return Timestamp::Millis(ms); }
constexpr DataSize kPacket = DataSize::Bytes(1000);

// What arrives when everything has: "3@12000" is packet 3 after 12,000 us.
std::vector<std::string> Arrivals(Link<int>& link) {
  std::vector<std::string> out;
  Link<int>::Delivery delivery;
  VirtualClock clock;
  while (clock.AdvanceTo(link.NextTimeout())) {
    while (link.Poll(clock.now(), delivery)) {
      EXPECT_EQ(delivery.arrival, clock.now());
      out.push_back(std::to_string(delivery.packet) + "@" + std::to_string(clock.now().us()));
    }
  }
  return out;
}

Link<int> MakeLink(const LinkConfig& config) { return Link<int>::Create(config).value(); }

TEST(LinkTest, WithoutAnyLimitAPacketArrivesAfterThePropagationDelay) {
  auto link = MakeLink({.delay = TimeDelta::Millis(20)});
  link.Send(AtMs(5), kPacket, 1);
  Link<int>::Delivery delivery;
  EXPECT_FALSE(link.Poll(AtMs(24), delivery));
  EXPECT_EQ(link.NextTimeout(), AtMs(25));
  EXPECT_TRUE(link.Poll(AtMs(25), delivery));
  EXPECT_EQ(delivery.sent, AtMs(5));
  EXPECT_EQ(delivery.size, kPacket);
  EXPECT_EQ(link.NextTimeout(), Timestamp::PlusInfinity());
}

TEST(LinkTest, PacketsQueueForTheCapacity) {
  // 1000 bytes at 3 Mbps take 2666.67 us: the whole microsecond after.
  auto link = MakeLink({.capacity = {{AtMs(0), DataRate::KilobitsPerSecond(3000)}}});
  for (const int packet : {1, 2, 3}) link.Send(AtMs(1), kPacket, packet);
  EXPECT_EQ(link.QueueDelay(AtMs(1)), TimeDelta::Micros(3 * 2667));
  EXPECT_THAT(Arrivals(link), ElementsAre("1@3667", "2@6334", "3@9001"));
}

TEST(LinkTest, TheCapacityMayChangeInTheMiddleOfAPacket) {
  auto link = MakeLink({.capacity = {{AtMs(0), DataRate::KilobitsPerSecond(1000)},
                                     {AtMs(4), DataRate::Zero()},
                                     {AtMs(10), DataRate::KilobitsPerSecond(2000)}}});
  link.Send(AtMs(0), kPacket, 1);  // 4 ms of its 8, nothing for 6, 2 at twice the rate
  EXPECT_THAT(Arrivals(link), ElementsAre("1@12000"));
}

TEST(LinkTest, ALinkThatDiesForGoodKeepsWhatItHas) {
  auto link = MakeLink({.capacity = {{AtMs(0), DataRate::Zero()}},
                        .queue_limit = DataSize::Bytes(2000)});
  EXPECT_TRUE(link.Send(AtMs(0), kPacket, 1));
  EXPECT_TRUE(link.Send(AtMs(0), kPacket, 2));
  EXPECT_FALSE(link.Send(AtMs(100'000), kPacket, 3));
  EXPECT_EQ(link.NextTimeout(), Timestamp::PlusInfinity());
  EXPECT_EQ(link.counters().under_way, 2u);
}

TEST(LinkTest, AFullQueueDropsTheNewcomer) {
  auto link = MakeLink({.capacity = {{AtMs(0), DataRate::KilobitsPerSecond(1000)}},
                        .queue_limit = DataSize::Bytes(2500)});
  for (const int packet : {1, 2, 3}) link.Send(AtMs(0), kPacket, packet);
  EXPECT_TRUE(link.Send(AtMs(8), kPacket, 4));  // the first one has left by now
  EXPECT_THAT(Arrivals(link), ElementsAre("1@8000", "2@16000", "4@24000"));
  EXPECT_EQ(link.counters().dropped_by_queue, 1u);
}

TEST(LinkTest, TheQueueMayBeLimitedByTime) {
  auto link = MakeLink({.capacity = {{AtMs(0), DataRate::KilobitsPerSecond(1000)}},
                        .queue_time_limit = TimeDelta::Millis(8)});
  for (const int packet : {1, 2, 3}) link.Send(AtMs(0), kPacket, packet);
  EXPECT_THAT(Arrivals(link), ElementsAre("1@8000", "2@16000"));
}

// The first draws of mt19937_64 are written in the C++ standard's own terms:
// the 10,000th of the default seed 5489 is 9981545732273789042.
TEST(RandomTest, IsTheGeneratorThatTheStandardSpecifies) {
  Random random(5489);
  for (int i = 0; i < 9999; ++i) random.Bits();
  EXPECT_EQ(random.Bits(), 9'981'545'732'273'789'042u);
}

TEST(RandomTest, NumbersStayInTheirRanges) {
  Random random(7);
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double u = random.Uniform();
    ASSERT_TRUE(u >= 0 && u < 1);
    ASSERT_LT(random.Below(10), 10u);
    const double z = random.Normal();
    sum += z;
    squares += z * z;
  }
  EXPECT_NEAR(sum / 100'000, 0, 0.02);
  EXPECT_NEAR(squares / 100'000, 1, 0.02);
  EXPECT_EQ(random.Below(0), 0u);
}

TEST(LinkTest, RandomLossIsAsLikelyAsTheModelSays) {
  LinkConfig config;
  config.loss = {.kind = LossModel::Kind::kBernoulli, .probability = 0.1, .seed = 11};
  auto link = MakeLink(config);
  Link<int>::Delivery delivery;
  for (int i = 0; i < 100'000; ++i) {
    link.Send(AtMs(i), kPacket, i);
    while (link.Poll(AtMs(i), delivery)) {
    }
  }
  EXPECT_NEAR(static_cast<double>(link.counters().lost), 10'000, 400);
}

TEST(LinkTest, GilbertElliottLosesInBursts) {
  LinkConfig config;
  config.loss = {.kind = LossModel::Kind::kGilbertElliott, .good_to_bad = 0.01, .bad_to_good = 0.25};
  config.max_packets = 100'000;
  auto link = MakeLink(config);
  std::vector<bool> arrived(100'000);
  Link<int>::Delivery delivery;
  for (int i = 0; i < 100'000; ++i) {
    link.Send(AtMs(i), kPacket, i);
    while (link.Poll(AtMs(i), delivery)) arrived[static_cast<std::size_t>(delivery.packet)] = true;
  }
  int bursts = 0;
  for (std::size_t i = 1; i < arrived.size(); ++i) bursts += arrived[i - 1] && !arrived[i];
  const double mean = static_cast<double>(link.counters().lost) / bursts;
  EXPECT_NEAR(mean, 4, 0.3);
  EXPECT_NEAR(static_cast<double>(link.counters().lost), 100'000 * 0.01 / 0.26, 400);
}

TEST(LinkTest, JitterKeepsTheOrderUnlessTold) {
  for (const auto kind : {JitterModel::Kind::kUniform, JitterModel::Kind::kNormal}) {
    for (const bool keep : {true, false}) {
      LinkConfig config;
      config.jitter = {.kind = kind, .mean = TimeDelta::Millis(20), .spread = TimeDelta::Millis(10), .keep_order = keep};
      auto link = MakeLink(config);
      for (int i = 0; i < 1000; ++i) link.Send(AtMs(i), kPacket, i);
      Link<int>::Delivery delivery;
      int last = -1;
      int overtaken = 0;
      while (link.Poll(AtMs(10'000), delivery)) {
        overtaken += delivery.packet < last;
        last = delivery.packet;
        EXPECT_GE(delivery.arrival, delivery.sent);
        EXPECT_LT(delivery.arrival - delivery.sent, TimeDelta::Millis(81));
      }
      EXPECT_EQ(overtaken == 0, keep);
    }
  }
}

TEST(LinkTest, ReorderedPacketsComeLateAndDuplicatesTwice) {
  LinkConfig config;
  config.reordering = {.probability = 1, .extra_delay = TimeDelta::Millis(5), .seed = 3};
  config.duplication = {.probability = 1, .extra_delay = TimeDelta::Millis(1), .seed = 4};
  auto link = MakeLink(config);
  link.Send(AtMs(0), kPacket, 1);
  EXPECT_THAT(Arrivals(link), ElementsAre("1@5000", "1@6000"));
  EXPECT_EQ(link.counters().reordered, 1u);
  EXPECT_EQ(link.counters().duplicated, 1u);
}

LinkConfig Everything() {
  LinkConfig config;
  config.capacity = {{AtMs(0), DataRate::KilobitsPerSecond(9000)}, {AtMs(500), DataRate::KilobitsPerSecond(2000)}};
  config.queue_limit = DataSize::Bytes(20'000);
  config.delay = TimeDelta::Millis(7);
  config.loss = {.kind = LossModel::Kind::kGilbertElliott, .good_to_bad = 0.02, .bad_to_good = 0.3};
  config.jitter = {.kind = JitterModel::Kind::kNormal, .mean = TimeDelta::Millis(4), .spread = TimeDelta::Millis(3), .keep_order = false};
  config.reordering.probability = 0.1;
  config.duplication.probability = 0.05;
  config.max_packets = 50;
  return config;
}

TEST(LinkTest, EveryPacketIsAccountedForAndTheSameRunGivesTheSameAnswer) {
  std::uint64_t first = 0;
  for (int run = 0; run < 2; ++run) {
    auto link = MakeLink(Everything());
    Link<int>::Delivery delivery;
    std::uint64_t hash = 1469598103934665603u;
    for (int i = 0; i < 5000; ++i) {
      const auto now = Timestamp::Micros(i * 1500);
      link.Send(now, DataSize::Bytes(200 + i * 37 % 1000), i);
      while (link.Poll(now, delivery)) {
        for (const std::int64_t v : {std::int64_t{delivery.packet}, delivery.arrival.us()}) {
          hash = (hash ^ static_cast<std::uint64_t>(v)) * 1099511628211u;
        }
      }
      const LinkCounters c = link.counters();
      ASSERT_EQ(c.sent + c.duplicated, c.delivered + c.dropped_by_queue + c.dropped_for_room + c.lost + c.under_way);
    }
    EXPECT_GT(link.counters().dropped_by_queue, 0u);
    EXPECT_GT(link.counters().lost, 0u);
    if (run == 0) first = hash;
    EXPECT_EQ(hash, first);
    // The same with every compiler and on every machine.
    EXPECT_EQ(hash, 2188753569514712764u);
  }
}

TEST(LinkTest, NoMoreIsUnderWayThanMaxPackets) {
  auto link = MakeLink({.delay = TimeDelta::Seconds(10), .max_packets = 3});
  for (int i = 0; i < 5; ++i) link.Send(AtMs(i), kPacket, i);
  EXPECT_EQ(link.counters().under_way, 3u);
  EXPECT_EQ(link.counters().dropped_for_room, 2u);
}

TEST(LinkTest, AfterCreateNothingIsAllocated) {
  auto link = MakeLink(Everything());
  Link<int>::Delivery delivery;
  const testing::HeapWatch watch;
  for (int i = 0; i < 5000; ++i) {
    link.Send(AtMs(i), kPacket, i);
    while (i % 7 == 0 && link.Poll(AtMs(i), delivery)) {
    }
  }
  EXPECT_EQ(watch.allocations(), 0u);
  EXPECT_LT(Link<int>::MaxMemory(Everything()), 20'000u);
}

TEST(LinkTest, WhenTheClockStepsBackTimeStandsStill) {
  auto link = MakeLink({.delay = TimeDelta::Millis(10)});
  link.Send(AtMs(100), kPacket, 1);
  link.Send(AtMs(50), kPacket, 2);
  EXPECT_THAT(Arrivals(link), ElementsAre("1@110000", "2@110000"));
}

TEST(LinkTest, PacketsThatCannotBeCopiedTravelButAreNotDuplicated) {
  using Owner = std::unique_ptr<int>;
  LinkConfig config;
  auto link = Link<Owner>::Create(config).value();
  link.Send(AtMs(0), kPacket, std::make_unique<int>(7));
  Link<Owner>::Delivery delivery;
  ASSERT_TRUE(link.Poll(AtMs(0), delivery));
  EXPECT_EQ(*delivery.packet, 7);
  config.duplication.probability = 0.1;
  EXPECT_EQ(Link<Owner>::Check(config), LinkConfigError::kCannotDuplicate);
  EXPECT_FALSE(Link<Owner>::Create(config).has_value());
}

TEST(LinkTest, AConfigThatMakesNoSenseIsRefusedByName) {
  const auto rate = DataRate::KilobitsPerSecond(1);
  LinkConfig config;
  config.capacity = {{AtMs(1), rate}, {AtMs(1), rate}};
  EXPECT_EQ(Link<int>::Check(config), LinkConfigError::kUnsortedCapacity);
  config.capacity = {{AtMs(1), DataRate::BitsPerSecond(-1)}};
  EXPECT_EQ(Link<int>::Check(config), LinkConfigError::kNegativeCapacity);
  EXPECT_EQ(Link<int>::Check({.queue_limit = DataSize::Bytes(-1)}), LinkConfigError::kNegativeLimit);
  EXPECT_EQ(Link<int>::Check({.delay = TimeDelta::Millis(-1)}), LinkConfigError::kNegativeDelay);
  config = {};
  config.loss.probability = 1.5;
  EXPECT_EQ(Link<int>::Check(config), LinkConfigError::kNotAProbability);
  for (int e = 0; e <= static_cast<int>(LinkConfigError::kCannotDuplicate); ++e) {
    EXPECT_NE(ToString(static_cast<LinkConfigError>(e)), "link: unknown");
  }
}

TEST(VirtualClockTest, GoesToWhatIsNextAndNeverBack) {
  VirtualClock clock(AtMs(5));
  EXPECT_TRUE(clock.AdvanceTo(AtMs(8), AtMs(10)));
  EXPECT_TRUE(clock.AdvanceTo(AtMs(2), AtMs(10)));
  EXPECT_EQ(clock.now(), AtMs(8));
  EXPECT_FALSE(clock.AdvanceTo(Timestamp::PlusInfinity(), AtMs(10)));
  EXPECT_EQ(clock.now(), AtMs(10));
  clock.AdvanceBy(TimeDelta::Millis(-3));
  clock.AdvanceBy(TimeDelta::Millis(3));
  EXPECT_EQ(clock.now(), AtMs(13));
}

}  // namespace
}  // namespace mediacore::sim
