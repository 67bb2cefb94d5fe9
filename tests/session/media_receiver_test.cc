#include "mediacore/session/media_receiver.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../support/h264_maker.h"
#include "../support/heap_watch.h"
#include "mediacore/rtp/packet_writer.h"

namespace mediacore::session {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Block = std::vector<std::uint8_t>;

constexpr Timestamp AtMs(std::int64_t ms) { return Timestamp::Millis(ms); }

struct Packet {
  Packet() = default;
  explicit Packet(Block b) : block(std::move(b)) {}
  Packet(Packet&&) = default;
  Packet& operator=(Packet&&) = default;
  Block block;
  Bytes bytes() const { return block; }
};

struct Rtp {
  std::uint32_t ssrc = 1;
  std::uint16_t number = 0;
  std::uint32_t timestamp = 0;
  int payload_type = 96;
  bool marker = true;
};

const Block kOpusFrame = {0xfc, 1, 2, 3};
const Block kAacFrame = {0, 16, 0, 3 << 3, 7, 8, 9};  // one unit of three bytes
const Block kIdr = {0x65, 0x88, 0x84, 0x21};
const Block kSlice = {0x41, 0x9a, 0x24, 0x6c};

MediaReceiverConfig ConfigOf(Codec codec) {
  MediaReceiverConfig config;
  config.codec = codec;
  config.payload_type = PayloadType(96);
  config.reorder.min_wait = TimeDelta::Millis(20);
  return config;
}

// A receiver that writes its events down: "frame@ms", "report@ms", "restart@ms",
// "bye@ms"; a frame with its RTP time, as "frame 960@20".
class Ear {
 public:
  explicit Ear(const MediaReceiverConfig& config)
      : receiver_(MediaReceiver<Packet>::Create(config).value()) {}
  explicit Ear(Codec codec) : Ear(ConfigOf(codec)) {}

