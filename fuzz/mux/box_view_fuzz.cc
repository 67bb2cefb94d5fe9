#include "mediacore/mux/box_view.h"

#include "../support/input.h"

// Boxes lie one after another and, with what is left, make up the whole input;
// bodies lie within their boxes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::mux;
  mediacore::ByteReader reader({data, size});
  std::size_t taken = 0;
  while (const auto box = BoxView::TakeFrom(reader)) {
    FUZZ_CHECK(box->bytes().size() >= 8);
    FUZZ_CHECK(box->bytes().data() == data + taken);
    FUZZ_CHECK(box->body().size() + 8 <= box->bytes().size());
    FUZZ_CHECK(box->body().data() + box->body().size() == data + taken + box->bytes().size());
    taken += box->bytes().size();
  }
  FUZZ_CHECK(taken + reader.remaining() == size);
  FUZZ_CHECK(!ToString(BoxView::TakeFrom(reader).error()).empty());
  return 0;
}
