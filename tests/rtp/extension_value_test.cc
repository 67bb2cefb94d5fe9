#include "mediacore/rtp/extension_value.h"

#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/captures.h"
#include "../support/extension_value.h"
#include "mediacore/base/text.h"
#include "mediacore/rtp/audio_level.h"
#include "mediacore/rtp/capture_time.h"
#include "mediacore/rtp/color_space.h"
#include "mediacore/rtp/encrypted_extensions.h"
#include "mediacore/rtp/packet_writer.h"
#include "mediacore/rtp/playout_delay.h"
#include "mediacore/rtp/sdes_extension.h"
#include "mediacore/rtp/send_time.h"
#include "mediacore/rtp/transport_sequence_number.h"
#include "mediacore/rtp/video_content_type.h"
#include "mediacore/rtp/video_orientation.h"
#include "mediacore/rtp/video_timing.h"

namespace mediacore::rtp {
namespace {

std::vector<std::uint8_t> PacketWith(std::span<const ExtensionElement> elements) {
  PacketWriter writer;
  writer.extensions = elements;
  std::vector<std::uint8_t> packet(writer.WireSize());
  EXPECT_TRUE(!packet.empty() && writer.Write(packet));
  return packet;
}

ExtensionMap Ids(int audio_level) {
  ExtensionMap ids;
  EXPECT_EQ(ids.Add(audio_level, ExtensionKind::kAudioLevel), ExtensionMapResult::kOk);
  return ids;
}

// By both ways, which agree.
template <typename Value>
bool Read(const PacketView& packet, const ExtensionMap& ids, Value& out) {
  Value other = out;
  const bool read = ReadExtension(packet, ids, out);
  EXPECT_EQ(ReadExtension(ExtensionTable(packet), ids, other), read);
  EXPECT_EQ(out, other);
  return read;
}

TEST(RtpExtensionValueTest, AValueIsReadByTheIdOfItsKindInEitherForm) {
  const std::array<std::uint8_t, 1> loud = {0x85};
  for (const int id : {3, 14, 15, 200}) {
    const std::array elements = {ExtensionElement{1, loud}, ExtensionElement{id, loud}};
    const auto bytes = PacketWith(elements);
    AudioLevel level;
    ASSERT_TRUE(Read(*PacketView::Parse(bytes), Ids(id), level)) << id;
    EXPECT_EQ(level, (AudioLevel{5, true}));
  }
}

TEST(RtpExtensionValueTest, WhatWasNotAgreedOnOrIsNotThereOrIsNoSuchValueIsNotRead) {
  const std::array<std::uint8_t, 2> two = {0x85, 0};
  const std::array elements = {ExtensionElement{3, two}, ExtensionElement{4, {}}};
  const auto bytes = PacketWith(elements);
  const auto packet = *PacketView::Parse(bytes);
  const AudioLevel before{77, true};
  AudioLevel level = before;
  EXPECT_FALSE(Read(packet, ExtensionMap(), level));  // not agreed on
  EXPECT_FALSE(Read(packet, Ids(5), level));          // not there
  EXPECT_FALSE(Read(packet, Ids(3), level));          // of two bytes
  EXPECT_FALSE(Read(packet, Ids(4), level));          // of none
  EXPECT_EQ(level, before);
}

TEST(RtpExtensionValueTest, EachCauseHasItsWords) {
  std::set<std::string_view> words;
  for (int i = 0; i < kExtensionErrorCount; ++i) words.insert(ToString(static_cast<ExtensionError>(i)));
  EXPECT_EQ(words.size(), static_cast<std::size_t>(kExtensionErrorCount));
  EXPECT_FALSE(words.contains(ToString(static_cast<ExtensionError>(kExtensionErrorCount))));
}

// Of one element of a real packet: does its type read it and write it back?
template <typename... Values>
bool KnowsAndWritesBack(ExtensionKind kind, Bytes value, bool& known) {
  bool good = true;
  const auto check = [&]<typename Value>() {
    if (Value::kKind != kind) return;
    known = true;
    good = Value::Parse(value).has_value() && testing::ReadsAndWritesBack<Value>(value);
  };
  (check.template operator()<Values>(), ...);
  return good;
}

// What the offer beside a capture calls its ids; false where it is absent. (The
// answer of a page that takes simulcast apart calls a RID a MID.)
bool ReadAgreedIds(const std::string& capture, ExtensionMap& ids) {
  const auto file = testing::ReadWholeFile(testing::CaptureFolder() /
                                           (capture.substr(0, capture.find('.')) + ".sdp.txt"));
  const std::string text(file.begin(), file.end());
  LineReader lines(text);
  EncryptedIds encrypted;
  for (std::string_view line; lines.ReadLine(line);) {
    if (line.starts_with("# answer")) break;
    if (!line.starts_with("a=extmap:")) continue;
    line.remove_prefix(9);
    std::uint64_t id = 0;
    EXPECT_TRUE(ParseDecimal(TakeUntil(line, ' '), 255, id)) << line;
    const std::string_view uri = TakeUntil(line, ' ');
    EXPECT_EQ(AddExtension(static_cast<int>(id), uri, line, ids, encrypted), ExtensionMapResult::kOk) << uri;
  }
  return !text.empty();
}

TEST(RtpExtensionValueTest, EveryElementOfRealCapturesReadsAndWritesTheSameBytes) {
  const auto summaries = testing::ReadCaptureSummaries();
  if (summaries.empty()) GTEST_SKIP() << "the captures are not here";
  std::map<std::string_view, int> counts;
  for (const auto& summary : summaries) {
    ExtensionMap ids;
    if (!ReadAgreedIds(summary.name, ids)) continue;
    ASSERT_TRUE(testing::ForEachDatagram(summary.name, [&](const capture::Datagram& datagram) {
      const auto packet = PacketView::Parse(datagram.payload);
      if (!packet) return;  // RTCP, or SRTP whose padding is encrypted
      packet->ForEachExtension([&](int id, Bytes value) {
        const ExtensionKind kind = ids.KindOf(id);
        bool known = false;
        const bool good = KnowsAndWritesBack<MidExtension, RidExtension, RepairedRidExtension, AudioLevel,
                                             TransmissionOffset, AbsSendTime, AbsCaptureTime, TransportSequenceNumber,
                                             PlayoutDelay, VideoOrientation, VideoContentType, VideoTiming, ColorSpace>(
            kind, value, known);
        EXPECT_TRUE(good) << summary.name << ' ' << ExtensionShortName(kind);
        if (known) ++counts[ExtensionShortName(kind)];
      });
    })) << summary.name;
  }
  for (const auto& [name, count] : counts) std::printf("%.*s %d  ", static_cast<int>(name.size()), name.data(), count);
  std::printf("elements read and written back\n");
  for (const char* name : {"mid", "rid", "repaired-rid", "audio-level", "abs-send-time", "twcc", "video-orientation",
                           "video-timing"}) {
    EXPECT_GT(counts[name], 0) << name;
  }
}

}  // namespace
}  // namespace mediacore::rtp
