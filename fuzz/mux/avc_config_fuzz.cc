#include "mediacore/mux/avc_config.h"

#include "../support/input.h"

// Parameter sets lie in order within the record and none is empty.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::mux;
  const auto view = AvcConfigView::Parse({data, size});
  if (!view) {
    FUZZ_CHECK(!ToString(view.error()).empty());
    return 0;
  }
  FUZZ_CHECK(view->nal_length_size() != 3 && view->profile() == data[1] && view->constraints() == data[2] &&
             view->level() == data[3]);
  auto sets = view->parameter_sets();
  mediacore::Bytes nal;
  const std::uint8_t* at = data + 6;
  int count = 0;
  while (sets.Next(nal)) {
    FUZZ_CHECK(!nal.empty() && nal.data() >= at + 2);
    at = nal.data() + nal.size();
    FUZZ_CHECK(at <= data + size);
    ++count;
  }
  FUZZ_CHECK(count <= 31 + 255);
  return 0;
}
