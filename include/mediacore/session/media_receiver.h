#ifndef MEDIACORE_SESSION_MEDIA_RECEIVER_H_
#define MEDIACORE_SESSION_MEDIA_RECEIVER_H_

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "mediacore/base/identifiers.h"
#include "mediacore/base/ntp_time.h"
#include "mediacore/codec/depacketizer.h"
#include "mediacore/jitter/reorder_buffer.h"
#include "mediacore/rtcp/bye.h"
#include "mediacore/rtcp/compound.h"
#include "mediacore/rtcp/sender_report.h"
#include "mediacore/rtp/packet_view.h"

namespace mediacore::session {

struct MediaReceiverConfig {
  // kH264, kH265, kVp8, kVp9, kAv1, kAac, kOpus, kPcmu, kPcma or kG722.
  Codec codec = Codec::kUnknown;
  PayloadType payload_type;
  std::optional<Ssrc> ssrc;    // only this source; unset: see MediaReceiver
  codec::AacPacketFormat aac;  // from the fmtp line
  int channels = 1;            // G.711, G.722
  jitter::ReorderBufferConfig reorder;
  std::size_t max_frame_bytes = 4 << 20;  // 2048 to 2^30
  // When another source takes over. Longer than the pauses that a source makes
  // (Opus with DTX: 400 ms).
  TimeDelta source_silence = TimeDelta::Millis(500);
  int probation = 8;
};

// Always: packets = malformed + other_payload_type + other_source + not_polled +
// after_end + `received` of reorder_counters(), and one more while the first
// packet of another source waits for PollEvent(). Of what the reorder buffer
// delivered, `empty` and `payload_errors` say what brought nothing to a frame.
struct MediaReceiverCounters {
  std::uint64_t packets = 0;             // calls of HandleRtp()
  std::uint64_t malformed = 0;           // not an RTP packet
  std::uint64_t other_payload_type = 0;  // comfort noise, FEC, …
  std::uint64_t other_source = 0;        // an SSRC that is not (yet) the source
  std::uint64_t not_polled = 0;  // came while the old source's frames waited
  std::uint64_t after_end = 0;   // came after HandleEnd()
  std::uint64_t empty = 0;       // padding only
  std::uint64_t payload_errors = 0;  // refused by the depacketiser
  std::uint64_t frames = 0;
  std::uint64_t key_frames = 0;
  std::uint64_t dropped_incomplete = 0;  // frames of which something is missing
  std::uint64_t dropped_too_large = 0;   // frames above max_frame_bytes
  std::uint64_t without_picture = 0;     // parameter sets or SEI alone
  std::uint64_t source_changes = 0;
  std::uint64_t rtcp_malformed = 0;  // datagrams, and blocks of the two kinds
  std::uint64_t sender_reports = 0;  // of the source, with a wall clock
  std::uint64_t byes = 0;
};

// What came out of a stream, in the order in which it is to be used.
struct MediaEvent {
  enum class Kind : std::uint8_t {
    kFrame,         // `frame`, whose first packet came at `arrival`
    kSenderReport,  // `ntp` and `rtp` are the same moment
    kRestart,       // what follows is of another source: new time base
    kBye,           // the source said that it leaves
  };
  Kind kind = Kind::kFrame;
  Timestamp arrival = Timestamp::MinusInfinity();
  codec::EncodedFrame frame;  // good until the next call of the receiver
  NtpTime ntp;
  RtpTimestamp rtp;
};

namespace internal {
inline constexpr std::array<std::uint8_t, 12> kEmptyPacket = {0x80};
inline constexpr rtp::PacketView kEmptyView =
    *rtp::PacketView::Parse(kEmptyPacket);

template <typename Packet>
struct HeldPacket {
  HeldPacket() = default;
  HeldPacket(const rtp::PacketView& v, Packet p)
      : view(v), packet(std::move(p)) {}
  rtp::PacketView view = kEmptyView;
  Packet packet{};
};
}  // namespace internal

// One medium of an RTP session, from packets to frames: parses, keeps to one
// source, puts packets in order, depacketises, reads sender reports.
//
//   receiver.HandleRtp(now, packet);
//   for (MediaEvent event; receiver.PollEvent(now, event);) Use(event);
//   timer.SetDeadline(receiver.NextTimeout());
//
// Poll until empty after every other call. Who does not loses, when the source
// changes, the packets that come before the poll (`not_polled`), and of several
// sender reports all but the last.
//
// `Packet` is the caller's move-only handle of one datagram with
// `Bytes bytes() const`; the bytes stay where they are when the handle moves.
// It is let go as soon as its payload is copied.
//
// Which source: the first SSRC with the right payload type. Another takes its
// place when the first has said BYE, has been silent for `source_silence`, or
// when `probation` packets in a row have come from the other and none from the
// first. The first itself begins anew when it comes back from BYE and silence;
// when it just goes on, its BYE is void. Each of these is a kRestart, after
// everything of the old source; the very first source is none. The packet that
// decides is the new source's first. Nothing is kept of strangers but the last
// sender report of four of them: one may become the source (or is it already,
// and the report came first).
//
// A sender report comes out after the first frame of its source, kBye when no
// packet is waited for any more. A clock that steps back stands still.
//
// Memory: MaxMemory(config), all taken in Create(); one packet besides those
// that the reorder buffer holds. Threads: one at a time.
template <typename Packet>
class MediaReceiver {
 public:
  using Config = MediaReceiverConfig;
  using Counters = MediaReceiverCounters;

