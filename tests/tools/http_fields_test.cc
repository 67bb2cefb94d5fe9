#include "http_fields.h"

#include <gtest/gtest.h>

namespace mediacore::tools {
namespace {

using Kind = RangeRequest::Kind;

std::string NameOf(std::string_view target) {
  std::string name;
  return ReadTarget(target, name) ? name : "(refused)";
}

TEST(HttpTargetTest, ANameIsThePathWithoutItsSlashAndQuery) {
  EXPECT_EQ(NameOf("/"), "");
  EXPECT_EQ(NameOf("/index.m3u8"), "index.m3u8");
  EXPECT_EQ(NameOf("/video/7.m4s?_HLS_msn=3#t"), "video/7.m4s");
  EXPECT_EQ(NameOf("/a%20b%2Fc"), "a b/c");
  EXPECT_EQ(NameOf("http://host:80/x.ts"), "x.ts");
  EXPECT_EQ(NameOf("http://host"), "");
  EXPECT_EQ(NameOf("http://host?x"), "");
}

TEST(HttpTargetTest, ClimbingIsNoNameThatAnythingHas) {
  // They come out as they are; no key of a store looks like them.
  EXPECT_EQ(NameOf("/../etc/passwd"), "../etc/passwd");
  EXPECT_EQ(NameOf("/%2e%2e/etc/passwd"), "../etc/passwd");
  EXPECT_EQ(NameOf("//etc/passwd"), "/etc/passwd");
}

TEST(HttpTargetTest, WhatIsNoPathIsRefused) {
  for (const std::string_view target :
       {"", "*", "index.m3u8", "?x", "/%", "/%2", "/%zz", "/a%00b", "/a%0d%0ab", "/a\\b", "/%5c", "/%7f", "host:443"}) {
    EXPECT_EQ(NameOf(target), "(refused)") << target;
  }
}

TEST(HttpRangeTest, ASingleRangeIsCutToTheSize) {
  EXPECT_EQ(ReadRange("bytes=0-0", 10), (RangeRequest{Kind::kPart, 0, 0}));
  EXPECT_EQ(ReadRange("bytes=2-5", 10), (RangeRequest{Kind::kPart, 2, 5}));
  EXPECT_EQ(ReadRange("bytes=2-", 10), (RangeRequest{Kind::kPart, 2, 9}));
  EXPECT_EQ(ReadRange("bytes=2-99", 10), (RangeRequest{Kind::kPart, 2, 9}));
  EXPECT_EQ(ReadRange("bytes=-3", 10), (RangeRequest{Kind::kPart, 7, 9}));
  EXPECT_EQ(ReadRange("bytes=-99", 10), (RangeRequest{Kind::kPart, 0, 9}));
  EXPECT_EQ(ReadRange("Bytes = 1-2", 10), (RangeRequest{Kind::kPart, 1, 2}));
  EXPECT_EQ(ReadRange("bytes=0-99999999999999999999999999", 10), (RangeRequest{Kind::kPart, 0, 9}));
}

TEST(HttpRangeTest, ARangeBeyondTheEndCannotBeSatisfied) {
  for (const std::string_view field : {"bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999-"}) {
    EXPECT_EQ(ReadRange(field, 10).kind, Kind::kUnsatisfiable) << field;
  }
  EXPECT_EQ(ReadRange("bytes=0-", 0).kind, Kind::kUnsatisfiable);
  EXPECT_EQ(ReadRange("bytes=-1", 0).kind, Kind::kUnsatisfiable);
}

TEST(HttpRangeTest, WhatIsNotUnderstoodMeansTheWhole) {
  for (const std::string_view field : {"", "bytes", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=1-2,4-5",
                                       "lines=1-2", "bytes=+1-2", "bytes=0x1-2", "bytes=1--2", "bytes=-+3"}) {
    EXPECT_EQ(ReadRange(field, 10), RangeRequest()) << field;
  }
}

TEST(HttpEncodingTest, GzipIsTakenWhenItIsNamedAndNotForbidden) {
  for (const std::string_view field : {"gzip", "deflate, gzip", "GZIP;q=0.5", "gzip;q=1.0, br", "*", "br, *;q=0.1", "x-gzip", "gzip; q=0.001"}) {
    EXPECT_TRUE(AcceptsGzip(field)) << field;
  }
  for (const std::string_view field : {"", "br", "identity", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "gzipped", "br;gzip"}) {
    EXPECT_FALSE(AcceptsGzip(field)) << field;
  }
}

TEST(HttpEtagTest, OneOfTheTagsIsEnoughAndWeaknessDoesNotMatter) {
  EXPECT_TRUE(MatchesEtag("\"a\"", "\"a\""));
  EXPECT_TRUE(MatchesEtag("\"b\", W/\"a\"", "\"a\""));
  EXPECT_TRUE(MatchesEtag("*", "\"a\""));
  EXPECT_FALSE(MatchesEtag("", "\"a\""));
  EXPECT_FALSE(MatchesEtag("a", "\"a\""));
}

}  // namespace
}  // namespace mediacore::tools
