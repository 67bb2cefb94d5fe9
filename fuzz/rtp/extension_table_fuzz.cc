#include "mediacore/rtp/extension_table.h"

#include "../support/input.h"

// For every id the table says what walking over the packet says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::rtp;
  const auto packet = PacketView::Parse({data, size});
  if (!packet) return 0;
  const ExtensionTable table(*packet);
  const int step = size > 2000 ? 16 : 1;  // finding walks; keep it short
  for (int id = -1; id <= 256; id += step) {
    Bytes walked;
    Bytes tabled;
    FUZZ_CHECK(table.Find(id, tabled) == packet->FindExtension(id, walked));
    FUZZ_CHECK(tabled.data() == walked.data() && tabled.size() == walked.size());
  }
  return 0;
}
