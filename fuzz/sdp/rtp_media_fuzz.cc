#include "mediacore/sdp/rtp_media.h"

#include "../support/input.h"

// The formats of RTP media are those of the m= line, each payload type once and
// found by it; names come with clock rates; ports agree.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::sdp;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  SessionView session;
  if (SessionView::Parse(text, {}, session)) return 0;
  for (const MediaView& view : session.media()) {
    if (!view.IsRtp()) continue;
    const RtpMedia media(session, view);
    FUZZ_CHECK(!media.connection.address.text.empty() && media.port == view.port());
    if (media.rtcp_mux) FUZZ_CHECK(media.rtcp_port == media.port);
    FUZZ_CHECK(!media.formats.empty() && media.formats.size() <= view.formats().Count());
    for (const std::string_view format : view.formats()) {
      std::uint64_t type = 0;
      FUZZ_CHECK(ParseDecimal(format, 127, type));
      const RtpFormat* const found = media.formats.Find(PayloadType(static_cast<int>(type)));
      FUZZ_CHECK(found != nullptr && found->payload_type.value() == static_cast<int>(type));
    }
    for (const RtpFormat& format : media.formats) {
      FUZZ_CHECK(media.formats.Find(format.payload_type) == &format);
      FUZZ_CHECK(format.encoding_name.empty() == (format.clock_rate == 0) && format.channels > 0);
      static_cast<void>(CodecOf(format.encoding_name));
    }
  }
  return 0;
}
