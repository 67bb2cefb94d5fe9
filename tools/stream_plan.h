#ifndef MEDIACORE_TOOLS_STREAM_PLAN_H_
#define MEDIACORE_TOOLS_STREAM_PLAN_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mediacore/base/bytes.h"
#include "mediacore/base/codec.h"
#include "mediacore/base/identifiers.h"
#include "mediacore/capture/datagram.h"
#include "mediacore/codec/aac_depacketizer.h"

namespace mediacore::tools {

// One RTP stream to be received and packaged, and how we know of it.
struct StreamPlan {
  Codec codec = Codec::kUnknown;
  PayloadType payload_type;
  // Only known when found in a capture: whose it is and where it was seen.
  std::optional<Ssrc> ssrc;
  std::optional<capture::Endpoint> destination;
  std::string address;       // where it is sent to
  std::uint16_t port = 0;
  std::uint16_t rtcp_port = 0;  // `port` itself with rtcp-mux; 0: none
  int clock_rate = 90'000;
  int channels = 2;
  int variant = 0;
  std::vector<std::vector<std::uint8_t>> parameter_sets;  // sprop-parameter-sets and the like
  std::vector<std::uint8_t> audio_config;                 // AudioSpecificConfig
  codec::AacPacketFormat aac;
};

// What to receive, with sentences for the user about what was left out.
struct Plan {
  std::vector<StreamPlan> streams;
  std::vector<std::string> notes;
};

// The streams of a session description. `name` begins the sentences. Throws
// Failure(kBadInput) when it does not parse (with line and byte offset), when
// no stream in it is supported, or when a supported one lacks what it needs.
Plan PlanFromSdp(std::string_view text, const std::string& name, int variant);

// What the user said on the command line about a capture without an SDP.
struct CaptureHints {
  std::map<int, Codec> payload_types;  // --pt 96=H264
  std::optional<std::uint16_t> port;   // --port: only streams sent there
  std::optional<Ssrc> ssrc;            // --ssrc: only this one
};

// The streams of a capture, recognised from their payloads: the stream of pictures
// and the stream of sound with the most packets. One SSRC seen on the way to
// several ports is one stream seen at several places: the last hop counts.
// Says in the notes what it guessed and what it left. Throws
// Failure(kBadInput) when there is nothing to package.
Plan PlanFromCapture(Bytes file, const std::string& name,
                     const CaptureHints& hints);

// Finds the streams of a session description in a capture: of several places
// that packets with its port and payload type go to, the last hop, and of
// several addresses the one with the most packets. Says what it left out.
void PlaceInCapture(Bytes file, const std::string& name, Plan& plan);

// "H264", "vp9", "aac", "mpeg4-generic", "OPUS", …; kUnknown for others.
Codec CodecFromName(std::string_view name);

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_STREAM_PLAN_H_
