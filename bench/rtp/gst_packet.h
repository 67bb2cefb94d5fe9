#ifndef MEDIACORE_BENCH_RTP_GST_PACKET_H_
#define MEDIACORE_BENCH_RTP_GST_PACKET_H_

#include <array>
#include <cstdint>

#include <gst/rtp/gstrtpbuffer.h>

namespace mediacore::bench {

// One GstBuffer around the packet, as a payloader would hand it on.
class GstPacket {
 public:
  explicit GstPacket(const std::array<std::uint8_t, 1200>& packet) {
    gst_init(nullptr, nullptr);
    buffer_ = gst_buffer_new_allocate(nullptr, packet.size(), nullptr);
    gst_buffer_fill(buffer_, 0, packet.data(), packet.size());
  }
  ~GstPacket() { gst_buffer_unref(buffer_); }
  GstPacket(const GstPacket&) = delete;
  GstPacket& operator=(const GstPacket&) = delete;
  GstBuffer* buffer() const { return buffer_; }

 private:
  GstBuffer* buffer_;
};

}  // namespace mediacore::bench

#endif  // MEDIACORE_BENCH_RTP_GST_PACKET_H_
