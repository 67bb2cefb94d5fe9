// Every clean video stream of the captures, depacketised: as many frames and key
// frames as were sent, and a decoder finds nothing wrong with them.
#include <gtest/gtest.h>

#include "../support/capture_streams.h"
#include "../support/ffprobe.h"
#include "mediacore/codec/h264_depacketizer.h"

namespace mediacore::codec {
namespace {

using testing::CapturedPacket;
using Block = std::vector<std::uint8_t>;

// visit(const EncodedFrame&) for each frame of the packets, which are put in order
// first; RTX and FEC are not looked at.
template <typename Depacketizer, typename Visit>
void ForEachFrame(Depacketizer& depacketizer, const std::vector<CapturedPacket>& packets, Visit&& visit) {
  std::map<std::int64_t, const CapturedPacket*> ordered;
  Unwrapper<SequenceNumber> unwrapper;
  for (const CapturedPacket& packet : packets) {
    ordered.emplace(unwrapper.Unwrap(SequenceNumber(packet.sequence)), &packet);
  }
  std::int64_t next = ordered.empty() ? 0 : ordered.begin()->first;
  const auto poll = [&] {
    for (EncodedFrame frame; depacketizer.PollFrame(frame);) visit(frame);
  };
  for (const auto& [number, packet] : ordered) {
    EXPECT_EQ(depacketizer.HandlePacket(
                  {RtpTimestamp(packet->timestamp), packet->marker, number != next, packet->payload}),
              Depacketizer::Error::kNone);
    next = number + 1;
    poll();
  }
  depacketizer.Flush();
  poll();
}

TEST(CodecCapturesTest, H264OfFfmpegDecodesWhole) {
  const auto streams = testing::ReadCapture("ffmpeg-h264-opus-rtp.pcap");
  if (streams.empty()) GTEST_SKIP() << "the shared captures are not here";
  Block storage(1 << 20);
  H264Depacketizer depacketizer(storage);
  Block file;
  int frames = 0;
  int key_frames = 0;
  ForEachFrame(depacketizer, streams.at({0xd24b344e, 96}), [&](const EncodedFrame& frame) {
    ++frames;
    key_frames += frame.key_frame ? 1 : 0;
    EXPECT_FALSE(frame.lost_before);
    EXPECT_EQ(frame.width, frame.key_frame ? 640 : 0);
    EXPECT_EQ(frame.height, frame.key_frame ? 360 : 0);
    const std::size_t at = file.size();
    file.insert(file.end(), frame.data.begin(), frame.data.end());
    ASSERT_TRUE(AvccToAnnexBInPlace(MutableBytes(file).subspan(at)));
  });
  EXPECT_EQ(frames, 181);
  testing::TemporaryFolder folder;
  const testing::Decoded decoded = testing::DecodeWithFfprobe(folder.Write("video.h264", file), "-f h264");
  if (!decoded.ran) GTEST_SKIP() << "ffprobe is not here";
  EXPECT_EQ(decoded.errors, "");
  EXPECT_EQ(decoded.frames, frames);
  EXPECT_EQ(decoded.key_frames, key_frames);
}

// 28 packets of 614 are missing: what comes out is whole, and each loss is told.
TEST(CodecCapturesTest, H264OfChromiumWithLossesGivesWholeFramesAlone) {
  const auto streams = testing::ReadCapture("chromium-h264-loss3.receiver.pcap");
  if (streams.empty()) GTEST_SKIP() << "the shared captures are not here";
  Block storage(1 << 20);
  H264Depacketizer depacketizer(storage);
  std::set<std::uint32_t> sent;
  for (const CapturedPacket& packet : streams.at({0xa738ffec, 102})) sent.insert(packet.timestamp);
  std::set<std::uint32_t> given;
  int losses = 0;
  ForEachFrame(depacketizer, streams.at({0xa738ffec, 102}), [&](const EncodedFrame& frame) {
    EXPECT_TRUE(given.insert(frame.rtp_timestamp.value()).second);
    losses += frame.lost_before ? 1 : 0;
  });
  EXPECT_EQ(sent.size(), 178u);
  EXPECT_EQ(given.size() + depacketizer.counters().dropped_incomplete, 178u);
  EXPECT_GT(losses, 0);
  EXPECT_LE(losses, 28);
}

}  // namespace
}  // namespace mediacore::codec
