#ifndef MEDIACORE_RTCP_TMMBR_H_
#define MEDIACORE_RTCP_TMMBR_H_

#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// A bound on what a source may send.
struct TmmbrEntry {
  static constexpr std::size_t kSize = 8;
  static constexpr int kMantissaBits = 17;
  static constexpr DataSize kMaxOverhead = DataSize::Bytes(511);

  // Of the media sender in a request, of the bound's owner in a notification.
  Ssrc ssrc;
  // With all headers down to IP. 17 significant bits, the others are cut off
  // when it is written; PlusInfinity() when it is more than DataRate counts.
  DataRate max_total_bit_rate = DataRate::Zero();
  DataSize measured_overhead = DataSize::Zero();  // per packet, at most kMaxOverhead

  constexpr bool operator==(const TmmbrEntry&) const = default;

  static constexpr TmmbrEntry Read(const std::uint8_t* from) {
    const std::uint32_t word = LoadU32(from + 4);
    return {Ssrc(LoadU32(from)), internal::ScaledRate{word >> 26, word >> 9 & 0x1ffff}.ToRate(),
            DataSize::Bytes(word & 0x1ff)};
  }
  constexpr bool IsWritable() const {
    return max_total_bit_rate >= DataRate::Zero() && measured_overhead >= DataSize::Zero() &&
           measured_overhead <= kMaxOverhead;
  }
  constexpr void Write(std::uint8_t* to) const {
    const auto rate = internal::ScaledRate::Of(max_total_bit_rate, kMantissaBits);
    StoreU32(to, ssrc.value());
    StoreU32(to + 4, rate.exponent << 26 | rate.mantissa << 9 | static_cast<std::uint32_t>(measured_overhead.bytes()));
  }
};

// Temporary Maximum Media Stream Bit Rate Request and Notification (RFC 5104,
// sections 4.2.1 and 4.2.2): how much a receiver lets a source send, and the
// bounds that the source goes by. A request has at least one entry, a
// notification may be empty: no bounds. The media source of the header is not
// used and 0.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                              SSRC                             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  | MxTBR Exp |  MxTBR Mantissa                 |Measured Overhead|
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   if (const auto tmmbr = rtcp::TmmbrView::Parse(block)) {
//     for (const rtcp::TmmbrEntry bound : *tmmbr) Limit(bound.ssrc, bound.max_total_bit_rate);
//   }
using TmmbrView = FeedbackListView<TmmbrEntry, kTransportFeedback, kFormatTmmbr>;
using TmmbrWriter = FeedbackListWriter<TmmbrEntry, kTransportFeedback, kFormatTmmbr>;
using TmmbnView = FeedbackListView<TmmbrEntry, kTransportFeedback, kFormatTmmbn, 0>;
using TmmbnWriter = FeedbackListWriter<TmmbrEntry, kTransportFeedback, kFormatTmmbn, 0>;

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_TMMBR_H_
