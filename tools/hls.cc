// mediacore hls: RTP, live or from a capture, becomes HLS.
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>

#include "exit_code.h"
#include "hls_packager.h"
#include "http_options.h"
#include "mapped_file.h"
#include "mediacore/capture/capture_reader.h"
#include "mediacore/capture/datagram.h"
#include "mediacore/rtp/demux.h"
#include "mediacore/rtp/packet_view.h"
#include "packet_recorder.h"
#include "progress.h"
#include "udp_source.h"
#include "verbs.h"

namespace mediacore::tools {
namespace {

namespace asio = boost::asio;

struct Flags {
  std::vector<std::string> sdp;
  std::string capture;
  std::vector<std::string> payload_types;
  int port = 0;
  std::string ssrc;

  std::string out;
  HttpFlags http;
  std::string record;

  std::string segments = "fmp4";
  std::string type;
  std::string profile = "classic";
  double target_duration = 0;
  int window = 0;
  double max_bitrate_kbps = 0;
  double max_wait_ms = 0;
  double idle_exit = 0;
  double max_memory_mb = 4000;
  bool json = false;
  bool quiet = false;
};

std::string ReadText(const std::string& path) {
  MappedFile file(path);
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

Plan ReadSdps(const std::vector<std::string>& files) {
  Plan plan;
  int variant = 0;
  for (const std::string& file : files) {
    Plan one = PlanFromSdp(ReadText(file), file, variant++);
    std::ranges::move(one.streams, std::back_inserter(plan.streams));
    std::ranges::move(one.notes, std::back_inserter(plan.notes));
  }
  return plan;
}

CaptureHints ReadHints(const Flags& flags) {
  CaptureHints hints;
  for (const std::string& text : flags.payload_types) {
    const std::size_t equals = text.find('=');
    const std::string number = text.substr(0, equals);
    const Codec codec =
        equals == text.npos ? Codec::kUnknown : CodecFromName(text.substr(equals + 1));
    const bool digits = !number.empty() && number.size() <= 3 &&
                        number.find_first_not_of("0123456789") == number.npos;
    if (!digits || std::stoi(number) > 127 || codec == Codec::kUnknown) {
      throw Failure(ExitCode::kUsage, "--pt " + text +
                                          ": expected NUMBER=CODEC, for example 96=H264");
    }
    hints.payload_types[std::stoi(number)] = codec;
  }
  if (flags.port > 0) hints.port = static_cast<std::uint16_t>(flags.port);
  if (!flags.ssrc.empty()) {
    std::size_t used = 0;
    unsigned long value = 0;
    try {
      value = std::stoul(flags.ssrc, &used, 16);
    } catch (const std::exception&) {
      used = 0;
    }
    if (used != flags.ssrc.size() || value > 0xffffffff) {
      throw Failure(ExitCode::kUsage, "--ssrc " + flags.ssrc + ": expected hexadecimal digits");
    }
    hints.ssrc = Ssrc(static_cast<std::uint32_t>(value));
  }
  return hints;
}

HlsPackager::Options PackagerOptions(const Flags& flags, Timestamp now,
                                     std::int64_t unix_us) {
  HlsPackager::Options options;
  options.segment = *segment::Profile(flags.profile);
  segment::Config& config = options.segment;
  config.container = flags.segments == "ts" ? segment::Container::kTs
                                            : segment::Container::kFmp4;
  const std::string type =
      !flags.type.empty() ? flags.type : flags.capture.empty() ? "live" : "vod";
  config.type = type == "live"    ? segment::PlaylistType::kLive
                : type == "event" ? segment::PlaylistType::kEvent
                                  : segment::PlaylistType::kVod;
  if (flags.target_duration > 0) {
    config.target_duration =
        TimeDelta::Micros(static_cast<std::int64_t>(flags.target_duration * 1e6));
  }
  if (flags.window > 0) config.window_segments = flags.window;
  if (flags.max_bitrate_kbps > 0) {
    config.max_bitrate =
        DataRate::BitsPerSecond(static_cast<std::int64_t>(flags.max_bitrate_kbps * 1000));
  }
  if (flags.max_wait_ms > 0) {
    options.reorder.max_wait =
        TimeDelta::Micros(static_cast<std::int64_t>(flags.max_wait_ms * 1000));
    options.reorder.min_wait = std::min(options.reorder.min_wait, options.reorder.max_wait);
  }
  options.max_stored_bytes = static_cast<std::uint64_t>(flags.max_memory_mb * 1e6);
  config.wall_clock = NtpTime::FromUnixMicros(unix_us);
  config.wall_clock_at = now;
  return options;
}

// The places where the outputs go.
struct Outputs {
  explicit Outputs(const Flags& flags) {
    if (!flags.out.empty()) directory.emplace(flags.out);
    if (!flags.http.serve.empty()) store.emplace(MediaStore::Options());
  }
  // Starts the server, in a thread of its own so that no client holds up the
  // packets.
  void Serve(const Flags& flags) {
    if (!store) return;
    try {
      server = flags.http.Start(io, *store);
    } catch (const std::runtime_error& error) {
      throw Failure(ExitCode::kNetwork, error.what());
    }
    std::cerr << "serving at " << server->url() << std::endl;
    thread = std::jthread([this] { io.run(); });
  }
  void Join(HlsPackager::Options& options) {
    options.directory = directory ? &*directory : nullptr;
    options.store = store ? &*store : nullptr;
    // Names that no run has used before: caches keep segments for long, and a
    // live playlist must not name one segment twice.
    if (store || options.segment.type == segment::PlaylistType::kLive) {
      std::array<char, 24> text{};
      std::snprintf(text.data(), text.size(), "%llx-",
                    static_cast<unsigned long long>(UnixMicrosNow() / 1000));
      options.track_prefix = text.data();
    }
  }
  ~Outputs() {
    if (server) server->Stop();
    if (thread.joinable()) thread.join();
  }
  Outputs(const Outputs&) = delete;
  Outputs& operator=(const Outputs&) = delete;

  std::optional<DirectoryOutput> directory;
  std::optional<MediaStore> store;
  asio::io_context io{1};
  std::unique_ptr<HttpServer> server;
  std::jthread thread;
};

void Show(const Plan& plan) {
  for (const std::string& note : plan.notes) std::cerr << note << '\n';
}

// What came of it. `failure` is what ended the run, if something did: what was
// written before stays, the numbers are told, then its sentence is.
ExitCode Report(const Flags& flags, const HlsPackager& packager,
                const nlohmann::json& more, const std::optional<Failure>& failure) {
  for (const std::string& warning : packager.Warnings()) {
    std::cerr << "mediacore hls: " << warning << '\n';
  }
  nlohmann::json json = packager.Statistics();
  json.update(more);
  if (failure) json["error"] = failure->what();
  if (flags.json) std::cout << json.dump(2) << std::endl;
  if (!flags.quiet && !flags.json) {
    const auto& output = json["output"];
    std::cerr << packager.packets() << " packets, " << json["segmenter"]["segments"]
              << " segments, " << output["bytes"] << " bytes in " << output["files"]
              << " files\n";
  }
  if (failure) throw Failure(*failure);
  if (json["segmenter"]["segments"] == 0) {
    std::cerr << "mediacore hls: nothing was packaged\n";
    return ExitCode::kBadInput;
  }
  return ExitCode::kOk;
}

// ---- From a capture ---------------------------------------------------------

// Records that a parser refused: how many for each cause, and where the first was.
template <typename Error, int kCount>
class Refused {
 public:
  void Add(Error error, std::uint64_t offset) {
    Count& count = counts_[static_cast<std::size_t>(error)];
    if (count.records++ == 0) count.first_offset = offset;
  }
  void Tell(const std::string& file, const char* name, nlohmann::json& json) const {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      const Count& count = counts_[i];
      if (count.records == 0) continue;
      const std::string cause(ToString(static_cast<Error>(i)));
      json[name][cause] = count.records;
      std::cerr << "mediacore hls: " << file << ": " << count.records << " packets left out, "
                << cause << "; the first at byte " << count.first_offset << '\n';
    }
  }

 private:
  struct Count {
    std::uint64_t records = 0;
    std::uint64_t first_offset = 0;
  };
  std::array<Count, static_cast<std::size_t>(kCount)> counts_{};
};

// SIGINT and SIGTERM while a capture is packaged.
volatile std::sig_atomic_t g_stop_asked = 0;

// Which stream of the plan a packet belongs to; streams_.size() for none.
std::size_t FindStream(const std::vector<StreamPlan>& streams,
                       const capture::Endpoint& to, const rtp::PacketView& packet) {
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const StreamPlan& s = streams[i];
    // rtpdump files have no ports: there they are 0.
    const bool here = s.destination ? to == *s.destination
                                    : to.port == s.port || to.port == 0 || s.port == 0;
    if (here &&
        packet.payload_type() == s.payload_type &&
        (!s.ssrc || *s.ssrc == packet.ssrc())) {
      return i;
    }
  }
  return streams.size();
}

void ServeUntilSignalled(const Flags& flags, Outputs& outputs) {
  if (!outputs.server) return;
  if (flags.idle_exit > 0) {
    std::this_thread::sleep_for(std::chrono::duration<double>(flags.idle_exit));
    return;
  }
  asio::io_context io(1);
  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([](const boost::system::error_code&, int) {});
  io.run();
}

ExitCode RunCapture(const Flags& flags) {
  const MappedFile file(flags.capture);
  Plan plan;
  if (flags.sdp.empty()) {
    plan = PlanFromCapture(file.bytes(), flags.capture, ReadHints(flags));
  } else {
    plan = ReadSdps(flags.sdp);
    PlaceInCapture(file.bytes(), flags.capture, plan);
  }
  Show(plan);
  auto opened = capture::CaptureReader::Open(file.bytes());
  if (!opened) {
    throw Failure(ExitCode::kBadInput, flags.capture + ": " +
                                           std::string(ToString(opened.error())) +
                                           " at byte 0");
  }
  capture::CaptureReader reader = *opened;
  capture::Record record;
  if (!reader.Next(record)) {
    throw Failure(ExitCode::kBadInput,
                  flags.capture + ": no packets in it; " +
                      std::string(ToString(reader.error())) + " at byte " +
                      std::to_string(reader.offset()));
  }
  const auto time_of = [](const capture::Record& r) {
    return Timestamp::Micros(r.unix_ns / 1000);
  };
  const auto offset_of = [&file](const capture::Record& r) {
    return static_cast<std::uint64_t>(r.packet.data() - file.bytes().data());
  };
  Outputs outputs(flags);
  HlsPackager::Options options =
      PackagerOptions(flags, time_of(record), record.unix_ns / 1000);
  outputs.Join(options);
  HlsPackager packager(plan.streams, options);
  outputs.Serve(flags);

  Refused<capture::DatagramError, capture::kDatagramErrorCount> not_datagrams;
  Refused<rtp::PacketError, rtp::kPacketErrorCount> malformed;
  std::uint64_t records = 0;
  std::uint64_t not_rtp = 0;
  std::uint64_t other_packets = 0;  // RTP of streams that are not in the plan
  std::string first_other;
  std::optional<Failure> failure;
  Timestamp now = time_of(record);
  Progress progress(flags.quiet);
  const auto ask_to_stop = [](int) { g_stop_asked = 1; };
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
  std::string first_refused;  // by a depacketiser
  try {
    do {
      ++records;
      now = std::max(now, time_of(record));
      const auto datagram = capture::Datagram::Parse(record.link_type, record.packet);
      if (!datagram) {
        not_datagrams.Add(datagram.error(), offset_of(record));
        continue;
      }
      if (packager.NextTimeout() <= now) packager.HandleTimeout(now);
      const rtp::PacketKind kind = rtp::Demultiplex(datagram->payload);
      if (kind == rtp::PacketKind::kRtcp) {
        packager.HandleRtcp(now, datagram->payload);
        continue;
      }
      if (kind != rtp::PacketKind::kRtp) {
        ++not_rtp;
        continue;
      }
      const auto packet = rtp::PacketView::Parse(datagram->payload);
      if (!packet) {
        malformed.Add(packet.error(), offset_of(record));
        continue;
      }
      const std::size_t index = FindStream(plan.streams, datagram->destination, *packet);
      if (index == plan.streams.size()) {
        if (++other_packets == 1) {
          first_other = "payload type " + std::to_string(packet->payload_type().value()) +
                        " to port " + std::to_string(datagram->destination.port);
        }
        continue;
      }
      packager.HandleRtp(now, index, Packet(datagram->payload));
      if (first_refused.empty() && packager.payload_errors(index) > 0) {
        first_refused = "the first packet that is not what its codec says is at or shortly before byte " +
                        std::to_string(offset_of(record));
      }
      if (records % 4096 == 0) {
        progress.Bar("packaging", reader.offset(), file.bytes().size());
      }
    } while (g_stop_asked == 0 && reader.Next(record));
    packager.HandleEnd(now);
  } catch (const Failure& error) {  // of the outputs
    failure = error;
  }
  progress.Finish();

  nlohmann::json more = {{"records", records}, {"not_rtp", not_rtp}, {"other_packets", other_packets}};
  if (!flags.sdp.empty() && other_packets > 0) {
    std::cerr << "mediacore hls: " << flags.capture << ": " << other_packets
              << " packets are of no stream of the session description, the first with "
              << first_other << '\n';
  }
  if (g_stop_asked != 0) {
    std::cerr << "mediacore hls: stopped at byte " << reader.offset() << " of " << flags.capture
              << "; what stood before was packaged\n";
    more["stopped_at"] = reader.offset();
  }
  if (!first_refused.empty()) {
    std::cerr << "mediacore hls: " << flags.capture << ": " << first_refused << '\n';
  }
  not_datagrams.Tell(flags.capture, "not_datagrams", more);
  malformed.Tell(flags.capture, "malformed_rtp", more);
  if (reader.error() != capture::CaptureError::kNone) {
    std::cerr << "mediacore hls: " << flags.capture << ": " << ToString(reader.error())
              << " at byte " << reader.offset() << "; what stood before was packaged\n";
    more["capture_error"] = {{"cause", std::string(ToString(reader.error()))},
                             {"offset", reader.offset()}};
  }
  const ExitCode code = Report(flags, packager, more, failure);
  if (code == ExitCode::kOk && g_stop_asked == 0) ServeUntilSignalled(flags, outputs);
  return code;
}

// ---- Live -------------------------------------------------------------------

capture::Endpoint ToEndpoint(const asio::ip::udp::endpoint& from) {
  capture::Endpoint out;
  out.port = from.port();
  if (from.address().is_v4()) {
    out.address = capture::IpAddress::FromV4(from.address().to_v4().to_bytes().data());
  } else {
    out.address = capture::IpAddress::FromV6(from.address().to_v6().to_bytes().data());
  }
  return out;
}

class Live {
 public:
  explicit Live(const Flags& flags)
      : flags_(flags),
        plan_(ReadSdps(flags.sdp)),
        outputs_(flags),
        packager_(plan_.streams, MakeOptions()),
        heard_(plan_.streams.size()),
        progress_(flags.quiet || flags.json) {
    Show(plan_);
    if (!flags.record.empty()) recorder_.emplace(flags.record);
    for (std::size_t i = 0; i < plan_.streams.size(); ++i) {
      const StreamPlan& stream = plan_.streams[i];
      Listen(stream.address, stream.port);
      if (stream.rtcp_port != 0) Listen(stream.address, stream.rtcp_port);
      for (std::size_t j = 0; j < i; ++j) {
        const StreamPlan& other = plan_.streams[j];
        if (other.port == stream.port && other.address == stream.address &&
            other.payload_type == stream.payload_type) {
          throw Failure(ExitCode::kBadInput,
                        "two streams are described with payload type " +
                            std::to_string(stream.payload_type.value()) + " on port " +
                            std::to_string(stream.port) + ": they cannot be told apart");
        }
      }
    }
    outputs_.Serve(flags);
  }

