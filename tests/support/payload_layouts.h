#ifndef MEDIACORE_TESTS_SUPPORT_PAYLOAD_LAYOUTS_H_
#define MEDIACORE_TESTS_SUPPORT_PAYLOAD_LAYOUTS_H_

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mediacore::testing {

// One RTP payload that other parsers have read, with what they found in it.
struct PayloadLayout {
  std::string name;
  std::vector<std::uint8_t> payload;
  std::string fields;  // as JSON

  // A number, or true and false as 1 and 0. Of several of that name, the first.
  std::optional<int> Find(const std::string& field) const {
    const std::size_t at = After(field);
    if (at == std::string::npos) return std::nullopt;
    if (fields.compare(at, 4, "true") == 0) return 1;
    if (fields.compare(at, 5, "false") == 0) return 0;
    return std::atoi(fields.c_str() + at);
  }
  // The same, of fields that the payload is known to have.
  int Get(const std::string& field) const {
    const std::optional<int> value = Find(field);
    EXPECT_TRUE(value) << name << " has no " << field;
    return value.value_or(-1);
  }
  std::vector<int> List(const std::string& field) const {
    std::vector<int> values;
    std::size_t at = After(field);
    if (at == std::string::npos) return values;
    const std::size_t end = fields.find(']', at);
    for (at = fields.find_first_of("0123456789]", at); at < end; at = fields.find_first_of("0123456789]", at)) {
      values.push_back(std::atoi(fields.c_str() + at));
      at = fields.find_first_not_of("0123456789", at);
    }
    return values;
  }

 private:
  std::size_t After(const std::string& field) const {
    const std::size_t at = fields.find("\"" + field + "\":");
    return at == std::string::npos ? at : fields.find_first_not_of(' ', at + field.size() + 3);
  }
};

// Those of one format ("vp8"); empty where the file is absent: skip then.
inline std::vector<PayloadLayout> ReadPayloadLayouts(const std::string& format) {
  const char* source = std::getenv("MEDIACORE_SOURCE");
  std::ifstream in(std::filesystem::path(source == nullptr ? "." : source) /
                   "../shared/reference/vectors/payload_layouts.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto string_at = [&text](const std::string& key, std::size_t from) {
    const std::size_t begin = text.find("\"" + key + "\": \"", from) + key.size() + 5;
    return text.substr(begin, text.find('"', begin) - begin);
  };
  std::vector<PayloadLayout> layouts;
  const std::string mark = "\"format\": \"";
  for (std::size_t at = text.find(mark); at != std::string::npos;) {
    const std::size_t next = text.find(mark, at + 1);
    if (string_at("format", at) == format) {
      PayloadLayout& layout = layouts.emplace_back();
      layout.name = string_at("name", at);
      const std::string hex = string_at("payload", at);
      for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        layout.payload.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
      }
      const std::size_t fields = text.find("\"fields\":", at);
      layout.fields = text.substr(fields, next == std::string::npos ? next : next - fields);
    }
    at = next;
  }
  return layouts;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_PAYLOAD_LAYOUTS_H_
