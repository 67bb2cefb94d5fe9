#ifndef MEDIACORE_TESTS_SUPPORT_EXTENSION_VALUE_H_
#define MEDIACORE_TESTS_SUPPORT_EXTENSION_VALUE_H_

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

#include "mediacore/base/bytes.h"

namespace mediacore::testing {

// The bits of byte `i` of an extension's value that its type does not look at.
struct NoneIgnored {
  constexpr int operator()(Bytes, std::size_t) const { return 0; }
};

// What holds for any bytes taken as an extension's value: they are refused for
// a cause with a name, or what they say is written into as many bytes, the same
// but for ignored bits, and reads the same; in one byte less it is not written,
// and nothing is touched beside it.
template <typename Value, typename Ignored = NoneIgnored>
constexpr bool ReadsAndWritesBack(Bytes value, Ignored ignored = {}) {
  const auto read = Value::Parse(value);
  if (!read) return !ToString(read.error()).empty() && ToString(read.error()).find("unknown") == std::string_view::npos;
  const std::size_t size = read->WireSize();
  if (size != value.size() || size > 255) return false;
  std::array<std::uint8_t, 256> out{};
  out.fill(0xee);
  if (read->Write(MutableBytes(out).first(size - 1))) return false;
  if (std::ranges::count(out, 0xee) != 256) return false;
  if (!read->Write(out)) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int want = i < size ? value[i] & ~ignored(value, i) : 0xee;
    const int got = i < size ? out[i] & ~ignored(value, i) : out[i];
    if (want != got) return false;
  }
  const auto again = Value::Parse(Bytes(out).first(size));
  return again && *again == *read;
}

// Of all sizes, `sizes` alone are taken; bytes are `fill`.
template <typename Value, typename Error>
constexpr bool TakesOnlySizes(std::initializer_list<std::size_t> sizes, Error wrong_size, std::uint8_t fill = 0) {
  std::array<std::uint8_t, 300> bytes{};
  bytes.fill(fill);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const auto read = Value::Parse(Bytes(bytes).first(size));
    const bool listed = std::ranges::find(sizes, size) != sizes.end();
    if (read.has_value() != listed) return false;
    if (!read && read.error() != wrong_size) return false;
  }
  return true;
}

// A value that cannot be written says so in both ways and touches nothing.
template <typename Value>
constexpr bool CannotBeWritten(const Value& value) {
  std::array<std::uint8_t, 256> out{};
  return value.WireSize() == 0 && !value.Write(out) && std::ranges::count(out, 0) == 256;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_EXTENSION_VALUE_H_
