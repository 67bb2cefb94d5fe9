#ifndef MEDIACORE_RTCP_TRANSPORT_FEEDBACK_H_
#define MEDIACORE_RTCP_TRANSPORT_FEEDBACK_H_

#include <algorithm>
#include <bit>

#include "mediacore/base/sequence_number.h"
#include "mediacore/base/time.h"
#include "mediacore/rtcp/feedback.h"

namespace mediacore::rtcp {

// Why a block is not transport-wide feedback, in the order the parser looks.
enum class TransportFeedbackError : std::uint8_t {
  kOtherMessage,     // another packet type or format
  kTooShort,         // no room for the SSRCs and the 8 bytes before the chunks
  kNoPackets,        // a packet status count of 0
  kChunksTruncated,  // the chunks end before the status of the last packet
  kDeltasTruncated,  // fewer deltas than packets that are said to have arrived
};
inline constexpr int kTransportFeedbackErrorCount = 5;

constexpr std::string_view ToString(TransportFeedbackError error) {
  switch (error) {
    case TransportFeedbackError::kOtherMessage: return "rtcp twcc: other message";
    case TransportFeedbackError::kTooShort: return "rtcp twcc: too short";
    case TransportFeedbackError::kNoPackets: return "rtcp twcc: no packets";
    case TransportFeedbackError::kChunksTruncated: return "rtcp twcc: chunks truncated";
    case TransportFeedbackError::kDeltasTruncated: return "rtcp twcc: deltas truncated";
  }
  return "rtcp twcc: unknown";
}

// What the feedback says of one packet (draft-holmer-rmcat-transport-wide-cc
// -extensions-01, section 3.1.1). The reserved symbol means what libwebrtc and
// others make of it: no arrival time, so not received.
enum class PacketStatus : std::uint8_t {
  kNotReceived = 0,
  kSmallDelta = 1,  // 8 bits, 0 to 63.75 ms after the one before
  kLargeDelta = 2,  // 16 bits with a sign, -8192 to 8191.75 ms
  kReserved = 3,
};

// 16 bits that tell the status of packets in a row.
//
//   0                   1
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |0| S |       run length        |   all the same, 0 to 8191 of them
//  |1|0|       14 symbols          |   0 not received, 1 small delta
//  |1|1|  7 symbols of two bits    |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
class StatusChunk {
 public:
  static constexpr int kMaxRun = 8191;
  static constexpr int kOneBitSymbols = 14;
  static constexpr int kTwoBitSymbols = 7;

  constexpr explicit StatusChunk(std::uint16_t bits) : bits_(bits) {}
  constexpr std::uint16_t bits() const { return bits_; }

  constexpr bool is_run() const { return (bits_ & 0x8000) == 0; }
  constexpr bool has_two_bit_symbols() const { return (bits_ & 0xc000) == 0xc000; }
  // How many packets it tells of; of the last chunk only as many as there are.
  constexpr int size() const {
    if (is_run()) return bits_ & 0x1fff;
    return has_two_bit_symbols() ? kTwoBitSymbols : kOneBitSymbols;
  }
  // `i` is below size().
  constexpr PacketStatus status(int i) const {
    if (is_run()) return static_cast<PacketStatus>(bits_ >> 13 & 3);
    if (has_two_bit_symbols()) return static_cast<PacketStatus>(bits_ >> (12 - 2 * i) & 3);
    return static_cast<PacketStatus>(bits_ >> (13 - i) & 1);
  }
  // How many of the first `count` packets, at most size(), have a delta of this
  // kind.
  constexpr std::uint32_t CountSmall(int count) const {
    if (is_run()) return status(0) == PacketStatus::kSmallDelta ? static_cast<std::uint32_t>(count) : 0;
    const unsigned first = First(count);
    if (!has_two_bit_symbols()) return static_cast<std::uint32_t>(std::popcount(first));
    return static_cast<std::uint32_t>(std::popcount(first & ~(first >> 1) & 0x1555u));
  }
  constexpr std::uint32_t CountLarge(int count) const {
    if (is_run()) return status(0) == PacketStatus::kLargeDelta ? static_cast<std::uint32_t>(count) : 0;
    if (!has_two_bit_symbols()) return 0;
    const unsigned first = First(count);
    return static_cast<std::uint32_t>(std::popcount(first >> 1 & ~first & 0x1555u));
  }

