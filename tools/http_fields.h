#ifndef MEDIACORE_TOOLS_HTTP_FIELDS_H_
#define MEDIACORE_TOOLS_HTTP_FIELDS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace mediacore::tools {

// The name that a request target asks for: without the leading slash and the
// query, percent-decoded. False when it is no target of a server (RFC 9112,
// section 3.2), an escape is broken, or a control character or backslash comes
// out. "/a/../b" is the name "a/../b", which nothing has.
[[nodiscard]] bool ReadTarget(std::string_view target, std::string& name);

// What a Range field asks of a resource of `size` bytes (RFC 9110, section 14).
struct RangeRequest {
  enum class Kind {
    kWhole,          // no range, one not understood, or several: send everything
    kPart,           // bytes first..last
    kUnsatisfiable,  // 416
  };
  Kind kind = Kind::kWhole;
  std::uint64_t first = 0;
  std::uint64_t last = 0;  // inclusive
  bool operator==(const RangeRequest&) const = default;
};
RangeRequest ReadRange(std::string_view field, std::uint64_t size);

// Whether Accept-Encoding allows gzip: named (or `*`) and not with q=0.
bool AcceptsGzip(std::string_view field);

// Whether If-None-Match names this entity tag; weak comparison.
bool MatchesEtag(std::string_view field, std::string_view etag);

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_HTTP_FIELDS_H_
