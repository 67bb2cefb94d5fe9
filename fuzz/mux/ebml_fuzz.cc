#include "mediacore/mux/ebml.h"

#include <cmath>
#include <vector>

#include "../support/input.h"

// Any bytes: elements lie one after another and, with what is left, make up the input;
// what was read and written again in the fewest bytes reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::mux;
  ByteReader reader({data, size});
  std::size_t taken = 0;
  for (;;) {
    const auto head = EbmlHead::Parse(reader.rest());
    if (head) {
      FUZZ_CHECK(head->head_size >= 2 && head->head_size <= kEbmlMaxHeadSize);
      FUZZ_CHECK(head->size == kEbmlUnknownSize || head->size <= kEbmlMaxSize);
      // Each byte less is too short, and nothing else.
      for (std::size_t n = 0; n < head->head_size; ++n) {
        FUZZ_CHECK(EbmlHead::Parse(reader.rest().first(n)).error() == EbmlError::kTooShort);
      }
      std::array<std::uint8_t, kEbmlMaxHeadSize> bytes{};
      EbmlWriter writer(bytes);
      if (head->size == kEbmlUnknownSize) {
        writer.BeginUnknown(head->id);
      } else {
        writer.Head(head->id, head->size);
      }
      const auto again = EbmlHead::Parse(Bytes(bytes).first(writer.size()));
      FUZZ_CHECK(writer.ok() && again && again->id == head->id && again->size == head->size);
      FUZZ_CHECK(writer.size() <= head->head_size || head->size == kEbmlUnknownSize);
    }
    const auto element = EbmlElement::TakeFrom(reader);
    if (!element) {
      FUZZ_CHECK(!ToString(element.error()).empty() && (head || head.error() == element.error()));
      break;
    }
    FUZZ_CHECK(head && element->id() == head->id && element->body().size() == head->size);
    FUZZ_CHECK(element->body().data() == data + taken + head->head_size);
    taken += head->head_size + element->body().size();
    FUZZ_CHECK(element->text().size() <= element->body().size());

    std::uint64_t u = 0;
    std::int64_t s = 0;
    double f = 0;
    std::array<std::uint8_t, 64> bytes{};
    EbmlWriter writer(bytes);
    const bool is_number = element->ReadUnsigned(u) && element->ReadSigned(s);
    FUZZ_CHECK(is_number == (element->body().size() <= 8));
    const bool is_float = element->ReadFloat(f);
    const std::size_t begin = writer.Begin(element->id());
    writer.Unsigned(0xd7, u);
    writer.Signed(0xfb, s);
    writer.Float(0x4489, f);
    writer.End(begin);
    ByteReader outer(Bytes(bytes).first(writer.size()));
    const auto parent = EbmlElement::TakeFrom(outer);
    FUZZ_CHECK(writer.ok() && parent && outer.empty());
    ByteReader inner(parent->body());
    std::uint64_t u2 = 1;
    std::int64_t s2 = 1;
    double f2 = 1;
    FUZZ_CHECK(EbmlElement::TakeFrom(inner)->ReadUnsigned(u2) && u2 == u);
    FUZZ_CHECK(EbmlElement::TakeFrom(inner)->ReadSigned(s2) && s2 == s);
    FUZZ_CHECK(EbmlElement::TakeFrom(inner)->ReadFloat(f2) && (!is_float || f2 == f || std::isnan(f)));
  }
  FUZZ_CHECK(taken + reader.remaining() == size);
  // A writer with too little room counts the same.
  EbmlWriter counter({});
  counter.Text(0x4d80, {reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 50)});
  FUZZ_CHECK(!counter.ok() && counter.size() >= 3);
  return 0;
}
