// RTMP of real programs: the messages that tshark sees, whose media make an FLV file
// that ffmpeg reads with as many frames and decodes.
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/tcp_streams.h"
#include "mediacore/mux/flv.h"
#include "mediacore/mux/flv_audio.h"
#include "mediacore/mux/flv_video.h"
#include "mediacore/rtmp/amf0.h"
#include "mediacore/rtmp/chunk_writer.h"
#include "mediacore/rtmp/handshake.h"

namespace mediacore::rtmp {
namespace {

using Buffer = std::vector<std::uint8_t>;
using testing::TcpFlow;

constexpr char kName[] = "ffmpeg-rtmp-publish.pcap";  // ffmpeg 5.1 publishes to SRS
constexpr int kServerPort = 19'350;

struct Kept {
  Message about;
  Buffer payload;
};
// The messages of one direction; fails when they do not read to their end.
std::vector<Kept> ReadMessages(Bytes chunks, std::size_t split) {
  Buffer storage(4 * 1'000'000);
  ChunkReader reader(storage, {.max_message_size = 1'000'000});
  std::vector<Kept> kept;
  for (Bytes rest = chunks; !rest.empty();) {
    const Bytes some = rest.first(std::min(split, rest.size()));
    reader.Read(some, [&](const Message& message) {
      kept.push_back({message, Buffer(message.payload.begin(), message.payload.end())});
    });
    rest = rest.subspan(some.size());
  }
  EXPECT_EQ(reader.Finish(), ChunkError::kNone);
  EXPECT_EQ(reader.received(), chunks.size());
  return kept;
}

class RtmpCapture : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(testing::CaptureFolder() / kName)) GTEST_SKIP() << "no captures beside the project";
    for (auto& [flow, bytes] : testing::ReadTcpStreams(kName)) {
      (flow.to_port == kServerPort ? client_ : server_) = std::move(bytes);
    }
    ASSERT_GT(client_.size(), 3073u);
    ASSERT_GT(server_.size(), 3073u);
  }
  // Behind C0, C1 and C2, or S0, S1 and S2.
  static Bytes Chunks(const Buffer& stream) {
    return Bytes(stream).subspan(HandshakeHelloView::kSize + HandshakeEchoView::kSize);
  }
  static std::string Run(const std::string& command) {
    std::string out;
    std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    std::array<char, 4096> block{};
    for (std::size_t n = 0; (n = std::fread(block.data(), 1, block.size(), pipe)) > 0;) out.append(block.data(), n);
    if (pclose(pipe) != 0) out += "(failed)";
    return out;
  }

  Buffer client_;
  Buffer server_;
};

TEST_F(RtmpCapture, BothSidesBeginWithAHandshake) {
  for (const Buffer* stream : {&client_, &server_}) {
    const auto hello = HandshakeHelloView::Parse(*stream);
    ASSERT_TRUE(hello);
    EXPECT_EQ(hello->version(), 3);
    EXPECT_TRUE(HandshakeEchoView::Parse(Bytes(*stream).subspan(HandshakeHelloView::kSize)));
    Buffer again(HandshakeHelloView::kSize);
    ASSERT_TRUE((HandshakeHelloWriter{hello->time(), hello->random()}.Write(again)));
    EXPECT_TRUE(std::equal(again.begin() + 9, again.end(), stream->begin() + 9));
  }
}

// "messages audio video" of one direction, as tshark sees them.
TEST_F(RtmpCapture, MessagesAreThoseOfTshark) {
  if (Run("tshark --version").find("TShark") != 0 && Run("tshark --version").find("\nTShark") == std::string::npos) {
    GTEST_SKIP() << "tshark is not installed";
  }
  for (const Buffer* stream : {&client_, &server_}) {
    std::array<int, 3> counts{};
    for (const Kept& message : ReadMessages(Chunks(*stream), 1460)) {
      ++counts[0];
      counts[1] += message.about.type == MessageType::kAudio;
      counts[2] += message.about.type == MessageType::kVideo;
    }
    // The preference: larger messages are not put together otherwise.
    const std::string seen =
        Run("tshark -o rtmpt.max_packet_size:16777215 -d tcp.port==19350,rtmpt -T fields -E occurrence=a -e "
            "rtmpt.header.format"
            " -e rtmpt.audio.control -e rtmpt.video.control -Y 'tcp." +
            std::string(stream == &client_ ? "dst" : "src") + "port==19350' -r " +
            (testing::CaptureFolder() / kName).string() +
            " 2>/dev/null | awk -F'\\t' '{m += split($1, a, \",\"); s += split($2, a, \",\"); v += split($3, a, \",\")}"
            " END {print m, s, v}'");
    std::ostringstream ours;
    ours << counts[0] << ' ' << counts[1] << ' ' << counts[2] << '\n';
    EXPECT_EQ(ours.str(), seen);
  }
}

TEST_F(RtmpCapture, MessagesAreTheSameHoweverTheStreamIsCut) {
  const auto whole = ReadMessages(Chunks(client_), client_.size());
  for (const std::size_t split : {1u, 7u, 128u, 1460u}) {
    const auto cut = ReadMessages(Chunks(client_), split);
    ASSERT_EQ(cut.size(), whole.size());
    for (std::size_t i = 0; i < cut.size(); ++i) {
      EXPECT_EQ(cut[i].payload, whole[i].payload);
      EXPECT_EQ(cut[i].about.timestamp, whole[i].about.timestamp);
    }
  }
}

