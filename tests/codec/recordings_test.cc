// Sound that ffmpeg and GStreamer send over RTP to a socket of this test comes out of
// the depacketisers byte for byte as the same encoder writes it to a file.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/ffprobe.h"
#include "mediacore/codec/aac.h"
#include "mediacore/codec/aac_depacketizer.h"
#include "mediacore/codec/latm_depacketizer.h"
#include "mediacore/codec/opus_depacketizer.h"
#include "mediacore/codec/sample_audio_depacketizer.h"
#include "mediacore/rtp/packet_view.h"

namespace mediacore::codec {
namespace {

using Block = std::vector<std::uint8_t>;

std::string Output(const std::string& command) { return testing::OutputOf(command + " </dev/null 2>/dev/null"); }
bool Has(const std::string& program) { return !Output("command -v " + program).empty(); }
bool HasElement(const std::string& name) { return !Output("gst-inspect-1.0 " + name).empty(); }

// An even port on loopback that receives RTP.
class Receiver {
 public:
  Receiver() {
    for (int port = 20'000 + getpid() % 10'000 * 2; port < 65'000 && fd_ < 0; port += 2) {
      const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<std::uint16_t>(port));
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      const int room = 1 << 22;
      setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
      if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        fd_ = fd;
        port_ = port;
      } else {
        close(fd);
      }
    }
  }
  ~Receiver() { close(fd_); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::string port() const { return std::to_string(port_); }
  // All that came so far.
  std::vector<Block> Take() {
    std::vector<Block> packets;
    Block buffer(65'536);
    for (ssize_t n = 0; (n = recv(fd_, buffer.data(), buffer.size(), 0)) >= 0;) {
      packets.emplace_back(buffer.begin(), buffer.begin() + n);
    }
    return packets;
  }

 private:
  int fd_ = -1;
  int port_ = 0;
};

struct Depacketized {
  std::vector<Block> frames;
  std::size_t packets = 0;
  Block all() const {
    Block out;
    for (const Block& frame : frames) out.insert(out.end(), frame.begin(), frame.end());
    return out;
  }
};
template <typename Depacketizer>
Depacketized Depacketize(const std::vector<Block>& packets, Depacketizer&& depacketizer) {
  Depacketized out;
  std::optional<SequenceNumber> last;
  for (const Block& bytes : packets) {
    const auto packet = rtp::PacketView::Parse(bytes);
    EXPECT_TRUE(packet);
    if (!packet) continue;
    EXPECT_TRUE(!last || packet->sequence_number() == *last + 1);
    last = packet->sequence_number();
    ++out.packets;
    const auto error = depacketizer.HandlePacket({packet->timestamp(), packet->marker(), false, packet->payload()});
    EXPECT_EQ(ToString(error), ToString(decltype(error)::kNone));
    for (EncodedFrame frame; depacketizer.PollFrame(frame);) {
      EXPECT_FALSE(frame.lost_before);
      out.frames.emplace_back(frame.data.begin(), frame.data.end());
    }
  }
  depacketizer.Flush();
  return out;
}

Block BytesOf(const std::string& text) { return {text.begin(), text.end()}; }

// The access units of ADTS.
std::vector<Block> UnitsOf(const Block& adts) {
  std::vector<Block> units;
  for (std::size_t at = 0; at + 7 <= adts.size();) {
    const std::size_t size = (adts[at + 3] & 3u) << 11 | std::size_t{adts[at + 4]} << 3 | adts[at + 5] >> 5;
    if (size < 7 || at + size > adts.size()) break;
    units.emplace_back(adts.begin() + static_cast<std::ptrdiff_t>(at + 7),
                       adts.begin() + static_cast<std::ptrdiff_t>(at + size));
    at += size;
  }
  return units;
}

// As ffmpeg computes it: from 0 on, not from 1.
std::uint32_t Adler32(Bytes bytes) {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  for (const std::uint8_t byte : bytes) {
    a = (a + byte) % 65'521;
    b = (b + a) % 65'521;
  }
  return b << 16 | a;
}
// The last two columns of what framecrc prints.
std::string SizesAndChecksums(const std::string& lines) {
  std::string out;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    std::istringstream columns(line);
    std::vector<std::string> cells;
    for (std::string cell; std::getline(columns, cell, ',');) cells.push_back(cell.substr(cell.find_first_not_of(' ')));
    if (cells.size() >= 6) out += cells[4] + " " + cells[5] + "\n";
  }
  return out;
}

// The value of a parameter in an SDP.
std::string Parameter(const std::string& sdp, const std::string& name) {
  const std::size_t at = sdp.find(name + "=");
  if (at == std::string::npos) return {};
  const std::size_t from = at + name.size() + 1;
  return sdp.substr(from, sdp.find_first_of("; \r\n", from) - from);
}
Block FromHex(const std::string& hex) {
  Block out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
  }
  return out;
}

const std::string kSine = "ffmpeg -v error -f lavfi -i sine=frequency=440:sample_rate=48000:duration=1 ";

class RecordingsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!Has("ffmpeg")) GTEST_SKIP() << "there is no ffmpeg";
  }
  // Sends what `encode` makes to the receiver; gives the SDP.
  std::string Send(const std::string& encode, const std::string& flags = "", const std::string& size = "1200") {
    return Output(kSine + encode + " -f rtp " + flags + " 'rtp://127.0.0.1:" + receiver_.port() + "?pkt_size=" + size +
                  "'");
  }
  Receiver receiver_;
};

