#include "capture_summary.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "exit_code.h"
#include "key_frame.h"
#include "lenient_packet.h"
#include "mediacore/codec/codec_guess.h"
#include "mediacore/rtcp/block_view.h"
#include "mediacore/rtcp/receiver_report.h"
#include "mediacore/rtcp/sdes.h"
#include "mediacore/rtcp/sender_report.h"
#include "mediacore/sdp/rtp_media.h"

namespace mediacore::tools {
namespace {

using capture::CaptureError;
using capture::Datagram;

struct StreamKey {
  Ssrc ssrc;
  capture::Endpoint source;
  capture::Endpoint destination;
  auto operator<=>(const StreamKey&) const = default;
};

// visit(at, datagram) for every UDP datagram; says in `summary` what else there
// is when it is given.
template <typename Visit>
void ForEachDatagram(Bytes file, const std::string& name, CaptureSummary* summary,
                     const std::function<void(std::uint64_t)>& progress, Visit&& visit) {
  const auto opened = capture::CaptureReader::Open(file);
  if (!opened) {
    throw Failure(ExitCode::kBadInput, name + ": " + std::string(ToString(opened.error())) +
                                           " at byte 0 (pcap, pcapng and rtpdump are understood)");
  }
  capture::CaptureReader reader = *opened;
  capture::Record record;
  std::int64_t start_ns = 0;
  for (std::uint64_t n = 0; reader.Next(record); ++n) {
    if (n == 0) start_ns = record.unix_ns;
    if (n % 4096 == 0) progress(record.offset);
    const TimeDelta at = TimeDelta::Micros(SaturatingSubtract(record.unix_ns, start_ns) / 1000);
    const auto datagram = Datagram::Parse(record.link_type, record.packet);
    if (summary != nullptr) {
      ++summary->packets;
      summary->start_unix_ns = start_ns;
      if (at.IsFinite()) summary->duration = std::max(summary->duration, at);
      if (!datagram) ++summary->not_udp[static_cast<std::size_t>(datagram.error())];
    }
    if (datagram) visit(at, *datagram);
  }
  if (summary == nullptr) return;
  summary->format = ToString(reader.format());
  summary->error = reader.error();
  summary->error_offset = reader.offset();
}

// What the first reading finds out about a stream.
struct Learned {
  int payload_type = -1;  // of the first packet that carries something
  codec::CodecGuess guess;
  std::optional<SequenceNumber> last_number;
  Unwrapper<RtpTimestamp> unwrapper;
  std::int64_t first_timestamp = 0;
  std::int64_t last_timestamp = 0;
  TimeDelta first = TimeDelta::Zero();
  TimeDelta last = TimeDelta::Zero();
  std::map<int, std::uint64_t> payload_types;

  void HandlePacket(TimeDelta at, const rtp::PacketView& packet) {
    ++payload_types[packet.payload_type().value()];
    if (packet.payload().empty()) return;
    const int type = packet.payload_type().value();
    if (payload_type < 0) {
      payload_type = type;
      first = at;
      first_timestamp = unwrapper.Unwrap(packet.timestamp());
    }
    if (type != payload_type) return;
    last = at;
    last_timestamp = unwrapper.Unwrap(packet.timestamp());
    guess.HandlePacket({.rtp_timestamp = packet.timestamp(),
                        .marker = packet.marker(),
                        .lost_before = last_number && packet.sequence_number() != *last_number + 1,
                        .payload = packet.payload()});
    last_number = packet.sequence_number();
  }

