#include "hls_packager.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include <nlohmann/json.hpp>

#include "exit_code.h"

namespace mediacore::tools {
namespace {

segment::Config SegmentConfig(const std::vector<StreamPlan>& streams,
                              const HlsPackager::Options& options) {
  segment::Config config = options.segment;
  int videos = 0;
  int audios = 0;
  for (const StreamPlan& stream : streams) {
    segment::TrackConfig& track = config.tracks.emplace_back();
    track.codec = stream.codec;
    track.clock_rate = stream.clock_rate;
    track.channels = stream.channels;
    track.variant = stream.variant;
    track.parameter_sets = stream.parameter_sets;
    track.audio_config = stream.audio_config;
    const bool video = IsVideo(stream.codec);
    const int number = video ? videos++ : audios++;
    track.name = options.track_prefix + (video ? "video" : "audio") +
                 (video || number > 0 ? std::to_string(number) : "");
  }
  return config;
}

segment::Segmenter MakeSegmenter(const segment::Config& config) {
  auto segmenter = segment::Segmenter::Create(config);
  if (!segmenter.ok()) {
    throw Failure(ExitCode::kBadInput, std::string(segmenter.status().message()));
  }
  return *std::move(segmenter);
}

}  // namespace

HlsPackager::HlsPackager(std::vector<StreamPlan> streams, const Options& options)
    : streams_(std::move(streams)),
      directory_(options.directory),
      store_(options.store),
      max_stored_bytes_(options.max_stored_bytes),
      segmenter_(MakeSegmenter(SegmentConfig(streams_, options))),
      bytes_(streams_.size()),
      line_bytes_(streams_.size()) {
  for (const StreamPlan& stream : streams_) {
    session::MediaReceiverConfig config;
    config.codec = stream.codec;
    config.payload_type = stream.payload_type;
    config.ssrc = stream.ssrc;
    config.aac = stream.aac;
    config.reorder = options.reorder;
    auto receiver = Receiver::Create(config);
    if (!receiver.ok()) {
      throw Failure(ExitCode::kBadInput, std::string(receiver.status().message()));
    }
    for (const auto& set : stream.parameter_sets) receiver->AddParameterSet(set);
    receivers_.push_back(*std::move(receiver));
  }
}

void HlsPackager::HandleRtp(Timestamp now, std::size_t index, Packet packet) {
  ++packets_;
  bytes_[index] += packet.bytes().size();
  receivers_[index].HandleRtp(now, std::move(packet));
  Drain(now, index);
}

void HlsPackager::HandleRtcp(Timestamp now, Bytes datagram) {
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    receivers_[i].HandleRtcp(now, datagram);
    Drain(now, i);
  }
}

void HlsPackager::Drain(Timestamp now, std::size_t index) {
  bool handled = false;
  for (session::MediaEvent event; receivers_[index].PollEvent(now, event);) {
    using Kind = session::MediaEvent::Kind;
    switch (event.kind) {
      case Kind::kFrame:
        segmenter_.HandleFrame(event.arrival, index, event.frame);
        Publish(now);
        break;
      case Kind::kSenderReport:
        segmenter_.HandleSenderReport(event.arrival, index, event.ntp, event.rtp);
        handled = true;
        break;
      case Kind::kRestart:
        segmenter_.HandleRestart(event.arrival, index);
        handled = true;
        break;
      case Kind::kBye:
        break;
    }
  }
  if (handled) Publish(now);
}

void HlsPackager::HandleTimeout(Timestamp now) {
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    if (receivers_[i].NextTimeout() <= now) Drain(now, i);
  }
  Publish(now);
  RemoveDue(now);
}

Timestamp HlsPackager::NextTimeout() const {
  Timestamp next = segmenter_.NextTimeout();
  for (const Receiver& receiver : receivers_) {
    next = std::min(next, receiver.NextTimeout());
  }
  for (const Removal& removal : removals_) next = std::min(next, removal.when);
  return next;
}

void HlsPackager::HandleEnd(Timestamp now) {
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    receivers_[i].HandleEnd();
    Drain(now, i);
  }
  segmenter_.HandleEnd(now);
  Publish(now);
}

void HlsPackager::Publish(Timestamp now) {
  using Kind = segment::Output::Kind;
  for (segment::Output output; segmenter_.PollOutput(now, output);) {
    if (output.kind == Kind::kDelete) {
      removals_.push_back({output.not_before, std::string(output.name)});
      continue;
    }
    if (directory_ != nullptr) directory_->Write(output.name, output.pieces);
    if (store_ != nullptr) {
      if (store_->total_bytes() + output.size > max_stored_bytes_) {
        throw Failure(ExitCode::kOutput,
                      "the segments kept in memory for --serve have reached " +
                          std::to_string(max_stored_bytes_ / 1'000'000) +
                          " MB (--max-memory); EVENT and VOD playlists keep all of theirs");
      }
      joined_.clear();
      for (const Bytes piece : output.pieces) {
        joined_.insert(joined_.end(), piece.begin(), piece.end());
      }
      store_->Publish(output.name, joined_, output.mime_type);
    }
    ++files_;
    output_bytes_ += output.size;
    if (output.kind == Kind::kSegment) {
      packaged_ += output.duration;
    }
  }
}

void HlsPackager::RemoveDue(Timestamp now) {
  std::erase_if(removals_, [&](const Removal& removal) {
    if (removal.when > now) return false;
    if (directory_ != nullptr) directory_->Remove(removal.name);
    if (store_ != nullptr) {
      store_->RemoveAt(removal.name, now);
      store_->RemoveDue(now);
    }
    return true;
  });
}

