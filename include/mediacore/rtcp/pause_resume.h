#ifndef MEDIACORE_RTCP_PAUSE_RESUME_H_
#define MEDIACORE_RTCP_PAUSE_RESUME_H_

#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// What an entry says; others are passed on by their number and to be ignored.
enum class PauseType : std::uint8_t {
  kPause = 0,    // a receiver asks the source to stop sending
  kResume = 1,   // a receiver asks it to go on
  kPaused = 2,   // the source has stopped
  kRefused = 3,  // the source will not do what it was asked for
};

// Entries differ in size:
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                           Target SSRC                         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  | Type  |  Res  | Parameter Len |           PauseID             |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  :                         Type Specific                         :
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
struct PauseResumeEntry {
  static constexpr std::size_t kPrefixSize = 8;

  Ssrc target_ssrc;
  PauseType type = PauseType::kPause;  // of 4 bits
  std::uint16_t pause_id = 0;          // counts pauses of the target modulo 65536
  Bytes type_specific;                 // at most 255 words

  // Takes one off the front; on error `reader` is where the entry begins.
  // Causes: kBadLength (less than the prefix is left), kBadCount (Parameter Len
  // promises more words than there are).
  static constexpr Expected<PauseResumeEntry, FeedbackError> TakeFrom(ByteReader& reader) noexcept {
    ByteReader rest = reader;
    Bytes prefix;
    PauseResumeEntry entry;
    if (!rest.ReadBytes(kPrefixSize, prefix)) return FeedbackError::kBadLength;
    if (!rest.ReadBytes(std::size_t{4} * prefix[5], entry.type_specific)) return FeedbackError::kBadCount;
    entry.target_ssrc = Ssrc(LoadU32(prefix.data()));
    entry.type = static_cast<PauseType>(prefix[4] >> 4);
    entry.pause_id = LoadU16(prefix.data() + 6);
    reader = rest;
    return entry;
  }
  // Of PAUSED (section 8.2): the extended sequence number of the last packet
  // before the pause, one less than the next one's when there was none. False,
  // and `out` as it was, for other types and where it is missing.
  [[nodiscard]] constexpr bool ReadLastSent(std::uint32_t& out) const {
    if (type != PauseType::kPaused || type_specific.size() < 4) return false;
    out = LoadU32(type_specific.data());
    return true;
  }
  // 0 when the type has more than 4 bits or what is specific to it is not 0 to
  // 255 words.
  constexpr std::size_t WireSize() const {
    const bool fits = static_cast<int>(type) < 16 && type_specific.size() <= 4 * 255 && type_specific.size() % 4 == 0;
    return fits ? kPrefixSize + type_specific.size() : 0;
  }
};

// PAUSE, RESUME, PAUSED and REFUSED (RFC 7728, section 7): streams stop while
// nobody watches. At least one entry; the media source of the header is not used
// and 0.
//
//   if (const auto message = rtcp::PauseResumeView::Parse(block)) {
//     message->ForEach([](const rtcp::PauseResumeEntry& entry) {
//       if (entry.type == rtcp::PauseType::kPause) Pause(entry.target_ssrc, entry.pause_id);
//     });
//   }
//
// Borrows the block's bytes.
class PauseResumeView {
 public:
  // Causes: kOtherMessage, kTooShort, then per entry kBadLength, kBadCount.
  static constexpr Expected<PauseResumeView, FeedbackError> Parse(const BlockView& block) noexcept {
    const auto message = FeedbackView::Parse(block, kTransportFeedback, kFormatPauseResume);
    if (!message) return message.error();
    ByteReader reader(message->fci());
    do {
      const auto entry = PauseResumeEntry::TakeFrom(reader);
      if (!entry) return entry.error();
    } while (!reader.empty());
    return PauseResumeView(*message);
  }

  constexpr Ssrc sender_ssrc() const { return message_.sender_ssrc(); }
  constexpr Ssrc media_ssrc() const { return message_.media_ssrc(); }
  // visit(const PauseResumeEntry&) for each, in the order they lie.
  template <typename Visit>
  constexpr void ForEach(Visit&& visit) const {
    for (ByteReader reader(message_.fci()); !reader.empty();) visit(*PauseResumeEntry::TakeFrom(reader));
  }

 private:
  constexpr explicit PauseResumeView(const FeedbackView& message) : message_(message) {}
  FeedbackView message_;
};

// Writes one; what it borrows has to live until Write().
struct PauseResumeWriter {
  Ssrc sender_ssrc;
  Ssrc media_ssrc;
  std::span<const PauseResumeEntry> entries;

  // 0 when there are none, one cannot be written or one datagram cannot hold them.
  constexpr std::size_t WireSize() const {
    std::size_t fci = 0;
    for (const PauseResumeEntry& entry : entries) {
      const std::size_t size = entry.WireSize();
      fci += size;
      if (size == 0 || fci > internal::kMaxSize) return 0;
    }
    return fci == 0 ? 0 : internal::BlockWireSize(kFormatPauseResume, FeedbackView::kSsrcsSize, fci);
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteFeedbackHeader(writer, kTransportFeedback, kFormatPauseResume, size, sender_ssrc, media_ssrc);
    for (const PauseResumeEntry& entry : entries) {
      writer.WriteU32(entry.target_ssrc.value());
      writer.WriteU8(static_cast<std::uint8_t>(static_cast<int>(entry.type) << 4));
      writer.WriteU8(static_cast<std::uint8_t>(entry.type_specific.size() / 4));
      writer.WriteU16(entry.pause_id);
      writer.WriteBytes(entry.type_specific);
    }
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_PAUSE_RESUME_H_
