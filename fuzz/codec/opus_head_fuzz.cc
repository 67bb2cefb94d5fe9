#include "mediacore/codec/opus_head.h"

#include <algorithm>
#include <vector>

#include "../support/input.h"

// The first byte chooses the form. What reads has channels that its streams can
// fill, and written in either form reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  if (size == 0) return 0;
  const auto form = (data[0] & 1) != 0 ? OpusHeadForm::kMp4 : OpusHeadForm::kOgg;
  const auto head = OpusHeadView::Parse(Bytes(data, size).subspan(1), form);
  if (!head) {
    FUZZ_CHECK(ToString(head.error()) != ToString(OpusHeadError{99}));
    return 0;
  }
  FUZZ_CHECK(head->channels() > 0 && head->channel_mapping().size() == head->channels());
  FUZZ_CHECK(head->version() < 16 && head->coupled_count() <= head->stream_count());
  for (const std::uint8_t channel : head->channel_mapping()) {
    FUZZ_CHECK(channel == 255 || channel < head->stream_count() + head->coupled_count());
  }
  const OpusHeadWriter writer{head->pre_skip(),       head->input_sample_rate(), head->output_gain(),
                              head->mapping_family(), head->channels(),          head->stream_count(),
                              head->coupled_count(),  head->channel_mapping()};
  for (const OpusHeadForm other : {OpusHeadForm::kOgg, OpusHeadForm::kMp4}) {
    std::vector<std::uint8_t> wire(writer.WireSize(other));
    FUZZ_CHECK(writer.Write(wire, other));
    const auto again = OpusHeadView::Parse(wire, other);
    FUZZ_CHECK(again && again->pre_skip() == head->pre_skip() && again->output_gain() == head->output_gain());
    FUZZ_CHECK(again->input_sample_rate() == head->input_sample_rate());
    FUZZ_CHECK(again->mapping_family() == head->mapping_family() && again->stream_count() == head->stream_count());
    FUZZ_CHECK(std::ranges::equal(again->channel_mapping(), head->channel_mapping()));
  }
  return 0;
}