  static absl::StatusOr<MediaReceiver> Create(const Config& config) {
    if (!IsReceived(config.codec)) {
      return Refuse("codec", std::string(ToString(config.codec)),
                    "H264, H265, VP8, VP9, AV1, AAC, opus, PCMU, PCMA, G722");
    }
    if (config.channels < 1 || config.channels > 255) {
      return Refuse("channels", config.channels, "1 to 255");
    }
    if (config.max_frame_bytes < 2048 ||
        config.max_frame_bytes > std::size_t{1} << 30) {
      return Refuse("max_frame_bytes", config.max_frame_bytes,
                    "2048 to 1073741824");
    }
    if (config.source_silence <= TimeDelta::Zero()) {
      return Refuse("source_silence", config.source_silence.us(),
                    "1 us or more");
    }
    if (config.probation < 1) {
      return Refuse("probation", config.probation, "1 or more");
    }
    auto reorder = Reorder::Create(config.reorder);
    if (!reorder.ok()) return reorder.status();
    return MediaReceiver(config, *std::move(reorder));
  }

  // Without what the packets' handles stand for.
  static std::size_t MaxMemory(const Config& config) {
    return sizeof(MediaReceiver) - sizeof(Reorder) + config.max_frame_bytes +
           Reorder::MaxMemory(config.reorder);
  }

  // Parameter sets from outside the stream (sprop-parameter-sets, sprop-vps and so
  // on, decoded); of no use to codecs that have none.
  void AddParameterSet(Bytes nal) {
    std::visit(
        [&](auto& d) {
          if constexpr (requires { d.AddParameterSet(nal); }) d.AddParameterSet(nal);
        },
        depacketizer_);
  }

  // One datagram of RTP.
  void HandleRtp(Timestamp now, Packet packet) {
    now_ = std::max(now_, now);
    ++counters_.packets;
    const auto view = rtp::PacketView::Parse(packet.bytes());
    if (!view) {
      ++counters_.malformed;
    } else if (view->payload_type() != config_.payload_type) {
      ++counters_.other_payload_type;
    } else if (ended_) {
      ++counters_.after_end;
    } else if (pending_) {
      ++counters_.not_polled;
    } else if (source_ == view->ssrc() && !ComesBack()) {
      strangers_in_a_row_ = 0;
      Insert(*view, std::move(packet));
    } else if (!source_) {
      BeginSource(view->ssrc());
      Insert(*view, std::move(packet));
    } else if (source_ == view->ssrc() || TakesOver(*view)) {
      reorder_.Restart();  // the old one's packets come out first
      pending_.emplace(*view, std::move(packet));
      pending_arrival_ = now_;
    } else {
      ++counters_.other_source;
    }
  }

