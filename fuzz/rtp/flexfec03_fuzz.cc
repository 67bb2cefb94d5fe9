#include "mediacore/rtp/flexfec03.h"

#include <vector>

#include "../support/input.h"

// Streams and the repair payload make up all of the bytes; what they say is written with
// the smallest masks into as many bytes or fewer, reads back the same, and from then on
// is the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtp;
  const auto fec = FlexFec03View::Parse({data, size});
  if (!fec) {
    FUZZ_CHECK(static_cast<int>(fec.error()) < kFlexFec03ErrorCount);
    FUZZ_CHECK(ToString(fec.error()) != ToString(static_cast<FlexFec03Error>(99)));
    return 0;
  }
  FUZZ_CHECK(fec->repair_payload().data() + fec->repair_payload().size() == data + size);
  FUZZ_CHECK(fec->header_size() + fec->repair_payload().size() == size);
  std::vector<FlexFec03Stream> streams;
  std::size_t least = 12;
  for (const FlexFec03Stream& stream : *fec) {
    FUZZ_CHECK(!stream.mask.empty() && stream.mask.size() <= 109);
    least += stream.mask.size() > 46 ? 20u : stream.mask.size() > 15 ? 12u : 8u;
    int count = 0;
    for (const SequenceNumber number : stream.packets()) {
      FUZZ_CHECK(stream.mask.Contains(static_cast<int>(number - stream.sn_base)));
      ++count;
    }
    FUZZ_CHECK(count == stream.mask.count());
    streams.push_back(stream);
  }
  FUZZ_CHECK(streams.size() == static_cast<std::size_t>(fec->stream_count()) && least <= fec->header_size());
  auto second = fec->begin();
  FUZZ_CHECK(*second++ == streams[0] && (streams.size() == 1) == (second == fec->end()));

  FlexFec03Writer writer{fec->recovery(), streams, fec->repair_payload()};
  const std::size_t wire = writer.WireSize();
  if (wire == 0) {
    FUZZ_CHECK(least + fec->repair_payload().size() > 0xffff);
    return 0;
  }
  FUZZ_CHECK(wire == least + fec->repair_payload().size());
  std::vector<std::uint8_t> out(wire, 0xee);
  FUZZ_CHECK(!writer.Write(MutableBytes(out).first(wire - 1)) && out[0] == 0xee);
  FUZZ_CHECK(writer.Write(out));
  if (wire == size) {  // but for the reserved bits
    for (std::size_t i = 0; i < size; ++i) FUZZ_CHECK(out[i] == data[i] || (i >= 9 && i < 12));
  }
  const auto again = FlexFec03View::Parse(out);
  FUZZ_CHECK(again && again->recovery() == fec->recovery() && again->header_size() == least);
  FUZZ_CHECK(std::ranges::equal(again->repair_payload(), fec->repair_payload()));
  std::size_t i = 0;
  for (const FlexFec03Stream& stream : *again) FUZZ_CHECK(stream == streams[i++]);
  FUZZ_CHECK(i == streams.size());
  for (const std::size_t mask : {6u, 14u}) {
    writer.least_mask_size = mask;
    std::vector<std::uint8_t> larger(writer.WireSize());
    if (larger.empty()) continue;
    FUZZ_CHECK(writer.Write(larger));
    const auto same = FlexFec03View::Parse(larger);
    FUZZ_CHECK(same && *same->begin() == streams[0] && same->header_size() >= least);
  }
  streams.back().mask = {};
  FUZZ_CHECK(writer.WireSize() == 0 && !writer.Write(out));
  return 0;
}
