#include "mediacore/sdp/security_attributes.h"

#include "support.h"

namespace mediacore::sdp {
namespace {

constexpr std::string_view kSha1 = "SHA-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB";

// The example of RFC 8122, section 5.
constexpr bool ReadsTheExampleOfTheRfc() {
  Fingerprint fingerprint;
  return Fingerprint::Read(kSha1, fingerprint) && fingerprint.size == 20 && fingerprint.bytes()[0] == 0x4a &&
         fingerprint.bytes()[19] == 0xab;
}
static_assert(ReadsTheExampleOfTheRfc());

TEST(SdpSecurityAttributesTest, FingerprintsAreAsLongAsTheirHash) {
  std::string longest = "sha-512 00";
  for (int i = 1; i < 64; ++i) longest += ":0F";
  ExpectKept<Fingerprint>({kSha1, longest, "md5 01:02", "x FF"});
  EXPECT_EQ(Rewritten<Fingerprint>("x ff:0a"), "fingerprint:x FF:0A") << "written as the RFC asks";
  ExpectRefused<Fingerprint>({"", "sha-256", "sha-256 ", "sha-256 AA", "Sha-1 00", "x 0", "x 000", "x 00:", "x 00-00",
                              "x 00:0g", " 00", longest + ":00", "x " + longest.substr(8) + ":00"});
  Fingerprint wrong;
  ASSERT_TRUE(Fingerprint::Read(kSha1, wrong));
  wrong.size = 19;
  ExpectUnwritable<Fingerprint>({wrong, Fingerprint()});
  wrong.hash = "x y";
  ExpectUnwritable<Fingerprint>({wrong});
  wrong.size = 70;
  EXPECT_EQ(wrong.bytes().size(), 64u);
}

TEST(SdpSecurityAttributesTest, RolesAndAssociationsAreKept) {
  ExpectKept<sdp::Setup>({"active", "passive", "actpass", "holdconn"});
  ExpectRefused<sdp::Setup>({"", "Active", "actpas"});
  ExpectKept<ConnectionReuse>({"new", "existing"});
  ExpectRefused<ConnectionReuse>({"", "old"});
  ExpectKept<TlsId>({"abc3de65cddef001be82", std::string(255, '_')});
  ExpectRefused<TlsId>({"abc3de65cddef001be8", std::string(256, 'a'), "abc3de65cddef001be8:"});
  ExpectUnwritable<TlsId>({{"short"}});
}

// RFC 4568, sections 4 and 6, and what ffmpeg writes.
TEST(SdpSecurityAttributesTest, KeysInTheOpenAreKept) {
  ExpectKept<Crypto>(
      {"1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^20|1:32",
       "1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz",
       "2 F8_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5QUJjZGVm|2^20|1:4;"
       "inline:QUJjZGVmMTIzNDU2Nzg5QUJDREUwMTIzNDU2Nzg5|2^20|2:4 FEC_ORDER=FEC_SRTP",
       "999999999 X other:info A B"});
  ExpectRefused<Crypto>({"", "1", "1 X", "1 X ", "1000000000 X inline:a", "x X inline:a", "1 X inline", "1 X inline:",
                         "1 X inline:a|x", "1 X inline:a|2^64", "1 X inline:a|1:129", "1 X inline:a|1:0",
                         "1 X inline:a|2^20|1", "1 X inline:a;", "1 X inline:a  B", "1  inline:a"});
  InlineKey key;
  ASSERT_TRUE(InlineKey::Read("inline:YWJj|2^20|1:32", key));
  EXPECT_EQ(key.key_and_salt, "YWJj");
  EXPECT_EQ(key.lifetime, 1u << 20);
  EXPECT_EQ(key.mki, 1u);
  EXPECT_EQ(key.mki_length, 32);
  std::string text;
  ASSERT_TRUE(internal::PrintInto([&](auto& printer) { key.Write(printer); }, text));
  EXPECT_EQ(text, "inline:YWJj|1048576|1:32");
  ASSERT_TRUE(InlineKey::Read("inline:YWJj|1:4", key));
  EXPECT_FALSE(key.lifetime);
  EXPECT_EQ(key.mki_length, 4);
  EXPECT_FALSE(InlineKey::Read("other:YWJj", key));
  key.mki_length = 0;
  EXPECT_FALSE(internal::PrintInto([&](auto& printer) { key.Write(printer); }, text));
  ExpectUnwritable<Crypto>({{1, "X", FieldList<';'>("inline"), {}}, {1'000'000'000, "X", FieldList<';'>("a:b"), {}},
                            {1, "X", FieldList<';'>("a:b c"), {}}});
}

TEST(SdpSecurityAttributesTest, IdentitiesAreBase64) {
  ExpectKept<Identity>({"eyJpZHAiOnsiZG9tYWluIjoiZXhhbXBsZS5vcmcifX0=", "YQ== a=b;c"});
  ExpectRefused<Identity>({"", " a", "a-b", "{}"});
  ExpectUnwritable<Identity>({{"", ""}, {"a b", ""}, {"a", "\r"}});
}

}  // namespace
}  // namespace mediacore::sdp
