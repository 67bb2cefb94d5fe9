#ifndef MEDIACORE_RTCP_XR_STATISTICS_SUMMARY_H_
#define MEDIACORE_RTCP_XR_STATISTICS_SUMMARY_H_

#include "mediacore/rtcp/extended_report.h"

namespace mediacore::rtcp {

// Loss, duplicates, jitter and hop counts over a range of packets (RFC 3611,
// section 4.6). Flags say which are reported; the others are 0.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     BT=6      |L|D|J|ToH|rsvd.|       block length = 9        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                        SSRC of source                         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |          begin_seq            |             end_seq           |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :   lost_packets, dup_packets, min_, max_, mean_, dev_jitter    :
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  | min_ttl_or_hl | max_ttl_or_hl |mean_ttl_or_hl | dev_ttl_or_hl |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   if (const auto summary = rtcp::XrStatisticsSummary::Parse(xr)) {
//     if (summary->has_loss) Show(summary->lost_packets);
//   }
//
// Errors: kOtherType, kBadLength, kBadValue (ToH 3; a field that is flagged as
// not reported is not 0, section 4.6).
struct XrStatisticsSummary {
  static constexpr XrBlockType kType = XrBlockType::kStatisticsSummary;
  static constexpr std::size_t kSize = 40;

  enum class HopCount : std::uint8_t { kNone = 0, kIpv4Ttl = 1, kIpv6HopLimit = 2 };

  bool has_loss = false;
  bool has_duplicates = false;
  bool has_jitter = false;
  HopCount hop_count = HopCount::kNone;
  Ssrc ssrc;
  XrSequenceRange range = {};  // not thinned
  std::uint32_t lost_packets = 0;
  std::uint32_t dup_packets = 0;
  // Relative transit times, in ticks of the source's RTP clock.
  std::uint32_t min_jitter = 0;
  std::uint32_t max_jitter = 0;
  std::uint32_t mean_jitter = 0;
  std::uint32_t dev_jitter = 0;
  std::uint8_t min_ttl_or_hl = 0;
  std::uint8_t max_ttl_or_hl = 0;
  std::uint8_t mean_ttl_or_hl = 0;
  std::uint8_t dev_ttl_or_hl = 0;

  constexpr bool operator==(const XrStatisticsSummary&) const = default;

  static constexpr Expected<XrStatisticsSummary, XrBlockError> Parse(const XrBlockView& block) noexcept {
    if (block.type() != kType) return XrBlockError::kOtherType;
    if (block.size() != kSize) return XrBlockError::kBadLength;
    const std::uint8_t flags = block.type_specific();
    const std::uint8_t* from = block.body().data();
    XrStatisticsSummary summary;
    summary.has_loss = (flags & 0x80) != 0;
    summary.has_duplicates = (flags & 0x40) != 0;
    summary.has_jitter = (flags & 0x20) != 0;
    summary.hop_count = static_cast<HopCount>(flags >> 3 & 3);
    summary.ssrc = Ssrc(LoadU32(from));
    summary.range = {SequenceNumber(LoadU16(from + 4)), SequenceNumber(LoadU16(from + 6))};
    summary.lost_packets = LoadU32(from + 8);
    summary.dup_packets = LoadU32(from + 12);
    summary.min_jitter = LoadU32(from + 16);
    summary.max_jitter = LoadU32(from + 20);
    summary.mean_jitter = LoadU32(from + 24);
    summary.dev_jitter = LoadU32(from + 28);
    summary.min_ttl_or_hl = from[32];
    summary.max_ttl_or_hl = from[33];
    summary.mean_ttl_or_hl = from[34];
    summary.dev_ttl_or_hl = from[35];
    if (!summary.IsAllowed()) return XrBlockError::kBadValue;
    return summary;
  }

  // 0 when a field that is not reported is not 0, or the range is thinned.
  constexpr std::size_t WireSize() const { return IsAllowed() && range.thinning == 0 ? kSize : 0; }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0 || out.size() < kSize) return false;
    ByteWriter writer(out.first(kSize));
    const unsigned flags = (has_loss ? 0x80u : 0u) | (has_duplicates ? 0x40u : 0u) | (has_jitter ? 0x20u : 0u) |
                           static_cast<unsigned>(hop_count) << 3;
    internal::WriteXrBlockHeader(writer, kType, static_cast<std::uint8_t>(flags), kSize);
    internal::WriteXrRange(writer, ssrc, range);
    for (const std::uint32_t value : {lost_packets, dup_packets, min_jitter, max_jitter, mean_jitter, dev_jitter}) {
      writer.WriteU32(value);
    }
    for (const std::uint8_t value : {min_ttl_or_hl, max_ttl_or_hl, mean_ttl_or_hl, dev_ttl_or_hl}) {
      writer.WriteU8(value);
    }
    return writer.ok();
  }

 private:
  constexpr bool IsAllowed() const {
    if (hop_count > HopCount::kIpv6HopLimit) return false;
    if (!has_loss && lost_packets != 0) return false;
    if (!has_duplicates && dup_packets != 0) return false;
    if (!has_jitter && (min_jitter | max_jitter | mean_jitter | dev_jitter) != 0) return false;
    return hop_count != HopCount::kNone || (min_ttl_or_hl | max_ttl_or_hl | mean_ttl_or_hl | dev_ttl_or_hl) == 0;
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_XR_STATISTICS_SUMMARY_H_
