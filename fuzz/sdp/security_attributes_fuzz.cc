#include "mediacore/sdp/security_attributes.h"

#include "attribute_round_trip.h"

// Each line is an attribute, "name:value": what attribute_round_trip.h says holds of it.
// An inline key that was read is written as it reads.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  fuzz::CheckAttributes<sdp::Fingerprint, sdp::Setup, sdp::ConnectionReuse, sdp::TlsId, sdp::Crypto, sdp::Identity>(data, size);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  sdp::InlineKey key, again;
  if (sdp::InlineKey::Read(text, key) && text.find_first_of(std::string_view("\0\r\n ;", 5)) == text.npos) {
    std::string written;
    FUZZ_CHECK(sdp::internal::PrintInto([&](auto& printer) { key.Write(printer); }, written));
    FUZZ_CHECK(sdp::InlineKey::Read(written, again) && again == key);
  }
  return 0;
}
