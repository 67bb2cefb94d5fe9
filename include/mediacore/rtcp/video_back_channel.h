#ifndef MEDIACORE_RTCP_VIDEO_BACK_CHANNEL_H_
#define MEDIACORE_RTCP_VIDEO_BACK_CHANNEL_H_

#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// What a receiver tells the encoder of a source, in bytes that the codec defines
// (H.271). Entries differ in size:
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                              SSRC                             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  | Seq nr.       |0| Payload Type| Length                        |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                    VBCM Octet String....      |    Padding    |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
struct VideoBackChannelEntry {
  static constexpr std::size_t kPrefixSize = 8;

  Ssrc ssrc;
  std::uint8_t sequence_number = 0;  // counts messages modulo 256
  PayloadType payload_type;
  Bytes octets;  // at most 65535

  // Takes one off the front; on error `reader` is where the entry begins.
  // Causes: kBadLength (less than the prefix is left), kBadCount (Length promises
  // more octets than there are).
  static constexpr Expected<VideoBackChannelEntry, FeedbackError> TakeFrom(ByteReader& reader) noexcept {
    ByteReader rest = reader;
    Bytes prefix;
    VideoBackChannelEntry entry;
    if (!rest.ReadBytes(kPrefixSize, prefix)) return FeedbackError::kBadLength;
    const std::size_t length = LoadU16(prefix.data() + 6);
    if (!rest.ReadBytes(length, entry.octets)) return FeedbackError::kBadCount;
    entry.ssrc = Ssrc(LoadU32(prefix.data()));
    entry.sequence_number = prefix[4];
    entry.payload_type = PayloadType(prefix[5]);
    // Up to the next word; less is left only where odd padding was cut off.
    static_cast<void>(rest.Skip(std::min((4 - length % 4) % 4, rest.remaining())));
    reader = rest;
    return entry;
  }
  constexpr std::size_t WireSize() const { return kPrefixSize + (octets.size() + 3) / 4 * 4; }
};

// Video Back Channel Message (RFC 5104, section 4.3.4). At least one entry; the
// media source of the header is not used and 0.
//
//   if (const auto vbcm = rtcp::VideoBackChannelView::Parse(block)) {
//     vbcm->ForEach([](const rtcp::VideoBackChannelEntry& entry) { Tell(entry.ssrc, entry.octets); });
//   }
//
// Borrows the block's bytes.
class VideoBackChannelView {
 public:
  // Causes: kOtherMessage, kTooShort, then per entry kBadLength, kBadCount.
  static constexpr Expected<VideoBackChannelView, FeedbackError> Parse(const BlockView& block) noexcept {
    const auto message = FeedbackView::Parse(block, kPayloadFeedback, kFormatVbcm);
    if (!message) return message.error();
    ByteReader reader(message->fci());
    do {
      const auto entry = VideoBackChannelEntry::TakeFrom(reader);
      if (!entry) return entry.error();
    } while (!reader.empty());
    return VideoBackChannelView(*message);
  }

  constexpr Ssrc sender_ssrc() const { return message_.sender_ssrc(); }
  constexpr Ssrc media_ssrc() const { return message_.media_ssrc(); }
  // visit(const VideoBackChannelEntry&) for each, in the order they lie.
  template <typename Visit>
  constexpr void ForEach(Visit&& visit) const {
    for (ByteReader reader(message_.fci()); !reader.empty();) visit(*VideoBackChannelEntry::TakeFrom(reader));
  }

 private:
  constexpr explicit VideoBackChannelView(const FeedbackView& message) : message_(message) {}
  FeedbackView message_;
};

// Writes one; what it borrows has to live until Write().
struct VideoBackChannelWriter {
  Ssrc sender_ssrc;
  Ssrc media_ssrc;
  std::span<const VideoBackChannelEntry> entries;

  // 0 when there are none or one datagram cannot hold them.
  constexpr std::size_t WireSize() const {
    std::size_t fci = 0;
    for (const VideoBackChannelEntry& entry : entries) {
      if (entry.octets.size() > internal::kMaxSize) return 0;
      fci += entry.WireSize();
      if (fci > internal::kMaxSize) return 0;
    }
    return fci == 0 ? 0 : internal::BlockWireSize(kFormatVbcm, FeedbackView::kSsrcsSize, fci);
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteFeedbackHeader(writer, kPayloadFeedback, kFormatVbcm, size, sender_ssrc, media_ssrc);
    for (const VideoBackChannelEntry& entry : entries) {
      writer.WriteU32(entry.ssrc.value());
      writer.WriteU8(entry.sequence_number);
      writer.WriteU8(static_cast<std::uint8_t>(entry.payload_type.value()));
      writer.WriteU16(static_cast<std::uint16_t>(entry.octets.size()));
      writer.WriteBytes(entry.octets);
      writer.Fill((4 - entry.octets.size() % 4) % 4, 0);
    }
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_VIDEO_BACK_CHANNEL_H_
