#ifndef MEDIACORE_CODEC_DEPACKETIZER_H_
#define MEDIACORE_CODEC_DEPACKETIZER_H_

#include <concepts>

#include "mediacore/codec/aac_depacketizer.h"
#include "mediacore/codec/av1_depacketizer.h"
#include "mediacore/codec/h264_depacketizer.h"
#include "mediacore/codec/h265_depacketizer.h"
#include "mediacore/codec/h266_depacketizer.h"
#include "mediacore/codec/latm_depacketizer.h"
#include "mediacore/codec/opus_depacketizer.h"
#include "mediacore/codec/redundant_opus_depacketizer.h"
#include "mediacore/codec/sample_audio_depacketizer.h"
#include "mediacore/codec/vp8_depacketizer.h"
#include "mediacore/codec/vp9_depacketizer.h"

namespace mediacore::codec {

// What all depacketisers have in common, so that one piece of code serves each
// (and a std::variant of them):
//
//   std::visit([&](auto& d) {
//     const auto error = d.HandlePacket(packet);
//     if (error != decltype(error)::kNone) Show(ToString(error));
//     EncodedFrame frame;
//     while (d.PollFrame(frame)) Use(frame);
//   }, depacketizer);
//
// counters() has at least packets, frames, dropped_too_large, not_polled and
// errors[], which is indexed by Error.
template <typename T>
concept Depacketizer = requires(T t, const T& c, const RtpPayload& packet,
                                EncodedFrame& frame) {
  { t.HandlePacket(packet) } -> std::same_as<typename T::Error>;
  { t.PollFrame(frame) } -> std::same_as<bool>;
  { t.Flush() } -> std::same_as<void>;
  { c.counters() } -> std::same_as<const typename T::Counters&>;
  { c.counters().packets } -> std::convertible_to<std::uint64_t>;
  { c.counters().frames } -> std::convertible_to<std::uint64_t>;
  { c.counters().dropped_too_large } -> std::convertible_to<std::uint64_t>;
  { c.counters().not_polled } -> std::convertible_to<std::uint64_t>;
  { c.counters().errors[0] } -> std::convertible_to<std::uint64_t>;
  { T::Error::kNone };
};

static_assert(Depacketizer<H264Depacketizer>);
static_assert(Depacketizer<Vp8Depacketizer>);
static_assert(Depacketizer<Vp9Depacketizer>);
static_assert(Depacketizer<Av1Depacketizer>);
static_assert(Depacketizer<H265Depacketizer>);
static_assert(Depacketizer<H266Depacketizer>);
static_assert(Depacketizer<AacDepacketizer>);
static_assert(Depacketizer<LatmDepacketizer>);
static_assert(Depacketizer<OpusDepacketizer>);
static_assert(Depacketizer<RedundantOpusDepacketizer>);
static_assert(Depacketizer<SampleAudioDepacketizer>);

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_DEPACKETIZER_H_
