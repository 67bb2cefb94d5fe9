#include "mediacore/mux/webm_writer.h"

#include <vector>

#include "../support/input.h"
#include "mediacore/mux/webm_reader.h"

// Any frames with any times, streamed or patched: they come out of the reader as they
// went in, each cluster is where its cue says, and the file has no error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::mux;
  fuzz::Input input(data, size);
  const std::uint8_t kinds = input.U8();
  std::array<std::uint8_t, 19> head{};
  std::vector<WebmWriter::Track> tracks;
  for (std::uint32_t i = 0; i <= (kinds & 3u); ++i) {
    WebmWriter::Track track;
    const std::uint8_t what = input.U8();
    track.config.id = (what & 0x80) != 0 ? i * 0x1234567 + 1 : i + 1;
    track.config.timescale = (what & 0x40) != 0 ? 48'000 : 1000;
    track.config.width = track.config.height = what;
    track.config.pixel_width = track.config.pixel_height = what & 3;
    track.config.colour.primaries = what & 1;
    track.config.channels = what & 7;
    track.config.sample_rate = what * 100u;
    track.config.priming = what & 0x20;
    track.codec_private = head;
    track.default_duration_ns = what & 0x10;
    const Codec codecs[] = {Codec::kVp8, Codec::kVp9,  Codec::kAv1, Codec::kOpus,
                            Codec::kAac, Codec::kH264, Codec::kH265};
    track.config.codec = codecs[what % 7];
    if (what % 11 == 0) track.codec_id = "A_VORBIS";
    tracks.push_back(track);
  }
  std::vector<WebmCue> cues(kinds >> 6);
  const bool seekable = (kinds & 4) != 0;
  const WebmWriter::Config config{.webm = (kinds & 8) != 0,
                                  .tracks = tracks,
                                  .max_cluster_ms = (kinds & 16) != 0 ? 500 : 40'000,
                                  .cut_at_key_frames = (kinds & 32) != 0,
                                  .seekable = seekable,
                                  .cues = cues};
  const auto created = WebmWriter::Create(config);
  if (!created) {
    FUZZ_CHECK(!ToString(created.error()).empty());
    return 0;
  }
  WebmWriter writer = *created;
  std::vector<std::uint8_t> file(writer.HeaderSize());
  FUZZ_CHECK(writer.WriteHeader(file) == file.size());
  struct Written {
    std::uint32_t track;
    std::int64_t time;
    bool key;
    std::int64_t padding;
    std::size_t size;
    std::uint8_t fill;
  };
  std::vector<Written> written;
  std::int64_t now = 0;
  const auto patch_all = [&] {
    int count = 0;
    for (FilePatch patch; writer.TakePatch(patch); ++count) {
      FUZZ_CHECK(seekable && patch.offset + patch.size <= file.size());
      std::copy_n(patch.storage.begin(), patch.size, file.begin() + static_cast<std::ptrdiff_t>(patch.offset));
    }
    return count;
  };
  while (!input.empty() && written.size() < 300) {
    const std::uint8_t what = input.U8();
    const WebmWriter::Track& track = tracks[what % tracks.size()];
    now += static_cast<std::int8_t>(input.U8()) * ((what & 64) != 0 ? 300 : 10);
    const std::vector<std::uint8_t> bytes((what & 32) != 0 ? input.U16() & 0x7fff : what, what);
    const Sample sample{now, now, what, (what & 8) != 0, bytes};
    const std::int64_t padding = (what & 16) != 0 ? static_cast<std::int8_t>(input.U8()) * 65'536 : 0;
    const std::size_t at = file.size();
    file.resize(at + WebmWriter::kMaxFrameHeaderSize + bytes.size());
    const std::size_t wrote = writer.WriteFrame(track.config.id, sample, MutableBytes(file).subspan(at), padding);
    FUZZ_CHECK((wrote == 0 || wrote > bytes.size()) && wrote <= file.size() - at);
    file.resize(at + wrote);
    const std::int64_t time = SaturatingMulDivNearest(now, 1000, track.config.timescale);
    FUZZ_CHECK((wrote > 0) == (time >= -32'768));
    if (wrote > 0) written.push_back({track.config.id, time, sample.sync, padding, bytes.size(), what});
    FUZZ_CHECK(patch_all() <= 1);
  }
  const std::size_t tail_at = file.size();
  file.resize(tail_at + writer.TailSize());
  FUZZ_CHECK(writer.WriteTail(MutableBytes(file).subspan(tail_at)) == file.size() - tail_at);
  FUZZ_CHECK(patch_all() == (seekable ? 3 + !written.empty() : 0));
  FUZZ_CHECK(writer.size() == file.size() && writer.cue_count() <= cues.size());

  std::vector<std::uint8_t> tracks_storage(2000), block(33'000);
  WebmReader reader(tracks_storage, block);
  std::size_t next = 0;
  reader.Read(file, [&](const WebmFrame& frame) {
    FUZZ_CHECK(next < written.size());
    const Written& w = written[next++];
    FUZZ_CHECK(frame.track->config.id == w.track && frame.timestamp == w.time && frame.key_frame == w.key);
    FUZZ_CHECK(frame.discard_padding_ns == w.padding && frame.data.size() == w.size);
    FUZZ_CHECK(std::count(frame.data.begin(), frame.data.end(), w.fill) == static_cast<std::ptrdiff_t>(w.size));
  });
  FUZZ_CHECK(reader.Finish() == WebmError::kNone && next == written.size());
  FUZZ_CHECK(reader.is_webm() == config.webm && reader.tracks().size() == tracks.size());
  FUZZ_CHECK(reader.stats().bad_blocks + reader.stats().stray_blocks + reader.stats().oversized_blocks == 0);
  FUZZ_CHECK(!seekable || written.empty() || reader.duration() >= 0);
  // The segment's bytes begin where the first thing behind its head is.
  const Bytes whole(file);
  const auto ebml = EbmlHead::Parse(whole);
  const std::size_t segment = ebml->head_size + static_cast<std::size_t>(ebml->size) + 12;
  for (std::size_t i = 0; i < writer.cue_count(); ++i) {
    const auto cluster = EbmlHead::Parse(whole.subspan(segment + static_cast<std::size_t>(cues[i].position)));
    FUZZ_CHECK(cluster && cluster->id == webm_id::kCluster && (cluster->size != kEbmlUnknownSize) == seekable);
  }
  return 0;
}
