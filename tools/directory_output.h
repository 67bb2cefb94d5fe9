#ifndef MEDIACORE_TOOLS_DIRECTORY_OUTPUT_H_
#define MEDIACORE_TOOLS_DIRECTORY_OUTPUT_H_

#include <span>
#include <string>
#include <string_view>

#include "mediacore/base/bytes.h"

namespace mediacore::tools {

// Writes files of one directory so that a reader sees each either as it was or
// whole: into a hidden name first, then renamed. Throws Failure with a sentence
// that names the file and the reason (no room on the disk, no permission); the
// files written before stay as they are.
class DirectoryOutput {
 public:
  // Makes the directory when it is not there and proves that it can be written.
  explicit DirectoryOutput(std::string directory);
  ~DirectoryOutput();
  DirectoryOutput(const DirectoryOutput&) = delete;
  DirectoryOutput& operator=(const DirectoryOutput&) = delete;

  // `name` is a plain file name: no '/', not hidden.
  void Write(std::string_view name, std::span<const Bytes> parts);
  // A file that is not there is no error.
  void Remove(std::string_view name);

  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::string hidden_;  // the name a file has until it is whole
  int directory_ = -1;
};

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_DIRECTORY_OUTPUT_H_
