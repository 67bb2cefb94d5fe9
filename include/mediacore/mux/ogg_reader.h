#ifndef MEDIACORE_MUX_OGG_READER_H_
#define MEDIACORE_MUX_OGG_READER_H_

#include <array>
#include <cstring>
#include <utility>

#include "mediacore/mux/ogg_page.h"

namespace mediacore::mux {

// One packet out of an Ogg stream.
struct OggPacket {
  std::uint32_t serial = 0;  // of its logical stream
  std::uint64_t number = 0;  // from 0, of those of its stream whose end was there
  // Of the packets that end on a page the last one has the page's; the others
  // kOggNoGranule. What it means is up to the codec.
  std::int64_t granule_position = kOggNoGranule;
  bool begins_stream = false;  // on the first page of its stream
  bool ends_stream = false;    // the last one of its stream
  bool lost_before = false;    // something between the packet before and this one is missing
  Bytes data;                  // good during the call
};

// Takes an Ogg file apart as it comes (RFC 3533): pages found and checked, packets
// put together across pages, of up to kMaxStreams logical streams at once.
//
//   std::array<std::uint8_t, kOggMaxPageSize> page;
//   std::vector<std::uint8_t> packets(OggReader::kMaxStreams * 61'440);
//   OggReader reader(page, packets);
//   while (ReadSome(bytes)) reader.Read(bytes, [&](const OggPacket& packet) { ... });
//   reader.Finish();
//
// It takes all that it is given; cut anywhere, a file gives the same packets and counts.
// Each stream has its share of `packets` for what runs over the end of a page; a larger
// packet is dropped and counted. Streams are told apart by serial; a page that begins one,
// after pages that did not, begins the next link of a chain, and those before are over. Past
// kMaxStreams, streams are ignored and counted. After damage the next page is looked for
// from the byte behind the last capture pattern on, as long as checksums of pages that overlap take
// no more than four times the bytes; then from behind the damaged page.
class OggReader {
 public:
  static constexpr std::size_t kMaxStreams = 4;

  struct Stats {
    std::uint64_t pages = 0;
    std::uint64_t packets = 0;          // given out
    std::uint64_t skipped_bytes = 0;    // that belong to no page
    std::uint64_t bad_checksums = 0;    // what looked like pages
    std::uint64_t ignored_pages = 0;    // of streams past kMaxStreams, or after their end
    std::uint64_t lost_pages = 0;       // by their sequence numbers
    std::uint64_t sequence_errors = 0;  // numbers that go back
    std::uint64_t dropped_packets = 0;  // that miss their begin or end
    std::uint64_t overflows = 0;        // larger than the storage
    std::uint64_t truncated_bytes = 0;  // of a page cut by the end of the file
  };

  OggReader(std::span<std::uint8_t, kOggMaxPageSize> page, MutableBytes packets) noexcept : page_(page) {
    const std::size_t share = packets.size() / kMaxStreams;
    for (std::size_t i = 0; i < kMaxStreams; ++i) streams_[i].storage = packets.subspan(i * share, share);
  }

  template <typename Sink>
  void Read(Bytes bytes, Sink&& sink) noexcept {
    for (;;) {
      if (held_ == 0) {
        bytes = bytes.subspan(ReadPages(bytes, sink));
        if (bytes.empty()) return;
        need_ = Needed(bytes);
      }
      const std::size_t more = std::min(bytes.size(), need_ - held_);
      std::copy_n(bytes.data(), more, page_.data() + held_);
      bytes = bytes.subspan(more);
      held_ += more;
      if (held_ < need_) return;
      const std::size_t done = ReadPages(page_.first(held_), sink);
      held_ -= done;
      if (held_ > 0) std::memmove(page_.data(), page_.data() + done, held_);
      need_ = Needed(page_.first(held_));
    }
  }
  // At the end of the file: counts what never came whole.
  void Finish() noexcept {
    if (held_ > 0) Damage();
    stats_.truncated_bytes += held_;
    held_ = 0;
    for (Stream& stream : streams_) Abandon(stream);
  }

