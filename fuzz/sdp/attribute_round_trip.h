#ifndef MEDIACORE_FUZZ_SDP_ATTRIBUTE_ROUND_TRIP_H_
#define MEDIACORE_FUZZ_SDP_ATTRIBUTE_ROUND_TRIP_H_

#include <string>
#include <type_traits>

#include "../support/input.h"
#include "mediacore/sdp/attributes.h"

namespace mediacore::fuzz {

// A text without what writing may change: zeros in front of numbers, the case of
// letters, marks at the ends that have nothing beside them.
inline std::string Plain(std::string_view text) {
  const auto is_digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '0' && is_digit(i + 1) && (plain.empty() || plain.back() < '0' || plain.back() > '9')) continue;
    plain += c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
  }
  while (!plain.empty() && (plain.back() == ' ' || plain.back() == ':' || plain.back() == '=')) plain.pop_back();
  return plain.substr(std::min(plain.size(), plain.find_first_not_of(' ')));
}

// What was read can be written, reads the same again, and says the same words;
// what was refused left its output alone.
template <typename T>
void CheckRoundTrip(std::string_view value) {
  T read;
  if (!T::Read(value, read)) {
    FUZZ_CHECK(read == T());
    return;
  }
  if (value.find_first_of(std::string_view("\0\r\n", 3)) != value.npos) return;
  std::string room(2 * value.size() + 64, '?');
  std::size_t size = 0;
  FUZZ_CHECK(sdp::WriteAttribute(read, std::span(room), size));
  const std::string_view written = std::string_view(room).substr(0, size);
  const std::string_view name = sdp::ToString(T::kName);
  FUZZ_CHECK(written.starts_with(name) && written[name.size()] == ':');
  const std::string_view again = written.substr(name.size() + 1);
  T second;
  FUZZ_CHECK(T::Read(again, second));
  FUZZ_CHECK(read == second);
  if constexpr (!std::is_same_v<T, sdp::Ptime> && !std::is_same_v<T, sdp::MaxPtime> &&
                !std::is_same_v<T, sdp::FrameRate>) {
    FUZZ_CHECK(Plain(again) == Plain(value));
  }
  std::size_t unchanged = 0;
  FUZZ_CHECK(!sdp::WriteAttribute(read, std::span(room).first(size - 1), unchanged) && unchanged == 0);
}

// Each line of the input, "name:value", read as the one of T… with that name.
template <typename... T>
void CheckAttributes(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  while (!rest.empty()) {
    std::string_view value = TakeUntil(rest, '\n');
    const std::string_view name = TakeUntil(value, ':');
    static_cast<void>(((name == sdp::ToString(T::kName) && (CheckRoundTrip<T>(value), true)) || ...));
  }
}

}  // namespace mediacore::fuzz

#endif  // MEDIACORE_FUZZ_SDP_ATTRIBUTE_ROUND_TRIP_H_
