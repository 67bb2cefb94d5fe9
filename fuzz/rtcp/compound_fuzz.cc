#include "mediacore/rtcp/compound.h"

#include "checks.h"

// Blocks lie one after another and are all of the datagram; each that reads as a
// report, SDES or BYE is written and reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace mediacore::rtcp;
  const mediacore::Bytes datagram(data, size);
  const auto compound = CompoundView::Parse(datagram, {.reduced_size = true});
  const auto strict = CompoundView::Parse(datagram);
  if (!compound) {
    FUZZ_CHECK(static_cast<int>(compound.error()) < kCompoundErrorCount);
    FUZZ_CHECK(!strict);
    return 0;
  }
  std::size_t taken = 0;
  for (const BlockView block : *compound) {
    FUZZ_CHECK(block.bytes().data() == data + taken);
    FUZZ_CHECK(block.size() >= 4 && block.size() % 4 == 0);
    FUZZ_CHECK(4 + block.body().size() + block.padding_size() == block.size());
    const bool report = block.packet_type() == kSenderReport ||
                        block.packet_type() == kReceiverReport;
    if (taken == 0) FUZZ_CHECK(strict.has_value() == report);
    taken += block.size();
    FUZZ_CHECK(!block.has_padding() || taken == size);
    CheckSenderReport(block);
    CheckReceiverReport(block);
    CheckSdes(block);
    CheckBye(block);
  }
  FUZZ_CHECK(taken == size);
  return 0;
}
