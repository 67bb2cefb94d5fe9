#ifndef MEDIACORE_RTP_VIDEO_LAYERS_ALLOCATION_H_
#define MEDIACORE_RTP_VIDEO_LAYERS_ALLOCATION_H_

#include <array>
#include <span>

#include "mediacore/base/units.h"
#include "mediacore/rtp/extension_value.h"

namespace mediacore::rtp {

// Why bytes are no video layers allocation, in the order the parser looks.
enum class VideoLayersAllocationError : std::uint8_t {
  kTruncated,      // the layers are not all named, or the bytes are none
  kBadStream,      // sent on a stream that is not one of the streams
  kNoLayers,       // streams without any layer: that is one byte of 0
  kBadRate,        // a rate runs past the end, or is above 2^32 - 1 kbit/s
  kBadResolution,  // what follows is not 5 bytes for each layer
};
inline constexpr int kVideoLayersAllocationErrorCount = 5;

constexpr std::string_view ToString(VideoLayersAllocationError error) {
  switch (error) {
    case VideoLayersAllocationError::kTruncated: return "video layers allocation: truncated";
    case VideoLayersAllocationError::kBadStream: return "video layers allocation: bad stream";
    case VideoLayersAllocationError::kNoLayers: return "video layers allocation: no layers";
    case VideoLayersAllocationError::kBadRate: return "video layers allocation: bad rate";
    case VideoLayersAllocationError::kBadResolution: return "video layers allocation: bad resolution";
  }
  return "video layers allocation: unknown";
}

// What a sender gives to each layer of its video, on all the RTP streams it is
// sent on (http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00).
//
//  +-+-+-+-+-+-+-+-+
//  |RID| NS| sl_bm |  this stream's index, number of streams - 1, active spatial layers
//  +-+-+-+-+-+-+-+-+
//  |sl0_bm |sl1_bm |  those of each stream where sl_bm is 0: 1 byte for up to 2 streams
//  +-+-+-+-+-+-+-+-+
//  |#tl|#tl|#tl|#tl|  temporal layers - 1 of each spatial layer, 1 to 4 bytes
//  +-+-+-+-+-+-+-+-+
//  :    leb128     :  target rate of each temporal layer, kbit/s
//  +-+-+-+-+-+-+-+-+
//  :  width - 1    :  16 bits, height - 1 of 16, frame rate of 8 for each spatial
//  +-+-+-+-+-+-+-+-+  layer; or none of it
//
// One byte of 0: nothing is sent.
//
//   rtp::VideoLayersAllocation allocation;
//   if (rtp::ReadExtension(*packet, ids, allocation)) {
//     for (const auto& layer : allocation.active_layers()) Offer(layer.rtp_stream_index, layer.target_rate());
//   }
//
// 16 layers at most, 0.8 kB, no heap. Time: 20 ns for each layer.
struct VideoLayersAllocation {
  static constexpr ExtensionKind kKind = ExtensionKind::kVideoLayersAllocation;
  static constexpr int kMaxStreams = 4;
  static constexpr int kMaxSpatialLayers = 4;
  static constexpr int kMaxTemporalLayers = 4;
  static constexpr int kMaxLayers = kMaxStreams * kMaxSpatialLayers;

  struct SpatialLayer {
    std::uint8_t rtp_stream_index = 0;
    std::uint8_t spatial_id = 0;
    std::uint8_t temporal_layer_count = 1;  // 1 to 4
    std::uint8_t max_frame_rate = 0;        // frames per second
    // Of the temporal layer and all it needs; whole kbit/s, the rest is cut off.
    std::array<DataRate, kMaxTemporalLayers> target_rates{DataRate::Zero(), DataRate::Zero(), DataRate::Zero(),
                                                          DataRate::Zero()};
    std::int32_t width = 0;  // 1 to 65536, as is the height; 0 where has_resolutions is false
    std::int32_t height = 0;

    // Of all its temporal layers.
    constexpr DataRate target_rate() const {
      return target_rates[static_cast<std::size_t>(temporal_layer_count - 1) % kMaxTemporalLayers];
    }
    constexpr bool operator==(const SpatialLayer&) const = default;
  };

