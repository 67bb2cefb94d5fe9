#ifndef MEDIACORE_SDP_FORMAT_PARAMETERS_H_
#define MEDIACORE_SDP_FORMAT_PARAMETERS_H_

#include <cstddef>
#include <string_view>

namespace mediacore::sdp {

// Whether two names are the same without regard to case, as names of media
// types and of their parameters are (RFC 6838, section 4.3). ASCII only.
constexpr bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto lower = [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

// What stands after the payload type in a=fmtp (RFC 8866, section 6.15), read
// as the usual "name=value;name=value". Total: any text is a list.
//
//   const FormatParameters fmtp("packetization-mode=1; sprop-stereo=1");
//   fmtp.Find("packetization-mode");   // "1"
//
//   std::string_view rest = fmtp.text();
//   for (FormatParameters::Parameter p; FormatParameters::Take(rest, p);) …
class FormatParameters {
 public:
  struct Parameter {
    std::string_view name;
    std::string_view value;  // empty without '='
  };

  constexpr FormatParameters() = default;
  constexpr explicit FormatParameters(std::string_view text) : text_(text) {}

  constexpr std::string_view text() const { return text_; }
  constexpr bool Has(std::string_view name) const {
    return Look(name).name.data() != nullptr;
  }
  // The value of the first of that name, in any case; empty without one.
  constexpr std::string_view Find(std::string_view name) const {
    return Look(name).value;
  }
  // The next parameter off the front of `rest`; false when none is left.
  [[nodiscard]] static constexpr bool Take(std::string_view& rest,
                                           Parameter& out) {
    while (!rest.empty()) {
      const std::size_t end = rest.find(';');
      const std::string_view piece = Trim(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      if (piece.empty()) continue;
      const std::size_t equals = piece.find('=');
      out.name = Trim(piece.substr(0, equals));
      out.value = equals == std::string_view::npos
                      ? std::string_view()
                      : Trim(piece.substr(equals + 1));
      return true;
    }
    return false;
  }
  constexpr bool operator==(const FormatParameters&) const = default;

 private:
  constexpr Parameter Look(std::string_view name) const {
    std::string_view rest = text_;
    for (Parameter parameter; Take(rest, parameter);) {
      if (EqualsIgnoringCase(parameter.name, name)) return parameter;
    }
    return {};
  }
  static constexpr std::string_view Trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
      text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
      text.remove_suffix(1);
    }
    return text;
  }
  std::string_view text_;
};

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_FORMAT_PARAMETERS_H_
