#include "media_store.h"

#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "exit_code.h"

namespace mediacore::tools {
namespace {

namespace fs = std::filesystem;

Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
std::string Text(const Resource& resource) {
  std::vector<std::uint8_t> bytes(resource.size);
  EXPECT_TRUE(resource.Read(0, bytes));
  return {bytes.begin(), bytes.end()};
}
std::string Gunzip(const std::vector<std::uint8_t>& bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(1 << 16, '\0');
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

class DirectorySourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "mediacore_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }
  fs::path directory_;
};

TEST(NameTest, OnlyPlainRelativeNamesAreNames) {
  for (const std::string_view name : {"index.m3u8", "video/720p/7.m4s", "a b.ts", "x..y", "é.ts", "a~1"}) {
    EXPECT_TRUE(IsValidName(name)) << name;
  }
  const std::string long_name(256, 'a');
  for (const std::string_view name : std::initializer_list<std::string_view>{"", "/", "/etc/passwd", "..", "../x", "a/../b", "a//b", "a/", ".hidden", "a/.b",
                                      "a\\b", "a\nb", "\x7f", std::string_view("a\0b", 3), long_name}) {
    EXPECT_FALSE(IsValidName(name)) << name;
  }
}

TEST(MimeTest, PlaylistsAndSegmentsHaveTheirTypes) {
  EXPECT_EQ(MimeType("index.m3u8"), "application/vnd.apple.mpegurl");
  EXPECT_EQ(MimeType("a/1.m4s"), "video/mp4");
  EXPECT_EQ(MimeType("init.mp4"), "video/mp4");
  EXPECT_EQ(MimeType("1.ts"), "video/mp2t");
  EXPECT_EQ(MimeType("x.unknown"), "application/octet-stream");
}

TEST(MediaStoreTest, WhatWasPublishedIsFoundUnderItsNameAndNoOther) {
  MediaStore store;
  store.Publish("video/1.m4s", AsBytes("abc"));
  store.Publish("index.m3u8", AsBytes("#EXTM3U\n"));
  const auto segment = store.Find("video/1.m4s");
  ASSERT_TRUE(segment);
  EXPECT_EQ(Text(*segment), "abc");
  EXPECT_EQ(segment->cache_control, "public, max-age=86400, immutable");
  EXPECT_TRUE(segment->gzip.empty());
  const auto playlist = store.Find("index.m3u8");
  ASSERT_TRUE(playlist);
  EXPECT_EQ(playlist->cache_control, "no-cache");
  EXPECT_EQ(Gunzip(playlist->gzip), "#EXTM3U\n");
  EXPECT_NE(playlist->etag, segment->etag);
  for (const std::string_view name : {"", "1.m4s", "video", "video/", "/video/1.m4s", "video/../index.m3u8", "INDEX.m3u8"}) {
    EXPECT_FALSE(store.Find(name)) << name;
  }
  EXPECT_EQ(store.total_bytes(), 11u);
}

TEST(MediaStoreTest, ThePublishersTypeGoesBeforeTheEndings) {
  MediaStore store;
  store.Publish("audio/1.m4s", AsBytes("x"), "audio/mp4");
  EXPECT_EQ(store.Find("audio/1.m4s")->mime, "audio/mp4");
}

TEST(MediaStoreTest, AReaderKeepsWhatItHasWhenTheNameIsPublishedAgain) {
  MediaStore store;
  store.Publish("index.m3u8", AsBytes("old"));
  const auto old = store.Find("index.m3u8");
  store.Publish("index.m3u8", AsBytes("newer"));
  EXPECT_EQ(Text(*old), "old");
  EXPECT_EQ(Text(*store.Find("index.m3u8")), "newer");
  EXPECT_NE(old->etag, store.Find("index.m3u8")->etag);
  EXPECT_EQ(store.size(), 1u);
  EXPECT_EQ(store.total_bytes(), 5u);
}

TEST(MediaStoreTest, ReadingPastTheEndIsRefused) {
  MediaStore store;
  store.Publish("a", AsBytes("abcd"));
  const auto resource = store.Find("a");
  std::vector<std::uint8_t> out(2);
  EXPECT_TRUE(resource->Read(2, out));
  EXPECT_FALSE(resource->Read(3, out));
  EXPECT_FALSE(resource->Read(UINT64_MAX, out));
}

TEST(MediaStoreTest, ASegmentStaysUntilItsTimeHasCome) {
  MediaStore store;
  store.Publish("1.ts", AsBytes("x"));
  store.Publish("2.ts", AsBytes("y"));
  store.RemoveAt("1.ts", Timestamp::Seconds(10));
  store.RemoveAt("nothing.ts", Timestamp::Seconds(1));
  EXPECT_EQ(store.RemoveDue(Timestamp::Millis(9'999)), 0u);
  EXPECT_TRUE(store.Find("1.ts"));
  EXPECT_EQ(store.RemoveDue(Timestamp::Seconds(10)), 1u);
  EXPECT_FALSE(store.Find("1.ts"));
  EXPECT_TRUE(store.Find("2.ts"));
  EXPECT_EQ(store.total_bytes(), 1u);
}

TEST(MediaStoreTest, PublishingAgainCallsTheRemovalOff) {
  MediaStore store;
  store.Publish("1.ts", AsBytes("x"));
  store.RemoveAt("1.ts", Timestamp::Seconds(10));
  store.Publish("1.ts", AsBytes("y"));
  EXPECT_EQ(store.RemoveDue(Timestamp::Seconds(99)), 0u);
  EXPECT_TRUE(store.Find("1.ts"));
}

TEST(MediaStoreTest, ABadNameIsAProgrammersErrorAndNothingIsWritten) {
  MediaStore store;
  EXPECT_THROW(store.Publish("../x", AsBytes("x")), std::invalid_argument);
  EXPECT_EQ(store.size(), 0u);
}

TEST(MediaStoreTest, ManyReadersSeeEachPlaylistWhole) {
  MediaStore store;
  store.Publish("index.m3u8", AsBytes(std::string(1000, 'a')));
  std::thread writer([&] {
    for (int i = 0; i < 300; ++i) store.Publish("index.m3u8", AsBytes(std::string(1000 + static_cast<std::size_t>(i), static_cast<char>('a' + i % 26))));
  });
  for (int i = 0; i < 2000; ++i) {
    const std::string text = Text(*store.Find("index.m3u8"));
    ASSERT_EQ(text.find_first_not_of(text[0]), std::string::npos);
  }
  writer.join();
}

TEST_F(DirectorySourceTest, ADirectoryIsServedAsItIsNow) {
  DirectorySource source(directory_);
  EXPECT_FALSE(source.Find("a.m3u8"));
  fs::create_directory(directory_ / "sub");
  std::ofstream(directory_ / "a.m3u8") << "text";
  std::ofstream(directory_ / "sub" / "1.ts") << "media";
  std::this_thread::sleep_for(std::chrono::milliseconds(150));  // a listing is good for a moment
  ASSERT_TRUE(source.Find("a.m3u8"));
  EXPECT_EQ(Gunzip(source.Find("a.m3u8")->gzip), "text");
  const auto segment = source.Find("sub/1.ts");
  ASSERT_TRUE(segment);
  EXPECT_EQ(Text(*segment), "media");
  fs::remove(directory_ / "sub" / "1.ts");
  EXPECT_EQ(Text(*segment), "media");  // still open
  EXPECT_FALSE(source.Find("sub/1.ts"));
}

TEST_F(DirectorySourceTest, NothingOutsideTheDirectoryHasAName) {
  fs::create_directory(directory_ / "public");
  std::ofstream(directory_ / "secret.txt") << "secret";
  std::ofstream(directory_ / "public" / ".hidden") << "secret";
  fs::create_symlink(directory_ / "secret.txt", directory_ / "public" / "link.txt");
  fs::create_directory_symlink(directory_, directory_ / "public" / "up");
  DirectorySource source(directory_ / "public");
  for (const std::string& name : {std::string("../secret.txt"), std::string("link.txt"), std::string("up/secret.txt"),
                                  std::string(".hidden"), (directory_ / "secret.txt").string(), std::string("up")}) {
    EXPECT_FALSE(source.Find(name)) << name;
  }
}

TEST_F(DirectorySourceTest, AFileThatIsCutShortWhileItIsReadIsNoticed) {
  std::ofstream(directory_ / "1.ts") << "0123456789";
  DirectorySource source(directory_);
  const auto segment = source.Find("1.ts");
  fs::resize_file(directory_ / "1.ts", 3);
  std::vector<std::uint8_t> out(10);
  EXPECT_FALSE(segment->Read(0, out));
}

TEST_F(DirectorySourceTest, ADirectoryThatIsNotThereIsNamed) {
  EXPECT_THROW(DirectorySource("/nonexistent/mediacore"), Failure);
}

}  // namespace
}  // namespace mediacore::tools