  ExitCode Run() {
    (void)packager_.StatisticsLine(started_);  // rates count from here
    WaitForSignal();
    Tick();
    if (!flags_.quiet) {
      std::cerr << "listening for RTP on";
      for (const auto& source : sources_) std::cerr << ' ' << source->endpoint();
      std::cerr << std::endl;
    }
    io_.run();
    progress_.Finish();
    std::uint64_t dropped = 0;
    for (const auto& source : sources_) dropped += source->dropped();
    return Report(flags_, packager_,
                  {{"datagrams_without_room", dropped},
                   {"seconds", (MonotonicNow() - started_).seconds()}},
                  failure_);
  }

 private:
  HlsPackager::Options MakeOptions() {
    HlsPackager::Options options = PackagerOptions(flags_, started_, UnixMicrosNow());
    outputs_.Join(options);
    target_duration_ = options.segment.target_duration;
    return options;
  }

  // Streams may share a port (a=group:BUNDLE, a=rtcp-mux).
  void Listen(const std::string& address, std::uint16_t port) {
    if (!listening_.emplace(address, port).second) return;
    sources_.push_back(std::make_unique<UdpSource>(
        io_, address, port, pool_,
        [this, address, port, at = sources_.size()](
            Timestamp now, Packet packet, const asio::ip::udp::endpoint& from) {
          const std::size_t index = FindLive(address, port, packet);
          Guard([&] { Handle(now, index, std::move(packet), from, at); });
        }));
  }

