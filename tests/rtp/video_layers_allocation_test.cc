#include "mediacore/rtp/video_layers_allocation.h"

#include <array>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/captures.h"
#include "mediacore/rtp/demux.h"

namespace mediacore::rtp {
namespace {

using Value = std::vector<std::uint8_t>;
using Error = VideoLayersAllocationError;

// Chromium's simulcast of three streams, the middle one off, on the last one.
constexpr std::array<std::uint8_t, 24> kMiddleOff = {0xa0, 0x10, 0x10, 0xa0, 0x3c, 0x5a, 0x96, 0x01,
                                                     0xe8, 0x07, 0xdc, 0x0b, 0xc4, 0x13, 0x01, 0x3f,
                                                     0x00, 0xb3, 0x1e, 0x04, 0xff, 0x02, 0xcf, 0x1e};

constexpr bool ReadsTwoStreamsOfThree() {
  const auto allocation = VideoLayersAllocation::Parse(kMiddleOff);
  if (!allocation || allocation->rtp_stream_index != 2 || allocation->rtp_stream_count != 3) return false;
  if (allocation->layer_count != 2 || !allocation->has_resolutions) return false;
  const auto& low = allocation->layers[0];
  const auto& high = allocation->layers[1];
  return low.rtp_stream_index == 0 && low.width == 320 && low.height == 180 && low.max_frame_rate == 30 &&
         low.temporal_layer_count == 3 && low.target_rates[0] == DataRate::KilobitsPerSecond(60) &&
         low.target_rate() == DataRate::KilobitsPerSecond(150) && high.rtp_stream_index == 2 &&
         high.spatial_id == 0 && high.width == 1280 && high.target_rate() == DataRate::KilobitsPerSecond(2500);
}
static_assert(ReadsTwoStreamsOfThree());

Value Write(const VideoLayersAllocation& allocation) {
  Value out(allocation.WireSize(), 0xee);
  EXPECT_FALSE(out.empty());
  EXPECT_TRUE(allocation.Write(out));
  return out;
}
VideoLayersAllocation::SpatialLayer Layer(int stream, int spatial_id, int temporal_layers = 1) {
  VideoLayersAllocation::SpatialLayer layer;
  layer.rtp_stream_index = static_cast<std::uint8_t>(stream);
  layer.spatial_id = static_cast<std::uint8_t>(spatial_id);
  layer.temporal_layer_count = static_cast<std::uint8_t>(temporal_layers);
  for (int i = 0; i < temporal_layers; ++i) {
    layer.target_rates[static_cast<std::size_t>(i)] = DataRate::KilobitsPerSecond(100 * (i + 1) + stream);
  }
  return layer;
}

TEST(VideoLayersAllocationTest, NothingIsSentIsOneByte) {
  const VideoLayersAllocation nothing;
  EXPECT_EQ(Write(nothing), Value{0});
  const auto read = VideoLayersAllocation::Parse(Value{0});
  ASSERT_TRUE(read);
  EXPECT_TRUE(*read == nothing);
  EXPECT_TRUE(read->active_layers().empty());
}

TEST(VideoLayersAllocationTest, EveryPrefixIsRefusedButTheOneWithoutResolutions) {
  for (std::size_t n = 0; n < kMiddleOff.size(); ++n) {
    const auto read = VideoLayersAllocation::Parse(Bytes(kMiddleOff).first(n));
    ASSERT_EQ(read.has_value(), n == 14) << n;
    if (read) {
      EXPECT_FALSE(read->has_resolutions);
    } else {
      EXPECT_EQ(read.error(), n < 4 ? Error::kTruncated : n < 14 ? Error::kBadRate : Error::kBadResolution) << n;
    }
  }
  Value longer(kMiddleOff.begin(), kMiddleOff.end());
  longer.push_back(0);
  EXPECT_EQ(VideoLayersAllocation::Parse(longer).error(), Error::kBadResolution);
}

TEST(VideoLayersAllocationTest, EveryCauseHasItsBytes) {
  EXPECT_EQ(VideoLayersAllocation::Parse(Value{}).error(), Error::kTruncated);
  EXPECT_EQ(VideoLayersAllocation::Parse(Value{0x01}).error(), Error::kTruncated);
  EXPECT_EQ(VideoLayersAllocation::Parse(Value{0x10}).error(), Error::kTruncated);
  EXPECT_EQ(VideoLayersAllocation::Parse(Value{0x20, 0x11}).error(), Error::kTruncated);
  EXPECT_EQ(VideoLayersAllocation::Parse(Value{0x41, 0x00, 0x01}).error(), Error::kBadStream);
  EXPECT_EQ(VideoLayersAllocation::Parse(Value{0x00, 0x0f, 0x00}).error(), Error::kNoLayers);
  EXPECT_EQ(VideoLayersAllocation::Parse(Value{0x01, 0x00}).error(), Error::kBadRate);
  EXPECT_EQ(VideoLayersAllocation::Parse(Value{0x01, 0x00, 0x80, 0x80, 0x80, 0x80, 0x10}).error(), Error::kBadRate);
  EXPECT_EQ(VideoLayersAllocation::Parse(Value{0x01, 0x00, 0x01, 1, 2, 3, 4}).error(), Error::kBadResolution);
  for (int i = 0; i < kVideoLayersAllocationErrorCount; ++i) {
    EXPECT_NE(ToString(static_cast<Error>(i)), ToString(static_cast<Error>(99)));
  }
}

TEST(VideoLayersAllocationTest, EverySetOfLayersOfTwoStreamsReadsBack) {
  for (int first = 0; first < 16; ++first) {
    for (int second = 0; second < 16; ++second) {
      if (first == 0 && second == 0) continue;
      for (const bool resolutions : {false, true}) {
        VideoLayersAllocation allocation;
        allocation.rtp_stream_count = 2;
        allocation.rtp_stream_index = 1;
        allocation.has_resolutions = resolutions;
        for (int at = 0; at < 8; ++at) {
          if (((second << 4 | first) >> at & 1) == 0) continue;
          auto layer = Layer(at / 4, at % 4, at % 4 + 1);
          if (resolutions) {
            layer.width = at == 0 ? 65'536 : at;
            layer.height = at == 7 ? 65'536 : 1;
            layer.max_frame_rate = static_cast<std::uint8_t>(255 - at);
          }
          ASSERT_TRUE(allocation.Add(layer));
        }
        const Value value = Write(allocation);
        EXPECT_EQ((value[0] & 0x0f) != 0, first == second);
        const auto read = VideoLayersAllocation::Parse(value);
        ASSERT_TRUE(read) << ToString(read.error());
        EXPECT_TRUE(*read == allocation);
      }
    }
  }
}

TEST(VideoLayersAllocationTest, SixteenLayersAreTheMost) {
  VideoLayersAllocation allocation;
  allocation.rtp_stream_count = 4;
  allocation.rtp_stream_index = 3;
  allocation.has_resolutions = true;
  for (int i = 0; i < 16; ++i) {
    auto layer = Layer(i / 4, i % 4, 4);
    layer.target_rates[3] = DataRate::KilobitsPerSecond(0xffffffff);
    layer.width = layer.height = 1;
    ASSERT_TRUE(allocation.Add(layer));
  }
  EXPECT_FALSE(allocation.Add({}));
  const Value value = Write(allocation);
  EXPECT_TRUE(*VideoLayersAllocation::Parse(value) == allocation);
  allocation.layers[13].max_frame_rate = 1;
  EXPECT_FALSE(*VideoLayersAllocation::Parse(value) == allocation);
}

TEST(VideoLayersAllocationTest, WhatCannotBeWrittenIsNotAndLeavesTheBytes) {
  const VideoLayersAllocation good = *VideoLayersAllocation::Parse(kMiddleOff);
  for (std::size_t room = 0; room < kMiddleOff.size(); ++room) {
    Value out(room, 0xee);
    EXPECT_FALSE(good.Write(out));
    EXPECT_EQ(out, Value(room, 0xee));
  }
  const auto refused = [&](auto&& change) {
    VideoLayersAllocation allocation = good;
    change(allocation);
    Value out(100, 0xee);
    EXPECT_EQ(allocation.WireSize(), 0u);
    EXPECT_FALSE(allocation.Write(out));
  };
  refused([](auto& a) { a.rtp_stream_count = 0; });
  refused([](auto& a) { a.rtp_stream_count = 5; });
  refused([](auto& a) { a.rtp_stream_count = 2; });
  refused([](auto& a) { a.rtp_stream_index = 3; });
  refused([](auto& a) { a.layer_count = 17; });
  refused([](auto& a) { a.layers[1].rtp_stream_index = 0; });  // twice the same layer
  refused([](auto& a) { a.layers[0].rtp_stream_index = 2, a.layers[0].spatial_id = 1; });
  refused([](auto& a) { a.layers[1].rtp_stream_index = 3; });
  refused([](auto& a) { a.layers[1].spatial_id = 4; });
  refused([](auto& a) { a.layers[1].temporal_layer_count = 0; });
  refused([](auto& a) { a.layers[1].temporal_layer_count = 5; });
  refused([](auto& a) { a.layers[1].target_rates[2] = DataRate::KilobitsPerSecond(0x100000000); });
  refused([](auto& a) { a.layers[1].target_rates[0] = DataRate::PlusInfinity(); });
  refused([](auto& a) { a.layers[1].target_rates[0] = DataRate::BitsPerSecond(-1); });
  refused([](auto& a) { a.layers[1].width = 0; });
  refused([](auto& a) { a.layers[1].width = 65'537; });
  refused([](auto& a) { a.layers[1].height = 0; });
  refused([](auto& a) { a.layers[1].height = 65'537; });
}

// Every allocation that Chromium sent in a capture, by its SSRC.
std::map<std::uint32_t, int> ReadCapture(const std::string& name, int payload_type) {
  std::map<std::uint32_t, int> count;
  const bool whole = testing::ForEachDatagram(name, [&](const capture::Datagram& datagram) {
    if (Demultiplex(datagram.payload) != PacketKind::kRtp) return;
    const auto packet = PacketView::Parse(datagram.payload);
    Bytes value;
    if (!packet || packet->payload_type() != PayloadType(payload_type) || !packet->FindExtension(14, value)) return;
    const auto allocation = VideoLayersAllocation::Parse(value);
    ASSERT_TRUE(allocation) << ToString(allocation.error());
    ++count[packet->ssrc().value()];
    EXPECT_EQ(Write(*allocation), Value(value.begin(), value.end()));
    for (const auto& layer : allocation->active_layers()) {
      EXPECT_LE(layer.target_rate(), DataRate::KilobitsPerSecond(5'000));
      for (int i = 1; i < layer.temporal_layer_count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        EXPECT_GE(layer.target_rates[at], layer.target_rates[at - 1]);
      }
      if (!allocation->has_resolutions) continue;
      EXPECT_EQ(layer.width * 9, layer.height * 16);
      EXPECT_LE(layer.max_frame_rate, 60);
    }
  });
  EXPECT_TRUE(whole);
  return count;
}

TEST(VideoLayersAllocationTest, WhatChromiumAllocatesReadsAndIsWrittenAgain) {
  if (!std::filesystem::exists(testing::CaptureFolder())) GTEST_SKIP() << "no ../shared/captures";
  EXPECT_EQ(ReadCapture("chromium-av1-l1t3.pcap", 45), (std::map<std::uint32_t, int>{{0x6bab28d2, 3}}));
  EXPECT_EQ(ReadCapture("chromium-vp9-svc-l3t3key.pcap", 98), (std::map<std::uint32_t, int>{{0xf3f0080f, 2}}));
  EXPECT_EQ(ReadCapture("chromium-vp8-simulcast3.pcap", 96),
            (std::map<std::uint32_t, int>{{0x34e524d0, 6}, {0x5c8eb208, 6}, {0xa5937e20, 5}}));
}

}  // namespace
}  // namespace mediacore::rtp
