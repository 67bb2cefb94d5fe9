#include "mediacore/base/byte_reader.h"

#include <array>

#include "../support/input.h"
#include "mediacore/base/byte_writer.h"

// The first half of the input says what is read from the second: every read
// agrees with one written out by hand, nothing is skipped or read twice, and
// what the writer wrote of it is the bytes again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  fuzz::Input script(data, size / 2);
  const Bytes bytes(data + size / 2, size - size / 2);
  ByteReader reader(bytes);
  std::array<std::uint8_t, 256> out{};
  ByteWriter writer(MutableBytes(out).first(script.U8()));
  std::size_t at = 0;
  std::size_t written = 0;  // bytes[0, written) is what went to the writer
  bool in_step = true;      // no skip so far
  while (!script.empty()) {
    const int op = script.U8() % 7;
    constexpr std::array<std::size_t, 5> kWidths = {1, 2, 3, 4, 8};
    const std::size_t width =
        op < 5 ? kWidths[static_cast<std::size_t>(op)] : script.U8();
    const bool fits = width <= bytes.size() - at;
    std::uint64_t expected = 0;
    if (op < 5 && fits) {
      for (std::size_t i = 0; i < width; ++i) expected = expected << 8 | bytes[at + i];
    }
    std::uint8_t u8 = 0;
    std::uint16_t u16 = 0;
    std::uint32_t u32 = 0;
    std::uint64_t u64 = 0;
    Bytes span;
    bool got = false;
    switch (op) {
      case 0: got = reader.ReadU8(u8); u64 = u8; break;
      case 1: got = reader.ReadU16(u16); u64 = u16; break;
      case 2: got = reader.ReadU24(u32); u64 = u32; break;
      case 3: got = reader.ReadU32(u32); u64 = u32; break;
      case 4: got = reader.ReadU64(u64); break;
      case 5: got = reader.ReadBytes(width, span); break;
      default: got = reader.Skip(width); break;
    }
    FUZZ_CHECK(got == fits);
    FUZZ_CHECK(u64 == expected);
    if (got) {
      if (op == 5) FUZZ_CHECK(span.size() == width && (width == 0 || span.data() == bytes.data() + at));
      at += width;
    }
    FUZZ_CHECK(reader.remaining() == bytes.size() - at);
    FUZZ_CHECK(reader.empty() == (at == bytes.size()));
    if (op == 6 && width > 0 && got) in_step = false;
    if (!got || !in_step) continue;
    const bool room = writer.ok() && width <= writer.room();
    const bool was_ok = writer.ok();
    switch (op) {
      case 0: writer.WriteU8(u8); break;
      case 1: writer.WriteU16(u16); break;
      case 2: writer.WriteU24(u32); break;
      case 3: writer.WriteU32(u32); break;
      case 4: writer.WriteU64(u64); break;
      case 5: writer.WriteBytes(span); break;
      default: break;
    }
    FUZZ_CHECK(writer.ok() == (was_ok && (room || width == 0)));
    if (writer.ok()) written += width;
    FUZZ_CHECK(writer.size() == written);
  }
  FUZZ_CHECK(std::equal(writer.written().begin(), writer.written().end(), bytes.begin()));
  // As leb128, the same bytes are numbers; each is written in no more bytes and
  // reads the same.
  ByteReader numbers(bytes);
  for (std::uint32_t number = 0; numbers.ReadLeb128(number);) {
    std::array<std::uint8_t, 5> shortest{};
    ByteWriter short_writer(shortest);
    short_writer.WriteLeb128(number);
    FUZZ_CHECK(short_writer.ok() && short_writer.size() == Leb128Size(number));
    ByteReader back(short_writer.written());
    std::uint32_t again = 0;
    FUZZ_CHECK(back.ReadLeb128(again) && back.empty() && again == number);
  }
  return 0;
}
