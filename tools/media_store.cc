#include "media_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace mediacore::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxGzipInput = 4u << 20;
constexpr TimeDelta kListingAge = TimeDelta::Millis(100);

[[noreturn]] void Fail(int error, const std::string& what, const fs::path& path) {
  throw std::system_error(error, std::generic_category(), what + " " + path.string());
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }
  // The last chance to hear that bytes did not arrive on the disk.
  bool Close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

bool WriteAll(int fd, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

// Read when asked for, so that a film of gigabytes costs no memory.
class FileResource final : public Resource {
 public:
  explicit FileResource(int fd) : fd_(fd) {}
  bool Read(std::uint64_t offset, MutableBytes out) const override {
    while (!out.empty()) {
      const ssize_t n = ::pread(fd_.get(), out.data(), out.size(), static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      out = out.subspan(static_cast<std::size_t>(n));
      offset += static_cast<std::uint64_t>(n);
    }
    return true;
  }

 private:
  FileDescriptor fd_;
};

Timestamp SteadyNow() {
  return Timestamp::Micros(std::chrono::duration_cast<std::chrono::microseconds>(
                               std::chrono::steady_clock::now().time_since_epoch())
                               .count());
}

}  // namespace

MediaStore::MediaStore(Options options)
    : options_(std::move(options)),
      started_(std::to_string(std::chrono::system_clock::now().time_since_epoch().count())) {
  if (options_.directory.empty()) return;
  std::error_code error;
  fs::create_directories(options_.directory, error);
  if (error) Fail(error.value(), "cannot make the directory", options_.directory);
  if (::access(options_.directory.c_str(), W_OK | X_OK) != 0) {
    Fail(errno, "cannot write into", options_.directory);
  }
}

void MediaStore::WriteFile(const std::string& name, Bytes bytes) const {
  const fs::path path = options_.directory / name;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) Fail(error.value(), "cannot make the directory", path.parent_path());
  const fs::path hidden = path.parent_path() / ("." + path.filename().string() + ".part");
  FileDescriptor file(::open(hidden.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) Fail(errno, "cannot write", path);
  bool written = WriteAll(file.get(), bytes);
  int reason = errno;
  if (!file.Close() && written) {
    written = false;
    reason = errno;
  }
  if (written && ::rename(hidden.c_str(), path.c_str()) == 0) return;
  if (written) reason = errno;
  ::unlink(hidden.c_str());
  Fail(reason, "cannot write", path);
}

void MediaStore::Publish(std::string_view name, Bytes bytes, std::string_view mime) {
  if (!IsValidName(name)) {
    throw std::invalid_argument("not a name for a published file: " + std::string(name));
  }
  const std::string key(name);
  if (!options_.directory.empty()) WriteFile(key, bytes);

  std::shared_ptr<MemoryResource> resource;
  if (options_.keep_in_memory) {
    resource = std::make_shared<MemoryResource>(
        std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
    resource->mime = mime.empty() ? MimeType(name) : mime;
    const bool playlist = IsPlaylist(name);
    resource->cache_control =
        playlist ? options_.playlist_cache_control : options_.media_cache_control;
    if (playlist && bytes.size() <= kMaxGzipInput) resource->gzip = Gzip(bytes);
  }
  const std::lock_guard lock(mutex_);
  // Not the same after a restart, when the count begins again.
  if (resource) resource->etag = '"' + started_ + '-' + std::to_string(++published_) + '"';
  Entry& entry = entries_[key];
  total_bytes_ += bytes.size() - entry.size;
  entry = {.resource = std::move(resource), .size = bytes.size()};
}

void MediaStore::RemoveAt(std::string_view name, Timestamp when) {
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(name);
  if (at != entries_.end()) at->second.remove_at = when;
}

std::size_t MediaStore::RemoveDue(Timestamp now) {
  const std::lock_guard lock(mutex_);
  return std::erase_if(entries_, [&](const auto& item) {
    if (item.second.remove_at > now) return false;
    if (!options_.directory.empty()) {
      std::error_code gone_already;
      fs::remove(options_.directory / item.first, gone_already);
    }
    total_bytes_ -= item.second.size;
    return true;
  });
}

std::shared_ptr<const Resource> MediaStore::Find(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(name);
  return at == entries_.end() ? nullptr : at->second.resource;
}

std::size_t MediaStore::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::uint64_t MediaStore::total_bytes() const {
  const std::lock_guard lock(mutex_);
  return total_bytes_;
}

DirectorySource::DirectorySource(fs::path directory) : directory_(std::move(directory)) {
  std::error_code error;
  const fs::directory_iterator readable(directory_, error);
  if (error) Fail(error.value(), "cannot read the directory", directory_);
}

DirectorySource::Listing DirectorySource::List() const {
  Listing listing;
  std::error_code error;
  fs::recursive_directory_iterator at(directory_, fs::directory_options::skip_permission_denied, error);
  for (; !error && at != fs::end(at) && listing.size() < kMaxFiles; at.increment(error)) {
    std::error_code gone;
    const fs::file_status status = at->symlink_status(gone);
    if (gone) continue;
    std::string name = at->path().lexically_relative(directory_).generic_string();
    if (!IsValidName(name)) {
      if (fs::is_directory(status)) at.disable_recursion_pending();
      continue;
    }
    if (fs::is_regular_file(status)) listing.emplace(std::move(name), at->path());
  }
  return listing;
}

std::shared_ptr<const Resource> DirectorySource::Find(std::string_view name) {
  fs::path path;
  {
    const std::lock_guard lock(mutex_);
    const Timestamp now = SteadyNow();
    if (now - listed_at_ > kListingAge) {
      listing_ = List();
      listed_at_ = now;
    }
    const auto at = listing_.find(name);
    if (at == listing_.end()) return nullptr;
    path = at->second;
  }
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return nullptr;  // deleted since the listing
  auto resource = std::make_shared<FileResource>(fd);
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return nullptr;
  resource->size = static_cast<std::uint64_t>(status.st_size);
  resource->mime = MimeType(name);
  // Whoever writes the directory may use a name again, so nothing is immutable.
  const bool playlist = IsPlaylist(name);
  resource->cache_control = playlist ? "no-cache" : "public, max-age=60";
  resource->etag = '"' + std::to_string(status.st_mtim.tv_sec) + '.' +
                   std::to_string(status.st_mtim.tv_nsec) + '-' +
                   std::to_string(status.st_size) + '"';
  if (playlist && resource->size <= kMaxGzipInput) {
    std::vector<std::uint8_t> text(static_cast<std::size_t>(resource->size));
    if (resource->Read(0, text)) resource->gzip = Gzip(text);
  }
  return resource;
}

}  // namespace mediacore::tools
