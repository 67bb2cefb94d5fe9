#ifndef MEDIACORE_RTCP_TEMPORAL_SPATIAL_TRADEOFF_H_
#define MEDIACORE_RTCP_TEMPORAL_SPATIAL_TRADEOFF_H_

#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// What a source is asked for, or says that it will do.
struct TradeoffEntry {
  static constexpr std::size_t kSize = 8;
  static constexpr std::uint8_t kSharpest = 0;
  static constexpr std::uint8_t kSmoothest = 31;

  Ssrc ssrc;
  std::uint8_t sequence_number = 0;  // counts requests modulo 256; a notification repeats it
  std::uint8_t index = 0;            // kSharpest pictures to kSmoothest movement

  constexpr bool operator==(const TradeoffEntry&) const = default;

  static constexpr TradeoffEntry Read(const std::uint8_t* from) {
    return {Ssrc(LoadU32(from)), from[4], static_cast<std::uint8_t>(from[7] & 0x1f)};
  }
  constexpr bool IsWritable() const { return index <= kSmoothest; }
  constexpr void Write(std::uint8_t* to) const {
    StoreU32(to, ssrc.value());
    StoreU32(to + 4, std::uint32_t{sequence_number} << 24 | index);
  }
};

// Temporal-Spatial Trade-off Request and Notification (RFC 5104, sections 4.3.2
// and 4.3.3): a wish for sharper pictures or smoother movement, and its answer.
// At least one entry; the media source of the header is not used and 0.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                              SSRC                             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |  Seq nr.      |  Reserved                           | Index   |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   if (const auto tstr = rtcp::TstrView::Parse(block)) {
//     for (const rtcp::TradeoffEntry wish : *tstr) Tune(wish.ssrc, wish.index);
//   }
using TstrView = FeedbackListView<TradeoffEntry, kPayloadFeedback, kFormatTstr>;
using TstrWriter = FeedbackListWriter<TradeoffEntry, kPayloadFeedback, kFormatTstr>;
using TstnView = FeedbackListView<TradeoffEntry, kPayloadFeedback, kFormatTstn>;
using TstnWriter = FeedbackListWriter<TradeoffEntry, kPayloadFeedback, kFormatTstn>;

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_TEMPORAL_SPATIAL_TRADEOFF_H_
