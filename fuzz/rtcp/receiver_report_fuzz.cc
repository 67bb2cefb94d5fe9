#include "mediacore/rtcp/receiver_report.h"

#include "checks.h"

// A report that reads is written as the bytes it was read from.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  ForEachBlock(data, size, CheckReceiverReport);
  return 0;
}
