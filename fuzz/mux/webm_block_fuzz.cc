#include "mediacore/mux/webm_block.h"

#include <array>

#include "../support/input.h"

// Any bytes: the frames of a block lie one after another and end where it ends, there
// are as many as it says, and no more than its bytes; its header written again is the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::mux;
  const auto block = WebmBlockView::Parse(Bytes(data, size));
  if (!block) {
    FUZZ_CHECK(!ToString(block.error()).empty());
    return 0;
  }
  FUZZ_CHECK(block->track() > 0);
  FUZZ_CHECK(block->frame_count() <= 256 && block->frame_count() < size);
  auto frames = block->frames();
  std::size_t count = 0;
  std::size_t largest = 0, smallest = SIZE_MAX;
  const std::uint8_t* next = nullptr;
  for (Bytes frame; frames.Next(frame); ++count) {
    FUZZ_CHECK(next == nullptr || frame.data() == next);
    FUZZ_CHECK(frame.data() >= data);
    next = frame.data() + frame.size();
    largest = std::max(largest, frame.size());
    smallest = std::min(smallest, frame.size());
  }
  FUZZ_CHECK(count == block->frame_count() && next == data + size);
  FUZZ_CHECK(block->lacing() != WebmLacing::kFixed || (largest == smallest && largest > 0));

  const WebmBlockHeader header{block->track(), block->time(), block->key_frame(), block->invisible(),
                               block->discardable()};
  std::array<std::uint8_t, 8> bytes{};
  const std::size_t wrote = header.Write(bytes);
  FUZZ_CHECK(wrote == header.WireSize() && wrote >= 4);
  const auto again = WebmBlockView::Parse(Bytes(bytes).first(wrote));
  FUZZ_CHECK(again && again->track() == block->track() && again->time() == block->time());
  FUZZ_CHECK(again->flags() == (block->flags() & 0x89));
  FUZZ_CHECK(header.Write(MutableBytes(bytes).first(wrote - 1)) == 0);
  return 0;
}