  std::uint8_t rtp_stream_index = 0;  // the stream that this is sent on, below rtp_stream_count
  std::uint8_t rtp_stream_count = 1;  // 1 to 4
  bool has_resolutions = false;
  std::uint8_t layer_count = 0;
  std::array<SpatialLayer, kMaxLayers> layers{};  // by stream, then by spatial id

  constexpr std::span<const SpatialLayer> active_layers() const {
    return std::span(layers).first(layer_count);
  }
  // False, and nothing added, when there are kMaxLayers.
  [[nodiscard]] constexpr bool Add(const SpatialLayer& layer) {
    if (layer_count >= kMaxLayers) return false;
    layers[layer_count++] = layer;
    return true;
  }

  static constexpr Expected<VideoLayersAllocation, VideoLayersAllocationError> Parse(Bytes value) noexcept;

  // 0 when a limit above is passed, or the layers are in another order. Without
  // layers there is one byte, which says nothing else.
  constexpr std::size_t WireSize() const;
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const;

  friend constexpr bool operator==(const VideoLayersAllocation& a, const VideoLayersAllocation& b) {
    return a.rtp_stream_index == b.rtp_stream_index && a.rtp_stream_count == b.rtp_stream_count &&
           a.has_resolutions == b.has_resolutions &&
           std::ranges::equal(a.active_layers(), b.active_layers());
  }

