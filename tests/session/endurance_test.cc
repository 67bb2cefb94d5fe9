// Ten simulated minutes of sound and picture over bad links, from frames to
// HLS and back: what a viewer gets is measured from the bytes of the segments.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../segment/player.h"
#include "../support/h264_maker.h"
#include "mediacore/codec/aac_packetizer.h"
#include "mediacore/codec/h264_packetizer.h"
#include "mediacore/codec/opus_packetizer.h"
#include "mediacore/mux/ts_reader.h"
#include "mediacore/rtp/packet_writer.h"
#include "mediacore/segment/segmenter.h"
#include "mediacore/session/media_receiver.h"
#include "mediacore/sim/link.h"
#include "mediacore/sim/virtual_clock.h"

namespace mediacore::session {
namespace {

using segment::Container;
using segment::testing::Player;
using Block = std::vector<std::uint8_t>;

constexpr std::size_t kVideo = 0;
constexpr std::size_t kAudio = 1;
constexpr std::array<std::uint8_t, 2> kAac48 = {0x11, 0x90};  // LC, 48 kHz, stereo

struct Datagram {
  Block block;
  Bytes bytes() const { return block; }
};

// When a frame was captured, in microseconds, as sixteen digits inside of it.
constexpr std::size_t kStampSize = 16;
void Stamp(MutableBytes at, Timestamp captured) {
  char text[kStampSize + 1];
  std::snprintf(text, sizeof text, "%016lld", static_cast<long long>(captured.us()));
  std::copy_n(text, kStampSize, at.begin());
}
double StampOf(Bytes at) {
  return std::strtod(std::string(at.begin(), at.begin() + kStampSize).c_str(), nullptr) / 1e6;
}

// 5 % loss, 20 % of the packets late enough to be passed, 1 % twice.
sim::LinkConfig BadLink(TimeDelta delay, std::uint64_t seed) {
  sim::LinkConfig config;
  config.delay = delay;
  config.loss = {.kind = sim::LossModel::Kind::kBernoulli, .probability = 0.05, .seed = seed};
  config.jitter = {.kind = sim::JitterModel::Kind::kUniform,
                   .mean = TimeDelta::Millis(5), .spread = TimeDelta::Millis(5),
                   .seed = seed + 1};
  config.reordering = {.probability = 0.2, .extra_delay = TimeDelta::Millis(45),
                       .seed = seed + 2};
  config.duplication = {.probability = 0.01, .extra_delay = TimeDelta::Millis(15),
                        .seed = seed + 3};
  return config;
}

// One RTP stream with its RTCP: the sending side, the way, the receiver.
class Stream {
 public:
  struct Config {
    Codec codec;
    int rate;                // of the RTP clock, nominal
    std::int64_t drift_ppm;  // that clock against the wall clock
    std::int64_t frame_ticks;
    TimeDelta delay;
    std::uint32_t first_timestamp;
    std::uint16_t first_number;
    std::uint64_t seed;
  };
  explicit Stream(const Config& config)
      : config_(config),
        dice_(config.seed),
        rtp_(sim::Link<Datagram>::Create(BadLink(config.delay, config.seed)).value()),
        rtcp_(sim::Link<Datagram>::Create(BadLink(config.delay, config.seed + 50)).value()),
        receiver_(MediaReceiver<Datagram>::Create(
                      {.codec = config.codec, .payload_type = PayloadType(96),
                       .ssrc = {}, .aac = {}, .reorder = {}}).value()) {}

  // When frame `n` is captured: its ticks on a clock that runs too fast.
  Timestamp CaptureTime(std::int64_t n) const {
    return Timestamp::Micros(SaturatingMulDiv(
        n * config_.frame_ticks, 1'000'000'000'000,
        config_.rate * (1'000'000 + config_.drift_ppm)));
  }
  Timestamp next_frame() const { return CaptureTime(frames_sent_); }

