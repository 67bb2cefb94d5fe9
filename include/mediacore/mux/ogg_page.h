#ifndef MEDIACORE_MUX_OGG_PAGE_H_
#define MEDIACORE_MUX_OGG_PAGE_H_

#include <algorithm>
#include <string_view>

#include "mediacore/base/crc32.h"
#include "mediacore/base/expected.h"

namespace mediacore::mux {

inline constexpr std::size_t kOggHeaderSize = 27;  // without the segment table
inline constexpr std::size_t kOggMaxSegments = 255;
inline constexpr std::size_t kOggMaxBody = 255 * 255;
inline constexpr std::size_t kOggMaxPageSize = kOggHeaderSize + kOggMaxSegments + kOggMaxBody;
// The granule position of a page on which no packet ends.
inline constexpr std::int64_t kOggNoGranule = -1;

// Why bytes do not begin with an Ogg page, in the order looked at.
enum class OggPageError : std::uint8_t {
  kTooShort,     // fewer than the 27 bytes of the header
  kBadCapture,   // does not begin with OggS
  kBadVersion,   // a stream structure version other than 0
  kTruncated,    // the segment table or the segments run past the end
  kBadChecksum,  // the CRC of the page is another one
};

constexpr std::string_view ToString(OggPageError error) {
  switch (error) {
    case OggPageError::kTooShort: return "ogg: too short";
    case OggPageError::kBadCapture: return "ogg: no capture pattern";
    case OggPageError::kBadVersion: return "ogg: bad version";
    case OggPageError::kTruncated: return "ogg: truncated";
    case OggPageError::kBadChecksum: return "ogg: bad checksum";
  }
  return "ogg: unknown";
}

// What the header of a page says, beside its segments.
struct OggPageHeader {
  bool continued = false;      // begins within a packet
  bool begins_stream = false;  // first page of the logical stream
  bool ends_stream = false;    // its last one
  // Of the last packet that ends on the page, in units of the codec; kOggNoGranule: none ends.
  std::int64_t granule_position = kOggNoGranule;
  std::uint32_t serial = 0;    // of the logical stream
  std::uint32_t sequence = 0;  // of the page in its stream

  constexpr bool operator==(const OggPageHeader&) const = default;
};

// One page of an Ogg file, seen in place (RFC 3533, section 6). Numbers are
// little-endian.
//
//   0      "OggS"
//   4      version (0)
//   5      flags: 1 continued, 2 begins stream, 4 ends stream
//   6      granule position (8)
//   14     serial (4)
//   18     sequence (4)
//   22     CRC-32 of the page with 0 here (4)
//   26     number of segments n
//   27     n lengths, and then so many bytes each
//
// A packet is the segments up to and with the first shorter than 255 bytes; one of
// whom the last segment on a page has 255 goes on on the next.
class OggPageView {
 public:
  static constexpr std::string_view kStart{"OggS", 5};  // capture pattern and version

  // Takes the first page of `bytes`; more may follow.
  static constexpr Expected<OggPageView, OggPageError> Parse(Bytes bytes) noexcept {
    if (bytes.size() < kOggHeaderSize) return OggPageError::kTooShort;
    if (!MayBegin(bytes.first(4))) return OggPageError::kBadCapture;
    if (bytes[4] != 0) return OggPageError::kBadVersion;
    const std::size_t size = SizeNeeded(bytes);
    if (bytes.size() < size) return OggPageError::kTruncated;
    const Bytes page = bytes.first(size);
    if (Checksum(page) != LoadLittleU32(page.data() + 22)) return OggPageError::kBadChecksum;
    return OggPageView(page);
  }