 private:
  // The symbols of the first `count` packets, in the 14 bits where they stand.
  constexpr unsigned First(int count) const {
    const int bits = has_two_bit_symbols() ? 2 * count : count;
    return bits_ & (0x3fffu & ~(0x3fffu >> bits));
  }
  std::uint16_t bits_;
};

// The time from which the first delta counts, 24 bits of 64 ms with a sign: it
// comes round every 12.4 days.
class FeedbackReferenceTime {
 public:
  static constexpr TimeDelta kUnit = TimeDelta::Millis(64);

  constexpr FeedbackReferenceTime() = default;
  // Keeps the low 24 bits.
  constexpr explicit FeedbackReferenceTime(std::uint32_t bits) : number_(bits << 8) {}
  constexpr std::uint32_t bits() const { return number_.value() >> 8; }
  // -2^23 to 2^23 - 1 units.
  constexpr TimeDelta time() const { return kUnit * (static_cast<std::int32_t>(number_.value()) >> 8); }
  // How much later `a` is than `b`, the shorter way round.
  friend constexpr TimeDelta operator-(FeedbackReferenceTime a, FeedbackReferenceTime b) {
    return kUnit * ((a.number_ - b.number_) >> 8);
  }
  constexpr bool operator==(const FeedbackReferenceTime&) const = default;

  // 24 bits that wrap are 32 bits that wrap, 256 at a time.
  using Number = WrappingNumber<struct FeedbackReferenceTimeTag, std::uint32_t>;
  constexpr Number number() const { return number_; }

 private:
  Number number_;
};

// Turns the reference times of one peer into a time that does not come round,
// each taken as the nearest to the last.
class FeedbackTimeUnwrapper {
 public:
  constexpr TimeDelta Unwrap(FeedbackReferenceTime reference) {
    return FeedbackReferenceTime::kUnit * (unwrapper_.Unwrap(reference.number()) >> 8);
  }
  constexpr void Reset() { unwrapper_.Reset(); }

 private:
  Unwrapper<FeedbackReferenceTime::Number> unwrapper_;
};

// Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01,
// section 3.1): which packets of a transport arrived, and when.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |      base sequence number     |      packet status count      |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                 reference time                | fb pkt. count |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |          packet chunk         |  ...  |  recv delta   |  ...
//
//   if (const auto feedback = rtcp::TransportFeedbackView::Parse(block)) {
//     const TimeDelta reference = unwrapper.Unwrap(feedback->reference_time());
//     feedback->ForEach([&](SequenceNumber number, bool received, TimeDelta since_reference) { ... });
//   }
//
// Everything is proved before anything is shown. Chunks may tell of more packets
// than there are; what follows the deltas is padding. Up to 65,535 packets: they
// are walked over, never stored. Borrows the block's bytes.
class TransportFeedbackView {
 public:
  static constexpr TimeDelta kDeltaUnit = TimeDelta::Micros(250);

