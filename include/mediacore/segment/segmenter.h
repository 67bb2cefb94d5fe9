#ifndef MEDIACORE_SEGMENT_SEGMENTER_H_
#define MEDIACORE_SEGMENT_SEGMENTER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "mediacore/base/bytes.h"
#include "mediacore/base/ntp_time.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/base/time.h"
#include "mediacore/codec/encoded_frame.h"
#include "mediacore/segment/config.h"
#include "mediacore/segment/counters.h"

namespace mediacore::segment {

// What to store, serve or remove. Everything it points to is good until the
// next call of the Segmenter.
struct Output {
  enum class Kind : std::uint8_t {
    kInit,          // initialization section (fMP4)
    kSegment,       // media segment
    kPlaylist,      // media playlist: replaces the one of that name
    kMultivariant,  // multivariant playlist: likewise
    kDelete,        // `name` may go, but not before `not_before`
  };
  Kind kind = Kind::kSegment;
  std::string_view name;       // a relative URI and a file name at once
  std::string_view mime_type;  // empty for kDelete
  std::span<const Bytes> pieces;  // the content, in order
  std::size_t size = 0;           // of all pieces
  TimeDelta duration = TimeDelta::Zero();           // kSegment
  Timestamp not_before = Timestamp::MinusInfinity();  // kDelete
};

// Turns encoded frames into HLS (RFC 8216bis): initialization sections,
// segments and playlists as values.
//
//   segmenter.HandleFrame(now, track, frame);
//   for (Output output; segmenter.PollOutput(now, output);) Store(output);
//   timer.SetDeadline(segmenter.NextTimeout());
//
// Poll until empty after every other call. Outputs come in the order in which
// they have to become visible: initialization sections and segments before the
// playlist that names them, the multivariant playlist last.
//
// Threads: one at a time. Memory: MaxMemory(config), taken in Create().
class Segmenter {
 public:
  // Refuses what cannot be written (TS with Opus, say), with the way out.
  static absl::StatusOr<Segmenter> Create(const Config& config);
  Segmenter(Segmenter&&) noexcept;
  Segmenter& operator=(Segmenter&&) noexcept;
  ~Segmenter();

  // One frame of a track, in decoding order; copies `frame.data`. A track
  // number out of range is counted as malformed.
  void HandleFrame(Timestamp now, std::size_t track,
                   const codec::EncodedFrame& frame);
  // RTCP SR: the sender's wall clock showed `ntp` at `rtp` (RFC 3550, 6.4.1).
  void HandleSenderReport(Timestamp now, std::size_t track, NtpTime ntp,
                          RtpTimestamp rtp);
  // The source of the track began anew: new time base, perhaps new format.
  void HandleRestart(Timestamp now, std::size_t track);
  // No more frames. What is stored comes out, playlists end.
  void HandleEnd(Timestamp now);

  // Also makes what fell due by now.
  [[nodiscard]] bool PollOutput(Timestamp now, Output& out);
  Timestamp NextTimeout() const;

  const Counters& counters() const;
  // Sound minus picture on the output's timeline against what the sender
  // reports say; positive: sound is late. Unset without reports of both.
  std::optional<TimeDelta> SyncError(std::size_t track) const;

 private:
  class Impl;
  explicit Segmenter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mediacore::segment

#endif  // MEDIACORE_SEGMENT_SEGMENTER_H_
