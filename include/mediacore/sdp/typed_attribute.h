#ifndef MEDIACORE_SDP_TYPED_ATTRIBUTE_H_
#define MEDIACORE_SDP_TYPED_ATTRIBUTE_H_

#include <utility>

#include "mediacore/sdp/clock_attributes.h"
#include "mediacore/sdp/ice_attributes.h"
#include "mediacore/sdp/security_attributes.h"
#include "mediacore/sdp/simulcast_attributes.h"
#include "mediacore/sdp/webrtc_attributes.h"

namespace mediacore::sdp {

// Reads the value of any attribute that has a struct and calls visit() with it:
//
//   VisitAttribute(attribute, [](const auto& value) { Show(value); });
//
// False when the value is not of its form, or a flag has one. True, and no
// call, for flags, for raw attributes and for those that are not known:
// FormOf(attribute.Name()) tells which.
template <typename Visit>
constexpr bool VisitAttribute(const Attribute& attribute, Visit&& visit) {
  const auto read = [&]<typename T>(T value) {
    if (!T::Read(attribute.value, value)) return false;
    visit(std::as_const(value));
    return true;
  };
  const AttributeName name = attribute.Name();
  switch (name) {
    case RtpMap::kName: return read(RtpMap());
    case Fmtp::kName: return read(Fmtp());
    case RtcpFb::kName: return read(RtcpFb());
    case Rtcp::kName: return read(Rtcp());
    case RtcpXr::kName: return read(RtcpXr());
    case Ptime::kName: return read(Ptime());
    case MaxPtime::kName: return read(MaxPtime());
    case FrameRate::kName: return read(FrameRate());
    case SsrcAttribute::kName: return read(SsrcAttribute());
    case SsrcGroup::kName: return read(SsrcGroup());
    case Content::kName: return read(Content());
    case Label::kName: return read(Label());
    case SourceFilter::kName: return read(SourceFilter());
    case TsRefClk::kName: return read(TsRefClk());
    case MediaClk::kName: return read(MediaClk());
    case Group::kName: return read(Group());
    case MidAttribute::kName: return read(MidAttribute());
    case Msid::kName: return read(Msid());
    case MsidSemantic::kName: return read(MsidSemantic());
    case ExtMap::kName: return read(ExtMap());
    case SctpPort::kName: return read(SctpPort());
    case SctpMap::kName: return read(SctpMap());
    case MaxMessageSize::kName: return read(MaxMessageSize());
    case RidAttribute::kName: return read(RidAttribute());
    case Simulcast::kName: return read(Simulcast());
    case IceUfrag::kName: return read(IceUfrag());
    case IcePwd::kName: return read(IcePwd());
    case IceOptions::kName: return read(IceOptions());
    case IcePacing::kName: return read(IcePacing());
    case Candidate::kName: return read(Candidate());
    case RemoteCandidates::kName: return read(RemoteCandidates());
    case Fingerprint::kName: return read(Fingerprint());
    case Setup::kName: return read(Setup());
    case ConnectionReuse::kName: return read(ConnectionReuse());
    case TlsId::kName: return read(TlsId());
    case Crypto::kName: return read(Crypto());
    case Identity::kName: return read(Identity());
    default: return FormOf(name) != AttributeForm::kFlag || attribute.value.empty();
  }
}

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_TYPED_ATTRIBUTE_H_
