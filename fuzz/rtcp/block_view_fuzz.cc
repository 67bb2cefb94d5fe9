#include "mediacore/rtcp/block_view.h"

#include "../support/input.h"

// Blocks lie one after another and, with what is left, make up the whole input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace mediacore::rtcp;
  mediacore::ByteReader reader({data, size});
  std::size_t taken = 0;
  while (true) {
    const auto block = BlockView::TakeFrom(reader);
    if (!block) {
      FUZZ_CHECK(ToString(block.error()) != "rtcp: unknown");
      break;
    }
    FUZZ_CHECK(block->count() == (data[taken] & 0x1f) && block->packet_type() == data[taken + 1]);
    FUZZ_CHECK(block->bytes().data() == data + taken && block->bytes().size() == block->size());
    FUZZ_CHECK(block->has_padding() == (block->padding_size() != 0));
    FUZZ_CHECK(block->size() >= 4 && block->size() % 4 == 0);
    FUZZ_CHECK(block->body().data() == data + taken + 4);
    FUZZ_CHECK(4 + block->body().size() + block->padding_size() == block->size());
    FUZZ_CHECK(PacketTypeName(block->packet_type()).size() < 16);
    taken += block->size();
  }
  const auto error = BlockView::TakeFrom(reader).error();
  FUZZ_CHECK(error <= BlockError::kBadPadding && !ToString(error).empty());
  FUZZ_CHECK(taken + reader.remaining() == size);
  return 0;
}
