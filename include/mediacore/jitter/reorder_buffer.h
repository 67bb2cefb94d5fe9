#ifndef MEDIACORE_JITTER_REORDER_BUFFER_H_
#define MEDIACORE_JITTER_REORDER_BUFFER_H_

#include <array>
#include <bit>
#include <concepts>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/base/time.h"
#include "mediacore/jitter/disorder_estimator.h"
#include "mediacore/jitter/sequence_bits.h"

namespace mediacore::jitter {

struct ReorderBufferConfig {
  std::size_t max_packets = 1024;       // held at once; 1 to 16384
  std::size_t max_bytes = 4'000'000;    // held at once; 65536 or more
  // A missing packet is waited for at least and at most so long, counted from
  // when the first packet after it arrived. In between, measured disorder says.
  TimeDelta min_wait = TimeDelta::Millis(20);
  TimeDelta max_wait = TimeDelta::Millis(500);
  // A sequence number further ahead of the next one, or further behind it, is
  // not a gap or a late packet but a jump (MAX_DROPOUT and MAX_MISORDER of RFC
  // 3550, appendix A.1). Retransmissions can be hundreds behind.
  int max_dropout = 3000;   // 1 to 16384
  int max_misorder = 1000;  // 0 to 1024
};

// What became of a packet, in the order they are looked for.
enum class InsertOutcome : std::uint8_t {
  kInOrder,         // kept; newer than all before it
  kOutOfOrder,      // kept; a newer one had come before
  kDuplicate,       // refused: it is here, or was given out
  kLate,            // refused: its turn was over
  kJumped,          // far off; kept aside until the next number confirms it
  kRestarted,       // kept: it and the one kept aside begin a new sequence
  kDroppedForRoom,  // refused: max_packets or max_bytes is reached
};

constexpr std::string_view ToString(InsertOutcome outcome) {
  switch (outcome) {
    case InsertOutcome::kInOrder: return "in order";
    case InsertOutcome::kOutOfOrder: return "out of order";
    case InsertOutcome::kDuplicate: return "duplicate";
    case InsertOutcome::kLate: return "late";
    case InsertOutcome::kJumped: return "jumped";
    case InsertOutcome::kRestarted: return "restarted";
    case InsertOutcome::kDroppedForRoom: return "dropped for room";
  }
  return "unknown";
}

// Always: received = delivered + duplicates + late + jumped + dropped_for_room
// + held, and expected = delivered + lost.
struct ReorderBufferCounters {
  std::uint64_t received = 0;          // calls of Insert()
  std::uint64_t out_of_order = 0;      // of the kept ones
  std::uint64_t delivered = 0;         // given out by Pop()
  std::uint64_t duplicates = 0;
  std::uint64_t late = 0;
  std::uint64_t jumped = 0;            // far off, and nothing confirmed it
  std::uint64_t dropped_for_room = 0;
  std::uint64_t restarts = 0;
  std::uint64_t expected = 0;          // sequence numbers whose turn is over
  std::uint64_t lost = 0;              // of these, given up
  std::uint64_t held = 0;              // packets in the buffer now
  std::uint64_t held_bytes = 0;
};

// Puts the packets of one RTP stream (one SSRC) back into the order of their
// sequence numbers.
//
//   auto buffer = ReorderBuffer<PacketHandle>::Create({}).value();
//   buffer.Insert(now, view.sequence_number(), size, std::move(handle));
//   ReorderBuffer<PacketHandle>::Popped popped;
//   while (buffer.Pop(now, popped)) Handle(popped.lost_before, popped.packet);
//   timer.SetDeadline(buffer.NextTimeout());
//
// In order, a packet comes out at once. Behind a gap it waits for what is
// missing: at most Config::max_wait, counted from its own arrival, when Pop() is
// called as NextTimeout() says. Less when the buffer is full. On a stream that
// never showed disorder a gap costs min_wait.
//
// A sender that restarts jumps somewhere else: two packets in a row there, or
// 64 in a row that repeat what is over, begin a new sequence; what is held of
// the old one comes out first. The first of the two is kept aside meanwhile,
// for max_wait and longer only while nothing else comes. A clock that steps back
// stands still.
//
// A packet that Insert() refuses is still the caller's: it was not moved from.
// Memory: MaxMemory(config), all of it taken in Create(). Threads: one at a time.
template <typename Packet>
  requires std::default_initializable<Packet> && std::movable<Packet>
class ReorderBuffer {
 public:
  using Config = ReorderBufferConfig;
  using Counters = ReorderBufferCounters;

