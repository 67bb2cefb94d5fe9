#include "mediacore/stun/attribute_reader.h"

#include <algorithm>
#include <vector>

#include "../support/input.h"
#include "mediacore/base/byte_reader.h"

namespace {
using namespace mediacore;
using namespace mediacore::stun;

// The same by the book: all attributes first, then those that count.
std::vector<Attribute> ByTheBook(Bytes bytes) {
  std::vector<Attribute> out;
  ByteReader reader(bytes);
  int strongest = 0;
  std::uint16_t type = 0, size = 0;
  for (Bytes value; reader.ReadU16(type) && reader.ReadU16(size) && reader.ReadBytes(size, value);) {
    const int tag = type == 0xc060 ? 1 : type == 0x0008 ? 2 : type == 0x001c ? 3 : type == 0x8028 ? 4 : 0;
    const bool shown = tag == 0 ? strongest == 0 : tag > strongest;
    const auto offset = static_cast<std::size_t>(value.data() - bytes.data()) - 4;
    if (shown) out.push_back({static_cast<AttributeType>(type), value, offset});
    strongest = shown && tag > strongest ? tag : strongest;
    if (size % 4 != 0 && !reader.Skip(4u - size % 4u)) break;
  }
  return out;
}
}  // namespace

// A walk shows what a walk by the book shows, and Find() the first of each type.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  const std::vector<Attribute> expected = ByTheBook(bytes);
  FUZZ_CHECK(expected.size() <= size / 4);
  AttributeReader reader(bytes, 0);
  std::size_t count = 0;
  for (Attribute attribute; reader.Next(attribute); ++count) {
    FUZZ_CHECK(count < expected.size());
    FUZZ_CHECK(attribute.type == expected[count].type && attribute.offset == expected[count].offset);
    FUZZ_CHECK(attribute.value.size() == expected[count].value.size());
    FUZZ_CHECK(attribute.value.data() == data + attribute.offset + 4);
    for (const char c : ToString(attribute.type))
      FUZZ_CHECK(c == '-' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'));
  }
  FUZZ_CHECK(count == expected.size());
  Attribute last;
  FUZZ_CHECK(!reader.Next(last));
  // From the front, and from behind the first one shown.
  AttributeReader second(bytes, 0);
  static_cast<void>(second.Next(last));
  for (std::size_t i = 0; i < count && i < 64; ++i) {
    for (const bool front : {true, false}) {
      std::size_t first = front ? 0 : 1;
      while (first < count && expected[first].type != expected[i].type) ++first;
      AttributeReader finder = front ? AttributeReader(bytes, 0) : second;
      Attribute found;
      FUZZ_CHECK(finder.Find(expected[i].type, found) == (first < count));
      if (first == count) continue;
      FUZZ_CHECK(found.offset == expected[first].offset && found.value.size() == expected[first].value.size());
      // And it goes on from there.
      FUZZ_CHECK(finder.Next(found) == (first + 1 < count));
      if (first + 1 < count) FUZZ_CHECK(found.offset == expected[first + 1].offset);
    }
  }
  AttributeReader finder(bytes, 0);
  const auto absent = static_cast<AttributeType>(0x7abc);
  const bool there = std::ranges::any_of(expected, [&](const Attribute& a) { return a.type == absent; });
  FUZZ_CHECK(finder.Find(absent, last) == there);
  return 0;
}
