#ifndef MEDIACORE_RTCP_XR_PACKET_RECEIPT_TIMES_H_
#define MEDIACORE_RTCP_XR_PACKET_RECEIPT_TIMES_H_

#include <cassert>
#include <span>

#include "mediacore/rtcp/extended_report.h"

namespace mediacore::rtcp {

// When each of a run of packets arrived, on a clock with the units of the
// source's RTP timestamps (RFC 3611, section 4.3).
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     BT=3      | rsvd. |   T   |         block length          |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                        SSRC of source                         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |          begin_seq            |             end_seq           |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |       Receipt time of packet begin_seq                        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :                              ...                              :
//
//   for (std::size_t i = 0; i < times->count(); ++i) {
//     Plot(times->sequence_number(i), times->time(i));
//   }
//
// Errors: kOtherType, kBadLength (no room for source and range), kBadCount (not
// one time for each number of the range). Borrows the block's bytes.
class XrPacketReceiptTimesView {
 public:
  static constexpr Expected<XrPacketReceiptTimesView, XrBlockError> Parse(const XrBlockView& block) noexcept {
    if (block.type() != XrBlockType::kPacketReceiptTimes) return XrBlockError::kOtherType;
    if (block.body().size() < 8) return XrBlockError::kBadLength;
    const XrPacketReceiptTimesView view(block);
    if ((block.body().size() - 8) / 4 != view.count()) return XrBlockError::kBadCount;
    return view;
  }

  constexpr Ssrc ssrc() const { return Ssrc(LoadU32(body_.data())); }
  constexpr const XrSequenceRange& range() const { return range_; }
  constexpr std::size_t count() const { return range_.count(); }
  // `i` is below count().
  constexpr SequenceNumber sequence_number(std::size_t i) const { return range_.at(i); }
  constexpr RtpTimestamp time(std::size_t i) const {
    assert(i < count());
    return RtpTimestamp(LoadU32(body_.data() + 8 + 4 * i));
  }

 private:
  constexpr explicit XrPacketReceiptTimesView(const XrBlockView& block)
      : body_(block.body()), range_(internal::ReadXrRange(block)) {}
  Bytes body_;
  XrSequenceRange range_;
};

// Writes them; what it borrows has to live until Write().
struct XrPacketReceiptTimesWriter {
  Ssrc ssrc;
  XrSequenceRange range = {};
  std::span<const RtpTimestamp> times;  // one for each number of the range

  // 0 when they are not, the thinning is above 15, or they are more than a
  // datagram holds.
  constexpr std::size_t WireSize() const {
    if (range.thinning > XrSequenceRange::kMaxThinning || times.size() != range.count()) return 0;
    return internal::XrBlockWireSize(8 + 4 * times.size());
  }
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteXrBlockHeader(writer, XrBlockType::kPacketReceiptTimes, range.thinning, size);
    internal::WriteXrRange(writer, ssrc, range);
    for (const RtpTimestamp time : times) writer.WriteU32(time.value());
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_XR_PACKET_RECEIPT_TIMES_H_
