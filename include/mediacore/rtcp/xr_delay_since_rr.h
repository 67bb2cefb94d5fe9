#ifndef MEDIACORE_RTCP_XR_DELAY_SINCE_RR_H_
#define MEDIACORE_RTCP_XR_DELAY_SINCE_RR_H_

#include <cassert>
#include <span>

#include "mediacore/rtcp/extended_report.h"
#include "mediacore/rtcp/report_block.h"

namespace mediacore::rtcp {

// The answer to one participant's reference time (RFC 3611, section 4.5).
struct XrDelaySinceRr {
  static constexpr std::size_t kSize = 12;

  Ssrc ssrc;                              // whom it answers
  std::uint32_t last_rr = 0;              // NtpTime::compact() of its last RRTR; 0: none came
  std::uint32_t delay_since_last_rr = 0;  // in 1/65536 s

  constexpr bool operator==(const XrDelaySinceRr&) const = default;
};

// The time from us to the reporter and back, from an answer to us that arrived
// `now` on the wall clock that our reference times carry. Absent as with a
// report block: false, and `out` as it was, when nothing was answered or the
// time would be negative.
[[nodiscard]] constexpr bool RoundTripTime(const XrDelaySinceRr& answer, NtpTime now, TimeDelta& out) {
  return internal::RoundTripTime(answer.last_rr, answer.delay_since_last_rr, now, out);
}

// Delays since the last receiver reference time (DLRR; RFC 3611, section 4.5):
// any number of answers, no table.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     BT=5      |   reserved    |         block length          |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                 SSRC_1 (SSRC of first receiver)               |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                         last RR (LRR)                         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                   delay since last RR (DLRR)                  |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :                  the same for the next receiver               :
//
//   rtcp::XrDelaySinceRr answer;
//   TimeDelta rtt = TimeDelta::Zero();
//   if (delays->Find(our_ssrc, answer) && rtcp::RoundTripTime(answer, now, rtt)) Use(rtt);
//
// Errors: kOtherType, kBadLength (not whole answers). Borrows the block's bytes.
class XrDelaySinceRrView {
 public:
  static constexpr Expected<XrDelaySinceRrView, XrBlockError> Parse(const XrBlockView& block) noexcept {
    if (block.type() != XrBlockType::kDelaySinceLastRr) return XrBlockError::kOtherType;
    if (block.body().size() % XrDelaySinceRr::kSize != 0) return XrBlockError::kBadLength;
    return XrDelaySinceRrView(block.body());
  }

  constexpr std::size_t count() const { return body_.size() / XrDelaySinceRr::kSize; }
  // `i` is below count().
  constexpr XrDelaySinceRr at(std::size_t i) const {
    assert(i < count());
    const std::uint8_t* from = body_.data() + i * XrDelaySinceRr::kSize;
    return {Ssrc(LoadU32(from)), LoadU32(from + 4), LoadU32(from + 8)};
  }
  // The first answer to `ssrc`; false, and `out` as it was, when there is none.
  [[nodiscard]] constexpr bool Find(Ssrc ssrc, XrDelaySinceRr& out) const {
    for (std::size_t i = 0; i < count(); ++i) {
      if (at(i).ssrc != ssrc) continue;
      out = at(i);
      return true;
    }
    return false;
  }

 private:
  constexpr explicit XrDelaySinceRrView(Bytes body) : body_(body) {}
  Bytes body_;
};

// Writes them; what it borrows has to live until Write().
struct XrDelaySinceRrWriter {
  std::span<const XrDelaySinceRr> answers;

  // 0 when they are more than a datagram holds.
  constexpr std::size_t WireSize() const {
    if (answers.size() > internal::kMaxSize / XrDelaySinceRr::kSize) return 0;
    return internal::XrBlockWireSize(answers.size() * XrDelaySinceRr::kSize);
  }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteXrBlockHeader(writer, XrBlockType::kDelaySinceLastRr, 0, size);
    for (const XrDelaySinceRr& answer : answers) {
      writer.WriteU32(answer.ssrc.value());
      writer.WriteU32(answer.last_rr);
      writer.WriteU32(answer.delay_since_last_rr);
    }
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_XR_DELAY_SINCE_RR_H_
