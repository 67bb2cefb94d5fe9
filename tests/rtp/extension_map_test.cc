#include "mediacore/rtp/extension_map.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace mediacore::rtp {
namespace {

static_assert(ExtensionKindOf("urn:ietf:params:rtp-hdrext:sdes:mid") ==
              ExtensionKind::kMid);

static_assert(ExtensionKindOf("http://tools.ietf.org/html/draft-ietf-avtext-framemarking-07") ==
              ExtensionKind::kFrameMarking);
static_assert(ExtensionKindOfShortName("abs-send-time") == ExtensionKind::kAbsSendTime);
static_assert(sizeof(ExtensionMap) == 256 + kExtensionKindCount + 1);

TEST(RtpExtensionMapTest, EveryKindHasOneUriAndOneShortNameAndIsFoundByEither) {
  std::set<std::string_view> uris;
  std::set<std::string_view> short_names;
  for (int i = 1; i < kExtensionKindCount; ++i) {
    const auto kind = static_cast<ExtensionKind>(i);
    EXPECT_FALSE(ExtensionUri(kind).empty()) << i;
    EXPECT_TRUE(uris.insert(ExtensionUri(kind)).second) << i;
    EXPECT_EQ(ExtensionKindOf(ExtensionUri(kind)), kind) << i;
    EXPECT_FALSE(ExtensionShortName(kind).empty()) << i;
    EXPECT_TRUE(short_names.insert(ExtensionShortName(kind)).second) << i;
    EXPECT_EQ(ExtensionKindOfShortName(ExtensionShortName(kind)), kind) << i;
  }
  EXPECT_EQ(ExtensionKindOfShortName(""), ExtensionKind::kUnknown);
  EXPECT_EQ(ExtensionKindOfShortName("MID"), ExtensionKind::kUnknown);
  EXPECT_EQ(ExtensionKindOf(""), ExtensionKind::kUnknown);
  EXPECT_EQ(ExtensionKindOf("urn:example:other"), ExtensionKind::kUnknown);
}

TEST(RtpExtensionMapTest, TheKindsOfABrowsersOfferAreKnown) {
  for (const char* uri :
       {"urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
        "urn:ietf:params:rtp-hdrext:sdes:mid", "urn:ietf:params:rtp-hdrext:toffset",
        "urn:3gpp:video-orientation",
        "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
        "http://www.webrtc.org/experiments/rtp-hdrext/video-content-type",
        "http://www.webrtc.org/experiments/rtp-hdrext/video-timing",
        "http://www.webrtc.org/experiments/rtp-hdrext/color-space",
        "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
        "https://aomediacodec.github.io/av1-rtp-spec/"
        "#dependency-descriptor-rtp-header-extension",
        "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00"}) {
    EXPECT_NE(ExtensionKindOf(uri), ExtensionKind::kUnknown) << uri;
  }
}

TEST(RtpExtensionMapTest, LooksUpBothWays) {
  ExtensionMap map;
  EXPECT_EQ(map.IdOf(ExtensionKind::kMid), 0);
  EXPECT_EQ(map.Add(4, ExtensionKind::kMid), ExtensionMapResult::kOk);
  EXPECT_EQ(map.Add(255, ExtensionKind::kAbsSendTime), ExtensionMapResult::kOk);
  EXPECT_EQ(map.IdOf(ExtensionKind::kMid), 4);
  EXPECT_EQ(map.KindOf(4), ExtensionKind::kMid);
  EXPECT_EQ(map.KindOf(255), ExtensionKind::kAbsSendTime);
  for (const int id : {-1, 0, 5, 256}) {
    EXPECT_EQ(map.KindOf(id), ExtensionKind::kUnknown) << id;
  }
}

TEST(RtpExtensionMapTest, TheSameAgreementTwiceIsNoConflict) {
  ExtensionMap map;
  EXPECT_EQ(map.Add(4, ExtensionKind::kMid), ExtensionMapResult::kOk);
  EXPECT_EQ(map.Add(4, ExtensionKind::kMid), ExtensionMapResult::kOk);
}

TEST(RtpExtensionMapTest, AConflictIsRefusedAndTheFirstStands) {
  ExtensionMap map;
  ASSERT_EQ(map.Add(4, ExtensionKind::kMid), ExtensionMapResult::kOk);
  EXPECT_EQ(map.Add(4, ExtensionKind::kRid), ExtensionMapResult::kIdTaken);
  EXPECT_EQ(map.Add(5, ExtensionKind::kMid), ExtensionMapResult::kKindTaken);
  EXPECT_EQ(map.KindOf(4), ExtensionKind::kMid);
  EXPECT_EQ(map.IdOf(ExtensionKind::kMid), 4);
  EXPECT_EQ(map.KindOf(5), ExtensionKind::kUnknown);
  EXPECT_EQ(map.IdOf(ExtensionKind::kRid), 0);
}

TEST(RtpExtensionMapTest, IdsOutsideTheAgreedRangeAreRefused) {
  for (const auto ids : {ExtensionMap::Ids::kOneByte, ExtensionMap::Ids::kTwoByte}) {
    const int last = ids == ExtensionMap::Ids::kOneByte ? 14 : 255;
    for (const int id : {-1, 0, last + 1, 1000}) {
      EXPECT_EQ(ExtensionMap(ids).Add(id, ExtensionKind::kMid),
                ExtensionMapResult::kBadId);
    }
    EXPECT_EQ(ExtensionMap(ids).Add(last, ExtensionKind::kMid),
              ExtensionMapResult::kOk);
  }
}

TEST(RtpExtensionMapTest, TheWholeOfIanasRegistryIsKnown) {
  for (const char* uri : {"toffset", "ntp-64", "ntp-56", "smpte-tc", "ssrc-audio-level", "csrc-audio-level", "encrypt",
                          "splicing-interval", "framemarking", "sdes:cname", "sdes:rtp-stream-id",
                          "sdes:repaired-rtp-stream-id", "sdes:CaptId", "sdes:mid"}) {
    EXPECT_NE(ExtensionKindOf("urn:ietf:params:rtp-hdrext:" + std::string(uri)), ExtensionKind::kUnknown) << uri;
  }
  for (const char* uri : {"video-orientation", "video-orientation:6", "roi-sent", "predefined-roi-sent"}) {
    EXPECT_NE(ExtensionKindOf("urn:3gpp:" + std::string(uri)), ExtensionKind::kUnknown) << uri;
  }
}

TEST(RtpExtensionMapTest, AnUnknownKindIsRefusedAndSoIsTheWrapperOfEncryptedOnes) {
  EXPECT_EQ(ExtensionMap().Add(1, ExtensionKind::kEncrypted), ExtensionMapResult::kUnknownKind);
  EXPECT_EQ(ExtensionMap().Add(1, ExtensionKind::kUnknown),
            ExtensionMapResult::kUnknownKind);
}

}  // namespace
}  // namespace mediacore::rtp
