#include "mediacore/sdp/session_view.h"

#include "../support/input.h"

// A refusal points into the text. What was parsed is made of its lines, each
// once: the session's, then those of each media description; numbers of RTP are
// in range and their readers succeed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mediacore;
  using namespace mediacore::sdp;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const SessionLimits limits{.max_bytes = 4096, .max_lines = 200, .max_media = 20};
  SessionView session;
  if (const auto refused = SessionView::Parse(text, limits, session)) {
    FUZZ_CHECK(refused->offset <= size);
    const std::string_view before = text.substr(0, refused->offset);
    FUZZ_CHECK(refused->line == 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')));
    FUZZ_CHECK(ToString(refused->cause) != "sdp: unknown");
    return 0;
  }
  FUZZ_CHECK(size <= limits.max_bytes && session.media().size() <= limits.max_media);

  FUZZ_CHECK(session.OffsetOf(session.name()) <= size && !session.origin().username.empty());

  LineReader lines(text);
  const auto expect = [&](std::string_view value, char type) {
    std::string_view line;
    FUZZ_CHECK(lines.ReadLine(line) && line[0] == type && line.substr(2).data() == value.data());
  };
  const auto expect_section = [&](const auto& section) {
    for (const Line line : section.lines()) expect(line.value, line.type);
    for (const Attribute attribute : section.attributes()) {
      expect(attribute.name, 'a');
      std::string_view first;
      FUZZ_CHECK(section.attributes().Find(attribute.name, first) && first.data() <= attribute.value.data());
      FUZZ_CHECK(session.LineOf(attribute.name) == lines.number());
      FUZZ_CHECK(attribute.Name() == AttributeName::kUnknown || section.attributes().Has(attribute.Name()));
    }
  };
  expect_section(session);
  FUZZ_CHECK(!session.attributes().Has(AttributeName::kUnknown));
  std::size_t media_count = 0;
  for (const MediaView& media : session.media()) {
    ++media_count;
    FUZZ_CHECK(session.OffsetOf(media.text()) < size && media.line().port == media.port() && !media.type().empty());
    FUZZ_CHECK(IsRtpProtocol(media.protocol()) == media.IsRtp());
    expect_section(media);
    FUZZ_CHECK(!session.ConnectionOf(media).address.text.empty());
    if (!media.IsRtp()) continue;
    for (const std::string_view format : media.formats()) {
      std::uint64_t type = 0;
      FUZZ_CHECK(ParseDecimal(format, 127, type));
    }
    for (const Attribute attribute : media.attributes()) FUZZ_CHECK(sdp::internal::IsGood(attribute));
  }
  FUZZ_CHECK(media_count == session.media().size());
  for (std::string_view line; lines.ReadLine(line);) FUZZ_CHECK(line.empty());
  return 0;
}
