#ifndef MEDIACORE_TESTS_MUX_SUPPORT_H_
#define MEDIACORE_TESTS_MUX_SUPPORT_H_

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "mediacore/mux/sample.h"
#include "mediacore/mux/track.h"
#include "mediacore/mux/ts_reader.h"

namespace mediacore::mux::testing {

using Buffer = std::vector<std::uint8_t>;

// avcC of a 320x240 High@1.3 stream; its SPS and PPS.
inline constexpr std::array<std::uint8_t, 6> kSps = {0x67, 0x64, 0x00, 0x0d, 0xac, 0xd9};
inline constexpr std::array<std::uint8_t, 4> kPps = {0x68, 0xeb, 0xe3, 0xcb};
inline constexpr std::array<std::uint8_t, 25> kAvcc = {
    1,    0x64, 0x00, 0x0d, 0xff, 0xe1, 0,    6,    0x67, 0x64, 0x00, 0x0d, 0xac,
    0xd9, 1,    0,    4,    0x68, 0xeb, 0xe3, 0xcb, 0xfd, 0xf8, 0xf8, 0};
inline constexpr std::array<std::uint8_t, 2> kAacLc48kStereo = {0x11, 0x90};

inline TrackConfig VideoTrack() {
  TrackConfig track;
  track.codec = Codec::kH264;
  track.codec_config = kAvcc;
  track.width = 320;
  track.height = 240;
  return track;
}
inline TrackConfig AudioTrack() {
  TrackConfig track;
  track.codec = Codec::kAac;
  track.id = 2;
  track.timescale = 48'000;
  track.codec_config = kAacLc48kStereo;
  track.sample_rate = 48'000;
  track.channels = 2;
  return track;
}

// Media whose bytes it owns.
class Media {
 public:
  // A picture of one slice of `size` bytes, in the form of MP4.
  Sample Picture(std::int64_t dts, std::int64_t pts, bool sync, std::size_t size) {
    Buffer bytes(4 + size, static_cast<std::uint8_t>(0x80 | dts / 3000));
    StoreU32(bytes.data(), static_cast<std::uint32_t>(size));
    if (size > 0) bytes[4] = sync ? 0x65 : 0x41;
    return {dts, pts, 3000, sync, Keep(std::move(bytes))};
  }
  // 1024 samples of sound.
  Sample Sound(std::int64_t time, std::size_t size) {
    return {time, time, 1024, true,
            Keep(Buffer(size, static_cast<std::uint8_t>(time / 1024)))};
  }
  Bytes Keep(Buffer bytes) { return kept_.emplace_back(std::move(bytes)); }

 private:
  std::deque<Buffer> kept_;
};

// What a TsReader gave out, with its bytes.
struct Unit {
  TsAccessUnit about;
  Buffer bytes;
};
class Demuxed {
 public:
  explicit Demuxed(std::size_t storage = 4'000'000)
      : video_(storage), audio_(storage), reader(video_, audio_) {}
  void Read(Bytes bytes) {
    reader.Read(bytes, [this](const TsAccessUnit& unit) { Keep(unit); });
  }
  void Finish() { 
    reader.Flush([this](const TsAccessUnit& unit) { Keep(unit); });
  }

  std::vector<Unit> video;
  std::vector<Unit> audio;

 private:
  void Keep(const TsAccessUnit& unit) {
    (unit.codec == Codec::kH264 ? video : audio)
        .push_back({unit, Buffer(unit.data.begin(), unit.data.end())});
  }

  Buffer video_;
  Buffer audio_;

 public:
  TsReader reader;
};

inline bool HaveFfmpeg() {
  return std::system("ffmpeg -version >/dev/null 2>&1 && ffprobe -version >/dev/null 2>&1") == 0;
}
// What the command prints, errors too.
inline std::string Run(const std::string& command) {
  std::string out;
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return "cannot run " + command;
  std::array<char, 4096> block{};
  std::size_t n = 0;
  while ((n = std::fread(block.data(), 1, block.size(), pipe)) > 0) {
    out.append(block.data(), n);
  }
  if (pclose(pipe) != 0) out += "(failed)";
  return out;
}
// A checksum of each decoded frame, one a line, without times.
inline std::string DecodedFrames(const std::string& file, char kind) {
  return Run("ffmpeg -v error -i " + file + " -map 0:" + kind +
             " -f framecrc - | grep -v '^#' | sed 's/.*,//'");
}
inline Buffer ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
  return Buffer(bytes.begin(), bytes.end());
}
inline void WriteFile(const std::string& path, Bytes bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
}
// A directory that goes away.
class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "mux_XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~TempDir() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};
// Two seconds of test picture (H.264: with B frames), and of a tone.
inline std::string MakeWithFfmpeg(const std::string& audio_codec, const std::string& output,
                                  const std::string& video_codec = "libx264 -preset veryfast -bf 2") {
  return Run(
      "ffmpeg -v error -y -f lavfi -i testsrc2=size=160x120:rate=25:duration=2"
      " -f lavfi -i sine=sample_rate=48000:duration=2 -c:v " +
      video_codec + " -g 25 -pix_fmt yuv420p -c:a " + audio_codec + " -ac 2 " + output);
}

}  // namespace mediacore::mux::testing

#endif  // MEDIACORE_TESTS_MUX_SUPPORT_H_
