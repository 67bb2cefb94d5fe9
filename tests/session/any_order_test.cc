// Depacketisers stay right when packets come in any order inside the window of the
// reorder buffer, for each codec: what comes out is what comes out of the same
// packets in order.

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "../support/av1_maker.h"
#include "../support/h264_maker.h"
#include "../support/h265_maker.h"
#include "../support/rounds.h"
#include "../support/vp9_picture.h"
#include "../support/vpx_maker.h"
#include "mediacore/codec/aac_packetizer.h"
#include "mediacore/codec/av1_packetizer.h"
#include "mediacore/codec/h264_packetizer.h"
#include "mediacore/codec/h265_packetizer.h"
#include "mediacore/codec/opus_packetizer.h"
#include "mediacore/codec/sample_audio_packetizer.h"
#include "mediacore/codec/vp8_packetizer.h"
#include "mediacore/codec/vp9_packetizer.h"
#include "mediacore/rtp/packet_writer.h"
#include "mediacore/session/media_receiver.h"

namespace mediacore::session {
namespace {

using ::mediacore::testing::Dice;
using ::mediacore::testing::Rounds;
using Block = std::vector<std::uint8_t>;

// A view of a datagram that outlives the receiver.
struct Packet {
  Bytes datagram;
  Bytes bytes() const { return datagram; }
};

struct Frame {
  std::uint32_t timestamp = 0;
  bool key = false;
  Block data;
  bool operator==(const Frame&) const = default;
};
void PrintTo(const Frame& frame, std::ostream* out) {
  *out << frame.timestamp << (frame.key ? " key, " : ", ") << frame.data.size() << " bytes";
}

// What a sender sends: frames, and their packets in order.
class Stream {
 public:
  template <typename Packetizer>
  void Add(Packetizer& packetizer) {
    typename Packetizer::Packet packet;
    while (packetizer.Next(packet)) {
      Block payload(packet.size);
      EXPECT_TRUE(packet.Write(payload));
      rtp::PacketWriter writer;
      writer.marker = packet.marker;
      writer.payload_type = PayloadType(96);
      writer.sequence_number = SequenceNumber(number_++);
      writer.timestamp = RtpTimestamp(timestamp_);
      writer.ssrc = Ssrc(1);
      writer.payload = payload;
      Block& datagram = datagrams.emplace_back(writer.WireSize());
      EXPECT_TRUE(writer.Write(datagram));
    }
    timestamp_ += 960;
  }
  void AddFrame(Block frame) { frames[timestamp_] = std::move(frame); }

  std::vector<Block> datagrams;
  std::map<std::uint32_t, Block> frames;  // by timestamp

