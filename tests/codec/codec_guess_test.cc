#include "mediacore/codec/codec_guess.h"

#include <gtest/gtest.h>

#include "../support/capture_streams.h"
#include "../support/h264_maker.h"
#include "../support/h265_maker.h"
#include "../support/vpx_maker.h"
#include "mediacore/codec/aac_packetizer.h"
#include "mediacore/codec/depacketizer.h"
#include "mediacore/codec/h264_packetizer.h"
#include "mediacore/codec/h265_packetizer.h"
#include "mediacore/codec/vp8_packetizer.h"

namespace mediacore::codec {
namespace {

using testing::CapturedPacket;
using testing::Dice;
using testing::ReadCapture;
using Block = std::vector<std::uint8_t>;

Codec Guess(const std::vector<CapturedPacket>& packets) {
  CodecGuess guess;
  bool first = true;
  std::uint16_t next = 0;
  for (const CapturedPacket& packet : packets) {
    guess.HandlePacket({RtpTimestamp(packet.timestamp), packet.marker,
                        !first && packet.sequence != next, packet.payload});
    first = false;
    next = static_cast<std::uint16_t>(packet.sequence + 1);
  }
  return guess.codec();
}

TEST(CodecGuessTest, MadeStreamsAreRecognised) {
  Dice dice(4);
  std::vector<CapturedPacket> h264;
  std::vector<CapturedPacket> h265;
  std::vector<CapturedPacket> aac;
  for (std::uint32_t i = 0; i < 40; ++i) {
    const Block frame = testing::MakeFrame(dice, i % 20 == 0);
    H264Packetizer video({1200, 1});
    ASSERT_EQ(video.SetFrame(frame), H264PacketizeError::kNone);
    H264Packet packet;
    while (video.Next(packet)) {
      Block payload(packet.size);
      ASSERT_TRUE(packet.Write(payload));
      h264.push_back({static_cast<std::uint16_t>(h264.size()), i * 3000,
                      packet.marker, payload});
    }
    const Block picture = testing::MakeH265Frame(dice, i % 20 == 0);
    H265Packetizer video265({1200});
    ASSERT_EQ(video265.SetFrame(picture), H265PacketizeError::kNone);
    H265Packet packet265;
    while (video265.Next(packet265)) {
      Block payload(packet265.size);
      ASSERT_TRUE(packet265.Write(payload));
      h265.push_back({static_cast<std::uint16_t>(h265.size()), i * 3000, packet265.marker, payload});
    }
    const Block unit = dice.Block(200 + dice.Below(300));
    AacPacketizer audio({1200});
    ASSERT_EQ(audio.SetFrame(unit), AacPacketizeError::kNone);
    AacPacket piece;
    while (audio.Next(piece)) {
      Block payload(piece.size);
      ASSERT_TRUE(piece.Write(payload));
      aac.push_back({static_cast<std::uint16_t>(i), i * 1024, true, payload});
    }
  }
  EXPECT_EQ(Guess(h264), Codec::kH264);
  EXPECT_EQ(Guess(h265), Codec::kH265);
  EXPECT_EQ(Guess(aac), Codec::kAac);
}

TEST(CodecGuessTest, PicturesWithoutAKeyFrameAreUnknownAndAreKnownFromItOn) {
  Dice dice(7);
  std::vector<CapturedPacket> vp8;
  for (std::uint32_t i = 0; i < 20; ++i) {
    const Block frame = testing::MakeVp8Frame(dice, i == 15, 200 + dice.Below(3000), i);
    Vp8Packetizer packetizer({.max_payload_size = 1200});
    ASSERT_EQ(packetizer.SetFrame(frame, {.picture_id = static_cast<std::uint16_t>(i)}), Vp8PacketizeError::kNone);
    Vp8Packet packet;
    while (packetizer.Next(packet)) {
      Block payload(packet.size);
      ASSERT_TRUE(packet.Write(payload));
      vp8.push_back({static_cast<std::uint16_t>(vp8.size()), i * 3000, packet.marker, payload});
    }
    EXPECT_EQ(Guess(vp8), i < 15 ? Codec::kUnknown : Codec::kVp8) << i;
  }
}

// Of one packet that begins a key frame of VP8 and VP9, and a sequence of AV1.
const Block kVp8Key = {0x90, 0x80, 0x01, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00, 0x11};
const Block kVp9Key = {0x8c, 0x01, 0x82, 0x49, 0x83, 0x42, 0x20, 0x13, 0xf0, 0x0e, 0xf0, 0x11, 0x22};
const Block kAv1Key = {0x28, 0x0c, 0x08, 0x00, 0x00, 0x00, 0x04, 0x3c, 0xff,
                       0xbc, 0xda, 0xf9, 0x00, 0x40, 0x30, 0x10, 0x55};

TEST(CodecGuessTest, EachKindOfKeyFrameIsThatOfOneCodec) {
  for (const auto& [payload, codec] :
       {std::pair(kVp8Key, Codec::kVp8), std::pair(kVp9Key, Codec::kVp9), std::pair(kAv1Key, Codec::kAv1)}) {
    std::vector<CapturedPacket> packets;
    for (std::uint16_t i = 0; i < 8; ++i) packets.push_back({i, i * 3000u, true, payload});
    EXPECT_EQ(Guess(packets), codec) << ToString(codec);
    // One in sixteen may be something else, no more.
    packets.resize(7);
    packets.push_back({7, 7 * 3000u, true, Block(40, 0xff)});
    EXPECT_EQ(Guess(packets), Codec::kUnknown) << ToString(codec);
    for (std::uint16_t i = 8; i < 16; ++i) packets.push_back({i, i * 3000u, true, payload});
    EXPECT_EQ(Guess(packets), codec) << ToString(codec);
  }
}

TEST(CodecGuessTest, NoiseIsUnknownHoweverMuchOfIt) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Dice dice(seed);
    std::vector<CapturedPacket> noise;
    for (std::uint16_t i = 0; i < 300; ++i) {
      noise.push_back({i, i * 960u, false, dice.Block(1 + dice.Below(1200))});
    }
    EXPECT_EQ(Guess(noise), Codec::kUnknown) << seed;
  }
}

