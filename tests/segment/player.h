#ifndef MEDIACORE_TESTS_SEGMENT_PLAYER_H_
#define MEDIACORE_TESTS_SEGMENT_PLAYER_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mediacore/mux/fmp4_fragment_view.h"
#include "mediacore/mux/fmp4_init_view.h"
#include "mediacore/mux/ts_reader.h"
#include "mediacore/playlist/playlist_parser.h"
#include "mediacore/segment/segmenter.h"

namespace mediacore::segment::testing {

// A player without a screen: keeps what a Segmenter gives out, reads all of it
// with the library's own readers, and says what breaks a rule of HLS. Rules are
// those of RFC 8216bis; `fault` is empty as long as all hold.
class Player {
 public:
  struct Media {
    std::string bytes;
    std::int64_t start = 0;  // decode times, in ticks of the track
    std::int64_t end = 0;
    std::uint32_t timescale = 0;
    std::size_t frames = 0;
    bool sync = false;  // the first frame is one
    std::vector<mux::Sample> samples;  // fMP4: point into `bytes`
    double video_start = 0;  // TS: seconds
    double audio_start = 0;
    std::size_t audio_frames = 0;
  };
  struct List {
    std::string text;
    playlist::MediaPlaylist model;
  };

  void Take(Timestamp now, const Output& output) {
    const std::string name(output.name);
    std::string bytes;
    for (const Bytes piece : output.pieces) bytes.append(piece.begin(), piece.end());
    Check(bytes.size() == output.size, "size of " + name);
    order.push_back(name);
    switch (output.kind) {
      case Output::Kind::kInit:
        Check(!inits.contains(name), name + " twice");
        inits[name] = bytes;
        Check(mux::InitView::Parse(AsBytes(inits[name])).has_value(), name);
        break;
      case Output::Kind::kSegment:
        Check(!segments.contains(name), name + " twice");
        segments[name].bytes = bytes;
        if (name.ends_with(".ts")) ReadTransport(name);
        break;
      case Output::Kind::kPlaylist:
        TakeList(name, bytes);
        break;
      case Output::Kind::kMultivariant: {
        multivariant = bytes;
        playlist::MultivariantPlaylist model;
        Check(!playlist::Parse(multivariant, {}, model), name + " does not parse");
        for (const auto& variant : model.variants) {
          Check(lists.contains(std::string(variant.uri)), "variant without a playlist");
          Check(variant.bandwidth >= *variant.average_bandwidth, "average above peak");
        }
        ++multivariants;
        break;
      }
      case Output::Kind::kDelete:
        Check(output.not_before >= now, name + " is to go at once");
        Check(segments.contains(name) || inits.contains(name), name + " never was");
        deleted.insert_or_assign(name, output.not_before);
        break;
    }
  }

  // How many segments a playlist has at least when it first comes.
  std::size_t start_segments = 1;

  // Whether what is not allowed has happened, and the first of it.
  std::string fault;

  std::map<std::string, Media> segments;
  std::map<std::string, std::string> inits;
  std::map<std::string, List> lists;
  std::map<std::string, Timestamp> deleted;
  std::vector<std::string> order;
  std::string multivariant;
  int multivariants = 0;

  const playlist::MediaPlaylist& list(const std::string& name) { return lists[name].model; }
  // Of a segment in its playlist, as fMP4.
  const Media& media(const std::string& name) { return segments[name]; }

 private:
  static Bytes AsBytes(const std::string& text) {
    return Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  }
  void Check(bool good, const std::string& what) {
    if (!good && fault.empty()) fault = what;
  }

  void ReadFragment(const std::string& name, const std::string& init_name) {
    Media& media = segments[name];
    if (media.timescale != 0) return;  // read already
    const auto init = mux::InitView::Parse(AsBytes(inits[init_name]));
    if (!init) return Check(false, name + " without an initialization section");
    const auto fragment = mux::FragmentView::Parse(AsBytes(media.bytes), 0, *init);
    if (!fragment) {
      return Check(false, name + ": " + std::string(ToString(fragment.error())));
    }
    Check(fragment->end() == media.bytes.size(), name + " has more than a fragment");
    media.timescale = init->tracks()[0].timescale;
    auto samples = fragment->samples(1);
    mux::Sample sample;
    bool first = true;
    while (samples.Next(sample)) {
      if (first) {
        media.start = sample.dts;
        media.sync = sample.sync;
      } else {
        Check(sample.dts == media.end, name + ": times do not follow");
      }
      Check(sample.duration > 0, name + ": a frame without duration");
      Check(!sample.data.empty(), name + ": an empty frame");
      media.end = sample.dts + sample.duration;
      media.samples.push_back(sample);
      ++media.frames;
      first = false;
    }
    Check(media.frames > 0, name + " is empty");
  }

