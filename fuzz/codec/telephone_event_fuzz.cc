#include "mediacore/codec/telephone_event.h"

#include <algorithm>
#include <vector>

#include "../support/input.h"

// Sizes add up, and what reads writes back the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  const auto view = TelephoneEventView::Parse({data, size});
  if (!view) {
    FUZZ_CHECK(ToString(view.error()) != ToString(TelephoneEventError{99}));
    FUZZ_CHECK(size % 4 != 0 || size == 0);
    return 0;
  }
  FUZZ_CHECK(view->size() * 4 == size);
  std::vector<TelephoneEvent> events;
  for (std::size_t i = 0; i < view->size(); ++i) {
    events.push_back((*view)[i]);
    FUZZ_CHECK((DtmfDigit(events[i].event) != '\0') == (data[4 * i] < 16));
  }
  const TelephoneEventWriter writer{events};
  std::vector<std::uint8_t> wire(writer.WireSize());
  FUZZ_CHECK(writer.Write(wire));
  FUZZ_CHECK(std::equal(wire.begin(), wire.end(), data, data + size));
  return 0;
}
