#ifndef MEDIACORE_BENCH_SUPPORT_GST_DEPAY_H_
#define MEDIACORE_BENCH_SUPPORT_GST_DEPAY_H_

#if MEDIACORE_HAVE_GSTREAMER

#include <gst/gst.h>

#include <string>
#include <vector>

#include "mediacore/base/bytes.h"

namespace mediacore::bench {

// GStreamer's depayloader of one format, fed by hand: "rtpvp8depay" with "VP8". The
// packets are made into buffers once, beforehand; a pass hands over all of them.
class GstDepay {
 public:
  GstDepay(const char* element, const std::string& encoding) {
    gst_init(nullptr, nullptr);
    depay_ = gst_element_factory_make(element, nullptr);
    if (depay_ == nullptr) return;
    in_ = gst_pad_new("in", GST_PAD_SRC);
    out_ = gst_pad_new("out", GST_PAD_SINK);
    g_object_set_data(G_OBJECT(out_), "bytes", &bytes_);
    gst_pad_set_chain_function(out_, [](GstPad* pad, GstObject*, GstBuffer* frame) {
      *static_cast<std::size_t*>(g_object_get_data(G_OBJECT(pad), "bytes")) += gst_buffer_get_size(frame);
      gst_buffer_unref(frame);
      return GST_FLOW_OK;
    });
    gst_pad_set_event_function(out_, [](GstPad*, GstObject*, GstEvent* event) {
      gst_event_unref(event);
      return gboolean{TRUE};
    });
    Link(in_, "sink");
    Link(out_, "src");
    gst_pad_set_active(in_, TRUE);
    gst_pad_set_active(out_, TRUE);
    gst_element_set_state(depay_, GST_STATE_PLAYING);
    gst_pad_push_event(in_, gst_event_new_stream_start("bench"));
    GstCaps* const caps = gst_caps_from_string(
        ("application/x-rtp,media=video,payload=96,clock-rate=90000,encoding-name=" + encoding).c_str());
    gst_pad_push_event(in_, gst_event_new_caps(caps));
    gst_caps_unref(caps);
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_pad_push_event(in_, gst_event_new_segment(&segment));
  }
  ~GstDepay() {
    if (depay_ == nullptr) return;
    gst_element_set_state(depay_, GST_STATE_NULL);
    for (GstBuffer* packet : packets_) gst_buffer_unref(packet);
    gst_object_unref(in_);
    gst_object_unref(out_);
    gst_object_unref(depay_);
  }
  GstDepay(const GstDepay&) = delete;
  GstDepay& operator=(const GstDepay&) = delete;

  bool ok() const { return depay_ != nullptr; }
  void Add(std::uint16_t sequence, std::uint32_t timestamp, bool marker, Bytes payload) {
    std::vector<std::uint8_t> rtp = {0x80, static_cast<std::uint8_t>(marker ? 0xe0 : 0x60), 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                     1};
    StoreU16(rtp.data() + 2, sequence);
    StoreU32(rtp.data() + 4, timestamp);
    rtp.insert(rtp.end(), payload.begin(), payload.end());
    GstBuffer* const packet = gst_buffer_new_allocate(nullptr, rtp.size(), nullptr);
    gst_buffer_fill(packet, 0, rtp.data(), rtp.size());
    packets_.push_back(packet);
  }
  void Pass() {
    for (GstBuffer* packet : packets_) gst_pad_push(in_, gst_buffer_ref(packet));
  }
  std::size_t bytes() const { return bytes_; }  // that came out

 private:
  void Link(GstPad* pad, const char* name) {
    gst_object_ref_sink(pad);
    GstPad* const other = gst_element_get_static_pad(depay_, name);
    GST_PAD_IS_SRC(pad) ? gst_pad_link(pad, other) : gst_pad_link(other, pad);
    gst_object_unref(other);
  }

  GstElement* depay_ = nullptr;
  GstPad* in_ = nullptr;
  GstPad* out_ = nullptr;
  std::vector<GstBuffer*> packets_;
  std::size_t bytes_ = 0;
};

}  // namespace mediacore::bench

#endif  // MEDIACORE_HAVE_GSTREAMER
#endif  // MEDIACORE_BENCH_SUPPORT_GST_DEPAY_H_
