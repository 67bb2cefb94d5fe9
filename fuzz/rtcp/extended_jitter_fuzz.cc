#include "mediacore/rtcp/extended_jitter.h"

#include <vector>

#include "../support/input.h"

// The entries are those that the count promises, and are written back as they
// came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  mediacore::ByteReader reader({data, size});
  const auto block = BlockView::TakeFrom(reader);
  if (!block) return 0;
  const auto ij = ExtendedJitterView::Parse(*block);
  if (!ij) {
    FUZZ_CHECK(static_cast<int>(ij.error()) < kExtendedJitterErrorCount && !ToString(ij.error()).empty());
    return 0;
  }
  FUZZ_CHECK(ij->count() == block->count());
  std::vector<std::uint32_t> jitters;
  for (int i = 0; i < ij->count(); ++i) jitters.push_back(ij->jitter(i));
  const ExtendedJitterWriter writer{jitters};
  std::vector<std::uint8_t> out(writer.WireSize());
  FUZZ_CHECK(out.size() == 4 + 4 * jitters.size() && writer.Write(out));
  FUZZ_CHECK(std::ranges::equal(mediacore::Bytes(out).subspan(4), block->body().first(out.size() - 4)));
  return 0;
}