TEST_F(RtmpCapture, MessagesWrittenAgainReadTheSame) {
  for (const Buffer* stream : {&client_, &server_}) {
    const auto messages = ReadMessages(Chunks(*stream), stream->size());
    ChunkWriter writer;
    Buffer chunks;
    for (const Kept& kept : messages) {
      Message message = kept.about;
      message.payload = kept.payload;
      const std::size_t at = chunks.size();
      chunks.resize(at + writer.WireSize(message));
      ASSERT_GT(writer.Write(message, MutableBytes(chunks).subspan(at)), 0u);
    }
    const auto again = ReadMessages(chunks, 1000);
    ASSERT_EQ(again.size(), messages.size());
    for (std::size_t i = 0; i < again.size(); ++i) {
      EXPECT_EQ(again[i].about.chunk_stream_id, messages[i].about.chunk_stream_id);
      EXPECT_EQ(again[i].about.type, messages[i].about.type);
      EXPECT_EQ(again[i].about.stream_id, messages[i].about.stream_id);
      EXPECT_EQ(again[i].about.timestamp, messages[i].about.timestamp);
      EXPECT_EQ(again[i].payload, messages[i].payload);
    }
    EXPECT_NEAR(static_cast<double>(chunks.size()), static_cast<double>(Chunks(*stream).size()), 100);
  }
}

TEST_F(RtmpCapture, CommandsAreReadAndWrittenAgainByteForByte) {
  std::vector<std::string> names;
  for (const Kept& message : ReadMessages(Chunks(client_), 1000)) {
    if (message.about.type != MessageType::kCommandAmf0 && message.about.type != MessageType::kDataAmf0) continue;
    Buffer out(message.payload.size());
    Amf0Writer writer(out);
    Amf0Reader reader(message.payload);
    bool first = true;
    for (Amf0Event event; reader.Next(event); first = false) {
      if (first) names.emplace_back(event.text.begin(), event.text.end());
      if (event.name.data() != nullptr) writer.Name(event.name);
      writer.Write(event);
    }
    EXPECT_EQ(reader.error(), Amf0Error::kNone);
    EXPECT_TRUE(std::ranges::equal(writer.values(), message.payload));
  }
  EXPECT_EQ(names, (std::vector<std::string>{"connect", "releaseStream", "FCPublish", "createStream", "_checkbw",
                                             "publish", "@setDataFrame"}));
}

TEST_F(RtmpCapture, MediaMakeAnFlvFileWithAsManyFramesThatDecodes) {
  if (Run("ffprobe -version").rfind("ffprobe version", 0) != 0) GTEST_SKIP() << "ffmpeg is not installed";
  const auto header = mux::FlvFileHeader{true, true}.Write();
  Buffer file(header.begin(), header.end());
  const auto add = [&](mux::FlvTagType type, std::uint32_t time, Bytes body) {
    const mux::FlvTag tag = {type, false, time, 0, body};
    const std::size_t at = file.size();
    file.resize(at + tag.WireSize());
    ASSERT_TRUE(tag.Write(MutableBytes(file).subspan(at)));
  };
  int audio = 0, video = 0, key_frames = 0;
  for (const Kept& message : ReadMessages(Chunks(client_), 1460)) {
    if (message.about.type == MessageType::kDataAmf0) {
      ByteReader values(message.payload);
      const auto command = Amf0Value::TakeFrom(values);
      ASSERT_TRUE(command && IsText(command->head().text, "@setDataFrame"));
      add(mux::FlvTagType::kScript, message.about.timestamp, values.rest());
      const auto name = Amf0Value::TakeFrom(values);
      const auto about = Amf0Value::TakeFrom(values);
      ASSERT_TRUE(name && IsText(name->head().text, "onMetaData") && about);
      double width = 0, rate = 0;
      bool stereo = false;
      EXPECT_TRUE(about->FindNumber("width", width) && about->FindNumber("audiosamplerate", rate) &&
                  about->FindBoolean("stereo", stereo));
      EXPECT_EQ(width, 640);
      EXPECT_EQ(rate, 44'100);
      EXPECT_TRUE(stereo);
    } else if (message.about.type == MessageType::kAudio) {
      const auto view = mux::FlvAudioView::Parse(message.payload);
      ASSERT_TRUE(view);
      EXPECT_EQ(view->first_track().codec(), Codec::kAac);
      audio += view->packet_type() == mux::FlvAudioPacketType::kCodedFrames;
      add(mux::FlvTagType::kAudio, message.about.timestamp, message.payload);
    } else if (message.about.type == MessageType::kVideo) {
      const auto view = mux::FlvVideoView::Parse(message.payload);
      ASSERT_TRUE(view);
      EXPECT_EQ(view->first_track().codec(), Codec::kH264);
      video += view->packet_type() == mux::FlvVideoPacketType::kCodedFrames;
      key_frames += view->is_key_frame();
      add(mux::FlvTagType::kVideo, message.about.timestamp, message.payload);
    }
  }
  std::string name = (std::filesystem::temp_directory_path() / "rtmp_XXXXXX").string();
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  const std::string path = name + "/made.flv";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  const auto probed = [&](const std::string& what) {
    return Run("ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 -select_streams " +
               what + " " + path + " | tr -d ',\\n'");
  };
  EXPECT_EQ(probed("a"), std::to_string(audio));
  EXPECT_EQ(probed("v"), std::to_string(video));
  EXPECT_EQ(Run("ffprobe -v error -select_streams v -show_entries packet=flags -of csv=p=0 " + path + " | grep -c K"),
            std::to_string(key_frames) + "\n");
  EXPECT_EQ(Run("ffmpeg -v error -xerror -i " + path + " -f null -"), "");
  EXPECT_EQ(Run("ffmpeg -v error -i " + path + " -map 0:v -f framecrc - | grep -vc '^#'"),
            std::to_string(video) + "\n");
  std::filesystem::remove_all(name);
}

}  // namespace
}  // namespace mediacore::rtmp
