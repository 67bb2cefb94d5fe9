#ifndef MEDIACORE_RTCP_CONGESTION_FEEDBACK_BUILDER_H_
#define MEDIACORE_RTCP_CONGESTION_FEEDBACK_BUILDER_H_

#include <algorithm>
#include <array>

#include "mediacore/rtcp/congestion_feedback.h"

namespace mediacore::rtcp {

// Makes congestion control feedback (RFC 8888) of packets as they arrive: out of
// order, twice, of several sources.
//
//   rtcp::CongestionFeedbackBuilder builder(our_ssrc);
//   builder.HandlePacket(packet.ssrc(), packet.sequence_number(), ecn, arrival);
//   while (builder.HasNews()) {  // every 50 ms, say
//     const std::size_t size = builder.WriteFront(out, now, rtcp::ReportTimestamp(ntp.compact()));
//     if (size == 0) break;  // no room for even one
//     Send(out.first(size));
//   }
//
// A source's packets are told of from the first not told yet to the newest, with
// those between that did not come. Of copies the first one counts, but for CE,
// which any of them brings. Messages overlap where they must (section 3.1): one
// that came late, or a copy with CE, is told of with all after it once more, each
// with the time and mark it had; so what was said to have come stays so.
//
// Bounds, whatever arrives: kWindow packets of each source are remembered, and a
// report has no more. One further back is too old and left out; two of those in
// a row, one after the other, are a sender that began anew (RFC 3550, appendix
// A.1), which is followed. A jump ahead passes over what leaves the window. A new
// source takes the place of the one that was silent longest.
// Memory: about 16 bytes for each of kMaxStreams * kWindow packets, in itself;
// no heap. Threads: one at a time.
template <std::size_t kMaxStreams = 8, std::size_t kWindow = 1024>
class CongestionFeedbackBuilder {
  static_assert(kMaxStreams > 0);
  static_assert(std::has_single_bit(kWindow) && kWindow <= CongestionReportBlock::kMaxReports);

 public:
  struct Counters {
    std::uint64_t too_old = 0;          // packets left out
    std::uint64_t passed_over = 0;      // numbers that left the window before they were told of
    std::uint64_t streams_dropped = 0;  // sources that a new one took the place of

    constexpr bool operator==(const Counters&) const = default;
  };

  constexpr explicit CongestionFeedbackBuilder(Ssrc sender_ssrc) : sender_ssrc_(sender_ssrc) {}

  constexpr void HandlePacket(Ssrc ssrc, SequenceNumber number, Ecn ecn, Timestamp arrival) noexcept;

  // Whether there is something that no message has told.
  constexpr bool HasNews() const {
    return std::ranges::any_of(streams_, [](const Stream& stream) { return stream.untold > 0; });
  }
  // Writes one message of as much as fits and takes it as told. `now` is on the
  // clock of the arrivals, `report_timestamp` the same moment on the wall clock of
  // our sender reports. Gives its size; 0, and all as it was, when there are no
  // news or there is no room for a packet of them.
  [[nodiscard]] constexpr std::size_t WriteFront(MutableBytes out, Timestamp now,
                                                 ReportTimestamp report_timestamp) noexcept;

  constexpr const Counters& counters() const { return counters_; }

 private:
  struct Packet {
    Timestamp arrival = Timestamp::Zero();
    Ecn ecn = Ecn::kNotEct;
    bool received = false;
  };
  // Packets of one source by the low bits of their number.
  using Window = std::array<Packet, kWindow>;
  struct Stream {
    Ssrc ssrc;
    SequenceNumber highest;
    std::uint32_t untold = 0;         // of highest and those before it
    std::int32_t expected_anew = -1;  // the number behind the last too old one
    std::uint64_t heard = 0;          // when, in packets of all sources; 0: unused
  };

  static constexpr Packet& PacketOf(Window& window, SequenceNumber number) { return window[number.value() % kWindow]; }
  // Where the source is, or is now.
  constexpr std::size_t IndexOf(Ssrc ssrc, SequenceNumber number);
  constexpr void Start(std::size_t index, Ssrc ssrc, SequenceNumber number);
  constexpr void Advance(std::size_t index, std::size_t by);

