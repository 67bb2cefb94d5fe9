#ifndef MEDIACORE_BENCH_MUX_AVFORMAT_PEER_H_
#define MEDIACORE_BENCH_MUX_AVFORMAT_PEER_H_

#ifdef MEDIACORE_HAVE_AVFORMAT

#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/mem.h>
}

#include "mediacore/mux/sample.h"
#include "mediacore/mux/track.h"

namespace mediacore::mux::bench {

// ffmpeg's muxer, writing into memory through its own buffer of 1 MB; samples
// are handed over without a copy.
class AvformatPeer {
 public:
  AvformatPeer(const char* format, const TrackConfig& track, std::size_t size)
      : format_(format), track_(track), out_(size * 11 / 10 + 1'000'000) {}

  bool Mux(std::span<const Sample> samples) {
    AVFormatContext* context = nullptr;
    if (avformat_alloc_output_context2(&context, nullptr, format_, nullptr) < 0) return false;
    at_ = 0;
    auto* block = static_cast<unsigned char*>(av_malloc(1 << 20));
    context->pb = avio_alloc_context(block, 1 << 20, 1, this, nullptr, &AvformatPeer::Write, nullptr);
    context->flags |= AVFMT_FLAG_CUSTOM_IO;
    AVStream* stream = avformat_new_stream(context, nullptr);
    const int ticks = static_cast<int>(track_.timescale);
    stream->time_base = {1, ticks};
    AVCodecParameters* codec = stream->codecpar;
    codec->codec_id = IdOf(track_.codec);
    if (IsVideo(track_.codec)) {
      codec->codec_type = AVMEDIA_TYPE_VIDEO;
      codec->width = track_.width;
      codec->height = track_.height;
    } else {
      codec->codec_type = AVMEDIA_TYPE_AUDIO;
      codec->sample_rate = static_cast<int>(track_.sample_rate);
      av_channel_layout_default(&codec->ch_layout, track_.channels);
    }
    const bool ts = std::strcmp(format_, "mpegts") == 0;
    // For mpegts the samples are said to be Annex B: its filter that rewrites MP4's
    // form would copy them once more. Their lengths are patched to start codes.
    if (!ts && !track_.codec_config.empty()) {
      codec->extradata = static_cast<std::uint8_t*>(
          av_mallocz(track_.codec_config.size() + AV_INPUT_BUFFER_PADDING_SIZE));
      std::memcpy(codec->extradata, track_.codec_config.data(), track_.codec_config.size());
      codec->extradata_size = static_cast<int>(track_.codec_config.size());
    }
    AVDictionary* options = nullptr;
    if (std::strcmp(format_, "mp4") == 0)
      av_dict_set(&options, "movflags", "frag_keyframe+empty_moov+default_base_moof", 0);
    bool ok = avformat_write_header(context, &options) >= 0;
    AVPacket* packet = av_packet_alloc();
    for (const Sample& s : samples) {
      if (!ok) break;
      auto* data = const_cast<std::uint8_t*>(s.data.data());
      if (ts) StoreU32(data, 1);
      packet->data = data;
      packet->size = static_cast<int>(s.data.size());
      packet->dts = av_rescale(s.dts, stream->time_base.den, ticks);
      packet->pts = av_rescale(s.pts, stream->time_base.den, ticks);
      packet->duration = av_rescale(s.duration, stream->time_base.den, ticks);
      packet->flags = s.sync ? AV_PKT_FLAG_KEY : 0;
      ok = av_write_frame(context, packet) >= 0;
    }
    ok = ok && av_write_trailer(context) >= 0 && at_ > 0;
    av_packet_free(&packet);
    av_dict_free(&options);
    av_freep(&context->pb->buffer);
    avio_context_free(&context->pb);
    avformat_free_context(context);
    return ok;
  }

 private:
  static AVCodecID IdOf(Codec codec) {
    switch (codec) {
      case Codec::kVp8: return AV_CODEC_ID_VP8;
      case Codec::kVp9: return AV_CODEC_ID_VP9;
      case Codec::kAv1: return AV_CODEC_ID_AV1;
      case Codec::kAac: return AV_CODEC_ID_AAC;
      case Codec::kOpus: return AV_CODEC_ID_OPUS;
      default: return AV_CODEC_ID_H264;
    }
  }
  static int Write(void* self, std::uint8_t* bytes, int size) {
    auto* peer = static_cast<AvformatPeer*>(self);
    const auto n = static_cast<std::size_t>(size);
    if (n > peer->out_.size() - peer->at_) return -1;
    std::memcpy(peer->out_.data() + peer->at_, bytes, n);
    peer->at_ += n;
    return size;
  }

  const char* format_;
  TrackConfig track_;
  std::vector<std::uint8_t> out_;
  std::size_t at_ = 0;
};

// ffmpeg's demuxer, reading from memory through its own buffer of 64 kB.
class AvformatReader {
 public:
  AvformatReader(const char* format, std::span<const std::uint8_t> file) : format_(format), file_(file) {}

  // The bytes of all packets; 0: it does not read the file.
  std::size_t Demux() {
    at_ = 0;
    AVFormatContext* context = avformat_alloc_context();
    context->pb = avio_alloc_context(static_cast<unsigned char*>(av_malloc(1 << 16)), 1 << 16, 0, this,
                                     &AvformatReader::Read, nullptr, nullptr);
    context->flags |= AVFMT_FLAG_CUSTOM_IO;
    AVIOContext* io = context->pb;
    std::size_t bytes = 0;
    if (avformat_open_input(&context, nullptr, av_find_input_format(format_), nullptr) >= 0) {
      AVPacket* packet = av_packet_alloc();
      while (av_read_frame(context, packet) >= 0) {
        bytes += static_cast<std::size_t>(packet->size);
        av_packet_unref(packet);
      }
      av_packet_free(&packet);
      avformat_close_input(&context);
    }
    av_freep(&io->buffer);
    avio_context_free(&io);
    return bytes;
  }

 private:
  static int Read(void* self, std::uint8_t* to, int size) {
    auto* peer = static_cast<AvformatReader*>(self);
    const std::size_t n = std::min(static_cast<std::size_t>(size), peer->file_.size() - peer->at_);
    if (n == 0) return AVERROR_EOF;
    std::memcpy(to, peer->file_.data() + peer->at_, n);
    peer->at_ += n;
    return static_cast<int>(n);
  }

  const char* format_;
  std::span<const std::uint8_t> file_;
  std::size_t at_ = 0;
};

}  // namespace mediacore::mux::bench

#endif  // MEDIACORE_HAVE_AVFORMAT

#endif  // MEDIACORE_BENCH_MUX_AVFORMAT_PEER_H_
