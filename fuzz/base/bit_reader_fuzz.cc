#include "mediacore/base/bit_reader.h"

#include <array>

#include "../support/input.h"
#include "mediacore/base/bit_writer.h"

namespace {

// One bit at a time, as the definition says.
struct SlowReader {
  mediacore::Bytes bytes;
  std::size_t at = 0;
  bool ok = true;

  std::uint32_t Bits(int count) {
    const auto n = static_cast<std::size_t>(count);
    if (!ok || n > bytes.size() * 8 - at) return ok = false, 0;
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i, ++at) {
      value = value << 1 | (bytes[at / 8] >> (7 - at % 8) & 1u);
    }
    return value;
  }
};

}  // namespace

// The first half of the input says what is read, the second half is read: the
// reader agrees with a slow one at every step, and what the writer wrote of it
// reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  fuzz::Input script(data, size / 2);
  const Bytes bytes(data + size / 2, size - size / 2);
  BitReader reader(bytes);
  SlowReader slow{bytes};
  std::array<std::uint8_t, 64> out{};
  BitWriter writer(out);
  while (!script.empty()) {
    const int op = script.U8();
    if (op < 128) {
      const int count = op % 33;
      const std::uint32_t got = reader.ReadBits(count);
      FUZZ_CHECK(got == slow.Bits(count));
      const std::size_t before = writer.position();
      writer.WriteBits(got, count);
      if (writer.ok() && reader.ok()) {
        BitReader back{Bytes(out).first(writer.byte_size())};
        back.Skip(before);
        FUZZ_CHECK(back.ReadBits(count) == got && back.ok());
      }
    } else if (op >= 224 && op < 240) {
      // As wide as the largest of the values, or a bit less.
      const std::uint32_t values = script.U16() * (op % 2 == 0 ? 1u : 65'537u);
      const std::size_t at = reader.position();
      const std::uint32_t got = reader.ReadNonSymmetric(values);
      if (reader.ok()) {
        FUZZ_CHECK(got < values);
        const std::size_t width = reader.position() - at;
        FUZZ_CHECK(width < 32 ? values >> width < 2 : true);
        const std::size_t before = writer.position();
        writer.WriteNonSymmetric(got, values);
        if (writer.ok()) {
          FUZZ_CHECK(writer.position() - before == width);
          BitReader back{Bytes(out).first(writer.byte_size())};
          back.Skip(before);
          FUZZ_CHECK(back.ReadNonSymmetric(values) == got && back.ok());
        } else {
          FUZZ_CHECK(writer.position() == before);
        }
      } else {
        FUZZ_CHECK(got == 0);
      }
      slow.at = reader.position();
      slow.ok = reader.ok();
    } else if (op < 192) {
      BitReader copy = reader;
      const std::uint32_t code = reader.ReadUe();
      const std::int32_t sign = copy.ReadSe();
      // se(v) numbers the same codes 0, 1, -1, 2, -2.
      if (copy.ok()) {
        FUZZ_CHECK(reader.ok());
        FUZZ_CHECK(code == (sign > 0 ? 2u * static_cast<std::uint32_t>(sign) - 1u
                                     : 2u * (0u - static_cast<std::uint32_t>(sign))));
      }
      if (reader.ok()) {
        const std::size_t width = reader.position() - slow.at;
        FUZZ_CHECK(width % 2 == 1 && width <= 65);
        const std::size_t before = writer.position();
        writer.WriteUe(code);
        if (writer.ok()) {
          FUZZ_CHECK(writer.position() - before == width);
          BitReader back{Bytes(out).first(writer.byte_size())};
          back.Skip(before);
          FUZZ_CHECK(back.ReadUe() == code && back.ok());
        } else {
          FUZZ_CHECK(writer.position() == before);
        }
      }
      slow.at = reader.position();
      slow.ok = reader.ok();
    } else {
      const std::size_t count = script.U8();
      reader.Skip(count);
      if (!slow.ok || count > bytes.size() * 8 - slow.at) {
        slow.ok = false;
      } else {
        slow.at += count;
      }
    }
    FUZZ_CHECK(reader.ok() == slow.ok);
    FUZZ_CHECK(reader.position() == slow.at);
    FUZZ_CHECK(reader.position() + reader.remaining() == bytes.size() * 8);
    if (!writer.ok()) writer = BitWriter(out);
  }
  return 0;
}