  void ReadTransport(const std::string& name) {
    Media& media = segments[name];
    Check(media.bytes.size() % mux::kTsPacketSize == 0, name + " is no TS");
    std::vector<std::uint8_t> video(media.bytes.size());
    std::vector<std::uint8_t> audio(media.bytes.size());
    mux::TsReader reader(video, audio);
    media.sync = true;
    std::int64_t last_video = kInt64Min;
    bool first_audio = true;
    const auto take = [&](const mux::TsAccessUnit& unit) {
      if (unit.codec == Codec::kH264) {
        if (media.frames++ == 0) {
          media.sync = unit.key_frame;
          media.video_start = static_cast<double>(unit.pts) / 90e3;
        }
        Check(unit.dts <= unit.pts, name + ": shown before it is decoded");
        Check(unit.dts > last_video, name + ": decode times do not rise");
        last_video = unit.dts;
      } else {
        if (first_audio) media.audio_start = static_cast<double>(unit.pts) / 90e3;
        first_audio = false;
        ++media.audio_frames;
      }
    };
    reader.Read(AsBytes(media.bytes), take);
    reader.Flush(take);
    Check(reader.stats().skipped_bytes == 0 && reader.stats().bad_packets == 0 &&
              reader.stats().continuity_errors == 0 && reader.stats().pes_errors == 0,
          name + " does not read cleanly");
    Check(media.frames + media.audio_frames > 0, name + " is empty");
  }

  void TakeList(const std::string& name, const std::string& text) {
    List& last = lists[name];
    const List before = last;
    last.text = text;
    if (playlist::Parse(last.text, {}, last.model)) {
      return Check(false, name + " does not parse");
    }
    const playlist::MediaPlaylist& model = last.model;
    const std::int64_t target = model.target_duration.us() / 1'000'000;
    Check(!model.segments.empty(), name + " is empty");
    Check(!before.text.empty() || model.end_list || model.segments.size() >= start_segments,
          name + " came too early");
    if (!before.text.empty()) {
      playlist::MediaPlaylist was;
      std::string was_text = before.text;
      Check(!playlist::Parse(was_text, {}, was), name);
      Compare(name, was, model);
    }
    std::string init;
    const Media* previous = nullptr;
    TimeDelta total = TimeDelta::Zero();
    bool all_sync = true;
    for (const playlist::Segment& segment : model.segments) {
      const std::string uri(segment.uri);
      total += segment.duration;
      Check(segment.duration > TimeDelta::Zero(), uri + " lasts no time");
      Check((segment.duration + TimeDelta::Millis(500)).us() / 1'000'000 <= target,
            uri + " is longer than the target duration: " +
                std::to_string(segment.duration.seconds()));
      if (segment.map) init = std::string(segment.map->uri);
      if (segment.discontinuity) previous = nullptr;
      if (segment.gap) {
        previous = nullptr;
        continue;
      }
      if (!segments.contains(uri)) return Check(false, uri + " is listed and not there");
      Check(!deleted.contains(uri), uri + " is listed and to be deleted");
      if (!uri.ends_with(".ts")) {
        if (!inits.contains(init)) return Check(false, uri + " without a map");
        Check(!deleted.contains(init), init + " is listed and to be deleted");
        ReadFragment(uri, init);
        const Media& media = segments[uri];
        if (media.timescale == 0) return;
        const TimeDelta real =
            TimeDelta::Ticks(media.end - media.start, media.timescale);
        Check((real - segment.duration).Abs() <= TimeDelta::Micros(2),
              uri + ": EXTINF is not what it lasts");
        if (previous != nullptr) {
          Check(previous->end == media.start, uri + " does not begin where the one before ended");
        }
        previous = &media;
      }
      all_sync &= segments[uri].sync;
    }
    Check(!model.independent_segments || all_sync, name + " is not independent");
    if (model.type == playlist::PlaylistType::kLive && model.media_sequence > 0 &&
        model.segments.size() < 200 && !model.end_list) {
      Check(total >= model.target_duration * 3, name + " is too short");
    }
  }

  void Compare(const std::string& name, const playlist::MediaPlaylist& was,
               const playlist::MediaPlaylist& is) {
    Check(is.target_duration == was.target_duration, name + ": target duration changed");
    Check(!was.end_list, name + " changed after its end");
    Check(is.media_sequence >= was.media_sequence, name + ": media sequence fell");
    const std::uint64_t gone = is.media_sequence - was.media_sequence;
    Check(gone == 0 || is.type == playlist::PlaylistType::kLive, name + " lost segments");
    std::uint64_t discontinuities = 0;
    for (std::size_t i = 0; i < was.segments.size(); ++i) {
      if (i < gone) {
        discontinuities += was.segments[i].discontinuity;
        continue;
      }
      if (i - gone >= is.segments.size()) return Check(false, name + " lost its end");
      const playlist::Segment& a = was.segments[i];
      const playlist::Segment& b = is.segments[i - gone];
      Check(a.uri == b.uri && a.duration == b.duration && a.gap == b.gap &&
                a.discontinuity == b.discontinuity,
            name + ": a segment changed");
    }
    Check(is.discontinuity_sequence == was.discontinuity_sequence + discontinuities,
          name + ": discontinuity sequence");
  }

};

}  // namespace mediacore::segment::testing

#endif  // MEDIACORE_TESTS_SEGMENT_PLAYER_H_