  static constexpr Expected<TransportFeedbackView, TransportFeedbackError> Parse(const BlockView& block) noexcept {
    if (block.packet_type() != kTransportFeedback || block.count() != kFormatTransportWide) {
      return TransportFeedbackError::kOtherMessage;
    }
    const Bytes body = block.body();
    if (body.size() < kHeadSize) return TransportFeedbackError::kTooShort;
    const std::uint32_t count = LoadU16(body.data() + 10);
    if (count == 0) return TransportFeedbackError::kNoPackets;
    const std::uint8_t* at = body.data() + kHeadSize;
    const std::uint8_t* const end = body.data() + body.size();
    std::uint32_t small = 0, large = 0;
    for (std::uint32_t left = count; left != 0;) {
      if (end - at < 2) return TransportFeedbackError::kChunksTruncated;
      const StatusChunk chunk(LoadU16(at));
      at += 2;
      const std::uint32_t told = std::min(left, static_cast<std::uint32_t>(chunk.size()));
      small += chunk.CountSmall(static_cast<int>(told));
      large += chunk.CountLarge(static_cast<int>(told));
      left -= told;
    }
    if (static_cast<std::size_t>(end - at) < small + 2 * std::size_t{large}) {
      return TransportFeedbackError::kDeltasTruncated;
    }
    return TransportFeedbackView(body, static_cast<std::uint32_t>(at - body.data()), small + large);
  }

  constexpr Ssrc sender_ssrc() const { return Ssrc(LoadU32(body_.data())); }
  constexpr Ssrc media_ssrc() const { return Ssrc(LoadU32(body_.data() + 4)); }
  constexpr SequenceNumber base_sequence_number() const { return SequenceNumber(LoadU16(body_.data() + 8)); }
  // 1 to 65,535.
  constexpr int packet_status_count() const { return LoadU16(body_.data() + 10); }
  constexpr int received_count() const { return static_cast<int>(received_); }
  constexpr FeedbackReferenceTime reference_time() const {
    return FeedbackReferenceTime(LoadU24(body_.data() + 12));
  }
  // Of this feedback, modulo 256: a gap says that one was lost.
  constexpr std::uint8_t feedback_packet_count() const { return body_[15]; }
  // The chunks as they lie, 2 bytes each, and the deltas with what pads them.
  constexpr Bytes chunks() const { return body_.subspan(kHeadSize, deltas_at_ - kHeadSize); }
  constexpr Bytes deltas() const { return body_.subspan(deltas_at_); }

  // visit(SequenceNumber, bool received, TimeDelta since_reference_time) for
  // each packet in order; the time of one that did not come is that of the last
  // that did. 65,535 packets that did not come fit in 38 bytes.
  template <typename Visit>
  constexpr void ForEach(Visit&& visit) const {
    Walk([&](SequenceNumber first, std::uint32_t count, TimeDelta time) {
      for (std::uint32_t i = 0; i < count; ++i) visit(first + i, false, time);
    }, [&](SequenceNumber number, TimeDelta time) { visit(number, true, time); });
  }
  // visit(SequenceNumber, TimeDelta since_reference_time) for each that came:
  // time linear in the bytes.
  template <typename Visit>
  constexpr void ForEachReceived(Visit&& visit) const {
    Walk([](SequenceNumber, std::uint32_t, TimeDelta) {}, visit);
  }

 private:
  static constexpr std::size_t kHeadSize = FeedbackView::kSsrcsSize + 8;

  // lost(SequenceNumber first, std::uint32_t count, TimeDelta) for packets in a
  // row, came(SequenceNumber, TimeDelta).
  template <typename Lost, typename Came>
  constexpr void Walk(Lost&& lost, Came&& came) const;

