#ifndef MEDIACORE_RTCP_SDES_H_
#define MEDIACORE_RTCP_SDES_H_

#include <algorithm>
#include <utility>

#include "mediacore/base/identifiers.h"
#include "mediacore/rtcp/block_view.h"
#include "mediacore/rtcp/block_writer.h"

namespace mediacore::rtcp {

// Kinds of items (RFC 3550, section 12.2; RFC 8852; RFC 8843). A peer may send
// others; they are passed on by their number.
enum class SdesType : std::uint8_t {
  kEnd = 0,  // ends a chunk; never an item
  kCname = 1,
  kName = 2,
  kEmail = 3,
  kPhone = 4,
  kLoc = 5,
  kTool = 6,
  kNote = 7,
  kPriv = 8,
  kRid = 12,
  kRepairedRid = 13,
  kMid = 15,
};

// One thing said about a source. The bytes are text (UTF-8 if the peer is
// honest) without a terminator.
struct SdesItem {
  SdesType type = SdesType::kEnd;
  Bytes value;
  Bytes prefix;  // of kPriv only: what the value is (RFC 3550, section 6.5.8)
};

// Why a block is not a source description, in the order the parser looks.
enum class SdesError : std::uint8_t {
  kNotSdes,         // packet type is not 202
  kChunkTruncated,  // SC promises a chunk, there is no room for its SSRC
  kUnterminated,    // a chunk's items reach the end without a zero byte
  kItemTruncated,   // an item is longer than what is left
  kPrivTruncated,   // the prefix of a PRIV item is longer than the item
};
inline constexpr int kSdesErrorCount = 5;

constexpr std::string_view ToString(SdesError error) {
  switch (error) {
    case SdesError::kNotSdes: return "rtcp sdes: other type";
    case SdesError::kChunkTruncated: return "rtcp sdes: chunk truncated";
    case SdesError::kUnterminated: return "rtcp sdes: items without end";
    case SdesError::kItemTruncated: return "rtcp sdes: item truncated";
    case SdesError::kPrivTruncated: return "rtcp sdes: priv prefix truncated";
  }
  return "rtcp sdes: unknown";
}

// Source descriptions (RFC 3550, section 6.5): SC chunks of an SSRC and items,
// each chunk ended by a zero byte and filled up to a word.
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                             SSRC                              |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |     type      |    length     | value                   |  0  |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//   Bytes cname;
//   if (sdes->FindCname(ssrc, cname)) { ... }
//   sdes->ForEachItem([](Ssrc ssrc, const rtcp::SdesItem& item) { ... });
//
// Any number of items, no table. What follows the last chunk is ignored.
// Borrows the block's bytes.
class SdesView {
 public:
  static constexpr Expected<SdesView, SdesError> Parse(
      const BlockView& block) noexcept {
    if (block.packet_type() != kSourceDescription) return SdesError::kNotSdes;
    SdesError error{};
    if (!Walk(block.body(), block.count(), error,
              [](Ssrc, const SdesItem&) {})) {
      return error;
    }
    return SdesView(block.body(), block.count());
  }

  constexpr int chunk_count() const { return chunk_count_; }

  // visit(Ssrc, const SdesItem&) for each item, in the order they lie. A chunk
  // without items is not seen.
  template <typename Visit>
  constexpr void ForEachItem(Visit&& visit) const {
    SdesError error{};
    static_cast<void>(Walk(body_, chunk_count_, error, visit));
  }
  // The value of the first item of this kind; false, and `out` as it was, when
  // there is none.
  [[nodiscard]] constexpr bool FindItem(Ssrc ssrc, SdesType type,
                                        Bytes& out) const {
    // Without the checks of Walk(): Parse() has made them.
    const std::uint8_t* const body = body_.data();
    std::size_t at = 0;
    for (int chunk = 0; chunk < chunk_count_; ++chunk) {
      const bool asked = LoadU32(body + at) == ssrc.value();
      for (at += 4; body[at] != 0; at += 2 + std::size_t{body[at + 1]}) {
        if (!asked || body[at] != static_cast<std::uint8_t>(type)) continue;
        SdesItem item{type, body_.subspan(at + 2, body[at + 1]), {}};
        if (type == SdesType::kPriv && !SplitPriv(item)) return false;
        out = item.value;
        return true;
      }
      at = (at + 4) / 4 * 4;
    }
    return false;
  }
  // The canonical name, which ties the streams of one sender together.
  [[nodiscard]] constexpr bool FindCname(Ssrc ssrc, Bytes& out) const {
    return FindItem(ssrc, SdesType::kCname, out);
  }

