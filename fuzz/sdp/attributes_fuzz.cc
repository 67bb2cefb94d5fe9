#include "mediacore/sdp/attributes.h"

#include "attribute_round_trip.h"

// Each line is an attribute, "name:value": what attribute_round_trip.h says holds of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  fuzz::CheckAttributes<sdp::RtpMap, sdp::Fmtp, sdp::RtcpFb, sdp::Rtcp, sdp::RtcpXr, sdp::Ptime, sdp::MaxPtime, sdp::FrameRate,
                        sdp::SsrcAttribute, sdp::SsrcGroup, sdp::Content, sdp::Label, sdp::SourceFilter>(data, size);
  return 0;
}
