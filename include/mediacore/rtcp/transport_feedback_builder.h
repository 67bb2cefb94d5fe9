#ifndef MEDIACORE_RTCP_TRANSPORT_FEEDBACK_BUILDER_H_
#define MEDIACORE_RTCP_TRANSPORT_FEEDBACK_BUILDER_H_

#include <array>

#include "mediacore/rtcp/transport_feedback.h"

namespace mediacore::rtcp {

// Makes transport-wide feedback of packets as they arrive: out of order, twice,
// with gaps.
//
//   rtcp::TransportFeedbackBuilder builder(our_ssrc, media_ssrc);
//   builder.HandlePacket(number, now);
//   while (builder.HasNews()) {  // every 100 ms, say
//     const std::size_t size = builder.WriteFront(out);
//     if (size == 0) break;  // no room for even one
//     Send(out.first(size));
//   }
//
// Packets are told of from the first not told yet to the newest, with those
// between that did not come. Of copies the first one counts. One that comes late
// is told of with all after it once more, each with the time it had: what was
// said to have come stays so.
//
// Bounds, whatever arrives: kWindow packets are remembered. One further back is
// too old and left out; two of those, one after the other, are a sender that
// began anew (RFC 3550, appendix A.1), which is followed. A jump ahead passes
// over what leaves the window. An arrival at an infinite time is left out.
// Memory: 8 bytes for each of kWindow packets, in itself; no heap. Threads: one
// at a time.
template <std::size_t kWindow = 4096>
class TransportFeedbackBuilder {
  static_assert(std::has_single_bit(kWindow) && kWindow <= 0x8000);

 public:
  struct Counters {
    std::uint64_t too_old = 0;      // packets left out
    std::uint64_t passed_over = 0;  // numbers that left the window before they were told of

    constexpr bool operator==(const Counters&) const = default;
  };

  constexpr TransportFeedbackBuilder(Ssrc sender_ssrc, Ssrc media_ssrc)
      : sender_ssrc_(sender_ssrc), media_ssrc_(media_ssrc) {}

  constexpr void HandlePacket(SequenceNumber number, Timestamp arrival) noexcept {
    if (!arrival.IsFinite()) return;
    const std::int64_t ahead = number - highest_;
    if (!started_ || ahead >= kSpan) {
      StartAt(number);
    } else if (ahead > 0) {
      for (std::int64_t i = 1; i < ahead; ++i) At(highest_ + i) = kAbsent;
      highest_ = number;
      untold_ += ahead;
      if (untold_ > kSpan) {
        counters_.passed_over += static_cast<std::uint64_t>(untold_ - kSpan);
        untold_ = kSpan;
      }
    } else if (-ahead >= kSpan) {
      if (number != expected_anew_ || !may_be_anew_) {
        ++counters_.too_old;
        may_be_anew_ = true;
        expected_anew_ = number + 1;
        return;
      }
      StartAt(number);
    } else if (At(number) != kAbsent) {
      return;
    } else {
      untold_ = std::max(untold_, 1 - ahead);
    }
    may_be_anew_ = false;
    At(number) = arrival;
  }

  // Whether there is something that no message has told.
  constexpr bool HasNews() const { return untold_ > 0; }

  // Writes one message of as much as fits, at most kMostInOne arrivals, and takes
  // it as told. Gives its size; 0, and all as it was, when there are no news or no
  // room for one packet. Bytes of `out` behind the message are written too.
  [[nodiscard]] constexpr std::size_t WriteFront(MutableBytes out) noexcept {
    std::size_t count = 0;
    for (std::int64_t back = untold_ - 1; back >= 0 && count < kMostInOne; --back) {
      const SequenceNumber number = highest_ - back;
      if (At(number) != kAbsent) list_[count++] = {number, At(number)};
    }
    if (count == 0) return 0;
    TransportFeedbackWriter writer{sender_ssrc_, media_ssrc_, feedback_packet_count_,
                                   std::span<const PacketArrival>(list_).first(count),
                                   static_cast<std::uint16_t>(untold_ - 1 - (highest_ - list_[0].number))};
    const std::size_t size = writer.WriteFront(out);
    if (size == 0) return 0;
    feedback_packet_count_ = writer.feedback_packet_count;
    untold_ = highest_ - list_[count - writer.arrivals.size() - 1].number;
    return size;
  }

  constexpr const Counters& counters() const { return counters_; }

  static constexpr std::size_t kMostInOne = 512;

 private:
  static constexpr Timestamp kAbsent = Timestamp::MinusInfinity();
  struct Slot {
    Timestamp arrival = kAbsent;
  };
  static constexpr std::int64_t kSpan = static_cast<std::int64_t>(kWindow);

  constexpr Timestamp& At(SequenceNumber number) { return slots_[number.value() % kWindow].arrival; }
  constexpr void StartAt(SequenceNumber number) {
    counters_.passed_over += static_cast<std::uint64_t>(untold_);
    slots_.fill(Slot());
    started_ = true;
    highest_ = number;
    untold_ = 1;
  }

  // By the low bits of the number: of highest_ and the kWindow - 1 before it.
  std::array<Slot, kWindow> slots_{};
  std::array<PacketArrival, kMostInOne> list_{};  // of the message being written
  Counters counters_;
  Ssrc sender_ssrc_;
  Ssrc media_ssrc_;
  std::int64_t untold_ = 0;  // of highest_ and those before it
  SequenceNumber highest_;
  SequenceNumber expected_anew_;  // the number behind the last too old one
  bool may_be_anew_ = false;
  bool started_ = false;
  std::uint8_t feedback_packet_count_ = 0;
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_TRANSPORT_FEEDBACK_BUILDER_H_
