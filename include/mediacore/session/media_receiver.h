#ifndef MEDIACORE_SESSION_MEDIA_RECEIVER_H_
#define MEDIACORE_SESSION_MEDIA_RECEIVER_H_

#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

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
  Codec codec = Codec::kUnknown;  // kH264, kAac or kOpus
  PayloadType payload_type;
  std::optional<Ssrc> ssrc;    // only this source; unset: see MediaReceiver
  codec::AacPacketFormat aac;  // from the fmtp line
  jitter::ReorderBufferConfig reorder;
  std::size_t max_frame_bytes = 4 << 20;
  // When another source takes over.
  TimeDelta source_silence = TimeDelta::Millis(300);
  int probation = 8;
};

struct MediaReceiverCounters {
  std::uint64_t malformed = 0;           // not an RTP packet
  std::uint64_t other_payload_type = 0;  // comfort noise, FEC, …
  std::uint64_t other_source = 0;        // an SSRC that is not (yet) the source
  std::uint64_t not_polled = 0;  // came while the old source's frames waited
  std::uint64_t empty = 0;       // padding only
  std::uint64_t payload_errors = 0;  // refused by the depacketiser
  std::uint64_t frames = 0;
  std::uint64_t key_frames = 0;
  std::uint64_t source_changes = 0;
  std::uint64_t rtcp_malformed = 0;
  std::uint64_t sender_reports = 0;
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

template <typename Packet>
struct HeldPacket {
  HeldPacket() : view(*rtp::PacketView::Parse(kEmptyPacket)) {}
  HeldPacket(const rtp::PacketView& v, Packet p)
      : view(v), packet(std::move(p)) {}
  rtp::PacketView view;
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
// Poll until empty after every other call.
//
// `Packet` is the caller's move-only handle of one datagram with
// `Bytes bytes() const`; the bytes stay where they are when the handle moves.
//
// Which source: the first SSRC with the right payload type. Another takes its
// place when the first has said BYE, has been silent for `source_silence`, or
// when `probation` packets in a row have come from the other and none from the
// first. Nothing is kept for strangers, so they cost no memory.
//
// Memory: Config::max_frame_bytes and a reorder buffer, all taken in Create().
// Threads: one at a time.
template <typename Packet>
class MediaReceiver {
 public:
  using Config = MediaReceiverConfig;
  using Counters = MediaReceiverCounters;

  static absl::StatusOr<MediaReceiver> Create(const Config& config) {
    if (config.codec != Codec::kH264 && config.codec != Codec::kAac &&
        config.codec != Codec::kOpus) {
      return absl::InvalidArgumentError(
          absl::StrCat("MediaReceiver::Config::codec is ",
                       std::string(ToString(config.codec)),
                       ", allowed: H264, AAC, opus"));
    }
    if (config.max_frame_bytes < 2048) {
      return absl::InvalidArgumentError(
          absl::StrCat("MediaReceiver::Config::max_frame_bytes is ",
                       config.max_frame_bytes, ", allowed: 2048 or more"));
    }
    if (config.probation < 1) {
      return absl::InvalidArgumentError(
          absl::StrCat("MediaReceiver::Config::probation is ", config.probation,
                       ", allowed: 1 or more"));
    }
    auto reorder = Reorder::Create(config.reorder);
    if (!reorder.ok()) return reorder.status();
    return MediaReceiver(config, *std::move(reorder));
  }

  // SPS and PPS from outside the stream (sprop-parameter-sets, decoded).
  void AddParameterSet(Bytes nal) {
    if (auto* h264 = std::get_if<codec::H264Depacketizer>(&depacketizer_)) {
      h264->AddParameterSet(nal);
    }
  }

