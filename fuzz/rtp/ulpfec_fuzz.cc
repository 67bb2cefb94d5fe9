#include "mediacore/rtp/ulpfec.h"

#include <vector>

#include "../support/input.h"

// Levels make up all of the bytes and each protects something; what they say is written
// into the same bytes, but for E, and with masks of 16 bits where those do, in fewer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtp;
  const auto fec = UlpFecView::Parse({data, size});
  if (!fec) {
    FUZZ_CHECK(static_cast<int>(fec.error()) < kUlpFecErrorCount);
    FUZZ_CHECK(ToString(fec.error()) != ToString(static_cast<UlpFecError>(99)));
    return 0;
  }
  std::vector<UlpFecLevel> levels;
  const std::size_t header = fec->mask_bits() == 48 ? 8 : 4;
  std::size_t at = UlpFecView::kHeaderSize;
  int reach = 0;
  for (const UlpFecLevel& level : *fec) {
    FUZZ_CHECK(!level.mask.empty() && level.mask.size() <= fec->mask_bits());
    FUZZ_CHECK(level.payload.data() == data + at + header && LoadU16(data + at) == level.payload.size());
    at += header + level.payload.size();
    reach = std::max(reach, level.mask.size());
    int count = 0;
    for (const SequenceNumber number : fec->packets(level)) {
      FUZZ_CHECK(number == fec->sn_base() + (number - fec->sn_base()) &&
                 level.mask.Contains(static_cast<int>(number - fec->sn_base())));
      ++count;
    }
    FUZZ_CHECK(count == level.mask.count());
    levels.push_back(level);
  }
  FUZZ_CHECK(at == size && !levels.empty() && fec->first_level().mask == levels[0].mask);
  auto second = fec->begin();
  FUZZ_CHECK((*second++).mask == levels[0].mask && (levels.size() == 1) == (second == fec->end()));

  UlpFecWriter writer{fec->recovery(), fec->sn_base(), levels, fec->mask_bits() == 48};
  FUZZ_CHECK(writer.WireSize() == size);
  std::vector<std::uint8_t> out(size, 0xee);
  FUZZ_CHECK(!writer.Write(MutableBytes(out).first(size - 1)) && out[0] == 0xee);
  FUZZ_CHECK(writer.Write(out));
  FUZZ_CHECK(out[0] == (data[0] & 0x7f) && std::equal(out.begin() + 1, out.end(), data + 1));

  writer.long_masks = false;
  std::vector<std::uint8_t> least(writer.WireSize());
  FUZZ_CHECK(least.size() == size - (header == 8 && reach <= 16 ? 4 * levels.size() : 0) && writer.Write(least));
  const auto again = UlpFecView::Parse(least);
  FUZZ_CHECK(again && again->recovery() == fec->recovery() && again->mask_bits() == (reach > 16 ? 48 : 16));
  std::size_t i = 0;
  for (const UlpFecLevel& level : *again) {
    FUZZ_CHECK(level.mask == levels[i].mask && std::ranges::equal(level.payload, levels[i].payload));
    ++i;
  }
  FUZZ_CHECK(i == levels.size());
  levels.front().mask = {};
  FUZZ_CHECK(writer.WireSize() == 0 && !writer.Write(out));
  return 0;
}
