#include "mediacore/codec/sample_audio.h"

#include <algorithm>
#include <vector>

#include "../support/input.h"
#include "mediacore/codec/sample_audio_depacketizer.h"
#include "mediacore/codec/sample_audio_packetizer.h"

// The input is an encoding, channels, a packet size and time, then samples. What
// the view takes is cut into payloads that the view takes too, none above its size,
// whose ticks add up and whose bytes, depacketised, are the samples again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  if (size < 4) return 0;
  constexpr Codec kEncodings[] = {Codec::kPcmu, Codec::kPcma, Codec::kG722};
  const SampleAudioFormat format{kEncodings[data[0] % 3], data[1]};
  const std::size_t max_size = std::max<std::size_t>(data[2], 1);
  const Bytes samples = Bytes(data, size).subspan(4);
  const auto view = SampleAudioView::Parse(samples, format);
  SampleAudioPacketizer packetizer({format, max_size, TimeDelta::Millis(data[3])});
  const auto error = packetizer.SetFrame(samples);
  FUZZ_CHECK(ToString(error) != ToString(SampleAudioPacketizeError{99}));
  FUZZ_CHECK(view.has_value() == (error != SampleAudioPacketizeError::kPartialSample));
  std::vector<std::uint8_t> storage(max_size);
  std::vector<std::uint8_t> wire(max_size);
  SampleAudioDepacketizer depacketizer(storage, format);
  std::size_t ticks = 0;
  std::size_t back = 0;
  for (SampleAudioPacket packet; packetizer.Next(packet);) {
    FUZZ_CHECK(packet.first_tick == ticks && packet.size <= max_size);
    FUZZ_CHECK(packet.Write(wire));
    const Bytes payload = Bytes(wire).first(packet.size);
    ticks += SampleAudioView::Parse(payload, format)->ticks();
    FUZZ_CHECK(depacketizer.HandlePacket({RtpTimestamp(0), packet.marker, false, payload}) == SampleAudioError::kNone);
    EncodedFrame frame;
    FUZZ_CHECK(depacketizer.PollFrame(frame) && back + frame.data.size() <= samples.size());
    FUZZ_CHECK(std::equal(frame.data.begin(), frame.data.end(), samples.begin() + static_cast<std::ptrdiff_t>(back)));
    back += frame.data.size();
  }
  FUZZ_CHECK(back == (error == SampleAudioPacketizeError::kNone ? samples.size() : 0));
  if (view && back != 0) FUZZ_CHECK(ticks == view->ticks() && view->samples() % ticks == 0);
  if (view) FUZZ_CHECK(view->bytes().size() == samples.size());
  if (view) FUZZ_CHECK(view->duration() == TimeDelta::Micros(static_cast<std::int64_t>(view->ticks()) * 125));
  depacketizer.Flush();
  // As it came, whole or not.
  const auto whole = depacketizer.HandlePacket({RtpTimestamp(0), false, true, samples});
  FUZZ_CHECK(ToString(whole) != ToString(SampleAudioError{99}));
  FUZZ_CHECK((whole == SampleAudioError::kPartialSample) == !view.has_value());
  EncodedFrame frame;
  FUZZ_CHECK(depacketizer.PollFrame(frame) == (whole == SampleAudioError::kNone && !samples.empty()));
  return 0;
}
