#include "mediacore/session/media_receiver.h"

#include <memory>
#include <vector>

#include "../support/input.h"
#include "mediacore/base/annex_b.h"

namespace {

using namespace mediacore;

// A datagram that is freed with its handle, so that a view kept too long shows.
struct Packet {
  Packet() = default;
  explicit Packet(Bytes b)
      : data(std::make_unique<std::uint8_t[]>(b.size())), size(b.size()) {
    std::copy(b.begin(), b.end(), data.get());
  }
  Bytes bytes() const { return {data.get(), size}; }
  std::unique_ptr<std::uint8_t[]> data;
  std::size_t size = 0;
};

using Receiver = session::MediaReceiver<Packet>;

// What must hold whenever nothing is left to poll.
void CheckCounters(const Receiver& receiver, std::uint64_t packets,
                   std::uint64_t frames, std::uint64_t restarts) {
  const auto c = receiver.counters();
  const auto r = receiver.reorder_counters();
  FUZZ_CHECK(c.packets == packets);
  FUZZ_CHECK(c.packets == c.malformed + c.other_payload_type + c.other_source +
                              c.not_polled + c.after_end + r.received);
  FUZZ_CHECK(r.expected == r.delivered + r.lost);
  FUZZ_CHECK(c.frames == frames && c.key_frames <= frames);
  FUZZ_CHECK(c.source_changes == restarts);
  FUZZ_CHECK(c.empty + c.payload_errors <= r.delivered);
}

}  // namespace

// Any datagrams at any times, polled or not: frames are well formed and of the
// source that was announced, all packets are accounted for, nothing is left due.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  constexpr Codec kCodecs[] = {Codec::kH264, Codec::kAac, Codec::kOpus};
  session::MediaReceiverConfig config;
  config.codec = kCodecs[input.U8() % 3];
  config.payload_type = PayloadType(96);
  config.max_frame_bytes = 2048;
  config.probation = 1 + input.U8() % 4;
  config.reorder.max_packets = 1 + input.U8() % 32;
  config.reorder.max_dropout = 64;
  if (input.U8() % 8 == 0) config.ssrc = Ssrc(1);
  auto receiver = Receiver::Create(config).value();

  auto now = Timestamp::Zero();
  auto latest = Timestamp::MinusInfinity();  // a time that was told
  std::uint64_t packets = 0, frames = 0, restarts = 0;
  std::uint32_t timestamp = 0;
  std::uint16_t number = 0;
  const auto drain = [&] {
    latest = std::max(latest, now);
    int events = 0;
    std::optional<Ssrc> source = receiver.source();
    for (session::MediaEvent event; receiver.PollEvent(now, event);) {
      FUZZ_CHECK(++events < 40'000);
      FUZZ_CHECK(event.arrival <= latest);
      FUZZ_CHECK(event.arrival.IsFinite());
      FUZZ_CHECK((event.kind == session::MediaEvent::Kind::kRestart) ||
                 receiver.source() == source);
      source = receiver.source();
      restarts += event.kind == session::MediaEvent::Kind::kRestart;
      if (event.kind != session::MediaEvent::Kind::kFrame) continue;
      ++frames;
      FUZZ_CHECK(event.frame.codec == config.codec);
      FUZZ_CHECK(receiver.source() == Ssrc(event.frame.rtp_timestamp.value() >> 28));
      FUZZ_CHECK(!event.frame.data.empty() && event.frame.data.size() <= 2048);
      if (config.codec != Codec::kH264) continue;
      AvccReader units(event.frame.data);
      Bytes nal;
      while (units.Next(nal)) {
      }
      FUZZ_CHECK(units.ok());
    }
    FUZZ_CHECK(receiver.NextTimeout() > latest);
    CheckCounters(receiver, packets, frames, restarts);
  };

  while (!input.empty()) {
    const std::uint8_t action = input.U8();
    std::vector<std::uint8_t> bytes;
    switch (action >> 5) {
      case 0: now += TimeDelta::Millis((action & 31) * 20); break;
      case 1: now = now - TimeDelta::Millis(action & 31); break;
      case 2:
        if (receiver.NextTimeout().IsFinite()) now = std::max(now, receiver.NextTimeout());
        drain();
        break;
      case 3:  // RTCP: a report or a BYE of a source, or whatever
        if ((action & 16) != 0) {
          for (int i = action & 15; i > 0; --i) bytes.push_back(input.U8());
        } else {
          const bool bye = (action & 8) != 0;
          bytes.assign(bye ? 8 : 28, static_cast<std::uint8_t>(action & 1));
          bytes[0] = bye ? 0x81 : 0x80;
          bytes[1] = bye ? 203 : 200;
          bytes[2] = 0;
          bytes[3] = static_cast<std::uint8_t>(bytes.size() / 4 - 1);
          StoreU32(bytes.data() + 4, 1u + (action & 7u) / 2);
        }
        latest = std::max(latest, now);
        receiver.HandleRtcp(now, bytes);
        break;
      case 4:
        if (action == 0x80) receiver.HandleEnd();
        if (action == 0x81) number = input.U16();
        if (action == 0x82) number = static_cast<std::uint16_t>(number - 3);
        if (action >= 0x90) timestamp += action & 15u;
        break;
      default: {  // RTP: source 1 to 4, marker, payload of up to 15 bytes
        bytes.assign(12, 0);
        bytes[0] = action == 0xff ? 0xa0 : 0x80;
        bytes[1] = static_cast<std::uint8_t>(96 | (action & 0x20) << 2);
        StoreU16(bytes.data() + 2, number++);
        const std::uint8_t shape = input.U8();
        const std::uint32_t ssrc = 1u + (shape >> 4 & 3u);
        StoreU32(bytes.data() + 4, ssrc << 28 | timestamp);  // says whose it is
        StoreU32(bytes.data() + 8, ssrc);
        for (int i = shape & 15; i > 0; --i) bytes.push_back(input.U8());
        latest = std::max(latest, now);
        receiver.HandleRtp(now, Packet(bytes));
        ++packets;
        if ((shape & 0x40) == 0) drain();
      }
    }
  }
  receiver.HandleEnd();
  drain();
  FUZZ_CHECK(receiver.reorder_counters().held == 0);
  return 0;
}