  void SendFrame(Timestamp now) {
    const std::int64_t n = frames_sent_++;
    packets_of_frame_.push_back(0);
    switch (config_.codec) {
      case Codec::kH264: {
        const bool key = n % 60 == 0;
        Block slice(key ? 1500 : dice_.Chance(20) ? 900 : 150, 0x55);
        slice[0] = key ? 0x65 : 0x41;
        slice[1] = 0x88;  // first_mb_in_slice 0
        Stamp(MutableBytes(slice).subspan(8), CaptureTime(n));
        Block frame;
        if (key) {
          testing::AppendAvcc(frame, testing::MakeSps({}));
          testing::AppendAvcc(frame, testing::MakePps(0, 0));
        }
        testing::AppendAvcc(frame, slice);
        Packetize(now, codec::H264Packetizer({500, 1}), frame);
        break;
      }
      case Codec::kAac: {
        Block frame(60, 0x21);
        Stamp(MutableBytes(frame).subspan(8), CaptureTime(n));
        Packetize(now, codec::AacPacketizer({1200}), frame);
        break;
      }
      default: {
        Block frame(60, 0x5a);
        frame[0] = 0xfc;  // one CELT frame of 20 ms
        Stamp(MutableBytes(frame).subspan(8), CaptureTime(n));
        Packetize(now, codec::OpusPacketizer({1200}), frame);
      }
    }
  }

