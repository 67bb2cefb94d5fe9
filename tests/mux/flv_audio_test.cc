#include "mediacore/mux/flv_audio.h"

#include <vector>

#include <gtest/gtest.h>

namespace mediacore::mux {
namespace {

using Buffer = std::vector<std::uint8_t>;

constexpr std::array<std::uint8_t, 4> kAac = {0xaf, 1, 0x21, 0x10};
constexpr std::array<std::uint8_t, 7> kOpus = {0x91, 'O', 'p', 'u', 's', 0x78, 0x01};

constexpr bool ReadsBothForms() {
  const auto aac = FlvAudioView::Parse(kAac);
  const auto opus = FlvAudioView::Parse(kOpus);
  return aac && !aac->enhanced() && aac->format() == FlvSoundFormat::kAac && aac->sample_rate() == 44'100 &&
         aac->bits_per_sample() == 16 && aac->channels() == 2 && aac->first_track().codec() == Codec::kAac &&
         aac->packet_type() == FlvAudioPacketType::kCodedFrames && aac->first_track().data.size() == 2 && opus &&
         opus->enhanced() && opus->first_track().codec() == Codec::kOpus && opus->nanosecond_offset() == 0 &&
         opus->first_track().data.data() == kOpus.data() + 5 && opus->multitrack() == FlvMultitrack::kNone;
}
static_assert(ReadsBothForms());

FlvBodyError ErrorOf(const Buffer& body) {
  const auto view = FlvAudioView::Parse(body);
  EXPECT_FALSE(view);
  return view ? FlvBodyError{} : view.error();
}
Buffer Written(const FlvAudioWriter& writer) {
  Buffer out(writer.WireSize(), 0xee);
  EXPECT_TRUE(writer.Write(out));
  return out;
}
Buffer Tag(const char (&name)[5], Buffer before, const Buffer& after) {
  before.insert(before.end(), name, name + 4);
  before.insert(before.end(), after.begin(), after.end());
  return before;
}

TEST(FlvAudioTest, EachCauseOfRefusalHasItsName) {
  EXPECT_EQ(ErrorOf({}), FlvBodyError::kTooShort);
  EXPECT_EQ(ErrorOf({0xaf}), FlvBodyError::kTooShort);
  EXPECT_EQ(ErrorOf({0x91, 'O', 'p', 'u'}), FlvBodyError::kTooShort);
  EXPECT_EQ(ErrorOf({0xaf, 2}), FlvBodyError::kBadPacketType);
  EXPECT_EQ(ErrorOf(Tag("Opus", {0x93}, {})), FlvBodyError::kBadPacketType);
  EXPECT_EQ(ErrorOf(Tag("Opus", {0x95, 0x05}, {0})), FlvBodyError::kBadPacketType);
  EXPECT_EQ(ErrorOf({0x97, 2, 0, 0, 1}), FlvBodyError::kModExTruncated);
  EXPECT_EQ(ErrorOf(Tag("Opus", {0x95, 0xf1}, {0})), FlvBodyError::kBadMultitrackType);
  EXPECT_EQ(ErrorOf(Tag("Opus", {0x95, 0x11}, {0, 0, 0, 9})), FlvBodyError::kTrackTruncated);
  EXPECT_EQ(ErrorOf(Tag("Opus", {0x94}, {0})), FlvBodyError::kBadChannelConfig);
  EXPECT_EQ(ErrorOf(Tag("Opus", {0x94}, {3, 2})), FlvBodyError::kBadChannelConfig);
  EXPECT_EQ(ErrorOf(Tag("Opus", {0x94}, {1, 2, 0, 0, 3})), FlvBodyError::kBadChannelConfig);
  EXPECT_EQ(ErrorOf(Tag("Opus", {0x94}, {2, 3, 0, 1})), FlvBodyError::kBadChannelConfig);
  EXPECT_EQ(ToString(FlvBodyError::kBadChannelConfig), "flv body: bad channel config");
}

TEST(FlvAudioTest, FormatsWithoutPacketTypeAreDataFromTheSecondByteOn) {
  for (unsigned format = 0; format < 16; ++format) {
    if (format == 9 || format == 10) continue;
    for (unsigned flags = 0; flags < 16; ++flags) {
      const Buffer body = {static_cast<std::uint8_t>(format << 4 | flags), 1, 2};
      const auto view = FlvAudioView::Parse(body);
      ASSERT_TRUE(view);
      EXPECT_EQ(view->first_track().data.size(), 2u);
      EXPECT_EQ(view->packet_type(), FlvAudioPacketType::kCodedFrames);
      EXPECT_EQ(view->first_track().four_cc, format == 2 || format == 14 ? FourCc(".mp3") : 0u);
      const FlvTrack track = {.data = view->first_track().data};
      EXPECT_EQ(Written({.format = view->format(),
                         .rate_index = static_cast<std::uint8_t>(flags >> 2),
                         .sixteen_bits = view->bits_per_sample() == 16,
                         .stereo = view->channels() == 2,
                         .tracks = {&track, 1}}),
                body);
    }
  }
}

TEST(FlvAudioTest, ChannelsAreCountedMaskedOrMapped) {
  const Buffer places = {0, 1, 2};
  using Order = FlvChannelConfig::Order;
  for (const FlvChannelConfig& config :
       {FlvChannelConfig{Order::kUnspecified, 6, 0, {}}, FlvChannelConfig{Order::kNative, 6, 0x3f, {}},
        FlvChannelConfig{Order::kCustom, 3, 0, places}}) {
    Buffer data(config.WireSize());
    ASSERT_TRUE(config.Write(data));
    const FlvTrack track = {.four_cc = FourCc("ac-3"), .data = data};
    const Buffer body = Written({.format = FlvSoundFormat::kExHeader,
                                 .packet_type = FlvAudioPacketType::kMultichannelConfig,
                                 .tracks = {&track, 1}});
    const auto view = FlvAudioView::Parse(body);
    ASSERT_TRUE(view);
    FlvChannelConfig back;
    ASSERT_TRUE(FlvChannelConfig::Read(view->first_track().data, back));
    EXPECT_EQ(back.order, config.order);
    EXPECT_EQ(back.channel_count, config.channel_count);
    EXPECT_EQ(back.flags, config.flags);
    EXPECT_TRUE(std::ranges::equal(back.mapping, config.mapping));
  }
  Buffer out(10);
  EXPECT_FALSE((FlvChannelConfig{Order::kCustom, 2, 0, places}.Write(out)));
  EXPECT_FALSE((FlvChannelConfig{Order::kNative, 2, 3, {}}.Write(std::span(out).first(5))));
}

TEST(FlvAudioTest, EveryFormIsWrittenAndReadBack) {
  const Buffer data = {1, 0, 9};  // as a channel config: unspecified order, no channel
  for (const unsigned type : {0u, 1u, 2u}) {
    for (const FlvMultitrack kind : {FlvMultitrack::kNone, FlvMultitrack::kOneTrack, FlvMultitrack::kManyTracks,
                                     FlvMultitrack::kManyTracksManyCodecs}) {
      for (const std::uint32_t offset : {0u, 999'999u}) {
        std::vector<FlvTrack> tracks = {{.four_cc = FourCc("fLaC"), .data = data}};
        if (kind != FlvMultitrack::kNone) tracks[0].id = 3;
        if (kind == FlvMultitrack::kManyTracks) tracks.push_back({.id = 4, .four_cc = FourCc("fLaC"), .data = {}});
        if (kind == FlvMultitrack::kManyTracksManyCodecs)
          tracks.push_back({.id = 4, .four_cc = FourCc("mp4a"), .data = data});
        const FlvAudioWriter writer = {.format = FlvSoundFormat::kExHeader,
                                       .packet_type = static_cast<FlvAudioPacketType>(type),
                                       .nanosecond_offset = offset,
                                       .multitrack = kind,
                                       .tracks = tracks};
        const Buffer body = Written(writer);
        const auto view = FlvAudioView::Parse(body);
        ASSERT_TRUE(view);
        EXPECT_EQ(static_cast<unsigned>(view->packet_type()), type);
        EXPECT_EQ(view->multitrack(), kind);
        EXPECT_EQ(view->nanosecond_offset(), offset);
        FlvTrackReader reader = view->tracks();
        FlvTrack track;
        for (const FlvTrack& wanted : tracks) {
          ASSERT_TRUE(reader.Next(track));
          EXPECT_EQ(track.id, wanted.id);
          EXPECT_EQ(track.four_cc, wanted.four_cc);
          EXPECT_TRUE(std::ranges::equal(track.data, wanted.data));
        }
        EXPECT_FALSE(reader.Next(track));
        Buffer header(writer.HeaderSize());
        EXPECT_EQ(writer.WriteHeader(header), tracks.size() == 1);
        EXPECT_TRUE(std::ranges::equal(header, Bytes(body).first(header.size())));
      }
    }
  }
}

TEST(FlvAudioTest, WhatCannotBeSaidIsNotWritten) {
  const Buffer data = {1};
  const FlvTrack plain = {.data = data};
  const FlvTrack timed = {.composition_time = 1, .data = data};
  const std::array<FlvTrack, 2> mixed = {FlvTrack{0, FourCc("Opus"), 0, data}, FlvTrack{1, FourCc("mp4a"), 0, data}};
  constexpr auto kEx = FlvSoundFormat::kExHeader;
  for (const FlvAudioWriter& writer : {
           FlvAudioWriter{},
           FlvAudioWriter{.tracks = {&timed, 1}},
           FlvAudioWriter{.rate_index = 4, .tracks = {&plain, 1}},
           FlvAudioWriter{.packet_type = FlvAudioPacketType::kSequenceEnd, .tracks = {&plain, 1}},
           FlvAudioWriter{.format = FlvSoundFormat::kMp3, .packet_type = {}, .tracks = {&plain, 1}},
           FlvAudioWriter{.nanosecond_offset = 1, .tracks = {&plain, 1}},
           FlvAudioWriter{.multitrack = FlvMultitrack::kOneTrack, .tracks = {&plain, 1}},
           FlvAudioWriter{.format = static_cast<FlvSoundFormat>(16), .tracks = {&plain, 1}},
           FlvAudioWriter{.format = kEx, .packet_type = static_cast<FlvAudioPacketType>(3), .tracks = {&plain, 1}},
           FlvAudioWriter{.format = kEx, .nanosecond_offset = 1 << 24, .tracks = {&plain, 1}},
           FlvAudioWriter{.format = kEx, .multitrack = FlvMultitrack::kManyTracks, .tracks = mixed},
           FlvAudioWriter{.format = kEx, .tracks = mixed},
       }) {
    Buffer out(100, 0xee);
    EXPECT_EQ(writer.WireSize(), 0u);
    EXPECT_EQ(writer.HeaderSize(), 0u);
    EXPECT_FALSE(writer.Write(out));
    EXPECT_FALSE(writer.WriteHeader(out));
    EXPECT_EQ(out, Buffer(100, 0xee));
  }
}

TEST(FlvAudioTest, TypesHaveNames) {
  EXPECT_EQ(ToString(FlvAudioPacketType::kSequenceStart), "sequence start");
  EXPECT_EQ(ToString(static_cast<FlvAudioPacketType>(3)), "reserved");
}

}  // namespace
}  // namespace mediacore::mux
