#include "mediacore/sdp/sdp_parser.h"

#include "../support/input.h"
#include "mediacore/sdp/rtp_media.h"
#include "mediacore/sdp/sdp_writer.h"

// What was parsed can be written, what was written is the same description, and
// each of its RTP media has payload types and clock rates in range. A refusal
// points into the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace mediacore::sdp;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  SessionDescription first;
  if (const auto refused = Parse(text, {}, first)) {
    FUZZ_CHECK(refused->offset <= size && refused->line >= 1);
    FUZZ_CHECK(!ToString(refused->cause).empty());
    return 0;
  }
  std::string written;
  FUZZ_CHECK(Write(first, written));
  SessionDescription second;
  FUZZ_CHECK(!Parse(written, {.max_bytes = 2 * size + 1024}, second));
  FUZZ_CHECK(first == second);
  std::string again(written.size(), ' ');
  std::size_t length = 0;
  FUZZ_CHECK(Write(second, std::span(again), length));
  FUZZ_CHECK(length == written.size() && again == written);

  std::size_t rtp = 0;
  for (const Media& media : first.media) rtp += media.IsRtp();
  const std::vector<RtpMedia> list = ReadRtpMedia(first);
  FUZZ_CHECK(list.size() == rtp);
  for (const RtpMedia& media : list) {
    const Media& line = first.media[media.index];
    FUZZ_CHECK(!media.address.empty() && media.port == line.port);
    FUZZ_CHECK(media.formats.size() == line.formats.size());
    for (const RtpFormat& format : media.formats) {
      FUZZ_CHECK(format.encoding_name.empty() == (format.clock_rate == 0));
      FUZZ_CHECK(format.channels > 0);
      std::size_t parameters = 0;
      std::string_view rest = format.fmtp.text();
      for (FormatParameters::Parameter p; FormatParameters::Take(rest, p);) {
        ++parameters;
      }
      FUZZ_CHECK(parameters <= format.fmtp.text().size());
    }
    if (media.rtcp_mux) FUZZ_CHECK(media.rtcp_port == media.port);
  }
  return 0;
}
