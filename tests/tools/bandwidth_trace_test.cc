#include "bandwidth_trace.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace mediacore::tools {
namespace {

BandwidthTrace Read(std::string_view csv) {
  std::string error;
  auto trace = BandwidthTrace::Parse(csv, error);
  EXPECT_TRUE(trace) << error;
  return trace.value();
}
std::string Error(std::string_view csv) {
  std::string error;
  EXPECT_FALSE(BandwidthTrace::Parse(csv, error)) << csv;
  return error;
}
constexpr TimeDelta Ms(std::int64_t ms) { return TimeDelta::Millis(ms); }

TEST(BandwidthTraceTest, IntervalsWithDurationsAreRead) {
  const BandwidthTrace trace = Read("duration_ms,throughput_bps,rtt_ms\r\n1000,8000,40\r\n500,16000,80\r\n");
  ASSERT_EQ(trace.intervals().size(), 2u);
  EXPECT_EQ(trace.period(), Ms(1500));
  EXPECT_EQ(trace.intervals()[1].rate, DataRate::BitsPerSecond(16'000));
  EXPECT_EQ(trace.RttAt(Ms(999)), Ms(40));
  EXPECT_EQ(trace.RttAt(Ms(1000)), Ms(80));
  EXPECT_EQ(trace.RttAt(Ms(1500)), Ms(40));  // again from the beginning
  EXPECT_EQ(trace.MeanRate(), DataRate::BitsPerSecond(16'000 / 3 * 2));
}

TEST(BandwidthTraceTest, PointsInTimeAreReadWithAndWithoutAHeader) {
  for (const std::string_view csv : {"time_s,kbps\n0,8\n1,16\n3,4\n", "0,8\n1,16\n3,4", "# a comment\nkbps,note,time_ms\n8,x,0\n16,,1000\n4,y,3000\n"}) {
    const BandwidthTrace trace = Read(csv);
    ASSERT_EQ(trace.intervals().size(), 3u) << csv;
    EXPECT_EQ(trace.intervals()[0].duration, Ms(1000));
    EXPECT_EQ(trace.intervals()[1].duration, Ms(2000));
    EXPECT_EQ(trace.intervals()[2].duration, Ms(2000));  // as long as the one before it
    EXPECT_EQ(trace.intervals()[1].rate, DataRate::KilobitsPerSecond(16));
  }
}

TEST(BandwidthTraceTest, WhatIsWrongIsSaidWithItsLine) {
  EXPECT_EQ(Error("a,b\n1,2\n").substr(0, 7), "line 1:");
  EXPECT_EQ(Error("time_s,kbps\n0,8\n1,x\n"), "line 3: the bandwidth is not a number of 0 or more");
  EXPECT_EQ(Error("time_s,kbps\n0\n"), "line 2: the bandwidth is not a number of 0 or more");
  EXPECT_EQ(Error("time_s,kbps\n-1,8\n"), "line 2: the time is not a number of 0 or more");
  EXPECT_EQ(Error("time_s,kbps\n1,8\n1,9\n"), "line 3: time does not advance");
  EXPECT_EQ(Error("duration_ms,bps,rtt_ms\n1,8,zz\n"), "line 2: rtt_ms is not a number of 0 or more");
  EXPECT_EQ(Error("time_s,kbps\n0,1e300\n").substr(0, 7), "line 2:");
  EXPECT_EQ(Error("time_s,kbps\n0,nan\n").substr(0, 7), "line 2:");
  EXPECT_EQ(Error(""), "the trace never has any bandwidth");
  EXPECT_EQ(Error("time_s,kbps\n0,0\n5,0\n"), "the trace never has any bandwidth");
  EXPECT_EQ(Error("duration_ms,bps\n0,100\n"), "the trace never has any bandwidth");
}

TEST(BandwidthTraceTest, BytesTakeTheTimeOfTheIntervalsTheyCross) {
  // 8 kbit/s for a second is 1000 bytes; then nothing; then 2000 bytes a second.
  const BandwidthTrace trace = Read("duration_ms,bps\n1000,8000\n1000,0\n1000,16000\n");
  const auto finish = [&](std::int64_t start_ms, std::int64_t bytes) {
    return trace.FinishTime(Ms(start_ms), DataSize::Bytes(bytes));
  };
  EXPECT_EQ(finish(0, 0), Ms(0));
  EXPECT_EQ(finish(0, 1), Ms(1));
  EXPECT_EQ(finish(0, 1000), Ms(1000));
  EXPECT_EQ(finish(0, 1001), TimeDelta::Micros(2'000'500));
  EXPECT_EQ(finish(1500, 2), Ms(2001));
  EXPECT_EQ(finish(0, 3000), Ms(3000));
  EXPECT_EQ(finish(0, 3001), Ms(3001));  // the second round
  EXPECT_EQ(finish(500, 3000), Ms(3500));
  EXPECT_EQ(finish(0, 3'000'000), Ms(3'000'000));  // a thousand rounds
  EXPECT_EQ(finish(1500, 3'000'001), TimeDelta::Micros(3'002'000'500));
}

TEST(BandwidthTraceTest, TheWayThereDoesNotMatter) {
  const BandwidthTrace trace = Read("duration_ms,bps\n700,8000\n300,100000\n10,0\n");
  TimeDelta step = TimeDelta::Micros(123'456);
  const TimeDelta at_once = trace.FinishTime(step, DataSize::Bytes(50'000));
  for (int i = 0; i < 5000; ++i) step = trace.FinishTime(step, DataSize::Bytes(10));
  // Each step rounds up to a microsecond.
  EXPECT_GE(step, at_once);
  EXPECT_LE(step - at_once, Ms(5));
}

TEST(BandwidthTraceTest, ATinyBandwidthCostsNoMoreTimeThanALargeOne) {
  const BandwidthTrace trace = Read("duration_ms,bps\n1,1\n");
  EXPECT_EQ(trace.FinishTime(Ms(0), DataSize::Bytes(1'000'000)), TimeDelta::Seconds(8'000'000));
}

TEST(ThrottleTest, ResponsesShareTheLinkInTurns) {
  const BandwidthTrace trace = Read("duration_ms,bps\n1000,80000\n");  // 10 bytes a millisecond
  Throttle throttle(trace, Timestamp::Seconds(100));
  const Timestamp t0 = Timestamp::Seconds(100);
  EXPECT_EQ(throttle.Send(t0, DataSize::Bytes(100)), t0 + Ms(10));
  EXPECT_EQ(throttle.Send(t0, DataSize::Bytes(100)), t0 + Ms(20));      // waits for the first
  EXPECT_EQ(throttle.Send(t0 + Ms(50), DataSize::Bytes(100)), t0 + Ms(60));  // an idle link saves nothing up
}

TEST(BandwidthTraceTest, EverySharedTraceIsRead) {
  const char* source = std::getenv("MEDIACORE_SOURCE");
  const std::filesystem::path directory = std::filesystem::path(source == nullptr ? "." : source) / "../shared/traces/abr";
  if (!std::filesystem::exists(directory)) GTEST_SKIP() << "the shared traces are not here";
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() != ".csv" || entry.path().stem() == "manifest") continue;
    std::ifstream in(entry.path());
    const std::string csv{std::istreambuf_iterator<char>(in), {}};
    std::string error;
    EXPECT_TRUE(BandwidthTrace::Parse(csv, error)) << entry.path() << ' ' << error;
    ++read;
  }
  EXPECT_GT(read, 50);
}

}  // namespace
}  // namespace mediacore::tools
