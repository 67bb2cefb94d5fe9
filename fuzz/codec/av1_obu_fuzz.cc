#include "mediacore/codec/av1_obu.h"

#include <vector>

#include "../support/input.h"

// OBUs lie one after another and, with what is left, make up the whole input; each
// can be written again with its size in the fewest bytes, and reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  ByteReader reader({data, size});
  std::size_t taken = 0;
  auto obu = Av1ObuView::TakeFrom(reader);
  for (; obu; obu = Av1ObuView::TakeFrom(reader)) {
    FUZZ_CHECK(obu->bytes().data() == data + taken && !obu->bytes().empty());
    FUZZ_CHECK(obu->payload().data() + obu->payload().size() == obu->bytes().data() + obu->bytes().size());
    const std::size_t size_field = obu->bytes().size() - obu->header().size() - obu->payload().size();
    FUZZ_CHECK(size_field <= 8 && (size_field > 0) == obu->has_size_field());
    taken += obu->bytes().size();
    FUZZ_CHECK(Av1ObuView::Parse(obu->bytes())->payload().size() == obu->payload().size());
    FUZZ_CHECK(FindAv1Obu({data, taken}, obu->type()).size() > 0 && !ToString(obu->type()).empty());
    FUZZ_CHECK(!BeginsAv1Frame(obu->type()) || !IsLeftOutOfAv1Frames(obu->type()));
    const Av1ObuWriter writer{obu->type(),
                              obu->has_extension(),
                              static_cast<std::uint8_t>(obu->temporal_id()),
                              static_cast<std::uint8_t>(obu->spatial_id()),
                              obu->has_size_field(),
                              obu->payload()};
    std::vector<std::uint8_t> out(writer.WireSize());
    FUZZ_CHECK(out.size() <= obu->bytes().size() && writer.Write(out));
    const auto back = Av1ObuView::Parse(out);
    FUZZ_CHECK(
        back && back->type() == obu->type() && back->has_extension() == obu->has_extension() &&
        back->temporal_id() == obu->temporal_id() && back->spatial_id() == obu->spatial_id() &&
        std::equal(back->payload().begin(), back->payload().end(), obu->payload().begin(), obu->payload().end()));
    out.pop_back();
    FUZZ_CHECK(!writer.Write(out));
  }
  FUZZ_CHECK(taken + reader.remaining() == size && ToString(obu.error()).starts_with("av1 obu: "));
  FUZZ_CHECK((obu.error() == Av1ObuError::kTooShort) == reader.empty());
  // The first as the whole: what lies behind it is too much.
  if (const auto whole = Av1ObuView::Parse({data, size})) {
    FUZZ_CHECK(taken == size && whole->bytes().size() == size);
  } else {
    FUZZ_CHECK(ToString(whole.error()).starts_with("av1 obu: ") &&
               (whole.error() == Av1ObuError::kTrailing) == (taken > 0));
  }
  fuzz::Input input(data, size);
  std::vector<std::uint8_t> room(40);
  const Av1ObuWriter any{static_cast<Av1ObuType>(input.U8()), true, input.U8(), input.U8(), true, {data, size % 32}};
  const bool fits = static_cast<unsigned>(any.type) <= 15 && any.temporal_id <= 7 && any.spatial_id <= 3;
  FUZZ_CHECK(any.Write(room) == fits);
  return 0;
}
