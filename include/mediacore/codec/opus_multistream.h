#ifndef MEDIACORE_CODEC_OPUS_MULTISTREAM_H_
#define MEDIACORE_CODEC_OPUS_MULTISTREAM_H_

#include <string_view>

#include "mediacore/base/byte_reader.h"
#include "mediacore/base/byte_writer.h"
#include "mediacore/codec/opus.h"

namespace mediacore::codec {

// Why bytes are not a packet of several Opus streams, in the order the parser looks.
enum class OpusMultistreamError : std::uint8_t {
  kBadStreamCount,  // not 1 to 255
  kBadPacket,       // of one of the streams: no Opus packet, or cut
  kOtherDuration,   // the streams last differently long
};

constexpr std::string_view ToString(OpusMultistreamError error) {
  switch (error) {
    case OpusMultistreamError::kBadStreamCount: return "opus multistream: bad stream count";
    case OpusMultistreamError::kBadPacket: return "opus multistream: no Opus packet";
    case OpusMultistreamError::kOtherDuration: return "opus multistream: streams of different duration";
  }
  return "opus multistream: unknown";
}

// The packet of one stream inside a packet of several, seen in place. All but the
// last say where they end (RFC 6716, appendix B): one size more than a packet by
// itself has, between these two parts of it.
class OpusStreamPacket {
 public:
  constexpr OpusStreamPacket() : OpusStreamPacket({}, {}, {}) {}

  // One with its end told, off the front of `reader`, which an error leaves as it was.
  [[nodiscard]] static constexpr Expected<OpusStreamPacket, OpusError> TakeFrom(ByteReader& reader) {
    const Bytes bytes = reader.rest();
    const auto layout = internal::ReadOpusLayout<true>(bytes);
    if (!layout) return layout.error();
    const std::size_t size_bytes = layout->last_size < 252 ? 1 : 2;
    (void)reader.Skip(layout->end);
    return OpusStreamPacket(*layout, bytes.first(layout->sizes_end),
                            bytes.first(layout->end).subspan(layout->sizes_end + size_bytes));
  }
  // One by itself.
  [[nodiscard]] static constexpr Expected<OpusStreamPacket, OpusError> Parse(Bytes packet) {
    const auto layout = internal::ReadOpusLayout<false>(packet);
    if (!layout) return layout.error();
    return OpusStreamPacket(*layout, packet.first(layout->sizes_end), packet.subspan(layout->sizes_end));
  }

  constexpr OpusPacketView view() const { return OpusPacketView(layout_); }
  constexpr Bytes head() const { return head_; }
  constexpr Bytes rest() const { return rest_; }

  // As a packet by itself.
  constexpr std::size_t WireSize() const { return head_.size() + rest_.size(); }
  // False when `out` is smaller than WireSize().
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    ByteWriter writer(out);
    writer.WriteBytes(head_);
    writer.WriteBytes(rest_);
    return writer.ok();
  }
  // With its end told.
  constexpr std::size_t DelimitedSize() const { return WireSize() + (layout_.last_size < 252 ? 1 : 2); }
  constexpr void AppendDelimited(ByteWriter& writer) const {
    writer.WriteBytes(head_);
    if (layout_.last_size < 252) {
      writer.WriteU8(static_cast<std::uint8_t>(layout_.last_size));
    } else {
      writer.WriteU8(static_cast<std::uint8_t>(252 + layout_.last_size % 4));
      writer.WriteU8(static_cast<std::uint8_t>((layout_.last_size - 252) / 4));
    }
    writer.WriteBytes(rest_);
  }

 private:
  constexpr OpusStreamPacket(const internal::OpusLayout& layout, Bytes head, Bytes rest)
      : layout_(layout), head_(head), rest_(rest) {}

  internal::OpusLayout layout_;
  Bytes head_;  // TOC, count, padding length, all sizes but the last
  Bytes rest_;  // the frames, padding
};

// A packet of several Opus streams, of which each is one channel or a pair (RFC
// 7845, section 3): what surround sound is. How many there are is told elsewhere
// (opus_head.h, multiopus.h).
//
//   const auto packet = OpusMultistreamView::Parse(payload, head.stream_count());
//   if (!packet) return Count(packet.error());
//   auto streams = *packet;  // walks
//   for (OpusStreamPacket stream; streams.Next(stream);) Use(stream.view());
class OpusMultistreamView {
 public:
  static constexpr Expected<OpusMultistreamView, OpusMultistreamError> Parse(Bytes packet, std::size_t streams) {
    using enum OpusMultistreamError;
    if (streams < 1 || streams > 255) return kBadStreamCount;
    OpusMultistreamView view(packet, streams);
    OpusMultistreamView ahead = view;
    OpusStreamPacket first;
    if (!ahead.Next(first)) return kBadPacket;
    view.samples_ = first.view().samples();
    for (std::size_t i = 1; i < streams; ++i) {
      OpusStreamPacket stream;
      if (!ahead.Next(stream)) return kBadPacket;
      if (stream.view().samples() != view.samples_) return kOtherDuration;
    }
    return view;
  }

  // At 48 kHz, of each channel.
  constexpr std::uint32_t samples() const { return samples_; }
  // Streams that Next() has not given yet.
  constexpr std::size_t left() const { return left_; }
  [[nodiscard]] constexpr bool Next(OpusStreamPacket& out) {
    if (left_ == 0) return false;
    const auto packet = left_ > 1 ? OpusStreamPacket::TakeFrom(rest_) : OpusStreamPacket::Parse(rest_.rest());
    if (!packet) return false;
    --left_;
    out = *packet;
    return true;
  }

 private:
  constexpr OpusMultistreamView(Bytes packet, std::size_t streams) : rest_(packet), left_(streams) {}

  ByteReader rest_;
  std::size_t left_;
  std::uint32_t samples_ = 0;
};

// One packet out of the packets of its streams, each by itself.
struct OpusMultistreamWriter {
  std::span<const Bytes> packets;

  // 0 when there are none, or more than 255, or one of them is no Opus packet or
  // lasts longer than another: then nothing is written.
  constexpr std::size_t WireSize() const {
    if (packets.empty() || packets.size() > 255) return 0;
    std::size_t size = 0;
    std::uint32_t samples = 0;
    for (std::size_t i = 0; i < packets.size(); ++i) {
      const auto packet = OpusStreamPacket::Parse(packets[i]);
      if (!packet || (i > 0 && packet->view().samples() != samples)) return 0;
      samples = packet->view().samples();
      size += i + 1 < packets.size() ? packet->DelimitedSize() : packet->WireSize();
    }
    return size;
  }
  // False too when `out` is smaller than WireSize().
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    if (WireSize() == 0) return false;
    ByteWriter writer(out);
    for (const Bytes bytes : packets.first(packets.size() - 1)) {
      OpusStreamPacket::Parse(bytes)->AppendDelimited(writer);
    }
    writer.WriteBytes(packets.back());
    return writer.ok();
  }
};

// Whether a channel mapping is one (RFC 7845, section 5.1.1): every output channel is
// one of the `streams` + `coupled_streams` that are decoded, or 255, silent.
constexpr bool IsOpusChannelMapping(std::size_t streams, std::size_t coupled_streams, Bytes mapping) {
  if (streams < 1 || coupled_streams > streams || streams + coupled_streams > 255) return false;
  if (mapping.empty() || mapping.size() > 255) return false;
  for (const std::uint8_t channel : mapping) {
    if (channel != 255 && channel >= streams + coupled_streams) return false;
  }
  return true;
}

}  // namespace mediacore::codec

#endif  // MEDIACORE_CODEC_OPUS_MULTISTREAM_H_
