#include "mediacore/mux/ogg_writer.h"

#include <map>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "../support/heap_watch.h"
#include "mediacore/codec/opus.h"
#include "mediacore/mux/ogg_opus_writer.h"
#include "mediacore/mux/opus_tags.h"
#include "ogg_support.h"

namespace mediacore::mux {
namespace {

using testing::AppendTo;
using testing::Buffer;
using testing::KeptPacket;
using testing::OggOutcome;
using testing::OggPageBuffer;
using testing::ReadOgg;
using testing::TempDir;

OggPageBuffer g_page;

std::vector<OggPageView> PagesOf(Bytes file) {
  std::vector<OggPageView> pages;
  while (const auto page = OggPageView::Parse(file)) {
    pages.push_back(*page);
    file = file.subspan(page->size());
  }
  EXPECT_TRUE(file.empty());
  return pages;
}

TEST(OggWriterTest, PacketsOfEverySizeComeOutOfTheReaderAsTheyWentIn) {
  Buffer file;
  OggWriter writer({.serial = 9, .page_bytes = 2000}, g_page);
  std::vector<Buffer> packets;
  std::minstd_rand random(3);
  for (std::size_t size = 0; size < 1100; ++size) packets.emplace_back(size, static_cast<std::uint8_t>(size));
  for (const std::size_t size : {65'024u, 65'025u, 65'026u, 65'280u, 70'000u, 200'000u, 0u, 255u}) {
    packets.emplace_back(size, static_cast<std::uint8_t>(random()));
  }
  std::int64_t granule = 0;
  for (const Buffer& packet : packets) writer.AddPacket(packet, granule += 10, AppendTo(file));
  writer.Finish(AppendTo(file));
  const OggOutcome outcome = ReadOgg(file, SIZE_MAX, 4 * 200'000);
  ASSERT_EQ(outcome.packets.size(), packets.size());
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const KeptPacket& packet = outcome.packets[i];
    EXPECT_TRUE(packet.data == packets[i]) << i;
    EXPECT_EQ(packet.serial, 9u);
    EXPECT_EQ(packet.ends_stream, i + 1 == packets.size());
    if (packet.granule_position != kOggNoGranule) {
      EXPECT_EQ(packet.granule_position, static_cast<std::int64_t>(i + 1) * 10);
    }
  }
  EXPECT_EQ(outcome.first_damage, ~std::uint64_t{0});
  std::uint32_t sequence = 0;
  for (const OggPageView& page : PagesOf(file)) {
    EXPECT_EQ(page.header().sequence, sequence);
    EXPECT_EQ(page.header().begins_stream, sequence == 0);
    EXPECT_EQ(page.header().granule_position == kOggNoGranule, page.packets_ended() == 0);
    ++sequence;
  }
}

TEST(OggWriterTest, APageEndsWhenItIsFullOrLongOrFlushed) {
  const Buffer packet(100);
  const auto counts = [&](const OggWriter::Config& config, int flush_at) {
    Buffer file;
    OggWriter writer(config, g_page);
    for (int i = 0; i < 10; ++i) {
      if (i == flush_at) writer.Flush(AppendTo(file));
      writer.AddPacket(packet, (i + 1) * 20, AppendTo(file));
    }
    writer.Finish(AppendTo(file));
    std::vector<std::size_t> counted;
    for (const OggPageView& page : PagesOf(file)) counted.push_back(page.packets_ended());
    return counted;
  };
  EXPECT_EQ(counts({}, -1), (std::vector<std::size_t>{10}));
  EXPECT_EQ(counts({.page_bytes = 300}, -1), (std::vector<std::size_t>{3, 3, 3, 1}));
  EXPECT_EQ(counts({.page_granules = 80}, -1), (std::vector<std::size_t>{4, 4, 2}));
  EXPECT_EQ(counts({}, 1), (std::vector<std::size_t>{1, 9}));
  EXPECT_EQ(counts({.page_bytes = 0}, -1), (std::vector<std::size_t>(10, 1)));
}

TEST(OggWriterTest, AStreamThatIsFlushedEndsWithAnEmptyPage) {
  Buffer file;
  OggWriter writer({}, g_page);
  writer.Flush(AppendTo(file));
  EXPECT_TRUE(file.empty());
  writer.AddPacket(Buffer(10), 960, AppendTo(file));
  writer.Flush(AppendTo(file));
  writer.Flush(AppendTo(file));
  writer.Finish(AppendTo(file));
  const auto pages = PagesOf(file);
  ASSERT_EQ(pages.size(), 2u);
  EXPECT_FALSE(pages[0].header().ends_stream);
  EXPECT_EQ(pages[1].header(), (OggPageHeader{.ends_stream = true, .granule_position = 960, .sequence = 1}));
  EXPECT_TRUE(pages[1].body().empty());
}

TEST(OggWriterTest, WritingTakesNoHeap) {
  const Buffer packet(1000);
  std::size_t bytes = 0;
  const mediacore::testing::HeapWatch heap;
  OggWriter writer({}, g_page);
  for (int i = 0; i < 100; ++i) writer.AddPacket(packet, i, [&](Bytes page) { bytes += page.size(); });
  writer.Finish([&](Bytes page) { bytes += page.size(); });
  EXPECT_EQ(heap.allocations(), 0u);
  EXPECT_GT(bytes, 100'000u);
}

Buffer SomeTags() {
  const std::array<std::string_view, 1> comments = {"TITLE=test"};
  const OpusTags tags{"mediacore", comments};
  Buffer out(tags.WireSize());
  tags.Write(out);
  return out;
}

TEST(OggOpusWriterTest, HeadersHavePagesOfTheirOwnAndSoundOneASecond) {
  Buffer file;
  OggOpusWriter writer({.serial = 3}, g_page);
  writer.Start(Buffer(19, 1), SomeTags(), AppendTo(file));
  for (int i = 0; i < 120; ++i) writer.AddPacket(Buffer(80), 960, AppendTo(file));
  EXPECT_EQ(writer.samples(), 120 * 960);
  writer.Finish(400, AppendTo(file));
  const auto pages = PagesOf(file);
  ASSERT_EQ(pages.size(), 5u);
  const std::array<std::int64_t, 5> positions = {0, 0, 48'000, 96'000, 120 * 960 - 400};
  const std::array<std::size_t, 5> packets = {1, 1, 50, 50, 20};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(pages[i].header().granule_position, positions[i]);
    EXPECT_EQ(pages[i].packets_ended(), packets[i]);
    EXPECT_EQ(pages[i].header().ends_stream, i == 4);
  }
}

TEST(OggOpusWriterTest, NoMoreIsTrimmedThanTheLastPageHas) {
  for (const std::uint32_t trimmed : {0u, 960u, 961u, 0xffffffffu}) {
    Buffer file;
    OggOpusWriter writer({.page_samples = 960, .first_sample = 1'000'000}, g_page);
    writer.Start(Buffer(19, 1), SomeTags(), AppendTo(file));
    for (int i = 0; i < 3; ++i) writer.AddPacket(Buffer(80), 960, AppendTo(file));
    writer.Finish(trimmed, AppendTo(file));
    const auto pages = PagesOf(file);
    ASSERT_EQ(pages.size(), 5u);
    EXPECT_EQ(pages[2].header().granule_position, 1'000'960);
    EXPECT_EQ(pages[4].header().granule_position, 1'000'000 + 3 * 960 - std::min(trimmed, 960u));
  }
}

// What ffprobe says of each packet.
std::string Probed(const std::string& file, const std::string& what = "pts,size") {
  return testing::Run("ffprobe -v error -show_entries packet=" + what + " -of csv=p=0 " + file +
                      " | sed 's/,$//' | grep .");
}
std::string MakeOgg(const std::string& options, const std::string& file) {
  return testing::Run("ffmpeg -v error -y -f lavfi -i sine=frequency=300:duration=3.3:sample_rate=48000 " + options +
                      " " + file);
}

// Of all streams of a packet the first one tells (RFC 6716, section 3.1).
std::uint32_t SamplesOf(const Buffer& packet) {
  const auto code_zero = static_cast<std::uint8_t>(packet[0] & 0xfc);
  const auto frame = codec::OpusPacketView::Parse(Bytes(&code_zero, 1));
  const unsigned frames = (packet[0] & 3u) == 0 ? 1 : (packet[0] & 3u) != 3 ? 2 : packet[1] & 63u;
  return frame ? frame->samples() * frames : 0;
}

TEST(OggOfFfmpegTest, OpusIsReadAsFfprobeReadsItAndWrittenAgain) {
  if (!testing::HaveFfmpeg()) GTEST_SKIP() << "ffmpeg is not here";
  const TempDir dir;
  for (const std::string options :
       {"-ac 2 -c:a libopus -b:a 96k", "-ac 1 -c:a libopus -frame_duration 60 -page_duration 200000",
        "-ac 6 -c:a libopus -b:a 300k -frame_duration 2.5"}) {
    ASSERT_EQ(MakeOgg(options, dir / "a.ogg"), "");
    const Buffer file = testing::ReadFile(dir / "a.ogg");
    const OggOutcome outcome = ReadOgg(file);
    EXPECT_TRUE(ReadOgg(file, 1) == outcome);
    EXPECT_TRUE(ReadOgg(file, 777) == outcome);
    EXPECT_EQ(outcome.first_damage, ~std::uint64_t{0});
    ASSERT_GT(outcome.packets.size(), 50u);
    const auto tags = OpusTagsView::Parse(outcome.packets[1].data);
    ASSERT_TRUE(tags);
    EXPECT_GT(tags->comment_count(), 0u);

    // OpusHead: bytes 10 and 11 are the pre-skip.
    const Buffer& head = outcome.packets[0].data;
    const std::int64_t pre_skip = LoadLittleU16(head.data() + 10);
    Buffer again;
    OggOpusWriter writer({.serial = 77}, g_page);
    writer.Start(head, outcome.packets[1].data, AppendTo(again));
    std::ostringstream seen;
    for (std::size_t i = 2; i < outcome.packets.size(); ++i) {
      const Buffer& packet = outcome.packets[i].data;
      const std::uint32_t samples = SamplesOf(packet);
      seen << writer.samples() - pre_skip << ',' << packet.size() << '\n';
      writer.AddPacket(packet, samples, AppendTo(again));
      if (outcome.packets[i].granule_position != kOggNoGranule && !outcome.packets[i].ends_stream) {
        EXPECT_EQ(outcome.packets[i].granule_position, writer.samples());
      }
    }
    EXPECT_TRUE(seen.str() == Probed(dir / "a.ogg"));
    const std::int64_t end = outcome.packets.back().granule_position;
    EXPECT_TRUE(outcome.packets.back().ends_stream);
    writer.Finish(static_cast<std::uint32_t>(writer.samples() - end), AppendTo(again));
    testing::WriteFile(dir / "b.ogg", again);
    EXPECT_TRUE(seen.str() == Probed(dir / "b.ogg"));
    EXPECT_EQ(testing::Run("ffmpeg -v error -xerror -i " + dir / "b.ogg" + " -f null -"), "");
    EXPECT_EQ(testing::DecodedFrames(dir / "b.ogg", 'a'), testing::DecodedFrames(dir / "a.ogg", 'a'));
    if (std::system("opusinfo -h >/dev/null 2>&1") == 0) {
      const std::string told = testing::Run("opusinfo " + dir / "b.ogg");
      EXPECT_EQ(told.find("WARNING"), std::string::npos) << told;
      EXPECT_NE(told.find("Playback length: 0m:03."), std::string::npos) << told;
    }
  }
}

TEST(OggOfFfmpegTest, VorbisAndTheoraSideBySideAreReadAndWrittenAgain) {
  if (!testing::HaveFfmpeg()) GTEST_SKIP() << "ffmpeg is not here";
  const TempDir dir;
  ASSERT_EQ(MakeOgg("-f lavfi -i testsrc2=size=160x120:rate=25:duration=3 -ac 2 -c:a libvorbis -c:v libtheora",
                    dir / "a.ogg"),
            "");
  const Buffer file = testing::ReadFile(dir / "a.ogg");
  const OggOutcome outcome = ReadOgg(file);
  EXPECT_TRUE(ReadOgg(file, 100) == outcome);
  EXPECT_EQ(outcome.first_damage, ~std::uint64_t{0});
  // Page for page the same bytes, from writers that end pages where ffmpeg did.
  std::map<std::uint32_t, OggPageBuffer> buffers;
  std::map<std::uint32_t, OggWriter> writers;
  Buffer again;
  std::map<std::uint32_t, std::size_t> next;
  std::map<std::uint32_t, std::vector<const KeptPacket*>> packets;
  for (const KeptPacket& packet : outcome.packets) packets[packet.serial].push_back(&packet);
  EXPECT_EQ(packets.size(), 2u);
  for (const OggPageView& page : PagesOf(file)) {
    const OggPageHeader header = page.header();
    const auto& writer = writers.try_emplace(
        header.serial, OggWriter::Config{.serial = header.serial, .page_bytes = SIZE_MAX}, buffers[header.serial]);
    std::size_t& at = next[header.serial];
    for (std::size_t i = 0; i < page.packets_ended(); ++i) {
      writer.first->second.AddPacket(packets[header.serial][at++]->data, header.granule_position, AppendTo(again));
    }
    if (header.ends_stream) {
      writer.first->second.Finish(AppendTo(again));
    } else if (OggPageView::Parts parts = page.parts(); page.packets_ended() > 0) {
      Bytes part;
      bool ends = false;
      while (parts.Next(part, ends)) {
      }
      if (ends) writer.first->second.Flush(AppendTo(again));
    }
  }
  testing::WriteFile(dir / "b.ogg", again);
  EXPECT_TRUE(Probed(dir / "b.ogg", "stream_index,size,flags") == Probed(dir / "a.ogg", "stream_index,size,flags"));
  EXPECT_EQ(testing::Run("ffmpeg -v error -xerror -i " + dir / "b.ogg" + " -f null -"), "");
}

}  // namespace
}  // namespace mediacore::mux