  void Put(std::int64_t ms, const Rtp& rtp, const Block& payload) {
    rtp::PacketWriter writer;
    writer.marker = rtp.marker;
    writer.payload_type = PayloadType(rtp.payload_type);
    writer.sequence_number = SequenceNumber(rtp.number);
    writer.timestamp = RtpTimestamp(rtp.timestamp);
    writer.ssrc = Ssrc(rtp.ssrc);
    writer.payload = payload;
    Block block(writer.WireSize());
    ASSERT_TRUE(writer.Write(block));
    receiver_.HandleRtp(AtMs(ms), Packet(std::move(block)));
  }
  void PutOpus(std::int64_t ms, std::uint32_t ssrc, std::uint16_t number) {
    Put(ms, {ssrc, number, number * 960u}, kOpusFrame);
  }
  void PutReport(std::int64_t ms, std::uint32_t ssrc, bool clock = true) {
    rtcp::SenderReportWriter report;
    report.sender_ssrc = Ssrc(ssrc);
    if (clock) report.ntp_time = NtpTime::FromUnixMicros(1'700'000'000'000'000 + ms);
    report.rtp_timestamp = RtpTimestamp(77);
    Block block(report.WireSize());
    ASSERT_TRUE(report.Write(block));
    receiver_.HandleRtcp(AtMs(ms), block);
  }
  void PutBye(std::int64_t ms, std::uint32_t ssrc) {
    const std::array ssrcs = {Ssrc(99), Ssrc(ssrc)};
    rtcp::ByeWriter bye;
    bye.ssrcs = ssrcs;
    Block block(bye.WireSize());
    ASSERT_TRUE(bye.Write(block));
    receiver_.HandleRtcp(AtMs(ms), block);
  }
  std::vector<std::string> Take(std::int64_t ms) {
    std::vector<std::string> out;
    for (MediaEvent event; receiver_.PollEvent(AtMs(ms), event);) {
      const std::string at = "@" + std::to_string(event.arrival.ms());
      switch (event.kind) {
        case MediaEvent::Kind::kFrame:
          last_frame_.assign(event.frame.data.begin(), event.frame.data.end());
          out.push_back("frame " + std::to_string(event.frame.rtp_timestamp.value()) + at);
          break;
        case MediaEvent::Kind::kSenderReport:
          EXPECT_EQ(event.rtp, RtpTimestamp(77));
          EXPECT_TRUE(event.ntp.IsSet());
          out.push_back("report" + at);
          break;
        case MediaEvent::Kind::kRestart: out.push_back("restart" + at); break;
        case MediaEvent::Kind::kBye: out.push_back("bye" + at); break;
      }
    }
    return out;
  }
  const Block& last_frame() const { return last_frame_; }
  MediaReceiverCounters counters() const { return receiver_.counters(); }
  MediaReceiver<Packet>& operator*() { return receiver_; }
  MediaReceiver<Packet>* operator->() { return &receiver_; }

 private:
  MediaReceiver<Packet> receiver_;
  Block last_frame_;
};

TEST(MediaReceiverTest, CreateRefusesWithTheFieldItsValueAndWhatIsAllowed) {
  const auto refusal = [](auto change) {
    MediaReceiverConfig config = ConfigOf(Codec::kOpus);
    change(config);
    return std::string(MediaReceiver<Packet>::Create(config).status().message());
  };
  EXPECT_EQ(refusal([](auto& c) { c.codec = Codec::kUnknown; }),
            "MediaReceiver::Config::codec is " + std::string(ToString(Codec::kUnknown)) +
                ", allowed: H264, H265, VP8, VP9, AV1, AAC, opus, PCMU, PCMA, G722");
  EXPECT_EQ(refusal([](auto& c) { c.channels = 0; }), "MediaReceiver::Config::channels is 0, allowed: 1 to 255");
  EXPECT_EQ(refusal([](auto& c) { c.max_frame_bytes = 2047; }),
            "MediaReceiver::Config::max_frame_bytes is 2047, allowed: 2048 to 1073741824");
  EXPECT_THAT(refusal([](auto& c) { c.max_frame_bytes = (std::size_t{1} << 30) + 1; }),
              HasSubstr("max_frame_bytes is 1073741825"));
  EXPECT_EQ(refusal([](auto& c) { c.source_silence = TimeDelta::Zero(); }),
            "MediaReceiver::Config::source_silence is 0, allowed: 1 us or more");
  EXPECT_EQ(refusal([](auto& c) { c.probation = 0; }),
            "MediaReceiver::Config::probation is 0, allowed: 1 or more");
  EXPECT_THAT(refusal([](auto& c) { c.reorder.max_packets = 0; }),
              HasSubstr("ReorderBuffer::Config::max_packets is 0"));
  EXPECT_EQ(refusal([](auto&) {}), "");
}

TEST(MediaReceiverTest, OpusPacketsAreFramesAtOnceAndTheFirstSourceIsNoRestart) {
  Ear ear(Codec::kOpus);
  EXPECT_EQ(ear->source(), std::nullopt);
  EXPECT_EQ(ear->NextTimeout(), Timestamp::PlusInfinity());
  ear.PutOpus(5, 7, 65'535);
  EXPECT_LE(ear->NextTimeout(), AtMs(5));
  EXPECT_THAT(ear.Take(5), ElementsAre("frame 62913600@5"));
  EXPECT_EQ(ear.last_frame(), kOpusFrame);
  ear.Put(25, {7, 0, 62'914'560}, kOpusFrame);
  EXPECT_THAT(ear.Take(25), ElementsAre("frame 62914560@25"));
  EXPECT_EQ(ear->source(), Ssrc(7));
  EXPECT_EQ(ear.counters().source_changes, 0u);
  EXPECT_EQ(ear->NextTimeout(), Timestamp::PlusInfinity());
}

TEST(MediaReceiverTest, SeveralUnitsOfAnAacPacketAreFramesThatCameTogether) {
  Ear ear(Codec::kAac);
  ear.Put(3, {1, 1, 5000}, {0, 32, 0, 2 << 3, 0, 1 << 3, 7, 8, 9});
  EXPECT_THAT(ear.Take(3), ElementsAre("frame 5000@3", "frame 6024@3"));
  EXPECT_EQ(ear.last_frame(), Block{9});
  ear.Put(4, {1, 2, 7048}, {0, 99});
  EXPECT_THAT(ear.Take(4), ElementsAre());
  EXPECT_EQ(ear.counters().payload_errors, 1u);
  EXPECT_EQ(ear.counters().frames, 2u);
}

TEST(MediaReceiverTest, APictureCameWhenItsFirstPacketDidAlsoWithoutMarkers) {
  Ear ear(Codec::kH264);
  ear->AddParameterSet(testing::MakeSps({}));
  ear->AddParameterSet(testing::MakePps(0, 0));
  ear.Put(10, {1, 1, 0, 96, false}, kIdr);
  ear.Put(12, {1, 2, 0, 96, false}, kIdr);
  EXPECT_THAT(ear.Take(12), ElementsAre());
  ear.Put(43, {1, 3, 3000, 96, false}, kSlice);
  EXPECT_THAT(ear.Take(43), ElementsAre("frame 0@10"));
  ear.Put(44, {1, 4, 9999, 96, false}, {});  // padding changes no frame
  ear.Put(76, {1, 5, 6000, 96, true}, kSlice);
  EXPECT_THAT(ear.Take(76), ElementsAre("frame 3000@43", "frame 6000@76"));
  EXPECT_EQ(ear.counters().key_frames, 1u);
  EXPECT_EQ(ear.counters().frames, 3u);
  EXPECT_EQ(ear.counters().empty, 1u);
}

TEST(MediaReceiverTest, WhatBecameOfPicturesThatAreNoneIsCounted) {
  MediaReceiverConfig config = ConfigOf(Codec::kH264);
  config.max_frame_bytes = 2048;
  Ear ear(config);
  ear.Put(0, {1, 1, 0}, kIdr);
  ear.Put(0, {1, 2, 1, 96, false}, kSlice);
  ear.Put(0, {1, 4, 1}, kSlice);  // 3 is lost
  Block large(3000, 0x55);
  large[0] = 0x41;
  large[1] = 0x9a;
  ear.Put(0, {1, 5, 2}, large);
  ear.Put(0, {1, 6, 3}, testing::MakePps(0, 0));
  EXPECT_THAT(ear.Take(0), ElementsAre("frame 0@0"));
  EXPECT_EQ(ear->NextTimeout(), AtMs(20));
  EXPECT_THAT(ear.Take(20), ElementsAre());
  EXPECT_EQ(ear.counters().dropped_incomplete, 1u);
  EXPECT_EQ(ear.counters().dropped_too_large, 1u);
  EXPECT_EQ(ear.counters().without_picture, 1u);
  EXPECT_EQ(ear->reorder_counters().lost, 1u);
}

TEST(MediaReceiverTest, PacketsThatAreNotOfTheStreamAreNamedAndCounted) {
  Ear ear(Codec::kOpus);
  ear->HandleRtp(AtMs(0), Packet({0x80, 96, 0}));
  ear.Put(0, {1, 1, 0, 13}, {1});
  ear.PutOpus(0, 1, 5);
  ear.PutOpus(1, 2, 5);
  EXPECT_THAT(ear.Take(1), ElementsAre("frame 4800@0"));
  ear->HandleEnd();
  EXPECT_THAT(ear.Take(1), ElementsAre());
  ear.PutOpus(2, 1, 6);
  EXPECT_THAT(ear.Take(2), ElementsAre());
  const MediaReceiverCounters c = ear.counters();
  EXPECT_EQ(c.malformed, 1u);
  EXPECT_EQ(c.other_payload_type, 1u);
  EXPECT_EQ(c.other_source, 1u);
  EXPECT_EQ(c.after_end, 1u);
  EXPECT_EQ(c.packets, 5u);
  EXPECT_EQ(ear->reorder_counters().received, 1u);
}

TEST(MediaReceiverTest, AConfiguredSourceIsTheOnlyOne) {
  MediaReceiverConfig config = ConfigOf(Codec::kOpus);
  config.ssrc = Ssrc(2);
  Ear ear(config);
  for (std::uint16_t n = 0; n < 20; ++n) ear.PutOpus(0, 1, n);
  EXPECT_THAT(ear.Take(0), ElementsAre());
  ear.PutBye(0, 2);  // of a source that has not begun
  ear.PutOpus(5000, 2, 1);
  EXPECT_THAT(ear.Take(5000), ElementsAre("frame 960@5000", "bye@0"));
  EXPECT_EQ(ear.counters().other_source, 20u);
}

TEST(MediaReceiverTest, ASourceInSilenceGivesWayToTheNextPacketWhateverItsNumber) {
  for (const int n : {3, 4, 5, 100, 3000, 40'000}) {
    const auto number = static_cast<std::uint16_t>(n);
    Ear ear(Codec::kOpus);
    ear.PutOpus(0, 1, 4);
    ear.PutOpus(499, 2, number);
    EXPECT_THAT(ear.Take(499), ElementsAre("frame 3840@0"));
    ear.PutOpus(500, 2, static_cast<std::uint16_t>(number + 1));
    const auto frame = "frame " + std::to_string((number + 1) * 960) + "@500";
    EXPECT_LE(ear->NextTimeout(), AtMs(500));
    EXPECT_THAT(ear.Take(500), ElementsAre("restart@500", frame));
    EXPECT_EQ(ear->source(), Ssrc(2));
    EXPECT_EQ(ear.counters().source_changes, 1u);
    EXPECT_EQ(ear->reorder_counters().lost, 0u);
  }
}

TEST(MediaReceiverTest, AnotherSourceTakesOverWhenOnlyItsPacketsCome) {
  Ear ear(Codec::kOpus);
  std::uint16_t number = 100;
  ear.PutOpus(0, 1, 1);
  for (int i = 0; i < 7; ++i) ear.PutOpus(1, 2, number++);
  ear.PutOpus(2, 1, 2);  // the first is still there
  for (int i = 0; i < 7; ++i) ear.PutOpus(3, 2, number++);
  ear.PutOpus(3, 3, 1);  // a third stands between
  for (int i = 0; i < 7; ++i) ear.PutOpus(3, 2, number++);
  EXPECT_THAT(ear.Take(3), ElementsAre("frame 960@0", "frame 1920@2"));
  ear.PutOpus(4, 2, number);
  EXPECT_THAT(ear.Take(4), ElementsAre("restart@4", "frame " + std::to_string(number * 960) + "@4"));
  EXPECT_EQ(ear.counters().other_source, 22u);
}

TEST(MediaReceiverTest, WhatIsHeldOfTheOldSourceComesBeforeTheNewOne) {
  Ear ear(Codec::kOpus);
  ear.PutOpus(0, 1, 1);
  ear.PutOpus(1, 1, 3);
  ear.PutBye(2, 1);
  EXPECT_THAT(ear.Take(2), ElementsAre("frame 960@0"));  // 2 may still come
  EXPECT_EQ(ear->NextTimeout(), AtMs(21));
  ear.PutOpus(3, 2, 50);
  ear.PutOpus(3, 2, 51);  // too early: nobody has polled
  EXPECT_LE(ear->NextTimeout(), AtMs(3));
  EXPECT_THAT(ear.Take(3), ElementsAre("frame 2880@1", "bye@2", "restart@3", "frame 48000@3"));
  ear.PutOpus(4, 2, 52);
  EXPECT_THAT(ear.Take(4), ElementsAre());
  EXPECT_THAT(ear.Take(24), ElementsAre("frame 49920@4"));
  EXPECT_EQ(ear.counters().not_polled, 1u);
  EXPECT_EQ(ear.counters().byes, 1u);
}

TEST(MediaReceiverTest, TheOpenPictureOfTheOldSourceIsDroppedAndTheNewOneBeginsWhole) {
  Ear ear(Codec::kH264);
  ear.Put(0, {1, 1, 0}, kIdr);
  ear.Put(1, {1, 2, 3000, 96, false}, kSlice);
  ear.Put(600, {2, 900, 3000}, kIdr);
  EXPECT_THAT(ear.Take(600), ElementsAre("frame 0@0", "restart@600", "frame 3000@600"));
  EXPECT_EQ(ear.counters().dropped_incomplete, 1u);
}

TEST(MediaReceiverTest, ASourceThatComesBackAfterByeAndSilenceBeginsAnew) {
  Ear ear(Codec::kOpus);
  ear.PutOpus(0, 1, 1000);
  ear.PutBye(1, 1);
  EXPECT_THAT(ear.Take(1), ElementsAre("frame 960000@0", "bye@1"));
  ear.PutOpus(900, 1, 990);  // a little behind, and not late
  EXPECT_THAT(ear.Take(900), ElementsAre("restart@900", "frame 950400@900"));
}

TEST(MediaReceiverTest, AByeOfASourceThatGoesOnIsVoid) {
  Ear ear(Codec::kOpus);
  ear.PutBye(0, 1);  // nobody's yet
  for (std::uint16_t n = 0; n < 40; ++n) {
    ear.PutOpus(n * 20, 1, n);
    if (n == 5) ear.PutBye(100, 1);
    if (n == 5) ear.PutBye(100, 1);
  }
  ear.PutOpus(790, 2, 7);
  EXPECT_EQ(ear.Take(790).size(), 41u);
  EXPECT_EQ(ear->source(), Ssrc(1));
  EXPECT_EQ(ear.counters().byes, 1u);
}

TEST(MediaReceiverTest, ASequenceThatRestartsUnderTheSameSourceGoesOn) {
  Ear ear(Codec::kOpus);
  ear.PutOpus(0, 1, 1);
  ear.PutOpus(20, 1, 30'000);
  EXPECT_THAT(ear.Take(20), ElementsAre("frame 960@0"));
  ear.PutOpus(40, 1, 30'001);
  EXPECT_THAT(ear.Take(40), ElementsAre("frame 28800000@20", "frame 28800960@40"));
  EXPECT_EQ(ear.counters().source_changes, 0u);
  EXPECT_EQ(ear->reorder_counters().restarts, 1u);
}

TEST(MediaReceiverTest, AReportComesAfterTheFirstFrameOfItsSource) {
  Ear ear(Codec::kOpus);
  for (std::uint32_t ssrc = 1; ssrc <= 4; ++ssrc) ear.PutReport(1, ssrc);
  ear.PutReport(2, 1);
  ear.PutReport(2, 1, false);  // a sender without a wall clock
  EXPECT_THAT(ear.Take(2), ElementsAre());
  EXPECT_EQ(ear->NextTimeout(), Timestamp::PlusInfinity());
  ear.PutOpus(3, 1, 1);
  EXPECT_THAT(ear.Take(3), ElementsAre("frame 960@3", "report@2"));
  ear.PutReport(4, 1);
  ear.PutReport(5, 1);
  EXPECT_LE(ear->NextTimeout(), AtMs(5));
  EXPECT_THAT(ear.Take(5), ElementsAre("report@5"));
  ear.PutReport(6, 2);
  ear.PutOpus(700, 2, 1);
  EXPECT_THAT(ear.Take(700), ElementsAre("restart@700", "frame 960@700", "report@6"));
  EXPECT_EQ(ear.counters().sender_reports, 4u);
}

TEST(MediaReceiverTest, OfManyStrangersReportsTheLastFourAreRememberedForTenSeconds) {
  Ear ear(Codec::kOpus);
  for (std::uint32_t ssrc = 1; ssrc <= 5; ++ssrc) ear.PutReport(ssrc, ssrc);
  ear.PutOpus(10, 1, 1);
  EXPECT_THAT(ear.Take(10), ElementsAre("frame 960@10"));
  Ear late(Codec::kOpus);
  late.PutReport(0, 1);
  late.PutOpus(10'001, 1, 1);
  EXPECT_THAT(late.Take(10'001), ElementsAre("frame 960@10001"));
}

TEST(MediaReceiverTest, BrokenRtcpIsCounted) {
  Ear ear(Codec::kOpus);
  ear->HandleRtcp(AtMs(0), Block{1, 2, 3});
  ear->HandleRtcp(AtMs(0), Block{0x80, 200, 0, 1, 0, 0, 0, 1});  // SR, too short
  ear->HandleRtcp(AtMs(0), Block{0x82, 203, 0, 1, 0, 0, 0, 1});  // BYE of two
  ear->HandleRtcp(AtMs(0), Block{0x80, 201, 0, 1, 0, 0, 0, 1});  // RR: not ours
  EXPECT_EQ(ear.counters().rtcp_malformed, 3u);
}

TEST(MediaReceiverTest, AtTheEndWhatIsHeldComesOutAtOnce) {
  Ear ear(Codec::kOpus);
  ear.PutOpus(0, 1, 1);
  ear.PutOpus(0, 1, 3);
  EXPECT_THAT(ear.Take(0), ElementsAre("frame 960@0"));
  ear->HandleEnd();
  ear->HandleEnd();
  EXPECT_LE(ear->NextTimeout(), AtMs(0));
  EXPECT_THAT(ear.Take(0), ElementsAre("frame 2880@0"));
  EXPECT_EQ(ear->NextTimeout(), Timestamp::PlusInfinity());
}

TEST(MediaReceiverTest, TheEndBetweenTwoSourcesLosesNothing) {
  Ear ear(Codec::kOpus);
  ear.PutOpus(0, 1, 1);
  ear.PutOpus(600, 2, 9000);
  ear->HandleEnd();
  EXPECT_THAT(ear.Take(600), ElementsAre("frame 960@0", "restart@600", "frame 8640000@600"));
  EXPECT_EQ(ear->NextTimeout(), Timestamp::PlusInfinity());
}

TEST(MediaReceiverTest, WhenTheClockStepsBackTimeStandsStill) {
  Ear ear(Codec::kOpus);
  ear.PutOpus(1000, 1, 1);
  ear.PutOpus(10, 2, 1);  // no silence is measured backwards
  ear.PutReport(20, 1);
  ear.PutBye(30, 1);
  EXPECT_THAT(ear.Take(5), ElementsAre("frame 960@1000", "report@1000", "bye@1000"));
  EXPECT_EQ(ear.counters().other_source, 1u);
}

// Hands out itself as a token and says how many are out.
struct Counted {
  explicit Counted(Bytes b, int* c) : block(b), count(c) { ++*count; }
  Counted() = default;
  Counted(Counted&& other) noexcept
      : block(other.block), count(std::exchange(other.count, nullptr)) {}
  Counted& operator=(Counted&& other) noexcept {
    std::swap(block, other.block);
    std::swap(count, other.count);
    return *this;
  }
  ~Counted() { if (count != nullptr) --*count; }
  Bytes bytes() const { return block; }
  Bytes block;
  int* count = nullptr;
};

TEST(MediaReceiverTest, NothingIsAllocatedAndNoPacketKeptOnceRunning) {
  MediaReceiverConfig config = ConfigOf(Codec::kH264);
  const testing::HeapWatch creating;
  auto receiver = MediaReceiver<Counted>::Create(config).value();
  EXPECT_GT(creating.allocations(), 0u);
  EXPECT_GE(MediaReceiver<Counted>::MaxMemory(config), config.max_frame_bytes + sizeof(receiver));
  int out = 0;
  std::uint64_t frames = 0;
  std::array<std::array<std::uint8_t, 16>, 8> packets{};
  const testing::HeapWatch running;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    auto& packet = packets[i % packets.size()];
    packet = {0x80, 0xe0};
    // Of each seven the first two come in the wrong order.
    const std::uint32_t number = i % 7 == 0 ? i + 1 : i % 7 == 1 ? i - 1 : i;
    StoreU16(packet.data() + 2, static_cast<std::uint16_t>(number));
    StoreU32(packet.data() + 4, i * 3000);
    packet[11] = static_cast<std::uint8_t>(1 + i / 1000);
    std::copy(kIdr.begin(), kIdr.end(), packet.begin() + 12);
    const Timestamp now = AtMs(i * 33);
    receiver.HandleRtp(now, Counted(packet, &out));
    ASSERT_LE(out, 3);
    for (MediaEvent event; receiver.PollEvent(now, event);) {
      frames += event.kind == MediaEvent::Kind::kFrame;
    }
  }
  EXPECT_EQ(running.allocations(), 0u);
  receiver.HandleEnd();
  for (MediaEvent event; receiver.PollEvent(AtMs(0), event);) ++frames;
  EXPECT_EQ(out, 0);
  EXPECT_GT(frames, 4800u);
  EXPECT_EQ(receiver.counters().source_changes, 4u);
}

}  // namespace
}  // namespace mediacore::session