  // Two senders of one machine: one wall clock, each its own media clock.
  void SendReport(Timestamp now) {
    const std::int64_t ticks = now.us() * (1'000'000 + config_.drift_ppm) / 1'000'000 *
                               config_.rate / 1'000'000;
    rtcp::SenderReportWriter report;
    report.sender_ssrc = ssrc();
    report.ntp_time = NtpTime::FromUnixMicros(1'750'000'000'000'000 + now.us());
    report.rtp_timestamp = RtpTimestamp(config_.first_timestamp) + ticks;
    Datagram datagram{Block(report.WireSize())};
    ASSERT_TRUE(report.Write(datagram.block));
    ++reports_sent_;
    rtcp_.Send(now, DataSize::Bytes(28), std::move(datagram));
  }

  void Receive(Timestamp now) {
    sim::Link<Datagram>::Delivery arrived;
    while (rtp_.Poll(now, arrived)) {
      NoteArrival(arrived.packet);
      receiver_.HandleRtp(now, std::move(arrived.packet));
      Drain(now);
    }
    while (rtcp_.Poll(now, arrived)) {
      receiver_.HandleRtcp(now, arrived.packet.bytes());
      Drain(now);
    }
    Drain(now);
  }
  Timestamp NextTimeout() const {
    return std::min({rtp_.NextTimeout(), rtcp_.NextTimeout(), receiver_.NextTimeout()});
  }
  template <typename Take>
  void OnEvent(Take take) { take_ = take; }
  void End(Timestamp now) {
    receiver_.HandleEnd();
    Drain(now);
  }

  void ExpectEveryLossIsAccountedFor() const {
    const sim::LinkCounters link = rtp_.counters();
    const auto received = receiver_.counters();
    const auto order = receiver_.reorder_counters();
    ASSERT_EQ(link.under_way, 0u);
    EXPECT_EQ(link.sent, arrived_.size());
    EXPECT_EQ(link.sent + link.duplicated, link.delivered + link.lost);
    const auto percent = [&](std::uint64_t n) {
      return 100.0 * static_cast<double>(n) / static_cast<double>(link.sent);
    };
    EXPECT_NEAR(percent(link.lost), 5, 0.5);
    EXPECT_NEAR(percent(link.reordered) / 0.95, 20, 1);
    EXPECT_NEAR(percent(link.duplicated) / 0.95, 1, 0.2);

    EXPECT_EQ(received.packets, link.delivered);
    EXPECT_EQ(order.received, received.packets);
    EXPECT_EQ(received.payload_errors, 0u);
    EXPECT_EQ(order.received, order.delivered + order.duplicates + order.late);
    EXPECT_EQ(order.expected, order.delivered + order.lost);
    // What the link lost, the receiver misses, but for what came before the
    // first packet and after the last; it misses what came too late as well.
    const auto missing = static_cast<std::uint64_t>(
        std::count(arrived_.begin(), arrived_.end(), false));
    EXPECT_EQ(missing, link.lost);
    const auto last = std::find(arrived_.rbegin(), arrived_.rend(), true);
    const auto outside = static_cast<std::uint64_t>(last - arrived_.rbegin()) + first_arrived_;
    EXPECT_EQ(order.expected + outside, link.sent);
    EXPECT_GE(order.lost + outside, link.lost);
    EXPECT_LE(order.lost + outside, link.lost + order.late + first_arrived_);
    EXPECT_LT(percent(order.late), 1) << "the wait follows the disorder";

    // Frames: whole ones came out, broken ones were dropped, and of the rest
    // not one packet came in time.
    const auto vanished = static_cast<std::uint64_t>(
        std::count(packets_of_frame_.begin(), packets_of_frame_.end(), 0));
    const std::uint64_t seen = received.frames + received.dropped_incomplete;
    const auto sent = static_cast<std::uint64_t>(frames_sent_);
    EXPECT_LE(seen + vanished, sent);
    EXPECT_GE(seen + vanished + order.late, sent);
    EXPECT_EQ(received.source_changes, 0u);
    EXPECT_GT(received.sender_reports, reports_sent_ * 8 / 10);
  }

  Ssrc ssrc() const { return Ssrc(static_cast<std::uint32_t>(config_.seed)); }
  const MediaReceiver<Datagram>& receiver() const { return receiver_; }
  std::int64_t frames_sent() const { return frames_sent_; }

 private:
  template <typename Packetizer>
  void Packetize(Timestamp now, Packetizer packetizer, const Block& frame) {
    ASSERT_EQ(static_cast<int>(packetizer.SetFrame(frame)), 0);
    typename Packetizer::Packet packet;
    while (packetizer.Next(packet)) {
      Block payload(packet.size);
      ASSERT_TRUE(packet.Write(payload));
      rtp::PacketWriter writer;
      writer.marker = packet.marker;
      writer.payload_type = PayloadType(96);
      writer.sequence_number =
          SequenceNumber(config_.first_number) + static_cast<std::int64_t>(arrived_.size());
      writer.timestamp = RtpTimestamp(config_.first_timestamp) +
                         (frames_sent_ - 1) * config_.frame_ticks;
      writer.ssrc = ssrc();
      writer.payload = payload;
      Datagram datagram{Block(writer.WireSize())};
      ASSERT_TRUE(writer.Write(datagram.block));
      arrived_.push_back(false);
      frame_of_.push_back(static_cast<std::size_t>(frames_sent_ - 1));
      const auto size = static_cast<std::int64_t>(datagram.block.size());
      rtp_.Send(now, DataSize::Bytes(size), std::move(datagram));
    }
  }
  void NoteArrival(const Datagram& datagram) {
    const auto packet = rtp::PacketView::Parse(datagram.bytes());
    ASSERT_TRUE(packet.has_value());
    const std::int64_t index =
        unwrapper_.Unwrap(packet->sequence_number()) - config_.first_number;
    const auto at = static_cast<std::size_t>(index);
    ASSERT_LT(at, arrived_.size());
    if (!any_) first_arrived_ = at;
    any_ = true;
    if (!arrived_[at]) ++packets_of_frame_[frame_of_[at]];
    arrived_[at] = true;
  }
  void Drain(Timestamp now) {
    for (MediaEvent event; receiver_.PollEvent(now, event);) take_(now, event);
  }

  Config config_;
  testing::Dice dice_;
  sim::Link<Datagram> rtp_;
  sim::Link<Datagram> rtcp_;
  MediaReceiver<Datagram> receiver_;
  std::function<void(Timestamp, const MediaEvent&)> take_;
  std::int64_t frames_sent_ = 0;
  std::uint64_t reports_sent_ = 0;
  std::vector<bool> arrived_;            // by packet sent
  std::vector<std::size_t> frame_of_;    // likewise
  std::vector<int> packets_of_frame_;    // that arrived
  Unwrapper<SequenceNumber> unwrapper_;
  bool any_ = false;
  std::size_t first_arrived_ = 0;
};

// How much later than captured a frame is presented, in seconds, on the output's
// own timeline; what counts is the difference between sound and picture.
struct Presented {
  double captured;
  double offset;
};

struct Report {
  Player player;
  std::array<std::vector<Presented>, 2> frames;
  segment::Counters segmenter;
  std::vector<double> durations;  // of the leading playlist's segments
  TimeDelta sync_error = TimeDelta::PlusInfinity();

