#include "mediacore/mux/adts.h"

#include "../support/input.h"

// A frame lies within its bytes, and its header written again reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::mux;
  mediacore::Bytes rest(data, size);
  while (const auto frame = AdtsView::Parse(rest)) {
    FUZZ_CHECK(frame->size() >= kAdtsHeaderSize && frame->size() <= rest.size());
    const mediacore::Bytes unit = frame->access_unit();
    FUZZ_CHECK(unit.data() + unit.size() == rest.data() + frame->size());
    const AdtsConfig config = frame->config();
    std::array<std::uint8_t, 8191> again{};
    if (WriteAdtsHeader(config, unit.size(), std::span(again).first<7>())) {
      const auto back = AdtsView::Parse(again);
      FUZZ_CHECK(back && back->config() == config && back->access_unit().size() == unit.size());
    }
    rest = rest.subspan(frame->size());
  }
  FUZZ_CHECK(!ToString(AdtsView::Parse(rest).error()).empty());
  AdtsConfig config;
  if (AdtsConfig::FromAudioSpecificConfig({data, size}, config)) {
    AdtsConfig back;
    FUZZ_CHECK(AdtsConfig::FromAudioSpecificConfig(config.ToAudioSpecificConfig(), back));
    FUZZ_CHECK(back == config);
  }
  return 0;
}