  struct Popped {
    Packet packet{};
    SequenceNumber sequence_number;
    std::uint32_t lost_before = 0;  // numbers given up right before this one
    bool restarted = false;         // the first of a new sequence
    std::size_t size_bytes = 0;
    Timestamp arrival = Timestamp::MinusInfinity();
  };

  static absl::StatusOr<ReorderBuffer> Create(const Config& config) {
    if (config.max_packets < 1 || config.max_packets > 16'384) {
      return Refuse("max_packets", config.max_packets, "1 to 16384");
    }
    if (config.max_bytes < 65'536) {
      return Refuse("max_bytes", config.max_bytes, "65536 or more");
    }
    if (config.min_wait < TimeDelta::Zero() || !config.min_wait.IsFinite()) {
      return Refuse("min_wait", config.min_wait.us(), "0 us or more, finite");
    }
    if (config.max_wait < config.min_wait ||
        config.max_wait > TimeDelta::Seconds(60)) {
      return Refuse("max_wait", config.max_wait.us(), "min_wait to 60000000 us");
    }
    if (config.max_dropout < 1 || config.max_dropout > 16'384) {
      return Refuse("max_dropout", config.max_dropout, "1 to 16384");
    }
    if (config.max_misorder < 0 || config.max_misorder > int{kHistory}) {
      return Refuse("max_misorder", config.max_misorder, "0 to 1024");
    }
    return ReorderBuffer(config);
  }

  static std::size_t MaxMemory(const Config& config) {
    const std::size_t slots = SlotCount(config);
    return sizeof(ReorderBuffer) + slots * sizeof(Slot) +
           2 * SequenceBits::MaxMemory(slots) +
           SequenceBits::MaxMemory(kHistory);
  }

  // `size_bytes` counts against max_bytes; what it measures is the caller's.
  InsertOutcome Insert(Timestamp now, SequenceNumber number,
                       std::size_t size_bytes, Packet&& packet) noexcept {
    if (now > now_) now_ = now;
    if (lane_ == Lane::kFree && number == next_number() &&
        size_bytes <= config_.max_bytes) [[likely]] {
      lane_ = Lane::kTaken;
      Fill(lane_slot_, number, size_bytes, std::move(packet));
      return InsertOutcome::kInOrder;
    }
    return InsertSlowly(number, size_bytes, packet);
  }

  // The next packet in sequence that is due. Call until false.
  [[nodiscard]] bool Pop(Timestamp now, Popped& out) noexcept {
    if (now > now_) now_ = now;
    if (lane_ == Lane::kFree) return false;
    if (lane_ == Lane::kClosed) return PopFromRing(out);
    lane_ = Lane::kFree;
    ++position_;
    Empty(lane_slot_, out);
    out.lost_before = 0;
    return true;
  }

  // The end of the stream: what is held is due now, nothing is waited for.
  void Flush() noexcept {
    CloseLane();
    due_until_ = position_ + span_;
    DropCandidate();
    OpenLane();
  }

  // What comes next is another stream (another SSRC): what is held is due now,
  // and the next packet begins a new sequence, whatever its number. It is not
  // marked `restarted`: you know.
  void Restart() noexcept {
    Flush();
    CloseLane();
    started_ = false;
    repeats_ = 0;
  }

  // When to call Pop() next; PlusInfinity() when only a packet can change
  // anything, a time not after the last `now` when a packet is due.
  Timestamp NextTimeout() const noexcept {
    if (lane_ == Lane::kTaken) return now_;
    if (span_ == 0) return Timestamp::PlusInfinity();
    if (present_.Test(head_) || GapIsForced()) return now_;
    return GapSeen() + estimator_.wait();
  }

  Counters counters() const {
    Counters out = counters_;
    const bool lane = lane_ == Lane::kTaken;
    out.held += lane;
    out.held_bytes += lane ? lane_slot_.size_bytes : 0;
    out.expected = position_;
    out.delivered = position_ - out.lost;
    out.received = out.delivered + out.duplicates + out.late + out.jumped +
                   out.dropped_for_room + out.held;
    return out;
  }
  // How long a gap that opens now is waited for.
  TimeDelta wait() const { return estimator_.wait(); }

