#include "describe.h"
#include "mediacore/sdp/session_view.h"
#include "mediacore/sdp/typed_attribute.h"

namespace mediacore::tools {
namespace {

void DescribeSection(const sdp::Lines& lines, const sdp::Attributes& attributes, Fields& fields) {
  fields.BeginList("lines");
  for (const sdp::Line line : lines) {
    fields.BeginObject("");
    fields("type", std::string_view(&line.type, 1));
    fields("value", line.value);
    fields.End();
  }
  fields.End();
  fields.BeginList("attributes");
  for (const sdp::Attribute attribute : attributes) {
    fields.BeginObject("");
    fields("name", attribute.name);
    fields("value", attribute.value);
    // Read as what it is; those of which nothing is known are fine.
    fields("valid", sdp::VisitAttribute(attribute, [](const auto&) {}));
    fields.End();
  }
  fields.End();
}

}  // namespace

Verdict DescribeSdp(Bytes text, Fields& fields) {
  sdp::SessionView session;
  const std::string_view words(reinterpret_cast<const char*>(text.data()), text.size());
  if (const auto refused = sdp::SessionView::Parse(words, {}, session)) {
    return {ToString(refused->cause), refused->offset};
  }
  fields.BeginObject("session");
  DescribeSection(session.lines(), session.attributes(), fields);
  fields.End();
  fields.BeginList("media");
  for (const sdp::MediaView& media : session.media()) {
    fields.BeginObject("");
    fields("type", media.type());
    fields("port", media.port());
    fields("protocol", media.protocol());
    DescribeSection(media.lines(), media.attributes(), fields);
    fields.End();
  }
  fields.End();
  return {};
}

}  // namespace mediacore::tools
