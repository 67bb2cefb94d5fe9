#include "mediacore/rtcp/video_back_channel.h"

#include "read_write.h"

namespace mediacore::rtcp {
namespace {

constexpr std::array<std::uint8_t, 8> kOctets{};
const std::array kEntries = {VideoBackChannelEntry{Ssrc(7), 1, PayloadType(96), kOctets}};
const VideoBackChannelWriter kWriter{Ssrc(1), Ssrc(0), kEntries};

void BM_RtcpVideoBackChannelRead(benchmark::State& state) {
  bench::Read<VideoBackChannelView>(state, kWriter, [](const auto& view) {
    std::uint64_t sum = 0;
    view.ForEach([&sum](const VideoBackChannelEntry& entry) { sum += entry.octets.size(); });
    return sum;
  });
}
BENCHMARK(BM_RtcpVideoBackChannelRead);

void BM_RtcpVideoBackChannelRefuse(benchmark::State& state) { bench::Refuse<VideoBackChannelView>(state, kWriter); }
BENCHMARK(BM_RtcpVideoBackChannelRefuse);

void BM_RtcpVideoBackChannelWrite(benchmark::State& state) { bench::Write(state, kWriter); }
BENCHMARK(BM_RtcpVideoBackChannelWrite);

}  // namespace
}  // namespace mediacore::rtcp
