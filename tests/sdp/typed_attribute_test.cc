#include "mediacore/sdp/typed_attribute.h"

#include "mediacore/sdp/session_view.h"
#include "support.h"

namespace mediacore::sdp {
namespace {

// What VisitAttribute() makes of an attribute, written again.
std::string Rewritten(const Attribute& attribute) {
  std::string text = std::string(attribute.name) + (attribute.value.empty() ? "" : ":") + std::string(attribute.value);
  if (FormOf(attribute.Name()) == AttributeForm::kUnknown) return "unknown";
  bool good = true;
  if (!VisitAttribute(attribute, [&](const auto& value) {
        std::array<char, 4096> room{};
        std::size_t size = 0;
        good = WriteAttribute(value, std::span(room), size);
        text.assign(room.data(), size);
      })) {
    return "refused";
  }
  return good ? text : "unwritable";
}

int ExpectTyped(const std::string& name, std::string_view text) {
  SessionView session;
  EXPECT_FALSE(SessionView::Parse(text, {}, session)) << name;
  int count = 0;
  const auto expect = [&](Attributes attributes) {
    for (const Attribute attribute : attributes) {
      ++count;
      EXPECT_EQ("a=" + Rewritten(attribute), std::string(attribute.name.data() - 2, attribute.name.size() + 2) +
                                                 (attribute.value.empty() ? "" : ":" + std::string(attribute.value)))
          << name << ", line " << session.LineOf(attribute.name);
    }
  };
  expect(session.attributes());
  for (const MediaView& media : session.media()) expect(media.attributes());
  return count;
}

TEST(SdpTypedAttributeTest, EveryAttributeOfBrowsersIsKnownAndWrittenByteForByte) {
  int count = 0;
  for (const auto& [name, text] : Offers()) count += ExpectTyped(name, text);
  EXPECT_GT(count, 1000);
}

TEST(SdpTypedAttributeTest, EveryAttributeOfTheCapturesIsKnownAndWrittenByteForByte) {
  const auto captured = CapturedDescriptions();
  if (captured.empty()) GTEST_SKIP() << "no captures beside the source";
  for (const auto& [name, text] : captured) ExpectTyped(name, text);
}

TEST(SdpTypedAttributeTest, EachTypedNameHasAReader) {
  for (std::size_t i = 1; i < internal::kAttributeNames.size(); ++i) {
    const auto name = static_cast<AttributeName>(i);
    // No typed attribute but these takes such a value; flags take none.
    const bool takes = name == AttributeName::kLabel || name == AttributeName::kMid || name == AttributeName::kContent ||
                       name == AttributeName::kRtcpXr || name == AttributeName::kGroup ||
                       name == AttributeName::kMsid || name == AttributeName::kMsidSemantic ||
                       name == AttributeName::kIceOptions || name == AttributeName::kIdentity ||
                       name == AttributeName::kTsRefClk || name == AttributeName::kMediaClk ||
                       name == AttributeName::kSsrcGroup || FormOf(name) == AttributeForm::kRaw;
    bool visited = false;
    EXPECT_EQ(VisitAttribute({ToString(name), "x"}, [&](const auto&) { visited = true; }), takes) << ToString(name);
    EXPECT_EQ(visited, takes && FormOf(name) == AttributeForm::kTyped) << ToString(name);
  }
}

}  // namespace
}  // namespace mediacore::sdp
