#include "mediacore/rtp/ntp_extension.h"

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// Any bytes are refused or are written back; near itself a time cut to 56 bits
// is whole again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::Ntp64>({data, size}));
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::Ntp56>({data, size}));
  FUZZ_CHECK(rtp::Ntp56::Parse({data, size}).has_value() == (size == 7));
  const auto ntp = rtp::Ntp64::Parse({data, size});
  FUZZ_CHECK(ntp.has_value() == (size == 8));
  if (!ntp) return 0;
  const auto cut = rtp::Ntp56::Parse({data + 1, 7});
  FUZZ_CHECK(cut && *cut == rtp::Ntp56::Of(ntp->time));
  for (const std::int64_t ahead : {std::int64_t{0}, (std::int64_t{1} << 55) - 1, -(std::int64_t{1} << 55) + 1}) {
    FUZZ_CHECK(cut->Expand(NtpTime(ntp->time.value() + static_cast<std::uint64_t>(ahead))) == ntp->time);
  }
  return 0;
}
