#include "mediacore/segment/config.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "mediacore/codec/aac.h"
#include "mediacore/codec/h264.h"
#include "mediacore/mux/adts.h"
#include "mediacore/segment/segment_list.h"
#include "mediacore/segment/segment_maker.h"
#include "mediacore/segment/track_input.h"

namespace mediacore::segment {
namespace {

constexpr std::size_t kMaxTracks = 32;

std::string TrackName(std::size_t i) {
  return absl::StrCat("Config::tracks[", i, "]");
}

bool IsFileName(std::string_view name) {
  return name.size() <= FileName::kMaxStem &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                  (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
         });
}

absl::Status CheckTrack(const Config& config, std::size_t i) {
  const TrackConfig& track = config.tracks[i];
  const std::string name = TrackName(i);
  if (!IsSegmented(track.codec)) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ".codec is ", std::string(ToString(track.codec)),
                     track.codec == Codec::kVp8 ? ", which players do not take in HLS" : "",
                     ", expected H264, H265, VP9, AV1, AAC or opus"));
  }
  if (config.container == Container::kTs && track.codec != Codec::kH264 && track.codec != Codec::kAac) {
    return absl::InvalidArgumentError(absl::StrCat(name, " is ", std::string(ToString(track.codec)),
                                                   ", but MPEG-TS segments hold H264 and AAC only: "
                                                   "use fMP4 segments"));
  }
  if (track.clock_rate < 1000 || track.clock_rate > 1'000'000) {
    return absl::InvalidArgumentError(absl::StrCat(
        name, ".clock_rate is ", track.clock_rate, ", expected 1000 to 1000000"));
  }
  if (IsAudio(track.codec) && (track.channels < 1 || track.channels > 8)) {
    return absl::InvalidArgumentError(absl::StrCat(
        name, ".channels is ", track.channels, ", expected 1 to 8"));
  }
  if (track.codec == Codec::kOpus && track.channels > 2) {
    return absl::InvalidArgumentError(absl::StrCat(
        name, ".channels is ", track.channels, ", expected 1 or 2 for Opus"));
  }
  if (!IsFileName(track.name)) {
    return absl::InvalidArgumentError(absl::StrCat(
        name, ".name may have letters, digits, '-' and '_', at most ",
        FileName::kMaxStem));
  }
  if (track.codec == Codec::kAac) {
    const auto parsed = codec::AacConfig::Parse(track.audio_config);
    if (!parsed) {
      return absl::InvalidArgumentError(absl::StrCat(
          name, ".audio_config is no AudioSpecificConfig: ",
          std::string(ToString(parsed.error()))));
    }
    mux::AdtsConfig adts;
    if (config.container == Container::kTs &&
        !mux::AdtsConfig::FromAudioSpecificConfig(track.audio_config, adts)) {
      return absl::InvalidArgumentError(absl::StrCat(
          name, ".audio_config cannot be said in MPEG-TS (ADTS): use fMP4 "
                "segments"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::optional<Config> Profile(std::string_view name) {
  Config config;
  if (name == "classic") return config;
  if (name == "low-latency") {
    config.target_duration = TimeDelta::Seconds(2);
    return config;
  }
  return std::nullopt;
}

absl::Status Check(const Config& config) {
  if (config.tracks.empty() || config.tracks.size() > kMaxTracks) {
    return absl::InvalidArgumentError(
        absl::StrCat("Config::tracks has ", config.tracks.size(),
                     " tracks, expected 1 to ", kMaxTracks));
  }
  for (std::size_t i = 0; i < config.tracks.size(); ++i) {
    if (absl::Status status = CheckTrack(config, i); !status.ok()) return status;
  }
  if (config.target_duration < TimeDelta::Seconds(1) ||
      config.target_duration > TimeDelta::Seconds(60)) {
    return absl::InvalidArgumentError(
        absl::StrCat("Config::target_duration is ", config.target_duration.ms(),
                     " ms, expected 1 s to 60 s"));
  }
  if (config.max_target_duration > TimeDelta::Seconds(120)) {
    return absl::InvalidArgumentError(
        absl::StrCat("Config::max_target_duration is ",
                     config.max_target_duration.ms(), " ms, expected up to 120 s"));
  }
  if (config.window_segments < 3 || config.window_segments > 100) {
    return absl::InvalidArgumentError(
        absl::StrCat("Config::window_segments is ", config.window_segments,
                     ", expected 3 to 100"));
  }
  if (config.start_segments < 1 || config.start_segments > config.window_segments) {
    return absl::InvalidArgumentError(
        absl::StrCat("Config::start_segments is ", config.start_segments,
                     ", expected 1 to window_segments, ", config.window_segments));
  }
  if (config.max_wait < TimeDelta::Zero() ||
      config.max_wait > TimeDelta::Seconds(60)) {
    return absl::InvalidArgumentError(
        "Config::max_wait is outside 0 s to 60 s");
  }
  if (config.max_segment_bytes < 64 * 1024 ||
      config.max_segment_bytes > std::size_t{1} << 30) {
    return absl::InvalidArgumentError(
        absl::StrCat("Config::max_segment_bytes is ", config.max_segment_bytes,
                     ", expected 65536 to 1073741824"));
  }
  if (config.max_segment_samples < 16 || config.max_segment_samples > 1 << 20) {
    return absl::InvalidArgumentError(
        absl::StrCat("Config::max_segment_samples is ",
                     config.max_segment_samples, ", expected 16 to 1048576"));
  }
  if (config.max_segments < 16 || config.max_segments > 1 << 20) {
    return absl::InvalidArgumentError(
        absl::StrCat("Config::max_segments is ", config.max_segments,
                     ", expected 16 to 1048576"));
  }
  if (config.max_bitrate && (*config.max_bitrate <= DataRate::Zero() ||
                             !config.max_bitrate->IsFinite())) {
    return absl::InvalidArgumentError("Config::max_bitrate is not positive");
  }
  if (!config.wall_clock_at.IsFinite()) {
    return absl::InvalidArgumentError("Config::wall_clock_at is infinite");
  }
  if (config.sync_tolerance <= TimeDelta::Zero()) {
    return absl::InvalidArgumentError("Config::sync_tolerance is not positive");
  }
  const Layout layout = MakeLayout(config);
  for (std::size_t i = 0; i < layout.renditions.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (layout.renditions[i].stem == layout.renditions[k].stem ||
          layout.renditions[i].stem == "index") {
        return absl::InvalidArgumentError(absl::StrCat(
            "Config::tracks: two would write to files named ",
            layout.renditions[i].stem, "; give them a name"));
      }
    }
    if (layout.renditions[i].stem == "index") {
      return absl::InvalidArgumentError(
          "Config::tracks: the name \"index\" is that of the multivariant "
          "playlist");
    }
  }
  return absl::OkStatus();
}

Layout MakeLayout(const Config& config) {
  Layout layout;
  for (std::size_t i = 0; i < config.tracks.size(); ++i) {
    const TrackConfig& track = config.tracks[i];
    if (!IsAudio(track.codec)) continue;
    if (layout.audio < 0 ||
        track.variant <
            config.tracks[static_cast<std::size_t>(layout.audio)].variant) {
      layout.audio = static_cast<int>(i);
    }
  }
  const bool ts = config.container == Container::kTs;
  int videos = 0;
  for (std::size_t i = 0; i < config.tracks.size(); ++i) {
    const TrackConfig& track = config.tracks[i];
    if (!IsVideo(track.codec)) continue;
    Layout::Rendition rendition;
    rendition.stem = !track.name.empty() ? track.name
                                         : absl::StrCat(ts ? "stream" : "video", videos);
    rendition.video = static_cast<int>(i);
    if (ts) rendition.audio = layout.audio;
    layout.renditions.push_back(rendition);
    ++videos;
  }
  if (layout.audio >= 0 && (!ts || videos == 0)) {
    const TrackConfig& track =
        config.tracks[static_cast<std::size_t>(layout.audio)];
    Layout::Rendition rendition;
    rendition.stem = !track.name.empty() ? track.name : "audio";
    rendition.audio = layout.audio;
    layout.renditions.push_back(rendition);
  }
  return layout;
}

}  // namespace mediacore::segment
