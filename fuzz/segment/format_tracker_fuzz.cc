#include "mediacore/segment/format_tracker.h"

#include <algorithm>
#include <array>
#include <vector>

#include "../support/input.h"

// Frames of any bytes, of any of the four codecs: what goes into a container is not
// more than the frame and comes out of it; a stream that is complete can be described,
// alike as long as its generation stays, with a size, a name and a configuration.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::segment;
  fuzz::Input input(data, size);
  constexpr std::array<Codec, 4> kCodecs = {Codec::kH264, Codec::kH265, Codec::kVp9, Codec::kAv1};
  const Codec codec = kCodecs[input.U8() % kCodecs.size()];
  FormatTracker tracker(codec);
  VideoFormat before;
  std::uint32_t described = 0;
  while (!input.empty()) {
    const std::uint8_t flags = input.U8();
    std::vector<std::uint8_t> bytes(input.U16() & 0x1ff);
    for (std::uint8_t& byte : bytes) byte = input.U8();
    if ((flags & 1) != 0) {
      tracker.AddParameterSet(bytes);
      continue;
    }
    codec::EncodedFrame frame;
    frame.codec = codec;
    frame.key_frame = (flags & 2) != 0;
    frame.data = bytes;
    if (tracker.Look(frame)) {
      std::vector<std::uint8_t> sample(bytes.size());
      const std::size_t kept = tracker.CopySample(bytes, (flags & 4) != 0, sample.data());
      FUZZ_CHECK(kept <= bytes.size());
      // What is kept, is kept in its order.
      std::size_t at = 0;
      for (const std::uint8_t byte : bytes) at += at < kept && sample[at] == byte ? 1 : 0;
      FUZZ_CHECK(at == kept);
    }
    VideoFormat format;
    if (!tracker.complete() || !tracker.Describe(format)) continue;
    FUZZ_CHECK(format.width > 0 && format.height > 0 && format.config_size <= VideoFormat::kMaxConfigSize);
    FUZZ_CHECK(format.config_size > 0 && format.codec_string.view().size() >= 10);
    if (described == tracker.generation() + 1) {
      FUZZ_CHECK(format.width == before.width && format.height == before.height &&
                 format.codec_string == before.codec_string && std::ranges::equal(format.config(), before.config()));
    }
    before = format;
    described = tracker.generation() + 1;
  }
  return 0;
}