  // Of the streams that come to a port, the one with the packet's payload type;
  // else the first, which counts it as another's.
  std::size_t FindLive(const std::string& address, std::uint16_t port, const Packet& packet) const {
    std::size_t first = 0;
    bool found = false;
    for (std::size_t i = 0; i < plan_.streams.size(); ++i) {
      const StreamPlan& stream = plan_.streams[i];
      if ((stream.port != port && stream.rtcp_port != port) || stream.address != address) continue;
      if (packet.bytes().size() > 1 && PayloadType(packet.bytes()[1]) == stream.payload_type) return i;
      if (!found) first = i;
      found = true;
    }
    return first;
  }

  void Handle(Timestamp now, std::size_t index, Packet packet,
              const asio::ip::udp::endpoint& from, std::size_t at) {
    if (stopping_) return;
    if (recorder_) {
      recorder_->Write(UnixMicrosNow() * 1000,
                       {.source = ToEndpoint(from),
                        .destination = ToEndpoint(sources_[at]->endpoint()),
                        .payload = packet.bytes()});
    }
    last_packet_ = now;
    const rtp::PacketKind kind = rtp::Demultiplex(packet.bytes());
    if (kind == rtp::PacketKind::kRtcp) {
      packager_.HandleRtcp(now, packet.bytes());
    } else {
      packager_.HandleRtp(now, index, std::move(packet));
    }
  }

