#ifndef MEDIACORE_TOOLS_HLS_PACKAGER_H_
#define MEDIACORE_TOOLS_HLS_PACKAGER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "directory_output.h"
#include "media_store.h"
#include "mediacore/segment/segmenter.h"
#include "mediacore/session/media_receiver.h"
#include "packet_pool.h"
#include "stream_plan.h"

namespace mediacore::tools {

// The whole way from datagrams to published HLS: a MediaReceiver for each
// stream of the plan, one Segmenter for all, and the places where its outputs
// go. Knows no socket and no clock: the verb feeds it from one or the other.
class HlsPackager {
 public:
  struct Options {
    segment::Config segment;           // without tracks: they come from the plan
    std::string track_prefix;          // begins every file name
    jitter::ReorderBufferConfig reorder;
    DirectoryOutput* directory = nullptr;
    MediaStore* store = nullptr;
    std::uint64_t max_stored_bytes = 4'000'000'000;  // in the store
  };

  // Throws Failure(kBadInput) with the library's sentence when the streams and
  // the options do not go together (Opus in TS, say).
  HlsPackager(std::vector<StreamPlan> streams, const Options& options);

  const std::vector<StreamPlan>& streams() const { return streams_; }

  // A datagram of stream `index`.
  void HandleRtp(Timestamp now, std::size_t index, Packet packet);
  // RTCP reports say themselves whose they are, so each stream looks.
  void HandleRtcp(Timestamp now, Bytes datagram);
  // What fell due; call at NextTimeout() or oftener.
  void HandleTimeout(Timestamp now);
  Timestamp NextTimeout() const;
  // Ends the streams and the playlists, and publishes the rest.
  void HandleEnd(Timestamp now);

  std::uint64_t packets() const { return packets_; }
  // Packets of stream `index` that its depacketiser refused.
  std::uint64_t payload_errors(std::size_t index) const {
    return receivers_[index].counters().payload_errors;
  }
  // Packets of stream `index` that were its own; of it, but not to be used.
  std::uint64_t received(std::size_t index) const;
  std::uint64_t other_payload_type(std::size_t index) const;
  // "video 360 frames, 1.2 Mbit/s, 0 lost; audio …; 3 segments".
  std::string StatisticsLine(Timestamp now);
  nlohmann::json Statistics() const;
  // One sentence each for what a user has to know when it is over.
  std::vector<std::string> Warnings() const;

 private:
  using Receiver = session::MediaReceiver<Packet>;
  struct Removal {
    Timestamp when;
    std::string name;
  };

  void Drain(Timestamp now, std::size_t index);
  void Publish(Timestamp now);
  void RemoveDue(Timestamp now);

  std::vector<StreamPlan> streams_;
  DirectoryOutput* directory_;
  MediaStore* store_;
  std::uint64_t max_stored_bytes_;
  std::vector<Receiver> receivers_;
  segment::Segmenter segmenter_;
  std::vector<Removal> removals_;
  std::vector<std::uint8_t> joined_;
  std::vector<std::uint64_t> bytes_;       // of RTP, per stream
  std::vector<std::uint64_t> line_bytes_;  // at the last statistics line
  Timestamp line_at_ = Timestamp::MinusInfinity();
  std::uint64_t packets_ = 0;
  std::uint64_t output_bytes_ = 0;
  TimeDelta packaged_ = TimeDelta::Zero();
  std::uint64_t files_ = 0;
};

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_HLS_PACKAGER_H_
