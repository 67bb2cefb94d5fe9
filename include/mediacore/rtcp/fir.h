#ifndef MEDIACORE_RTCP_FIR_H_
#define MEDIACORE_RTCP_FIR_H_

#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// A source that is to send a key frame.
struct FirEntry {
  static constexpr std::size_t kSize = 8;

  Ssrc ssrc;
  // Counts commands modulo 256; the same number again is the same command again.
  std::uint8_t sequence_number = 0;

  constexpr bool operator==(const FirEntry&) const = default;

  static constexpr FirEntry Read(const std::uint8_t* from) { return {Ssrc(LoadU32(from)), from[4]}; }
  constexpr bool IsWritable() const { return true; }
  constexpr void Write(std::uint8_t* to) const {
    StoreU32(to, ssrc.value());
    StoreU32(to + 4, std::uint32_t{sequence_number} << 24);
  }
};

// Full Intra Request (RFC 5104, section 4.3.1): commands key frames. At least one
// entry; the media source of the header is not used and 0.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                              SSRC                             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  | Seq nr.       |    Reserved                                   |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   if (const auto fir = rtcp::FirView::Parse(block)) {
//     for (const rtcp::FirEntry entry : *fir) {
//       if (entry.sequence_number != last[entry.ssrc]) ...  // a new command
//     }
//   }
using FirView = FeedbackListView<FirEntry, kPayloadFeedback, kFormatFir>;
using FirWriter = FeedbackListWriter<FirEntry, kPayloadFeedback, kFormatFir>;

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_FIR_H_
