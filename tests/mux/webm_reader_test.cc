#include "mediacore/mux/webm_reader.h"

#include <gtest/gtest.h>

#include "../support/heap_watch.h"
#include "webm_support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;
using testing::Element;
using testing::KeptFrame;
using testing::Number;
using testing::ReadWebm;
using testing::ReadWebmAnySplit;
using testing::Text;
using testing::Unknown;
using testing::WebmOutcome;
using testing::operator+;

Buffer EbmlHeader(const std::string& type = "webm") {
  return Element(webm_id::kEbml, Number(webm_id::kEbmlReadVersion, 1) + Number(webm_id::kEbmlMaxIdLength, 4) +
                                     Number(webm_id::kEbmlMaxSizeLength, 8) + Text(webm_id::kDocType, type) +
                                     Number(webm_id::kDocTypeReadVersion, 2));
}
Buffer Info(std::uint64_t scale = 1'000'000) {
  return Element(webm_id::kInfo, Number(webm_id::kTimestampScale, scale) +
                                     Text(webm_id::kMuxingApp, std::string(300, 'x')) +
                                     Element(webm_id::kDuration, {0x40, 0x59, 0, 0, 0, 0, 0, 0}));  // 100
}
Buffer TrackEntry(std::uint64_t number, std::uint64_t type, const std::string& codec, const Buffer& more = {}) {
  return Element(webm_id::kTrackEntry, Number(webm_id::kTrackNumber, number) + Number(webm_id::kTrackType, type) +
                                           Text(webm_id::kCodecId, codec) + more);
}
Buffer Tracks() {
  return Element(webm_id::kTracks,
                 TrackEntry(1, 1, "V_VP8") + TrackEntry(2, 2, "A_OPUS", Number(webm_id::kDefaultDuration, 20'000'000)));
}
Buffer Block(std::uint8_t track, std::int16_t time, std::uint8_t flags, const Buffer& data) {
  return Buffer{static_cast<std::uint8_t>(0x80 | track), static_cast<std::uint8_t>(time >> 8),
                static_cast<std::uint8_t>(time), flags} +
         data;
}
Buffer Simple(std::uint8_t track, std::int16_t time, std::uint8_t flags, const Buffer& data) {
  return Element(webm_id::kSimpleBlock, Block(track, time, flags, data));
}
Buffer Void(std::size_t size) { return Element(webm_id::kVoid, Buffer(size)); }
Buffer ClusterBody(std::uint64_t time) {
  return Number(webm_id::kTimestamp, time) + Simple(1, 0, 0x80, {1, 2, 3}) + Void(3) + Simple(2, 5, 0x80, {4}) +
         Simple(1, 40, 0, {5, 6});
}
const std::vector<std::int64_t> kTimes = {1000, 1005, 1040, 2000, 2005, 2040};

std::vector<std::int64_t> TimesOf(const WebmOutcome& outcome) {
  std::vector<std::int64_t> times;
  for (const KeptFrame& frame : outcome.frames) times.push_back(frame.timestamp);
  return times;
}

// Every way of known and unknown sizes says the same.
TEST(WebmReaderTest, SegmentsAndClustersMayBeOfKnownOrUnknownSize) {
  for (int way = 0; way < 8; ++way) {
    const auto element = [way](int bit, std::uint32_t id, const Buffer& body) {
      return (way >> bit & 1) != 0 ? Unknown(id, body) : Element(id, body);
    };
    const Buffer segment = Void(20) + Info() + Tracks() + element(0, webm_id::kCluster, ClusterBody(1000)) +
                           element(1, webm_id::kCluster, ClusterBody(2000)) + Element(webm_id::kCues, Buffer(50, 0xff));
    const WebmOutcome outcome = ReadWebmAnySplit(EbmlHeader() + element(2, webm_id::kSegment, segment));
    EXPECT_EQ(outcome.error, WebmError::kNone) << way;
    EXPECT_EQ(TimesOf(outcome), kTimes) << way;
    ASSERT_EQ(outcome.frames.size(), 6u);
    EXPECT_EQ(outcome.frames[0].data, (Buffer{1, 2, 3}));
    EXPECT_TRUE(outcome.frames[0].key_frame);
    EXPECT_FALSE(outcome.frames[2].key_frame);
    EXPECT_EQ(outcome.frames[1].track, 2u);
    EXPECT_EQ(outcome.duration, 100);
    EXPECT_TRUE(outcome.is_webm);
    EXPECT_EQ(outcome.stats.clusters, 2u);
  }
}

