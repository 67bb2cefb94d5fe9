// Every Opus stream of the captures: as many packets as the page beside them says,
// and a decoder finds nothing wrong with what the depacketiser makes of them.
#include <array>
#include <memory>

#include <gtest/gtest.h>

#include "../support/capture_streams.h"
#include "../support/ffprobe.h"
#include "mediacore/codec/opus_depacketizer.h"
#include "mediacore/codec/opus_head.h"
#include "mediacore/mux/ogg_opus_writer.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

struct OpusStream {
  const char* capture;
  std::uint32_t ssrc;
  int payload_type;
  std::size_t packets;
  std::size_t missing = 0;
};
// Those in the clear, and without RED.
constexpr OpusStream kStreams[] = {
    {"chromium-av1-l1t3.pcap", 0x2f4fd66a, 111, 351},
    {"chromium-h264-loss3.receiver.pcap", 0xa46e6284, 111, 291, 9},
    {"chromium-janus-simulcast3.sender.pcap", 0x8e3aeb2a, 111, 151},
    {"chromium-p2p-dtls13-datachannel.plain.pcap", 0xd249bee5, 111, 151},
    {"chromium-p2p-dtls13-datachannel.plain.pcap", 0x850af240, 111, 149},
    {"chromium-vp8-bottleneck.sender.pcap", 0x26a24903, 111, 1202},
    {"chromium-vp8-simulcast3.pcap", 0x8f5466c4, 111, 301},
    {"chromium-vp9-svc-l3t3key.pcap", 0xe3a815be, 111, 201},
    {"ffmpeg-h264-opus-rtp.pcap", 0xf1d49580, 97, 301},
    {"gstreamer-vp8-opus-loss3.pcap", 0x22fd9e66, 97, 501},
};

TEST(OpusCapturesTest, EveryPacketIsAFrameAndDecodes) {
  testing::TemporaryFolder folder;
  for (const OpusStream& stream : kStreams) {
    const auto streams = testing::ReadCapture(stream.capture);
    if (streams.empty()) GTEST_SKIP() << "the shared captures are not here";
    Block storage(2000);
    OpusDepacketizer depacketizer(storage);
    Block file;
    const auto append = [&file](Bytes bytes) { file.insert(file.end(), bytes.begin(), bytes.end()); };
    auto page = std::make_unique<std::array<std::uint8_t, mux::kOggMaxPageSize>>();
    mux::OggOpusWriter writer({.serial = 1}, *page);
    Block head(OpusHeadWriter{}.WireSize());
    ASSERT_TRUE(OpusHeadWriter{}.Write(head));
    const Block tags = {'O', 'p', 'u', 's', 'T', 'a', 'g', 's', 0, 0, 0, 0, 0, 0, 0, 0};
    writer.Start(head, tags, append);
    std::size_t frames = 0;
    std::size_t losses = 0;
    SequenceNumber next(streams.at({stream.ssrc, stream.payload_type}).front().sequence);
    for (const auto& packet : streams.at({stream.ssrc, stream.payload_type})) {
      const bool lost = SequenceNumber(packet.sequence) != next;
      next = SequenceNumber(packet.sequence) + 1;
      EXPECT_EQ(depacketizer.HandlePacket({RtpTimestamp(packet.timestamp), packet.marker, lost, packet.payload}),
                OpusPayloadError::kNone);
      for (EncodedFrame frame; depacketizer.PollFrame(frame); ++frames) {
        losses += frame.lost_before ? 1 : 0;
        writer.AddPacket(frame.data, OpusPacketView::Parse(frame.data)->samples(), append);
      }
    }
    writer.Finish(0, append);
    EXPECT_EQ(frames, stream.packets) << stream.capture;
    EXPECT_EQ(losses > 0, stream.missing > 0) << stream.capture;
    EXPECT_LE(losses, stream.missing);
    const testing::Decoded decoded = testing::DecodeWithFfprobe(folder.Write("sound.ogg", file));
    if (!decoded.ran) GTEST_SKIP() << "ffprobe is not here";
    EXPECT_EQ(decoded.errors, "") << stream.capture;
    EXPECT_EQ(static_cast<std::size_t>(decoded.frames), frames) << stream.capture;
  }
}

}  // namespace
}  // namespace mediacore::codec
