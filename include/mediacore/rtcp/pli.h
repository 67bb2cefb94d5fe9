#ifndef MEDIACORE_RTCP_PLI_H_
#define MEDIACORE_RTCP_PLI_H_

#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// Picture Loss Indication (RFC 4585, section 6.3.1): a decoder cannot go on and
// asks for a key frame of the media source. It has no FCI; one that has is refused.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |V=2|P|  FMT=1  |    PT=206     |          length = 2           |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |           SSRC of packet sender, SSRC of media source         |
//
//   if (const auto pli = rtcp::Pli::Parse(block)) requester.HandleWish(pli->media_ssrc, now);
//   if (rtcp::Pli{our_ssrc, media_ssrc}.Write(out)) Send(out.first(rtcp::Pli::kSize));
using Pli = FeedbackSignal<kPayloadFeedback, kFormatPli>;

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_PLI_H_
