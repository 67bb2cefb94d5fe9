#ifndef MEDIACORE_TOOLS_MAPPED_FILE_H_
#define MEDIACORE_TOOLS_MAPPED_FILE_H_

#include <string>
#include <vector>

#include "mediacore/base/bytes.h"

namespace mediacore::tools {

// A file's bytes: mapped when it is a plain file, read to its end when it is a
// pipe. Throws Failure(kBadInput) with a sentence when it cannot be read.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  Bytes bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  void* mapping_ = nullptr;
  std::vector<std::uint8_t> read_;
};

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_MAPPED_FILE_H_
