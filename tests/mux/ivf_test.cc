#include "mediacore/mux/ivf.h"

#include <sstream>

#include <gtest/gtest.h>

#include "../support/heap_watch.h"
#include "support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;
using testing::TempDir;

constexpr IvfHeader kHeader = {{'V', 'P', '9', '0'}, 640, 360, 30'000, 1001, 7};

// As ffmpeg writes it.
constexpr std::array<std::uint8_t, kIvfHeaderSize> kHeaderBytes = {
    'D',  'K',  'I', 'F', 0,    0,    32, 0, 'V', 'P', '9', '0', 0x80, 0x02, 0x68, 0x01,  // 640x360
    0x30, 0x75, 0,   0,   0xe9, 0x03, 0,  0, 7,   0,   0,   0,   0,    0,    0,    0};
static_assert(*IvfHeader::Parse(kHeaderBytes) == kHeader);
static_assert(kHeader.codec() == Codec::kVp9);
constexpr std::array<std::uint8_t, kIvfHeaderSize> Written(const IvfHeader& header) {
  std::array<std::uint8_t, kIvfHeaderSize> out{};
  header.Write(out);
  return out;
}
static_assert(Written(kHeader) == kHeaderBytes);

Buffer FileOf(const std::vector<Buffer>& frames) {
  Buffer file(kHeaderBytes.begin(), kHeaderBytes.end());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const IvfFrame frame{static_cast<std::int64_t>(i) * 10, frames[i]};
    const std::size_t at = file.size();
    file.resize(at + frame.WireSize());
    EXPECT_EQ(frame.Write(MutableBytes(file).subspan(at)), frame.WireSize());
  }
  return file;
}

struct Outcome {
  std::vector<std::pair<std::int64_t, Buffer>> frames;
  IvfError error = IvfError::kNone;
  std::uint64_t offset = 0;
  bool operator==(const Outcome&) const = default;
};
Outcome Read(Bytes file, std::size_t split, std::size_t storage_size = 1000) {
  Buffer storage(storage_size);
  IvfReader reader(storage);
  Outcome outcome;
  for (Bytes rest = file; !rest.empty();) {
    const Bytes some = rest.first(std::min(split, rest.size()));
    reader.Read(some, [&](const IvfFrame& frame) {
      outcome.frames.emplace_back(frame.pts, Buffer(frame.data.begin(), frame.data.end()));
    });
    rest = rest.subspan(some.size());
  }
  outcome.error = reader.Finish();
  outcome.offset = reader.offset();
  return outcome;
}
Outcome ReadAnySplit(Bytes file, std::size_t storage_size = 1000) {
  const Outcome whole = Read(file, file.size() + 1, storage_size);
  for (std::size_t split = 1; split <= file.size(); ++split) {
    EXPECT_TRUE(Read(file, split, storage_size) == whole) << "in pieces of " << split;
  }
  return whole;
}

TEST(IvfTest, FramesComeOutAsTheyWentInHoweverTheFileIsCut) {
  const std::vector<Buffer> frames = {{1, 2, 3}, {}, Buffer(300, 9), {4}};
  const Outcome outcome = ReadAnySplit(FileOf(frames));
  ASSERT_EQ(outcome.frames.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(outcome.frames[i].first, static_cast<std::int64_t>(i) * 10);
    EXPECT_EQ(outcome.frames[i].second, frames[i]);
  }
  EXPECT_EQ(outcome.error, IvfError::kNone);
}

TEST(IvfTest, EachCauseOfRefusalHasItsNameAndItsPlace) {
  const auto changed = [](std::size_t at, std::uint8_t to) {
    Buffer file = FileOf({{1, 2, 3}, {4}});
    file[at] = to;
    return ReadAnySplit(file);
  };
  EXPECT_EQ(ReadAnySplit(Bytes(kHeaderBytes).first(31)).error, IvfError::kTooShort);
  EXPECT_EQ(ReadAnySplit({}).error, IvfError::kTooShort);
  EXPECT_EQ(changed(3, 'G').error, IvfError::kBadSignature);
  EXPECT_EQ(changed(4, 1).error, IvfError::kBadVersion);
  EXPECT_EQ(changed(6, 31).error, IvfError::kBadHeaderLength);
  Buffer file = FileOf({{1}});
  std::fill_n(file.begin() + 16, 4, std::uint8_t{0});
  EXPECT_EQ(ReadAnySplit(file).error, IvfError::kBadTimeBase);
  file = FileOf({{1}});
  std::fill_n(file.begin() + 20, 4, std::uint8_t{0});
  EXPECT_EQ(ReadAnySplit(file).error, IvfError::kBadTimeBase);

  // The second frame claims 4 GB: the first one is given all the same.
  Outcome outcome = changed(32 + 12 + 3 + 3, 0xff);
  EXPECT_EQ(outcome.error, IvfError::kFrameTooLarge);
  EXPECT_EQ(outcome.offset, 32u + 12 + 3);
  EXPECT_EQ(outcome.frames.size(), 1u);
  EXPECT_EQ(ReadAnySplit(FileOf({Buffer(20)}), 20).error, IvfError::kNone);
  EXPECT_EQ(ReadAnySplit(FileOf({Buffer(21)}), 20).error, IvfError::kFrameTooLarge);

  file = FileOf({{1, 2, 3}, {4}});
  for (std::size_t size = 33; size < file.size(); ++size) {
    outcome = ReadAnySplit(Bytes(file).first(size));
    EXPECT_EQ(outcome.error, size == 47 ? IvfError::kNone : IvfError::kTruncated) << size;
    EXPECT_EQ(outcome.offset, size < 47 ? 32u : 47u);
  }
  EXPECT_EQ(ToString(IvfError::kFrameTooLarge), "ivf: frame too large");
  EXPECT_EQ(ToString(IvfError::kNone), "ivf: no error");
}