  // One datagram of RTCP, compound or reduced-size.
  void HandleRtcp(Timestamp now, Bytes datagram) {
    now_ = std::max(now_, now);
    const auto compound =
        rtcp::CompoundView::Parse(datagram, {.reduced_size = true});
    if (!compound) {
      ++counters_.rtcp_malformed;
      return;
    }
    for (const rtcp::BlockView block : *compound) {
      if (block.packet_type() == rtcp::kSenderReport) {
        const auto report = rtcp::SenderReportView::Parse(block);
        if (report) HandleSenderReport(*report);
        counters_.rtcp_malformed += report ? 0 : 1;
      } else if (block.packet_type() == rtcp::kGoodbye) {
        const auto bye = rtcp::ByeView::Parse(block);
        if (bye) HandleBye(*bye);
        counters_.rtcp_malformed += bye ? 0 : 1;
      }
    }
  }

  // The stream ends: what is held comes out at once, what comes is dropped.
  void HandleEnd() {
    reorder_.Flush();
    ended_ = true;
  }

  [[nodiscard]] bool PollEvent(Timestamp now, MediaEvent& out) {
    now_ = std::max(now_, now);
    more_ = true;
    for (;;) {
      if (PollFrame(out)) return true;
      if (ReportIsDue()) {
        out = {MediaEvent::Kind::kSenderReport, report_->arrival, {},
               report_->ntp, report_->rtp};
        report_.reset();
        return true;
      }
      if (reorder_.Pop(now_, popped_)) {
        Depacketize();
        continue;
      }
      if ((pending_ || ended_) && !flushed_) {
        flushed_ = asks_for_frames_ = true;
        std::visit([](auto& d) { d.Flush(); }, depacketizer_);
        continue;
      }
      if (ByeIsDue()) {
        bye_due_ = false;
        out = {MediaEvent::Kind::kBye, bye_at_, {}, {}, {}};
        return true;
      }
      if (pending_) {
        ++counters_.source_changes;
        BeginSource(pending_->view.ssrc());
        Insert(pending_->view, std::move(pending_->packet));
        pending_.reset();
        out = {MediaEvent::Kind::kRestart, pending_arrival_, {}, {}, {}};
        return true;
      }
      more_ = false;
      return false;
    }
  }

  // When to call PollEvent() next: a time not after the last `now` when there
  // is something already, PlusInfinity() when only a datagram can change
  // anything.
  Timestamp NextTimeout() const {
    const bool due = more_ || pending_ || (ended_ && !flushed_) ||
                     ReportIsDue() || ByeIsDue();
    return due ? now_ : reorder_.NextTimeout();
  }

  Counters counters() const {
    Counters out = counters_;
    std::visit(
        [&](const auto& d) {
          const auto& c = d.counters();
          out.dropped_too_large = c.dropped_too_large;
          if constexpr (requires { c.dropped_incomplete; }) {
            out.dropped_incomplete = c.dropped_incomplete;
          }
          if constexpr (requires { c.without_picture; }) {
            out.without_picture = c.without_picture;
          }
        },
        depacketizer_);
    return out;
  }
  // Of all sources together.
  jitter::ReorderBufferCounters reorder_counters() const {
    return reorder_.counters();
  }
  // visit(std::string_view cause, std::uint64_t packets) for each cause for which
  // the depacketiser refused packets; they add up to counters().payload_errors.
  template <typename Visit>
  void ForEachPayloadError(Visit&& visit) const {
    std::visit(
        [&](const auto& depacketizer) {
          using Error = typename std::decay_t<decltype(depacketizer)>::Error;
          const auto& errors = depacketizer.counters().errors;
          for (std::size_t i = 1; i < errors.size(); ++i) {
            if (errors[i] > 0) visit(ToString(static_cast<Error>(i)), errors[i]);
          }
        },
        depacketizer_);
  }
  std::optional<Ssrc> source() const { return source_; }

 private:
  using Held = internal::HeldPacket<Packet>;
  struct Report {
    Ssrc sender;
    Timestamp arrival = Timestamp::MinusInfinity();
    NtpTime ntp;
    RtpTimestamp rtp;
  };
  using Reorder = jitter::ReorderBuffer<Held>;
  using AnyDepacketizer = std::variant<codec::H264Depacketizer, codec::H265Depacketizer, codec::Vp8Depacketizer,
                                       codec::Vp9Depacketizer, codec::Av1Depacketizer, codec::AacDepacketizer,
                                       codec::OpusDepacketizer, codec::SampleAudioDepacketizer>;
  // A report of a stranger older than this says nothing any more.
  static constexpr TimeDelta kReportAge = TimeDelta::Seconds(10);

