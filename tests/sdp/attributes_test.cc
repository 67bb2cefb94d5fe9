#include "mediacore/sdp/attributes.h"

#include "support.h"

namespace mediacore::sdp {
namespace {

constexpr RtpMap Opus() {
  RtpMap map;
  return RtpMap::Read("111 opus/48000/2", map) ? map : RtpMap();
}
static_assert(Opus().payload_type == PayloadType(111) && Opus().encoding_name == "opus" &&
              Opus().clock_rate == 48'000 && Opus().channels == 2);

TEST(SdpAttributesTest, RtpMapsAreKeptAndTheirNumbersAreInRange) {
  ExpectKept<RtpMap>({"0 PCMU/8000", "9 G722/8000/1", "111 opus/48000/2", "127 x/4294967295/255"});
  ExpectRefused<RtpMap>({"", "128 X/8000", "0 X/0", "0 X/4294967296", "0 X/8000/256", "0 X/8000/0", "0", "0 /8000",
                         "-1 X/8000", "0 X Y/8000", "0 X", "0 X/", "0 X/8000/"});
  ExpectUnwritable<RtpMap>({{PayloadType(0), "", 1, 0}, {PayloadType(0), "a b", 1, 0}, {PayloadType(0), "a/b", 1, 0},
                            {PayloadType(0), "a", 0, 0}, {PayloadType(0), "a\n", 1, 0}});
}

TEST(SdpAttributesTest, FormatParametersAreKeptAsTheyStand) {
  ExpectKept<Fmtp>({"96 apt=97", "101 0-15", "111 minptime=10;useinbandfec=1", "0 ", "0  a = b ; c"});
  ExpectRefused<Fmtp>({"", "300 x", "x"});
  ExpectUnwritable<Fmtp>({{PayloadType(0), FormatParameters("a\r\na=x")}});
}

TEST(SdpAttributesTest, FeedbackIsOfOnePayloadTypeOrOfAll) {
  ExpectKept<RtcpFb>({"96 nack", "96 nack pli", "96 ccm tmmbr smaxpr=120", "* transport-cc", "127 trr-int 100"});
  ExpectRefused<RtcpFb>({"", "96", "96 ", "128 nack", "** nack", "*", "x nack"});
  RtcpFb all;
  ASSERT_TRUE(RtcpFb::Read("* nack pli", all));
  EXPECT_TRUE(all.AppliesTo(PayloadType(5)));
  EXPECT_EQ(all.parameters, "pli");
  RtcpFb one;
  ASSERT_TRUE(RtcpFb::Read("5 nack", one));
  EXPECT_TRUE(one.AppliesTo(PayloadType(5)));
  EXPECT_FALSE(one.AppliesTo(PayloadType(6)));
  ExpectUnwritable<RtcpFb>({{{}, "", ""}, {{}, "a b", ""}, {{}, "a", "\n"}});
}

TEST(SdpAttributesTest, RtcpHasItsOwnPortAndMayHaveItsOwnAddress) {
  ExpectKept<Rtcp>({"9", "53020 IN IP4 126.16.64.4", "65535 IN IP6 2001:2345::1", "9 IN IP4 0.0.0.0"});
  ExpectRefused<Rtcp>({"", "65536", "1 IN IP4", "1 IN IP5 h", "1 IN IP4 ", "1 IN IP4 a b", "1 IN IP47h"});
  ExpectUnwritable<Rtcp>({{1, Address{AddressType::kIp4, ""}}, {1, Address{AddressType::kIp4, "a b"}}});
}

TEST(SdpAttributesTest, FormatsOfExtendedReportsAreAListThatMayBeEmpty) {
  ExpectKept<RtcpXr>({"", "rcvr-rtt=all", "rcvr-rtt=all:10000 stat-summary=loss,dup,jitt,TTL"});
  ExpectRefused<RtcpXr>({" ", "a  b", "a "});
}

TEST(SdpAttributesTest, TimesAndRatesAreMoreThanNothingAndBounded) {
  ExpectKept<Ptime>({"20", "20.5", "0.125", "60000"});
  ExpectRefused<Ptime>({"", "0", "0.000", "60001", "60000.001", "-1", "20ms", "20.x", "99999999999999999999", "."});
  ExpectKept<MaxPtime>({"120"});
  ExpectRefused<MaxPtime>({"99999999999"});
  ExpectKept<FrameRate>({"25", "29.97", "59.94", "0.5", "1000"});
  ExpectRefused<FrameRate>({"0", "1001", "1000.5", "25/1"});
  Ptime ptime;
  ASSERT_TRUE(Ptime::Read("20.1234", ptime)) << "digits that do not count";
  EXPECT_EQ(ptime.time, TimeDelta::Micros(20'123));
  ExpectUnwritable<Ptime>({{TimeDelta::Zero()}, {TimeDelta::Micros(-1)}, {TimeDelta::Micros(60'000'001)},
                           {TimeDelta::PlusInfinity()}});
}

TEST(SdpAttributesTest, SourcesHaveAttributesAndGroups) {
  ExpectKept<SsrcAttribute>({"4294967295 cname:a:b", "1 msid:s t", "1 x"});
  ExpectRefused<SsrcAttribute>({"", "4294967296 a", "1", "1 ", "1 :x", "x cname:y"});
  ExpectKept<SsrcGroup>({"FID 1 2", "FEC-FR 3 4", "SIM 1 2 3", "LS", "X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16"});
  ExpectRefused<SsrcGroup>({"", "FID 1  2", "FID x", "FID 4294967296", "FID 1 ",
                            "X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17"});
  SsrcGroup group;
  ASSERT_TRUE(SsrcGroup::Read("FID 10 20", group));
  ASSERT_EQ(group.ssrcs().size(), 2u);
  EXPECT_EQ(group.ssrcs()[1], Ssrc(20));
  group.count = 17;
  EXPECT_EQ(group.ssrcs().size(), 16u);
  ExpectUnwritable<SsrcGroup>({group, SsrcGroup()});
}

TEST(SdpAttributesTest, LabelsAndContentAreTokens) {
  ExpectKept<Content>({"slides", "main,alt"});
  ExpectRefused<Content>({"", "a,", ",a", "a,,b", "a b"});
  ExpectKept<Label>({"1", "track{x}"});
  ExpectRefused<Label>({"", "a b", "a:b", "a\x7f", "\xc3\xa9"});
  ExpectUnwritable<Label>({{"a b"}, {""}});
}

TEST(SdpAttributesTest, SourceFiltersNameWhoMaySend) {
  ExpectKept<SourceFilter>({" incl IN IP4 232.3.4.5 192.0.2.10", " excl IN IP6 FF0E::11A 2001:DB8::1 2001:DB8::2",
                            " incl IN * * dst.example.com"});
  EXPECT_EQ(Rewritten<SourceFilter>("incl IN IP4 * 192.0.2.10"), "source-filter: incl IN IP4 * 192.0.2.10");
  ExpectRefused<SourceFilter>({"", "incl", "some IN IP4 * a", " incl IX IP4 * a", " incl IN IP5 * a", " incl IN IP4 *",
                               " incl IN IP4 * ", " incl IN IP4  a"});
}

TEST(SdpAttributesTest, DirectionsAreNamesWithoutValues) {
  for (const Direction direction : {Direction::kSendRecv, Direction::kSendOnly, Direction::kRecvOnly, Direction::kInactive}) {
    Direction read = Direction::kSendRecv;
    EXPECT_TRUE(ReadDirection(AttributeNameOf(ToString(direction)), read));
    EXPECT_EQ(read, direction);
  }
  Direction read = Direction::kInactive;
  EXPECT_FALSE(ReadDirection(AttributeName::kRtcpMux, read));
  EXPECT_FALSE(ReadDirection(AttributeName::kUnknown, read));
  EXPECT_EQ(read, Direction::kInactive);
}

}  // namespace
}  // namespace mediacore::sdp