TEST(WebmReaderTest, SegmentsInARowAreReadOneAfterTheOther) {
  const auto segment = [](std::uint64_t scale, const Buffer& tracks) {
    return EbmlHeader("matroska") +
           Unknown(webm_id::kSegment, Info(scale) + tracks + Unknown(webm_id::kCluster, ClusterBody(1000)));
  };
  const Buffer file =
      segment(1'000'000, Tracks()) + segment(500'000, Element(webm_id::kTracks, TrackEntry(1, 1, "V_VP9")));
  const WebmOutcome outcome = ReadWebmAnySplit(file);
  EXPECT_EQ(outcome.error, WebmError::kNone);
  EXPECT_EQ(outcome.stats.segments, 2u);
  EXPECT_EQ(outcome.frames.size(), 3u + 2);
  EXPECT_EQ(outcome.stats.stray_blocks, 1u);
  ASSERT_EQ(outcome.tracks.size(), 1u);
  EXPECT_EQ(outcome.tracks[0].about.config.codec, Codec::kVp9);
  EXPECT_EQ(outcome.tracks[0].about.config.timescale, 2000u);
  EXPECT_FALSE(outcome.is_webm);
}

TEST(WebmReaderTest, BlockGroupsTellKeyFramesByWhatTheyReferTo) {
  const Buffer key = Element(webm_id::kBlockGroup,
                             Element(webm_id::kBlock, Block(1, 7, 0, {1})) + Number(webm_id::kBlockDuration, 33));
  const Buffer other = Element(webm_id::kBlockGroup, Element(webm_id::kReferenceBlock, {0xf9}) +
                                                         Element(webm_id::kBlock, Block(1, 14, 0x08, {2, 2})) +
                                                         Element(webm_id::kDiscardPadding, {0x00, 0xc6, 0x5d, 0x40}));
  const Buffer file =
      EbmlHeader() +
      Unknown(webm_id::kSegment, Tracks() + Element(webm_id::kCluster, Number(webm_id::kTimestamp, 10) + key + other));
  const WebmOutcome outcome = ReadWebmAnySplit(file);
  ASSERT_EQ(outcome.frames.size(), 2u);
  EXPECT_TRUE(outcome.frames[0].key_frame);
  EXPECT_EQ(outcome.frames[0].duration, 33u);
  EXPECT_EQ(outcome.frames[0].timestamp, 17);
  EXPECT_FALSE(outcome.frames[1].key_frame);
  EXPECT_TRUE(outcome.frames[1].invisible);
  EXPECT_EQ(outcome.frames[1].discard_padding_ns, 13'000'000);
}

TEST(WebmReaderTest, LacedFramesHaveTheTimesThatTheirTrackOrBlockSays) {
  const Buffer laced = Simple(2, 0, 0x84, {2, 1, 2, 3});  // 20 ms each
  const Buffer timed = Element(webm_id::kBlockGroup, Element(webm_id::kBlock, Block(1, 0, 0x04, {2, 1, 2, 3})) +
                                                         Number(webm_id::kBlockDuration, 90));
  const Buffer unsaid = Simple(1, 500, 0x84, {1, 1, 2});
  const Buffer file =
      EbmlHeader() + Unknown(webm_id::kSegment, Tracks() + Element(webm_id::kCluster, Number(webm_id::kTimestamp, 100) +
                                                                                          laced + timed + unsaid));
  const WebmOutcome outcome = ReadWebmAnySplit(file);
  EXPECT_EQ(TimesOf(outcome), (std::vector<std::int64_t>{100, 120, 140, 100, 130, 160, 600, 600}));
  EXPECT_EQ(outcome.frames[4].duration, 30u);
}

TEST(WebmReaderTest, WhatIsWrongWithABlockCostsThatBlock) {
  const Buffer bad = Simple(1, 0, 0x02, {2, 255, 255});
  const Buffer no_block = Element(webm_id::kBlockGroup, Number(webm_id::kBlockDuration, 1));
  const Buffer past = Element(webm_id::kBlockGroup, {0xa1, 0x90, 0x81});
  const Buffer file =
      EbmlHeader() +
      Unknown(webm_id::kSegment,
              Tracks() + Element(webm_id::kCluster, Number(webm_id::kTimestamp, 0) + Simple(1, 0, 0x80, {1}) + bad +
                                                        no_block + past + Simple(9, 0, 0, {1}) +
                                                        Simple(1, 0, 0, Buffer(6000)) + Simple(1, 1, 0, {2})));
  const WebmOutcome outcome = ReadWebmAnySplit(file);
  EXPECT_EQ(outcome.error, WebmError::kNone);
  EXPECT_EQ(outcome.frames.size(), 2u);
  EXPECT_EQ(outcome.stats.bad_blocks, 3u);
  EXPECT_EQ(outcome.stats.oversized_blocks, 1u);
  EXPECT_EQ(outcome.stats.stray_blocks, 1u);
  EXPECT_EQ(outcome.first_bad_block, outcome.frames[0].offset + 7);
}

TEST(WebmReaderTest, EachCauseOfRefusalHasItsNameAndItsPlace) {
  const Buffer begin = EbmlHeader();
  const auto refused = [](const Buffer& file, WebmError error, std::size_t offset) {
    const WebmOutcome outcome = ReadWebmAnySplit(file, 300, 300);
    EXPECT_EQ(outcome.error, error) << ToString(outcome.error);
    EXPECT_EQ(outcome.offset, offset) << ToString(error);
  };
  refused({}, WebmError::kNotEbml, 0);
  refused(Buffer(20, 'R'), WebmError::kNotEbml, 0);
  refused(Unknown(webm_id::kEbml, {}), WebmError::kNotEbml, 0);
  refused({0, 0, 0, 0}, WebmError::kBadElement, 0);
  refused(begin + Unknown(webm_id::kSegment, Unknown(webm_id::kTracks, {})), WebmError::kBadElement, begin.size() + 12);
  refused(begin + Unknown(webm_id::kSegment, Unknown(webm_id::kCluster, Unknown(webm_id::kSimpleBlock, {}))),
          WebmError::kBadElement, begin.size() + 24);
  refused(begin + Unknown(webm_id::kVoid, {}), WebmError::kBadElement, begin.size());
  // A cluster of 10 bytes in a segment of 12 with a block of 9 in 8.
  refused(begin + Element(webm_id::kSegment, Buffer{0x1f, 0x43, 0xb6, 0x75, 0x88}), WebmError::kPastParent,
          begin.size() + 5);
  refused(begin + Element(webm_id::kSegment, Element(webm_id::kCluster, {0xa3, 0x89, 1, 1, 1, 1, 1, 1})),
          WebmError::kPastParent, begin.size() + 10);
  refused(begin + Element(webm_id::kSegment, Element(webm_id::kCluster, {0x53}) + Buffer{0xab, 0x80}),
          WebmError::kPastParent, begin.size() + 10);
  refused(begin + Unknown(webm_id::kSegment, Element(webm_id::kInfo, Element(webm_id::kTimestampScale, Buffer(9)))),
          WebmError::kBadValue, begin.size() + 17);
  refused(begin + Unknown(webm_id::kSegment, Element(webm_id::kInfo, Element(webm_id::kDuration, Buffer(3)))),
          WebmError::kBadValue, begin.size() + 17);
  refused(begin + Unknown(webm_id::kSegment, Element(webm_id::kCluster, Element(webm_id::kTimestamp, Buffer(9)))),
          WebmError::kBadValue, begin.size() + 17);
  refused(EbmlHeader("avi"), WebmError::kBadDocType, EbmlHeader("avi").size());
  refused(EbmlHeader("a much longer name"), WebmError::kBadDocType, 5 + 4 + 4 + 4);
  refused(Element(webm_id::kEbml, {}), WebmError::kBadDocType, 5);
  refused(Element(webm_id::kEbml, Number(webm_id::kDocTypeReadVersion, 5)), WebmError::kBadDocType, 5);
  refused(Element(webm_id::kEbml, Number(webm_id::kEbmlReadVersion, 2)), WebmError::kBadDocType, 5);
  refused(Element(webm_id::kEbml, Number(webm_id::kEbmlMaxIdLength, 5)), WebmError::kBadDocType, 5);
  refused(Element(webm_id::kEbml, Number(webm_id::kEbmlMaxSizeLength, 9)), WebmError::kBadDocType, 5);
  refused(begin + Unknown(webm_id::kSegment, Element(webm_id::kTracks, Buffer(301))), WebmError::kTracksTooLarge,
          begin.size() + 12);
  refused(begin + Unknown(webm_id::kSegment, Element(webm_id::kTracks, TrackEntry(0, 1, "V_VP8"))),
          WebmError::kBadTracks, begin.size() + 12);
  refused(begin + Unknown(webm_id::kSegment, Element(webm_id::kTracks, {0xae, 0x85, 1})), WebmError::kBadTracks,
          begin.size() + 12);
  refused(begin, WebmError::kTruncated, begin.size());
  EXPECT_EQ(ToString(WebmError::kPastParent), "webm: element past the end of its parent");
}

TEST(WebmReaderTest, AFileCutAnywhereSaysSoUnlessItCanEndThere) {
  const Buffer head = EbmlHeader() + Unknown(webm_id::kSegment, Info() + Tracks());
  const Buffer file = head + Unknown(webm_id::kCluster, ClusterBody(1000));
  std::size_t whole = 0;
  for (std::size_t size = 1; size <= file.size(); ++size) {
    const WebmOutcome outcome = ReadWebm(Bytes(file).first(size));
    EXPECT_TRUE(outcome.error == WebmError::kNone || outcome.error == WebmError::kTruncated);
    EXPECT_TRUE(ReadWebm(Bytes(file).first(size), 1) == outcome);
    whole += outcome.error == WebmError::kNone ? 1 : 0;
  }
  // Behind the head of the segment, Info, Tracks, the cluster's head, its time, and each of four elements.
  EXPECT_EQ(whole, 3u + 2 + 4);
}

TEST(WebmReaderTest, TracksPastSixteenAndOfOneNumberAreIgnoredAndCounted) {
  Buffer entries;
  for (std::uint64_t i = 1; i <= 20; ++i) entries = entries + TrackEntry(i, 1, "V_VP8");
  entries = entries + TrackEntry(3, 2, "A_OPUS") + Element(webm_id::kVoid, {});
  const WebmOutcome outcome =
      ReadWebmAnySplit(EbmlHeader() + Unknown(webm_id::kSegment, Element(webm_id::kTracks, entries)));
  EXPECT_EQ(outcome.tracks.size(), 16u);
  EXPECT_EQ(outcome.stats.ignored_tracks, 5u);
}

TEST(WebmReaderTest, TimesPastTheEndStayThere) {
  const Buffer file =
      EbmlHeader() +
      Unknown(webm_id::kSegment, Info(~std::uint64_t{0}) + Tracks() +
                                     Element(webm_id::kCluster, Number(webm_id::kTimestamp, ~std::uint64_t{0}) +
                                                                    Simple(2, 0x7fff, 0x84, {1, 1, 2})));
  const WebmOutcome outcome = ReadWebmAnySplit(file);
  ASSERT_EQ(outcome.frames.size(), 2u);
  EXPECT_EQ(outcome.frames[1].timestamp, INT64_MAX);
}

TEST(WebmReaderTest, ReadingTakesNoHeap) {
  const Buffer file =
      EbmlHeader() + Unknown(webm_id::kSegment, Info() + Tracks() + Unknown(webm_id::kCluster, ClusterBody(1000)));
  Buffer tracks(1000), block(1000);
  std::size_t frames = 0;
  const mediacore::testing::HeapWatch heap;
  WebmReader reader(tracks, block);
  for (const std::uint8_t& byte : file) reader.Read({&byte, 1}, [&](const WebmFrame&) { ++frames; });
  EXPECT_EQ(heap.allocations(), 0u);
  EXPECT_EQ(frames, 3u);
  EXPECT_LE(sizeof(WebmReader), 5000u);
}

}  // namespace
}  // namespace mediacore::mux
