#include "resource.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace mediacore::tools {

MemoryResource::MemoryResource(std::vector<std::uint8_t> bytes)
    : bytes_(std::move(bytes)) {
  size = bytes_.size();
}

bool MemoryResource::Read(std::uint64_t offset, MutableBytes out) const {
  if (offset > bytes_.size() || out.size() > bytes_.size() - offset) return false;
  if (!out.empty()) std::memcpy(out.data(), bytes_.data() + offset, out.size());
  return true;
}

std::string_view MimeType(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kTypes = {{
      {".m3u8", "application/vnd.apple.mpegurl"},
      {".mpd", "application/dash+xml"},
      {".ts", "video/mp2t"},
      {".m4s", "video/mp4"},
      {".mp4", "video/mp4"},
      {".m4v", "video/mp4"},
      {".m4a", "audio/mp4"},
      {".aac", "audio/aac"},
      {".vtt", "text/vtt; charset=utf-8"},
      {".webm", "video/webm"},
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".txt", "text/plain; charset=utf-8"},
      {".png", "image/png"},
  }};
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

bool IsPlaylist(std::string_view name) {
  return name.ends_with(".m3u8") || name.ends_with(".mpd");
}

bool IsValidName(std::string_view name) {
  if (name.empty() || name.size() > 255 || name.back() == '/') return false;
  char before = '/';
  for (const char c : name) {
    if (before == '/' && (c == '/' || c == '.')) return false;
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\') return false;
    before = c;
  }
  return true;
}

std::vector<std::uint8_t> Gzip(Bytes bytes) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  if (deflateInit2(&stream, 6, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib cannot start");
  }
  std::vector<std::uint8_t> out(deflateBound(&stream, static_cast<uLong>(bytes.size())));
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("zlib cannot compress");
  return out;
}

}  // namespace mediacore::tools
