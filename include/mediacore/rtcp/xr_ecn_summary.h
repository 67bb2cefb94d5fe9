#ifndef MEDIACORE_RTCP_XR_ECN_SUMMARY_H_
#define MEDIACORE_RTCP_XR_ECN_SUMMARY_H_

#include "mediacore/rtcp/extended_report.h"

namespace mediacore::rtcp {

// How a source's packets were marked on their way, since the session began
// (RFC 6679, section 5.2).
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     BT=13     |   reserved    |       block length = 5        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                     SSRC of media sender                      |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                        ECT (0) counter                        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                        ECT (1) counter                        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |        ECN-CE counter         |        not-ECT counter        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     lost packets counter      |      duplication counter      |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   if (const auto ecn = rtcp::XrEcnSummary::Parse(xr)) marked = ecn->ecn_ce;
//
// Errors: kOtherType, kBadLength.
struct XrEcnSummary {
  static constexpr XrBlockType kType = XrBlockType::kEcnSummary;
  static constexpr std::size_t kSize = 24;

  Ssrc ssrc;
  std::uint32_t ect0 = 0;
  std::uint32_t ect1 = 0;
  std::uint16_t ecn_ce = 0;
  std::uint16_t not_ect = 0;
  std::uint16_t lost = 0;
  std::uint16_t duplicated = 0;

  constexpr bool operator==(const XrEcnSummary&) const = default;

  static constexpr Expected<XrEcnSummary, XrBlockError> Parse(const XrBlockView& block) noexcept {
    if (block.type() != kType) return XrBlockError::kOtherType;
    if (block.size() != kSize) return XrBlockError::kBadLength;
    const std::uint8_t* from = block.body().data();
    return XrEcnSummary{Ssrc(LoadU32(from)), LoadU32(from + 4),  LoadU32(from + 8), LoadU16(from + 12),
                        LoadU16(from + 14),  LoadU16(from + 16), LoadU16(from + 18)};
  }

  constexpr std::size_t WireSize() const { return kSize; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (out.size() < kSize) return false;
    ByteWriter writer(out.first(kSize));
    internal::WriteXrBlockHeader(writer, kType, 0, kSize);
    for (const std::uint32_t value : {ssrc.value(), ect0, ect1}) writer.WriteU32(value);
    for (const std::uint16_t value : {ecn_ce, not_ect, lost, duplicated}) writer.WriteU16(value);
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_XR_ECN_SUMMARY_H_