 private:
  static constexpr std::uint64_t kHistory = 1024;
  // So many packets in a row that repeat old numbers are a sender that began
  // again a little further back.
  static constexpr int kRepeatsOfARestart = 64;
  static constexpr std::size_t kRememberedGaps = 16;

  // Where packets go that come in order while nothing is held: past the ring.
  enum class Lane : std::uint8_t {
    kFree,    // the ring is empty too
    kTaken,   // by the next packet, which is due; the ring is empty
    kClosed,  // all packets go through the ring
  };
  struct Slot {
    Packet packet{};
    Timestamp arrival = Timestamp::MinusInfinity();
    std::size_t size_bytes = 0;
    SequenceNumber number;
    bool restarted = false;
  };
  // A run of numbers that was given up, to learn how late they come.
  struct Gap {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    Timestamp seen = Timestamp::MinusInfinity();
  };

  explicit ReorderBuffer(const Config& config)
      : config_(config),
        mask_(SlotCount(config) - 1),
        slots_(std::make_unique<Slot[]>(mask_ + 1)),
        present_(mask_ + 1),
        newest_(mask_ + 1),
        given_up_(kHistory),
        estimator_(config.min_wait, config.max_wait) {}

  // Any number within max_dropout has its slot, and so do the two packets of a
  // restart after it.
  static std::size_t SlotCount(const Config& config) {
    const auto dropout = static_cast<std::size_t>(config.max_dropout);
    return std::bit_ceil(
        std::max<std::size_t>(std::max(config.max_packets, dropout) + 4, 64));
  }
  template <typename T>
  static absl::Status Refuse(const char* field, T value, const char* allowed) {
    return absl::InvalidArgumentError(
        absl::StrCat("ReorderBuffer::Config::", field, " is ", value,
                     ", allowed: ", allowed));
  }

  SequenceNumber next_number() const noexcept {
    return SequenceNumber(
        static_cast<std::uint16_t>(number_base_ + static_cast<std::uint16_t>(position_)));
  }

  void Fill(Slot& slot, SequenceNumber number, std::size_t size_bytes,
            Packet&& packet) noexcept {
    slot.packet = std::move(packet);
    slot.arrival = now_;
    slot.size_bytes = size_bytes;
    slot.number = number;
    slot.restarted = false;
  }
  void Empty(Slot& slot, Popped& out) noexcept {
    out.packet = std::move(slot.packet);
    out.sequence_number = slot.number;
    out.restarted = slot.restarted;
    out.size_bytes = slot.size_bytes;
    out.arrival = slot.arrival;
  }
  void CloseLane() noexcept {
    if (lane_ == Lane::kTaken) {
      const Timestamp arrival = lane_slot_.arrival;
      Store(0, lane_slot_.number, lane_slot_.size_bytes,
            std::move(lane_slot_.packet)).arrival = arrival;
    }
    lane_ = Lane::kClosed;
  }
  void OpenLane() noexcept {
    if (started_ && counters_.held == 0 && repeats_ == 0) lane_ = Lane::kFree;
  }

  [[gnu::noinline]] InsertOutcome InsertSlowly(SequenceNumber number,
                                               std::size_t size_bytes,
                                               Packet& packet) noexcept {
    CloseLane();
    const InsertOutcome outcome = InsertIntoRing(number, size_bytes, packet);
    counters_.duplicates += outcome == InsertOutcome::kDuplicate;
    counters_.late += outcome == InsertOutcome::kLate;
    counters_.dropped_for_room += outcome == InsertOutcome::kDroppedForRoom;
    OpenLane();
    return outcome;
  }

