#ifndef MEDIACORE_RTCP_NACK_H_
#define MEDIACORE_RTCP_NACK_H_

#include "mediacore/base/sequence_number.h"
#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// Up to 17 packets that did not come: PID, and those of the 16 behind it whose
// bit is set, the lowest bit first. A range of sequence numbers, in order, also
// across the wrap:
//
//   for (const SequenceNumber lost : entry) Resend(lost);
struct NackEntry {
  static constexpr std::size_t kSize = 4;

  class Iterator {
   public:
    using value_type = SequenceNumber;
    using difference_type = std::ptrdiff_t;

    constexpr Iterator() = default;
    constexpr Iterator(SequenceNumber pid, std::uint32_t left) : pid_(pid), left_(left) {}
    constexpr SequenceNumber operator*() const { return pid_ + std::countr_zero(left_); }
    constexpr Iterator& operator++() {
      left_ &= left_ - 1;
      return *this;
    }
    constexpr Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    constexpr bool operator==(std::default_sentinel_t) const { return left_ == 0; }

   private:
    SequenceNumber pid_;
    std::uint32_t left_ = 0;  // bit n: pid_ + n is still to come
  };

  SequenceNumber pid;
  std::uint16_t blp = 0;  // bit n: pid + n + 1 is lost too

  constexpr bool operator==(const NackEntry&) const = default;

  // 1 to 17.
  constexpr int count() const { return 1 + std::popcount(blp); }
  constexpr Iterator begin() const { return {pid, std::uint32_t{blp} << 1 | 1u}; }
  constexpr std::default_sentinel_t end() const { return {}; }
  // Whether `number` is among them.
  constexpr bool Contains(SequenceNumber number) const {
    const auto behind = static_cast<std::uint16_t>(number.value() - pid.value());
    return behind == 0 || (behind <= 16 && (blp >> (behind - 1) & 1) != 0);
  }
  // Puts `number` among them; false when it is not pid or one of the 16 behind it.
  [[nodiscard]] constexpr bool Add(SequenceNumber number) {
    const auto behind = static_cast<std::uint16_t>(number.value() - pid.value());
    if (behind > 16) return false;
    if (behind > 0) blp = static_cast<std::uint16_t>(blp | 1u << (behind - 1));
    return true;
  }

  static constexpr NackEntry Read(const std::uint8_t* from) {
    return {SequenceNumber(LoadU16(from)), LoadU16(from + 2)};
  }
  constexpr bool IsWritable() const { return true; }
  constexpr void Write(std::uint8_t* to) const {
    StoreU16(to, pid.value());
    StoreU16(to + 2, blp);
  }
};

// Generic NACK (RFC 4585, section 6.2.1): packets of the media source that a
// receiver misses. At least one entry.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |            PID                |             BLP               |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   if (const auto nack = rtcp::NackView::Parse(block)) {
//     for (const rtcp::NackEntry entry : *nack) {
//       for (const SequenceNumber lost : entry) Resend(nack->media_ssrc(), lost);
//     }
//   }
//
// A peer can name the same packets again and again, 17 in 4 bytes: who sends them
// again has to bound what it sends.
using NackView = FeedbackListView<NackEntry, kTransportFeedback, kFormatNack>;
// From entries made elsewhere.
using NackEntryWriter = FeedbackListWriter<NackEntry, kTransportFeedback, kFormatNack>;

// Packs sequence numbers and writes them; what it borrows has to live until then.
//
//   rtcp::NackWriter nack{our_ssrc, media_ssrc, lost};
//   while (!nack.lost.empty()) {
//     const std::size_t size = nack.WriteFront(out);
//     if (size == 0) break;  // no room for even one
//     Send(out.first(size));
//   }
//
// In the order of the stream (across the wrap: 65534, 65535, 0, 1) they take the
// fewest entries; in any other they take more, and none is left out.
struct NackWriter {
  Ssrc sender_ssrc;
  Ssrc media_ssrc;
  std::span<const SequenceNumber> lost;

  // 0 when nothing is lost or one datagram cannot hold it.
  constexpr std::size_t WireSize() const {
    std::size_t entries = 0;
    for (std::size_t at = 0; at < lost.size();) {
      static_cast<void>(TakeEntry(at));
      if (++entries > internal::kMaxSize / NackEntry::kSize) return 0;
    }
    return entries == 0 ? 0
                        : internal::BlockWireSize(kFormatNack, FeedbackView::kSsrcsSize, entries * NackEntry::kSize);
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    NackWriter all = *this;
    return all.WriteFront(out.first(size)) == size;
  }
  // Writes one message of as many as fit and takes them off `lost`. Gives its
  // size; 0, and all as it was, when not one fits or none is left.
  [[nodiscard]] constexpr std::size_t WriteFront(MutableBytes out) {
    constexpr std::size_t kHead = BlockView::kHeaderSize + FeedbackView::kSsrcsSize;
    const std::size_t room = std::min(out.size(), internal::kMaxSize);
    if (lost.empty() || room < kHead + NackEntry::kSize) return 0;
    std::size_t size = kHead;
    std::size_t at = 0;
    for (; at < lost.size() && room - size >= NackEntry::kSize; size += NackEntry::kSize) {
      TakeEntry(at).Write(&out[size]);
    }
    ByteWriter header(out.first(kHead));
    internal::WriteFeedbackHeader(header, kTransportFeedback, kFormatNack, size, sender_ssrc, media_ssrc);
    lost = lost.subspan(at);
    return size;
  }

 private:
  constexpr NackEntry TakeEntry(std::size_t& at) const {
    NackEntry entry{lost[at++], 0};
    while (at < lost.size() && entry.Add(lost[at])) ++at;
    return entry;
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_NACK_H_
