#include "directory_output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "exit_code.h"

namespace mediacore::tools {
namespace {


[[noreturn]] void Fail(const std::string& what, int error) {
  throw Failure(ExitCode::kOutput,
                what + ": " + std::generic_category().message(error));
}

// All of `parts` into `file`; false with errno when the disk says no.
bool WriteAll(int file, std::span<const Bytes> parts) {
  std::size_t skip = 0;  // bytes of parts[0] already written
  while (!parts.empty()) {
    std::array<iovec, 64> batch{};
    const std::size_t count = std::min(parts.size(), batch.size());
    for (std::size_t i = 0; i < count; ++i) {
      const Bytes part = i == 0 ? parts[i].subspan(skip) : parts[i];
      batch[i] = {const_cast<std::uint8_t*>(part.data()), part.size()};
    }
    const ssize_t written = ::writev(file, batch.data(), static_cast<int>(count));
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    auto left = static_cast<std::size_t>(written);
    while (!parts.empty() && left >= parts[0].size() - skip) {
      left -= parts[0].size() - skip;
      skip = 0;
      parts = parts.subspan(1);
    }
    skip += left;
  }
  return true;
}

}  // namespace

DirectoryOutput::DirectoryOutput(std::string directory)
    : path_(std::move(directory)),
      hidden_(".mediacore-" + std::to_string(::getpid())) {
  std::error_code error;
  std::filesystem::create_directories(path_, error);
  if (error) Fail("cannot make the directory " + path_, error.value());
  directory_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory_ < 0) Fail("cannot open the directory " + path_, errno);
  ::unlinkat(directory_, hidden_.c_str(), 0);  // of a run that was killed
  const int probe = ::openat(directory_, hidden_.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (probe < 0) {
    const int reason = errno;
    ::close(std::exchange(directory_, -1));
    Fail("cannot write into the directory " + path_, reason);
  }
  ::close(probe);
  ::unlinkat(directory_, hidden_.c_str(), 0);
}

DirectoryOutput::~DirectoryOutput() {
  if (directory_ >= 0) ::close(directory_);
}

void DirectoryOutput::Write(std::string_view name,
                            std::span<const Bytes> parts) {
  const std::string file_name(name);
  if (name.empty() || name[0] == '.' || name.find('/') != name.npos) {
    throw Failure(ExitCode::kOutput, "not a plain file name: " + file_name);
  }
  const int file = ::openat(directory_, hidden_.c_str(),
                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (file < 0) Fail("cannot write " + path_ + "/" + file_name, errno);
  bool good = WriteAll(file, parts);
  int reason = errno;
  if (::close(file) != 0 && good) {
    good = false;
    reason = errno;
  }
  if (good && ::renameat(directory_, hidden_.c_str(), directory_, file_name.c_str()) != 0) {
    good = false;
    reason = errno;
  }
  if (!good) {
    ::unlinkat(directory_, hidden_.c_str(), 0);
    Fail("cannot write " + path_ + "/" + file_name, reason);
  }
}

void DirectoryOutput::Remove(std::string_view name) {
  const std::string file_name(name);
  if (::unlinkat(directory_, file_name.c_str(), 0) != 0 && errno != ENOENT) {
    Fail("cannot remove " + path_ + "/" + file_name, errno);
  }
}

}  // namespace mediacore::tools
