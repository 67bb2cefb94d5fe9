#include "media_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "exit_code.h"

namespace mediacore::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxGzipInput = 4u << 20;
constexpr TimeDelta kListingAge = TimeDelta::Millis(100);

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

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
      started_(std::to_string(std::chrono::system_clock::now().time_since_epoch().count())) {}

void MediaStore::Publish(std::string_view name, Bytes bytes, std::string_view mime) {
  Publish(name, std::vector<std::uint8_t>(bytes.begin(), bytes.end()), mime);
}

void MediaStore::Publish(std::string_view name, std::vector<std::uint8_t> bytes, std::string_view mime) {
  if (!IsValidName(name)) {
    throw std::invalid_argument("not a name for a published file: " + std::string(name));
  }
  const bool playlist = IsPlaylist(name);
  std::vector<std::uint8_t> gzip;
  if (playlist && bytes.size() <= kMaxGzipInput) gzip = Gzip(bytes);
  auto resource = std::make_shared<MemoryResource>(std::move(bytes));
  resource->mime = mime.empty() ? MimeType(name) : mime;
  resource->cache_control = playlist ? options_.playlist_cache_control : options_.media_cache_control;
  resource->gzip = std::move(gzip);

  const std::lock_guard lock(mutex_);
  // Not the same after a restart, when the count begins again.
  resource->etag = '"' + started_ + '-' + std::to_string(++published_) + '"';
  Entry& entry = entries_[std::string(name)];
  total_bytes_ += resource->size - (entry.resource ? entry.resource->size : 0);
  entry = {.resource = std::move(resource)};
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
    total_bytes_ -= item.second.resource->size;
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
  if (error) {
    throw Failure(ExitCode::kBadInput,
                  "cannot read the directory " + directory_.string() + ": " + error.message());
  }
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