  // An error of the outputs ends the run; what is written stays.
  template <typename F>
  void Guard(F f) {
    if (failure_) return;
    try {
      f();
    } catch (const Failure& failure) {
      failure_ = failure;
      io_.stop();
    }
  }

  void Tick() {
    const Timestamp now = MonotonicNow();
    Guard([&] { packager_.HandleTimeout(now); });
    if (now - said_at_ >= TimeDelta::Seconds(1)) {
      said_at_ = now;
      if (progress_.IsDue()) {
        const auto seconds = static_cast<long long>((now - started_).seconds());
        progress_.Line(std::to_string(seconds) + " s  " + packager_.StatisticsLine(now));
      }
    }
    if (!stopping_) {
      for (std::size_t i = 0; i < heard_.size(); ++i) SayWhenSilent(now, i);
    }
    const TimeDelta silence = now - std::max(last_packet_, started_);
    const bool idle = flags_.idle_exit > 0 && silence.seconds() >= flags_.idle_exit;
    if (idle && !stopping_) Stop();
    if (stopping_ && now >= linger_until_) {
      io_.stop();
      return;
    }
    timer_.expires_after(std::chrono::milliseconds(10));
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) Tick();
    });
  }

  // One sentence for each silence of a stream.
  void SayWhenSilent(Timestamp now, std::size_t index) {
    constexpr TimeDelta kLong = TimeDelta::Seconds(5);
    Heard& heard = heard_[index];
    const std::uint64_t packets = packager_.received(index);
    if (packets != heard.packets || !heard.at.IsFinite()) {
      heard = {.packets = packets,
               .others = packager_.other_payload_type(index),
               .at = now,
               .said = false};
    }
    if (heard.said || now - heard.at < kLong) return;
    heard.said = true;
    const StreamPlan& stream = plan_.streams[index];
    const std::uint64_t others = packager_.other_payload_type(index) - heard.others;
    progress_.Finish();
    std::cerr << "mediacore hls: no packets of " << ToString(stream.codec) << " have arrived for "
              << kLong.ms() / 1000 << " s on UDP " << stream.address << " port " << stream.port;
    if (others > 0) {
      std::cerr << ", but " << others << " of another payload type than "
                << static_cast<int>(stream.payload_type.value());
    }
    std::cerr << std::endl;
  }

  void WaitForSignal() {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (error) return;
      if (stopping_) {
        linger_until_ = MonotonicNow();  // asked twice: at once
      } else {
        Stop();
      }
      WaitForSignal();
    });
  }

  // Ends the playlists. Whoever is watching gets a target duration to see it.
  void Stop() {
    stopping_ = true;
    const Timestamp now = MonotonicNow();
    Guard([&] { packager_.HandleEnd(now); });
    const bool watched = outputs_.server && outputs_.server->counters().connections > 0;
    linger_until_ = now + (watched ? target_duration_ : TimeDelta::Zero());
  }

  // When the last packet of a stream came.
  struct Heard {
    std::uint64_t packets = 0;
    std::uint64_t others = 0;  // packets of another payload type by then
    Timestamp at = Timestamp::MinusInfinity();
    bool said = false;
  };

  const Flags& flags_;
  Timestamp started_ = MonotonicNow();
  Plan plan_;
  Outputs outputs_;
  // What the reorder buffers hold at most, and what is being read.
  PacketPool pool_{plan_.streams.size() * 1100 + 256};
  TimeDelta target_duration_ = TimeDelta::Zero();
  HlsPackager packager_;
  std::vector<Heard> heard_;
  asio::io_context io_{1};
  asio::signal_set signals_{io_, SIGINT, SIGTERM};
  asio::steady_timer timer_{io_};
  std::vector<std::unique_ptr<UdpSource>> sources_;
  std::set<std::pair<std::string, std::uint16_t>> listening_;
  std::optional<PacketRecorder> recorder_;
  Progress progress_;
  std::optional<Failure> failure_;
  Timestamp last_packet_ = Timestamp::MinusInfinity();
  Timestamp said_at_ = Timestamp::MinusInfinity();
  bool stopping_ = false;
  Timestamp linger_until_ = Timestamp::PlusInfinity();
};