  constexpr TransportFeedbackView(Bytes body, std::uint32_t deltas_at, std::uint32_t received)
      : body_(body), deltas_at_(deltas_at), received_(received) {}
  Bytes body_;
  std::uint32_t deltas_at_;  // a block may be longer than a datagram, by runs of no packets
  std::uint32_t received_;
};

template <typename Lost, typename Came>
constexpr void TransportFeedbackView::Walk(Lost&& lost, Came&& came) const {
  const std::uint8_t* chunk_at = body_.data() + kHeadSize;
  const std::uint8_t* delta = body_.data() + deltas_at_;
  std::int64_t ticks = 0;
  std::uint32_t number = base_sequence_number().value();
  const auto now = [&] { return TimeDelta::Micros(ticks * kDeltaUnit.us()); };
  const auto next = [&] { return SequenceNumber(static_cast<std::uint16_t>(number++)); };
  const auto step = [&](PacketStatus status) {
    if (status == PacketStatus::kSmallDelta) {
      ticks += *delta++;
    } else if (status == PacketStatus::kLargeDelta) {
      ticks += static_cast<std::int16_t>(LoadU16(delta));
      delta += 2;
    } else {
      return lost(next(), 1, now());
    }
    came(next(), now());
  };
  for (int left = packet_status_count(); left > 0; chunk_at += 2) {
    const StatusChunk chunk(LoadU16(chunk_at));
    const int told = std::min(left, chunk.size());
    left -= told;
    if (!chunk.is_run()) {
      for (int i = 0; i < told; ++i) step(chunk.status(i));
    } else if (chunk.status(0) == PacketStatus::kSmallDelta) {
      for (const std::uint8_t* const end = delta + told; delta != end; ++delta) {
        ticks += *delta;
        came(next(), now());
      }
    } else if (chunk.status(0) == PacketStatus::kLargeDelta) {
      for (int i = 0; i < told; ++i) step(PacketStatus::kLargeDelta);
    } else if (told > 0) {
      lost(SequenceNumber(static_cast<std::uint16_t>(number)), static_cast<std::uint32_t>(told), now());
      number += static_cast<std::uint32_t>(told);
    }
  }
}

// When a packet arrived, by its transport-wide sequence number.
struct PacketArrival {
  SequenceNumber number;
  Timestamp time = Timestamp::Zero();
};

namespace internal {

// Puts statuses into chunks, each as it comes.
class StatusChunkWriter {
 public:
  // The most bytes that the chunks of `count` packets take: but for the last,
  // each tells of seven packets or more.
  static constexpr std::size_t MaxSize(std::size_t count) {
    return 2 * ((count + StatusChunk::kTwoBitSymbols - 1) / StatusChunk::kTwoBitSymbols);
  }

  constexpr explicit StatusChunkWriter(std::uint8_t* out) : out_(out) {}

  constexpr void Add(PacketStatus status, int count) {
    while (count > 0) {
      if (size_ == 0 || (same_ && status == first())) {
        const int taken = std::min(count, StatusChunk::kMaxRun - size_);
        for (int i = size_; i < std::min(size_ + taken, StatusChunk::kOneBitSymbols); ++i) Put(i, status);
        if (size_ == 0) same_ = true;
        size_ += taken;
        count -= taken;
        if (size_ == StatusChunk::kMaxRun) Flush();
        continue;
      }
      const bool large = has_large_ || status == PacketStatus::kLargeDelta;
      const int capacity = large ? StatusChunk::kTwoBitSymbols : StatusChunk::kOneBitSymbols;
      if (size_ >= capacity) {
        has_large_ = large;  // seven of them, unless all are the same
        Flush();
        continue;
      }
      Put(size_++, status);
      same_ = false;
      --count;
      if (size_ == capacity) Flush();
    }
  }
  // Where the chunks end.
  constexpr std::uint8_t* Finish() {
    while (size_ > 0) Flush();
    return out_;
  }

 private:
  constexpr PacketStatus first() const { return static_cast<PacketStatus>(symbols_ >> 26 & 3); }
  // Symbol `i` of 14, two bits each, the first on top.
  constexpr void Put(int i, PacketStatus status) {
    symbols_ |= static_cast<std::uint32_t>(status) << (26 - 2 * i);
    has_large_ = has_large_ || status == PacketStatus::kLargeDelta;
  }
  // Writes one chunk of what waits.
  constexpr void Flush() {
    int told = size_;
    unsigned chunk = 0;
    if (same_) {
      chunk = static_cast<unsigned>(first()) << 13 | static_cast<unsigned>(size_);
    } else if (has_large_) {
      told = std::min(size_, StatusChunk::kTwoBitSymbols);
      chunk = 0xc000u | symbols_ >> 14;
    } else {
      chunk = 0x8000u;
      for (int i = 0; i < size_; ++i) chunk |= (symbols_ >> (26 - 2 * i) & 1u) << (13 - i);
    }
    StoreU16(out_, static_cast<std::uint16_t>(chunk));
    out_ += 2;
    size_ -= told;
    symbols_ = size_ > 0 ? symbols_ << (2 * told) & 0xfffffffu : 0;
    has_large_ = (symbols_ & 0xaaaaaaau) != 0;
    same_ = false;
  }