  const Stats& stats() const { return stats_; }
  // Where in the file the page begins that is read next.
  std::uint64_t offset() const { return offset_; }
  std::uint64_t first_damage() const { return first_damage_; }
  // Whether anything was counted that is wrong with the file.
  bool damaged() const { return first_damage_ != kNoDamage; }

 private:
  enum class State : std::uint8_t {
    kBetween,   // packets
    kWithin,    // one, whose begin is in the storage
    kDropping,  // one, up to its end
  };
  struct Stream {
    MutableBytes storage;
    std::size_t size = 0;
    bool used = false;
    bool ended = false;
    bool lost = false;
    State state = State::kBetween;
    std::uint32_t serial = 0;
    std::uint32_t next_sequence = 0;
    std::uint64_t packets = 0;
  };
  static constexpr std::uint64_t kNoDamage = ~std::uint64_t{0};
  static constexpr std::uint64_t kMostChecked = 16 * kOggMaxPageSize;

  // How many bytes from the begin of a page on have to be there to say more. A start
  // that comes in pieces is looked at with each byte: what is none is not waited for.
  static std::size_t Needed(Bytes bytes) noexcept {
    return bytes.size() < OggPageView::kStart.size() ? bytes.size() + 1 : OggPageView::SizeNeeded(bytes);
  }

  // Reads until a page is not whole, and returns how many bytes it is done with. How
  // far that is depends on all the bytes so far, not on where they were cut.
  template <typename Sink>
  std::size_t ReadPages(Bytes bytes, Sink& sink) noexcept {
    std::size_t at = 0;
    while (at < bytes.size()) {
      const Bytes rest = bytes.subspan(at);
      std::size_t done = 0;
      if (!OggPageView::MayBegin(rest)) {
        done = Skip(rest, 1);
      } else if (const auto page = OggPageView::Parse(rest)) {
        HandlePage(*page, sink);
        done = page->size();
      } else if (page.error() != OggPageError::kBadChecksum) {
        break;  // not whole
      } else {
        ++stats_.bad_checksums;
        const std::size_t size = OggPageView::SizeNeeded(rest);
        done = Skip(rest, MayLookInside(size) ? 1 : size);
      }
      at += done;
      offset_ += done;
    }
    return at;
  }

  // Passes over so many bytes and what follows up to where a page may begin.
  std::size_t Skip(Bytes bytes, std::size_t count) noexcept {
    Damage();
    const Bytes rest = bytes.subspan(count);
    const void* next = rest.empty() ? nullptr : std::memchr(rest.data(), 'O', rest.size());
    const std::size_t skipped = next == nullptr
                                    ? bytes.size()
                                    : static_cast<std::size_t>(static_cast<const std::uint8_t*>(next) - bytes.data());
    stats_.skipped_bytes += skipped;
    return skipped;
  }
  // Whether to look for pages within one whose checksum is wrong: its lengths may
  // be, but pages made to overlap would cost the square of their bytes.
  bool MayLookInside(std::size_t size) noexcept {
    const std::uint64_t earned = 4 * (offset_ + size);
    spent_ = std::max(spent_, earned - std::min(earned, kMostChecked));
    if (spent_ + size > earned) return false;
    spent_ += size;
    return true;
  }
  void Damage() noexcept { first_damage_ = std::min(first_damage_, offset_); }

