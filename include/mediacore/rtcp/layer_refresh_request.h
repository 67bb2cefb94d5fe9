#ifndef MEDIACORE_RTCP_LAYER_REFRESH_REQUEST_H_
#define MEDIACORE_RTCP_LAYER_REFRESH_REQUEST_H_

#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// A source that is to make layers decodable again.
struct LayerRefreshEntry {
  static constexpr std::size_t kSize = 12;
  struct Layer {
    std::uint8_t temporal_id = 0;  // 0 to 7
    std::uint8_t layer_id = 0;     // spatial or quality; what it counts, the payload format says
    constexpr bool operator==(const Layer&) const = default;
  };

  Ssrc ssrc;
  std::uint8_t sequence_number = 0;  // counts requests modulo 256
  PayloadType payload_type;
  Layer target;              // TTID, TLID: what the receiver wants to decode
  bool has_current = false;  // C: it decodes `current` and needs no refresh of that
  Layer current;             // CTID, CLID; zeros without has_current

  constexpr bool operator==(const LayerRefreshEntry&) const = default;

  static constexpr LayerRefreshEntry Read(const std::uint8_t* from) {
    const bool has_current = (from[5] & 0x80) != 0;
    return {Ssrc(LoadU32(from)), from[4], PayloadType(from[5]), ReadLayer(from + 8), has_current,
            has_current ? ReadLayer(from + 10) : Layer{}};
  }
  constexpr bool IsWritable() const {
    return target.temporal_id < 8 && current.temporal_id < 8 && (has_current || current == Layer{});
  }
  constexpr void Write(std::uint8_t* to) const {
    StoreU32(to, ssrc.value());
    to[4] = sequence_number;
    to[5] = static_cast<std::uint8_t>((has_current ? 0x80 : 0) | payload_type.value());
    StoreU16(to + 6, 0);
    to[8] = target.temporal_id;
    to[9] = target.layer_id;
    to[10] = current.temporal_id;
    to[11] = current.layer_id;
  }

 private:
  static constexpr Layer ReadLayer(const std::uint8_t* from) {
    return {static_cast<std::uint8_t>(from[0] & 7), from[1]};
  }
};

// Layer Refresh Request (RFC 9627, section 3): a key frame of some layers only.
// At least one entry; the media source of the header is not used and 0.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                              SSRC                             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  | Seq nr.       |C| Payload Type| Reserved                      |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  | RES     | TTID| TLID          | RES     | CTID| CLID          |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   if (const auto lrr = rtcp::LayerRefreshRequestView::Parse(block)) {
//     for (const rtcp::LayerRefreshEntry wish : *lrr) Refresh(wish.ssrc, wish.target);
//   }
using LayerRefreshRequestView = FeedbackListView<LayerRefreshEntry, kPayloadFeedback, kFormatLrr>;
using LayerRefreshRequestWriter = FeedbackListWriter<LayerRefreshEntry, kPayloadFeedback, kFormatLrr>;

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_LAYER_REFRESH_REQUEST_H_
