#ifndef MEDIACORE_TOOLS_CAPTURE_SUMMARY_H_
#define MEDIACORE_TOOLS_CAPTURE_SUMMARY_H_

#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "mediacore/base/codec.h"
#include "mediacore/base/identifiers.h"
#include "mediacore/base/sequence_number.h"
#include "mediacore/base/time.h"
#include "mediacore/base/units.h"
#include "mediacore/capture/capture_reader.h"
#include "mediacore/capture/datagram.h"
#include "mediacore/rtp/demux.h"
#include "mediacore/stats/receive_statistics.h"

namespace mediacore::tools {

// Amounts over time in at most kMaxBins bins. When time runs past the last one,
// bins are joined in pairs and each lasts twice as long.
class TimeSeries {
 public:
  static constexpr std::size_t kMaxBins = 1200;
  // What several amounts in one bin come to.
  enum class Join : std::uint8_t { kSum, kMost };

  explicit TimeSeries(Join join = Join::kSum) : join_(join) {}
  // `at` since the start of the capture; before it counts as at its start.
  void Add(TimeDelta at, std::int64_t amount);

  TimeDelta bin() const { return bin_; }
  const std::vector<std::int64_t>& bins() const { return bins_; }

 private:
  Join join_;
  TimeDelta bin_ = TimeDelta::Millis(100);
  std::vector<std::int64_t> bins_;
};

// How we know what a stream is.
enum class CodecSource : std::uint8_t { kNone, kStaticType, kGuess, kSdp };

// What a receiver said of a stream, in its reports.
struct ReceiverView {
  std::uint64_t reports = 0;
  std::uint8_t last_fraction_lost = 0;  // in 1/256
  std::int32_t cumulative_lost = 0;
  std::uint32_t jitter_ticks = 0;
  // From the place of capture to the receiver and back, where a report answers
  // a sender report that is in the capture.
  std::uint64_t round_trips = 0;
  TimeDelta least_round_trip = TimeDelta::PlusInfinity();
  TimeDelta most_round_trip = TimeDelta::Zero();
  TimeDelta sum_of_round_trips = TimeDelta::Zero();
};

// One SSRC on its way from one port to another. Seen at several port pairs it
// is several streams: what one sees of it is not what another does.
struct StreamSummary {
  Ssrc ssrc;
  capture::Endpoint source;
  capture::Endpoint destination;

  std::map<int, std::uint64_t> payload_types;  // type: packets
  std::string encoding;                        // "H264", "rtx"; empty: unknown
  Codec codec = Codec::kUnknown;
  CodecSource codec_source = CodecSource::kNone;
  std::uint32_t clock_rate = 0;       // 0: unknown
  bool clock_rate_measured = false;   // from timestamps against arrival

  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;    // of UDP payloads
  std::uint64_t markers = 0;
  std::uint64_t padding_only = 0;
  std::uint64_t bad_padding = 0;  // counted as payload: encrypted, or a lie
  std::unordered_set<std::uint32_t> frames;      // timestamps that carry payload
  std::unordered_set<std::uint32_t> key_frames;  // of these
  std::bitset<256> extension_ids;
  TimeDelta first = TimeDelta::Zero();  // since the start of the capture
  TimeDelta last = TimeDelta::Zero();
  std::optional<stats::ReceiveStatistics> statistics;
  TimeSeries bytes_over_time;
  TimeSeries skipped_over_time;  // sequence numbers, where a gap was seen
  TimeSeries jitter_over_time{TimeSeries::Join::kMost};  // in microseconds

  std::uint64_t sender_reports = 0;
  std::string cname;
  std::map<Ssrc, ReceiverView> receivers;  // by who reports; the first kMaxReceivers

  DataRate MeanRate() const;
};

// Everything that `mediacore inspect` says of a capture.
struct CaptureSummary {
  // A stream takes up to 30 kB, most of it for what is plotted. An SSRC may be
  // that of every stream, so that each of them has its receivers.
  static constexpr std::size_t kMaxStreams = 1'000;
  static constexpr std::size_t kMaxReceivers = 100;

  std::string format;
  std::uint64_t file_size = 0;
  std::uint64_t packets = 0;
  std::int64_t start_unix_ns = 0;
  TimeDelta duration = TimeDelta::Zero();
  std::vector<StreamSummary> streams;  // most packets first
  std::uint64_t packets_of_further_streams = 0;  // past kMaxStreams
  std::uint64_t reports_of_further_receivers = 0;  // past kMaxReceivers
  std::array<std::uint64_t, rtp::kPacketKindCount> kinds{};
  std::array<std::uint64_t, capture::kDatagramErrorCount> not_udp{};
  std::uint64_t broken_rtp = 0;
  std::map<std::string, std::uint64_t> rtcp_parts;  // "SR", "RTPFB/15": count
  std::uint64_t rtcp_unreadable = 0;  // packets with a rest that is no part
  // Where reading ended early; kNone: at the end of the file.
  capture::CaptureError error = capture::CaptureError::kNone;
  std::uint64_t error_offset = 0;
};

// What a session description says of one payload type.
struct KnownFormat {
  int payload_type = 0;
  std::uint16_t port = 0;
  std::string encoding;
  Codec codec = Codec::kUnknown;
  std::uint32_t clock_rate = 0;
  int associated = -1;  // `apt` of a=fmtp: which payload type a retransmission repeats
};
// Throws Failure with line and byte offset when `text` is no SDP.
std::vector<KnownFormat> FormatsOfSdp(std::string_view text, const std::string& name);

// Reads a capture from its bytes: once to learn what the streams are, once to
// count. `progress(done, total)` is called now and then. Throws Failure when it
// is no capture file; what is wrong further on is in `error`.
CaptureSummary Summarise(Bytes file, const std::string& name, const std::vector<KnownFormat>& formats,
                         const std::function<void(std::uint64_t, std::uint64_t)>& progress);

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_CAPTURE_SUMMARY_H_