  Ssrc sender_ssrc_;
  std::uint64_t heard_ = 0;
  std::size_t last_index_ = 0;
  Counters counters_;
  std::array<Stream, kMaxStreams> streams_{};
  std::array<Window, kMaxStreams> windows_{};
};

template <std::size_t kMaxStreams, std::size_t kWindow>
constexpr void CongestionFeedbackBuilder<kMaxStreams, kWindow>::HandlePacket(Ssrc ssrc, SequenceNumber number, Ecn ecn,
                                                                             Timestamp arrival) noexcept {
  const std::size_t index = IndexOf(ssrc, number);
  Stream& stream = streams_[index];
  stream.heard = ++heard_;
  std::int64_t ahead = number - stream.highest;
  if (ahead > 0) {
    Advance(index, static_cast<std::size_t>(ahead));
    ahead = 0;
  } else if (-ahead >= static_cast<std::int64_t>(kWindow)) {
    if (stream.expected_anew != number.value()) {
      stream.expected_anew = (number + 1).value();
      ++counters_.too_old;
      return;
    }
    Start(index, ssrc, number);
    ahead = 0;
  }
  stream.expected_anew = -1;
  Packet& packet = PacketOf(windows_[index], number);
  if (!packet.received) {
    packet = {arrival, ecn, true};
  } else if (ecn == Ecn::kCe && packet.ecn != Ecn::kCe) {
    packet.ecn = Ecn::kCe;
  } else {
    return;
  }
  stream.untold = std::max(stream.untold, static_cast<std::uint32_t>(1 - ahead));
}

template <std::size_t kMaxStreams, std::size_t kWindow>
constexpr std::size_t CongestionFeedbackBuilder<kMaxStreams, kWindow>::WriteFront(
    MutableBytes out, Timestamp now, ReportTimestamp report_timestamp) noexcept {
  constexpr std::size_t kLeast = CongestionReportBlock::SizeOf(1);
  // Room for blocks, in whole words.
  std::size_t room = std::min(out.size(), internal::kMaxSize);
  if (room < internal::kCongestionHeadSize + kLeast + internal::kCongestionTailSize) return 0;
  room = (room - internal::kCongestionHeadSize - internal::kCongestionTailSize) / 4 * 4;
  std::size_t size = internal::kCongestionHeadSize;
  for (std::size_t index = 0; index < kMaxStreams && room >= kLeast; ++index) {
    Stream& stream = streams_[index];
    if (stream.untold == 0) continue;
    const auto count =
        std::min(static_cast<std::uint32_t>((room - CongestionReportBlock::kHeadSize) / 2), stream.untold);
    const SequenceNumber begin_seq = stream.highest - (std::int64_t{stream.untold} - 1);
    Window& window = windows_[index];
    const std::size_t written =
        internal::WriteReportBlock(&out[size], stream.ssrc, begin_seq, count, [&](std::size_t i) {
          const Packet& packet = PacketOf(window, begin_seq + static_cast<std::int64_t>(i));
          return packet.received ? PacketMetric::Received(packet.ecn, now - packet.arrival) : PacketMetric();
        });
    stream.untold -= count;
    size += written;
    room -= written;
  }
  if (size == internal::kCongestionHeadSize) return 0;
  StoreU32(&out[size], report_timestamp.value());
  size += internal::kCongestionTailSize;
  internal::WriteCongestionHead(ByteWriter(out), size, sender_ssrc_);
  return size;
}

template <std::size_t kMaxStreams, std::size_t kWindow>
constexpr std::size_t CongestionFeedbackBuilder<kMaxStreams, kWindow>::IndexOf(Ssrc ssrc, SequenceNumber number) {
  const auto is_it = [ssrc](const Stream& stream) { return stream.ssrc == ssrc && stream.heard > 0; };
  if (is_it(streams_[last_index_])) return last_index_;
  auto found = std::ranges::find_if(streams_, is_it);
  if (found == streams_.end()) {
    found = std::ranges::min_element(streams_, {}, &Stream::heard);
    counters_.streams_dropped += found->heard > 0;
    Start(static_cast<std::size_t>(found - streams_.begin()), ssrc, number);
  }
  return last_index_ = static_cast<std::size_t>(found - streams_.begin());
}

template <std::size_t kMaxStreams, std::size_t kWindow>
constexpr void CongestionFeedbackBuilder<kMaxStreams, kWindow>::Start(std::size_t index, Ssrc ssrc,
                                                                      SequenceNumber number) {
  counters_.passed_over += streams_[index].untold;
  streams_[index] = {ssrc, number, 0, -1, heard_};
  windows_[index].fill({});
}

// Makes the number `by` further the highest; what it stands on in the window, and
// what lies between, has not come.
template <std::size_t kMaxStreams, std::size_t kWindow>
constexpr void CongestionFeedbackBuilder<kMaxStreams, kWindow>::Advance(std::size_t index, std::size_t by) {
  Stream& stream = streams_[index];
  for (std::size_t i = 1; i <= std::min(by, kWindow); ++i) {
    PacketOf(windows_[index], stream.highest + static_cast<std::int64_t>(i)).received = false;
  }
  stream.highest = stream.highest + static_cast<std::int64_t>(by);
  const std::size_t untold = stream.untold + by;
  stream.untold = static_cast<std::uint32_t>(std::min(untold, kWindow));
  counters_.passed_over += untold - stream.untold;
}

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_CONGESTION_FEEDBACK_BUILDER_H_
