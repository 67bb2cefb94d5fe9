#include "mediacore/codec/av1c.h"

#include <vector>

#include "../support/input.h"

// What is read says what its sequence header says; what is written of that one is what
// was read, but for sizes in more bytes than they need and what lies behind.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  const Bytes bytes(data, size);
  const Av1ConfigWriter of_input(bytes);
  if (of_input.WireSize() > 0) {
    std::vector<std::uint8_t> out(of_input.WireSize());
    FUZZ_CHECK(of_input.Write(out) && Av1ConfigView::Parse(out));
    out.pop_back();
    FUZZ_CHECK(!of_input.Write(out));
  }
  const auto config = Av1ConfigView::Parse(bytes);
  if (!config) {
    FUZZ_CHECK(ToString(config.error()).starts_with("av1c: "));
    return 0;
  }
  FUZZ_CHECK(config->obus().size() + 4 == size && config->initial_presentation_delay() <= 16);
  const Bytes obu = FindAv1Obu(config->obus(), Av1ObuType::kSequenceHeader);
  const Av1ConfigWriter writer(obu);
  FUZZ_CHECK((writer.WireSize() > 0) == !obu.empty());
  if (obu.empty()) return 0;
  const auto sequence = Av1SequenceHeader::Parse(*Av1ObuView::Parse(obu));
  FUZZ_CHECK(sequence && sequence->profile == config->profile() && sequence->level() == config->level() &&
             sequence->tier() == config->tier() && sequence->bit_depth == config->bit_depth() &&
             sequence->mono_chrome == config->mono_chrome() && sequence->subsampling_x == config->subsampling_x() &&
             sequence->subsampling_y == config->subsampling_y() &&
             sequence->chroma_sample_position == config->chroma_sample_position());
  std::vector<std::uint8_t> out(writer.WireSize());
  FUZZ_CHECK(out.size() <= size && writer.Write(out));
  FUZZ_CHECK(std::equal(out.begin(), out.begin() + 3, data));
  return 0;
}
