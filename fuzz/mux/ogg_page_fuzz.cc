#include "mediacore/mux/ogg_page.h"

#include <vector>

#include "../support/input.h"

// Any bytes, once with the checksum they have and once with the right one: the parts of
// a page make up its body, and a page written from what was read is the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::mux;
  const Bytes input(data, size);
  std::vector<std::uint8_t> bytes(input.begin(), input.end());
  for (int round = 0; round < 2; ++round) {
    const auto page = OggPageView::Parse(bytes);
    const std::size_t needed = OggPageView::SizeNeeded(bytes);
    if (!page) {
      FUZZ_CHECK(!ToString(page.error()).empty());
      if (page.error() == OggPageError::kTooShort || page.error() == OggPageError::kTruncated) {
        FUZZ_CHECK(needed > size);
      } else {
        FUZZ_CHECK(OggPageView::MayBegin(bytes) == (page.error() == OggPageError::kBadChecksum));
      }
      if (page.error() != OggPageError::kBadChecksum) return 0;
      StoreLittleU32(bytes.data() + 22, OggPageView::Checksum(Bytes(bytes).first(needed)));
      continue;
    }
    FUZZ_CHECK(page->size() == needed && needed <= size && needed <= kOggMaxPageSize);
    std::size_t sum = 0, ended = 0, count = 0;
    auto parts = page->parts();
    Bytes part;
    bool ends = true;
    while (parts.Next(part, ends)) {
      FUZZ_CHECK(part.data() == page->body().data() + sum);
      FUZZ_CHECK(ends || (part.size() % 255 == 0 && !part.empty()));
      sum += part.size();
      ended += ends ? 1 : 0;
      FUZZ_CHECK(ends || parts.empty());
      ++count;
    }
    FUZZ_CHECK(sum == page->body().size() && ended == page->packets_ended() && count - ended <= 1);
    std::vector<std::uint8_t> again(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(needed));
    std::fill_n(again.begin(), 26, std::uint8_t{0xee});
    WriteOggPageHeader(page->header(), again);
    again[5] = bytes[5];  // flags that nobody knows
    StoreLittleU32(again.data() + 22, OggPageView::Checksum(again));
    FUZZ_CHECK(std::equal(again.begin(), again.end(), bytes.begin()));
    break;
  }
  return 0;
}
