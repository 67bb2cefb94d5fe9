#include "stream_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "exit_code.h"
#include "mediacore/base/base64.h"
#include "mediacore/base/text.h"
#include "mediacore/capture/capture_reader.h"
#include "mediacore/capture/datagram.h"
#include "mediacore/codec/aac.h"
#include "mediacore/codec/codec_guess.h"
#include "mediacore/rtp/demux.h"
#include "mediacore/rtp/packet_view.h"
#include "mediacore/sdp/rtp_media.h"
#include "mediacore/segment/config.h"

namespace mediacore::tools {
namespace {

[[noreturn]] void Refuse(const std::string& sentence) {
  throw Failure(ExitCode::kBadInput, sentence);
}

// What RTP is packaged of; kSupported says it to people.
bool IsSupported(Codec codec) { return segment::IsSegmented(codec); }
constexpr std::string_view kSupported = "H264, H265, VP9, AV1, AAC and opus";

std::string Hex(Ssrc ssrc) {
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%08x", ssrc.value());
  return text.data();
}

// sprop-parameter-sets, sprop-vps and so on: base64, comma separated (RFC 6184,
// section 8.1; RFC 7798, section 7.1).
void AddParameterSets(std::string_view list, std::vector<std::vector<std::uint8_t>>& sets) {
  while (!list.empty() && sets.size() < 64) {
    const std::size_t comma = list.find(',');
    const std::string_view item = list.substr(0, comma);
    std::vector<std::uint8_t> set(Base64DecodedSize(item.size()));
    std::size_t size = 0;
    if (DecodeBase64(item, set, size) && size > 0) {
      set.resize(size);
      sets.push_back(std::move(set));
    }
    list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
  }
}

// A number of an fmtp line, `otherwise` when it is not there.
int ReadNumber(const sdp::FormatParameters& fmtp, std::string_view name, int least,
               int most, int otherwise, const std::string& where) {
  const std::string_view text = fmtp.Find(name);
  if (text.empty()) return otherwise;
  std::uint64_t value = 0;
  if (!ParseDecimal(text, static_cast<std::uint64_t>(most), value) ||
      value < static_cast<std::uint64_t>(least)) {
    Refuse(where + ": " + std::string(name) + "=" + std::string(text.substr(0, 40)) +
           " in a=fmtp, allowed: " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<int>(value);
}

// RFC 7798, section 7.1.
void ReadH265(const sdp::RtpFormat& format, const std::string& where, StreamPlan& plan) {
  const std::string_view mode = format.fmtp.Find("tx-mode");
  if (!mode.empty() && !sdp::EqualsIgnoringCase(mode, "SRST")) {
    Refuse(where + ": tx-mode=" + std::string(mode.substr(0, 40)) +
           " is not supported: all of the stream must come as one (SRST)");
  }
  if (ReadNumber(format.fmtp, "sprop-max-don-diff", 0, 32'767, 0, where) > 0) {
    Refuse(where + ": sprop-max-don-diff above 0 (interleaved) is not supported");
  }
  for (const std::string_view name : {"sprop-vps", "sprop-sps", "sprop-pps"}) {
    AddParameterSets(format.fmtp.Find(name), plan.parameter_sets);
  }
}

void ReadAac(const sdp::RtpFormat& format, const std::string& where,
             StreamPlan& plan) {
  if (!sdp::EqualsIgnoringCase(format.fmtp.Find("mode"), "AAC-hbr")) {
    Refuse(where + ": AAC is sent with mode=" +
           std::string(format.fmtp.Find("mode")) + "; only AAC-hbr is read");
  }
  const std::string_view hex = format.fmtp.Find("config");
  std::vector<std::uint8_t> config(hex.size() / 2);
  std::size_t size = 0;
  if (hex.empty() || !DecodeHex(hex, config, size)) {
    Refuse(where + ": a=fmtp of AAC has no config=, without which it cannot be decoded");
  }
  config.resize(size);
  const auto parsed = codec::AacConfig::Parse(config);
  if (!parsed) {
    Refuse(where + ": config= of AAC: " + std::string(ToString(parsed.error())));
  }
  plan.channels = parsed->channels;
  plan.audio_config = std::move(config);
  plan.aac.size_length = ReadNumber(format.fmtp, "sizelength", 1, 32, 13, where);
  plan.aac.index_length = ReadNumber(format.fmtp, "indexlength", 0, 32, 3, where);
  plan.aac.index_delta_length =
      ReadNumber(format.fmtp, "indexdeltalength", 0, 32, 3, where);
  plan.aac.ticks_per_frame = parsed->samples_per_frame();
}

}  // namespace

Codec CodecFromName(std::string_view name) {
  if (sdp::EqualsIgnoringCase(name, "aac")) return Codec::kAac;
  return sdp::CodecOf(name);
}

Plan PlanFromSdp(std::string_view text, const std::string& name, int variant) {
  sdp::SessionView session;
  if (const auto refusal = sdp::SessionView::Parse(text, {}, session)) {
    Refuse(name + ": " + std::string(ToString(refusal->cause)) + " at line " +
           std::to_string(refusal->line) + ", byte " +
           std::to_string(refusal->offset));
  }
  Plan plan;
  for (const sdp::MediaView& described : session.media()) {
    if (!described.IsRtp()) continue;
    const sdp::RtpMedia media(session, described);
    const std::string where =
        name + ", m=" + std::string(media.type) + " " + std::to_string(media.port);
    if (media.port == 0) {
      plan.notes.push_back(where + ": rejected by its port 0, left out");
      continue;
    }
    const auto supported = std::ranges::find_if(
        media.formats, [](const sdp::RtpFormat& format) {
          // LATM (RFC 6416) is another way to pack AAC.
          return IsSupported(CodecFromName(format.encoding_name)) &&
                 !sdp::EqualsIgnoringCase(format.encoding_name, "MP4A-LATM");
        });
    if (supported == media.formats.end()) {
      const std::string codec = media.formats.empty() || media.formats[0].encoding_name.empty()
                                    ? "a payload type that no a=rtpmap explains"
                                    : std::string(media.formats[0].encoding_name);
      plan.notes.push_back(where + ": " + codec + " is not supported, left out; " + std::string(kSupported) + " are");
      continue;
    }
    if (described.protocol().find("SAVP") != std::string_view::npos ||
        described.attributes().Has(sdp::AttributeName::kCrypto)) {
      plan.notes.push_back(where + ": described as encrypted (SRTP), which is not undone: "
                                   "good only for packets already decrypted");
    }
    StreamPlan stream;
    stream.codec = CodecFromName(supported->encoding_name);
    stream.payload_type = supported->payload_type;
    stream.address = std::string(media.connection.address.text);
    stream.port = media.port;
    stream.rtcp_port = media.rtcp_port;
    stream.clock_rate = static_cast<int>(supported->clock_rate);
    stream.channels = supported->channels;
    stream.variant = variant;
    if (stream.codec == Codec::kH264) {
      if (supported->fmtp.Find("packetization-mode") == "2") {
        Refuse(where + ": packetization-mode 2 (interleaved) is not supported");
      }
      AddParameterSets(supported->fmtp.Find("sprop-parameter-sets"), stream.parameter_sets);
    }
    if (stream.codec == Codec::kH265) ReadH265(*supported, where, stream);
    if (stream.codec == Codec::kAac) ReadAac(*supported, where, stream);
    if (stream.clock_rate <= 0) Refuse(where + ": no clock rate in a=rtpmap");
    plan.streams.push_back(std::move(stream));
  }
  if (plan.streams.empty()) {
    std::string sentence = name + ": no stream in it can be packaged";
    for (const std::string& note : plan.notes) sentence += "; " + note;
    Refuse(sentence);
  }
  return plan;
}

namespace {

// One stream at one place of a capture.
struct Sighting {
  Ssrc ssrc;
  capture::Endpoint destination;
  PayloadType payload_type;
  std::uint64_t packets = 0;
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  RtpTimestamp first_timestamp;
  RtpTimestamp last_timestamp;
  SequenceNumber last_number;
  SequenceNumber first_number;
  // Places that saw this one's first packet after it: they lie further on.
  std::vector<capture::Endpoint> further;
  codec::CodecGuess guess;
  int first_aac_element = -1;  // 0 one channel, 1 a pair
  Codec codec = Codec::kUnknown;
};

constexpr std::size_t kMaxSightings = 256;

bool IsFurtherOn(const Sighting& there, const Sighting& here) {
  return std::ranges::find(here.further, there.destination) != here.further.end();
}

// Whether `there` is the same stream as `here`, further along its way: packets
// of `here` were seen `there` later or, where no packet says, it began later.
bool IsFurtherHop(const Sighting& there, const Sighting& here) {
  if (there.ssrc != here.ssrc || there.payload_type != here.payload_type) return false;
  const bool after = IsFurtherOn(there, here);
  const bool before = IsFurtherOn(here, there);
  return after != before ? after : there.first_ns > here.first_ns;
}

// False when there are too many streams for this one to be kept.
bool See(std::vector<Sighting>& sightings, const capture::Record& record,
         const capture::Datagram& datagram, const rtp::PacketView& packet) {
  auto seen = std::ranges::find_if(sightings, [&](const Sighting& s) {
    return s.ssrc == packet.ssrc() && s.destination == datagram.destination &&
           s.payload_type == packet.payload_type();
  });
  const bool first = seen == sightings.end();
  if (first) {
    if (sightings.size() == kMaxSightings) return false;
    Sighting& sighting = sightings.emplace_back();
    sighting.ssrc = packet.ssrc();
    sighting.destination = datagram.destination;
    sighting.payload_type = packet.payload_type();
    sighting.first_ns = record.unix_ns;
    sighting.first_timestamp = packet.timestamp();
    sighting.first_number = packet.sequence_number();
    seen = sightings.end() - 1;
  }
  for (Sighting& other : sightings) {
    if (other.ssrc == packet.ssrc() && other.first_number == packet.sequence_number() &&
        other.payload_type == packet.payload_type() &&
        other.destination != datagram.destination && !IsFurtherOn(*seen, other)) {
      other.further.push_back(datagram.destination);
    }
  }
  const bool in_order =
      first || packet.sequence_number() - seen->last_number == 1;
  seen->guess.HandlePacket({.rtp_timestamp = packet.timestamp(),
                            .marker = packet.marker(),
                            .lost_before = !in_order,
                            .payload = packet.payload()});
  if (seen->first_aac_element < 0) {
    const auto aac = codec::AacPayloadView::Parse(packet.payload(), {});
    if (aac && !aac->data().empty()) seen->first_aac_element = aac->data()[0] >> 5;
  }
  ++seen->packets;
  seen->last_ns = record.unix_ns;
  seen->last_timestamp = packet.timestamp();
  seen->last_number = packet.sequence_number();
  return true;
}

// AAC without a session description: the clock that fits the timestamps, the
// channels that the first syntax element stands for (ISO 14496-3, 4.4.2.1).
bool GuessAac(const Sighting& sighting, StreamPlan& plan) {
  constexpr std::array<int, 12> kRates = {96000, 88200, 64000, 48000,
                                          44100, 32000, 24000, 22050,
                                          16000, 12000, 11025, 8000};
  const double seconds =
      static_cast<double>(sighting.last_ns - sighting.first_ns) / 1e9;
  if (seconds <= 0) return false;
  const double ticks =
      static_cast<double>(sighting.last_timestamp - sighting.first_timestamp);
  plan.clock_rate = *std::ranges::min_element(kRates, {}, [&](int rate) {
    return std::abs(std::log(std::max(ticks, 1.0) / seconds / rate));
  });
  plan.channels = sighting.first_aac_element == 0 ? 1 : 2;
  codec::AacConfig config;
  config.sampling_frequency = static_cast<std::uint32_t>(plan.clock_rate);
  config.channels = config.channel_configuration =
      static_cast<std::uint8_t>(plan.channels);
  plan.audio_config.resize(codec::AacConfig::kMaxWireSize);
  std::size_t size = 0;
  if (!config.Write(plan.audio_config, size)) return false;
  plan.audio_config.resize(size);
  plan.aac.ticks_per_frame = 1024;
  return true;
}

std::string Describe(const Sighting& sighting) {
  return "SSRC " + Hex(sighting.ssrc) + ", payload type " +
         std::to_string(sighting.payload_type.value()) + ", to port " +
         std::to_string(sighting.destination.port) + ", " +
         std::to_string(sighting.packets) + " packets";
}

// Every stream of the capture at every place. The whole file is looked at: a
// stream may begin late.
std::vector<Sighting> Scan(Bytes file, const std::string& name,
                           const CaptureHints& hints, Plan& plan) {
  const auto opened = capture::CaptureReader::Open(file);
  if (!opened) {
    Refuse(name + ": " + std::string(ToString(opened.error())) + " at byte 0");
  }
  std::vector<Sighting> sightings;
  std::uint64_t not_kept = 0;
  capture::CaptureReader reader = *opened;
  for (capture::Record record; reader.Next(record);) {
    const auto datagram = capture::Datagram::Parse(record.link_type, record.packet);
    if (!datagram || rtp::Demultiplex(datagram->payload) != rtp::PacketKind::kRtp) {
      continue;
    }
    if (hints.port && datagram->destination.port != *hints.port &&
        datagram->destination.port != 0) {
      continue;
    }
    const auto packet = rtp::PacketView::Parse(datagram->payload);
    if (!packet || (hints.ssrc && packet->ssrc() != *hints.ssrc)) continue;
    if (!See(sightings, record, *datagram, *packet)) ++not_kept;
  }
  if (not_kept > 0) {
    plan.notes.push_back(name + ": more than " + std::to_string(kMaxSightings) +
                         " streams; " + std::to_string(not_kept) +
                         " packets of the later ones left out");
  }
  if (sightings.empty()) {
    std::string sentence = name + ": no RTP packets in it";
    if (hints.port) sentence += " that go to port " + std::to_string(*hints.port);
    if (reader.error() != capture::CaptureError::kNone) {
      sentence += "; " + std::string(ToString(reader.error())) + " at byte " +
                  std::to_string(reader.offset());
    }
    Refuse(sentence);
  }
  return sightings;
}

// One stream at several places: the place where it was seen last counts.
std::vector<Sighting> LastHops(const std::vector<Sighting>& sightings,
                               const std::string& name, Plan& plan) {
  std::vector<Sighting> last;
  for (const Sighting& sighting : sightings) {
    const bool is_last_hop = std::ranges::none_of(
        sightings,
        [&](const Sighting& other) { return IsFurtherHop(other, sighting); });
    if (is_last_hop) {
      last.push_back(sighting);
    } else {
      plan.notes.push_back(name + ": " + Describe(sighting) +
                           ": the same stream is seen further on, left out");
    }
  }
  return last;
}

}  // namespace

void PlaceInCapture(Bytes file, const std::string& name, Plan& plan) {
  Plan notes;
  const std::vector<Sighting> sightings = Scan(file, name, {}, notes);
  for (StreamPlan& stream : plan.streams) {
    std::vector<Sighting> candidates;
    for (const Sighting& sighting : sightings) {
      if (sighting.payload_type == stream.payload_type &&
          sighting.destination.port == stream.port) {
        candidates.push_back(sighting);
      }
    }
    const std::vector<Sighting> last = LastHops(candidates, name, plan);
    const auto most = std::ranges::max_element(last, {}, &Sighting::packets);
    if (most == last.end()) continue;  // rtpdump, or none: the port alone decides
    stream.destination = most->destination;
    for (const Sighting& sighting : last) {
      if (sighting.destination != most->destination) {
        plan.notes.push_back(name + ": " + Describe(sighting) +
                             ": goes to another address than most, left out");
      }
    }
  }
}

Plan PlanFromCapture(Bytes file, const std::string& name,
                     const CaptureHints& hints) {
  Plan plan;
  std::vector<Sighting> sightings = Scan(file, name, hints, plan);
  for (Sighting& sighting : sightings) {
    const auto hint = hints.payload_types.find(sighting.payload_type.value());
    sighting.codec = hint != hints.payload_types.end() ? hint->second
                                                       : sighting.guess.codec();
  }
  const std::vector<Sighting> last = LastHops(sightings, name, plan);
  // The streams with the most packets, one of pictures and one of sound.
  const auto best = [&](auto wanted) -> const Sighting* {
    const Sighting* found = nullptr;
    for (const Sighting& sighting : last) {
      if (!wanted(sighting.codec)) continue;
      if (found == nullptr || sighting.packets > found->packets) found = &sighting;
    }
    return found;
  };
  const Sighting* video = best([](Codec c) { return IsVideo(c) && IsSupported(c); });
  const Sighting* audio = best([](Codec c) { return IsAudio(c) && IsSupported(c); });
  for (const Sighting& sighting : last) {
    if (&sighting != video && &sighting != audio) {
      plan.notes.push_back(name + ": " + Describe(sighting) + ": " +
                           (sighting.codec == Codec::kUnknown ? "not recognised by its payloads"
                            : IsSupported(sighting.codec)
                                ? "another " + std::string(ToString(sighting.codec)) + " stream"
                                : std::string(ToString(sighting.codec)) + " is not supported") +
                           ", left out");
      continue;
    }
    StreamPlan stream;
    stream.codec = sighting.codec;
    stream.payload_type = sighting.payload_type;
    stream.ssrc = sighting.ssrc;
    stream.destination = sighting.destination;
    stream.port = sighting.destination.port;
    stream.clock_rate = sighting.codec == Codec::kOpus ? 48'000 : 90'000;
    std::string detail;
    if (sighting.codec == Codec::kAac) {
      if (!GuessAac(sighting, stream)) {
        Refuse(name + ": " + Describe(sighting) + ": AAC of unknown rate; give its SDP");
      }
      detail = " of " + std::to_string(stream.clock_rate) + " Hz and " +
               std::to_string(stream.channels) + " channels";
    }
    plan.notes.push_back(name + ": " + Describe(sighting) + ": taken for " +
                         std::string(ToString(sighting.codec)) + detail);
    plan.streams.push_back(std::move(stream));
  }
  if (plan.streams.empty()) {
    std::string sentence = name + ": no stream in it that can be packaged";
    for (const std::string& note : plan.notes) sentence += "; " + note;
    Refuse(sentence + ". " + std::string(kSupported) +
           " are supported. Give the SDP with --sdp, or a payload type with --pt 96=H264");
  }
  return plan;
}

}  // namespace mediacore::tools