  // Whether bytes can be the begin of a page, as far as they go.
  static constexpr bool MayBegin(Bytes bytes) noexcept {
    const std::size_t count = std::min(bytes.size(), kStart.size());
    for (std::size_t i = 0; i < count; ++i) {
      if (bytes[i] != static_cast<std::uint8_t>(kStart[i])) return false;
    }
    return true;
  }
  // Of bytes that begin a page, as far as they tell: how many it has, or how many
  // are needed to see that. All that Parse() takes have size() of them.
  static constexpr std::size_t SizeNeeded(Bytes bytes) noexcept {
    if (bytes.size() < kOggHeaderSize) return kOggHeaderSize;
    const std::size_t table = kOggHeaderSize + bytes[26];
    if (bytes.size() < table) return table;
    std::size_t body = 0;
    for (std::size_t i = kOggHeaderSize; i < table; ++i) body += bytes[i];
    return table + body;
  }
  // Over a whole page, taking what stands for it as 0.
  static constexpr std::uint32_t Checksum(Bytes page) noexcept {
    constexpr std::uint8_t kZero[4] = {};
    return Crc32Ogg(page.subspan(26), Crc32Ogg(kZero, Crc32Ogg(page.first(22))));
  }

  constexpr OggPageHeader header() const {
    return {.continued = (page_[5] & 1) != 0,
            .begins_stream = (page_[5] & 2) != 0,
            .ends_stream = (page_[5] & 4) != 0,
            .granule_position = static_cast<std::int64_t>(LoadLittleU64(page_.data() + 6)),
            .serial = LoadLittleU32(page_.data() + 14),
            .sequence = LoadLittleU32(page_.data() + 18)};
  }
  constexpr std::size_t size() const { return page_.size(); }
  // The segment table, and the segments.
  constexpr Bytes lengths() const { return page_.subspan(kOggHeaderSize, page_[26]); }
  constexpr Bytes body() const { return page_.subspan(kOggHeaderSize + page_[26]); }

  // The stretches of the page that belong to one packet each, in their order.
  class Parts {
   public:
    // `ends`: the packet does; only the last one may not.
    [[nodiscard]] constexpr bool Next(Bytes& part, bool& ends) noexcept {
      if (lengths_.empty()) return false;
      std::size_t size = 0;
      std::size_t count = 0;
      ends = false;
      while (count < lengths_.size() && !ends) {
        size += lengths_[count];
        ends = lengths_[count++] < 255;
      }
      part = body_.first(size);
      body_ = body_.subspan(size);
      lengths_ = lengths_.subspan(count);
      return true;
    }
    constexpr bool empty() const { return lengths_.empty(); }

   private:
    friend class OggPageView;
    constexpr Parts(Bytes lengths, Bytes body) : lengths_(lengths), body_(body) {}
    Bytes lengths_;
    Bytes body_;
  };
  constexpr Parts parts() const { return Parts(lengths(), body()); }
  // How many packets end on the page.
  constexpr std::size_t packets_ended() const {
    const Bytes table = lengths();
    return static_cast<std::size_t>(std::count_if(table.begin(), table.end(), [](std::uint8_t n) { return n < 255; }));
  }

 private:
  constexpr explicit OggPageView(Bytes page) : page_(page) {}
  Bytes page_;
};

// Fills in the header and checksum of a page whose segment table and segments lie in
// place already; page.size() is OggPageView::SizeNeeded(), page[26] their number.
constexpr void WriteOggPageHeader(const OggPageHeader& header, MutableBytes page) noexcept {
  for (std::size_t i = 0; i < 5; ++i) page[i] = static_cast<std::uint8_t>(OggPageView::kStart[i]);
  page[5] = static_cast<std::uint8_t>((header.continued ? 1 : 0) | (header.begins_stream ? 2 : 0) |
                                      (header.ends_stream ? 4 : 0));
  StoreLittleU64(page.data() + 6, static_cast<std::uint64_t>(header.granule_position));
  StoreLittleU32(page.data() + 14, header.serial);
  StoreLittleU32(page.data() + 18, header.sequence);
  StoreLittleU32(page.data() + 22, OggPageView::Checksum(page));
}

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_OGG_PAGE_H_
