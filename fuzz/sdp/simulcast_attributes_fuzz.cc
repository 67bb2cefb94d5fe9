#include "mediacore/sdp/simulcast_attributes.h"

#include "attribute_round_trip.h"

// Each line is an attribute, "name:value": what attribute_round_trip.h says holds of it.
// Restrictions that were read are written as they read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  fuzz::CheckAttributes<sdp::RidAttribute, sdp::Simulcast>(data, size);
  const sdp::FormatParameters text(std::string_view(reinterpret_cast<const char*>(data), size));
  sdp::RidRestrictions restrictions, again;
  if (sdp::RidRestrictions::Read(text, restrictions) && text.text().find_first_of(std::string_view("\0\r\n", 3)) == text.text().npos) {
    std::string written;
    FUZZ_CHECK(sdp::internal::PrintInto([&](auto& printer) { restrictions.Write(printer); }, written));
    FUZZ_CHECK(sdp::RidRestrictions::Read(sdp::FormatParameters(written), again) && again == restrictions);
  }
  return 0;
}