TEST(CodecGuessTest, OpusAtAnotherPaceIsUnknownAndSilencesAreNotAnotherPace) {
  std::vector<CapturedPacket> opus;
  std::uint32_t timestamp = 0;
  for (std::uint16_t i = 0; i < 50; ++i) {
    opus.push_back({i, timestamp, false, Block(60, 0xf8)});
    timestamp += i % 10 == 9 ? 960 * 20 : 960;
  }
  EXPECT_EQ(Guess(opus), Codec::kOpus);
  for (CapturedPacket& packet : opus) packet.timestamp = packet.timestamp / 6;
  EXPECT_EQ(Guess(opus), Codec::kUnknown);
}

TEST(CodecGuessTest, AFewPacketsAreNotEnoughAndTheFirstOnesDecide) {
  CodecGuess guess;
  const Block opus(60, 0xf8);
  const Block noise(9, 0xff);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    guess.HandlePacket({RtpTimestamp(i * 960), false, false, i < 256 ? opus : noise});
    EXPECT_EQ(guess.codec(), i < 3 ? Codec::kUnknown : Codec::kOpus);
  }
  EXPECT_TRUE(guess.done());
  EXPECT_EQ(guess.packets(), CodecGuess::kMaxPackets);
}

static_assert(sizeof(CodecGuess) <= 88);

TEST(CodecGuessTest, RealStreamsAreRecognised) {
  if (ReadCapture("ffmpeg-h264-opus-rtp.pcap").empty()) {
    GTEST_SKIP() << "the shared captures are not here";
  }
  const std::map<std::string, std::map<int, Codec>> known = {
      {"ffmpeg-h264-opus-rtp.pcap", {{96, Codec::kH264}, {97, Codec::kOpus}}},
      {"chromium-h264-loss3.receiver.pcap", {{102, Codec::kH264}, {111, Codec::kOpus}}},
      {"chromium-vp8-simulcast3.pcap", {{96, Codec::kVp8}, {111, Codec::kOpus}}},
      {"chromium-vp8-bottleneck.sender.pcap", {{96, Codec::kVp8}, {111, Codec::kOpus}}},
      {"chromium-av1-l1t3.pcap", {{45, Codec::kAv1}, {111, Codec::kOpus}}},
      {"chromium-vp9-svc-l3t3key.pcap", {{98, Codec::kVp9}, {111, Codec::kOpus}}},
      {"chromium-janus-simulcast3.sender.pcap", {{96, Codec::kVp8}, {111, Codec::kOpus}}},
      {"chromium-p2p-dtls13-datachannel.plain.pcap", {{96, Codec::kVp8}, {111, Codec::kOpus}}},
      {"chromium-vp8-red-ulpfec-loss5.receiver.pcap", {}},
      {"gstreamer-vp8-opus-loss3.pcap", {{96, Codec::kVp8}, {97, Codec::kOpus}}},
      {"ffmpeg-h264-srtp.pcap", {}},  // encrypted
  };
  for (const auto& [name, types] : known) {
    for (const auto& [stream, packets] : ReadCapture(name)) {
      const auto type = types.find(stream.second);
      EXPECT_EQ(Guess(packets), type == types.end() ? Codec::kUnknown : type->second)
          << name << " payload type " << stream.second;
    }
  }
}

