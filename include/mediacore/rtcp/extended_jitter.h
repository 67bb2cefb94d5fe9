#ifndef MEDIACORE_RTCP_EXTENDED_JITTER_H_
#define MEDIACORE_RTCP_EXTENDED_JITTER_H_

#include <cassert>
#include <span>

#include "mediacore/rtcp/block_view.h"
#include "mediacore/rtcp/block_writer.h"

namespace mediacore::rtcp {

// Why a block is not an extended jitter report, in the order the parser looks.
enum class ExtendedJitterError : std::uint8_t {
  kNotExtendedJitter,  // packet type is not 195
  kTruncated,          // RC promises more jitters than there are bytes
};
inline constexpr int kExtendedJitterErrorCount = 2;

constexpr std::string_view ToString(ExtendedJitterError error) {
  switch (error) {
    case ExtendedJitterError::kNotExtendedJitter: return "rtcp ij: other type";
    case ExtendedJitterError::kTruncated: return "rtcp ij: truncated";
  }
  return "rtcp ij: unknown";
}

// Jitter with the transmission time offsets taken off: what the network alone
// added (RFC 5450, section 4). Stands behind the report with the report blocks,
// and its entries belong to theirs in order.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |V=2|P|    RC   |   PT=IJ=195   |             length            |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                      inter-arrival jitter                     |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :                              ...                              :
//
//   if (const auto ij = rtcp::ExtendedJitterView::Parse(block)) {
//     if (ij->count() == rr->report_count()) Use(rr->report(0).ssrc, ij->jitter(0));
//   }
//
// What follows the last entry is ignored. Borrows the block's bytes.
class ExtendedJitterView {
 public:
  static constexpr Expected<ExtendedJitterView, ExtendedJitterError> Parse(const BlockView& block) noexcept {
    if (block.packet_type() != kExtendedJitterReport) return ExtendedJitterError::kNotExtendedJitter;
    if (block.body().size() / 4 < static_cast<std::size_t>(block.count())) return ExtendedJitterError::kTruncated;
    return ExtendedJitterView(block.body(), block.count());
  }

  constexpr int count() const { return count_; }
  // In ticks of the source's RTP clock; `i` is below count().
  constexpr std::uint32_t jitter(int i) const {
    assert(i >= 0 && i < count_);
    return LoadU32(body_.data() + 4 * static_cast<std::size_t>(i));
  }

 private:
  constexpr ExtendedJitterView(Bytes body, int count) : body_(body), count_(count) {}
  Bytes body_;
  int count_;
};

// Writes one; what it borrows has to live until Write().
struct ExtendedJitterWriter {
  std::span<const std::uint32_t> jitters;  // at most 31

  // 0 when there are more.
  constexpr std::size_t WireSize() const {
    return internal::BlockWireSize(jitters.size(), 4 * jitters.size(), 0);
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteBlockHeader(writer, jitters.size(), kExtendedJitterReport, size);
    for (const std::uint32_t jitter : jitters) writer.WriteU32(jitter);
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_EXTENDED_JITTER_H_
