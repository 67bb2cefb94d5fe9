#ifndef MEDIACORE_FUZZ_MUX_FLV_TRACKS_H_
#define MEDIACORE_FUZZ_MUX_FLV_TRACKS_H_

#include <vector>

#include "../support/input.h"
#include "mediacore/mux/flv_enhanced.h"

namespace mediacore::fuzz {

// All tracks of the body that the view is of; each lies in it, and they in their order.
template <typename View>
std::vector<mux::FlvTrack> TracksOf(const View& view, Bytes body) {
  std::vector<mux::FlvTrack> tracks;
  mux::FlvTrackReader reader = view.tracks();
  const std::uint8_t* at = body.data();
  for (mux::FlvTrack track; reader.Next(track);) {
    FUZZ_CHECK(track.data.data() >= at && track.data.data() + track.data.size() <= body.data() + body.size());
    FUZZ_CHECK(track.composition_time >= -0x800000 && track.composition_time <= 0x7fffff);
    FUZZ_CHECK(track.codec() == Codec::kUnknown || track.four_cc != 0);
    at = track.data.data() + track.data.size();
    tracks.push_back(track);
  }
  FUZZ_CHECK(!tracks.empty() && at == body.data() + body.size());
  FUZZ_CHECK(tracks[0].data.data() == view.first_track().data.data());
  return tracks;
}

inline bool SameTracks(const std::vector<mux::FlvTrack>& a, const std::vector<mux::FlvTrack>& b) {
  return std::ranges::equal(a, b, [](const mux::FlvTrack& x, const mux::FlvTrack& y) {
    return x.id == y.id && x.four_cc == y.four_cc && x.composition_time == y.composition_time &&
           std::ranges::equal(x.data, y.data);
  });
}

// What the writer makes of a view reads like it; without modifiers, byte for byte.
template <typename View, typename Writer>
std::vector<std::uint8_t> WriteFlvBody(const Writer& writer) {
  std::vector<std::uint8_t> out(writer.WireSize(), 0xee);
  FUZZ_CHECK(!out.empty() && writer.Write(out));
  FUZZ_CHECK(View::Parse(out));
  if (const std::size_t size = writer.HeaderSize()) {
    std::vector<std::uint8_t> header(size);
    FUZZ_CHECK(writer.WriteHeader(header) && std::equal(header.begin(), header.end(), out.begin()));
  }
  return out;
}

}  // namespace mediacore::fuzz

#endif  // MEDIACORE_FUZZ_MUX_FLV_TRACKS_H_
