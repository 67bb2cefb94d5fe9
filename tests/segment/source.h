#ifndef MEDIACORE_TESTS_SEGMENT_SOURCE_H_
#define MEDIACORE_TESTS_SEGMENT_SOURCE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "../support/vpx_maker.h"
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
// The same of x265: 320x240 and 160x120 Main, 25 pictures per second.
inline constexpr std::array<std::uint8_t, 24> kH265Vps240 = {0x40, 0x01, 0x0c, 0x01, 0xff, 0xff, 0x01, 0x60,
                                                             0x00, 0x00, 0x03, 0x00, 0x90, 0x00, 0x00, 0x03,
                                                             0x00, 0x00, 0x03, 0x00, 0x3c, 0x95, 0x94, 0x09};
inline constexpr std::array<std::uint8_t, 42> kH265Sps240 = {
    0x42, 0x01, 0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00, 0x90, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x3c,
    0xa0, 0x0a, 0x08, 0x0f, 0x16, 0x59, 0x59, 0x64, 0x93, 0x2b, 0xc0, 0x5a, 0x02, 0x00, 0x00, 0x03, 0x00, 0x02,
    0x00, 0x00, 0x03, 0x00, 0x32, 0x10};
inline constexpr std::array<std::uint8_t, 41> kH265Sps120 = {
    0x42, 0x01, 0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00, 0x90, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x1e,
    0xa0, 0x14, 0x20, 0x79, 0x65, 0x95, 0x96, 0x49, 0x32, 0xbc, 0x05, 0xa0, 0x20, 0x00, 0x00, 0x03, 0x00, 0x20,
    0x00, 0x00, 0x03, 0x03, 0x21};
inline constexpr std::array<std::uint8_t, 7> kH265Pps = {0x44, 0x01, 0xc1, 0x72, 0xb4, 0x62, 0x40};
// Sequence headers of libaom, with header and size: 320x240 and 160x120, Main.
inline constexpr std::array<std::uint8_t, 13> kAv1Sequence240 = {0x0a, 0x0b, 0x00, 0x00, 0x00, 0x04, 0x3c,
                                                                 0xff, 0xbc, 0xda, 0xf9, 0x00, 0x40};
inline constexpr std::array<std::uint8_t, 12> kAv1Sequence120 = {0x0a, 0x0a, 0x00, 0x00, 0x00, 0x03,
                                                                 0xb4, 0xff, 0x73, 0x6b, 0xe4, 0x01};
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
  // A picture of one slice of nal_unit_type `type`: 1 TRAIL_R, 8 RASL_N, 19 IDR, 21
  // CRA; those that decoding begins with bring parameter sets, `small` of 160x120.
  codec::EncodedFrame H265(RtpTimestamp rtp, int type, std::size_t size = 1000, bool small = false) {
    bytes_.clear();
    const bool key = type >= 16;
    if (key) {
      Put(kH265Vps240);
      Put(small ? Bytes(kH265Sps120) : Bytes(kH265Sps240));
      Put(kH265Pps);
    }
    std::vector<std::uint8_t> slice(size, 0x55);
    slice[0] = static_cast<std::uint8_t>(type << 1);
    slice[1] = 1;
    slice[2] = 0x80;  // the first of its picture
    Put(slice);
    return {.codec = Codec::kH265, .rtp_timestamp = rtp, .key_frame = key, .data = bytes_};
  }
  // A temporal unit of one frame of about `size` bytes; a key frame brings its
  // sequence header, `small` of 160x120.
  codec::EncodedFrame Av1(RtpTimestamp rtp, bool key, std::size_t size = 1000, bool small = false) {
    bytes_.clear();
    if (key) {
      const Bytes sequence = small ? Bytes(kAv1Sequence120) : Bytes(kAv1Sequence240);
      bytes_.assign(sequence.begin(), sequence.end());
    }
    bytes_.push_back(0x32);  // a frame, its size in three bytes
    for (const int shift : {0, 7, 14}) {
      bytes_.push_back(static_cast<std::uint8_t>((size >> shift & 0x7f) | (shift < 14 ? 0x80 : 0)));
    }
    bytes_.push_back(key ? 0x10 : 0x30);  // shown
    bytes_.resize(bytes_.size() + size - 1, 0x55);
    return {.codec = Codec::kAv1, .rtp_timestamp = rtp, .key_frame = key, .data = bytes_};
  }
  // A picture of VP9; `small`: 160x120.
  codec::EncodedFrame Vp9(RtpTimestamp rtp, bool key, std::size_t size = 1000, bool small = false) {
    bytes_.assign(std::max<std::size_t>(size, codec::Vp9FrameHeader::kMaxSize), 0x55);
    codec::Vp9FrameHeader header;
    header.key_frame = key;
    header.show_frame = true;
    header.color.color_space = codec::Vp9ColorSpace::kBt709;
    header.width = header.render_width = small ? 160 : 320;
    header.height = header.render_height = small ? 120 : 240;
    mediacore::testing::WriteVp9Header(header, bytes_);
    return {.codec = Codec::kVp9, .rtp_timestamp = rtp, .key_frame = key, .data = bytes_};
  }
  // Of any codec.
  codec::EncodedFrame Picture(Codec codec, RtpTimestamp rtp, bool key, std::size_t size, int sps) {
    switch (codec) {
      case Codec::kH265: return H265(rtp, key ? 19 : 1, size, sps == 1);
      case Codec::kVp9: return Vp9(rtp, key, size, sps == 1);
      case Codec::kAv1: return Av1(rtp, key, size, sps == 1);
      default: return Picture(rtp, key, size, sps);
    }
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
