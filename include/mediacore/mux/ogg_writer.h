#ifndef MEDIACORE_MUX_OGG_WRITER_H_
#define MEDIACORE_MUX_OGG_WRITER_H_

#include <array>
#include <limits>

#include "mediacore/mux/ogg_page.h"

namespace mediacore::mux {

// Puts the packets of one logical stream into Ogg pages (RFC 3533).
//
//   std::array<std::uint8_t, kOggMaxPageSize> page;
//   OggWriter writer({.serial = 7}, page);
//   const auto append = [&](Bytes bytes) { ... };
//   writer.AddPacket(header, 0, append);
//   writer.Flush(append);                       // headers have their own pages
//   writer.AddPacket(packet, granule, append);  // each; a page comes out when it is full
//   writer.Finish(append);
//
// The page under way lies in the caller's `page`, which is all the memory there is; what
// the sink is given is good during the call. Streams side by side are writers of their own whose
// pages go into one file: first those that begin streams, then all as their times say.
class OggWriter {
 public:
  struct Config {
    std::uint32_t serial = 0;  // another one for each stream of a file
    // When a page is full: so many bytes of packets (RFC 3533 advises 4 to 8 kB), or so
    // much between its granule positions. Small pages cost bytes, large ones cost delay.
    std::size_t page_bytes = 4096;
    std::int64_t page_granules = std::numeric_limits<std::int64_t>::max();
    std::uint32_t first_sequence = 0;
  };

  OggWriter(const Config& config, std::span<std::uint8_t, kOggMaxPageSize> page) noexcept
      : config_(config), page_(page), sequence_(config.first_sequence) {}

  // Where the first packet begins, when that is not at 0; before it, or after a Flush().
  void StartAt(std::int64_t granule_position) noexcept { granule_ = written_granule_ = granule_position; }

  // `granule_position` is what the stream reaches at the end of the packet.
  template <typename Sink>
  void AddPacket(Bytes packet, std::int64_t granule_position, Sink&& sink) noexcept {
    if (packets_ > 0 && (body_ >= config_.page_bytes || Span(granule_position) > config_.page_granules)) {
      WritePage(false, sink);
    }
    // Segments of 255 bytes and a last one that is shorter, if only by being empty.
    for (bool ends = false; !ends;) {
      if (segments_ == kOggMaxSegments) WritePage(false, sink);
      const std::size_t size = std::min<std::size_t>(packet.size(), 255);
      ends = size < 255;
      lengths_[segments_++] = static_cast<std::uint8_t>(size);
      std::copy_n(packet.data(), size, page_.data() + kBodyAt + body_);
      body_ += size;
      packet = packet.subspan(size);
      begun_ = !ends;
    }
    ++packets_;
    granule_ = granule_position;
  }

  // Writes the page under way, if there is one, so that the next packet begins another.
  template <typename Sink>
  void Flush(Sink&& sink) noexcept {
    if (segments_ > 0) WritePage(false, sink);
  }

  // Writes the last page, with nothing on it when all was flushed. A last granule position
  // below that of the last packet says that so much of its end is not to be heard; it counts from that
  // of the page before on.
  template <typename Sink>
  void Finish(std::int64_t granule_position, Sink&& sink) noexcept {
    granule_ = std::max(std::min(granule_, granule_position), written_granule_);
    if (packets_ == 0) packets_ = 1;  // an empty page has a position all the same
    WritePage(true, sink);
  }
  template <typename Sink>
  void Finish(Sink&& sink) noexcept {
    Finish(granule_, sink);
  }

  // What the last packet reached.
  std::int64_t granule_position() const { return granule_; }
  std::uint32_t sequence() const { return sequence_; }  // of the next page

 private:
  // The segments are put where they lie when all 255 lengths are used; of a page with
  // fewer the head moves up to them.
  static constexpr std::size_t kBodyAt = kOggHeaderSize + kOggMaxSegments;

  std::int64_t Span(std::int64_t granule_position) const {
    // Positions are the caller's and may be anything.
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(granule_position) -
                                     static_cast<std::uint64_t>(written_granule_));
  }

  template <typename Sink>
  void WritePage(bool last, Sink& sink) noexcept {
    const std::size_t begin = kBodyAt - segments_ - kOggHeaderSize;
    const MutableBytes page = MutableBytes(page_).subspan(begin, kOggHeaderSize + segments_ + body_);
    page[26] = static_cast<std::uint8_t>(segments_);
    std::copy_n(lengths_.data(), segments_, page.data() + kOggHeaderSize);
    WriteOggPageHeader({.continued = continued_,
                        .begins_stream = sequence_ == config_.first_sequence,
                        .ends_stream = last,
                        .granule_position = packets_ > 0 ? granule_ : kOggNoGranule,
                        .serial = config_.serial,
                        .sequence = sequence_++},
                       page);
    if (packets_ > 0) written_granule_ = granule_;
    continued_ = begun_;
    segments_ = 0;
    body_ = 0;
    packets_ = 0;
    sink(Bytes(page));
  }

  Config config_;
  std::span<std::uint8_t, kOggMaxPageSize> page_;
  std::array<std::uint8_t, kOggMaxSegments> lengths_{};
  std::size_t segments_ = 0;
  std::size_t body_ = 0;
  std::size_t packets_ = 0;  // that end on the page under way
  bool begun_ = false;       // the last segment does not end its packet
  bool continued_ = false;   // the page under way begins within a packet
  std::uint32_t sequence_;
  std::int64_t granule_ = 0;
  std::int64_t written_granule_ = 0;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_OGG_WRITER_H_