  // Sound minus picture among the frames captured in [from, to).
  double Error(double from, double to) const {
    std::array<double, 2> mean{};
    for (const std::size_t track : {kVideo, kAudio}) {
      double count = 0;
      for (const Presented& frame : frames[track]) {
        if (frame.captured < from || frame.captured >= to) continue;
        mean[track] += frame.offset;
        ++count;
      }
      mean[track] /= count;
    }
    return mean[kAudio] - mean[kVideo];
  }
  // The worst of any sound against any picture captured in [from, to).
  double WorstError(double from, double to) const {
    std::array<std::array<double, 2>, 2> range = {{{1e9, -1e9}, {1e9, -1e9}}};
    for (const std::size_t track : {kVideo, kAudio}) {
      for (const Presented& frame : frames[track]) {
        if (frame.captured < from || frame.captured >= to) continue;
        range[track][0] = std::min(range[track][0], frame.offset);
        range[track][1] = std::max(range[track][1], frame.offset);
      }
    }
    return std::max(std::abs(range[kAudio][1] - range[kVideo][0]),
                    std::abs(range[kVideo][1] - range[kAudio][0]));
  }
};

// Where the stamp of a frame is, behind what a container put before it.
Bytes FindStamp(Bytes frame) {
  for (std::size_t at = 0; at + kStampSize <= frame.size(); ++at) {
    const Bytes digits = frame.subspan(at, kStampSize);
    if (std::all_of(digits.begin(), digits.end(),
                    [](std::uint8_t c) { return c >= '0' && c <= '9'; })) {
      return digits;
    }
  }
  return {};
}
void AddFrame(Report& report, std::size_t track, Bytes frame, double shown) {
  const Bytes stamp = FindStamp(frame);
  ASSERT_FALSE(stamp.empty());
  const double captured = StampOf(stamp);
  report.frames[track].push_back({captured, shown - captured});
}

// Reads the segments back, each with nothing but its own bytes and its init.
void ReadFrames(Report& report, const std::string& name) {
  const std::string& text = report.player.segments[name].bytes;
  const Bytes bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  if (name.ends_with(".ts")) {
    Block video(bytes.size());
    Block audio(bytes.size());
    mux::TsReader reader(video, audio);
    const auto take = [&](const mux::TsAccessUnit& unit) {
      AddFrame(report, unit.codec == Codec::kH264 ? kVideo : kAudio, unit.data,
               static_cast<double>(unit.pts) / 90'000);
    };
    reader.Read(bytes, take);
    reader.Flush(take);
    return;
  }
  const bool video = name.starts_with("video");
  const std::string prefix = video ? "video" : "audio";
  for (const auto& [init_name, init_text] : report.player.inits) {
    if (!init_name.starts_with(prefix)) continue;
    const auto init = mux::InitView::Parse(
        Bytes(reinterpret_cast<const std::uint8_t*>(init_text.data()), init_text.size()));
    ASSERT_TRUE(init.has_value());
    const auto fragment = mux::FragmentView::Parse(bytes, 0, *init);
    ASSERT_TRUE(fragment.has_value());
    auto samples = fragment->samples(1);
    for (mux::Sample sample; samples.Next(sample);) {
      AddFrame(report, video ? kVideo : kAudio, sample.data,
               static_cast<double>(sample.pts) / init->tracks()[0].timescale);
    }
    return;
  }
  FAIL() << name << " has no initialization section";
}

struct Scenario {
  Container container = Container::kFmp4;
  Codec sound = Codec::kOpus;
  std::int64_t seconds = 600;
  bool reports = true;
};

void Play(const Scenario& scenario, Report& report) {
  // The picture comes 120 ms later than the sound, and the sound card's clock
  // runs 200 ppm fast: 120 ms more after ten minutes. RTP timestamps and
  // sequence numbers wrap on the way.
  Stream video({Codec::kH264, 90'000, 0, 3'000, TimeDelta::Millis(150),
                0xffffffff - 90'000 * 200, 65'000, 1001});
  const std::int64_t sound_ticks = scenario.sound == Codec::kAac ? 1024 : 960;
  Stream audio({scenario.sound, 48'000, 200, sound_ticks, TimeDelta::Millis(30),
                0xffffffff - 48'000 * 100, 64'000, 2002});

  segment::Config config;
  config.container = scenario.container;
  config.wall_clock = NtpTime::FromUnixMicros(1'750'000'000'000'000);
  config.tracks.resize(2);
  config.tracks[kVideo].codec = Codec::kH264;
  config.tracks[kAudio].codec = scenario.sound;
  config.tracks[kAudio].clock_rate = 48'000;
  if (scenario.sound == Codec::kAac) {
    config.tracks[kAudio].audio_config.assign(kAac48.begin(), kAac48.end());
  }
  auto created = segment::Segmenter::Create(config);
  ASSERT_TRUE(created.ok()) << created.status();
  segment::Segmenter& segmenter = *created;

  std::vector<std::string> names;
  const auto publish = [&](Timestamp now) {
    for (segment::Output output; segmenter.PollOutput(now, output);) {
      report.player.Take(now, output);
      if (output.kind != segment::Output::Kind::kSegment) continue;
      names.emplace_back(output.name);
      if (!output.name.starts_with("audio")) {
        report.durations.push_back(output.duration.seconds());
      }
    }
  };
  const auto feed = [&](std::size_t track) {
    return [&, track](Timestamp now, const MediaEvent& event) {
      switch (event.kind) {
        case MediaEvent::Kind::kFrame:
          segmenter.HandleFrame(event.arrival, track, event.frame);
          break;
        case MediaEvent::Kind::kSenderReport:
          segmenter.HandleSenderReport(event.arrival, track, event.ntp, event.rtp);
          break;
        default: FAIL() << "neither a restart nor a BYE was sent";
      }
      publish(now);
    };
  };
  video.OnEvent(feed(kVideo));
  audio.OnEvent(feed(kAudio));

  sim::VirtualClock clock;
  const Timestamp end = Timestamp::Seconds(scenario.seconds);
  Timestamp report_at = Timestamp::Millis(700);
  for (;;) {
    Timestamp next = std::min({video.NextTimeout(), audio.NextTimeout(), segmenter.NextTimeout()});
    for (const Stream* stream : {&video, &audio}) {
      if (stream->next_frame() < end) next = std::min(next, stream->next_frame());
    }
    if (report_at < end) next = std::min(next, report_at);
    if (!clock.AdvanceTo(next)) break;
    const Timestamp now = clock.now();
    for (Stream* stream : {&video, &audio}) {
      while (stream->next_frame() <= now && stream->next_frame() < end) stream->SendFrame(now);
      if (scenario.reports && report_at <= now) stream->SendReport(now);
    }
    if (report_at <= now) report_at += TimeDelta::Seconds(5);
    video.Receive(now);
    audio.Receive(now);
    publish(now);
  }
  if (const auto error = segmenter.SyncError(kAudio)) report.sync_error = *error;
  video.End(clock.now());
  audio.End(clock.now());
  segmenter.HandleEnd(clock.now());
  publish(clock.now());
  report.segmenter = segmenter.counters();
  if (scenario.reports) {
    video.ExpectEveryLossIsAccountedFor();
    audio.ExpectEveryLossIsAccountedFor();
  }
  EXPECT_EQ(report.segmenter.frames_in, video.receiver().counters().frames +
                                            audio.receiver().counters().frames);
  for (const std::string& name : names) ReadFrames(report, name);
}

void ExpectPlayable(const Scenario& scenario, const Report& report) {
  EXPECT_EQ(report.player.fault, "");
  const segment::Counters& s = report.segmenter;
  EXPECT_EQ(s.frames_waiting, 0u);
  EXPECT_EQ(s.frames_in, s.frames_out + s.dropped());
  EXPECT_EQ(s.frames_out, report.frames[kVideo].size() + report.frames[kAudio].size());
  EXPECT_LT(s.dropped(), s.frames_in / 100);
  EXPECT_EQ(s.left_out, 0u);
  EXPECT_EQ(s.discontinuities, 0u);
  EXPECT_EQ(s.time_jumps, 0u);
  EXPECT_EQ(s.gaps, 0u);
  double total = 0;
  for (const double duration : report.durations) {
    EXPECT_GT(duration, 1.5);  // two key frames in a row may get lost
    total += duration;
  }
  EXPECT_NEAR(total, static_cast<double>(scenario.seconds), 5);
}

void ExpectTenGoodMinutes(const Scenario& scenario) {
  Report report;
  Play(scenario, report);
  if (::testing::Test::HasFatalFailure()) return;
  ExpectPlayable(scenario, report);

  const auto end = static_cast<double>(scenario.seconds);
  const double at_end = report.Error(end - 10, end);
  const double worst = report.WorstError(end - 10, end);
  EXPECT_LE(worst, 0.040) << "sound against picture in the last ten seconds";
  ASSERT_TRUE(report.sync_error.IsFinite());
  EXPECT_NEAR(report.sync_error.seconds(), at_end, 0.010)
      << "SyncError() is what the bytes say";
  // Once the reports are there it is never worse.
  double worst_ever = 0;
  for (double at = 30; at < end; at += 10) {
    worst_ever = std::max(worst_ever, report.WorstError(at, at + 10));
  }
  EXPECT_LE(worst_ever, 0.040);
  const auto ms = [](double s) { return std::to_string(s * 1000) + " ms"; };
  ::testing::Test::RecordProperty("av_error_at_the_end", ms(at_end));
  ::testing::Test::RecordProperty("av_error_worst_at_the_end", ms(worst));
  ::testing::Test::RecordProperty("av_error_worst_after_30_s", ms(worst_ever));
  std::printf("A/V at the end %.1f ms, worst %.1f ms; worst after 30 s %.1f ms; %d slews\n",
              at_end * 1e3, worst * 1e3, worst_ever * 1e3,
              static_cast<int>(report.segmenter.slews));
}

TEST(EnduranceTest, TenMinutesOfH264AndOpusOverABadLinkAreFmp4InSync) {
  ExpectTenGoodMinutes({});
}

TEST(EnduranceTest, TenMinutesOfH264AndAacOverABadLinkAreFmp4InSync) {
  ExpectTenGoodMinutes({.sound = Codec::kAac});
}

TEST(EnduranceTest, TenMinutesOfH264AndAacOverABadLinkAreTransportStreamInSync) {
  ExpectTenGoodMinutes({.container = Container::kTs, .sound = Codec::kAac});
}

TEST(EnduranceTest, WithoutSenderReportsTheDelayOfTheLinksIsInTheOutput) {
  const Scenario scenario = {.seconds = 60, .reports = false};
  Report report;
  Play(scenario, report);
  if (HasFatalFailure()) return;
  ExpectPlayable(scenario, report);
  // The picture is 120 ms late, so the sound is early.
  EXPECT_NEAR(report.Error(0, 50), -0.120, 0.020);
  EXPECT_FALSE(report.sync_error.IsFinite());
}

}  // namespace
}  // namespace mediacore::session
