#ifndef MEDIACORE_TOOLS_MEDIA_STORE_H_
#define MEDIACORE_TOOLS_MEDIA_STORE_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "mediacore/base/bytes.h"
#include "mediacore/base/time.h"
#include "resource.h"

namespace mediacore::tools {

// What a packager has published, for the HTTP server.
//
//   MediaStore store;
//   store.Publish("video/7.m4s", segment);
//   store.Publish("index.m3u8", text);          // the playlist last
//   store.RemoveAt("video/2.m4s", may_go_at);
//   store.RemoveDue(now);                        // every second or so
//
// A name appears whole or not at all. Publishing it again replaces it and calls
// off its removal. Memory: what is published and not yet removed; plus what
// clients are still being sent. All calls are safe from any thread.
class MediaStore final : public ResourceSource {
 public:
  struct Options {
    // For everything that is no playlist. `immutable` is a promise: names must
    // not come again with other content, not even after a restart.
    std::string media_cache_control = "public, max-age=86400, immutable";
    std::string playlist_cache_control = "no-cache";
  };

  MediaStore() : MediaStore(Options()) {}
  explicit MediaStore(Options options);

  // `mime` empty: by the name's ending. Throws std::invalid_argument when the
  // name is not valid (IsValidName).
  void Publish(std::string_view name, Bytes bytes, std::string_view mime = {});
  // The same without a copy.
  void Publish(std::string_view name, std::vector<std::uint8_t> bytes, std::string_view mime = {});

  void RemoveAt(std::string_view name, Timestamp when);
  // Takes away what is due; gives the number of names gone.
  std::size_t RemoveDue(Timestamp now);

  std::shared_ptr<const Resource> Find(std::string_view name) override;
  std::size_t size() const;          // names published now
  std::uint64_t total_bytes() const;  // of these

 private:
  struct Entry {
    std::shared_ptr<const Resource> resource;
    Timestamp remove_at = Timestamp::PlusInfinity();
  };

  const Options options_;
  const std::string started_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::uint64_t total_bytes_ = 0;
  std::uint64_t published_ = 0;
};

// The files of a directory as they are now, for serving what another program
// writes. Names are looked up in a listing that is renewed when it is older
// than a moment; links are not followed and hidden files are not listed, so
// nothing outside can be named.
class DirectorySource final : public ResourceSource {
 public:
  static constexpr std::size_t kMaxFiles = 100'000;

  // Throws Failure when `directory` cannot be read.
  explicit DirectorySource(std::filesystem::path directory);
  std::shared_ptr<const Resource> Find(std::string_view name) override;

 private:
  using Listing = std::map<std::string, std::filesystem::path, std::less<>>;
  Listing List() const;

  const std::filesystem::path directory_;
  std::mutex mutex_;
  Listing listing_;
  Timestamp listed_at_ = Timestamp::MinusInfinity();
};

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_MEDIA_STORE_H_