TEST_F(RecordingsTest, G711AndG722ComeOutAsTheyWereEncoded) {
  struct Case {
    Codec codec;
    const char* encode;
    const char* raw;
    int channels;
  };
  for (const Case& c : {Case{Codec::kPcmu, "-ar 8000 -ac 1 -c:a pcm_mulaw", "mulaw", 1},
                        Case{Codec::kPcma, "-ar 8000 -ac 1 -c:a pcm_alaw", "alaw", 1},
                        Case{Codec::kPcmu, "-ar 8000 -ac 2 -c:a pcm_mulaw", "mulaw", 2},
                        Case{Codec::kG722, "-ar 16000 -ac 1 -c:a g722", "g722", 1}}) {
    Send(c.encode);
    const auto packets = receiver_.Take();
    ASSERT_GT(packets.size(), 10u);
    Block storage(2000);
    const SampleAudioFormat format{c.codec, static_cast<std::uint8_t>(c.channels)};
    const auto got = Depacketize(packets, SampleAudioDepacketizer(storage, format));
    const Block reference = BytesOf(Output(kSine + c.encode + " -f " + c.raw + " -"));
    ASSERT_EQ(reference.size(), 8000u * static_cast<std::size_t>(c.channels));  // 1 s
    EXPECT_EQ(got.frames.size(), packets.size());
    EXPECT_TRUE(got.all() == reference) << c.encode;
    // The clock is 8000 Hz in all three: the last packet begins where it says.
    const auto first = rtp::PacketView::Parse(packets.front())->timestamp();
    const auto last = rtp::PacketView::Parse(packets.back())->timestamp();
    EXPECT_EQ(last - first,
              static_cast<std::int64_t>(8000 - SampleAudioView::Parse(got.frames.back(), format)->ticks()));
  }
}

TEST_F(RecordingsTest, AacComesOutOfRfc3640AndOfLatmAsItWasEncoded) {
  for (const char* const encode : {"-c:a aac -b:a 96k -ac 2", "-c:a aac -b:a 64k -ac 1 -ar 22050"}) {
    const auto reference = UnitsOf(BytesOf(Output(kSine + encode + " -f adts -")));
    ASSERT_GT(reference.size(), 20u);
    // Small packets: fragments, too.
    for (const char* const size : {"1200", "200"}) {
      Block storage(20'000);
      Send(encode, "", size);
      const auto packets = receiver_.Take();
      const auto aac = Depacketize(packets, AacDepacketizer(storage)).frames;
      // Units that ffmpeg gathers for a packet go with the next one; the last few never.
      EXPECT_LE(reference.size() - aac.size(), 5u);
      EXPECT_TRUE(std::equal(aac.begin(), aac.end(), reference.begin())) << encode << size;

      const std::string sdp = Send(encode, "-rtpflags latm", size);
      EXPECT_EQ(Parameter(sdp, "cpresent"), "0");
      const auto config = StreamMuxConfig::Parse(FromHex(Parameter(sdp, "config")));
      ASSERT_TRUE(config) << sdp;
      const LatmFormat format{.config_present = false, .config = *config};
      EXPECT_TRUE(Depacketize(receiver_.Take(), LatmDepacketizer(storage, format)).frames == reference)
          << encode << size;
    }
  }
}

TEST_F(RecordingsTest, OpusComesOutAsItWasEncoded) {
  Send("-c:a libopus -b:a 48k -ac 2");
  const auto packets = receiver_.Take();
  Block storage(2000);
  const auto got = Depacketize(packets, OpusDepacketizer(storage));
  // A line for each: stream, dts, pts, duration, size, checksum.
  const std::string lines = Output(kSine + "-c:a libopus -b:a 48k -ac 2 -f framecrc -");
  std::string expected;
  for (const Block& frame : got.frames) {
    char line[32];
    std::snprintf(line, sizeof line, "%zu 0x%08x\n", frame.size(), Adler32(frame));
    expected += line;
  }
  EXPECT_GT(got.frames.size(), 45u);
  EXPECT_EQ(got.frames.size(), packets.size());
  EXPECT_EQ(SizesAndChecksums(lines), expected);
}

TEST_F(RecordingsTest, WhatGStreamerSendsIsRead) {
  if (!HasElement("rtpmp4apay") || !HasElement("avenc_aac")) GTEST_SKIP() << "there is no GStreamer with an encoder";
  const std::string sink = " ! udpsink host=127.0.0.1 sync=false async=false port=" + receiver_.port();
  const auto send = [&](const std::string& pipeline) {
    Output("gst-launch-1.0 -q audiotestsrc num-buffers=100 samplesperbuffer=1024 ! audioconvert ! audioresample ! " +
           pipeline + sink);
    return receiver_.Take();
  };
  Block storage(20'000);
  // rtpmp4apay says in its caps what the configuration is; here it is known.
  StreamMuxConfig config;
  config.audio.sampling_frequency = config.audio.output_frequency = 44'100;
  config.audio.channel_configuration = config.audio.channels = 1;
  const LatmFormat format{.config_present = false, .config = config};
  const auto latm = Depacketize(send("audio/x-raw,rate=44100,channels=1 ! avenc_aac ! rtpmp4apay"),
                                LatmDepacketizer(storage, format));
  EXPECT_GT(latm.frames.size(), 95u);
  const auto aac =
      Depacketize(send("audio/x-raw,rate=44100,channels=1 ! avenc_aac ! rtpmp4gpay"), AacDepacketizer(storage));
  EXPECT_TRUE(aac.frames == latm.frames);
  const auto pcmu = Depacketize(send("audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay"),
                                SampleAudioDepacketizer(storage, {Codec::kPcmu}));
  EXPECT_GT(pcmu.all().size(), 18'000u);
  const auto g722 = Depacketize(send("audio/x-raw,rate=16000,channels=1 ! avenc_g722 ! rtpg722pay"),
                                SampleAudioDepacketizer(storage, {Codec::kG722}));
  EXPECT_GT(g722.all().size(), 18'000u);
}

}  // namespace
}  // namespace mediacore::codec
