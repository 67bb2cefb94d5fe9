#include "mediacore/mux/flv_video.h"

#include <gtest/gtest.h>

#include "mediacore/mux/flv.h"
#include "mediacore/mux/flv_audio.h"
#include "support.h"

namespace mediacore::mux {
namespace {

using testing::Buffer;

// A key frame of H.264, shown 40 ms after it is decoded.
constexpr std::array<std::uint8_t, 7> kAvc = {0x17, 1, 0, 0, 40, 0xaa, 0xbb};
// An inter frame of H.265 shown 2 ms before that, by the text of E-RTMP v2: the ffmpeg of
// Debian 12 (5.1) writes none.
constexpr std::array<std::uint8_t, 9> kHevc = {0xa1, 'h', 'v', 'c', '1', 0xff, 0xff, 0xfe, 0xcc};

constexpr bool ReadsBothForms() {
  const auto avc = FlvVideoView::Parse(kAvc);
  const auto hevc = FlvVideoView::Parse(kHevc);
  return avc && !avc->enhanced() && avc->is_key_frame() && avc->codec_id() == FlvVideoCodecId::kAvc &&
         avc->packet_type() == FlvVideoPacketType::kCodedFrames && avc->first_track().codec() == Codec::kH264 &&
         avc->first_track().composition_time == 40 && avc->first_track().data.size() == 2 &&  //
         hevc && hevc->enhanced() && !hevc->is_key_frame() && hevc->frame_type() == FlvFrameType::kInter &&
         hevc->first_track().codec() == Codec::kH265 && hevc->first_track().composition_time == -2 &&
         hevc->first_track().data.data() == kHevc.data() + 8 && hevc->multitrack() == FlvMultitrack::kNone;
}
static_assert(ReadsBothForms());

FlvBodyError ErrorOf(const Buffer& body) {
  const auto view = FlvVideoView::Parse(body);
  EXPECT_FALSE(view);
  return view ? FlvBodyError{} : view.error();
}
Buffer Written(const FlvVideoWriter& writer) {
  Buffer out(writer.WireSize(), 0xee);
  EXPECT_TRUE(writer.Write(out));
  return out;
}
Buffer Tag(const char (&name)[5], Buffer before, const Buffer& after) {
  before.insert(before.end(), name, name + 4);
  before.insert(before.end(), after.begin(), after.end());
  return before;
}

TEST(FlvVideoTest, EachCauseOfRefusalHasItsName) {
  using enum FlvBodyError;
  EXPECT_EQ(ErrorOf({}), FlvBodyError::kTooShort);
  EXPECT_EQ(ErrorOf({0x17}), kTooShort);
  EXPECT_EQ(ErrorOf({0x57}), kTooShort);  // a command without its number
  EXPECT_EQ(ErrorOf({0x91, 'h', 'v', 'c'}), kTooShort);
  EXPECT_EQ(ErrorOf({0x96}), kTooShort);  // several tracks, of no kind
  EXPECT_EQ(ErrorOf({0x17, 3, 0, 0, 0}), FlvBodyError::kBadPacketType);
  EXPECT_EQ(ErrorOf(Tag("hvc1", {0x98}, {})), kBadPacketType);         // reserved
  EXPECT_EQ(ErrorOf(Tag("hvc1", {0x96, 0x06}, {0})), kBadPacketType);  // tracks inside of tracks
  EXPECT_EQ(ErrorOf(Tag("hvc1", {0x96, 0x07}, {0})), kBadPacketType);  // a modifier behind them
  EXPECT_EQ(ErrorOf({0x97}), FlvBodyError::kModExTruncated);
  EXPECT_EQ(ErrorOf({0x97, 2, 0, 0, 9}), kModExTruncated);
  EXPECT_EQ(ErrorOf({0x97, 0xff, 0xff}), kModExTruncated);
  EXPECT_EQ(ErrorOf({0x97, 0xff, 0xff, 0xff, 1, 2, 3}), kModExTruncated);
  EXPECT_EQ(ErrorOf(Tag("hvc1", {0x96, 0x31}, {0})), FlvBodyError::kBadMultitrackType);
  EXPECT_EQ(ErrorOf({0x17, 1, 0, 0}), FlvBodyError::kTrackTruncated);
  EXPECT_EQ(ErrorOf(Tag("hvc1", {0x91}, {0, 0})), kTrackTruncated);
  EXPECT_EQ(ErrorOf(Tag("av01", {0x96, 0x01}, {})), kTrackTruncated);               // no id
  EXPECT_EQ(ErrorOf(Tag("av01", {0x96, 0x11}, {})), kTrackTruncated);               // no track
  EXPECT_EQ(ErrorOf(Tag("av01", {0x96, 0x11}, {0, 0, 0, 2, 1})), kTrackTruncated);  // 1 byte of 2
  EXPECT_EQ(ErrorOf(Tag("av01", {0x96, 0x11}, {0, 0, 0, 1, 1, 9})), kTrackTruncated);
  EXPECT_EQ(ErrorOf(Tag("av01", {0x96, 0x21}, {0, 0, 0})), kTrackTruncated);
  EXPECT_EQ(ToString(FlvBodyError::kModExTruncated), "flv body: modifier truncated");
}

TEST(FlvVideoTest, ACodecThatNeedsNoTimesHasNone) {
  constexpr char kNames[][5] = {"vp09", "av01", "vp08", "xyz1"};
  for (const auto& name : kNames) {
    const Buffer body = Tag(name, {0x91}, {1, 2, 3, 4});
    const auto view = FlvVideoView::Parse(body);
    ASSERT_TRUE(view);
    EXPECT_TRUE(view->is_key_frame());
    EXPECT_EQ(view->first_track().four_cc, FourCc(name));
    EXPECT_EQ(view->first_track().composition_time, 0);  // only of H.264 to H.266
    EXPECT_EQ(view->first_track().data.size(), 4u);
  }
  EXPECT_EQ(FlvCodec(FourCc("vvc1")), Codec::kH266);
  EXPECT_EQ(FlvCodec(FourCc("vp08")), Codec::kVp8);
  EXPECT_EQ(FlvCodec(FourCc("vp09")), Codec::kVp9);
  EXPECT_EQ(FlvCodec(FourCc("av01")), Codec::kAv1);
  EXPECT_EQ(FlvCodec(FourCc("xyz1")), Codec::kUnknown);
}

TEST(FlvVideoTest, CodedFramesXHasNoTimeAndMetadataIsNotAPicture) {
  const Buffer x = Tag("hvc1", {0x93}, {1, 2});
  auto view = FlvVideoView::Parse(x);
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->is_key_frame());
  EXPECT_EQ(view->first_track().data.size(), 2u);
  const Buffer metadata = Tag("av01", {0xd4}, {2, 0, 0});  // with the frame type of a command, which it is not
  view = FlvVideoView::Parse(metadata);
  ASSERT_TRUE(view);
  EXPECT_FALSE(view->is_command());
  EXPECT_EQ(view->packet_type(), FlvVideoPacketType::kMetadata);
  EXPECT_EQ(view->first_track().data.size(), 3u);
}

TEST(FlvVideoTest, ACommandHasNoTracks) {
  for (const Buffer& body : {Buffer{0x57, 1}, Buffer{0xd1, 1}, Buffer{0xd7, 0, 9, 0x11, 1}}) {
    const auto view = FlvVideoView::Parse(body);
    ASSERT_TRUE(view);
    EXPECT_TRUE(view->is_command());
    EXPECT_EQ(view->command(), 1);
    EXPECT_EQ(view->nanosecond_offset(), 0u);
  }
}

TEST(FlvVideoTest, ModifiersMayBeManyAndOfAnySize) {
  Buffer body = {0x97, 2, 0x01, 0x02, 0x03, 0x07};  // 66,051 ns
  body.insert(body.end(), {0, 0xee, 0x17});         // unknown, one byte
  body.insert(body.end(), {0xff, 1, 0});            // 257 bytes
  body.insert(body.end(), 257, 0xdd);
  body.push_back(0x21);
  body = Tag("av01", body, {5});
  const auto view = FlvVideoView::Parse(body);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->nanosecond_offset(), 66'051u);
  EXPECT_EQ(view->packet_type(), FlvVideoPacketType::kCodedFrames);
  EXPECT_EQ(view->first_track().data.size(), 1u);
}

TEST(FlvVideoTest, ManyTracksAreReadInTheirOrder) {
  const Buffer one = {1}, two = {2, 2}, none;
  const std::array<FlvTrack, 3> tracks = {FlvTrack{0, FourCc("avc1"), -5, one}, FlvTrack{7, FourCc("av01"), 0, two},
                                          FlvTrack{255, FourCc("hvc1"), 0x7fffff, none}};
  const FlvVideoWriter writer = {.frame_type = FlvFrameType::kKey,
                                 .enhanced = true,
                                 .nanosecond_offset = 999'999,
                                 .multitrack = FlvMultitrack::kManyTracksManyCodecs,
                                 .tracks = tracks};
  const Buffer body = Written(writer);
  EXPECT_EQ(body.size(), 1u + 5 + 1 + (8 + 3 + 1) + (8 + 2) + (8 + 3));
  const auto view = FlvVideoView::Parse(body);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->multitrack(), FlvMultitrack::kManyTracksManyCodecs);
  EXPECT_EQ(view->nanosecond_offset(), 999'999u);
  FlvTrackReader reader = view->tracks();
  FlvTrack track;
  for (const FlvTrack& wanted : tracks) {
    ASSERT_TRUE(reader.Next(track));
    EXPECT_EQ(track.id, wanted.id);
    EXPECT_EQ(track.four_cc, wanted.four_cc);
    EXPECT_EQ(track.composition_time, wanted.composition_time);
    EXPECT_TRUE(std::ranges::equal(track.data, wanted.data));
  }
  EXPECT_FALSE(reader.Next(track));
  EXPECT_FALSE(reader.Next(track));
}

TEST(FlvVideoTest, EveryFormIsWrittenAndReadBack) {
  const Buffer data = {9, 8, 7};
  for (unsigned frame = 0; frame < 8; ++frame) {
    for (unsigned type = 0; type < 6; ++type) {
      for (const std::uint32_t four_cc : {FourCc("avc1"), FourCc("vp09")}) {
        for (const FlvMultitrack kind : {FlvMultitrack::kNone, FlvMultitrack::kOneTrack, FlvMultitrack::kManyTracks,
                                         FlvMultitrack::kManyTracksManyCodecs}) {
          for (const std::uint32_t offset : {0u, 5u}) {
            const auto frame_type = static_cast<FlvFrameType>(frame);
            const auto packet_type = static_cast<FlvVideoPacketType>(type);
            const bool command = frame_type == FlvFrameType::kCommand && packet_type != FlvVideoPacketType::kMetadata;
            FlvTrack track = {.four_cc = four_cc, .data = data};
            if (kind != FlvMultitrack::kNone) track.id = 3;
            if (packet_type == FlvVideoPacketType::kCodedFrames && four_cc == FourCc("avc1"))
              track.composition_time = -1;
            FlvVideoWriter writer = {frame_type, true, {}, packet_type, offset, kind, 1, {&track, 1}};
            if (command) writer.tracks = {};
            if (frame_type == FlvFrameType::kCommand && kind != FlvMultitrack::kNone) {
              EXPECT_EQ(writer.WireSize(), 0u);
              continue;
            }
            const Buffer body = Written(writer);
            const auto view = FlvVideoView::Parse(body);
            ASSERT_TRUE(view);
            EXPECT_EQ(view->frame_type(), frame_type);
            EXPECT_EQ(view->is_command(), command);
            EXPECT_EQ(view->nanosecond_offset(), offset);
            if (command) continue;
            EXPECT_EQ(view->packet_type(), packet_type);
            EXPECT_EQ(view->multitrack(), kind);
            EXPECT_EQ(view->first_track().id, track.id);
            EXPECT_EQ(view->first_track().four_cc, four_cc);
            EXPECT_EQ(view->first_track().composition_time, track.composition_time);
            EXPECT_TRUE(std::ranges::equal(view->first_track().data, data));
            Buffer header(writer.HeaderSize());
            ASSERT_TRUE(writer.WriteHeader(header));
            EXPECT_TRUE(std::ranges::equal(header, Bytes(body).first(body.size() - 3)));
          }
        }
      }
    }
  }
}

TEST(FlvVideoTest, TheOlderFormIsWrittenAndReadBack) {
  const Buffer data = {9, 8, 7};
  for (unsigned id = 0; id < 16; ++id) {
    const auto codec_id = static_cast<FlvVideoCodecId>(id);
    const bool avc = codec_id == FlvVideoCodecId::kAvc || codec_id == FlvVideoCodecId::kHevc;
    const FlvTrack track = {.composition_time = avc ? -0x800000 : 0, .data = data};
    const Buffer body = Written({.frame_type = FlvFrameType::kKey, .codec_id = codec_id, .tracks = {&track, 1}});
    const auto view = FlvVideoView::Parse(body);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->codec_id(), codec_id);
    EXPECT_EQ(view->first_track().composition_time, track.composition_time);
    EXPECT_TRUE(std::ranges::equal(view->first_track().data, data));
  }
  EXPECT_EQ(Written({.frame_type = FlvFrameType::kCommand, .command = 1}), (Buffer{0x57, 1}));
}

