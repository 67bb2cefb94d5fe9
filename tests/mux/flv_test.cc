#include "mediacore/mux/flv.h"

#include <sstream>

#include <gtest/gtest.h>

#include "../support/heap_watch.h"
#include "mediacore/mux/flv_audio.h"
#include "mediacore/mux/flv_video.h"
#include "support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;

// A file of one tag of sound at 0x01020304 ms.
constexpr std::array<std::uint8_t, 13 + 11 + 3 + 4> kFile = {
    'F', 'L', 'V', 1, 5, 0, 0, 0, 9, 0, 0, 0,    0,     // sound and pictures
    8,   0,   0,   3, 2, 3, 4, 1, 0, 0, 0, 0xaf, 1, 7,  // the upper 8 bits of the time are last
    0,   0,   0,   14};

constexpr bool ReadsATag() {
  std::array<std::uint8_t, 10> storage{};
  FlvReader reader(storage);
  int tags = 0;
  reader.Read(kFile, [&](const FlvTag& tag) {
    tags += tag.type == FlvTagType::kAudio && !tag.filtered && tag.timestamp == 0x01020304 && tag.stream_id == 0 &&
            tag.body.size() == 3 && tag.body.data() == kFile.data() + 24;
  });
  return tags == 1 && reader.Finish() == FlvError::kNone && reader.header().has_audio && reader.header().has_video &&
         reader.offset() == kFile.size() && reader.wrong_sizes() == 0;
}
static_assert(ReadsATag());

constexpr bool WritesATag() {
  const std::array<std::uint8_t, 3> body = {0xaf, 1, 7};
  const FlvTag tag = {.type = FlvTagType::kAudio, .timestamp = 0x01020304, .body = body};
  std::array<std::uint8_t, 18> out{};
  return tag.WireSize() == 18 && tag.Write(out) && std::equal(out.begin(), out.end(), kFile.begin() + 13) &&
         FlvFileHeader{true, true}.Write() == std::array<std::uint8_t, 13>{'F', 'L', 'V', 1, 5, 0, 0, 0, 9};
}
static_assert(WritesATag());

void Append(Buffer& file, const FlvTag& tag) {
  const std::size_t at = file.size();
  file.resize(at + tag.WireSize());
  EXPECT_TRUE(tag.Write(MutableBytes(file).subspan(at)));
}
Buffer FileOf(const std::vector<Buffer>& bodies) {
  const auto header = FlvFileHeader{true, false}.Write();
  Buffer file(header.begin(), header.end());
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    Append(file, {.type = FlvTagType::kVideo, .timestamp = static_cast<std::uint32_t>(i), .body = bodies[i]});
  }
  return file;
}

struct Outcome {
  std::vector<std::pair<FlvTag, Buffer>> tags;
  FlvError error = FlvError::kNone;
  std::uint64_t offset = 0;
  std::uint64_t wrong_sizes = 0;
};
bool Same(const Outcome& a, const Outcome& b) {
  return a.error == b.error && a.offset == b.offset && a.wrong_sizes == b.wrong_sizes &&
         std::ranges::equal(a.tags, b.tags, [](const auto& x, const auto& y) {
           return x.first.type == y.first.type && x.first.filtered == y.first.filtered &&
                  x.first.timestamp == y.first.timestamp && x.first.stream_id == y.first.stream_id &&
                  x.second == y.second;
         });
}
Outcome Read(Bytes file, std::size_t split, std::size_t storage_size = 1000) {
  Buffer storage(storage_size);
  FlvReader reader(storage);
  Outcome outcome;
  for (Bytes rest = file; !rest.empty();) {
    const Bytes some = rest.first(std::min(split, rest.size()));
    reader.Read(some,
                [&](const FlvTag& tag) { outcome.tags.emplace_back(tag, Buffer(tag.body.begin(), tag.body.end())); });
    rest = rest.subspan(some.size());
  }
  outcome.error = reader.Finish();
  outcome.offset = reader.offset();
  outcome.wrong_sizes = reader.wrong_sizes();
  return outcome;
}
Outcome ReadAnySplit(Bytes file, std::size_t storage_size = 1000) {
  const Outcome whole = Read(file, file.size() + 1, storage_size);
  for (std::size_t split = 1; split <= file.size(); ++split) {
    EXPECT_TRUE(Same(Read(file, split, storage_size), whole)) << "in pieces of " << split;
  }
  return whole;
}
Buffer Rewritten(const FlvFileHeader& file_header, const Outcome& outcome) {
  const auto header = file_header.Write();
  Buffer file(header.begin(), header.end());
  for (const auto& [about, bytes] : outcome.tags) {
    FlvTag tag = about;
    tag.body = bytes;
    Append(file, tag);
  }
  return file;
}