TEST(IvfTest, WhatFollowsAnErrorIsNotRead) {
  Buffer storage(10);
  IvfReader reader(storage);
  int frames = 0;
  Buffer bad = FileOf({{1}});
  bad[0] = 'X';
  reader.Read(bad, [&](const IvfFrame&) { ++frames; });
  reader.Read(FileOf({{1}}), [&](const IvfFrame&) { ++frames; });
  EXPECT_EQ(frames, 0);
  EXPECT_FALSE(reader.has_header());
  EXPECT_EQ(reader.Finish(), IvfError::kBadSignature);
}

TEST(IvfTest, ALongerHeaderIsPassedOver) {
  Buffer file = FileOf({{1, 2, 3}});
  file.insert(file.begin() + 32, 5, std::uint8_t{0xee});
  file[6] = 37;
  const Outcome outcome = ReadAnySplit(file);
  EXPECT_EQ(outcome.error, IvfError::kNone);
  ASSERT_EQ(outcome.frames.size(), 1u);
  EXPECT_EQ(outcome.frames[0].second, (Buffer{1, 2, 3}));
  EXPECT_EQ(ReadAnySplit(Bytes(file).first(36)).error, IvfError::kTruncated);
}

TEST(IvfTest, EachCodecHasItsFourCc) {
  IvfHeader header;
  for (const Codec codec : {Codec::kVp8, Codec::kVp9, Codec::kAv1, Codec::kH264, Codec::kH265}) {
    EXPECT_TRUE(header.SetCodec(codec));
    EXPECT_EQ(header.codec(), codec);
  }
  EXPECT_FALSE(header.SetCodec(Codec::kOpus));
  EXPECT_EQ(header.codec(), Codec::kH265);
  header.fourcc = {'M', 'J', 'P', 'G'};
  EXPECT_EQ(header.codec(), Codec::kUnknown);
}

TEST(IvfTest, WhatDoesNotFitIsNotWritten) {
  const Buffer data(10);
  const IvfFrame frame{1, data};
  Buffer out(21, 0xee);
  EXPECT_EQ(frame.Write(out), 0u);
  EXPECT_EQ(out, Buffer(21, 0xee));
}

TEST(IvfTest, ReadingTakesNoHeap) {
  const Buffer file = FileOf({{1, 2, 3}, Buffer(500)});
  Buffer storage(1000);
  const mediacore::testing::HeapWatch heap;
  IvfReader reader(storage);
  std::size_t bytes = 0;
  for (const std::uint8_t& byte : file) reader.Read({&byte, 1}, [&](const IvfFrame& f) { bytes += f.data.size(); });
  EXPECT_EQ(heap.allocations(), 0u);
  EXPECT_EQ(bytes, 503u);
}

// "pts size" of each packet, as ffprobe sees them.
std::string Probed(const std::string& file) {
  return testing::Run("ffprobe -v error -show_entries packet=pts,size -of csv=p=0 " + file + " | sed 's/,$//'");
}

class IvfOfFfmpeg : public ::testing::TestWithParam<const char*> {};

TEST_P(IvfOfFfmpeg, IsReadAsFfprobeReadsItAndWrittenAgainByteForByte) {
  if (!testing::HaveFfmpeg()) GTEST_SKIP() << "ffmpeg is not here";
  const TempDir dir;
  const std::string made = testing::Run(
      "SVT_LOG=1 ffmpeg -v error -y -f lavfi -i testsrc2=size=160x120:rate=25:duration=1 -g 10 -pix_fmt yuv420p -c:v " +
      std::string(GetParam()) + " -f ivf " + dir / "a.ivf");
  ASSERT_EQ(made, "");
  const Buffer file = testing::ReadFile(dir / "a.ivf");
  const Outcome outcome = Read(file, 1000, 1'000'000);
  EXPECT_EQ(outcome.error, IvfError::kNone);
  EXPECT_EQ(Read(file, 1, 1'000'000), outcome);
  EXPECT_EQ(outcome.frames.size(), 25u);
  std::ostringstream seen;
  for (const auto& [pts, data] : outcome.frames) seen << pts << ',' << data.size() << '\n';
  EXPECT_EQ(seen.str(), Probed(dir / "a.ivf"));

  const auto header = IvfHeader::Parse(file);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->width, 160);
  EXPECT_EQ(header->height, 120);
  EXPECT_NE(header->codec(), Codec::kUnknown);
  Buffer again(kIvfHeaderSize);
  header->Write(MutableBytes(again).first<kIvfHeaderSize>());
  for (const auto& [pts, data] : outcome.frames) {
    const IvfFrame frame{pts, data};
    const std::size_t at = again.size();
    again.resize(at + frame.WireSize());
    frame.Write(MutableBytes(again).subspan(at));
  }
  EXPECT_TRUE(again == file);
  testing::WriteFile(dir / "b.ivf", again);
  EXPECT_EQ(testing::Run("ffmpeg -v error -xerror -i " + dir / "b.ivf" + " -f null -"), "");
}
std::string CodecOf(const ::testing::TestParamInfo<const char*>& info) {
  return info.index == 0 ? "Vp8" : info.index == 1 ? "Vp9" : "Av1";
}
INSTANTIATE_TEST_SUITE_P(Codecs, IvfOfFfmpeg,
                         ::testing::Values("libvpx -b:v 200k -deadline realtime -auto-alt-ref 0",
                                           "libvpx-vp9 -b:v 200k -deadline realtime -cpu-used 8 -auto-alt-ref 0",
                                           "libsvtav1 -preset 12"),
                         CodecOf);

}  // namespace
}  // namespace mediacore::mux