struct Depacketized {
  std::vector<Block> frames;
  std::vector<bool> key;
  std::uint64_t dropped = 0;
};

Depacketized Depacketize(const std::vector<CapturedPacket>& packets) {
  Depacketized result;
  Block storage(1 << 18);
  H264Depacketizer depacketizer(storage);
  bool first = true;
  std::uint16_t next = 0;
  for (const CapturedPacket& packet : packets) {
    const auto error = depacketizer.HandlePacket(
        {RtpTimestamp(packet.timestamp), packet.marker,
         !first && packet.sequence != next, packet.payload});
    EXPECT_EQ(error, H264PayloadError::kNone) << ToString(error);
    first = false;
    next = static_cast<std::uint16_t>(packet.sequence + 1);
    EncodedFrame frame;
    while (depacketizer.PollFrame(frame)) {
      EXPECT_EQ(IsKeyFrame(frame.data), frame.key_frame);
      result.frames.emplace_back(frame.data.begin(), frame.data.end());
      result.key.push_back(frame.key_frame);
    }
  }
  result.dropped = depacketizer.counters().dropped_incomplete;
  const auto sps = Sps::Parse(depacketizer.parameter_sets().sps());
  EXPECT_TRUE(sps);
  if (sps) {
    EXPECT_EQ(sps->width, 640);
    EXPECT_EQ(sps->height, 360);
    EXPECT_EQ(sps->reorder_depth(), 0);
  }
  return result;
}

TEST(H264CaptureTest, EveryFrameOfTheRealStreamIsThere) {
  const auto streams = ReadCapture("ffmpeg-h264-opus-rtp.pcap");
  if (streams.empty()) GTEST_SKIP() << "the shared captures are not here";
  const Depacketized h264 = Depacketize(streams.at({0xd24b344e, 96}));
  EXPECT_EQ(h264.frames.size(), 181u);
  EXPECT_EQ(h264.dropped, 0u);
  for (std::size_t i = 0; i < h264.key.size(); ++i) {
    EXPECT_EQ(h264.key[i], i % 60 == 0) << i;  // ffmpeg -g 60
  }

  Block storage(2000);
  OpusDepacketizer opus(storage);
  std::uint32_t samples = 0;
  for (const CapturedPacket& packet : streams.at({0xf1d49580, 97})) {
    EXPECT_EQ(opus.HandlePacket({RtpTimestamp(packet.timestamp), packet.marker,
                                 false, packet.payload}),
              OpusPayloadError::kNone);
    EncodedFrame frame;
    while (opus.PollFrame(frame)) samples += OpusPacketView::Parse(frame.data)->samples();
  }
  EXPECT_EQ(opus.counters().frames, 301u);
  EXPECT_EQ(samples, 301u * 960);
}

TEST(H264CaptureTest, ALossyRealStreamGivesWholeFramesOnly) {
  const auto streams = ReadCapture("chromium-h264-loss3.receiver.pcap");
  if (streams.empty()) GTEST_SKIP() << "the shared captures are not here";
  for (const auto& [stream, packets] : streams) {
    if (stream.second != 102) continue;
    const Depacketized h264 = Depacketize(packets);
    // 178 timestamps, 28 packets missing in at most as many frames.
    EXPECT_GE(h264.frames.size(), 178u - 28);
    EXPECT_LT(h264.frames.size(), 178u);
    EXPECT_LE(h264.frames.size() + h264.dropped, 178u);
  }
}

}  // namespace
}  // namespace mediacore::codec
