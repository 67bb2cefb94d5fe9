#include "mediacore/codec/av1_aggregation.h"

#include <vector>

#include "../support/input.h"

// The elements of a payload lie in it in order, each after its length, and reach its
// end; written again they take no more bytes and read the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  const auto view = Av1AggregationView::Parse({data, size});
  if (!view) {
    FUZZ_CHECK(ToString(view.error()).starts_with("av1 aggregation: "));
    FUZZ_CHECK((view.error() == Av1AggregationError::kTooShort) == (size == 0));
    return 0;
  }
  std::vector<Bytes> elements;
  const std::uint8_t* at = data + 1;
  for (auto element = view->begin(); element != view->end(); ++element) {
    const std::size_t gap = static_cast<std::size_t>((*element).data() - at);
    const bool has_length = !element.is_last() || view->count_field() == 0;
    FUZZ_CHECK((*element).data() >= at && gap <= 8 && (gap > 0) == has_length);
    FUZZ_CHECK(element.is_last() == (elements.size() + 1 == view->element_count()));
    elements.push_back(*element);
    at = (*element).data() + (*element).size();
  }
  FUZZ_CHECK(at == data + size && elements.size() == view->element_count());
  FUZZ_CHECK(view->count_field() == 0 || static_cast<std::size_t>(view->count_field()) == elements.size());
  const Av1AggregationWriter writer{view->first_is_continuation(), view->last_continues(),
                                    view->new_coded_video_sequence(), elements};
  std::vector<std::uint8_t> out(writer.WireSize());
  FUZZ_CHECK(out.size() <= size && writer.Write(out));
  const auto back = Av1AggregationView::Parse(out);
  FUZZ_CHECK(back && back->element_count() == elements.size());
  FUZZ_CHECK((out[0] & 0xc8) == (data[0] & 0xc8));
  std::size_t i = 0;
  for (const Bytes element : *back) {
    FUZZ_CHECK(std::equal(element.begin(), element.end(), elements[i].begin(), elements[i].end()));
    ++i;
  }
  out.pop_back();
  FUZZ_CHECK(!writer.Write(out));
  FUZZ_CHECK(!(Av1AggregationWriter{true, false, true, elements}.Write(out)) && !Av1AggregationWriter{}.Write(out));
  return 0;
}
