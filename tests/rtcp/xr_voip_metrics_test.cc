#include "mediacore/rtcp/xr_voip_metrics.h"

#include <array>

#include <gtest/gtest.h>

#include "../support/xr_blocks.h"

namespace mediacore::rtcp {
namespace {

using testing::XrBlock;

// A call with some loss, -20 dBm speech, a good score, adaptive jitter buffer.
constexpr std::array<std::uint8_t, 36> kCall = {7,    0,  0,  8,  0,  0,  0,    1,    12, 3,    200, 1,
                                                0,    80, 1,  0,  0,  50, 0,    60,   236, 186, 55,  16,
                                                85,   127, 41, 40, 0xf5, 0, 0,  40,   0,  80,   0xff, 0xff};
constexpr XrVoipMetrics kMetrics{Ssrc(1), 12, 3, 200, 1,
                                 TimeDelta::Millis(80), TimeDelta::Millis(256), TimeDelta::Millis(50), TimeDelta::Millis(60),
                                 -20, -70, 55, 16, 85, XrVoipMetrics::kUnavailable, 41, 40, 0xf5,
                                 TimeDelta::Millis(40), TimeDelta::Millis(80), TimeDelta::Millis(65535)};
static_assert(*XrVoipMetrics::Parse(XrBlock(kCall)) == kMetrics);

TEST(XrVoipMetricsTest, MetricsReadBackAsTheyWereWritten) {
  EXPECT_EQ(testing::Written(kMetrics), std::vector<std::uint8_t>(kCall.begin(), kCall.end()));
  EXPECT_TRUE(testing::KeepsToItsSize(kMetrics));
  EXPECT_EQ(*XrVoipMetrics::Parse(XrBlock(testing::Written(XrVoipMetrics{}))), XrVoipMetrics{});
}

TEST(XrVoipMetricsTest, TheConfigurationIsThreeFields) {
  EXPECT_EQ(kMetrics.packet_loss_concealment(), 3);
  EXPECT_EQ(kMetrics.jitter_buffer_adaptive(), 3);
  EXPECT_EQ(kMetrics.jitter_buffer_rate(), 5);
}

TEST(XrVoipMetricsTest, ATimeThatIsNoWholeMillisecondOf16BitsIsNotWritten) {
  for (const TimeDelta time : {TimeDelta::Millis(-1), TimeDelta::Millis(65536), TimeDelta::Micros(1500),
                               TimeDelta::PlusInfinity()}) {
    XrVoipMetrics metrics = kMetrics;
    metrics.round_trip_delay = time;
    EXPECT_EQ(metrics.WireSize(), 0u);
    EXPECT_TRUE(testing::KeepsToItsSize(metrics));
  }
}

TEST(XrVoipMetricsTest, EachCauseOfRefusal) {
  auto other = kCall;
  other[0] = 6;
  EXPECT_EQ(XrVoipMetrics::Parse(XrBlock(other)).error(), XrBlockError::kOtherType);
  for (const std::uint8_t words : {std::uint8_t{0}, std::uint8_t{7}}) {
    auto cut = kCall;
    cut[3] = words;
    EXPECT_EQ(XrVoipMetrics::Parse(XrBlock(cut)).error(), XrBlockError::kBadLength);
  }
}

}  // namespace
}  // namespace mediacore::rtcp
