#include "mediacore/mux/fmp4_fragment_view.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/mux/fmp4_fragment_writer.h"

namespace {
using namespace mediacore;
using namespace mediacore::mux;

// moov of two tracks, 1 and 2, of which nothing but the ids matters here.
std::vector<std::uint8_t> MakeInit() {
  std::vector<std::uint8_t> bytes(2000);
  BoxWriter w(bytes);
  const std::size_t moov = w.Begin("moov");
  for (const std::uint32_t id : {1u, 2u}) {
    const std::size_t trak = w.Begin("trak");
    const std::size_t tkhd = w.BeginFull("tkhd", 0, 3);
    w.Zeros(8);
    w.U32(id);
    w.Zeros(68);
    w.End(tkhd);
    const std::size_t mdia = w.Begin("mdia");
    const std::size_t mdhd = w.BeginFull("mdhd", 0, 0);
    w.Zeros(8);
    w.U32(90'000);
    w.Zeros(8);
    w.End(mdhd);
    const std::size_t hdlr = w.BeginFull("hdlr", 0, 0);
    w.Zeros(20);
    w.End(hdlr);
    const std::size_t minf = w.Begin("minf");
    const std::size_t stbl = w.Begin("stbl");
    const std::size_t stsd = w.BeginFull("stsd", 0, 0);
    w.U32(0);
    w.End(stsd);
    w.End(stbl);
    w.End(minf);
    w.End(mdia);
    w.End(trak);
  }
  w.End(moov);
  bytes.resize(w.size());
  return bytes;
}
}  // namespace

// Samples of any bytes lie within them, in decode order, not more than bytes;
// and what was read of one track reads the same when written again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<std::uint8_t> init_bytes = MakeInit();
  const auto init = InitView::Parse(init_bytes);
  FUZZ_CHECK(init);
  const Bytes file(data, size);
  std::size_t at = 0;
  while (const auto fragment = FragmentView::Parse(file, at, *init)) {
    FUZZ_CHECK(fragment->begin() >= at && fragment->end() > fragment->begin());
    FUZZ_CHECK(fragment->end() <= size);
    at = fragment->end();
    std::vector<Sample> samples;
    auto reader = fragment->samples(1);
    Sample sample;
    while (reader.Next(sample)) {
      FUZZ_CHECK(sample.data.empty() ||
                 (sample.data.data() >= data + fragment->begin() &&
                  sample.data.data() + sample.data.size() <= data + fragment->end()));
      samples.push_back(sample);
      FUZZ_CHECK(samples.size() <= fragment->end() - fragment->begin());
    }
    if (samples.empty()) continue;
    // One run from here on: the times of later runs follow from durations.
    std::uint64_t media = 0;
    for (const Sample& s : samples) media += s.data.size();
    if (media > 1'000'000) continue;
    const FragmentWriter writer(
        Fragment{.sequence_number = fragment->sequence_number(),
                 .base_decode_time = static_cast<std::uint64_t>(samples[0].dts),
                 .capture_time = fragment->capture_time()},
        samples);
    std::vector<std::uint8_t> bytes(writer.WireSize());
    FUZZ_CHECK(writer.Write(bytes) == bytes.size());
    const auto again = FragmentView::Parse(bytes, 0, *init);
    FUZZ_CHECK(again && again->end() == bytes.size());
    FUZZ_CHECK(again->sequence_number() == fragment->sequence_number());
    FUZZ_CHECK(again->capture_time() == fragment->capture_time());
    auto back = again->samples(1);
    std::int64_t dts = samples[0].dts;
    for (const Sample& s : samples) {
      FUZZ_CHECK(back.Next(sample));
      FUZZ_CHECK(sample.dts == dts && sample.pts - sample.dts == s.pts - s.dts);
      FUZZ_CHECK(sample.duration == s.duration && sample.sync == s.sync);
      FUZZ_CHECK(std::ranges::equal(sample.data, s.data));
      dts += s.duration;
    }
    FUZZ_CHECK(!back.Next(sample));
  }
  FUZZ_CHECK(!ToString(FragmentView::Parse(file, at, *init).error()).empty());
  return 0;
}
