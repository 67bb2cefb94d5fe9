#ifndef MEDIACORE_BENCH_JITTER_GSTREAMER_JITTER_BUFFER_H_
#define MEDIACORE_BENCH_JITTER_GSTREAMER_JITTER_BUFFER_H_

#ifdef MEDIACORE_HAVE_GSTREAMER

#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <gst/gst.h>
#include <gst/rtp/gstrtpbuffer.h>

namespace mediacore::bench {

// GStreamer's rtpjitterbuffer with a pad on each side, no pipeline around it:
// packets are pushed into one, and counted where they come out.
class GStreamerJitterBuffer {
 public:
  GStreamerJitterBuffer() {
    gst_init(nullptr, nullptr);
    GstElement* found = gst_element_factory_make("rtpjitterbuffer", nullptr);
    if (found == nullptr) return;
    gst_object_unref(found);
    ok_ = true;
  }
  bool ok() const { return ok_; }

  // How long it takes until `count` packets, numbered as `order` says, are
  // through; making the buffers is not counted. Negative: they did not come out.
  double SecondsToPass(std::span<const std::uint16_t> order, std::size_t count) {
    GstElement* element = gst_element_factory_make("rtpjitterbuffer", nullptr);
    g_object_set(element, "latency", 0u, "mode", 0, nullptr);
    GstClock* clock = gst_system_clock_obtain();
    gst_element_set_clock(element, clock);
    gst_element_set_base_time(element, gst_clock_get_time(clock));

    arrived_ = 0;
    GstPad* from = gst_pad_new("from", GST_PAD_SRC);
    GstPad* to = gst_pad_new("to", GST_PAD_SINK);
    gst_pad_set_chain_function(to, &Arrive);
    to->chaindata = this;
    GstPad* in = gst_element_get_static_pad(element, "sink");
    GstPad* out = gst_element_get_static_pad(element, "src");
    gst_pad_link(from, in);
    gst_pad_link(out, to);
    gst_pad_set_active(from, TRUE);
    gst_pad_set_active(to, TRUE);
    gst_element_set_state(element, GST_STATE_PLAYING);

    GstCaps* caps = gst_caps_from_string(
        "application/x-rtp,media=video,clock-rate=90000,encoding-name=H264,payload=96");
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    gst_pad_push_event(from, gst_event_new_stream_start("bench"));
    gst_pad_push_event(from, gst_event_new_caps(caps));
    gst_pad_push_event(from, gst_event_new_segment(&segment));

    std::vector<GstBuffer*> buffers;
    for (std::size_t i = 0; i < count; ++i) {
      GstBuffer* buffer = gst_rtp_buffer_new_allocate(1188, 0, 0);
      GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
      gst_rtp_buffer_map(buffer, GST_MAP_WRITE, &rtp);
      gst_rtp_buffer_set_payload_type(&rtp, 96);
      gst_rtp_buffer_set_ssrc(&rtp, 1);
      gst_rtp_buffer_set_seq(&rtp, order[i]);
      gst_rtp_buffer_set_timestamp(&rtp, order[i] * 9u);  // 100 us apart
      gst_rtp_buffer_unmap(&rtp);
      GST_BUFFER_PTS(buffer) = GST_BUFFER_DTS(buffer) = i * 100 * GST_USECOND;
      buffers.push_back(buffer);
    }

    // The first packet comes out after the latency, which is none yet; then it
    // is long, so that no wait for a reordered packet ends while this runs.
    gst_pad_push(from, buffers[0]);
    Await(1);
    g_object_set(element, "latency", 10'000u, nullptr);
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 1; i < count; ++i) gst_pad_push(from, buffers[i]);
    const bool all = Await(count);
    const auto end = std::chrono::steady_clock::now();

    gst_pad_set_active(to, FALSE);
    gst_element_set_state(element, GST_STATE_NULL);
    gst_pad_unlink(from, in);
    gst_pad_unlink(out, to);
    for (GstObject* object : {GST_OBJECT(in), GST_OBJECT(out), GST_OBJECT(from),
                              GST_OBJECT(to), GST_OBJECT(clock), GST_OBJECT(element)}) {
      gst_object_unref(object);
    }
    gst_caps_unref(caps);
    return all ? std::chrono::duration<double>(end - start).count() : -1;
  }

 private:
  bool Await(std::size_t count) const {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (arrived_.load() < count) {
      if (std::chrono::steady_clock::now() > give_up) return false;
      std::this_thread::yield();
    }
    return true;
  }
  static GstFlowReturn Arrive(GstPad* pad, GstObject*, GstBuffer* buffer) {
    static_cast<GStreamerJitterBuffer*>(pad->chaindata)->arrived_.fetch_add(1);
    gst_buffer_unref(buffer);
    return GST_FLOW_OK;
  }

  bool ok_ = false;
  std::atomic<std::size_t> arrived_{0};
};

}  // namespace mediacore::bench

#pragma GCC diagnostic pop
#endif  // MEDIACORE_HAVE_GSTREAMER

#endif  // MEDIACORE_BENCH_JITTER_GSTREAMER_JITTER_BUFFER_H_