  template <typename T>
  static absl::Status Refuse(const char* field, T value, const char* allowed) {
    return absl::InvalidArgumentError(
        absl::StrCat("MediaReceiver::Config::", field, " is ", value,
                     ", allowed: ", allowed));
  }

  MediaReceiver(const Config& config, Reorder reorder)
      : config_(config),
        storage_(std::make_unique_for_overwrite<std::uint8_t[]>(
            config.max_frame_bytes)),
        depacketizer_(MakeDepacketizer()),
        reorder_(std::move(reorder)),
        source_(config.ssrc) {}

  static constexpr bool IsReceived(Codec codec) {
    switch (codec) {
      case Codec::kH264:
      case Codec::kH265:
      case Codec::kVp8:
      case Codec::kVp9:
      case Codec::kAv1:
      case Codec::kAac:
      case Codec::kOpus:
      case Codec::kPcmu:
      case Codec::kPcma:
      case Codec::kG722: return true;
      default: return false;
    }
  }
  AnyDepacketizer MakeDepacketizer() const {
    const MutableBytes storage(storage_.get(), config_.max_frame_bytes);
    switch (config_.codec) {
      case Codec::kH265: return codec::H265Depacketizer(storage);
      case Codec::kVp8: return codec::Vp8Depacketizer(storage);
      case Codec::kVp9: return codec::Vp9Depacketizer(storage);
      case Codec::kAv1: return codec::Av1Depacketizer(storage);
      case Codec::kAac: return codec::AacDepacketizer(storage, config_.aac);
      case Codec::kOpus: return codec::OpusDepacketizer(storage);
      case Codec::kPcmu:
      case Codec::kPcma:
      case Codec::kG722:
        return codec::SampleAudioDepacketizer(storage, {config_.codec, static_cast<std::uint8_t>(config_.channels)});
      default: return codec::H264Depacketizer(storage);
    }
  }

  // Whether a packet of the source itself comes after its end.
  bool ComesBack() {
    if (!said_bye_ || !last_packet_.IsFinite()) return false;
    if (now_ - last_packet_ >= config_.source_silence) return true;
    if (now_ - bye_at_ >= config_.source_silence) said_bye_ = false;
    return false;
  }

  // Whether a stranger's packet makes it the source.
  bool TakesOver(const rtp::PacketView& view) {
    if (config_.ssrc) return false;
    const bool next = strangers_in_a_row_ > 0 && stranger_ == view.ssrc() &&
                      view.sequence_number() == stranger_number_ + 1;
    strangers_in_a_row_ = next ? strangers_in_a_row_ + 1 : 1;
    stranger_ = view.ssrc();
    stranger_number_ = view.sequence_number();
    return said_bye_ || now_ - last_packet_ >= config_.source_silence ||
           strangers_in_a_row_ >= config_.probation;
  }

  void BeginSource(Ssrc ssrc) {
    source_ = ssrc;
    said_bye_ = flushed_ = has_frame_ = frame_started_ = false;
    strangers_in_a_row_ = 0;
    report_.reset();
    for (const Report& early : early_reports_) {
      if (early.sender == ssrc && early.ntp.IsSet() &&
          now_ - early.arrival <= kReportAge) {
        KeepReport(early);
      }
    }
    early_reports_ = {};
  }

  void Insert(const rtp::PacketView& view, Packet packet) {
    last_packet_ = now_;
    reorder_.Insert(now_, view.sequence_number(), view.size(),
                    Held(view, std::move(packet)));
  }

