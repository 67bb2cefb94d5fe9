#ifndef MEDIACORE_RTCP_XR_REFERENCE_TIME_H_
#define MEDIACORE_RTCP_XR_REFERENCE_TIME_H_

#include "mediacore/base/ntp_time.h"
#include "mediacore/rtcp/extended_report.h"

namespace mediacore::rtcp {

// The wall clock of somebody who does not send when it sent this (receiver
// reference time, RRTR; RFC 3611, section 4.4). Who gets it answers with its
// compact form and a delay (XrDelaySinceRr), and the asker has its round trip.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     BT=4      |   reserved    |       block length = 2        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |              NTP timestamp, most significant word             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |             NTP timestamp, least significant word             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   const rtcp::ExtendedReportWriter report(ssrc, rtcp::XrReferenceTime{NtpTime::FromUnixMicros(us)});
//   if (report.Write(out)) Send(out.first(report.WireSize()));
//
//   if (const auto time = rtcp::XrReferenceTime::Parse(xr)) Remember(sender, time->ntp_time.compact(), now);
//
// Errors: kOtherType, kBadLength.
struct XrReferenceTime {
  static constexpr XrBlockType kType = XrBlockType::kReceiverReferenceTime;
  static constexpr std::size_t kSize = 12;

  NtpTime ntp_time;  // 0: it has neither wall clock nor elapsed time

  constexpr bool operator==(const XrReferenceTime&) const = default;

  static constexpr Expected<XrReferenceTime, XrBlockError> Parse(const XrBlockView& block) noexcept {
    if (block.type() != kType) return XrBlockError::kOtherType;
    if (block.size() != kSize) return XrBlockError::kBadLength;
    return XrReferenceTime{NtpTime(LoadU64(block.body().data()))};
  }

  constexpr std::size_t WireSize() const { return kSize; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (out.size() < kSize) return false;
    ByteWriter writer(out.first(kSize));
    internal::WriteXrBlockHeader(writer, kType, 0, kSize);
    writer.WriteU64(ntp_time.value());
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_XR_REFERENCE_TIME_H_
