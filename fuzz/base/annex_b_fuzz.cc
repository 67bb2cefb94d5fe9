#include "mediacore/base/annex_b.h"

#include <vector>

#include "../support/input.h"

// The fast scan sees what the slow one sees; both forms hold the same units
// however often they turn into each other; sizes are as promised.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  const Bytes bytes(data, size);
  std::size_t from = 0;
  for (std::size_t at = 0; at + 3 <= size; ++at) {
    if (data[at] != 0 || data[at + 1] != 0 || data[at + 2] != 1) continue;
    FUZZ_CHECK(FindStartCode(bytes, from) == at);
    from = at + 1;
  }
  FUZZ_CHECK(FindStartCode(bytes, from) == size);

  const std::size_t avcc_size = AvccSize(bytes);
  FUZZ_CHECK(avcc_size <= size + size / 4 + 1);
  std::vector<std::uint8_t> avcc(avcc_size);
  std::size_t written = 0;
  FUZZ_CHECK(AnnexBToAvcc(bytes, avcc, written) && written == avcc_size);
  if (avcc_size > 0) {
    std::vector<std::uint8_t> small(avcc_size - 1);
    FUZZ_CHECK(!AnnexBToAvcc(bytes, small, written));
  }
  std::vector<std::uint8_t> annex_b(avcc_size);
  FUZZ_CHECK(AvccToAnnexB(avcc, annex_b, written) && written == avcc_size);
  std::vector<std::uint8_t> again(avcc_size);
  FUZZ_CHECK(AnnexBToAvcc(annex_b, again, written) && again == avcc);
  FUZZ_CHECK(AvccToAnnexBInPlace(again) && again == annex_b);

  // The input as lengths: what is refused is not changed.
  for (const int length_size : {1, 2, 4}) {
    AvccReader reader(bytes, length_size);
    Bytes nal;
    std::size_t sum = 0;
    while (reader.Next(nal)) {
      FUZZ_CHECK(!nal.empty());
      sum += nal.size() + static_cast<std::size_t>(length_size);
    }
    FUZZ_CHECK(sum <= size);
    if (length_size != 4) continue;
    std::vector<std::uint8_t> same(data, data + size);
    const bool fine = AvccToAnnexBInPlace(same);
    FUZZ_CHECK(fine == reader.ok());
    if (!fine) FUZZ_CHECK(same == std::vector<std::uint8_t>(data, data + size));
  }
  return 0;
}