 private:
  std::uint16_t number_ = 65'530;  // wraps soon
  std::uint32_t timestamp_ = 0xffff'f000;
};

// Puts one more random frame into the stream; `small`: of one to three packets.
using AddFrame = std::function<void(Dice&, Stream&, bool key, bool small)>;

struct Sender {
  Codec codec;
  AddFrame add;
};
void PrintTo(const Sender& sender, std::ostream* out) { *out << ToString(sender.codec); }

std::size_t PayloadSize(Dice& dice) { return 100 + dice.Below(1100); }

void AddH264(Dice& dice, Stream& stream, bool key, bool small) {
  const Block frame = testing::MakeFrame(dice, key, small ? 300 : 4000);
  codec::H264Packetizer packetizer({.max_payload_size = small ? 200 : PayloadSize(dice)});
  ASSERT_EQ(packetizer.SetFrame(frame), codec::H264PacketizeError::kNone);
  stream.AddFrame(frame);
  stream.Add(packetizer);
}
void AddH265(Dice& dice, Stream& stream, bool key, bool small) {
  const Block frame = testing::MakeH265Frame(dice, key, small ? 300 : 4000);
  codec::H265Packetizer packetizer({.max_payload_size = small ? 200 : PayloadSize(dice)});
  ASSERT_EQ(packetizer.SetFrame(frame), codec::H265PacketizeError::kNone);
  stream.AddFrame(frame);
  stream.Add(packetizer);
}
// One or two spatial layers.
void AddVp9(Dice& dice, Stream& stream, bool key, bool small) {
  const auto number = static_cast<std::uint32_t>(stream.frames.size());
  const auto picture = testing::MakeVp9Picture(dice, key, number % 2 == 1, dice.Chance(60) ? 1 : 3,
                                               20 + dice.Below(small ? 250 : 4000), number, {});
  codec::Vp9Packetizer packetizer({.max_payload_size = small ? 200 : PayloadSize(dice)});
  ASSERT_EQ(packetizer.SetPicture(picture.data, picture.layers), codec::Vp9PacketizeError::kNone);
  stream.AddFrame(picture.data);
  stream.Add(packetizer);
}
void AddVp8(Dice& dice, Stream& stream, bool key, bool small) {
  const auto picture_id = static_cast<int>(stream.frames.size() % 0x8000);
  const Block frame =
      testing::MakeVp8Frame(dice, key, 20 + dice.Below(small ? 500 : 8000), static_cast<std::uint32_t>(picture_id));
  codec::Vp8Packetizer packetizer({.max_payload_size = small ? 200 : PayloadSize(dice)});
  codec::Vp8Descriptor about;
  about.picture_id = picture_id;
  ASSERT_EQ(packetizer.SetFrame(frame, about), codec::Vp8PacketizeError::kNone);
  stream.AddFrame(frame);
  stream.Add(packetizer);
}
void AddAv1(Dice& dice, Stream& stream, bool key, bool small) {
  using codec::Av1ObuType;
  Block unit;
  if (key) {
    testing::Append(
        unit, testing::MakeObu(Av1ObuType::kSequenceHeader, testing::Av1SequencePayload(testing::MakeAv1Sequence())));
  }
  const auto type = key ? codec::Av1FrameType::kKey : codec::Av1FrameType::kInter;
  const Block frame = testing::MakeAv1Frame(dice, {type}, 20 + dice.Below(small ? 200 : 4000));
  testing::Append(unit, testing::MakeObu(Av1ObuType::kFrame, frame));
  while (dice.Chance(50) && unit.size() < (small ? 300 : 8000)) {
    testing::Append(unit, testing::MakeObu(Av1ObuType::kTileGroup, dice.Block(dice.Below(small ? 100 : 2000))));
  }
  codec::Av1Packetizer packetizer({.max_payload_size = small ? 200 : PayloadSize(dice)});
  ASSERT_EQ(packetizer.SetFrame(unit), codec::Av1PacketizeError::kNone);
  stream.AddFrame(unit);
  stream.Add(packetizer);
}
void AddAac(Dice& dice, Stream& stream, bool, bool small) {
  const Block frame = dice.Block(1 + dice.Below(small ? 500 : 2000));
  codec::AacPacketizer packetizer({.max_payload_size = small ? 200 : PayloadSize(dice)});
  ASSERT_EQ(packetizer.SetFrame(frame), codec::AacPacketizeError::kNone);
  stream.AddFrame(frame);
  stream.Add(packetizer);
}
void AddOpus(Dice& dice, Stream& stream, bool, bool) {
  Block frame = dice.Block(2 + dice.Below(200));
  frame[0] = 0xfc;
  codec::OpusPacketizer packetizer({});
  ASSERT_EQ(packetizer.SetFrame(frame), codec::OpusPacketizeError::kNone);
  stream.AddFrame(frame);
  stream.Add(packetizer);
}

void AddPcmu(Dice& dice, Stream& stream, bool, bool) {
  const Block frame = dice.Block(1 + dice.Below(160));  // of one packet
  codec::SampleAudioPacketizer packetizer({});
  ASSERT_EQ(packetizer.SetFrame(frame), codec::SampleAudioPacketizeError::kNone);
  stream.AddFrame(frame);
  stream.Add(packetizer);
}

// What a receiver makes of datagrams that come at these times, in microseconds.
struct Arrival {
  std::int64_t us = 0;
  std::size_t index = 0;
};
std::vector<Frame> Receive(Codec codec, const Stream& stream, const std::vector<Arrival>& arrivals) {
  MediaReceiverConfig config;
  config.codec = codec;
  config.payload_type = PayloadType(96);
  config.max_frame_bytes = 32 * 1024;
  config.reorder = {.max_packets = 512, .min_wait = TimeDelta::Millis(20), .max_wait = TimeDelta::Millis(40)};
  auto receiver = MediaReceiver<Packet>::Create(config).value();
  std::vector<Frame> out;
  const auto poll = [&](Timestamp now) {
    for (MediaEvent event; receiver.PollEvent(now, event);) {
      if (event.kind != MediaEvent::Kind::kFrame) continue;
      out.push_back({event.frame.rtp_timestamp.value(), event.frame.key_frame,
                     Block(event.frame.data.begin(), event.frame.data.end())});
    }
  };
  Timestamp now = Timestamp::Zero();
  for (const Arrival& arrival : arrivals) {
    now = Timestamp::Micros(arrival.us);
    receiver.HandleRtp(now, {stream.datagrams[arrival.index]});
    poll(now);
  }
  poll(now + TimeDelta::Seconds(1));
  receiver.HandleEnd();
  poll(now + TimeDelta::Seconds(1));
  EXPECT_EQ(receiver.reorder_counters().late, 0u);  // all were inside the window
  return out;
}

// Whether that is the frame that was sent. Of H.264 and H.265, parameter sets and SEI
// before the first slice may be missing: nobody can know that their packets were lost.
bool IsSent(Codec codec, Bytes received, Bytes sent) {
  if (std::ranges::equal(received, sent)) return true;
  if ((codec != Codec::kH264 && codec != Codec::kH265) || received.size() >= sent.size()) return false;
  const auto is_slice = [&](std::uint8_t first) {
    return codec == Codec::kH264 ? codec::IsSlice(codec::NalTypeOf(first))
                                 : codec::IsSlice(codec::H265NalTypeOf(first));
  };
  const std::size_t missing = sent.size() - received.size();
  std::size_t at = 0;
  while (at < missing && !is_slice(sent[at + 4])) at += 4 + LoadU32(sent.data() + at);
  return at == missing && std::ranges::equal(received, sent.subspan(missing));
}

// No frame made of two, none twice, none that was not sent.
void ExpectOfSent(Codec codec, const std::vector<Frame>& received, const Stream& stream) {
  for (std::size_t i = 0; i < received.size(); ++i) {
    const auto sent = stream.frames.find(received[i].timestamp);
    ASSERT_NE(sent, stream.frames.end());
    EXPECT_TRUE(IsSent(codec, received[i].data, sent->second)) << "at " << received[i].timestamp;
    if (i > 0) {
      EXPECT_TRUE(RtpTimestamp(received[i].timestamp).IsNewerThan(RtpTimestamp(received[i - 1].timestamp)));
    }
  }
}

class AnyOrderTest : public ::testing::TestWithParam<Sender> {};

// After a first frame come six packets, and another frame at the end: in every one
// of their 720 orders, and of what is left when one or two of them are lost.
TEST_P(AnyOrderTest, EveryOrderOfAFewPacketsGivesTheFramesThatTheirOrderGives) {
  constexpr std::size_t kWindow = 6;
  const Sender& sender = GetParam();
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Dice dice(seed);
    Stream stream;
    sender.add(dice, stream, true, true);
    const std::size_t first = stream.datagrams.size();
    while (stream.datagrams.size() < first + kWindow) {
      sender.add(dice, stream, dice.Chance(20), true);
    }
    sender.add(dice, stream, false, true);
    for (unsigned lost = 0; lost < 1u << kWindow; ++lost) {
      if ((lost & (lost - 1) & ((lost & (lost - 1)) - 1)) != 0) continue;  // more than two
      std::vector<std::size_t> window;
      for (std::size_t i = 0; i < kWindow; ++i) {
        if ((lost >> i & 1) == 0) window.push_back(first + i);
      }
      std::vector<Frame> in_order;
      do {
        std::vector<Arrival> arrivals;
        const auto arrive = [&](std::size_t i) {
          arrivals.push_back({static_cast<std::int64_t>(arrivals.size()) * 100, i});
        };
        for (std::size_t i = 0; i < first; ++i) arrive(i);
        for (const std::size_t i : window) arrive(i);
        for (std::size_t i = first + kWindow; i < stream.datagrams.size(); ++i) arrive(i);
        const std::vector<Frame> frames = Receive(sender.codec, stream, arrivals);
        if (in_order.empty()) {
          in_order = frames;
          ExpectOfSent(sender.codec, frames, stream);
          if (lost == 0) {
            EXPECT_EQ(frames.size(), stream.frames.size());
          }
        }
        ASSERT_EQ(frames, in_order) << "seed " << seed << ", lost " << lost;
      } while (std::next_permutation(window.begin(), window.end()));
    }
  }
}

// Every packet is up to 15 ms late, with a hundred on their way at once; a few are
// lost and a few come twice.
TEST_P(AnyOrderTest, RandomOrdersOfManyPacketsGiveTheFramesThatTheirOrderGives) {
  const Sender& sender = GetParam();
  std::size_t received = 0;
  std::size_t sent = 0;
  for (std::uint64_t seed = 1; seed <= Rounds(60); ++seed) {
    Dice dice(seed);
    Stream stream;
    sender.add(dice, stream, true, false);
    const std::size_t first = stream.datagrams.size();
    while (stream.datagrams.size() < first + 300) sender.add(dice, stream, dice.Chance(5), false);
    const int loss = seed % 3 == 0 ? 0 : static_cast<int>(seed % 8);
    std::vector<Arrival> in_order;
    std::vector<Arrival> shuffled;
    for (std::size_t i = 0; i < stream.datagrams.size(); ++i) {
      const std::int64_t at = static_cast<std::int64_t>(i) * 150;
      if (i >= first && dice.Chance(loss)) continue;
      in_order.push_back({at, i});
      const auto delay = [&] { return i < first ? 0 : static_cast<std::int64_t>(dice.Below(15'000)); };
      shuffled.push_back({at + delay(), i});
      if (i >= first && dice.Chance(2)) shuffled.push_back({at + delay(), i});
    }
    std::ranges::sort(shuffled, {}, [](const Arrival& a) { return std::pair(a.us, a.index); });
    const std::vector<Frame> expected = Receive(sender.codec, stream, in_order);
    ExpectOfSent(sender.codec, expected, stream);
    EXPECT_EQ(Receive(sender.codec, stream, shuffled), expected) << "seed " << seed;
    received += expected.size();
    sent += stream.frames.size();
    if (loss == 0) {
      EXPECT_EQ(expected.size(), stream.frames.size()) << "seed " << seed;
    }
  }
  EXPECT_GT(received * 2, sent);  // the test sees frames
}

INSTANTIATE_TEST_SUITE_P(Codecs, AnyOrderTest,
                         ::testing::Values(Sender{Codec::kH264, AddH264}, Sender{Codec::kH265, AddH265},
                                           Sender{Codec::kVp8, AddVp8}, Sender{Codec::kVp9, AddVp9},
                                           Sender{Codec::kAv1, AddAv1}, Sender{Codec::kAac, AddAac},
                                           Sender{Codec::kOpus, AddOpus}, Sender{Codec::kPcmu, AddPcmu}),
                         [](const auto& sender) { return std::string(ToString(sender.param.codec)); });

}  // namespace
}  // namespace mediacore::session
