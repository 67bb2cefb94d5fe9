#include "mediacore/rtcp/sdes.h"

#include "checks.h"

// Items lie inside the block, are found by their source and are written to read
// the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  ForEachBlock(data, size, CheckSdes);
  return 0;
}