  template <typename Sink>
  void HandlePage(const OggPageView& page, Sink& sink) noexcept {
    ++stats_.pages;
    const OggPageHeader header = page.header();
    Stream* const stream = StreamOf(header);
    if (stream == nullptr) {
      ++stats_.ignored_pages;
      return;
    }
    CheckSequence(*stream, header);
    if (header.continued && stream->state == State::kBetween) {  // of a packet that nobody began
      ++stats_.dropped_packets;
      stream->state = State::kDropping;
      stream->lost = true;
      Damage();
    }
    if (!header.continued) Abandon(*stream);
    std::size_t to_end = page.packets_ended();
    OggPageView::Parts parts = page.parts();
    Bytes part;
    bool ends = false;
    while (parts.Next(part, ends)) {
      const Bytes packet = ends && stream->state == State::kBetween ? part : Append(*stream, part);
      if (!ends) break;
      const bool whole = stream->state != State::kDropping;
      stream->state = State::kBetween;
      --to_end;
      const std::uint64_t number = stream->packets++;
      if (!whole) continue;
      ++stats_.packets;
      const bool lost = std::exchange(stream->lost, false);
      sink(OggPacket{.serial = header.serial,
                     .number = number,
                     .granule_position = to_end == 0 ? header.granule_position : kOggNoGranule,
                     .begins_stream = header.begins_stream,
                     .ends_stream = header.ends_stream && parts.empty(),
                     .lost_before = lost,
                     .data = packet});
    }
    if (header.ends_stream) {
      Abandon(*stream);
      stream->ended = true;
    }
  }

  // Null: none is to be had.
  Stream* StreamOf(const OggPageHeader& header) noexcept {
    if (header.begins_stream && !beginning_) {  // the next link of a chain
      for (Stream& stream : streams_) {
        Abandon(stream);
        stream.used = false;
      }
    }
    beginning_ = header.begins_stream;
    Stream* free = nullptr;
    for (Stream& stream : streams_) {
      if (!stream.used) {
        if (free == nullptr) free = &stream;
      } else if (stream.serial == header.serial) {
        if (!header.begins_stream) return stream.ended ? nullptr : &stream;
        Abandon(stream);
        free = &stream;
        break;
      }
    }
    if (free == nullptr) return nullptr;
    const MutableBytes storage = free->storage;
    *free = {};
    free->storage = storage;
    free->used = true;
    free->serial = header.serial;
    free->next_sequence = header.sequence;
    free->lost = !header.begins_stream;  // joined midway
    if (!header.begins_stream && header.continued) free->state = State::kDropping;
    return free;
  }

  void CheckSequence(Stream& stream, const OggPageHeader& header) noexcept {
    const std::uint32_t missing = header.sequence - stream.next_sequence;
    stream.next_sequence = header.sequence + 1;
    if (missing == 0) return;
    Damage();
    if (missing < 0x80000000u) {
      stats_.lost_pages += missing;
    } else {
      ++stats_.sequence_errors;
    }
    if (stream.state == State::kWithin || header.continued) ++stats_.dropped_packets;
    stream.state = header.continued ? State::kDropping : State::kBetween;
    stream.size = 0;
    stream.lost = true;
  }

  // Adds to the packet that runs over the end of a page; what there is of it.
  Bytes Append(Stream& stream, Bytes part) noexcept {
    if (stream.state == State::kBetween) stream.size = 0;
    if (stream.state == State::kDropping) return {};
    stream.state = State::kWithin;
    if (part.size() > stream.storage.size() - stream.size) {
      ++stats_.overflows;
      stream.state = State::kDropping;
      stream.lost = true;
      return {};
    }
    std::copy_n(part.data(), part.size(), stream.storage.data() + stream.size);
    stream.size += part.size();
    return stream.storage.first(stream.size);
  }
  // The end of the packet that is under way will not come.
  void Abandon(Stream& stream) noexcept {
    if (stream.state == State::kWithin) {
      ++stats_.dropped_packets;
      stream.lost = true;
      Damage();
    }
    stream.state = State::kBetween;
    stream.size = 0;
  }

  std::span<std::uint8_t, kOggMaxPageSize> page_;
  std::size_t held_ = 0;  // of a page that is not whole
  std::size_t need_ = 0;  // until more can be said of it
  std::array<Stream, kMaxStreams> streams_;
  bool beginning_ = true;  // only pages that begin streams were there
  std::uint64_t offset_ = 0;
  std::uint64_t first_damage_ = kNoDamage;
  std::uint64_t spent_ = 0;
  Stats stats_;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_OGG_READER_H_
