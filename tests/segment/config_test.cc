#include "mediacore/segment/config.h"

#include <malloc.h>

#include <cstdio>
#include <functional>

#include <gtest/gtest.h>

#include "mediacore/segment/segmenter.h"
#include "source.h"

namespace mediacore::segment {
namespace {

Config Good() {
  Config config;
  config.tracks = {testing::VideoTrack(), testing::AacTrack()};
  return config;
}

TEST(SegmenterConfigTest, TheNamedProfilesAreTheirSettings) {
  EXPECT_EQ(Profile("classic")->target_duration, TimeDelta::Seconds(4));
  EXPECT_EQ(Profile("classic")->window_segments, 5);
  EXPECT_EQ(Profile("low-latency")->target_duration, TimeDelta::Seconds(2));
  EXPECT_EQ(Profile("low-latency")->target_duration * Profile("low-latency")->window_segments,
            TimeDelta::Seconds(10));
  EXPECT_FALSE(Profile("fast").has_value());
}

TEST(SegmenterConfigTest, OpusInTransportStreamsIsRefusedWithTheWayOut) {
  Config config;
  config.tracks = {testing::VideoTrack(), testing::OpusTrack()};
  EXPECT_TRUE(Check(config).ok());
  config.container = Container::kTs;
  const auto refused = Segmenter::Create(config);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(std::string(refused.status().message()).find("use fMP4"), std::string::npos);
}

TEST(SegmenterConfigTest, EachCodecIsTakenOrRefusedByItsName) {
  const auto refusal = [](Codec codec, Container container) {
    Config config;
    config.container = container;
    config.tracks = {testing::VideoTrack()};
    config.tracks[0].codec = codec;
    return std::string(Check(config).message());
  };
  for (const Codec codec : {Codec::kH264, Codec::kH265, Codec::kVp9, Codec::kAv1}) {
    EXPECT_EQ(refusal(codec, Container::kFmp4), "");
    EXPECT_EQ(refusal(codec, Container::kTs),
              codec == Codec::kH264 ? ""
                                    : "Config::tracks[0] is " + std::string(ToString(codec)) +
                                          ", but MPEG-TS segments hold H264 and AAC only: use fMP4 segments");
  }
  EXPECT_EQ(
      refusal(Codec::kVp8, Container::kFmp4),
      "Config::tracks[0].codec is VP8, which players do not take in HLS, expected H264, H265, VP9, AV1, AAC or opus");
  EXPECT_EQ(refusal(Codec::kG722, Container::kFmp4),
            "Config::tracks[0].codec is G722, expected H264, H265, VP9, AV1, AAC or opus");
}

#if defined(__SANITIZE_ADDRESS__)  // g++
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

// Pages of this process that are in memory.
std::int64_t ResidentBytes() {
  long pages = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return -1;
  const int read = std::fscanf(file, "%*d %ld", &pages);
  std::fclose(file);
  return read == 1 ? std::int64_t{pages} * 4096 : -1;
}

TEST(SegmenterConfigTest, CapacityThatIsNotUsedCostsNoMemory) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer writes beside what is taken";
  for (const Container container : {Container::kFmp4, Container::kTs}) {
    Config config = Good();
    config.container = container;
    config.type = PlaylistType::kEvent;
    ASSERT_GT(MaxMemory(config), DataSize::Bytes(80 << 20));
    const std::int64_t before = ResidentBytes();
    if (before < 0) GTEST_SKIP() << "there is no /proc";
    const auto segmenter = Segmenter::Create(config);
    ASSERT_TRUE(segmenter.ok());
    EXPECT_LT(ResidentBytes() - before, 1 << 20);
  }
}

TEST(SegmenterConfigTest, EachFieldOutOfRangeIsNamed) {
  const std::pair<const char*, std::function<void(Config&)>> kBad[] = {
      {"tracks has 0", [](Config& c) { c.tracks.clear(); }},
      {"tracks[0].codec", [](Config& c) { c.tracks[0].codec = Codec::kVp8; }},
      {"tracks[0].clock_rate", [](Config& c) { c.tracks[0].clock_rate = 0; }},
      {"tracks[0].name", [](Config& c) { c.tracks[0].name = "../etc"; }},
      {"tracks[1].channels", [](Config& c) { c.tracks[1].channels = 0; }},
      {"tracks[1].audio_config", [](Config& c) { c.tracks[1].audio_config.clear(); }},
      {"target_duration", [](Config& c) { c.target_duration = TimeDelta::Zero(); }},
      {"max_target_duration", [](Config& c) { c.max_target_duration = TimeDelta::PlusInfinity(); }},
      {"window_segments", [](Config& c) { c.window_segments = 2; }},
      {"start_segments", [](Config& c) { c.start_segments = 0; }},
      {"start_segments", [](Config& c) { c.start_segments = c.window_segments + 1; }},
      {"max_wait", [](Config& c) { c.max_wait = TimeDelta::Seconds(-1); }},
      {"max_segment_bytes", [](Config& c) { c.max_segment_bytes = 1; }},
      {"max_segment_samples", [](Config& c) { c.max_segment_samples = 1; }},
      {"max_segments", [](Config& c) { c.max_segments = 0; }},
      {"max_bitrate", [](Config& c) { c.max_bitrate = DataRate::Zero(); }},
      {"wall_clock_at", [](Config& c) { c.wall_clock_at = Timestamp::PlusInfinity(); }},
      {"sync_tolerance", [](Config& c) { c.sync_tolerance = TimeDelta::Zero(); }},
      {"video0", [](Config& c) { c.tracks[1].name = "video0"; }},
      {"index", [](Config& c) { c.tracks[0].name = "index"; }},
  };
  for (const auto& [name, spoil] : kBad) {
    Config config = Good();
    ASSERT_TRUE(Check(config).ok());
    spoil(config);
    const absl::Status status = Check(config);
    ASSERT_FALSE(status.ok()) << name;
    EXPECT_NE(std::string(status.message()).find(name), std::string::npos)
        << std::string(status.message());
  }
}

TEST(SegmenterConfigTest, MemoryIsStatedAndGrowsWithItsCapacities) {
  Config config = Good();
  const DataSize small = MaxMemory(config);
  EXPECT_GT(small, DataSize::Bytes(64 << 20));
  config.max_segment_bytes *= 2;
  EXPECT_GT(MaxMemory(config), small + DataSize::Bytes(60 << 20));
}

#if defined(__GLIBC__)
TEST(SegmenterConfigTest, NoSegmenterHoldsMoreThanIsStated) {
  const auto held = [] {
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
  };
  for (const Container container : {Container::kFmp4, Container::kTs}) {
    for (const PlaylistType type :
         {PlaylistType::kLive, PlaylistType::kEvent, PlaylistType::kVod}) {
      Config config = Good();
      config.container = container;
      config.type = type;
      config.tracks.push_back(testing::VideoTrack(1));
      const std::size_t before = held();
      auto segmenter = Segmenter::Create(config).value();
      testing::FrameMaker maker;
      Output output;
      for (std::uint32_t i = 0; i < 2000; ++i) {
        const Timestamp now = Timestamp::Millis(40 * i);
        for (const std::size_t track : {0u, 2u}) {
          segmenter.HandleFrame(now, track, maker.Picture(RtpTimestamp(3600 * i), i % 50 == 0));
        }
        while (segmenter.PollOutput(now, output)) {
        }
      }
      EXPECT_LE(held() - before, static_cast<std::size_t>(MaxMemory(config).bytes()));
    }
  }
}
#endif

}  // namespace
}  // namespace mediacore::segment
