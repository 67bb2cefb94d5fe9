#include "mediacore/codec/multiopus.h"

#include <string>

#include <gtest/gtest.h>

namespace mediacore::codec {
namespace {

using enum MultiopusError;

constexpr auto kSurround = Multiopus::Parse(6, "4", "2", "0,4,1,2,3,5");
static_assert(kSurround && kSurround->num_streams == 4 && kSurround->coupled_streams == 2);
static_assert(kSurround->channel_mapping()[1] == 4);

MultiopusError Error(std::size_t channels, std::string_view streams, std::string_view coupled,
                     std::string_view mapping) {
  const auto multiopus = Multiopus::Parse(channels, streams, coupled, mapping);
  EXPECT_FALSE(multiopus);
  return multiopus ? MultiopusError{255} : multiopus.error();
}

TEST(MultiopusTest, EachLieHasItsError) {
  for (const std::string_view streams : {"", "0", "256", "x", "-1", "99999999999999999999999"}) {
    EXPECT_EQ(Error(6, streams, "2", "0,4,1,2,3,5"), kBadStreams);
  }
  EXPECT_EQ(Error(6, "4", "", "0,4,1,2,3,5"), kBadCoupled);
  EXPECT_EQ(Error(6, "4", "256", "0,4,1,2,3,5"), kBadCoupled);
  for (const std::string_view mapping : {"", ",", "0,4,1,2,3,", "0,,1", "0 ,1", "0,256", "0;1"}) {
    EXPECT_EQ(Error(6, "4", "2", mapping), kBadMapping) << mapping;
  }
  EXPECT_EQ(Error(5, "4", "2", "0,4,1,2,3,5"), kBadChannels);
  EXPECT_EQ(Error(7, "4", "2", "0,4,1,2,3,5"), kBadChannels);
  std::string many = "0";
  for (int i = 0; i < 255; ++i) many += ",0";
  EXPECT_EQ(Error(256, "4", "2", many), kBadChannels);
  EXPECT_EQ(Error(6, "4", "5", "0,4,1,2,3,5"), kBadLayout);
  EXPECT_EQ(Error(6, "3", "2", "0,4,1,2,3,5"), kBadLayout);
  EXPECT_EQ(Error(1, "200", "100", "0"), kBadLayout);
  for (int e = 0; e <= static_cast<int>(kBadLayout); ++e) {
    EXPECT_NE(ToString(static_cast<MultiopusError>(e)), "multiopus: unknown");
  }
}

TEST(MultiopusTest, ItIsWrittenAsChromiumDoes) {
  std::string text;
  StringSink sink(text);
  EXPECT_TRUE(kSurround->WriteTo(sink));
  EXPECT_EQ(text, "channel_mapping=0,4,1,2,3,5;num_streams=4;coupled_streams=2");
  char few[20];
  SpanSink small(few);
  EXPECT_FALSE(kSurround->WriteTo(small));
}

TEST(MultiopusTest, AChannelMayBeSilentAndAllMayBeThere) {
  std::string all = "255";
  for (int i = 0; i < 254; ++i) all += "," + std::to_string(i);
  const auto multiopus = Multiopus::Parse(255, "255", "0", all);
  ASSERT_TRUE(multiopus);
  EXPECT_EQ(multiopus->channel_mapping().size(), 255u);
  EXPECT_EQ(multiopus->channel_mapping()[254], 253);
}

}  // namespace
}  // namespace mediacore::codec
