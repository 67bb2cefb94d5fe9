#include "mediacore/codec/comfort_noise.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "../support/input.h"

// What reads, writes back the same bytes; every coefficient is within one, and
// the byte for it is the one that it came from.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  const Bytes payload(data, size);
  const auto view = ComfortNoiseView::Parse(payload);
  if (!view) {
    FUZZ_CHECK(size == 0 || data[0] >= 128);
    FUZZ_CHECK(ToString(view.error()) != ToString(ComfortNoiseError{99}));
    return 0;
  }
  std::vector<std::uint8_t> again(view->order());
  for (std::size_t i = 0; i < view->order(); ++i) {
    const std::int16_t k = view->reflection(i);
    FUZZ_CHECK(k >= -32766 && (k <= 32766) == (view->reflections()[i] != 255));
    again[i] = QuantizeReflection(k);
    FUZZ_CHECK(again[i] == std::min<int>(view->reflections()[i], 254));
  }
  const ComfortNoiseWriter writer{view->level(), view->reflections()};
  std::vector<std::uint8_t> wire(writer.WireSize());
  FUZZ_CHECK(writer.Write(wire));
  FUZZ_CHECK(std::equal(wire.begin(), wire.end(), data, data + size));
  return 0;
}
