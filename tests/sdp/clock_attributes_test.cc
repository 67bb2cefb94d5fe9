#include "mediacore/sdp/clock_attributes.h"

#include "support.h"

namespace mediacore::sdp {
namespace {

// The examples of RFC 7273, sections 4.8 and 5.4.
TEST(SdpClockAttributesTest, ReferenceClocksAreKept) {
  ExpectKept<TsRefClk>({"ntp=203.0.113.10", "ntp=/traceable/", "ptp=IEEE1588-2008:39-A7-94-FF-FE-07-CB-D0",
                        "ptp=IEEE1588-2008:39-A7-94-FF-FE-07-CB-D0:127", "ptp=IEEE802.1AS-2011:39-A7-94-FF-FE-07-CB-D0",
                        "ptp=IEEE1588-2008:traceable", "gps", "gal", "glonass", "local", "private",
                        "private:traceable", "localmac=00-20-FC-32-11-01", "other=x=y z"});
  ExpectRefused<TsRefClk>({"", "=x", "ntp", "ntp=", "ptp", "ptp=x", "ptp=:39-A7-94-FF-FE-07-CB-D0",
                           "ptp=v:39-A7-94-FF-FE-07-CB", "ptp=v:39:A7:94:FF:FE:07:CB:D0",
                           "ptp=v:39-A7-94-FF-FE-07-CB-GG", "ptp=v:traceable:1", "localmac", "a b"});
  ExpectUnwritable<TsRefClk>({{"", ""}, {"ntp", ""}, {"ptp", "x"}, {"a=b", ""}, {"gps", "\n"}});
}

TEST(SdpClockAttributesTest, PtpNamesItsGrandmasterAndDomain) {
  TsRefClk clock;
  ASSERT_TRUE(TsRefClk::Read("ptp=IEEE1588-2008:39-a7-94-FF-FE-07-CB-D0:domain-nmbr=0", clock));
  PtpClock ptp;
  ASSERT_TRUE(clock.ReadPtp(ptp));
  EXPECT_EQ(ptp.version, "IEEE1588-2008");
  ASSERT_TRUE(ptp.grandmaster);
  EXPECT_EQ(ptp.grandmaster->bytes, (std::array<std::uint8_t, 8>{0x39, 0xa7, 0x94, 0xff, 0xfe, 7, 0xcb, 0xd0}));
  EXPECT_EQ(ptp.domain, "domain-nmbr=0");
  ASSERT_TRUE(TsRefClk::Read("gps", clock));
  EXPECT_FALSE(clock.ReadPtp(ptp));

  std::string text;
  const auto write = [&](const PtpClock& value) {
    text.clear();
    return internal::PrintInto([&](auto& printer) { value.Write(printer); }, text);
  };
  EXPECT_TRUE(write({"v", Eui64{{1, 2, 3, 4, 5, 6, 7, 0xab}}, "5"}));
  EXPECT_EQ(text, "v:01-02-03-04-05-06-07-AB:5");
  EXPECT_TRUE(write({"v", {}, ""}));
  EXPECT_EQ(text, "v:traceable");
  EXPECT_FALSE(write({"v", {}, "5"}));
  EXPECT_FALSE(write({"v:w", {}, ""}));
}

TEST(SdpClockAttributesTest, MediaClocksAreKept) {
  ExpectKept<MediaClk>({"sender", "direct", "direct=963214424", "direct=963214424 rate=1000/1001", "direct rate=1/1",
                        "IEEE1722=38-D6-6D-8E-D2-78-13-2F", "id=MDA6NjA= sender", "id=x direct=0"});
  ExpectRefused<MediaClk>({"", "id=", "id= sender", "id=x", "direct=", "direct=x", "direct=18446744073709551616",
                           "direct=1 x", "direct rate=1", "direct rate=0/1", "direct rate=1/0", "sender x", "=x"});
  MediaClk clock;
  ASSERT_TRUE(MediaClk::Read("direct=5 rate=1000/1001", clock));
  EXPECT_EQ(clock.offset, 5u);
  EXPECT_EQ(clock.rate_denominator, 1001u);
  ExpectUnwritable<MediaClk>({{"", "", "", {}, 0, 0}, {"", "direct", "x", {}, 0, 0}, {"", "sender", "", 1, 0, 0},
                              {"", "direct", "", {}, 1, 0}, {"", "id", "x", {}, 0, 0}, {"a b", "sender", "", {}, 0, 0}});
}

}  // namespace
}  // namespace mediacore::sdp
