#ifndef MEDIACORE_BENCH_MUX_FLV_PEER_H_
#define MEDIACORE_BENCH_MUX_FLV_PEER_H_

#include "../support/peer.h"

#ifdef MEDIACORE_HAVE_AVFORMAT

#include <algorithm>
#include <cstring>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/mem.h>
}

#include "mediacore/base/bytes.h"

namespace mediacore::mux::bench {

// ffmpeg's demuxer over a file in memory, without looking into the pictures:
// the bytes of all packets.
inline std::size_t DemuxFlv(Bytes file) {
  struct Source {
    Bytes rest;
    static int Read(void* self, std::uint8_t* to, int size) {
      Bytes& rest = static_cast<Source*>(self)->rest;
      if (rest.empty()) return AVERROR_EOF;
      const std::size_t n = std::min(rest.size(), static_cast<std::size_t>(size));
      std::memcpy(to, rest.data(), n);
      rest = rest.subspan(n);
      return static_cast<int>(n);
    }
  };
  Source source{file};
  AVFormatContext* context = avformat_alloc_context();
  auto* block = static_cast<unsigned char*>(av_malloc(1 << 16));
  AVIOContext* io = avio_alloc_context(block, 1 << 16, 0, &source, &Source::Read, nullptr, nullptr);
  context->pb = io;
  context->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN;
  std::size_t bytes = 0;
  if (avformat_open_input(&context, nullptr, av_find_input_format("flv"), nullptr) >= 0) {
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

}  // namespace mediacore::mux::bench

#endif  // MEDIACORE_HAVE_AVFORMAT

#endif  // MEDIACORE_BENCH_MUX_FLV_PEER_H_