TEST(FlvTest, TagsComeOutAsTheyWentInHoweverTheFileIsCut) {
  const std::vector<Buffer> bodies = {{1, 2, 3}, {}, Buffer(300, 9), {4}};
  const Outcome outcome = ReadAnySplit(FileOf(bodies));
  EXPECT_EQ(outcome.error, FlvError::kNone);
  ASSERT_EQ(outcome.tags.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(outcome.tags[i].second, bodies[i]);
    EXPECT_EQ(outcome.tags[i].first.timestamp, i);
  }
}

TEST(FlvTest, EachCauseOfRefusalHasItsNameAndItsPlace) {
  const auto changed = [](std::size_t at, std::uint8_t to) {
    Buffer file = FileOf({{1, 2, 3}, {4}});
    file[at] = to;
    return ReadAnySplit(file);
  };
  for (const std::size_t at : {0u, 1u, 2u}) EXPECT_EQ(changed(at, 'X').error, FlvError::kNotFlv);
  EXPECT_EQ(changed(3, 2).error, FlvError::kBadVersion);
  EXPECT_EQ(changed(8, 8).error, FlvError::kBadHeaderSize);
  EXPECT_EQ(changed(5, 0xff).error, FlvError::kBadHeaderSize);
  EXPECT_EQ(changed(13, 0x49).error, FlvError::kReservedBits);

  // The second tag claims 16 MB: the first one is given all the same.
  const std::size_t second = 13 + 11 + 3 + 4;
  Outcome outcome = changed(second + 1, 0xff);
  EXPECT_EQ(outcome.error, FlvError::kTagTooLarge);
  EXPECT_EQ(outcome.offset, second);
  EXPECT_EQ(outcome.tags.size(), 1u);
  EXPECT_EQ(ReadAnySplit(FileOf({Buffer(20)}), 20).error, FlvError::kNone);
  EXPECT_EQ(ReadAnySplit(FileOf({Buffer(21)}), 20).error, FlvError::kTagTooLarge);

  const Buffer file = FileOf({{1, 2, 3}, {4}});
  for (std::size_t size = 0; size <= file.size(); ++size) {
    outcome = ReadAnySplit(Bytes(file).first(size));
    EXPECT_EQ(outcome.error,
              size == 13 || size == second || size == file.size() ? FlvError::kNone : FlvError::kTruncated);
    // A tag does not wait for the size behind it.
    EXPECT_EQ(outcome.tags.size(), (size >= second - 4 ? 1u : 0u) + (size >= file.size() - 4 ? 1u : 0u));
  }
  EXPECT_EQ(ToString(FlvError::kTagTooLarge), "flv: tag too large");
  EXPECT_EQ(ToString(FlvError::kNone), "flv: no error");
}

TEST(FlvTest, AWrongSizeBehindATagIsCountedAndDecidesNothing) {
  Buffer file = FileOf({{1, 2, 3}, {4}});
  file[12] = 1;
  file[13 + 14 + 3] = 0;
  const Outcome outcome = ReadAnySplit(file);
  EXPECT_EQ(outcome.error, FlvError::kNone);
  EXPECT_EQ(outcome.wrong_sizes, 2u);
  EXPECT_EQ(outcome.tags.size(), 2u);
}

