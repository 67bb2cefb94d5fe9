#include "mediacore/rtp/transport_sequence_number.h"

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// Any bytes are refused or are written back; both versions agree on two bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::TransportSequenceNumber>({data, size}));
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::TransportSequenceNumberV2>({data, size}));
  const auto v1 = rtp::TransportSequenceNumber::Parse({data, size});
  const auto v2 = rtp::TransportSequenceNumberV2::Parse({data, size});
  FUZZ_CHECK(v1.has_value() == (size == 2) && v2.has_value() == (size == 2 || size == 4));
  if (v1) FUZZ_CHECK(v1->number == v2->number && !v2->AsksForFeedback());
  if (v2) FUZZ_CHECK(v2->has_request == (size == 4) && v2->count <= 0x7fff);
  if (v2 && v2->has_request) FUZZ_CHECK(v2->AsksForFeedback() == ((data[2] & 0x7f) != 0 || data[3] != 0));
  return 0;
}
