#ifndef MEDIACORE_RTCP_SLI_H_
#define MEDIACORE_RTCP_SLI_H_

#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// Macroblocks that were lost, in scan order.
struct SliEntry {
  static constexpr std::size_t kSize = 4;

  std::uint16_t first = 0;      // 0 to 8191
  std::uint16_t number = 0;     // 0 to 8191
  std::uint8_t picture_id = 0;  // 0 to 63: the low bits of the codec's own

  constexpr bool operator==(const SliEntry&) const = default;

  static constexpr SliEntry Read(const std::uint8_t* from) {
    const std::uint32_t word = LoadU32(from);
    return {static_cast<std::uint16_t>(word >> 19), static_cast<std::uint16_t>(word >> 6 & 0x1fff),
            static_cast<std::uint8_t>(word & 0x3f)};
  }
  constexpr bool IsWritable() const { return first < 0x2000 && number < 0x2000 && picture_id < 0x40; }
  constexpr void Write(std::uint8_t* to) const {
    StoreU32(to, std::uint32_t{first} << 19 | std::uint32_t{number} << 6 | picture_id);
  }
};

// Slice Loss Indication (RFC 4585, section 6.3.2): parts of pictures that a
// decoder of a codec with macroblocks has lost. At least one entry.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |            First        |        Number           | PictureID |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   if (const auto sli = rtcp::SliView::Parse(block)) {
//     for (const rtcp::SliEntry lost : *sli) Refresh(lost.first, lost.number);
//   }
using SliView = FeedbackListView<SliEntry, kPayloadFeedback, kFormatSli>;
using SliWriter = FeedbackListWriter<SliEntry, kPayloadFeedback, kFormatSli>;

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_SLI_H_
