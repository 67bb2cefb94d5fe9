#include "mediacore/playlist/variables.h"

#include <array>

#include <gtest/gtest.h>

namespace mediacore::playlist {
namespace {

constexpr std::array<Define, 3> kDefines = {{
    {Define::Kind::kName, "host", "cdn.example.com"},
    {Define::Kind::kQueryParam, "t_0-k", "abc"},
    {Define::Kind::kName, "loop", "{$loop}{$loop}"},
}};

std::string Expand(std::string_view text, std::size_t max_size = 100) {
  std::string out = "old";
  if (ExpandVariables(text, kDefines, max_size, out)) return out;
  return out.empty() ? "refused" : "refused, but not emptied";
}

TEST(VariablesTest, ReferencesAreReplacedAndTheRestStays) {
  EXPECT_EQ(Expand("http://{$host}/a?{$t_0-k}&{$host}"),
            "http://cdn.example.com/a?abc&cdn.example.com");
  EXPECT_EQ(Expand("plain"), "plain");
  EXPECT_EQ(Expand(""), "");
}

TEST(VariablesTest, WhatOnlyLooksLikeAReferenceIsText) {
  EXPECT_EQ(Expand("{$} {$a b} {host} {$host"), "{$} {$a b} {host} {$host");
  EXPECT_EQ(Expand("{${$host}"), "{$cdn.example.com");
}

TEST(VariablesTest, AnUndefinedVariableIsRefused) {
  EXPECT_EQ(Expand("a{$nobody}"), "refused");
}

TEST(VariablesTest, AValueIsNotLookedIntoAgain) {
  EXPECT_EQ(Expand("{$loop}"), "{$loop}{$loop}");
}

TEST(VariablesTest, TheResultIsNeverLongerThanAllowed) {
  EXPECT_EQ(Expand("{$host}", 15), "cdn.example.com");
  EXPECT_EQ(Expand("{$host}", 14), "refused");
  EXPECT_EQ(Expand("0123456789", 9), "refused");
  EXPECT_EQ(Expand("{$", 1), "refused");
}

}  // namespace
}  // namespace mediacore::playlist
