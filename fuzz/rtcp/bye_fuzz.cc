#include "mediacore/rtcp/bye.h"

#include "checks.h"

// Sources and reason are written to read the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  ForEachBlock(data, size, CheckBye);
  return 0;
}