  // One datagram of RTP.
  void HandleRtp(Timestamp now, Packet packet) {
    const auto view = rtp::PacketView::Parse(packet.bytes());
    if (!view) {
      ++counters_.malformed;
    } else if (view->payload_type() != config_.payload_type) {
      ++counters_.other_payload_type;
    } else if (pending_) {
      ++counters_.not_polled;
    } else if (source_ != view->ssrc() && !TakesOver(now, *view)) {
      ++counters_.other_source;
    } else if (source_ == view->ssrc()) {
      strangers_in_a_row_ = 0;
      last_packet_ = now;
      Insert(now, *view, std::move(packet));
    } else {  // the old one's packets come out first
      reorder_.Flush();
      pending_.emplace(*view, std::move(packet));
      pending_arrival_ = now;
    }
  }

  // One datagram of RTCP, compound or reduced-size.
  void HandleRtcp(Timestamp now, Bytes datagram) {
    const auto compound =
        rtcp::CompoundView::Parse(datagram, {.reduced_size = true});
    if (!compound) {
      ++counters_.rtcp_malformed;
      return;
    }
    for (const rtcp::BlockView& block : *compound) {
      if (const auto report = rtcp::SenderReportView::Parse(block)) {
        HandleSenderReport(now, *report);
      } else if (const auto bye = rtcp::ByeView::Parse(block)) {
        for (int i = 0; i < bye->ssrc_count(); ++i) {
          if (source_ != bye->ssrc(i) || said_bye_) continue;
          ++counters_.byes;
          said_bye_ = bye_event_ = true;
        }
      }
    }
  }

  // The stream ends: what is held comes out at once.
  void HandleEnd() {
    reorder_.Flush();
    ended_ = true;
  }

  [[nodiscard]] bool PollEvent(Timestamp now, MediaEvent& out) {
    for (;;) {
      if (PollFrame(out)) return true;
      if (report_) {
        out = {.kind = MediaEvent::Kind::kSenderReport,
               .arrival = report_->arrival,
               .frame = {},
               .ntp = report_->ntp,
               .rtp = report_->rtp};
        report_.reset();
        return true;
      }
      if (reorder_.Pop(now, popped_)) {
        Depacketize();
        continue;
      }
      if (pending_) {
        if (!flushed_) {
          flushed_ = true;
          std::visit([](auto& d) { d.Flush(); }, depacketizer_);
          continue;
        }
        BeginSource(pending_->view.ssrc());
        Insert(pending_arrival_, pending_->view, std::move(pending_->packet));
        pending_.reset();
        out = {};
        out.kind = MediaEvent::Kind::kRestart;
        out.arrival = now;
        return true;
      }
      if (ended_ && !flushed_) {
        flushed_ = true;
        std::visit([](auto& d) { d.Flush(); }, depacketizer_);
        continue;
      }
      if (bye_event_) {
        bye_event_ = false;
        out = {};
        out.kind = MediaEvent::Kind::kBye;
        out.arrival = now;
        return true;
      }
      return false;
    }
  }

  Timestamp NextTimeout() const {
    return pending_ || report_ ? last_packet_ : reorder_.NextTimeout();
  }

  const Counters& counters() const { return counters_; }
  jitter::ReorderBufferCounters reorder_counters() const {
    return reorder_.counters();
  }
  std::optional<Ssrc> source() const { return source_; }

 private:
  using Held = internal::HeldPacket<Packet>;
  struct Report {
    Timestamp arrival;
    NtpTime ntp;
    RtpTimestamp rtp;
  };
  using Reorder = jitter::ReorderBuffer<Held>;
  using AnyDepacketizer =
      std::variant<codec::H264Depacketizer, codec::AacDepacketizer,
                   codec::OpusDepacketizer>;

  MediaReceiver(const Config& config, Reorder reorder)
      : config_(config),
        storage_(std::make_unique<std::uint8_t[]>(config.max_frame_bytes)),
        depacketizer_(MakeDepacketizer()),
        reorder_(std::move(reorder)),
        source_(config.ssrc) {}

