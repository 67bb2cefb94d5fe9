#include "mediacore/rtp/sdes_extension.h"

#include "../../tests/support/extension_value.h"
#include "../support/input.h"

// Any bytes are refused or are written back; a RID is a MID, and a MID is text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  const Bytes value(data, size);
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::MidExtension>(value));
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::RidExtension>(value));
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::RepairedRidExtension>(value));
  FUZZ_CHECK(testing::ReadsAndWritesBack<rtp::CnameExtension>(value));
  const auto mid = rtp::MidExtension::Parse(value);
  const auto rid = rtp::RidExtension::Parse(value);
  const auto cname = rtp::CnameExtension::Parse(value);
  FUZZ_CHECK(cname.has_value() == (size >= 1 && size <= 255));
  FUZZ_CHECK(!rid || (mid && mid->name.view() == rid->name.view()));
  FUZZ_CHECK(!mid || (cname && cname->text.size() == mid->name.view().size()));
  return 0;
}
