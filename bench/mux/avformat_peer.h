#ifndef MEDIACORE_BENCH_MUX_AVFORMAT_PEER_H_
#define MEDIACORE_BENCH_MUX_AVFORMAT_PEER_H_

#ifdef MEDIACORE_HAVE_AVFORMAT

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
    stream->time_base = {1, 90'000};
    AVCodecParameters* codec = stream->codecpar;
    codec->codec_type = AVMEDIA_TYPE_VIDEO;
    codec->codec_id = AV_CODEC_ID_H264;
    codec->width = track_.width;
    codec->height = track_.height;
    const bool ts = std::strcmp(format_, "mpegts") == 0;
    // For mpegts the samples are said to be Annex B: its filter that rewrites MP4's
    // form would copy them once more. Their lengths are patched to start codes.
    if (!ts) {
      codec->extradata = static_cast<std::uint8_t*>(
          av_mallocz(track_.codec_config.size() + AV_INPUT_BUFFER_PADDING_SIZE));
      std::memcpy(codec->extradata, track_.codec_config.data(), track_.codec_config.size());
      codec->extradata_size = static_cast<int>(track_.codec_config.size());
    }
    AVDictionary* options = nullptr;
    if (!ts) av_dict_set(&options, "movflags", "frag_keyframe+empty_moov+default_base_moof", 0);
    bool ok = avformat_write_header(context, &options) >= 0;
    AVPacket* packet = av_packet_alloc();
    for (const Sample& s : samples) {
      if (!ok) break;
      auto* data = const_cast<std::uint8_t*>(s.data.data());
      if (ts) StoreU32(data, 1);
      packet->data = data;
      packet->size = static_cast<int>(s.data.size());
      packet->dts = av_rescale(s.dts, stream->time_base.den, 90'000);
      packet->pts = av_rescale(s.pts, stream->time_base.den, 90'000);
      packet->duration = av_rescale(s.duration, stream->time_base.den, 90'000);
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

}  // namespace mediacore::mux::bench

#endif  // MEDIACORE_HAVE_AVFORMAT

#endif  // MEDIACORE_BENCH_MUX_AVFORMAT_PEER_H_
