#ifndef MEDIACORE_TOOLS_RESOURCE_H_
#define MEDIACORE_TOOLS_RESOURCE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mediacore/base/bytes.h"

namespace mediacore::tools {

// One thing that HTTP can ask for. It never changes and stays readable while
// somebody holds it, also after it was replaced or deleted.
class Resource {
 public:
  virtual ~Resource() = default;
  // Fills `out` from `offset` on. False when the bytes cannot be had (a file
  // was cut short meanwhile): what was promised can no longer be sent.
  [[nodiscard]] virtual bool Read(std::uint64_t offset, MutableBytes out) const = 0;

  std::uint64_t size = 0;
  std::string mime;
  std::string cache_control;
  std::string etag;  // with its quotes
  std::vector<std::uint8_t> gzip;  // the same compressed; empty: not worth it
};

// Bytes in memory.
class MemoryResource final : public Resource {
 public:
  explicit MemoryResource(std::vector<std::uint8_t> bytes);
  bool Read(std::uint64_t offset, MutableBytes out) const override;

 private:
  std::vector<std::uint8_t> bytes_;
};

// Where an HTTP server looks names up. A name is only ever compared with names
// that exist; no path is made from it. Called from several threads.
class ResourceSource {
 public:
  virtual ~ResourceSource() = default;
  // Null when there is none.
  virtual std::shared_ptr<const Resource> Find(std::string_view name) = 0;
};

// By the ending of the name; application/octet-stream for the unknown.
std::string_view MimeType(std::string_view name);
// Playlists and manifests change while they are being played; media does not.
bool IsPlaylist(std::string_view name);
// Relative, parts joined by '/', none empty or beginning with a dot, no
// backslash, no control characters, at most 255 bytes.
bool IsValidName(std::string_view name);

// RFC 1952, level 6.
std::vector<std::uint8_t> Gzip(Bytes bytes);

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_RESOURCE_H_
