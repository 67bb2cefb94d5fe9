#include "mediacore/codec/vp9_superframe.h"

#include <vector>

#include "../support/input.h"

// The frames of a chunk lie one behind the other in front of the index, none is
// empty; an index made of their sizes finds them again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  const auto found = Vp9SuperframeView::Parse({data, size});
  if (!found) {
    FUZZ_CHECK((found.error() == Vp9SuperframeError::kEmpty) == (size == 0));
    FUZZ_CHECK(ToString(found.error()).starts_with("vp9 superframe: "));
  } else {
    FUZZ_CHECK(found->frame_count() >= 1 && found->frame_count() <= 8 && found->frame(found->frame_count()).empty());
    std::vector<std::uint8_t> chunk;
    std::vector<std::uint32_t> sizes;
    const std::uint8_t* at = data;
    for (int i = 0; i < found->frame_count(); ++i) {
      const Bytes frame = found->frame(i);
      FUZZ_CHECK(!frame.empty() && frame.data() == at);
      at += frame.size();
      sizes.push_back(static_cast<std::uint32_t>(frame.size()));
      chunk.insert(chunk.end(), frame.begin(), frame.end());
    }
    FUZZ_CHECK(at + found->index_size() <= data + size);
    const Vp9SuperframeIndexWriter writer{sizes};
    const std::size_t frames_size = chunk.size();
    chunk.resize(frames_size + writer.WireSize());
    FUZZ_CHECK(writer.Write(MutableBytes(chunk).subspan(frames_size)));
    FUZZ_CHECK(!found->has_index() || writer.WireSize() <= found->index_size());
    const auto again = Vp9SuperframeView::Parse(chunk);
    FUZZ_CHECK(again && again->has_index() && again->frame_count() == found->frame_count());
    for (int i = 0; i < found->frame_count(); ++i) {
      FUZZ_CHECK(std::ranges::equal(again->frame(i), found->frame(i)));
    }
  }

  fuzz::Input input(data, size);
  std::vector<std::uint32_t> sizes(input.U8() % 10);
  bool fine = !sizes.empty() && sizes.size() <= 8;
  for (std::uint32_t& number : sizes) {
    number = static_cast<std::uint32_t>(input.U16()) << (8 * (input.U8() % 3));
    fine = fine && number != 0;
  }
  std::vector<std::uint8_t> index(Vp9SuperframeIndexWriter::kMaxSize);
  FUZZ_CHECK(Vp9SuperframeIndexWriter{sizes}.Write(index) == fine);
  return 0;
}
