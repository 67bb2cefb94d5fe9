#include "mediacore/sdp/ice_attributes.h"

#include "attribute_round_trip.h"

// Each line is an attribute, "name:value": what attribute_round_trip.h says holds of it.
// Each extension of a candidate is found by its name, or one before it of that name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  fuzz::CheckAttributes<sdp::IceUfrag, sdp::IcePwd, sdp::IceOptions, sdp::IcePacing, sdp::Candidate, sdp::RemoteCandidates>(data, size);
  std::string_view line(reinterpret_cast<const char*>(data), size);
  sdp::Candidate candidate;
  if (TakeUntil(line, ':') == "candidate" && sdp::Candidate::Read(TakeUntil(line, '\n'), candidate)) {
    std::string_view name;
    bool is_name = true;
    for (const std::string_view word : candidate.extensions) {
      if (!is_name) FUZZ_CHECK(!candidate.Extension(name).empty());
      name = word;
      is_name = !is_name;
    }
    FUZZ_CHECK(is_name);
  }
  return 0;
}
