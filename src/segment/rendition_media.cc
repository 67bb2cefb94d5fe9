#include "mediacore/segment/rendition_media.h"

#include "mediacore/base/saturating.h"
#include "mediacore/codec/aac.h"

namespace mediacore::segment {

mux::TrackConfig RenditionMedia::Describe(const TimelineTrack& track) {
  mux::TrackConfig about;
  about.codec = track.config.codec;
  about.timescale = static_cast<std::uint32_t>(track.rate());
  if (track.video) {
    const VideoFormat& format = track.input.format();
    about.codec_config = format.config();
    about.width = format.width;
    about.height = format.height;
    about.pixel_width = format.pixel_width;
    about.pixel_height = format.pixel_height;
    const mux::TrackConfig::Colour& colour = format.colour;
    if (colour.primaries != 2 || colour.transfer != 2 || colour.matrix != 2) about.colour = colour;
    return about;
  }
  about.codec_config = track.config.audio_config;
  about.channels = static_cast<std::uint8_t>(track.config.channels);
  about.sample_rate = static_cast<std::uint32_t>(track.rate());
  if (track.config.codec == Codec::kAac) {
    const auto aac = codec::AacConfig::Parse(track.config.audio_config);
    if (aac) about.sample_rate = aac->sampling_frequency;
    if (aac && aac->channels > 0) about.channels = aac->channels;
  }
  return about;
}

TrackSpan RenditionMedia::SpanOf(const TimelineTrack& track) {
  return {.queue = &track.queue(),
          .count = track.count,
          .offset = track.segment_offset,
          .start = track.start,
          .end = track.end,
          .frame_ticks = track.video ? track.picture_ticks : track.input.frame_ticks(),
          .rate = track.rate(),
          .reorders = track.video};
}

std::span<const Bytes> RenditionMedia::Init(std::size_t r) {
  return maker_.Init(Describe(timeline_.track(TimeTrack(layout_.renditions[r]))));
}

std::span<const Bytes> RenditionMedia::Segment(std::size_t r, std::uint64_t number) {
  if (!fmp4_) return TransportSegment(r);
  return maker_.Fragment(SpanOf(timeline_.track(TimeTrack(layout_.renditions[r]))),
                         static_cast<std::uint32_t>(number));
}

std::span<const Bytes> RenditionMedia::TransportSegment(std::size_t r) {
  const Layout::Rendition& rendition = layout_.renditions[r];
  Transport& transport = transports_[r];
  mux::TsWriter::Config config;
  config.timestamp_offset = 0;
  TrackSpan video;
  TrackSpan audio;
  std::uint32_t init = 1;
  if (rendition.video >= 0) {
    const TimelineTrack& track = timeline_.track(static_cast<std::size_t>(rendition.video));
    config.video = Describe(track);
    video = SpanOf(track);
    init = track.init;
  }
  if (rendition.audio >= 0) {
    const TimelineTrack& track = timeline_.track(static_cast<std::size_t>(rendition.audio));
    config.audio = Describe(track);
    audio = SpanOf(track);
  }
  if (!transport.writer || transport.init != init) {
    const auto writer = mux::TsWriter::Create(config);
    if (!writer) return {};
    mux::TsWriter next = *writer;
    if (transport.writer) next.Continue(*transport.writer);
    transport.writer = next;
    transport.init = init;
  }
  return maker_.Transport(*transport.writer, transport.delayed, video, audio,
                          counters_.left_out);
}

void RenditionMedia::FillVideo(const TimelineTrack& track, CodecStrings& names,
                               RenditionFacts& facts) {
  const VideoFormat& format = track.input.format();
  names.video = format.codec_string;
  facts.video_codec = names.video.view();
  facts.width = format.width;
  facts.height = format.height;
  facts.transfer = static_cast<std::uint8_t>(format.colour.transfer);
  const std::int64_t frames = static_cast<std::int64_t>(track.frames + track.count);
  const TimeDelta time =
      track.time + (track.count > 0 ? track.ToTime(track.end - track.start)
                                    : TimeDelta::Zero());
  facts.frame_rate = time > TimeDelta::Zero()
                         ? Frequency::MilliHertz((SaturatingMulDiv(frames, 2'000'000'000, time.us()) + 1) / 2)
                         : format.frame_rate;
}

void RenditionMedia::FillAudio(const TimelineTrack& track, CodecStrings& names,
                               RenditionFacts& facts) {
  if (track.config.codec == Codec::kOpus) {
    names.audio = codec::CodecString("opus");
  } else if (const auto aac = codec::AacConfig::Parse(track.config.audio_config)) {
    names.audio = aac->codec_string();
  }
  facts.audio_codec = names.audio.view();
  facts.channels = Describe(track).channels;
}

const std::vector<RenditionFacts>& RenditionMedia::Facts() {
  for (std::size_t r = 0; r < layout_.renditions.size(); ++r) {
    const Layout::Rendition& rendition = layout_.renditions[r];
    facts_[r] = RenditionFacts();
    if (rendition.video >= 0) {
      FillVideo(timeline_.track(static_cast<std::size_t>(rendition.video)),
                codec_strings_[r], facts_[r]);
    }
    if (rendition.audio >= 0) {
      FillAudio(timeline_.track(static_cast<std::size_t>(rendition.audio)),
                codec_strings_[r], facts_[r]);
    }
  }
  return facts_;
}

}  // namespace mediacore::segment
