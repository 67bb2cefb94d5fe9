// Writes a pcap of a camera: H.264 1080p60 at 8 Mbit/s and Opus, with sender
// reports, as RTP over UDP. The pictures are noise behind true headers: what is
// measured is the way of the bytes, not what they show.
//
//   make_capture FILE MEGABYTES
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "mediacore/base/byte_writer.h"
#include "mediacore/base/ntp_time.h"
#include "mediacore/capture/pcap_writer.h"
#include "mediacore/codec/h264_packetizer.h"
#include "mediacore/rtcp/sender_report.h"
#include "mediacore/rtp/packet_writer.h"
#include "mediacore/sim/random.h"

namespace {

using namespace mediacore;

constexpr std::array<std::uint8_t, 24> kSps = {  // 1920x1080, 60 frames/s, Baseline 4.2
    0x67, 0x42, 0xc0, 0x2a, 0xda, 0x01, 0xe0, 0x08, 0x9f, 0x97, 0x01, 0x10,
    0x00, 0x00, 0x03, 0x00, 0x10, 0x00, 0x00, 0x07, 0x80, 0xf1, 0x83, 0x2a};
constexpr std::array<std::uint8_t, 4> kPps = {0x68, 0xce, 0x0f, 0xc8};

class Capture {
 public:
  explicit Capture(const char* path) : file_(std::fopen(path, "wb")) {
    if (file_ == nullptr) {
      std::perror(path);
      std::exit(1);
    }
    Put(writer_.WriteFileHeader(buffer_));
  }
  ~Capture() { std::fclose(file_); }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  void Send(std::int64_t ns, std::uint16_t port, Bytes payload) {
    const std::uint8_t loopback[4] = {127, 0, 0, 1};
    const auto address = capture::IpAddress::FromV4(loopback);
    Put(writer_.WriteDatagram(ns, {{address, 9000}, {address, port}, payload}, buffer_));
  }
  std::uint64_t size() const { return size_; }

 private:
  void Put(std::size_t size) {
    if (size == 0 || std::fwrite(buffer_.data(), 1, size, file_) != size) {
      std::perror("cannot write");
      std::exit(1);
    }
    size_ += size;
  }
  std::FILE* file_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(70'000);
  capture::PcapWriter writer_;
  std::uint64_t size_ = 0;
};

class Stream {
 public:
  Stream(Capture& capture, std::uint16_t port, int payload_type, std::uint32_t ssrc)
      : capture_(capture), port_(port), payload_type_(payload_type), ssrc_(ssrc) {}

  void Send(std::int64_t ns, std::uint32_t timestamp, bool marker, Bytes payload) {
    rtp::PacketWriter packet;
    packet.marker = marker;
    packet.payload_type = payload_type_;
    packet.sequence_number = number_;
    packet.timestamp = RtpTimestamp(timestamp);
    packet.ssrc = ssrc_;
    packet.payload = payload;
    if (!packet.Write(buffer_)) std::abort();
    capture_.Send(ns, port_, Bytes(buffer_).first(packet.WireSize()));
    ++number_;
  }
  void Report(std::int64_t ns, std::uint32_t timestamp) {
    rtcp::SenderReportWriter report;
    report.sender_ssrc = ssrc_;
    report.ntp_time = NtpTime::FromUnixMicros(ns / 1000);
    report.rtp_timestamp = RtpTimestamp(timestamp);
    if (!report.Write(buffer_)) std::abort();
    capture_.Send(ns, static_cast<std::uint16_t>(port_ + 1),
                  Bytes(buffer_).first(report.WireSize()));
  }

 private:
  Capture& capture_;
  std::uint16_t port_;
  PayloadType payload_type_;
  Ssrc ssrc_;
  SequenceNumber number_;
  std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(2048);
};

void AppendNal(std::vector<std::uint8_t>& frame, Bytes nal) {
  std::array<std::uint8_t, 4> length{};
  StoreU32(length.data(), static_cast<std::uint32_t>(nal.size()));
  frame.insert(frame.end(), length.begin(), length.end());
  frame.insert(frame.end(), nal.begin(), nal.end());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: make_capture FILE MEGABYTES\n");
    return 2;
  }
  const std::uint64_t wanted = std::strtoull(argv[2], nullptr, 10) * 1'000'000;
  Capture capture(argv[1]);
  Stream video(capture, 20'000, 96, 0x11111111);
  Stream audio(capture, 20'002, 97, 0x22222222);
  sim::Random random(1);
  std::vector<std::uint8_t> noise(1 << 20);
  for (std::uint8_t& byte : noise) {  // never 0: no start code is imitated
    byte = static_cast<std::uint8_t>(1 + random.Below(255));
  }
  constexpr std::int64_t kStart = 1'700'000'000'000'000'000;
  std::vector<std::uint8_t> frame;
  std::vector<std::uint8_t> payload(1200);
  std::uint32_t sounds = 0;
  for (std::uint32_t pictures = 0; capture.size() < wanted; ++pictures) {
    const std::int64_t at = kStart + std::int64_t{pictures} * 1'000'000'000 / 60;
    const bool key = pictures % 120 == 0;
    frame.clear();
    if (key) {
      AppendNal(frame, kSps);
      AppendNal(frame, kPps);
    }
    // A key frame is about ten times as large as the others.
    const std::size_t size = (key ? 150'000 : 15'500) + random.Below(1000);
    const std::size_t from = random.Below(noise.size() - size);
    std::vector<std::uint8_t> slice(noise.begin() + static_cast<std::ptrdiff_t>(from),
                                    noise.begin() + static_cast<std::ptrdiff_t>(from + size));
    slice[0] = key ? 0x65 : 0x41;
    slice[1] = key ? 0x88 : 0x9a;  // first_mb_in_slice 0, slice_type 7 or 5, pps 0
    AppendNal(frame, slice);
    codec::H264Packetizer packetizer({.max_payload_size = 1200});
    if (packetizer.SetFrame(frame) != codec::H264PacketizeError::kNone) return 1;
    for (codec::H264Packet packet; packetizer.Next(packet);) {
      if (!packet.Write(payload)) return 1;
      video.Send(at, pictures * 1500, packet.marker, Bytes(payload).first(packet.size));
    }
    for (; std::int64_t{sounds} * 60 < std::int64_t{pictures} * 50; ++sounds) {
      std::vector<std::uint8_t> sound(noise.begin(), noise.begin() + 160);
      sound[0] = 0xfc;  // CELT, 20 ms, stereo, one frame
      audio.Send(at, sounds * 960, false, sound);
      if (sounds % 250 == 0) audio.Report(at, sounds * 960);
    }
    if (pictures % 300 == 0) video.Report(at, pictures * 1500);
  }
  return 0;
}
