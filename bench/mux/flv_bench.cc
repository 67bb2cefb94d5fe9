#include "mediacore/mux/flv.h"

#include <vector>

#include <benchmark/benchmark.h>

#include "../support/heap_count.h"
#include "flv_peer.h"
#include "media.h"
#include "mediacore/mux/flv_video.h"

namespace mediacore::mux {
namespace {

std::vector<std::uint8_t> Written(const bench::Pictures& media) {
  const auto header = FlvFileHeader{false, true}.Write();
  std::vector<std::uint8_t> out(header.begin(), header.end());
  std::vector<std::uint8_t> body;
  const auto add = [&](const Sample& sample, FlvVideoPacketType type) {
    const FlvTrack track = {.data = sample.data};
    const FlvVideoWriter writer = {.frame_type = sample.sync ? FlvFrameType::kKey : FlvFrameType::kInter,
                                   .packet_type = type,
                                   .tracks = {&track, 1}};
    body.resize(writer.WireSize());
    const FlvTag tag = {FlvTagType::kVideo, false, static_cast<std::uint32_t>(sample.dts / 90), 0, body};
    const std::size_t at = out.size();
    out.resize(at + tag.WireSize());
    return writer.Write(body) && tag.Write(MutableBytes(out).subspan(at));
  };
  bool ok = add({.sync = true, .data = media.track().codec_config}, FlvVideoPacketType::kSequenceStart);
  for (const Sample& sample : media.samples()) ok = add(sample, FlvVideoPacketType::kCodedFrames) && ok;
  if (!ok) out.clear();
  return out;
}

// In pieces as large as a read from a socket or a file; tags are cut by most of them.
// The body of each is read, too.
void BM_FlvReader(benchmark::State& state) {
  const bench::Pictures media(state);
  const std::vector<std::uint8_t> file = Written(media);
  std::vector<std::uint8_t> storage(200'000);
  const auto piece = static_cast<std::size_t>(state.range(2));
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    FlvReader reader(storage);
    std::size_t bytes = 0;
    for (Bytes rest = file; !rest.empty();) {
      const Bytes some = rest.first(std::min(piece, rest.size()));
      reader.Read(some, [&](const FlvTag& tag) {
        const auto video = FlvVideoView::Parse(tag.body);
        if (video) bytes += video->first_track().data.size();
      });
      rest = rest.subspan(some.size());
    }
    if (bytes < media.bytes().size()) mediacore::bench::Fail(state, "lost media");
  }
  media.Report(state);
}
BENCHMARK(BM_FlvReader)->Args({12'500, 1, 1'000'000'000})->Args({12'500, 1, 65'536})->Args({12'500, 1, 1'460});

void BM_FlvReaderRefusesATagTooLarge(benchmark::State& state) {
  const auto header = FlvFileHeader{true, true}.Write();
  std::vector<std::uint8_t> file(header.begin(), header.end());
  file.insert(file.end(), {9, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0});
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    FlvReader reader({});
    reader.Read(file, [](const FlvTag&) {});
    benchmark::DoNotOptimize(reader.error());
  }
}
BENCHMARK(BM_FlvReaderRefusesATagTooLarge);

void BM_FlvTagWrite(benchmark::State& state) {
  const bench::Pictures media(state);
  std::vector<std::uint8_t> out = Written(media);
  const mediacore::bench::HeapCount heap(state);
  for (auto _ : state) {
    std::size_t at = FlvFileHeader::kWireSize;
    for (const Sample& s : media.samples()) {
      const FlvTag tag = {FlvTagType::kVideo, false, 0, 0, s.data};
      if (!tag.Write(MutableBytes(out).subspan(at))) mediacore::bench::Fail(state, "refused");
      at += tag.WireSize();
    }
    benchmark::DoNotOptimize(out.data());
  }
  media.Report(state);
}
BENCHMARK(BM_FlvTagWrite)->Args({12'500, 1})->Args({12'500, 64});

#ifdef MEDIACORE_HAVE_AVFORMAT
// libavformat's demuxer over the same bytes in memory; it copies each packet.
void BM_FlvReaderAgainstAvformat(benchmark::State& state) {
  const bench::Pictures media(state);
  const std::vector<std::uint8_t> file = Written(media);
  std::vector<std::uint8_t> storage(200'000);
  std::size_t ours = 0;
  std::size_t theirs = 0;
  mediacore::bench::CompareWithPeer(
      state,
      [&] {
        FlvReader reader(storage);
        ours = 0;
        reader.Read(file, [&](const FlvTag& tag) {
          const auto video = FlvVideoView::Parse(tag.body);
          if (video && video->packet_type() == FlvVideoPacketType::kCodedFrames)
            ours += video->first_track().data.size();
        });
      },
      [&] { theirs = bench::DemuxFlv(file); }, 20);
  if (ours != theirs || ours != media.bytes().size()) mediacore::bench::Fail(state, "not the same media");
}
BENCHMARK(BM_FlvReaderAgainstAvformat)->Args({12'500, 1})->Iterations(20);
#endif

}  // namespace
}  // namespace mediacore::mux