TEST(FlvTest, WhatFollowsAnErrorIsNotRead) {
  Buffer storage(10);
  FlvReader reader(storage);
  int tags = 0;
  Buffer bad = FileOf({{1}});
  bad[0] = 'X';
  reader.Read(bad, [&](const FlvTag&) { ++tags; });
  reader.Read(FileOf({{1}}), [&](const FlvTag&) { ++tags; });
  EXPECT_EQ(tags, 0);
  EXPECT_FALSE(reader.has_header());
  EXPECT_EQ(reader.Finish(), FlvError::kNotFlv);
}

TEST(FlvTest, TagsInARowAreTakenWithoutAFile) {
  const Buffer file = FileOf({{1, 2, 3}, {4}});
  ByteReader reader(Bytes(file).subspan(13));
  auto tag = FlvTag::TakeFrom(reader);
  ASSERT_TRUE(tag);
  EXPECT_EQ(tag->body.size(), 3u);
  tag = FlvTag::TakeFrom(reader);
  ASSERT_TRUE(tag);
  EXPECT_EQ(tag->body[0], 4);
  EXPECT_TRUE(reader.empty());
  for (std::size_t size = 0; size < 18; ++size) {
    ByteReader cut(Bytes(file).subspan(13, size));
    EXPECT_EQ(FlvTag::TakeFrom(cut).error(), FlvError::kTruncated);
    EXPECT_EQ(cut.remaining(), size);
  }
  ByteReader wrong(Bytes(file).subspan(6));
  EXPECT_EQ(FlvTag::TakeFrom(wrong).error(), FlvError::kTruncated);
  const Buffer reserved(30, 0x80);
  ByteReader bits(reserved);
  EXPECT_EQ(FlvTag::TakeFrom(bits).error(), FlvError::kReservedBits);
}

TEST(FlvTest, EveryFieldOfATagIsWrittenAndReadBack) {
  for (unsigned type = 0; type < 32; ++type) {
    for (const bool filtered : {false, true}) {
      for (const std::uint32_t time : {0u, 0xffffffu, 0x1000000u, 0xffffffffu}) {
        const Buffer body(type);
        const FlvTag tag = {static_cast<FlvTagType>(type), filtered, time, 0xabcdef, body};
        Buffer out(tag.WireSize());
        ASSERT_TRUE(tag.Write(out));
        ByteReader reader(out);
        const auto back = FlvTag::TakeFrom(reader);
        ASSERT_TRUE(back);
        EXPECT_EQ(back->type, tag.type);
        EXPECT_EQ(back->filtered, filtered);
        EXPECT_EQ(back->timestamp, time);
        EXPECT_EQ(back->stream_id, 0xabcdefu);
        EXPECT_EQ(back->body.size(), body.size());
        std::array<std::uint8_t, FlvTag::kHeaderSize> header{};
        std::array<std::uint8_t, FlvTag::kTrailerSize> trailer{};
        ASSERT_TRUE(tag.WriteHeader(header) && tag.WriteTrailer(trailer));
        EXPECT_TRUE(std::ranges::equal(header, Bytes(out).first<11>()));
        EXPECT_TRUE(std::ranges::equal(trailer, Bytes(out).last<4>()));
      }
    }
  }
}

TEST(FlvTest, WhatCannotBeWrittenIsNotWritten) {
  Buffer out(17, 0xee);
  const Buffer body(3);
  EXPECT_FALSE(FlvTag{.body = body}.Write(out));  // 18 bytes
  const Buffer large(kFlvMaxBody + 1);
  Buffer room(large.size() + 100);
  for (const FlvTag& tag : {FlvTag{.body = large}, FlvTag{.type = static_cast<FlvTagType>(32), .body = body},
                            FlvTag{.stream_id = 0x1000000, .body = body}}) {
    EXPECT_EQ(tag.WireSize(), 0u);
    EXPECT_FALSE(tag.Write(room));
    EXPECT_FALSE(tag.WriteHeader(std::span(room).first<11>()));
    EXPECT_FALSE(tag.WriteTrailer(std::span(room).first<4>()));
  }
  EXPECT_EQ(out, Buffer(17, 0xee));
  EXPECT_EQ(room, Buffer(room.size()));
  EXPECT_EQ(FlvTag{.body = Bytes(large).first(kFlvMaxBody)}.WireSize(), kFlvMaxBody + 15);
}

