#ifndef MEDIACORE_TESTS_SUPPORT_FFPROBE_H_
#define MEDIACORE_TESTS_SUPPORT_FFPROBE_H_

#include <stdlib.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "mediacore/base/bytes.h"

namespace mediacore::testing {

// A folder that goes with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "mediacore-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  // Writes a file and gives its path.
  std::string Write(const std::string& name, Bytes bytes) const {
    const std::string path = (path_ / name).string();
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path;
  }

 private:
  std::filesystem::path path_;
};

// What a command of the shell writes.
inline std::string OutputOf(const std::string& command) {
  std::string output;
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  char piece[4096];
  while (const std::size_t size = std::fread(piece, 1, sizeof piece, pipe)) output.append(piece, size);
  ::pclose(pipe);
  return output;
}

// What ffprobe says when it decodes the first stream of a file whole.
struct Decoded {
  bool ran = false;  // false: ffprobe is not here
  int frames = 0;
  int key_frames = 0;   // frames whose picture type is I
  std::string errors;   // whatever it complained of
};

// `options`: as for ffprobe, "-f h264" say.
inline Decoded DecodeWithFfprobe(const std::string& file, const std::string& options = "") {
  Decoded decoded;
  if (std::system("command -v ffprobe >/dev/null 2>&1") != 0) return decoded;
  const std::string command = "ffprobe -v error " + options +
                              " -select_streams 0 -show_entries frame=key_frame,pict_type -of compact=p=0 '" + file +
                              "' 2>&1";
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return decoded;
  decoded.ran = true;
  char line[4096];
  while (std::fgets(line, sizeof line, pipe) != nullptr) {
    const std::string text(line);
    if (text.find("key_frame=") == std::string::npos) {
      if (text != "\n") decoded.errors += text;
      continue;
    }
    ++decoded.frames;
    if (text.find("key_frame=1") != std::string::npos) ++decoded.key_frames;
  }
  if (::pclose(pipe) != 0) decoded.errors += "ffprobe failed\n";
  return decoded;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_FFPROBE_H_
