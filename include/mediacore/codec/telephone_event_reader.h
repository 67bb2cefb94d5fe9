#ifndef MEDIACORE_CODEC_TELEPHONE_EVENT_READER_H_
#define MEDIACORE_CODEC_TELEPHONE_EVENT_READER_H_

#include <algorithm>
#include <array>

#include "mediacore/codec/encoded_frame.h"
#include "mediacore/codec/telephone_event.h"

namespace mediacore::codec {

// That an event began, or ended.
struct TelephoneEventChange {
  bool end = false;
  std::uint8_t event = 0;
  std::uint8_t volume = 0;
  RtpTimestamp rtp_timestamp;  // when the event began
  std::uint32_t duration = 0;  // in ticks, over all its segments; at the start, as far as it has come
  // Of an end: the sender said so. Otherwise another event began, or Flush() was
  // called, and `duration` is what was heard of last.
  bool end_seen = false;

  constexpr bool operator==(const TelephoneEventChange&) const = default;
};

// Tells the start and the end of each telephone event once, out of the many packets
// that report it (RFC 4733, section 2.5.2):
//
//   TelephoneEventReader reader;
//   reader.HandlePacket(packet, [](const TelephoneEventChange& change) { … });
//
// An event is known by its timestamp and number, so that the end sent three times,
// or again in redundant blocks (RFC 2198, each with its own timestamp), is one end.
// A start that is missed is told with the first report that comes, an end that is
// missed with the event that follows, or with Flush(), which the caller's timer
// calls when nothing has come for three packet times. One that lasts longer than
// 65535 ticks goes on in segments (section 2.5.1.3) and stays one event.
//
// Packets may come in any order while no more than kKept events begin meanwhile: a
// late event is told, start and end, when its end comes. What is kWindow ticks older
// than the newest is no late event but a clock that was set back; what is kFarthest
// from the oldest that is known, one that was set ahead.
//
// Memory: itself, 250 bytes; no heap. At most three changes for each report.
class TelephoneEventReader {
 public:
  static constexpr std::size_t kKept = 8;
  static constexpr std::int64_t kWindow = 8 * std::int64_t{TelephoneEvent::kMaxDuration};
  static constexpr std::int64_t kFarthest = std::int64_t{1} << 29;  // 18 hours at 8 kHz

  struct Counters {
    std::uint64_t packets = 0;
    std::uint64_t events = 0;   // told
    std::uint64_t reports = 0;  // in the packets that were read
    std::uint64_t late = 0;     // of these: older than what can be told
    std::uint64_t refused = 0;  // packets
    std::uint64_t restarts = 0;  // the clock was set: what was known is forgotten
  };

  // sink(const TelephoneEventChange&), zero or more times. False when the payload
  // is none: TelephoneEventView::Parse() says why.
  template <typename Sink>
  bool HandlePacket(const RtpPayload& packet, Sink&& sink) {
    ++counters_.packets;
    const auto view = TelephoneEventView::Parse(packet.payload);
    if (!view) {
      ++counters_.refused;
      return false;
    }
    RtpTimestamp timestamp = packet.rtp_timestamp;
    for (std::size_t i = 0; i < view->size(); ++i) {
      const TelephoneEvent report = (*view)[i];
      ++counters_.reports;
      Handle(report, timestamp, packet.marker && i == 0, sink);
      timestamp = timestamp + report.duration;
    }
    return true;
  }

  // Ends the event that goes on, if one does.
  template <typename Sink>
  void Flush(Sink&& sink) {
    if (active()) End(kept_[count_ - 1], false, sink);
  }
  // Whether an event goes on.
  bool active() const { return count_ != 0 && !kept_[count_ - 1].ended; }

  const Counters& counters() const { return counters_; }

 private:
  struct Event {
    RtpTimestamp start;
    std::uint32_t duration = 0;
    std::uint8_t event = 0;
    std::uint8_t volume = 0;
    bool ended = false;
  };

  template <typename Sink>
  void Handle(const TelephoneEvent& report, RtpTimestamp timestamp, bool marker, Sink& sink) {
    if (IsElsewhere(timestamp)) {
      ++counters_.restarts;
      Flush(sink);
      count_ = 0;
      has_forgotten_ = false;
    }
    if (Event* const known = Find(report.event, timestamp, marker)) {
      if (known->ended) return;
      const auto since = static_cast<std::uint32_t>(timestamp - known->start);
      known->duration = std::max(known->duration, since + report.duration);
      if (report.end) End(*known, true, sink);
      return;
    }
    const bool newest = count_ == 0 || timestamp.IsNewerThan(kept_[count_ - 1].start);
    if (!newest && (!report.end || (has_forgotten_ && !timestamp.IsNewerThan(forgotten_)))) {
      ++counters_.late;
      return;
    }
    if (newest) Flush(sink);
    Event event{timestamp, report.duration, report.event, report.volume, false};
    ++counters_.events;
    sink(Change(event, false));
    if (report.end) End(event, true, sink);
    Keep(event);
  }

  // Whether a timestamp belongs to another stretch of time than what is kept: what
  // wraps has an order among neighbours alone.
  bool IsElsewhere(RtpTimestamp timestamp) const {
    if (count_ == 0) return false;
    const std::int64_t since_oldest = timestamp - kept_[0].start;
    const std::int64_t since_newest = timestamp - kept_[count_ - 1].start;
    return since_newest < -kWindow || since_newest > kFarthest || since_oldest > kFarthest || since_oldest < -kFarthest;
  }

  // The same event, by its start or by that of a segment in it or after it.
  Event* Find(std::uint8_t event, RtpTimestamp timestamp, bool marker) {
    for (std::size_t i = count_; i > 0; --i) {
      Event& known = kept_[i - 1];
      if (known.event != event) continue;
      if (known.start == timestamp) return &known;
      const std::int64_t since = timestamp - known.start;
      if (marker || since <= 0 || since % TelephoneEvent::kMaxDuration != 0) continue;
      if (since <= known.duration || (i == count_ && !known.ended)) return &known;
    }
    return nullptr;
  }

  // In the order of their starts, a late one before that of the same time; the oldest
  // gives way.
  void Keep(const Event& event) {
    if (count_ == kKept) {
      has_forgotten_ = true;
      if (!event.start.IsNewerThan(kept_[0].start)) {
        forgotten_ = event.start;
        return;
      }
      forgotten_ = kept_[0].start;
      std::copy(kept_.begin() + 1, kept_.end(), kept_.begin());
      --count_;
    }
    std::size_t at = count_++;
    for (; at > 0 && !event.start.IsNewerThan(kept_[at - 1].start); --at) kept_[at] = kept_[at - 1];
    kept_[at] = event;
  }

  static TelephoneEventChange Change(const Event& event, bool end) {
    return {end, event.event, event.volume, event.start, event.duration, false};
  }
  template <typename Sink>
  static void End(Event& event, bool end_seen, Sink& sink) {
    event.ended = true;
    TelephoneEventChange change = Change(event, true);
    change.end_seen = end_seen;
    sink(change);
  }

  std::array<Event, kKept> kept_{};  // the newest last
  std::size_t count_ = 0;
  RtpTimestamp forgotten_;  // the newest that gave way
  bool has_forgotten_ = false;
  Counters counters_;
};

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_TELEPHONE_EVENT_READER_H_
