#include "mediacore/sdp/webrtc_attributes.h"

#include "attribute_round_trip.h"

// Each line is an attribute, "name:value": what attribute_round_trip.h says holds of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  fuzz::CheckAttributes<sdp::Group, sdp::MidAttribute, sdp::Msid, sdp::MsidSemantic, sdp::ExtMap, sdp::SctpPort, sdp::SctpMap,
                        sdp::MaxMessageSize>(data, size);
  return 0;
}
