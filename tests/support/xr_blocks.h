#ifndef MEDIACORE_TESTS_SUPPORT_XR_BLOCKS_H_
#define MEDIACORE_TESTS_SUPPORT_XR_BLOCKS_H_

#include <vector>

#include "mediacore/rtcp/extended_report.h"

namespace mediacore::testing {

// The block that `bytes` begin with; they have to be one.
constexpr rtcp::XrBlockView XrBlock(Bytes bytes) {
  ByteReader reader(bytes);
  return *rtcp::XrBlockView::TakeFrom(reader);
}

// What a writer writes; empty when it does not.
template <typename Writer>
std::vector<std::uint8_t> Written(const Writer& writer) {
  std::vector<std::uint8_t> out(writer.WireSize());
  if (!writer.Write(out)) out.clear();
  return out;
}

// Whether a writer writes exactly WireSize() bytes into larger space, and leaves
// what is a byte too small as it was.
template <typename Writer>
bool KeepsToItsSize(const Writer& writer) {
  const std::size_t size = writer.WireSize();
  std::vector<std::uint8_t> roomy(size + 8, 0xa5);
  if (size == 0) return !writer.Write(roomy) && roomy == std::vector<std::uint8_t>(8, 0xa5);
  std::vector<std::uint8_t> tight(size - 1, 0xa5);
  return !writer.Write(tight) && tight == std::vector<std::uint8_t>(size - 1, 0xa5) && writer.Write(roomy) &&
         std::vector<std::uint8_t>(roomy.end() - 8, roomy.end()) == std::vector<std::uint8_t>(8, 0xa5);
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_XR_BLOCKS_H_