  void Depacketize() {
    const rtp::PacketView& view = popped_.packet.view;
    const codec::RtpPayload payload = {
        .rtp_timestamp = view.timestamp(),
        .marker = view.marker(),
        .lost_before = popped_.lost_before > 0 || popped_.restarted,
        .payload = view.payload()};
    const bool fine = std::visit(
        [&](auto& d) {
          const auto error = d.HandlePacket(payload);
          return error == decltype(error)::kNone;
        },
        depacketizer_);
    counters_.payload_errors += fine ? 0 : 1;
    asks_for_frames_ = true;
    if (payload.payload.empty()) {
      ++counters_.empty;
    } else if (payload.rtp_timestamp != frame_timestamp_ || !frame_started_) {
      frame_started_ = true;
      previous_arrival_ = frame_arrival_;
      previous_timestamp_ = frame_timestamp_;
      frame_timestamp_ = payload.rtp_timestamp;
      frame_arrival_ = popped_.arrival;
    }
    popped_.packet = Held();  // the caller's handle goes back
  }

  bool PollFrame(MediaEvent& out) {
    if (!asks_for_frames_) return false;
    asks_for_frames_ = std::visit([&](auto& d) { return d.PollFrame(out.frame); }, depacketizer_);
    if (!asks_for_frames_) return false;
    ++counters_.frames;
    counters_.key_frames += out.frame.key_frame ? 1 : 0;
    has_frame_ = true;
    out.kind = MediaEvent::Kind::kFrame;
    const bool previous = out.frame.rtp_timestamp != frame_timestamp_ &&
                          out.frame.rtp_timestamp == previous_timestamp_;
    out.arrival = previous ? previous_arrival_ : frame_arrival_;
    return true;
  }

  void HandleSenderReport(const rtcp::SenderReportView& view) {
    if (!view.ntp_time().IsSet()) return;
    const Report report = {view.sender_ssrc(), now_, view.ntp_time(),
                           view.rtp_timestamp()};
    if (source_ == report.sender && !pending_) {
      KeepReport(report);
      return;
    }
    Report* place = &early_reports_[0];  // its own, or the oldest
    for (Report& early : early_reports_) {
      if (early.sender == report.sender && early.ntp.IsSet()) {
        place = &early;
        break;
      }
      if (early.arrival < place->arrival) place = &early;
    }
    *place = report;
  }
  void KeepReport(const Report& report) {
    ++counters_.sender_reports;
    report_ = report;
  }
  bool ReportIsDue() const { return report_ && has_frame_; }

  void HandleBye(const rtcp::ByeView& bye) {
    for (int i = 0; i < bye.ssrc_count(); ++i) {
      if (source_ != bye.ssrc(i) || said_bye_ || pending_) continue;
      ++counters_.byes;
      said_bye_ = bye_due_ = true;
      bye_at_ = now_;
    }
  }
  bool ByeIsDue() const {
    return bye_due_ && reorder_.NextTimeout() == Timestamp::PlusInfinity();
  }

  Config config_;
  std::unique_ptr<std::uint8_t[]> storage_;
  AnyDepacketizer depacketizer_;
  bool asks_for_frames_ = false;  // it was given something since it had none
  Reorder reorder_;
  typename Reorder::Popped popped_;
  Timestamp now_ = Timestamp::MinusInfinity();
  bool more_ = false;     // the last PollEvent() gave something
  bool ended_ = false;
  bool flushed_ = false;  // the depacketiser, since the source ended

  std::optional<Ssrc> source_;
  Timestamp last_packet_ = Timestamp::MinusInfinity();
  bool has_frame_ = false;  // of the source
  bool said_bye_ = false;
  bool bye_due_ = false;
  Timestamp bye_at_ = Timestamp::MinusInfinity();

  Ssrc stranger_;
  SequenceNumber stranger_number_;
  int strangers_in_a_row_ = 0;
  std::optional<Held> pending_;  // the first packet of the next source
  Timestamp pending_arrival_ = Timestamp::MinusInfinity();

  std::optional<Report> report_;          // of the source, to be given out
  std::array<Report, 4> early_reports_{};  // of strangers
  // The frame that the packets are of, and the one before.
  bool frame_started_ = false;
  RtpTimestamp frame_timestamp_;
  RtpTimestamp previous_timestamp_;
  Timestamp frame_arrival_ = Timestamp::MinusInfinity();
  Timestamp previous_arrival_ = Timestamp::MinusInfinity();
  Counters counters_;  // without those that counters() computes
};

}  // namespace mediacore::session

#endif  // MEDIACORE_SESSION_MEDIA_RECEIVER_H_
