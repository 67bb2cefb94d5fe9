#ifndef MEDIACORE_TESTS_SEGMENT_SOURCE_H_
#define MEDIACORE_TESTS_SEGMENT_SOURCE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "mediacore/base/bytes.h"
#include "mediacore/codec/encoded_frame.h"
#include "mediacore/segment/config.h"

namespace mediacore::segment::testing {

// Parameter sets that x264 wrote: 640x360 High with B pictures, 320x240 and
// 160x120 Constrained Baseline.
inline constexpr std::array<std::uint8_t, 26> kSps360 = {
    0x67, 0x64, 0x00, 0x1e, 0xac, 0xd9, 0x40, 0xa0, 0x2f, 0xf9, 0x70, 0x11, 0x00,
    0x00, 0x03, 0x00, 0x01, 0x00, 0x00, 0x03, 0x00, 0x32, 0x0f, 0x16, 0x2d, 0x96};
inline constexpr std::array<std::uint8_t, 4> kPps360 = {0x68, 0xef, 0xbc, 0xb0};
inline constexpr std::array<std::uint8_t, 24> kSps240 = {
    0x67, 0x42, 0xc0, 0x0d, 0xd9, 0x01, 0x41, 0xfb, 0x01, 0x10, 0x00, 0x00,
    0x03, 0x00, 0x10, 0x00, 0x00, 0x03, 0x03, 0xc0, 0xf1, 0x42, 0xa4, 0x80};
inline constexpr std::array<std::uint8_t, 5> kPps240 = {0x68, 0xcb, 0x83, 0xcb, 0x20};
inline constexpr std::array<std::uint8_t, 23> kSps120 = {
    0x67, 0x42, 0xc0, 0x0b, 0xd9, 0x02, 0x84, 0x7e, 0x5c, 0x04, 0x40, 0x00,
    0x00, 0x03, 0x00, 0x40, 0x00, 0x00, 0x0f, 0x03, 0xc5, 0x0a, 0x92};
// AudioSpecificConfig: AAC LC, 48 kHz, two channels.
inline constexpr std::array<std::uint8_t, 2> kAac48 = {0x11, 0x90};

// Frames as a depacketiser gives them; good until the next call.
class FrameMaker {
 public:
  // A picture of about `size` bytes; `sps` 0: 320x240, 1: 160x120, 2: 640x360.
  codec::EncodedFrame Picture(RtpTimestamp rtp, bool key, std::size_t size = 1000,
                              int sps = 0) {
    bytes_.clear();
    if (key) {
      if (sps == 2) {
        Put(kSps360);
        Put(kPps360);
      } else {
        Put(sps == 0 ? Bytes(kSps240) : Bytes(kSps120));
        Put(kPps240);
      }
    }
    std::vector<std::uint8_t> slice(size, 0x55);
    slice[0] = key ? 0x65 : 0x41;
    if (size > 1) slice[1] = 0x88;  // first_mb_in_slice 0
    Put(slice);
    return {.codec = Codec::kH264, .rtp_timestamp = rtp, .key_frame = key, .data = bytes_};
  }
  codec::EncodedFrame Aac(RtpTimestamp rtp, std::size_t size = 200) {
    bytes_.assign(size, 0x21);
    return {.codec = Codec::kAac, .rtp_timestamp = rtp, .key_frame = true, .data = bytes_};
  }
  // 20 ms, one CELT frame.
  codec::EncodedFrame Opus(RtpTimestamp rtp, std::size_t size = 160) {
    bytes_.assign(size, 0x5a);
    bytes_[0] = 0xfc;
    return {.codec = Codec::kOpus, .rtp_timestamp = rtp, .key_frame = true, .data = bytes_};
  }

 private:
  void Put(Bytes nal) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + 4);
    StoreU32(bytes_.data() + at, static_cast<std::uint32_t>(nal.size()));
    bytes_.insert(bytes_.end(), nal.begin(), nal.end());
  }
  std::vector<std::uint8_t> bytes_;
};

inline TrackConfig VideoTrack(int variant = 0) {
  TrackConfig track;
  track.codec = Codec::kH264;
  track.variant = variant;
  return track;
}
inline TrackConfig AacTrack(int variant = 0) {
  TrackConfig track;
  track.codec = Codec::kAac;
  track.clock_rate = 48'000;
  track.variant = variant;
  track.audio_config.assign(kAac48.begin(), kAac48.end());
  return track;
}
inline TrackConfig OpusTrack() {
  TrackConfig track;
  track.codec = Codec::kOpus;
  track.clock_rate = 48'000;
  return track;
}

}  // namespace mediacore::segment::testing

#endif  // MEDIACORE_TESTS_SEGMENT_SOURCE_H_
