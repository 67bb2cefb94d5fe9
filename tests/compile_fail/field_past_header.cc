#include <array>
#include "mediacore/base/bytes.h"
constexpr std::array<std::uint8_t, 12> kHeader{};
constexpr std::uint32_t kBad =
    mediacore::LoadU32<10>(std::span<const std::uint8_t, 12>(kHeader));
