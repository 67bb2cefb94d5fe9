// Streams of x265, sent by ffmpeg, by GStreamer and by our packetiser, come out of
// RTP with as many frames and key frames as ffprobe counts, and decode.
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>

#include <gtest/gtest.h>

#include "../support/ffprobe.h"
#include "mediacore/base/annex_b.h"
#include "mediacore/codec/h265_depacketizer.h"
#include "mediacore/codec/h265_packetizer.h"
#include "mediacore/codec/hvcc.h"
#include "mediacore/rtp/demux.h"
#include "mediacore/rtp/packet_view.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

Block ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return Block{std::istreambuf_iterator<char>(in), {}};
}

// Each datagram that `command` sends to a socket of this path: none is lost, the
// sender waits.
std::vector<Block> Receive(const std::string& path, const std::string& command) {
  std::vector<Block> packets;
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  if (socket < 0 || ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return packets;
  std::atomic<bool> ended{false};
  std::thread sender([&] {
    (void)testing::OutputOf(command);
    ended = true;
  });
  for (;;) {
    const bool last = ended;
    pollfd ready{socket, POLLIN, 0};
    while (::poll(&ready, 1, 50) > 0) {
      Block packet(65536);
      const ssize_t size = ::recv(socket, packet.data(), packet.size(), 0);
      packet.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
      packets.push_back(std::move(packet));
    }
    if (last) break;
  }
  sender.join();
  ::close(socket);
  return packets;
}

// RFC 4571: a length in two bytes before each packet.
std::vector<Block> ReadFramed(const std::string& path) {
  const Block bytes = ReadFile(path);
  std::vector<Block> packets;
  ByteReader reader(bytes);
  std::uint16_t size = 0;
  Bytes packet;
  while (reader.ReadU16(size) && reader.ReadBytes(size, packet)) packets.emplace_back(packet.begin(), packet.end());
  return packets;
}

struct Counted {
  int packets = 0;
  int frames = 0;
  int key_frames = 0;
  int wrong_sizes = 0;
  std::uint64_t refused = 0;
  Block annex_b;
  Block hvcc;
};

class Counter {
 public:
  void Handle(const RtpPayload& payload) {
    ++counted_.packets;
    (void)depacketizer_.HandlePacket(payload);
    for (EncodedFrame frame; depacketizer_.PollFrame(frame);) {
      ++counted_.frames;
      counted_.key_frames += frame.key_frame ? 1 : 0;
      if (frame.width != (frame.key_frame ? 320 : 0)) ++counted_.wrong_sizes;
      const std::size_t at = counted_.annex_b.size();
      counted_.annex_b.resize(at + frame.data.size());
      std::size_t written = 0;
      EXPECT_TRUE(AvccToAnnexB(frame.data, MutableBytes(counted_.annex_b).subspan(at), written));
    }
  }
  Counted End() {
    depacketizer_.Flush();
    const auto& counters = depacketizer_.counters();
    counted_.refused = counters.packets - counters.errors[0] + counters.dropped_incomplete;
    counted_.hvcc.resize(HvccWriter::kMaxSize);
    std::size_t size = 0;
    EXPECT_TRUE(HvccWriter(depacketizer_.parameter_sets()).Write(counted_.hvcc, size));
    counted_.hvcc.resize(size);
    return counted_;
  }

 private:
  Block storage_ = Block(1 << 20);
  H265Depacketizer depacketizer_{storage_};
  Counted counted_;
};

Counted CountPackets(const std::vector<Block>& packets) {
  Counter counter;
  for (const Block& bytes : packets) {
    if (rtp::Demultiplex(bytes) != rtp::PacketKind::kRtp) continue;
    const auto packet = rtp::PacketView::Parse(bytes);
    if (packet) counter.Handle({packet->timestamp(), packet->marker(), false, packet->payload()});
  }
  return counter.End();
}

class H265RecordingsTest : public ::testing::Test {
 protected:
  // x265 with these parameters, 60 pictures of 320x180: as MP4 and as a byte stream.
  bool Encode(const std::string& parameters) {
    (void)testing::OutputOf(
        "ffmpeg -v quiet -y -f lavfi -i testsrc2=s=320x180:r=30 -frames:v 60 -c:v libx265 "
        "-preset ultrafast -pix_fmt yuv420p -x265-params 'log-level=none:" +
        parameters + "' " + Path("x.mp4") + " 2>&1; ffmpeg -v quiet -y -i " + Path("x.mp4") + " -c copy " +
        Path("x.h265"));
    sent_ = testing::DecodeWithFfprobe(Path("x.mp4"));
    return sent_.ran && sent_.frames == 60 && sent_.errors.empty();
  }
  std::string Path(const std::string& name) const {
    if (path_.empty()) path_ = folder_.Write("here", {});
    return path_.substr(0, path_.size() - 4) + name;
  }
  void Expect(const Counted& counted, const std::string& by) {
    EXPECT_EQ(counted.frames, sent_.frames) << by;
    EXPECT_EQ(counted.key_frames, sent_.key_frames) << by;
    EXPECT_EQ(counted.wrong_sizes, 0) << by;
    EXPECT_EQ(counted.refused, 0u) << by;
    const auto decoded = testing::DecodeWithFfprobe(folder_.Write("out.h265", counted.annex_b), "-f hevc");
    EXPECT_EQ(decoded.frames, sent_.frames) << by;
    EXPECT_EQ(decoded.errors, "") << by;
    EXPECT_TRUE(HvccView::Parse(counted.hvcc)) << by;
  }

  testing::TemporaryFolder folder_;
  mutable std::string path_;
  testing::Decoded sent_;
};

// Access units of a byte stream: each begins with the first slice segment or what
// stands before it.
std::vector<Block> AccessUnits(Bytes annex_b) {
  std::vector<Block> units;
  bool in_picture = true;  // whatever comes first begins one
  AnnexBReader reader(annex_b);
  for (Bytes nal; reader.Next(nal);) {
    const auto slice = H265SliceSegmentHeader::Parse(nal);
    const H265NalType type = H265NalTypeOf(nal[0]);
    const bool begins =
        slice ? slice->first_slice_segment_in_pic
              : IsParameterSet(type) || type == H265NalType::kPrefixSei || type == H265NalType::kAccessUnitDelimiter;
    if (begins && in_picture) {
      units.emplace_back();
      in_picture = false;
    }
    if (slice) in_picture = true;
    Block& unit = units.back();
    const std::size_t at = unit.size();
    unit.resize(at + 4);
    StoreU32(unit.data() + at, static_cast<std::uint32_t>(nal.size()));
    unit.insert(unit.end(), nal.begin(), nal.end());
  }
  return units;
}

TEST_F(H265RecordingsTest, FramesAreThoseThatFfprobeCountsWhoeverSends) {
  for (const char* const parameters :
       {"keyint=20:min-keyint=20:bframes=3:open-gop=1:repeat-headers=1",
        "keyint=15:slices=3:aud=1:bframes=0:repeat-headers=1",
        "keyint=30:temporal-layers=1:bframes=3:b-pyramid=1:repeat-headers=1:rc-lookahead=10"}) {
    if (!Encode(parameters)) GTEST_SKIP() << "ffmpeg with libx265 is absent";
    EXPECT_GE(sent_.key_frames, 2);
    for (const char* const size : {"300", "1400"}) {
      const std::string command = "ffmpeg -v quiet -i " + Path("x.mp4") + " -c copy -f rtp -packetsize " + size +
                                  " -type datagram unix:" + Path("socket");
      Expect(CountPackets(Receive(Path("socket"), command)), "ffmpeg");
      ::unlink(Path("socket").c_str());
    }
    if (std::system("command -v gst-launch-1.0 >/dev/null 2>&1") == 0) {
      for (const char* const options : {"aggregate-mode=max", "aggregate-mode=zero-latency"}) {
        (void)testing::OutputOf("gst-launch-1.0 -q filesrc location=" + Path("x.mp4") +
                                " ! qtdemux ! h265parse ! rtph265pay config-interval=-1 mtu=1400 " + options +
                                " ! rtpstreampay ! filesink location=" + Path("x.rtp") + " 2>&1");
        const std::vector<Block> packets = ReadFramed(Path("x.rtp"));
        if (!packets.empty()) Expect(CountPackets(packets), options);
      }
    }
    const Block stream = ReadFile(Path("x.h265"));
    for (const std::size_t max_size : {100u, 1200u, 9000u}) {
      Counter counter;
      std::uint32_t timestamp = 0;
      for (const Block& unit : AccessUnits(stream)) {
        H265Packetizer packetizer({max_size});
        ASSERT_EQ(packetizer.SetFrame(unit), H265PacketizeError::kNone);
        H265Packet packet;
        while (packetizer.Next(packet)) {
          Block payload(packet.size);
          ASSERT_TRUE(packet.Write(payload));
          counter.Handle({RtpTimestamp(timestamp), packet.marker, false, payload});
        }
        timestamp += 3000;
      }
      Expect(counter.End(), "packetizer");
    }
  }
}

}  // namespace
}  // namespace mediacore::codec
