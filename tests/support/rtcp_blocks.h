#ifndef MEDIACORE_TESTS_SUPPORT_RTCP_BLOCKS_H_
#define MEDIACORE_TESTS_SUPPORT_RTCP_BLOCKS_H_

#include <algorithm>
#include <vector>

#include "mediacore/rtcp/block_view.h"

namespace mediacore::testing {

// The block that fills `bytes`.
constexpr rtcp::BlockView BlockOf(Bytes bytes) {
  ByteReader reader(bytes);
  return *rtcp::BlockView::TakeFrom(reader);
}

// A block around `body`, which padding fills to whole words.
inline std::vector<std::uint8_t> MakeBlock(int packet_type, int count, Bytes body) {
  std::vector<std::uint8_t> block{static_cast<std::uint8_t>(0x80 | count), static_cast<std::uint8_t>(packet_type), 0, 0};
  block.insert(block.end(), body.begin(), body.end());
  if (const auto fill = static_cast<std::uint8_t>((4 - body.size() % 4) % 4); fill > 0) {
    block.resize(block.size() + fill);
    block.back() = fill;
    block[0] |= 0x20;
  }
  StoreU16(&block[2], static_cast<std::uint16_t>(block.size() / 4 - 1));
  return block;
}

// What View says of the block with only the first `size` bytes of its body:
// the number of the cause, or -1 when it is taken.
template <typename View>
int VerdictOnPrefix(Bytes block, std::size_t size) {
  const auto cut = MakeBlock(block[1], block[0] & 0x1f, block.subspan(4, size));
  const auto view = View::Parse(BlockOf(cut));
  return view ? -1 : static_cast<int>(view.error());
}

// The sizes of a body, cut anywhere, that View takes.
template <typename View>
std::vector<std::size_t> TakenPrefixes(Bytes block) {
  std::vector<std::size_t> taken;
  for (std::size_t size = 0; size <= block.size() - 4; ++size) {
    if (VerdictOnPrefix<View>(block, size) == -1) taken.push_back(size);
  }
  return taken;
}

// What a writer writes; empty when it says that it cannot, when it touches more
// than it says, or when one byte less is not refused.
template <typename Writer>
std::vector<std::uint8_t> Written(const Writer& writer) {
  const std::size_t size = writer.WireSize();
  std::vector<std::uint8_t> out(size + 4, 0xee);
  const auto untouched = [](Bytes bytes) { return std::ranges::count(bytes, 0xee) == static_cast<long>(bytes.size()); };
  if (size == 0 || writer.Write(MutableBytes(out).first(size - 1)) || !untouched(out)) return {};
  if (!writer.Write(out) || !untouched(Bytes(out).last(4))) return {};
  out.resize(size);
  return out;
}

// It says so in both ways, and touches nothing.
template <typename Writer>
bool CannotBeWritten(const Writer& writer) {
  std::vector<std::uint8_t> out(70'000, 0xee);
  return writer.WireSize() == 0 && !writer.Write(out) && std::ranges::count(out, 0xee) == 70'000;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_RTCP_BLOCKS_H_