 private:
  constexpr SdesView(Bytes body, int chunk_count)
      : body_(body), chunk_count_(chunk_count) {}

  template <typename Visit>
  [[nodiscard]] static constexpr bool Walk(Bytes body, int chunks,
                                           SdesError& error, Visit&& visit) {
    ByteReader reader(body);
    for (int chunk = 0; chunk < chunks; ++chunk) {
      std::uint32_t ssrc = 0;
      if (!reader.ReadU32(ssrc)) return error = SdesError::kChunkTruncated, false;
      while (true) {
        std::uint8_t type = 0;
        std::uint8_t length = 0;
        if (!reader.ReadU8(type)) return error = SdesError::kUnterminated, false;
        if (type == 0) break;
        SdesItem item{static_cast<SdesType>(type), {}, {}};
        if (!reader.ReadU8(length) || !reader.ReadBytes(length, item.value)) {
          return error = SdesError::kItemTruncated, false;
        }
        if (item.type == SdesType::kPriv && !SplitPriv(item)) {
          return error = SdesError::kPrivTruncated, false;
        }
        visit(Ssrc(ssrc), std::as_const(item));
      }
      // Up to the next word; less is left only where odd padding was cut off.
      const std::size_t taken = body.size() - reader.remaining();
      const std::size_t fill = (4 - taken % 4) % 4;
      static_cast<void>(reader.Skip(std::min(fill, reader.remaining())));
    }
    return true;
  }
  [[nodiscard]] static constexpr bool SplitPriv(SdesItem& item) {
    ByteReader reader(item.value);
    std::uint8_t length = 0;
    if (!reader.ReadU8(length) || !reader.ReadBytes(length, item.prefix)) {
      return false;
    }
    item.value = reader.rest();
    return true;
  }

  Bytes body_;
  int chunk_count_;
};

// Writes source descriptions; what it borrows has to live until Write().
//
//   const std::array items{rtcp::SdesItem{rtcp::SdesType::kCname, name, {}}};
//   const std::array chunks{rtcp::SdesWriter::Chunk{ssrc, items}};
//   const rtcp::SdesWriter sdes{chunks};
//   if (sdes.Write(out)) Send(out.first(sdes.WireSize()));
struct SdesWriter {
  struct Chunk {
    Ssrc ssrc;
    std::span<const SdesItem> items;
  };

  std::span<const Chunk> chunks;  // at most 31

  // 0 when it cannot be written: too many chunks, an item of type kEnd or with
  // more than 255 bytes, a prefix where none may be, more than 65535 bytes.
  constexpr std::size_t WireSize() const {
    std::size_t body = 0;
    for (const Chunk& chunk : chunks) {
      body += 4;
      for (const SdesItem& item : chunk.items) {
        const std::size_t length = ItemLength(item);
        if (item.type == SdesType::kEnd || length > 255) return 0;
        if (item.type != SdesType::kPriv && !item.prefix.empty()) return 0;
        body += 2 + length;
        if (body > internal::kMaxSize) return 0;
      }
      body = (body / 4 + 1) * 4;  // 1 to 4 zero bytes
    }
    return internal::BlockWireSize(chunks.size(), body, 0);
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteBlockHeader(writer, chunks.size(), kSourceDescription, size);
    for (const Chunk& chunk : chunks) {
      writer.WriteU32(chunk.ssrc.value());
      for (const SdesItem& item : chunk.items) {
        writer.WriteU8(static_cast<std::uint8_t>(item.type));
        writer.WriteU8(static_cast<std::uint8_t>(ItemLength(item)));
        if (item.type == SdesType::kPriv) {
          writer.WriteU8(static_cast<std::uint8_t>(item.prefix.size()));
          writer.WriteBytes(item.prefix);
        }
        writer.WriteBytes(item.value);
      }
      writer.Fill(4 - writer.size() % 4, 0);
    }
    return writer.ok();
  }

 private:
  static constexpr std::size_t ItemLength(const SdesItem& item) {
    const std::size_t limit = 256;  // over it, and still no overflow
    if (item.value.size() > limit || item.prefix.size() > limit) return limit;
    return item.value.size() +
           (item.type == SdesType::kPriv ? 1 + item.prefix.size() : 0);
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_SDES_H_
