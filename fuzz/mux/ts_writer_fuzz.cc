#include "mediacore/mux/ts_writer.h"

#include <deque>
#include <vector>

#include "../support/input.h"
#include "mediacore/mux/ts_reader.h"

namespace {
using namespace mediacore;
using namespace mediacore::mux;
constexpr std::array<std::uint8_t, 25> kAvcc = {
    1,    0x64, 0x00, 0x0d, 0xff, 0xe1, 0,    6,    0x67, 0x64, 0x00, 0x0d, 0xac,
    0xd9, 1,    0,    4,    0x68, 0xeb, 0xe3, 0xcb, 0xfd, 0xf8, 0xf8, 0};
constexpr std::array<std::uint8_t, 2> kAac = {0x11, 0x90};
}  // namespace

// Any sequence of pictures and frames of sound comes out of the reader as it
// went into the writer: bytes, times, counters; and the clock is dense.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  TrackConfig video, audio;
  video.codec = Codec::kH264;
  video.codec_config = kAvcc;
  audio.codec = Codec::kAac;
  audio.codec_config = kAac;
  const std::uint8_t kinds = input.U8();
  const bool with_video = (kinds & 3) != 1;
  const bool with_audio = (kinds & 3) != 2;
  TsWriter writer = *TsWriter::Create({.video = with_video ? video : TrackConfig(),
                                       .audio = with_audio ? audio : TrackConfig(),
                                       .timestamp_offset = 0});
  std::int64_t now = kTsWrap - std::int64_t{input.U16()} * 64;
  std::deque<std::vector<std::uint8_t>> kept;
  std::vector<Sample> pictures, sounds;
  std::vector<std::uint8_t> stream(TsWriter::kTablesSize);
  FUZZ_CHECK(writer.WriteTables(stream) == stream.size());
  for (int i = 0; i < 200 && !input.empty(); ++i) {
    const std::uint8_t what = input.U8();
    const std::size_t length = 1 + (input.U16() & 0x7ff);
    now += 1 + input.U8() * ((what & 0x20) != 0 ? 200 : 20);
    const std::size_t before = stream.size();
    if ((what & 1) != 0 && with_video) {
      auto& bytes = kept.emplace_back(4 + length, static_cast<std::uint8_t>(what | 0x80));
      StoreU32(bytes.data(), static_cast<std::uint32_t>(length));
      bytes[4] = (what & 2) != 0 ? 0x65 : 0x41;
      const Sample sample = {now, now + ((what & 4) != 0 ? 3000 : 0), 0, (what & 2) != 0, bytes};
      pictures.push_back(sample);
      stream.resize(before + writer.VideoSize(sample));
      FUZZ_CHECK(writer.WriteVideo(sample, MutableBytes(stream).subspan(before)) == stream.size() - before);
    } else if ((what & 1) == 0 && with_audio) {
      const std::size_t first = sounds.size();
      for (int k = 0; k <= (what >> 6); ++k) {
        auto& bytes = kept.emplace_back(length, what);
        sounds.push_back({now + 1920 * k, now + 1920 * k, 1920, true, bytes});
      }
      const auto group = std::span<const Sample>(sounds).subspan(first);
      stream.resize(before + writer.AudioSize(group));
      FUZZ_CHECK(writer.WriteAudio(group, MutableBytes(stream).subspan(before)) == stream.size() - before);
      now += 1920 * (what >> 6);
    }
  }

  std::int64_t last = -1;
  TsTimeUnwrapper clock;
  for (std::size_t at = 0; at < stream.size(); at += kTsPacketSize) {
    const auto packet = TsPacketView::Parse(Bytes(stream).subspan(at, kTsPacketSize));
    FUZZ_CHECK(packet);
    std::int64_t pcr = 0;
    if (!packet->ReadPcr(pcr)) continue;
    const std::int64_t base = clock.Unwrap(pcr / 300);
    // Beyond 10 s the stream has jumped.
    FUZZ_CHECK(last < 0 || (base > last && base - last <= 9000) || base - last > 900'000);
    last = base;
  }
  std::vector<std::uint8_t> video_storage(100'000), audio_storage(100'000);
  TsReader reader(video_storage, audio_storage);
  std::size_t v = 0, a = 0;
  std::int64_t shift = 0;
  bool shifted = false;
  const auto sink = [&](const TsAccessUnit& unit) {
    const bool picture = unit.codec == Codec::kH264;
    FUZZ_CHECK(picture ? v < pictures.size() : a < sounds.size());
    const Sample& sample = picture ? pictures[v++] : sounds[a++];
    if (!shifted) shift = sample.dts - unit.dts;  // whole wraps
    shifted = true;
    FUZZ_CHECK(shift % kTsWrap == 0);
    FUZZ_CHECK(unit.dts + shift == sample.dts && unit.pts + shift == sample.pts);
    const Bytes payload = picture ? sample.data.subspan(4) : sample.data;
    FUZZ_CHECK(unit.data.size() >= payload.size());
    FUZZ_CHECK(std::equal(payload.begin(), payload.end(), unit.data.end() - static_cast<std::ptrdiff_t>(payload.size())));
  };
  reader.Read(stream, sink);
  reader.Flush(sink);
  FUZZ_CHECK(v == pictures.size() && a == sounds.size());
  FUZZ_CHECK(reader.stats().continuity_errors + reader.stats().adts_errors == 0);
  return 0;
}
