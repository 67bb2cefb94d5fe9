#include "mediacore/rtp/red.h"

#include <algorithm>
#include <vector>

#include "../support/input.h"

// Blocks lie one after another and, with their headers, make up all of the payload;
// what they say is written into the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtp;
  const int max_blocks = size % 5 == 0 ? RedView::kDefaultMaxBlocks : 1 << 20;
  const auto red = RedView::Parse({data, size}, max_blocks);
  if (!red) {
    FUZZ_CHECK(static_cast<int>(red.error()) < kRedErrorCount);
    FUZZ_CHECK(ToString(red.error()) != ToString(static_cast<RedError>(99)));
    return 0;
  }
  FUZZ_CHECK(red->block_count() >= 1 && red->block_count() <= max_blocks);
  std::vector<RedBlock> blocks;
  std::size_t at = 4 * (static_cast<std::size_t>(red->block_count()) - 1) + 1;
  for (const RedBlock& block : *red) {
    FUZZ_CHECK(block.payload.data() == data + at && at + block.payload.size() <= size);
    at += block.payload.size();
    blocks.push_back(block);
  }
  FUZZ_CHECK(at == size && blocks.size() == static_cast<std::size_t>(red->block_count()));
  const RedBlock primary = red->primary();
  FUZZ_CHECK(primary.payload.data() == blocks.back().payload.data() && primary.timestamp_offset == 0);
  FUZZ_CHECK(primary.payload_type == blocks.back().payload_type);
  blocks.pop_back();
  auto second = red->begin();
  FUZZ_CHECK((*second++).payload.data() == data + 4 * blocks.size() + 1);
  FUZZ_CHECK((second == red->end()) == blocks.empty());

  RedWriter writer{blocks, primary.payload_type, primary.payload};
  const std::size_t wire = writer.WireSize();
  if (wire == 0) {
    FUZZ_CHECK(size > 0xffff && writer.Size().error() == RedWriterError::kTooLong);
    return 0;
  }
  FUZZ_CHECK(wire == size);
  std::vector<std::uint8_t> out(size, 0xee);
  FUZZ_CHECK(!writer.Write(MutableBytes(out).first(size - 1)) && out[0] == 0xee);
  FUZZ_CHECK(writer.Write(out) && std::equal(out.begin(), out.end(), data));
  if (blocks.empty()) return 0;
  RedBlock& first = blocks.front();
  first.timestamp_offset = 0x4000;
  FUZZ_CHECK(writer.Size().error() == RedWriterError::kTimestampOffsetTooLarge && !writer.Write(out));
  first.timestamp_offset = 0x3fff;
  const std::vector<std::uint8_t> long_block(1024);
  first.payload = long_block;
  FUZZ_CHECK(writer.Size().error() == RedWriterError::kBlockTooLong && writer.WireSize() == 0);
  for (int i = 0; i < kRedWriterErrorCount; ++i) {
    FUZZ_CHECK(ToString(static_cast<RedWriterError>(i)) != ToString(static_cast<RedWriterError>(99)));
  }
  return 0;
}
