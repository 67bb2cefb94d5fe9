#ifndef MEDIACORE_TESTS_SUPPORT_FRAME_COLLECTOR_H_
#define MEDIACORE_TESTS_SUPPORT_FRAME_COLLECTOR_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "mediacore/codec/encoded_frame.h"

namespace mediacore::testing {

// Feeds a depacketiser and keeps a copy of what it gives.
template <typename Depacketizer>
class FrameCollector {
 public:
  struct Frame {
    std::vector<std::uint8_t> data;
    std::uint32_t timestamp = 0;
    bool lost_before = false;
    bool operator==(const Frame&) const = default;
  };

  template <typename... Arguments>
  explicit FrameCollector(std::size_t storage_size, Arguments&&... arguments)
      : storage_(storage_size), depacketizer_(storage_, std::forward<Arguments>(arguments)...) {}
  FrameCollector(const FrameCollector&) = delete;
  FrameCollector& operator=(const FrameCollector&) = delete;

  typename Depacketizer::Error Push(const std::vector<std::uint8_t>& payload, std::uint32_t timestamp,
                                    bool marker = true, bool lost_before = false) {
    const auto error = depacketizer_.HandlePacket({RtpTimestamp(timestamp), marker, lost_before, payload});
    Poll();
    return error;
  }
  void Flush() {
    depacketizer_.Flush();
    Poll();
  }
  void Poll() {
    for (codec::EncodedFrame frame; depacketizer_.PollFrame(frame);) {
      frames_.push_back({{frame.data.begin(), frame.data.end()}, frame.rtp_timestamp.value(), frame.lost_before});
      last_ = frame;
    }
  }

  Depacketizer& depacketizer() { return depacketizer_; }
  const auto& counters() const { return depacketizer_.counters(); }
  const std::vector<Frame>& frames() const { return frames_; }
  const codec::EncodedFrame& last() const { return last_; }

 private:
  std::vector<std::uint8_t> storage_;
  Depacketizer depacketizer_;
  std::vector<Frame> frames_;
  codec::EncodedFrame last_;
};

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_FRAME_COLLECTOR_H_
