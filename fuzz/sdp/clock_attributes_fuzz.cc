#include "mediacore/sdp/clock_attributes.h"

#include "attribute_round_trip.h"

// Each line is an attribute, "name:value": what attribute_round_trip.h says holds of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  fuzz::CheckAttributes<sdp::TsRefClk, sdp::MediaClk>(data, size);
  return 0;
}
