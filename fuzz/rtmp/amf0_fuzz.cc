#include "mediacore/rtmp/amf0.h"

#include <vector>

#include "../support/input.h"

namespace {

// A writer that is called at random says ok() when, and only when, a reader reads what it
// wrote as whole values.
void WriteAtRandom(mediacore::fuzz::Input input) {
  using namespace mediacore;
  using namespace mediacore::rtmp;
  std::array<std::uint8_t, 300> out{};
  Amf0Writer writer(MutableBytes(out).first(input.U8() + 40u));
  for (int calls = 0; !input.empty() && calls < 60; ++calls) {
    const std::uint8_t call = input.U8();
    if (call >= 0x80) writer.Name(call >= 0xc0 ? "name" : "");
    switch (call % 16) {
      case 0: writer.Number(input.U8()); break;
      case 1: writer.Boolean(call % 3 == 0); break;
      case 2: writer.String("text"); break;
      case 3: writer.String(Bytes(out).first(call % 8)); break;
      case 4: writer.Null(); break;
      case 5: writer.Undefined(); break;
      case 6: writer.Date(1e12); break;
      case 7: writer.Number("n", 1); break;
      case 8: writer.Boolean("b", true); break;
      case 9: writer.String("s", "text"); break;
      case 10: writer.BeginObject(); break;
      case 11: writer.BeginEcmaArray(input.U8()); break;
      case 12: writer.BeginStrictArray(input.U8() % 3); break;
      case 13: writer.Write({.type = static_cast<Amf0Type>(input.U8() % 0x12), .count = 1}); break;
      default: writer.End();
    }
    FUZZ_CHECK(writer.ok() || writer.values().empty());
    if (!writer.ok()) continue;
    Amf0Reader reader(writer.values());
    for (Amf0Event event; reader.Next(event);) continue;
    FUZZ_CHECK(reader.error() == Amf0Error::kNone && reader.depth() == 0 && reader.offset() == writer.values().size());
  }
}

}  // namespace

// Every object that begins ends, never deeper than the limit; there are no more events
// than bytes pay for; what is read and written again is the same, but for the numbers of
// booleans. Values looked up are the ones that the reader passes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtmp;
  const Bytes input(data, size);
  Amf0Reader reader(input);
  std::vector<std::uint8_t> out(size);
  Amf0Writer writer(out);
  std::size_t events = 0;
  std::size_t open = 0;
  std::size_t whole = 0;  // bytes of values that have ended
  bool plain = true;      // booleans were 0 or 1
  for (Amf0Event event; reader.Next(event); ++events) {
    if (event.end) {
      FUZZ_CHECK(open-- > 0);
    } else {
      FUZZ_CHECK(event.text.empty() ||
                 (event.text.data() > data && event.text.data() + event.text.size() <= data + size));
      if (event.name.data() != nullptr) writer.Name(event.name);
      open += IsAmf0Container(event.type);
      FUZZ_CHECK(ToString(event.type) != "unknown");
    }
    writer.Write(event);
    if (event.type == Amf0Type::kBoolean && data[reader.offset() - 1] > 1) plain = false;
    FUZZ_CHECK(open == reader.depth() && open <= kAmf0MaxDepth);
    if (open == 0) {
      FUZZ_CHECK(writer.ok());
      whole = reader.offset();
      const Bytes again = writer.values();
      FUZZ_CHECK(again.size() == whole && (!plain || std::equal(again.begin(), again.end(), data)));
    }
  }
  FUZZ_CHECK(events <= 2 * size && reader.offset() <= size);
  FUZZ_CHECK((reader.error() == Amf0Error::kNone) == (open == 0 && reader.offset() == size));
  FUZZ_CHECK(ToString(reader.error()).starts_with("amf0: "));
  Amf0Event none;
  FUZZ_CHECK(!reader.Next(none));

  // The same by values.
  ByteReader values(input);
  while (!values.empty()) {
    const auto value = Amf0Value::TakeFrom(values);
    if (!value) {
      FUZZ_CHECK(value.error() == reader.error());
      break;
    }
    Amf0Reader inner(value->bytes());
    Amf0Event event;
    FUZZ_CHECK(inner.Next(event) && event.type == value->type());
    const bool named = value->type() != Amf0Type::kStrictArray && IsAmf0Container(value->type());
    for (int looked = 0; looked < 4 && inner.Next(event) && !event.end && inner.depth() <= 2; ++looked) {
      const std::string_view name(reinterpret_cast<const char*>(event.name.data()), event.name.size());
      Amf0Value found;
      if (!named) {
        FUZZ_CHECK(!value->Find(name, found));
        break;
      }
      FUZZ_CHECK(value->Find(name, found));
      FUZZ_CHECK(found.bytes().data() + found.bytes().size() <= value->bytes().data() + value->bytes().size());
      ByteReader again(found.bytes());
      const auto same = Amf0Value::TakeFrom(again);
      FUZZ_CHECK(same && same->type() == found.type() && again.empty());
      double number = 0;
      bool flag = false;
      Bytes text;
      FUZZ_CHECK(value->FindNumber(name, number) == (found.type() == Amf0Type::kNumber));
      FUZZ_CHECK(value->FindBoolean(name, flag) == (found.type() == Amf0Type::kBoolean));
      FUZZ_CHECK(value->FindText(name, text) == found.IsText());
      if (IsAmf0Container(event.type)) break;
    }
  }
  FUZZ_CHECK(static_cast<std::size_t>(values.rest().data() - data) == whole);
  WriteAtRandom({data, size});
  return 0;
}
