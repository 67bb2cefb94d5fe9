#include "mediacore/sdp/format_parameters.h"

#include <string>

#include "../support/input.h"

// Parameters are what stands between semicolons, without blanks at the ends, cut
// at the first '='; the first of a name is the one that is found, in any case.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using mediacore::sdp::EqualsIgnoringCase;
  using mediacore::sdp::FormatParameters;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const FormatParameters parameters(text);
  const auto trimmed = [](std::string piece) {
    const std::size_t from = piece.find_first_not_of(" \t");
    return from == piece.npos ? "" : piece.substr(from, piece.find_last_not_of(" \t") - from + 1);
  };
  std::string_view rest = parameters.text();
  int taken = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(';', at), text.size());
    const std::string piece = trimmed(text.substr(at, end - at));
    at = end + 1;
    if (piece.empty()) continue;
    FormatParameters::Parameter p;
    FUZZ_CHECK(FormatParameters::Take(rest, p));
    const std::size_t equals = std::min(piece.find('='), piece.size());
    FUZZ_CHECK(p.name == trimmed(piece.substr(0, equals)));
    FUZZ_CHECK(p.value == (equals == piece.size() ? "" : trimmed(piece.substr(equals + 1))));
    if (++taken > 50) return 0;
    std::string upper(p.name);
    for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
    FUZZ_CHECK(parameters.Has(upper));
    const std::string_view first = parameters.Find(p.name);
    FUZZ_CHECK(first.empty() || p.value.empty() || first.data() <= p.value.data());
  }
  FUZZ_CHECK(!parameters.Has("=") && parameters.Find("=").empty());
  FormatParameters::Parameter none;
  FUZZ_CHECK(!FormatParameters::Take(rest, none));
  return 0;
}
