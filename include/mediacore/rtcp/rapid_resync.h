#ifndef MEDIACORE_RTCP_RAPID_RESYNC_H_
#define MEDIACORE_RTCP_RAPID_RESYNC_H_

#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// Rapid resynchronisation request, RTCP-SR-REQ (RFC 6051, section 3.2): a
// receiver asks the media source for a sender report now, so that it can play its
// streams in step. It has no FCI; one that has is refused.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |V=2|P|  FMT=5  |    PT=205     |          length = 2           |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |           SSRC of packet sender, SSRC of media source         |
//
//   if (rtcp::RapidResync::Parse(block)) SendReportSoon();
//   if (rtcp::RapidResync{our_ssrc, media_ssrc}.Write(out)) Send(out.first(rtcp::RapidResync::kSize));
using RapidResync = FeedbackSignal<kTransportFeedback, kFormatRapidResync>;

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_RAPID_RESYNC_H_
