#ifndef MEDIACORE_FUZZ_SUPPORT_XR_BLOCKS_H_
#define MEDIACORE_FUZZ_SUPPORT_XR_BLOCKS_H_

#include <vector>

#include "input.h"
#include "mediacore/rtcp/extended_report.h"

namespace mediacore::fuzz {

// check(const rtcp::XrBlockView&) for the blocks of an extended report that the
// input is, one behind the other.
template <typename Check>
void ForEachXrBlock(Bytes input, Check&& check) {
  ByteReader reader(input);
  while (const auto block = rtcp::XrBlockView::TakeFrom(reader)) check(*block);
}

// Writes into exactly the space that it asks for and gives the block.
template <typename Writer>
std::vector<std::uint8_t> WriteAll(const Writer& writer) {
  std::vector<std::uint8_t> out(writer.WireSize(), 0xee);
  FUZZ_CHECK(!out.empty() && writer.Write(out));
  return out;
}

// What a writer made of a block has the block's bytes, but for reserved bits
// (those that `kept` lacks) in its second byte.
template <typename Writer>
void CheckWritesBack(const Writer& writer, const rtcp::XrBlockView& block, unsigned kept) {
  const std::vector<std::uint8_t> out = WriteAll(writer);
  const Bytes from = block.bytes();
  FUZZ_CHECK(out.size() == from.size() && out[0] == from[0] && out[1] == (from[1] & kept));
  FUZZ_CHECK(std::ranges::equal(Bytes(out).subspan(2), from.subspan(2)));
}

}  // namespace mediacore::fuzz

#endif  // MEDIACORE_FUZZ_SUPPORT_XR_BLOCKS_H_