std::uint64_t HlsPackager::received(std::size_t index) const {
  return receivers_[index].reorder_counters().received;
}

std::uint64_t HlsPackager::other_payload_type(std::size_t index) const {
  return receivers_[index].counters().other_payload_type;
}

std::string HlsPackager::StatisticsLine(Timestamp now) {
  std::string line;
  const double seconds =
      line_at_.IsFinite() ? std::max((now - line_at_).seconds(), 1e-3) : 0;
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    const auto& reorder = receivers_[i].reorder_counters();
    const double kbps =
        seconds > 0 ? static_cast<double>(bytes_[i] - line_bytes_[i]) * 8 / 1000 / seconds : 0;
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(), "%s %llu frames %.0f kbit/s %llu lost  ",
                  std::string(ToString(streams_[i].codec)).c_str(),
                  static_cast<unsigned long long>(receivers_[i].counters().frames),
                  kbps, static_cast<unsigned long long>(reorder.lost));
    line += text.data();
    line_bytes_[i] = bytes_[i];
  }
  line_at_ = now;
  return line + std::to_string(segmenter_.counters().segments) + " segments";
}

nlohmann::json HlsPackager::Statistics() const {
  nlohmann::json json;
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    const auto& c = receivers_[i].counters();
    const auto& r = receivers_[i].reorder_counters();
    nlohmann::json stream = {
        {"codec", std::string(ToString(streams_[i].codec))},
        {"payload_type", streams_[i].payload_type.value()},
        {"port", streams_[i].port},
        {"variant", streams_[i].variant},
        {"packets", r.received},
        {"bytes", bytes_[i]},
        {"expected", r.expected},
        {"lost", r.lost},
        {"late", r.late},
        {"duplicates", r.duplicates},
        {"out_of_order", r.out_of_order},
        {"jumped", r.jumped},
        {"dropped_for_room", r.dropped_for_room},
        {"sequence_restarts", r.restarts},
        {"malformed", c.malformed},
        {"other_payload_type", c.other_payload_type},
        {"other_source", c.other_source},
        {"payload_errors", c.payload_errors},
        {"empty", c.empty},
        {"frames", c.frames},
        {"key_frames", c.key_frames},
        {"dropped_incomplete", c.dropped_incomplete},
        {"dropped_too_large", c.dropped_too_large},
        {"without_picture", c.without_picture},
        {"source_changes", c.source_changes},
        {"sender_reports", c.sender_reports},
        {"byes", c.byes},
        {"rtcp_malformed", c.rtcp_malformed},
    };
    if (const auto ssrc = receivers_[i].source()) stream["ssrc"] = ssrc->value();
    if (const auto error = segmenter_.SyncError(i)) {
      stream["sync_error_ms"] = error->seconds() * 1000;
    }
    receivers_[i].ForEachPayloadError([&](std::string_view cause, std::uint64_t packets) {
      stream["payload_error_causes"][std::string(cause)] = packets;
    });
    json["streams"].push_back(std::move(stream));
  }
  const segment::Counters& s = segmenter_.counters();
  json["segmenter"] = {
      {"frames_in", s.frames_in},
      {"frames_out", s.frames_out},
      {"dropped_before_key_frame", s.dropped_before_key_frame},
      {"dropped_malformed", s.dropped_malformed},
      {"dropped_late", s.dropped_late},
      {"dropped_outside", s.dropped_outside},
      {"dropped_overflow", s.dropped_overflow},
      {"dropped_ended", s.dropped_ended},
      {"frames_waiting", s.frames_waiting},
      {"segments", s.segments},
      {"gaps", s.gaps},
      {"forced_cuts", s.forced_cuts},
      {"unaligned_cuts", s.unaligned_cuts},
      {"discontinuities", s.discontinuities},
      {"time_jumps", s.time_jumps},
      {"restarts", s.restarts},
      {"slews", s.slews},
      {"sender_reports", s.sender_reports},
      {"bandwidth_rewrites", s.bandwidth_rewrites},
  };
  json["output"] = {{"files", files_},
                    {"bytes", output_bytes_},
                    {"segment_seconds", packaged_.seconds()}};
  return json;
}

std::vector<std::string> HlsPackager::Warnings() const {
  std::vector<std::string> warnings;
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    const std::string name = std::string(ToString(streams_[i].codec)) +
                             " stream, payload type " +
                             std::to_string(streams_[i].payload_type.value());
    const auto& c = receivers_[i].counters();
    const auto& r = receivers_[i].reorder_counters();
    if (r.received == 0) {
      warnings.push_back(name + ": no packets came" +
                         (c.other_payload_type > 0
                              ? ", but " + std::to_string(c.other_payload_type) +
                                    " of another payload type"
                              : ""));
    } else if (c.frames == 0) {
      warnings.push_back(name + ": " + std::to_string(r.received) +
                         " packets and not one whole frame; " +
                         std::to_string(c.payload_errors) +
                         " packets are not what the codec says");
    }
    receivers_[i].ForEachPayloadError([&](std::string_view cause, std::uint64_t packets) {
      warnings.push_back(name + ": " + std::to_string(packets) + " packets left out, " +
                         std::string(cause));
    });
  }
  const segment::Counters& s = segmenter_.counters();
  if (s.frames_in > 0 && s.segments == 0) {
    warnings.push_back("no segment was made: " +
                       std::to_string(s.dropped_before_key_frame) +
                       " frames came before a key frame with its parameter sets");
  }
  return warnings;
}

}  // namespace mediacore::tools