  std::uint8_t* out_;
  std::uint32_t symbols_ = 0;
  int size_ = 0;
  bool same_ = false;       // all that wait are like the first
  bool has_large_ = false;
};

}  // namespace internal

// Writes transport-wide feedback of arrivals; what it borrows has to live until
// then.
//
//   rtcp::TransportFeedbackWriter feedback{our_ssrc, media_ssrc, count, arrivals};
//   while (!feedback.arrivals.empty()) {
//     const std::size_t size = feedback.WriteFront(out);
//     if (size == 0) break;  // no room for even one
//     Send(out.first(size));
//   }
//
// Numbers between two arrivals are those of packets that did not come, and are
// told of by the message of the second one at the latest. Times are
// cut to 250 us. A message ends where the buffer is full (from 7/9 of it on),
// 65,535 packets are told of, a number is not after the one before, or the time
// between two does not fit 16 bits: the next message goes on from there.
struct TransportFeedbackWriter {
  Ssrc sender_ssrc;
  Ssrc media_ssrc;
  std::uint8_t feedback_packet_count = 0;  // one more for each message
  std::span<const PacketArrival> arrivals;
  // How many right before the first arrival did not come, to be told of too.
  std::uint16_t lost_before = 0;

  // Writes one message of as many as fit, takes them off `arrivals` and counts
  // it. Gives its size; 0, and all as it was, when there is no room for one, none
  // is left, or the time of the first is infinite. Bytes of `out` behind the
  // message are written too.
  [[nodiscard]] constexpr std::size_t WriteFront(MutableBytes out);
};

constexpr std::size_t TransportFeedbackWriter::WriteFront(MutableBytes out) {
  constexpr std::size_t kHead = BlockView::kHeaderSize + FeedbackView::kSsrcsSize + 8;
  constexpr std::int64_t kUnit = 64'000;  // of reference time, in microseconds
  constexpr std::uint32_t kTick = 250;    // of deltas
  constexpr std::uint64_t kSoon = 255 * kTick;  // the longest time of a small delta, wherever it begins
  // How far times may step back; they may go on for seven times as long, up to
  // where 32 bits of microseconds end.
  constexpr std::uint64_t kBehind = (1u << 21) * std::uint64_t{kTick};
  constexpr std::uint64_t kEnd = std::uint64_t{1} << 32;
  const std::size_t whole = std::min(out.size(), internal::kMaxSize) / 4 * 4;
  if (whole < kHead + 4 || arrivals.empty() || !arrivals.front().time.IsFinite()) return 0;

  // Deltas are put where they lie behind the longest chunks, and moved up at the
  // end. Seven packets take 2 bytes of chunks and 7 of deltas or more.
  const auto span = static_cast<std::uint16_t>(arrivals.back().number.value() - arrivals.front().number.value());
  const std::size_t limit = std::min({std::size_t{lost_before} + span + 1,
                                      std::max<std::size_t>((whole - kHead) * 7 / 9, 1), std::size_t{0xffff}});
  std::size_t told = std::min<std::size_t>(lost_before, limit - 1);
  const SequenceNumber base = arrivals.front().number - static_cast<std::int64_t>(told);
  internal::StatusChunkWriter chunks(&out[kHead]);
  std::uint8_t* const deltas = &out[kHead] + internal::StatusChunkWriter::MaxSize(limit);
  const std::uint8_t* const end = &out[0] + whole;
  std::uint8_t* delta = deltas;
  chunks.Add(PacketStatus::kNotReceived, static_cast<int>(told));

  const std::int64_t first = arrivals.front().time.us();
  const std::int64_t reference = first / kUnit - (first % kUnit < 0 ? 1 : 0);
  const std::uint64_t zero = static_cast<std::uint64_t>(reference) * kUnit - kBehind;
  std::uint64_t since = kBehind;  // zero, of the last one, and in ticks
  std::uint32_t last = kBehind / kTick;
  const PacketArrival* arrival = arrivals.data();
  const PacketArrival* const arrivals_end = arrival + arrivals.size();
  while (arrival != arrivals_end) {
    // What mostly is: one after another, each so soon that its delta is small
    // and, for as many, times stay within 32 bits.
    const std::size_t most = std::min({static_cast<std::size_t>(arrivals_end - arrival), limit - told,
                                       static_cast<std::size_t>(end - delta),
                                       static_cast<std::size_t>((kEnd - since) / kSoon)});
    auto next = static_cast<std::uint16_t>(base.value() + told);
    std::size_t run = 0;
    for (; run < most; ++run, ++next) {
      const std::uint64_t now = static_cast<std::uint64_t>(arrival[run].time.us()) - zero;
      if (now - since > kSoon || arrival[run].number.value() != next) break;
      const std::uint32_t ticks = static_cast<std::uint32_t>(now) / kTick;
      delta[run] = static_cast<std::uint8_t>(ticks - last);
      since = now;
      last = ticks;
    }
    chunks.Add(PacketStatus::kSmallDelta, static_cast<int>(run));
    arrival += run;
    delta += run;
    told += run;
    if (arrival == arrivals_end) break;

    since = static_cast<std::uint64_t>(arrival->time.us()) - zero;
    const std::uint32_t ticks = static_cast<std::uint32_t>(since) / kTick;
    const std::size_t gap = static_cast<std::uint16_t>(arrival->number.value() - base.value() - told);
    const std::uint32_t ahead = ticks - last;
    if (since >= kEnd || ahead + 0x8000 > 0xffff || gap >= 0x8000 || told + gap >= limit || end - delta < 2) {
      break;
    }
    chunks.Add(PacketStatus::kNotReceived, static_cast<int>(gap));
    if (ahead <= 0xff) {
      chunks.Add(PacketStatus::kSmallDelta, 1);
      *delta++ = static_cast<std::uint8_t>(ahead);
    } else {
      chunks.Add(PacketStatus::kLargeDelta, 1);
      StoreU16(delta, static_cast<std::uint16_t>(ahead));
      delta += 2;
    }
    last = ticks;
    told += gap + 1;
    ++arrival;
  }
  std::uint8_t* const moved = std::copy(deltas, delta, chunks.Finish());
  const std::size_t size = (static_cast<std::size_t>(moved - &out[0]) + 3) / 4 * 4;
  std::fill(moved, &out[0] + size, std::uint8_t{0});
  ByteWriter head(out.first(kHead));
  internal::WriteFeedbackHeader(head, kTransportFeedback, kFormatTransportWide, size, sender_ssrc, media_ssrc);
  head.WriteU16(base.value());
  head.WriteU16(static_cast<std::uint16_t>(told));
  head.WriteU24(static_cast<std::uint32_t>(reference) & 0xffffff);
  head.WriteU8(feedback_packet_count++);
  arrivals = arrivals.last(static_cast<std::size_t>(arrivals_end - arrival));
  lost_before = 0;
  if (!arrivals.empty()) {
    const auto gap = static_cast<std::uint16_t>(arrivals.front().number.value() - base.value() - told);
    if (gap < 0x8000) lost_before = gap;
  }
  return size;
}

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_TRANSPORT_FEEDBACK_H_
