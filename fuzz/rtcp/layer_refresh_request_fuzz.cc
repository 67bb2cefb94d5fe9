#include "mediacore/rtcp/layer_refresh_request.h"

#include "feedback_checks.h"

// Entries make up the FCI and are written to say the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore::rtcp;
  ForEachBlock(data, size, [](const BlockView& block) { CheckList(block, LayerRefreshRequestWriter{}); });
  return 0;
}
