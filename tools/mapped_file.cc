#include "mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "exit_code.h"

namespace mediacore::tools {
namespace {

[[noreturn]] void Fail(const std::string& path, int error) {
  throw Failure(ExitCode::kBadInput,
                "cannot read " + path + ": " + std::generic_category().message(error));
}

}  // namespace

MappedFile::MappedFile(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) Fail(path, errno);
  struct stat status {};
  if (::fstat(file, &status) != 0 || S_ISDIR(status.st_mode)) {
    const int reason = S_ISDIR(status.st_mode) ? EISDIR : errno;
    ::close(file);
    Fail(path, reason);
  }
  if (S_ISREG(status.st_mode)) {
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > 0) {
      mapping_ = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
      if (mapping_ == MAP_FAILED) {
        const int reason = errno;
        mapping_ = nullptr;
        ::close(file);
        Fail(path, reason);
      }
      ::madvise(mapping_, size, MADV_SEQUENTIAL);
      bytes_ = {static_cast<const std::uint8_t*>(mapping_), size};
    }
  } else {
    constexpr std::size_t kStep = 1 << 20;
    ssize_t got = 0;
    do {
      const std::size_t have = read_.size();
      read_.resize(have + kStep);
      got = ::read(file, read_.data() + have, kStep);
      read_.resize(have + static_cast<std::size_t>(got > 0 ? got : 0));
    } while (got > 0 || (got < 0 && errno == EINTR));
    if (got < 0) {
      const int reason = errno;
      ::close(file);
      Fail(path, reason);
    }
    bytes_ = read_;
  }
  ::close(file);
}

MappedFile::~MappedFile() {
  if (mapping_ != nullptr) ::munmap(mapping_, bytes_.size());
}

}  // namespace mediacore::tools
