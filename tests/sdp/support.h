#ifndef MEDIACORE_TESTS_SDP_SUPPORT_H_
#define MEDIACORE_TESTS_SDP_SUPPORT_H_

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "mediacore/sdp/attributes.h"

namespace mediacore::sdp {

// "name:value" of what was read, "" when it was refused, "?" when what was read
// cannot be written or reads otherwise the second time.
template <typename T>
std::string Rewritten(std::string_view value) {
  T read;
  if (!T::Read(value, read)) return "";
  std::array<char, 2048> room{};
  std::size_t size = 0;
  if (!WriteAttribute(read, std::span(room), size)) return "?";
  const std::string text(room.data(), size);
  T again;
  if (!T::Read(std::string_view(text).substr(ToString(T::kName).size() + 1), again) || !(again == read)) return "?";
  std::size_t shorter = 0;
  if (size > 0 && WriteAttribute(read, std::span(room).first(size - 1), shorter)) return "?";
  return text;
}

// Each is written as it was, and each text before its end is either refused or
// something else that is written as it reads.
template <typename T>
void ExpectKept(std::initializer_list<std::string_view> values) {
  for (const std::string_view value : values) {
    EXPECT_EQ(Rewritten<T>(value), std::string(ToString(T::kName)) + ":" + std::string(value));
    for (std::size_t n = 0; n < value.size(); ++n) EXPECT_NE(Rewritten<T>(value.substr(0, n)), "?") << value.substr(0, n);
  }
}
template <typename T>
void ExpectRefused(std::initializer_list<std::string_view> values) {
  for (const std::string_view value : values) EXPECT_EQ(Rewritten<T>(value), "") << value;
}
// None of these can be written.
template <typename T>
void ExpectUnwritable(std::initializer_list<T> values) {
  int i = 0;
  for (const T& value : values) {
    std::array<char, 2048> room{};
    std::size_t size = 7;
    EXPECT_FALSE(WriteAttribute(value, std::span(room), size)) << ToString(T::kName) << " " << i;
    EXPECT_EQ(size, 7u);
    EXPECT_EQ(room[0], '\0');
    ++i;
  }
}

inline std::filesystem::path SourceFolder() {
  const char* source = std::getenv("MEDIACORE_SOURCE");
  return source != nullptr ? source : ".";
}
inline std::string ReadText(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Name and text of each offer and answer kept in this folder.
inline std::vector<std::pair<std::string, std::string>> Offers() {
  std::vector<std::pair<std::string, std::string>> offers;
  for (const auto& entry : std::filesystem::directory_iterator(SourceFolder() / "tests/sdp/offers")) {
    if (entry.path().extension() != ".sdp") continue;
    offers.emplace_back(entry.path().filename().string(), ReadText(entry.path()));
  }
  return offers;
}

// Those of the captures beside the source; empty where they are absent. One
// file holds one description, or several, each behind a line "# offer" or
// "# answer".
inline std::vector<std::pair<std::string, std::string>> CapturedDescriptions() {
  std::vector<std::pair<std::string, std::string>> list;
  const std::filesystem::path captures = SourceFolder() / "../shared/captures";
  if (!std::filesystem::exists(captures)) return list;
  for (const auto& entry : std::filesystem::directory_iterator(captures)) {
    const std::string name = entry.path().filename().string();
    if (name.find(".sdp") == std::string::npos) continue;
    const std::string file = ReadText(entry.path());
    for (std::size_t at = file.find("v=0"); at != std::string::npos;) {
      std::size_t end = file.find("\n# ", at);
      if (end != std::string::npos) ++end;
      list.emplace_back(name, file.substr(at, end - at));
      at = end == std::string::npos ? end : file.find("v=0", end);
    }
  }
  return list;
}

}  // namespace mediacore::sdp

#endif  // MEDIACORE_TESTS_SDP_SUPPORT_H_