  // The usual rate that the timestamps ran at, if they ran at one for a second.
  std::uint32_t MeasuredClockRate() const {
    const double seconds = (last - first).seconds();
    if (seconds < 1) return 0;
    const double measured = static_cast<double>(last_timestamp - first_timestamp) / seconds;
    for (const std::uint32_t rate : {8000u, 16000u, 32000u, 44100u, 48000u, 90000u}) {
      if (std::abs(measured - rate) < 0.04 * rate) return rate;
    }
    return 0;
  }
};

int MostUsed(const std::map<int, std::uint64_t>& payload_types) {
  return std::max_element(payload_types.begin(), payload_types.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

void Identify(const Learned& learned, const std::vector<KnownFormat>& formats, StreamSummary& stream) {
  const int type = MostUsed(learned.payload_types);
  const KnownFormat* known = nullptr;
  for (const KnownFormat& format : formats) {
    if (format.payload_type != type) continue;
    if (known == nullptr || format.port == stream.destination.port) known = &format;
  }
  if (known != nullptr && !known->encoding.empty()) {
    stream.encoding = known->encoding;
    stream.codec = known->codec;
    stream.clock_rate = known->clock_rate;
    stream.codec_source = CodecSource::kSdp;
    return;
  }
  for (const sdp::StaticPayload& payload : sdp::kStaticPayloads) {
    if (payload.payload_type != type) continue;
    stream.encoding = payload.encoding_name;
    stream.clock_rate = payload.clock_rate;
    stream.codec_source = CodecSource::kStaticType;
    return;
  }
  stream.codec = learned.payload_type == type ? learned.guess.codec() : Codec::kUnknown;
  if (stream.codec != Codec::kUnknown) {
    stream.encoding = ToString(stream.codec);
    stream.codec_source = CodecSource::kGuess;
  }
  if (stream.codec == Codec::kH264) stream.clock_rate = 90'000;
  if (stream.codec == Codec::kOpus) stream.clock_rate = 48'000;
  if (stream.clock_rate == 0) {
    stream.clock_rate = learned.MeasuredClockRate();
    stream.clock_rate_measured = stream.clock_rate != 0;
  }
}

// The second reading.
class Counter {
 public:
  Counter(CaptureSummary& summary, std::map<StreamKey, std::size_t> indexes)
      : summary_(summary), indexes_(std::move(indexes)) {}

  void HandleDatagram(TimeDelta at, const Datagram& datagram) {
    const rtp::PacketKind kind = rtp::Demultiplex(datagram.payload);
    ++summary_.kinds[static_cast<std::size_t>(kind)];
    if (kind == rtp::PacketKind::kRtp) HandleRtp(at, datagram);
    if (kind == rtp::PacketKind::kRtcp) HandleRtcp(at, datagram.payload);
  }

  // What was said of an SSRC belongs to every stream of it.
  void Finish() {
    for (StreamSummary& stream : summary_.streams) {
      const auto said = said_.find(stream.ssrc);
      if (said == said_.end()) continue;
      stream.sender_reports = said->second.sender_reports;
      stream.cname = said->second.cname;
      stream.receivers = said->second.receivers;
    }
  }

 private:
  struct Said {
    std::uint64_t sender_reports = 0;
    std::string cname;
    std::map<Ssrc, ReceiverView> receivers;
  };

  void HandleRtp(TimeDelta at, const Datagram& datagram) {
    const auto packet = lenient_.Parse(datagram.payload);
    if (!packet) {
      ++summary_.broken_rtp;
      return;
    }
    const auto index = indexes_.find({packet->ssrc(), datagram.source, datagram.destination});
    if (index == indexes_.end()) {
      ++summary_.packets_of_further_streams;
      return;
    }
    StreamSummary& stream = summary_.streams[index->second];
    if (stream.packets == 0) stream.first = stream.last = at;
    stream.first = std::min(stream.first, at);
    stream.last = std::max(stream.last, at);
    ++stream.packets;
    ++stream.payload_types[packet->payload_type().value()];
    stream.bytes += packet->size();
    stream.markers += packet->marker();
    stream.bad_padding += lenient_.bad_padding();
    packet->ForEachExtension([&](int id, Bytes) { stream.extension_ids.set(static_cast<std::size_t>(id)); });
    if (packet->payload().empty()) {
      ++stream.padding_only;
    } else {
      stream.frames.insert(packet->timestamp().value());
      if (BeginsKeyFrame(stream.codec, packet->payload())) stream.key_frames.insert(packet->timestamp().value());
    }
    const std::int64_t missing = stream.statistics->missing();
    stream.statistics->OnPacket(Timestamp::Zero() + at, packet->sequence_number(), packet->timestamp(),
                                DataSize::Bytes(static_cast<std::int64_t>(packet->size())));
    stream.bytes_over_time.Add(at, static_cast<std::int64_t>(packet->size()));
    stream.skipped_over_time.Add(at, std::max<std::int64_t>(0, stream.statistics->missing() - missing));
    stream.jitter_over_time.Add(at, stream.statistics->jitter().us());
  }

  void HandleRtcp(TimeDelta at, Bytes datagram) {
    ByteReader reader(datagram);
    while (!reader.empty()) {
      auto block = rtcp::BlockView::TakeFrom(reader);
      std::vector<std::uint8_t> copy;
      if (!block && block.error() == rtcp::BlockError::kBadPadding) block = TakeWithoutPadding(reader, copy);
      if (!block || block->packet_type() < 192 || block->packet_type() > 223) {
        ++summary_.rtcp_unreadable;
        return;
      }
      ++summary_.rtcp_parts[NameOf(*block)];
      if (const auto report = rtcp::SenderReportView::Parse(*block)) {
        ++said_[report->sender_ssrc()].sender_reports;
        reports_.try_emplace({report->sender_ssrc(), report->ntp_time().compact()}, at);
        for (int i = 0; i < report->report_count(); ++i) HandleReport(at, report->sender_ssrc(), report->report(i));
      } else if (const auto received = rtcp::ReceiverReportView::Parse(*block)) {
        for (int i = 0; i < received->report_count(); ++i) HandleReport(at, received->sender_ssrc(), received->report(i));
      } else if (const auto sdes = rtcp::SdesView::Parse(*block)) {
        sdes->ForEachItem([&](Ssrc ssrc, const rtcp::SdesItem& item) {
          if (item.type == rtcp::SdesType::kCname) said_[ssrc].cname.assign(item.value.begin(), item.value.end());
        });
      }
    }
  }

  // In SRTCP the first part's header can be read, its count of padding cannot.
  static Expected<rtcp::BlockView, rtcp::BlockError> TakeWithoutPadding(ByteReader& reader,
                                                                        std::vector<std::uint8_t>& copy) {
    Bytes part;
    if (!reader.ReadBytes(4 * (std::size_t{LoadU16(reader.rest().data() + 2)} + 1), part)) {
      return rtcp::BlockError::kTruncated;
    }
    copy.assign(part.begin(), part.end());
    copy[0] = static_cast<std::uint8_t>(copy[0] & ~0x20);
    ByteReader again(copy);
    return rtcp::BlockView::TakeFrom(again);
  }

  static std::string NameOf(const rtcp::BlockView& block) {
    const int type = block.packet_type();
    std::string name(rtcp::PacketTypeName(type));
    if (name == "unknown") name = std::to_string(type);
    if (type == rtcp::kTransportFeedback || type == rtcp::kPayloadFeedback) {
      name += '/' + std::to_string(block.count());
    }
    return name;
  }

  void HandleReport(TimeDelta at, Ssrc reporter, const rtcp::ReportBlock& report) {
    std::map<Ssrc, ReceiverView>& receivers = said_[report.ssrc].receivers;
    if (receivers.size() == CaptureSummary::kMaxReceivers && !receivers.contains(reporter)) {
      ++summary_.reports_of_further_receivers;
      return;
    }
    ReceiverView& view = receivers[reporter];
    ++view.reports;
    view.last_fraction_lost = report.fraction_lost;
    view.cumulative_lost = report.cumulative_lost;
    view.jitter_ticks = report.jitter;
    const auto sent = reports_.find({report.ssrc, report.last_sr});
    if (report.last_sr == 0 || sent == reports_.end()) return;
    const TimeDelta trip = at - sent->second - TimeDelta::Ticks(report.delay_since_last_sr, 65536);
    // A relay may have been captured on either side, a clock may have been set.
    if (trip < TimeDelta::Zero() || trip > TimeDelta::Seconds(60)) return;
    ++view.round_trips;
    view.least_round_trip = std::min(view.least_round_trip, trip);
    view.most_round_trip = std::max(view.most_round_trip, trip);
    view.sum_of_round_trips += trip;
  }

  CaptureSummary& summary_;
  const std::map<StreamKey, std::size_t> indexes_;
  LenientPacket lenient_;
  std::map<Ssrc, Said> said_;
  std::map<std::pair<Ssrc, std::uint32_t>, TimeDelta> reports_;  // by SSRC and LSR
};

}  // namespace

void TimeSeries::Add(TimeDelta at, std::int64_t amount) {
  at = std::max(at, TimeDelta::Zero());
  if (!at.IsFinite()) return;
  const auto join = [this](std::int64_t a, std::int64_t b) { return join_ == Join::kSum ? a + b : std::max(a, b); };
  while (at.us() / bin_.us() >= static_cast<std::int64_t>(kMaxBins)) {
    for (std::size_t i = 0; i < bins_.size(); i += 2) {
      bins_[i / 2] = i + 1 < bins_.size() ? join(bins_[i], bins_[i + 1]) : bins_[i];
    }
    bins_.resize((bins_.size() + 1) / 2);
    bin_ += bin_;
  }
  const auto index = static_cast<std::size_t>(at.us() / bin_.us());
  if (index >= bins_.size()) bins_.resize(index + 1);
  bins_[index] = join(bins_[index], amount);
}

DataRate StreamSummary::MeanRate() const {
  const TimeDelta time = last - first;
  if (time <= TimeDelta::Zero()) return DataRate::Zero();
  return DataSize::Bytes(static_cast<std::int64_t>(bytes)) / time;
}

std::vector<KnownFormat> FormatsOfSdp(std::string_view text, const std::string& name) {
  sdp::SessionView session;
  if (const auto refused = sdp::SessionView::Parse(text, {}, session)) {
    throw Failure(ExitCode::kBadInput, name + ": " + std::string(ToString(refused->cause)) + " in line " +
                                           std::to_string(refused->line) + ", byte " +
                                           std::to_string(refused->offset));
  }
  std::vector<KnownFormat> formats;
  for (const sdp::MediaView& media : session.media()) {
    if (!media.IsRtp()) continue;
    for (const sdp::RtpFormat& format : sdp::RtpFormats(media)) {
      std::uint64_t associated = 0;
      const bool repeats = ParseDecimal(format.fmtp.Find("apt"), 127, associated);
      formats.push_back({.payload_type = format.payload_type.value(),
                         .port = media.port(),
                         .encoding = std::string(format.encoding_name),
                         .codec = sdp::CodecOf(format.encoding_name),
                         .clock_rate = format.clock_rate,
                         .associated = repeats ? static_cast<int>(associated) : -1});
    }
  }
  return formats;
}

CaptureSummary Summarise(Bytes file, const std::string& name, const std::vector<KnownFormat>& formats,
                         const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  CaptureSummary summary;
  summary.file_size = file.size();
  std::map<StreamKey, Learned> learned;
  LenientPacket lenient;
  ForEachDatagram(file, name, nullptr, [&](std::uint64_t done) { progress(done, 2 * file.size()); },
                  [&](TimeDelta at, const Datagram& datagram) {
                    if (rtp::Demultiplex(datagram.payload) != rtp::PacketKind::kRtp) return;
                    const auto packet = lenient.Parse(datagram.payload);
                    if (!packet) return;
                    const StreamKey key{packet->ssrc(), datagram.source, datagram.destination};
                    auto stream = learned.find(key);
                    if (stream == learned.end()) {
                      if (learned.size() == CaptureSummary::kMaxStreams) return;
                      stream = learned.try_emplace(key).first;
                    }
                    stream->second.HandlePacket(at, *packet);
                  });

  std::map<StreamKey, std::size_t> indexes;
  for (const auto& [key, what] : learned) {
    indexes[key] = summary.streams.size();
    StreamSummary& stream = summary.streams.emplace_back();
    stream.ssrc = key.ssrc;
    stream.source = key.source;
    stream.destination = key.destination;
    Identify(what, formats, stream);
    // An SDP may promise any clock; the statistics take one up to 1 GHz.
    const auto clock = Frequency::Hertz(std::min<std::uint32_t>(stream.clock_rate, 1'000'000'000));
    stream.statistics = stats::ReceiveStatistics::Create({.clock_rate = clock}).value();
  }

  Counter counter(summary, std::move(indexes));
  ForEachDatagram(file, name, &summary, [&](std::uint64_t done) { progress(file.size() + done, 2 * file.size()); },
                  [&](TimeDelta at, const Datagram& datagram) { counter.HandleDatagram(at, datagram); });
  counter.Finish();
  std::sort(summary.streams.begin(), summary.streams.end(), [](const StreamSummary& a, const StreamSummary& b) {
    if (a.packets != b.packets) return a.packets > b.packets;
    return StreamKey{a.ssrc, a.source, a.destination} < StreamKey{b.ssrc, b.source, b.destination};
  });
  return summary;
}

}  // namespace mediacore::tools
