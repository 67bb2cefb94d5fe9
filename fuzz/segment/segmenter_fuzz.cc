#include "mediacore/segment/segmenter.h"

#include <cstdio>

#include "../../tests/segment/player.h"
#include "../../tests/segment/source.h"
#include "../support/input.h"

namespace {

void CheckRules(const mediacore::segment::testing::Player& player) {
  if (!player.fault.empty()) std::fprintf(stderr, "%s\n", player.fault.c_str());
  FUZZ_CHECK(player.fault.empty());
}

}  // namespace

// Whatever comes in, in whatever order: what comes out obeys the rules that
// testing::Player knows, and every frame is accounted for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::segment;
  namespace testing = mediacore::segment::testing;
  fuzz::Input in(data, size);

  Config config;
  const std::uint8_t kind = in.U8();
  config.container = (kind & 1) != 0 ? Container::kTs : Container::kFmp4;
  config.type = static_cast<PlaylistType>((kind >> 1 & 3) % 3);
  config.target_duration = TimeDelta::Seconds((kind & 8) != 0 ? 2 : 4);
  config.max_target_duration = TimeDelta::Seconds((kind & 16) != 0 ? 12 : 1);
  config.max_segment_bytes = 64 * 1024;
  config.max_segment_samples = 64;
  config.max_segments = 64;
  config.window_segments = 3;
  config.start_segments = 1 + kind % 3;
  if ((kind & 32) != 0) config.wall_clock = NtpTime::FromUnixMicros(1'700'000'000'000'000);
  if ((kind & 64) != 0) config.tracks.push_back(testing::VideoTrack(1));
  if ((kind & 128) == 0) config.tracks.push_back(testing::VideoTrack(0));
  config.tracks.push_back(config.container == Container::kTs ? testing::AacTrack()
                                                             : testing::OpusTrack());
  auto made = Segmenter::Create(config);
  FUZZ_CHECK(made.ok());
  Segmenter segmenter = std::move(*made);

  testing::Player player;
  player.start_segments = 1 + kind % 3;
  testing::FrameMaker maker;
  Timestamp now = Timestamp::Seconds(1000);
  std::array<std::uint32_t, 4> rtp = {0xfffe0000u, 0, 0x7fff0000u, 5};
  std::uint64_t frames = 0;
  bool poll_now = true;
  for (int step = 0; frames < 1500 && step < 400 && !in.empty(); ++step) {
    const std::uint8_t op = in.U8();
    const std::size_t track = (op >> 3) % (config.tracks.size() + 1);
    const bool known = track < config.tracks.size();
    const bool video = known && IsVideo(config.tracks[track].codec);
    switch (op & 7) {
      case 0:  // a run of frames at their pace
      case 1: {
        const int count = 1 + in.U8() % 64;
        for (int i = 0; i < count; ++i) {
          for (std::size_t t = 0; t < config.tracks.size(); ++t) {
            const bool picture = IsVideo(config.tracks[t].codec);
            rtp[t] += picture ? 9000 : 4800;
            codec::EncodedFrame frame =
                picture ? maker.Picture(RtpTimestamp(rtp[t]), i % 16 == 0, 50 + op)
                : config.container == Container::kTs
                    ? maker.Aac(RtpTimestamp(rtp[t]))
                    : maker.Opus(RtpTimestamp(rtp[t]));
            segmenter.HandleFrame(now, t, frame);
            ++frames;
            Output output;
            while (poll_now && segmenter.PollOutput(now, output)) player.Take(now, output);
          }
          now += TimeDelta::Millis(100);
        }
        break;
      }
      case 2: {  // one frame, at any time
        const std::uint8_t how = in.U8();
        const auto move = static_cast<std::int16_t>(in.U16());
        const std::size_t bytes = 1 + std::size_t{in.U8()} * ((how & 4) != 0 ? 400 : 8);
        const std::size_t t = track % rtp.size();
        rtp[t] += static_cast<std::uint32_t>(move * ((how & 8) != 0 ? 64 : 1));
        const codec::EncodedFrame frame =
            video ? maker.Picture(RtpTimestamp(rtp[t]), (how & 1) != 0, bytes,
                                  (how >> 4) % 3)
            : config.container == Container::kTs ? maker.Aac(RtpTimestamp(rtp[t]), bytes)
                                                 : maker.Opus(RtpTimestamp(rtp[t]), bytes);
        segmenter.HandleFrame(now, track, frame);
        ++frames;
        break;
      }
      case 3: {  // bytes that are no frame
        std::array<std::uint8_t, 8> bytes{};
        for (auto& byte : bytes) byte = in.U8();
        codec::EncodedFrame frame;
        frame.codec = video ? Codec::kH264 : Codec::kOpus;
        frame.rtp_timestamp = RtpTimestamp(rtp[track % rtp.size()] + bytes[0]);
        frame.key_frame = (bytes[1] & 1) != 0;
        frame.data = bytes;
        segmenter.HandleFrame(now, track, frame);
        ++frames;
        break;
      }
      case 4: {
        const std::uint64_t seconds = 3'900'000'000u + in.U8() / 8;
        segmenter.HandleSenderReport(
            now, track, NtpTime(seconds << 32 | std::uint64_t{in.U16()} << 16),
            RtpTimestamp(rtp[track % rtp.size()] + in.U16()));
        break;
      }
      case 5: now += TimeDelta::Millis(static_cast<std::int16_t>(in.U16())); break;
      case 6:
        if (in.U8() % 4 == 0) segmenter.HandleRestart(now, track);
        rtp[track % rtp.size()] += in.U16() * 65'537u;
        break;
      case 7: poll_now = !poll_now; break;
    }
    Output output;
    while (poll_now && segmenter.PollOutput(now, output)) player.Take(now, output);
    CheckRules(player);
  }
  segmenter.HandleEnd(now);
  Output output;
  while (segmenter.PollOutput(now, output)) player.Take(now, output);
  CheckRules(player);
  FUZZ_CHECK(segmenter.NextTimeout() == Timestamp::PlusInfinity());
  const Counters& counters = segmenter.counters();
  FUZZ_CHECK(counters.frames_in == frames);
  FUZZ_CHECK(counters.frames_in ==
             counters.frames_out + counters.frames_waiting + counters.dropped());
  FUZZ_CHECK(counters.frames_waiting == 0);
  for (auto& [name, list] : player.lists) FUZZ_CHECK(list.model.end_list);
  return 0;
}