TEST(FlvVideoTest, WhatCannotBeSaidIsNotWritten) {
  const Buffer data = {1};
  const FlvTrack plain = {.data = data};
  const FlvTrack late = {.four_cc = FourCc("avc1"), .composition_time = 0x800000, .data = data};
  const FlvTrack timed = {.four_cc = FourCc("av01"), .composition_time = 1, .data = data};
  const std::array<FlvTrack, 2> mixed = {FlvTrack{0, FourCc("av01"), 0, data}, FlvTrack{1, FourCc("vp09"), 0, data}};
  using enum FlvVideoPacketType;
  for (const FlvVideoWriter& writer : {
           FlvVideoWriter{},  // no track
           FlvVideoWriter{.tracks = {&late, 1}},
           FlvVideoWriter{.enhanced = true, .tracks = {&late, 1}},
           FlvVideoWriter{.enhanced = true, .tracks = {&timed, 1}},
           FlvVideoWriter{.enhanced = true, .packet_type = kCodedFramesX, .tracks = {&timed, 1}},
           FlvVideoWriter{.enhanced = true, .tracks = mixed},
           FlvVideoWriter{.enhanced = true, .multitrack = FlvMultitrack::kManyTracks, .tracks = mixed},
           FlvVideoWriter{.enhanced = true, .multitrack = FlvMultitrack::kOneTrack, .tracks = mixed},
           FlvVideoWriter{.enhanced = true, .packet_type = static_cast<FlvVideoPacketType>(6), .tracks = {&plain, 1}},
           FlvVideoWriter{.enhanced = true, .nanosecond_offset = 1 << 24, .tracks = {&plain, 1}},
           FlvVideoWriter{.nanosecond_offset = 1, .tracks = {&plain, 1}},
           FlvVideoWriter{.packet_type = kCodedFramesX, .tracks = {&plain, 1}},
           FlvVideoWriter{.codec_id = FlvVideoCodecId::kVp6, .packet_type = kSequenceStart, .tracks = {&plain, 1}},
           FlvVideoWriter{.multitrack = FlvMultitrack::kOneTrack, .tracks = {&plain, 1}},
           FlvVideoWriter{.frame_type = FlvFrameType::kCommand, .tracks = {&plain, 1}},
           FlvVideoWriter{.frame_type = static_cast<FlvFrameType>(8), .tracks = {&plain, 1}},
       }) {
    Buffer out(100, 0xee);
    EXPECT_EQ(writer.WireSize(), 0u);
    EXPECT_EQ(writer.HeaderSize(), 0u);
    EXPECT_FALSE(writer.Write(out));
    EXPECT_FALSE(writer.WriteHeader(out));
    EXPECT_EQ(out, Buffer(100, 0xee));
  }
  Buffer out(5);
  EXPECT_FALSE((FlvVideoWriter{.tracks = {&plain, 1}}.Write(out)));  // 6 bytes
}

TEST(FlvVideoTest, EveryBodyOfThreeBytesIsReadOrRefused) {
  int read = 0;
  for (unsigned bytes = 0; bytes < 1 << 24; bytes += 1) {
    const std::array<std::uint8_t, 3> body = {static_cast<std::uint8_t>(bytes >> 16),
                                              static_cast<std::uint8_t>(bytes >> 8), static_cast<std::uint8_t>(bytes)};
    const auto view = FlvVideoView::Parse(body);
    read += view && !view->is_command() && view->first_track().data.size() > 3;
  }
  EXPECT_EQ(read, 0);
}

TEST(FlvVideoTest, TypesHaveNames) {
  EXPECT_EQ(ToString(FlvFrameType::kKey), "key");
  EXPECT_EQ(ToString(FlvFrameType::kReserved), "reserved");
  EXPECT_EQ(ToString(FlvVideoPacketType::kCodedFramesX), "coded frames x");
  EXPECT_EQ(ToString(static_cast<FlvVideoPacketType>(9)), "reserved");
  EXPECT_EQ(ToString(FlvMultitrack::kManyTracks), "many tracks");
  EXPECT_EQ(ToString(FlvMultitrack::kNone), "none");
}

}  // namespace
}  // namespace mediacore::mux
