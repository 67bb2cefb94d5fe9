#include "mediacore/sdp/webrtc_attributes.h"

#include "support.h"

namespace mediacore::sdp {
namespace {

constexpr bool BundlesThree() {
  Group group;
  return Group::Read("BUNDLE 0 1 data", group) && group.semantics == "BUNDLE" && group.mids.Count() == 3 &&
         group.mids.Has("data") && !group.mids.Has("dat");
}
static_assert(BundlesThree());

TEST(SdpWebRtcAttributesTest, GroupsListMids) {
  ExpectKept<Group>({"BUNDLE 0 1 2", "LS a v", "BUNDLE"});
  ExpectRefused<Group>({"", " 0", "BUNDLE 0  1", "BUNDLE 0 "});
  ExpectUnwritable<Group>({{"", Words("0")}, {"A B", Words("0")}, {"A", Words("0  1")}, {"A", Words("0\n")}});
}

TEST(SdpWebRtcAttributesTest, MidsAreTokensOfAtMostSixteenCharacters) {
  ExpectKept<MidAttribute>({"0", "sdparta_0", "0123456789abcdef"});
  ExpectRefused<MidAttribute>({"", "0123456789abcdefg", "a b", "a/b"});
  ExpectUnwritable<MidAttribute>({MidAttribute()});
}

TEST(SdpWebRtcAttributesTest, MsidsAreKept) {
  const std::string longest = std::string(64, 's') + " " + std::string(64, 't');
  ExpectKept<Msid>({"-", "- t", "s t", "{8c677b9d-e3f3} {dea7c60f}", longest});
  ExpectRefused<Msid>({"", " t", "s t u", std::string(65, 's'), "s " + std::string(65, 't'), "a:b"});
  ExpectKept<MsidSemantic>({" WMS", " WMS a b", "WMS *"});
  ExpectRefused<MsidSemantic>({"", " ", "  WMS", "WMS  a"});
  ExpectUnwritable<MsidSemantic>({MsidSemantic()});
}

TEST(SdpWebRtcAttributesTest, ExtensionsHaveIdsInRange) {
  ExpectKept<ExtMap>({"1 urn:ietf:params:rtp-hdrext:toffset", "2/recvonly urn:x", "3/inactive URI-gps-string",
                      "4 urn:ietf:params:rtp-hdrext:encrypt urn:y", "14 u a=b c", "256 u", "4096 u", "4351/sendrecv u"});
  ExpectRefused<ExtMap>({"", "0 u", "257 u", "4095 u", "4352 u", "1", "1 ", "1/ u", "1/both u", "1/rtcp-mux u", "x u"});
  ExpectUnwritable<ExtMap>({{0, {}, "u", ""}, {300, {}, "u", ""}, {1, {}, "", ""}, {1, {}, "u v", ""}});
}

TEST(SdpWebRtcAttributesTest, SctpHasAPortAndASizeOfMessages) {
  ExpectKept<SctpPort>({"0", "5000", "65535"});
  ExpectRefused<SctpPort>({"", "65536", "x"});
  ExpectKept<MaxMessageSize>({"0", "262144", "1073741823", "9007199254740992"});
  ExpectRefused<MaxMessageSize>({"", "-1", "9007199254740993", "18446744073709551615"});
  ExpectUnwritable<MaxMessageSize>({{DataSize::Bytes(-1)}, {DataSize::PlusInfinity()}});
  ExpectKept<SctpMap>({"5000 webrtc-datachannel 1024", "5000 webrtc-datachannel"});
  ExpectRefused<SctpMap>({"", "5000", "65536 x", "5000 x 65536", "5000 x y"});
  ExpectUnwritable<SctpMap>({{5000, "", {}}});
}

}  // namespace
}  // namespace mediacore::sdp
