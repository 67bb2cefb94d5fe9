#ifndef MEDIACORE_TESTS_JITTER_REORDER_BUFFER_CHECKER_H_
#define MEDIACORE_TESTS_JITTER_REORDER_BUFFER_CHECKER_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "mediacore/jitter/reorder_buffer.h"

namespace mediacore::jitter {

// Uses a ReorderBuffer and knows what must hold whatever is put in: each packet
// comes out at most once, in sequence, with every hole told; nothing waits
// longer than max_wait; the bounds hold; the counters add up. Says in
// `failure()` what did not.
class ReorderBufferChecker {
 public:
  using Packet = std::unique_ptr<std::uint64_t>;
  using Buffer = ReorderBuffer<Packet>;

  explicit ReorderBufferChecker(const ReorderBufferConfig& config)
      : config_(config), buffer_(Buffer::Create(config).value()) {}

  InsertOutcome Insert(Timestamp now, SequenceNumber number, std::size_t size) {
    now_ = std::max(now_, now);
    const std::uint64_t id = inserted_++;
    auto packet = std::make_unique<std::uint64_t>(id);
    const InsertOutcome outcome =
        buffer_.Insert(now, number, size, std::move(packet));
    const bool refused = outcome == InsertOutcome::kDuplicate ||
                         outcome == InsertOutcome::kLate ||
                         outcome == InsertOutcome::kDroppedForRoom;
    Check((packet != nullptr) == refused, "refused packets stay the caller's");
    if (!refused) held_[id] = {number, now_, size, outcome == InsertOutcome::kJumped};
    if (outcome == InsertOutcome::kRestarted) {
      for (auto& [other, held] : held_) {
        if (held.number + 1 == number) held.aside = false;
      }
    }
    refused_ += refused;
    CheckCounters();
    return outcome;
  }

  // The number of packets that came out.
  int Drain(Timestamp now) {
    now_ = std::max(now_, now);
    int count = 0;
    Buffer::Popped popped;
    while (buffer_.Pop(now, popped)) {
      ++count;
      Check(popped.packet != nullptr, "a packet comes out whole");
      if (popped.packet == nullptr) continue;
      const auto held = held_.find(*popped.packet);
      Check(held != held_.end(), "a packet comes out once");
      if (held == held_.end()) continue;
      Check(held->second.number == popped.sequence_number &&
                held->second.arrival == popped.arrival &&
                held->second.size == popped.size_bytes,
            "a packet comes out with what it came in with");
      held_.erase(held);
      if (last_ && !popped.restarted) {
        Check(popped.sequence_number == *last_ + 1 + popped.lost_before,
              "sequence numbers follow each other, but for what is lost");
      }
      if (!last_ || popped.restarted) {
        Check(popped.lost_before == 0, "nothing is lost before the first");
      }
      last_ = popped.sequence_number;
      lost_ += popped.lost_before;
      ++delivered_;
    }
    Check(buffer_.NextTimeout() > now_ || now_ == Timestamp::PlusInfinity(),
          "nothing is due after everything that is due came out");
    for (const auto& [id, held] : held_) {
      Check(held.aside || held.arrival + config_.max_wait > now_ ||
                now_ == Timestamp::PlusInfinity(),
            "nothing waits longer than max_wait");
    }
    CheckCounters();
    return count;
  }

  void Flush() {
    buffer_.Flush();
    for (auto it = held_.begin(); it != held_.end();) {
      it = it->second.aside ? held_.erase(it) : std::next(it);
    }
    CheckCounters();
  }
  // Another stream follows, when all that is held has come out.
  void Restart() {
    Flush();
    buffer_.Restart();
    Drain(now_);
    Check(buffer_.counters().held == 0, "nothing is held after a restart");
    last_.reset();
  }
  // Ends the stream: all that is held comes out.
  void Finish() {
    Flush();
    Drain(now_);
    Check(buffer_.counters().held == 0, "nothing is held after the end");
    Check(buffer_.NextTimeout() == Timestamp::PlusInfinity(),
          "nothing is awaited after the end");
  }

  const Buffer& buffer() const { return buffer_; }
  ReorderBufferCounters counters() const { return buffer_.counters(); }
  const char* failure() const { return failure_; }  // nullptr: none

 private:
  struct Held {
    SequenceNumber number;
    Timestamp arrival = Timestamp::MinusInfinity();
    std::size_t size = 0;
    bool aside = false;  // a jump that nothing has confirmed yet
  };

  void Check(bool holds, const char* what) {
    if (!holds && failure_ == nullptr) failure_ = what;
  }
  void CheckCounters() {
    const ReorderBufferCounters c = buffer_.counters();
    std::uint64_t bytes = 0;
    std::uint64_t aside = 0;
    for (const auto& [id, held] : held_) {
      bytes += held.size;
      aside += held.aside;
    }
    // Of those set aside, all but the last have been dropped.
    for (auto it = held_.begin(); aside > c.held + aside - held_.size();) {
      if (!it->second.aside) {
        ++it;
        continue;
      }
      bytes -= it->second.size;
      --aside;
      it = held_.erase(it);
      if (it == held_.end()) break;
    }
    Check(c.held == held_.size() && c.held_bytes == bytes, "held is what is held");
    Check(c.held <= config_.max_packets && c.held_bytes <= config_.max_bytes,
          "the bounds hold");
    Check(c.received == inserted_, "received is what was put in");
    Check(c.delivered == delivered_, "delivered is what came out");
    Check(c.lost >= lost_ && c.lost - lost_ <= 65'536, "lost is what was told");
    Check(c.expected == c.delivered + c.lost, "expected = delivered + lost");
    Check(c.duplicates + c.late + c.dropped_for_room == refused_,
          "each refused packet has one reason");
    Check(c.received == c.delivered + c.duplicates + c.late + c.jumped +
                            c.dropped_for_room + c.held,
          "every received packet is accounted for");
  }

  ReorderBufferConfig config_;
  Buffer buffer_;
  Timestamp now_ = Timestamp::MinusInfinity();
  std::map<std::uint64_t, Held> held_;
  std::optional<SequenceNumber> last_;
  std::uint64_t inserted_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint64_t lost_ = 0;
  const char* failure_ = nullptr;
};

}  // namespace mediacore::jitter

#endif  // MEDIACORE_TESTS_JITTER_REORDER_BUFFER_CHECKER_H_
