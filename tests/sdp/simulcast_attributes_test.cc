#include "mediacore/sdp/simulcast_attributes.h"

#include "support.h"

namespace mediacore::sdp {
namespace {

TEST(SdpSimulcastAttributesTest, RidsAreKeptWithTheirRestrictions) {
  ExpectKept<RidAttribute>({"h send", "1 recv", "5 send pt=99,102;max-br=64000;max-width=20;max-height=20",
                            "6 recv max-fps=60;max-bpp=0.5;depend=5,4", "7 send max-fs=1;max-pps=18446744073709551615",
                            "0123456789abcdef send", "a send new-thing=1;flag", "a send pt=1;max-width;max-br"});
  ExpectRefused<RidAttribute>({"", "h", "h both", "0123456789abcdefg send", "a-b send", "a_b send", " send",
                               "a send pt=128", "a send pt=", "a send pt=1,,2", "a send max-width=4294967296",
                               "a send max-fps=x", "a send max-br=9007199254740993", "a send max-pps=-1",
                               "a send max-height=", "a send max-bpp=0", "a send depend=", "a send pt", "a send depend"});
  ExpectUnwritable<RidAttribute>({RidAttribute()});
}

TEST(SdpSimulcastAttributesTest, RestrictionsAreNumbers) {
  RidRestrictions all;
  ASSERT_TRUE(RidRestrictions::Read(FormatParameters("depend=b;max-bpp=1.5;max-pps=9;max-br=8;max-fs=7;max-fps=30;"
                                                     "max-height=6;max-width=5;pt=97,96"), all));
  EXPECT_TRUE(all.Allows(PayloadType(96)));
  EXPECT_FALSE(all.Allows(PayloadType(98)));
  EXPECT_EQ(all.max_br, DataRate::BitsPerSecond(8));
  EXPECT_EQ(all.max_bpp, 1500u);
  std::string text;
  ASSERT_TRUE(internal::PrintInto([&](auto& printer) { all.Write(printer); }, text));
  EXPECT_EQ(text, "pt=96,97;max-width=5;max-height=6;max-fps=30;max-fs=7;max-br=8;max-pps=9;max-bpp=1.5;depend=b");
  RidRestrictions back;
  ASSERT_TRUE(RidRestrictions::Read(FormatParameters(text), back));
  EXPECT_EQ(back, all);
  EXPECT_TRUE(RidRestrictions().Allows(PayloadType(5))) << "none named: all";
  all.depend = CommaList("a;b");
  EXPECT_FALSE(internal::PrintInto([&](auto& printer) { all.Write(printer); }, text));
  all = {};
  all.max_br = DataRate::PlusInfinity();
  EXPECT_FALSE(internal::PrintInto([&](auto& printer) { all.Write(printer); }, text));
}

constexpr bool ReadsTheExampleOfTheRfc() {
  Simulcast simulcast;
  if (!Simulcast::Read("send 1,~4;2;3 recv c", simulcast)) return false;
  const auto send = simulcast.send.rids();
  return send.size() == 4 && send[1].paused && send[1].alternative && !send[2].alternative && !send[3].paused &&
         send[3].rid.view() == "3" && simulcast.recv.rids().size() == 1 && !simulcast.recv_first;
}
static_assert(ReadsTheExampleOfTheRfc());

TEST(SdpSimulcastAttributesTest, StreamsAlternativesAndPausesAreKept) {
  ExpectKept<Simulcast>({"send h;m;l", "recv 1;4,5", "send 1,~4;2;3 recv c", "recv 1 send ~1", "send a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p"});
  ExpectRefused<Simulcast>({"", "send", "send ", "send ;", "send a;", "send a,", "send ,a", "send ~", "send a;;b",
                            "both a", "send a send b", "recv a recv b", "send a recv b send c", "send a-b",
                            "send a recv", "send a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p;q"});
  Simulcast wrong;
  ExpectUnwritable<Simulcast>({wrong});
  ASSERT_TRUE(Simulcast::Read("send a", wrong));
  wrong.recv_first = true;
  ExpectUnwritable<Simulcast>({wrong});
  wrong.recv_first = false;
  wrong.send.list[0].alternative = true;
  ExpectUnwritable<Simulcast>({wrong});
}

}  // namespace
}  // namespace mediacore::sdp