ExitCode Run(const Flags& flags) {
  if (flags.out.empty() && flags.http.serve.empty()) {
    throw Failure(ExitCode::kUsage, "nowhere to put the output: give --out DIR, --serve ADDR or both");
  }
  if (flags.capture.empty() && flags.sdp.empty()) {
    throw Failure(ExitCode::kUsage, "no input: give --sdp FILE (live) or --capture FILE");
  }
  const bool hints = !flags.payload_types.empty() || flags.port > 0 || !flags.ssrc.empty();
  if (hints && (flags.capture.empty() || !flags.sdp.empty())) {
    throw Failure(ExitCode::kUsage, "--pt, --port and --ssrc are for --capture without --sdp");
  }
  if (!flags.record.empty() && !flags.capture.empty()) {
    throw Failure(ExitCode::kUsage, "--record is for live streams; a capture is one already");
  }
  if (!flags.http.throttle.empty() && flags.http.serve.empty()) {
    throw Failure(ExitCode::kUsage, "--throttle is for --serve");
  }
  if (!flags.capture.empty()) return RunCapture(flags);
  Live live(flags);
  return live.Run();
}

}  // namespace

void AddHls(CLI::App& app, ExitCode& exit_code) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand("hls", "Package RTP, live or from a capture, as HLS");
  verb->add_option("--sdp", flags->sdp, "Session description of what to receive; each further one is a variant")
      ->type_name("FILE");
  verb->add_option("--capture", flags->capture, "Package this pcap, pcapng or rtpdump file instead of receiving")
      ->type_name("FILE");
  verb->add_option("--pt", flags->payload_types, "With --capture, what a payload type is: 96=H264")
      ->type_name("PT=CODEC");
  verb->add_option("--port", flags->port, "With --capture, only streams that go to this port")
      ->check(CLI::Range(1, 65535));
  verb->add_option("--ssrc", flags->ssrc, "With --capture, only this source, in hexadecimal");
  verb->add_option("--out", flags->out, "Write index.m3u8 and all the rest into this directory")
      ->type_name("DIR");
  flags->http.AddTo(*verb, false);
  verb->add_option("--segments", flags->segments, "Segment format")
      ->check(CLI::IsMember({"ts", "fmp4"}))
      ->capture_default_str();
  verb->add_option("--type", flags->type, "Playlist type; default: live, with --capture vod")
      ->check(CLI::IsMember({"live", "event", "vod"}));
  verb->add_option("--profile", flags->profile, "classic: 4 s, 5 segments; low-latency: 2 s, 10 s window")
      ->check(CLI::IsMember({"classic", "low-latency"}))
      ->capture_default_str();
  verb->add_option("--target-duration", flags->target_duration, "Seconds of a segment, instead of the profile's")
      ->check(CLI::Range(0.5, 60.0));
  verb->add_option("--window", flags->window, "Segments of a live playlist, instead of the profile's")
      ->check(CLI::Range(3, 10'000));
  verb->add_option("--max-bitrate", flags->max_bitrate_kbps, "kbit/s to announce as BANDWIDTH of a live playlist")
      ->check(CLI::Range(1.0, 1e9));
  verb->add_option("--max-wait", flags->max_wait_ms, "Milliseconds to wait at most for a packet out of order")
      ->check(CLI::Range(1.0, 60'000.0));
  verb->add_option("--record", flags->record, "Live: also write what arrives into this pcap file")
      ->type_name("FILE");
  verb->add_option("--idle-exit", flags->idle_exit, "Seconds without packets after which to end; 0: never")
      ->check(CLI::Range(0.0, 1e6));
  verb->add_option("--max-memory", flags->max_memory_mb, "MB of segments that --serve keeps in memory at most")
      ->check(CLI::Range(10.0, 1e6))
      ->capture_default_str();
  verb->add_flag("--json", flags->json, "Statistics as JSON on standard output at the end");
  verb->add_flag("--quiet", flags->quiet, "No statistics line");
  verb->callback([flags, &exit_code] { exit_code = Run(*flags); });
}

}  // namespace mediacore::tools