TEST(FlvTest, ReadingTakesNoHeap) {
  const Buffer file = FileOf({{1, 2, 3}, Buffer(500)});
  Buffer storage(1000);
  const mediacore::testing::HeapWatch heap;
  FlvReader reader(storage);
  std::size_t bytes = 0;
  for (const std::uint8_t& byte : file) reader.Read({&byte, 1}, [&](const FlvTag& tag) { bytes += tag.body.size(); });
  EXPECT_EQ(heap.allocations(), 0u);
  EXPECT_EQ(bytes, 503u);
}

// "pts dts size" of each packet of one kind, as ffprobe sees them.
std::string Probed(const std::string& file, char kind) {
  return testing::Run("ffprobe -v error -select_streams " + std::string(1, kind) +
                      " -show_entries packet=pts,dts,size -of csv=p=0 " + file + " | sed 's/,$//'");
}

TEST(FlvTest, WhatFfmpegWroteIsReadAsFfprobeReadsItAndWrittenAgainByteForByte) {
  if (!testing::HaveFfmpeg()) GTEST_SKIP() << "ffmpeg and ffprobe are not installed";
  const testing::TempDir dir;
  const std::string made = dir / "made.flv";
  ASSERT_EQ(testing::MakeWithFfmpeg("aac -ar 44100", made), "");
  const Buffer file = testing::ReadFile(made);
  const Outcome outcome = Read(file, 1460, 1'000'000);
  EXPECT_EQ(outcome.error, FlvError::kNone);
  EXPECT_EQ(outcome.wrong_sizes, 0u);
  EXPECT_TRUE(Same(Read(file, 1, 1'000'000), outcome));

  std::ostringstream video, audio;
  int key_frames = 0, scripts = 0, configs = 0;
  for (const auto& [tag, bytes] : outcome.tags) {
    if (tag.type == FlvTagType::kVideo) {
      const auto view = FlvVideoView::Parse(bytes);
      ASSERT_TRUE(view);
      EXPECT_EQ(view->first_track().codec(), Codec::kH264);
      key_frames += view->is_key_frame();
      configs += view->packet_type() == FlvVideoPacketType::kSequenceStart;
      if (view->packet_type() != FlvVideoPacketType::kCodedFrames) continue;
      const FlvTrack& track = view->first_track();
      video << tag.timestamp + static_cast<std::uint32_t>(track.composition_time) << ',' << tag.timestamp << ','
            << track.data.size() << '\n';
    } else if (tag.type == FlvTagType::kAudio) {
      const auto view = FlvAudioView::Parse(bytes);
      ASSERT_TRUE(view);
      EXPECT_EQ(view->first_track().codec(), Codec::kAac);
      configs += view->packet_type() == FlvAudioPacketType::kSequenceStart;
      if (view->packet_type() != FlvAudioPacketType::kCodedFrames) continue;
      audio << tag.timestamp << ',' << tag.timestamp << ',' << view->first_track().data.size() << '\n';
    } else {
      ++scripts;
    }
  }
  EXPECT_EQ(video.str(), Probed(made, 'v'));
  EXPECT_EQ(audio.str(), Probed(made, 'a'));
  EXPECT_EQ(key_frames, 2);
  EXPECT_EQ(configs, 2);
  EXPECT_EQ(scripts, 1);
  EXPECT_TRUE(Rewritten({true, true}, outcome) == file);
}

}  // namespace
}  // namespace mediacore::mux