  InsertOutcome InsertIntoRing(SequenceNumber number, std::size_t size_bytes,
                               Packet& packet) noexcept {
    if (!started_) {
      started_ = true;
      BeginAt(number);
    }
    const std::int64_t ahead = number - next_number();
    if (ahead >= config_.max_dropout || ahead < -config_.max_misorder) {
      return HandleJump(number, size_bytes, packet);
    }
    if (ahead < 0) return HandleBehind(number, ahead, size_bytes, packet);
    const auto offset = static_cast<std::size_t>(ahead);
    if (present_.Test(head_ + offset)) {
      // Its slot may hold a packet of the sequence before a restart.
      const bool same = slots_[(head_ + offset) & mask_].number == number;
      return same ? InsertOutcome::kDuplicate : InsertOutcome::kLate;
    }
    if (position_ + offset < due_until_) return InsertOutcome::kLate;
    if (has_candidate_ && now_ - candidate_.arrival >= config_.max_wait) {
      DropCandidate();
    }
    largest_ = std::max(largest_, std::min<std::size_t>(size_bytes, 65'535));
    if (!HasRoom(size_bytes)) return InsertOutcome::kDroppedForRoom;
    repeats_ = 0;
    const bool newest = offset >= span_;
    if (!newest) {
      ++counters_.out_of_order;
      estimator_.HandleLatePacket(now_, now_ - SeenAfter(head_ + offset));
    }
    Store(offset, number, size_bytes, std::move(packet));
    return newest ? InsertOutcome::kInOrder : InsertOutcome::kOutOfOrder;
  }

  // Its turn is over: it was given out, or given up.
  InsertOutcome HandleBehind(SequenceNumber number, std::int64_t ahead,
                             std::size_t size_bytes, Packet& packet) noexcept {
    repeats_ = repeats_ > 0 && number == repeated_ + 1 ? repeats_ + 1 : 1;
    repeated_ = number;
    if (repeats_ >= kRepeatsOfARestart && HasRoom(size_bytes)) {
      StartSequence(number);
      Store(span_, number, size_bytes, std::move(packet)).restarted = true;
      return InsertOutcome::kRestarted;
    }
    const auto behind = static_cast<std::uint64_t>(-ahead);
    if (position_ < sequence_start_ + behind) return InsertOutcome::kLate;
    const std::uint64_t at = position_ - behind;
    if (!WasGivenUp(at)) return InsertOutcome::kDuplicate;
    for (const Gap& gap : gaps_) {
      if (at >= gap.from && at < gap.to) {
        estimator_.HandleLatePacket(now_, now_ - gap.seen);
      }
    }
    return InsertOutcome::kLate;
  }

  InsertOutcome HandleJump(SequenceNumber number, std::size_t size_bytes,
                           Packet& packet) noexcept {
    if (has_candidate_ && number == candidate_.number + 1 &&
        HasRoom(size_bytes)) {
      has_candidate_ = false;
      --counters_.held;  // Store() counts it again
      counters_.held_bytes -= candidate_.size_bytes;
      StartSequence(candidate_.number);
      Slot& first = Store(span_, candidate_.number, candidate_.size_bytes,
                          std::move(candidate_.packet));
      first.restarted = true;
      first.arrival = candidate_.arrival;
      Store(span_, number, size_bytes, std::move(packet));
      return InsertOutcome::kRestarted;
    }
    DropCandidate();
    if (!HasRoom(size_bytes)) return InsertOutcome::kDroppedForRoom;
    has_candidate_ = true;
    Fill(candidate_, number, size_bytes, std::move(packet));
    ++counters_.held;
    counters_.held_bytes += size_bytes;
    return InsertOutcome::kJumped;
  }

  // `number` will be the first after all that is held, which is due at once.
  void StartSequence(SequenceNumber number) noexcept {
    DropCandidate();
    ++counters_.restarts;
    repeats_ = 0;
    BeginAt(number);
  }
  void BeginAt(SequenceNumber number) noexcept {
    sequence_start_ = due_until_ = position_ + span_;
    number_base_ = static_cast<std::uint16_t>(
        number.value() - static_cast<std::uint16_t>(sequence_start_));
  }

  void DropCandidate() noexcept {
    if (!has_candidate_) return;
    has_candidate_ = false;
    candidate_.packet = Packet{};
    --counters_.held;
    counters_.held_bytes -= candidate_.size_bytes;
    ++counters_.jumped;
  }

  bool HasRoom(std::size_t bytes) const noexcept {
    return counters_.held < config_.max_packets && span_ + 1 < mask_ &&
           bytes <= config_.max_bytes - counters_.held_bytes;
  }

  // `offset` slots after the head, into a slot that is free.
  Slot& Store(std::size_t offset, SequenceNumber number, std::size_t size_bytes,
              Packet&& packet) noexcept {
    const std::size_t at = (head_ + offset) & mask_;
    Fill(slots_[at], number, size_bytes, std::move(packet));
    present_.Set(at);
    if (offset >= span_) {
      newest_.Set(at);
      span_ = offset + 1;
    }
    ++counters_.held;
    counters_.held_bytes += size_bytes;
    return slots_[at];
  }

  [[gnu::noinline]] bool PopFromRing(Popped& out) noexcept {
    if (span_ == 0) return false;
    out.lost_before = 0;
    if (!present_.Test(head_) && !GiveUpGap(out.lost_before)) return false;
    Empty(slots_[head_], out);
    present_.Clear(head_);
    newest_.Clear(head_);
    --counters_.held;
    counters_.held_bytes -= out.size_bytes;
    Advance(1);
    OpenLane();
    return true;
  }

  // The time when the first packet after slot `at` arrived. Packets that were
  // the newest when they came have rising numbers and rising times, so the
  // lowest of them after `at` is the first that passed it.
  Timestamp SeenAfter(std::size_t at) const noexcept {
    return slots_[newest_.FindFrom(at & mask_)].arrival;
  }
  Timestamp GapSeen() const noexcept { return SeenAfter(head_); }

  // True when the gap at the head is not worth waiting for, whatever the time.
  bool GapIsForced() const noexcept {
    return position_ < due_until_ || counters_.held >= config_.max_packets ||
           config_.max_bytes - counters_.held_bytes < largest_;
  }

  // The packet at the head is missing and others wait behind it. True when the
  // wait is over: the head is then the next packet that is there.
  bool GiveUpGap(std::uint32_t& missing) noexcept {
    const Timestamp seen = GapSeen();
    estimator_.Fade(now_);
    if (now_ < seen + estimator_.wait() && !GapIsForced()) return false;
    const std::size_t count = (present_.FindFrom(head_) - head_) & mask_;
    gaps_[next_gap_++ % kRememberedGaps] = {position_, position_ + count, seen};
    RememberGivenUp(count);
    missing = static_cast<std::uint32_t>(count);
    counters_.lost += count;
    Advance(count);
    return true;
  }

  void Advance(std::size_t count) noexcept {
    position_ += count;
    span_ -= count;
    head_ = span_ == 0 ? 0 : (head_ + count) & mask_;
  }

  // The bits say which of the last kHistory positions were given up. Those from
  // given_up_end_ on were not, whatever the bits say.
  void RememberGivenUp(std::size_t count) noexcept {
    given_up_.ClearRange(given_up_end_ % kHistory, position_ - given_up_end_);
    given_up_.SetRange(position_ % kHistory, count);
    given_up_end_ = position_ + count;
  }
  bool WasGivenUp(std::uint64_t at) const noexcept {
    return at < given_up_end_ && given_up_.Test(at % kHistory);
  }

  Lane lane_ = Lane::kClosed;
  bool started_ = false;
  bool has_candidate_ = false;
  std::uint16_t number_base_ = 0;  // of position 0
  // Positions count sequence numbers across wraps and restarts; this is the
  // head's.
  std::uint64_t position_ = 0;
  Timestamp now_ = Timestamp::MinusInfinity();
  Config config_;
  Slot lane_slot_;

  std::size_t mask_;
  std::unique_ptr<Slot[]> slots_;  // a ring; the head is the next to give out
  SequenceBits present_;           // slots with a packet
  SequenceBits newest_;            // of these, the newest of all when they came
  std::size_t head_ = 0;
  std::size_t span_ = 0;           // from the head to the newest packet
  std::uint64_t sequence_start_ = 0;  // the position of the last restart
  std::uint64_t due_until_ = 0;       // gaps before this are not waited for
  SequenceBits given_up_;
  std::uint64_t given_up_end_ = 0;
  int repeats_ = 0;          // packets in a row that repeat old numbers
  SequenceNumber repeated_;  // the last of them
  std::size_t largest_ = 0;  // packet of all
  Slot candidate_;           // far off; the next number would confirm it
  DisorderEstimator estimator_;
  std::array<Gap, kRememberedGaps> gaps_{};
  std::size_t next_gap_ = 0;
  Counters counters_;  // without those that counters() computes
};

}  // namespace mediacore::jitter

#endif  // MEDIACORE_JITTER_REORDER_BUFFER_H_