 private:
  static constexpr std::int64_t kMaxKbps = 0xffffffff;
  static constexpr std::int64_t Kbps(DataRate rate) { return rate.bps() / 1'000; }

  // The spatial layers of each stream, bit i: layer i. False when they are out
  // of order or of range.
  [[nodiscard]] constexpr bool ReadMasks(std::array<std::uint8_t, kMaxStreams>& masks) const;
  constexpr bool HasOneMask(const std::array<std::uint8_t, kMaxStreams>& masks) const {
    for (std::size_t i = 1; i < rtp_stream_count; ++i) {
      if (masks[i] != masks[0]) return false;
    }
    return true;
  }
};

constexpr Expected<VideoLayersAllocation, VideoLayersAllocationError> VideoLayersAllocation::Parse(
    Bytes value) noexcept {
  VideoLayersAllocation out;
  ByteReader reader(value);
  std::uint8_t head = 0;
  if (!reader.ReadU8(head)) return VideoLayersAllocationError::kTruncated;
  if (head == 0 && reader.empty()) return out;
  out.rtp_stream_index = head >> 6;
  out.rtp_stream_count = static_cast<std::uint8_t>((head >> 4 & 3) + 1);
  std::array<std::uint8_t, kMaxStreams> masks{};
  if ((head & 0x0f) != 0) {
    masks.fill(head & 0x0f);
  } else {
    for (std::size_t i = 0; i < out.rtp_stream_count; i += 2) {
      std::uint8_t pair = 0;
      if (!reader.ReadU8(pair)) return VideoLayersAllocationError::kTruncated;
      masks[i] = pair >> 4;
      masks[i + 1] = pair & 0x0f;
    }
  }
  std::uint8_t counts = 0;
  for (std::uint8_t stream = 0; stream < out.rtp_stream_count; ++stream) {
    for (std::uint8_t spatial_id = 0; spatial_id < kMaxSpatialLayers; ++spatial_id) {
      if ((masks[stream] >> spatial_id & 1) == 0) continue;
      if (out.layer_count % 4 == 0 && !reader.ReadU8(counts)) return VideoLayersAllocationError::kTruncated;
      SpatialLayer& layer = out.layers[out.layer_count++];
      layer.rtp_stream_index = stream;
      layer.spatial_id = spatial_id;
      layer.temporal_layer_count = static_cast<std::uint8_t>((counts >> 6) + 1);
      counts = static_cast<std::uint8_t>(counts << 2);
    }
  }
  if (out.rtp_stream_index >= out.rtp_stream_count) return VideoLayersAllocationError::kBadStream;
  if (out.layer_count == 0) return VideoLayersAllocationError::kNoLayers;
  const auto layers = std::span(out.layers).first(out.layer_count);
  for (SpatialLayer& layer : layers) {
    for (DataRate& rate : std::span(layer.target_rates).first(layer.temporal_layer_count)) {
      std::uint32_t kbps = 0;
      if (!reader.ReadLeb128(kbps)) return VideoLayersAllocationError::kBadRate;
      rate = DataRate::KilobitsPerSecond(kbps);
    }
  }
  if (reader.empty()) return out;
  if (reader.remaining() != 5 * layers.size()) return VideoLayersAllocationError::kBadResolution;
  out.has_resolutions = true;
  const std::uint8_t* at = reader.rest().data();
  for (SpatialLayer& layer : layers) {
    layer.width = LoadU16(at) + 1;
    layer.height = LoadU16(at + 2) + 1;
    layer.max_frame_rate = at[4];
    at += 5;
  }
  return out;
}

constexpr bool VideoLayersAllocation::ReadMasks(std::array<std::uint8_t, kMaxStreams>& masks) const {
  int before = -1;
  for (const SpatialLayer& layer : active_layers()) {
    if (layer.rtp_stream_index >= rtp_stream_count || layer.spatial_id >= kMaxSpatialLayers) return false;
    const int at = layer.rtp_stream_index * kMaxSpatialLayers + layer.spatial_id;
    if (at <= before) return false;
    before = at;
    masks[layer.rtp_stream_index] |= static_cast<std::uint8_t>(1 << layer.spatial_id);
  }
  return true;
}

constexpr std::size_t VideoLayersAllocation::WireSize() const {
  if (layer_count == 0) return 1;
  std::array<std::uint8_t, kMaxStreams> masks{};
  if (layer_count > kMaxLayers || rtp_stream_count < 1 || rtp_stream_count > kMaxStreams ||
      rtp_stream_index >= rtp_stream_count || !ReadMasks(masks)) {
    return 0;
  }
  std::size_t size = 1u + (layer_count + 3u) / 4;
  if (!HasOneMask(masks)) size += (rtp_stream_count + 1u) / 2;
  for (const SpatialLayer& layer : active_layers()) {
    if (layer.temporal_layer_count < 1 || layer.temporal_layer_count > kMaxTemporalLayers) return 0;
    for (const DataRate rate : std::span(layer.target_rates).first(layer.temporal_layer_count)) {
      if (rate < DataRate::Zero() || Kbps(rate) > kMaxKbps) return 0;
      size += Leb128Size(static_cast<std::uint32_t>(Kbps(rate)));
    }
    if (!has_resolutions) continue;
    if (layer.width < 1 || layer.width > 65'536 || layer.height < 1 || layer.height > 65'536) return 0;
    size += 5;
  }
  return size;
}

constexpr bool VideoLayersAllocation::Write(MutableBytes out) const {
  const std::size_t size = WireSize();
  if (size == 0 || out.size() < size) return false;
  ByteWriter writer(out.first(size));
  if (layer_count == 0) {
    writer.WriteU8(0);
    return writer.ok();
  }
  std::array<std::uint8_t, kMaxStreams> masks{};
  if (!ReadMasks(masks)) return false;
  const bool one_mask = HasOneMask(masks);
  writer.WriteU8(static_cast<std::uint8_t>(rtp_stream_index << 6 | (rtp_stream_count - 1) << 4 |
                                           (one_mask ? masks[0] : 0)));
  for (std::size_t i = 0; !one_mask && i < rtp_stream_count; i += 2) {
    writer.WriteU8(static_cast<std::uint8_t>(masks[i] << 4 | masks[i + 1]));
  }
  for (std::size_t i = 0; i < layer_count; i += 4) {
    int counts = 0;
    for (std::size_t k = i; k < i + 4; ++k) {
      counts = counts << 2 | (k < layer_count ? layers[k].temporal_layer_count - 1 : 0);
    }
    writer.WriteU8(static_cast<std::uint8_t>(counts));
  }
  for (const SpatialLayer& layer : active_layers()) {
    for (const DataRate rate : std::span(layer.target_rates).first(layer.temporal_layer_count)) {
      writer.WriteLeb128(static_cast<std::uint32_t>(Kbps(rate)));
    }
  }
  for (const SpatialLayer& layer : active_layers()) {
    if (!has_resolutions) break;
    writer.WriteU16(static_cast<std::uint16_t>(layer.width - 1));
    writer.WriteU16(static_cast<std::uint16_t>(layer.height - 1));
    writer.WriteU8(layer.max_frame_rate);
  }
  return writer.ok();
}

}  // namespace mediacore::rtp

#endif  // MEDIACORE_RTP_VIDEO_LAYERS_ALLOCATION_H_
