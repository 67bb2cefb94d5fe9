// A field that lies past the end of a header is an error of the compiler.
// expect: field lies outside the header
#include <array>

#include "mediacore/base/bytes.h"

#ifdef MEDIACORE_COMPILES
constexpr std::size_t kOffset = 8;
#else
constexpr std::size_t kOffset = 10;
#endif
constexpr std::array<std::uint8_t, 12> kHeader{};
constexpr std::uint32_t kField = mediacore::LoadU32<kOffset>(
    std::span<const std::uint8_t, 12>(kHeader));
static_assert(kField == 0);
