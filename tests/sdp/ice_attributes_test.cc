#include "mediacore/sdp/ice_attributes.h"

#include "support.h"

namespace mediacore::sdp {
namespace {

TEST(SdpIceAttributesTest, SecretsHaveTheirLengthAndCharacters) {
  ExpectKept<IceUfrag>({"ctbl", "Qh3+", std::string(256, 'a')});
  ExpectRefused<IceUfrag>({"", "abc", std::string(257, 'a'), "ab-d", "ab d"});
  ExpectKept<IcePwd>({"KZIsG810kfWo2u1sZFVkTonw", "0123456789012345678901"});
  ExpectRefused<IcePwd>({"012345678901234567890", std::string(257, 'a')});
  ExpectUnwritable<IceUfrag>({{"abc"}, {"abc\n"}});
}

TEST(SdpIceAttributesTest, OptionsAndPacingAreKept) {
  ExpectKept<IceOptions>({"trickle", "trickle ice2 renomination"});
  ExpectRefused<IceOptions>({"", "a  b", " a"});
  ExpectKept<IcePacing>({"0", "50", "9999999999"});
  ExpectRefused<IcePacing>({"", "10000000000", "5ms"});
  ExpectUnwritable<IcePacing>({{TimeDelta::Micros(1)}, {TimeDelta::Millis(-1)}, {TimeDelta::PlusInfinity()}});
}

// What Chromium, Firefox and others send.
TEST(SdpIceAttributesTest, CandidatesAreKept) {
  ExpectKept<Candidate>(
      {"1 1 UDP 2130706431 203.0.113.141 8998 typ host",
       "2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998",
       "1935294670 1 udp 2113937151 86fb8308-50ef-493e-aaa4-79b3382c5730.local 46465 typ host generation 0 network-cost 999",
       "1005516004 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active generation 0 network-id 2 network-cost 50",
       "0 2 UDP 2122187006 2001:db8::1 35535 typ relay raddr 0.0.0.0 rport 0", "a 256 dccp 1 h 65535 typ prflx rport 5",
       "a 1 udp 1 h 1 typ host raddr x", "a 1 udp 1 h 1 typ host rport 1 raddr x", "a 1 udp 1 h 1 typ host raddr x raddr y"});
}

TEST(SdpIceAttributesTest, CandidatesOutOfRangeAreRefused) {
  ExpectRefused<Candidate>({"", "1 1 UDP 1 h 1 typ", "1 1 UDP 1 h 1", "1 1 UDP 1 h 1 type host", "1 0 UDP 1 h 1 typ host",
                            "1 257 UDP 1 h 1 typ host", "1 1 UDP 0 h 1 typ host", "1 1 UDP 2147483648 h 1 typ host",
                            "1 1 UDP 1 h 65536 typ host", "1 1 UDP 1 h 1 typ host raddr", "1 1 UDP 1 h 1 typ host rport x",
                            "1 1 UDP 1 h 1 typ host a", "1 1 UDP 1 h 1 typ host a b c", "1 1 UDP 1 h 1 typ host a  c d",
                            "1-2 1 UDP 1 h 1 typ host", "123456789012345678901234567890123 1 UDP 1 h 1 typ host",
                            " 1 UDP 1 h 1 typ host", "1 1  1 h 1 typ host", "1 1 UDP 1  1 typ host",
                            "1 1 UDP 1 h 1 typ host raddr  rport 1"});
}

TEST(SdpIceAttributesTest, ExtensionsAreFoundByName) {
  Candidate candidate;
  ASSERT_TRUE(Candidate::Read("7 1 tcp 1 x.local 9 typ host tcptype active ufrag ctbl", candidate));
  EXPECT_EQ(candidate.Extension("tcptype"), "active");
  EXPECT_EQ(candidate.Extension("ufrag"), "ctbl");
  EXPECT_EQ(candidate.Extension("active"), "") << "a value is no name";
  EXPECT_TRUE(candidate.IsMdnsName());
  Candidate wrong = candidate;
  wrong.extensions = Words("rport 5");
  ExpectUnwritable<Candidate>({wrong});
  wrong.extensions = Words("raddr x");
  ExpectUnwritable<Candidate>({wrong});
  wrong.extensions = Words("a");
  ExpectUnwritable<Candidate>({wrong});
  wrong = candidate;
  wrong.priority = 0;
  ExpectUnwritable<Candidate>({wrong});
  wrong = candidate;
  wrong.address = "a b";
  ExpectUnwritable<Candidate>({wrong});
}

TEST(SdpIceAttributesTest, RemoteCandidatesComeInThrees) {
  ExpectKept<RemoteCandidates>({"1 192.0.2.3 45664", "1 192.0.2.3 45664 2 192.0.2.3 45665"});
  ExpectRefused<RemoteCandidates>({"", "1", "1 h", "1 h x", "0 h 1", "1 h 65536", "1 h 1 2", "257 h 1"});
}

}  // namespace
}  // namespace mediacore::sdp