  AnyDepacketizer MakeDepacketizer() const {
    const MutableBytes storage(storage_.get(), config_.max_frame_bytes);
    switch (config_.codec) {
      case Codec::kAac: return codec::AacDepacketizer(storage, config_.aac);
      case Codec::kOpus: return codec::OpusDepacketizer(storage);
      default: return codec::H264Depacketizer(storage);
    }
  }

  // Whether a packet that is not of the source begins a new one.
  bool TakesOver(Timestamp now, const rtp::PacketView& view) {
    if (config_.ssrc) return false;
    if (!source_) {
      BeginSource(view.ssrc());
      return true;
    }
    const bool next = strangers_in_a_row_ > 0 && stranger_ == view.ssrc() &&
                      view.sequence_number() == stranger_number_ + 1;
    strangers_in_a_row_ = next ? strangers_in_a_row_ + 1 : 1;
    stranger_ = view.ssrc();
    stranger_number_ = view.sequence_number();
    return said_bye_ || now - last_packet_ >= config_.source_silence ||
           strangers_in_a_row_ >= config_.probation;
  }

  void BeginSource(Ssrc ssrc) {
    if (source_) ++counters_.source_changes;
    source_ = ssrc;
    said_bye_ = bye_event_ = flushed_ = false;
    strangers_in_a_row_ = 0;
    report_.reset();
  }

  void Insert(Timestamp now, const rtp::PacketView& view, Packet packet) {
    last_packet_ = now;
    reorder_.Insert(now, view.sequence_number(), view.size(),
                    Held(view, std::move(packet)));
  }

  void Depacketize() {
    const rtp::PacketView& view = popped_.packet.view;
    if (view.payload().empty()) ++counters_.empty;
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
    if (!fine) ++counters_.payload_errors;
    if (payload.rtp_timestamp != frame_timestamp_ || !frame_started_) {
      frame_started_ = true;
      previous_arrival_ = frame_arrival_;
      previous_timestamp_ = frame_timestamp_;
      frame_timestamp_ = payload.rtp_timestamp;
      frame_arrival_ = popped_.arrival;
    }
  }

  bool PollFrame(MediaEvent& out) {
    if (!std::visit([&](auto& d) { return d.PollFrame(out.frame); },
                    depacketizer_)) {
      return false;
    }
    ++counters_.frames;
    counters_.key_frames += out.frame.key_frame ? 1 : 0;
    out.kind = MediaEvent::Kind::kFrame;
    out.arrival = out.frame.rtp_timestamp == previous_timestamp_
                      ? previous_arrival_
                      : frame_arrival_;
    return true;
  }

  void HandleSenderReport(Timestamp now, const rtcp::SenderReportView& report) {
    // Before the first packet nobody knows whose report it is.
    if (source_ != report.sender_ssrc() || !report.ntp_time().IsSet()) return;
    ++counters_.sender_reports;
    report_ = {now, report.ntp_time(), report.rtp_timestamp()};
  }

  Config config_;
  std::unique_ptr<std::uint8_t[]> storage_;
  AnyDepacketizer depacketizer_;
  Reorder reorder_;
  typename Reorder::Popped popped_;
  std::optional<Ssrc> source_;
  Timestamp last_packet_ = Timestamp::MinusInfinity();
  bool said_bye_ = false;
  bool bye_event_ = false;
  bool ended_ = false;
  bool flushed_ = false;

  Ssrc stranger_;
  SequenceNumber stranger_number_;
  int strangers_in_a_row_ = 0;
  std::optional<Held> pending_;  // the first packet of the next source
  Timestamp pending_arrival_ = Timestamp::MinusInfinity();

  std::optional<Report> report_;
  bool frame_started_ = false;
  RtpTimestamp frame_timestamp_;
  RtpTimestamp previous_timestamp_;
  Timestamp frame_arrival_ = Timestamp::MinusInfinity();
  Timestamp previous_arrival_ = Timestamp::MinusInfinity();
  Counters counters_;
};

}  // namespace mediacore::session

#endif  // MEDIACORE_SESSION_MEDIA_RECEIVER_H_
