#include "mediacore/codec/vpcc.h"

#include <algorithm>
#include <vector>

#include "../support/input.h"

// A record that reads is written back byte by byte; its name has a form that players
// know. The computed level is one that there is, and does not rise when pictures get
// smaller or fewer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::codec;
  const Bytes bytes(data, size);
  const auto check_name = [](const VpConfig& config) {
    for (const Codec codec : {Codec::kVp8, Codec::kVp9}) {
      const CodecString name = config.codec_string(codec);
      const auto dots = std::count(name.view().begin(), name.view().end(), '.');
      FUZZ_CHECK(name.view().starts_with(codec == Codec::kVp8 ? "vp08." : "vp09.") && (dots == 3 || dots == 8));
      FUZZ_CHECK(name.view().size() >= 13 && name.view().size() <= 31 && name.view().back() != '.');
    }
  };
  const auto config = VpConfig::Parse(bytes);
  if (!config) {
    FUZZ_CHECK(ToString(config.error()).starts_with("vpcc: "));
    FUZZ_CHECK((config.error() == VpConfigError::kTooShort) == (size < VpConfig::kSize));
  } else {
    std::vector<std::uint8_t> out(config->WireSize());
    FUZZ_CHECK(out.size() == VpConfig::kSize && config->Write(out));
    FUZZ_CHECK(std::equal(out.begin(), out.end(), data));
    check_name(*config);
  }

  fuzz::Input input(data, size);
  const std::uint32_t width = input.U16() + 1u;
  const std::uint32_t height = input.U16() + 1u;
  const auto rate = Frequency::MilliHertz(input.U16() * 10);
  const std::uint8_t level = Vp9LevelOf(width, height, rate);
  FUZZ_CHECK(level == 0 || (level >= 10 && level <= 62 && level % 10 <= 2));
  const std::uint8_t narrower = Vp9LevelOf(width / 2, height, rate);
  const std::uint8_t slower = Vp9LevelOf(width, height, rate / 2);
  if (level != 0) FUZZ_CHECK(narrower != 0 && narrower <= level && slower != 0 && slower <= level);
  FUZZ_CHECK(Vp9LevelOf(height, width, rate) == level);

  const Bytes frame = bytes.subspan(std::min<std::size_t>(size, 6));
  if (const auto header = Vp9FrameHeader::Parse(frame)) {
    const VpConfig of = VpConfig::Of(*header, width, height, rate);
    std::vector<std::uint8_t> out(VpConfig::kSize);
    const bool odd = !header->color.subsampling_x && header->color.subsampling_y;
    FUZZ_CHECK(of.level == level && of.Write(out) == !odd);
    if (odd) return 0;
    FUZZ_CHECK(*VpConfig::Parse(out) == of);
    check_name(of);
  }
  if (const auto header = Vp8FrameHeader::Parse(frame)) {
    const VpConfig of = VpConfig::Of(*header, rate);
    FUZZ_CHECK(of.WireSize() == VpConfig::kSize);
    check_name(of);
  }
  return 0;
}
