#ifndef MEDIACORE_RTMP_CHUNK_WRITER_H_
#define MEDIACORE_RTMP_CHUNK_WRITER_H_

#include "mediacore/rtmp/chunk_reader.h"

namespace mediacore::rtmp {

// Cuts messages into chunks, for one direction of an RTMP connection, behind the
// handshake (RTMP 1.0, section 5.3).
//
//   ChunkWriter writer;
//   std::size_t size = writer.WireSize(message);
//   if (size == 0 || out.size() < size) ...
//   writer.Write(message, out);  // `size` bytes
//
// A payload may come in two parts, so that media need not be copied behind the header
// of their tag: WireSize(message, media), Write(message, out, media).
//
// Headers are as short as what went before on the chunk stream allows; but a time that
// needs 32 bits, or goes back, is written in full, for about differences that large
// implementations disagree. Once a Set Chunk Size is written, chunks are that large.
//
// Cannot be written: a chunk stream id under 2 or over 65599, one more than
// kMaxChunkStreams of them, 2^24 bytes or more, a malformed Set Chunk Size.
// 2 kB in place, no heap.
class ChunkWriter {
 public:
  constexpr ChunkWriter() noexcept { index_.fill(kNone); }

  constexpr std::uint32_t chunk_size() const { return chunk_size_; }

  // 0 when it cannot be written.
  constexpr std::size_t WireSize(const Message& message, Bytes more = {}) const noexcept {
    if (!writable(message, more)) return 0;
    const std::size_t payload = message.payload.size() + more.size();
    const Headers headers = MakeHeaders(message, payload);
    const std::size_t chunks = payload == 0 ? 1 : (payload + chunk_size_ - 1) / chunk_size_;
    return headers.first_size + (chunks - 1) * headers.next_size + payload;
  }
  // What it wrote: WireSize(); 0, and nothing changed, when it cannot be or `out` is shorter.
  constexpr std::size_t Write(const Message& message, MutableBytes out, Bytes more = {}) noexcept;

 private:
  static constexpr std::uint8_t kNone = 0xff;
  static constexpr std::uint32_t kExtended = 0xffffff;

  struct Stream {  // its last message
    std::uint32_t timestamp = 0;
    std::uint32_t delta = 0;
    std::uint32_t length = 0;
    std::uint32_t stream_id = 0;
    MessageType type{};
    bool has_delta = false;
  };
  // Of the first chunk of a message, and of the others.
  struct Headers {
    std::array<std::uint8_t, 18> first{};
    std::array<std::uint8_t, 7> next{};
    std::size_t first_size = 0;
    std::size_t next_size = 0;
  };

  constexpr std::uint8_t Find(std::uint32_t id) const noexcept {
    if (id < index_.size()) return index_[id];
    for (std::size_t i = 0; i < streams_count_; ++i) {
      if (ids_[i] == id) return static_cast<std::uint8_t>(i);
    }
    return kNone;
  }
  constexpr bool writable(const Message& message, Bytes more) const noexcept {
    const std::uint32_t id = message.chunk_stream_id;
    if (id < 2 || id > kMaxChunkStreamId) return false;
    if (message.payload.size() > kMaxMessageSize || more.size() > kMaxMessageSize - message.payload.size())
      return false;
    if (message.type == MessageType::kSetChunkSize && (!more.empty() || !SetChunkSize::Parse(message.payload))) {
      return false;
    }
    return streams_count_ < kMaxChunkStreams || Find(id) != kNone;
  }
  static constexpr void WriteBasicHeader(ByteWriter& out, unsigned format, std::uint32_t id) noexcept {
    format <<= 6;
    if (id < 64) {
      out.WriteU8(static_cast<std::uint8_t>(format | id));
    } else if (id < 64 + 256) {
      out.WriteU8(static_cast<std::uint8_t>(format));
      out.WriteU8(static_cast<std::uint8_t>(id - 64));
    } else {
      out.WriteU8(static_cast<std::uint8_t>(format | 1));
      out.WriteU8(static_cast<std::uint8_t>(id - 64));
      out.WriteU8(static_cast<std::uint8_t>((id - 64) >> 8));
    }
  }
  constexpr unsigned Format(const Message& message, std::size_t length, const Stream* last) const noexcept {
    if (last == nullptr || last->stream_id != message.stream_id) return 0;
    const std::uint32_t delta = message.timestamp - last->timestamp;
    if (delta >= kExtended) return 0;
    if (last->length != length || last->type != message.type) return 1;
    // Behind a full header some take the time for 0, others for what it said.
    return last->has_delta && delta == last->delta ? 3 : 2;
  }
  constexpr Headers MakeHeaders(const Message& message, std::size_t length) const noexcept {
    const std::uint8_t index = Find(message.chunk_stream_id);
    const Stream* last = index == kNone ? nullptr : &streams_[index];
    const unsigned format = Format(message, length, last);
    const std::uint32_t time = format == 0 ? message.timestamp : message.timestamp - last->timestamp;
    const bool extended = time >= kExtended;
    Headers headers;
    ByteWriter first(headers.first);
    WriteBasicHeader(first, format, message.chunk_stream_id);
    if (format < 3) first.WriteU24(extended ? kExtended : time);
    if (format < 2) {
      first.WriteU24(static_cast<std::uint32_t>(length));
      first.WriteU8(static_cast<std::uint8_t>(message.type));
    }
    if (format == 0) {
      for (int shift = 0; shift < 32; shift += 8) first.WriteU8(static_cast<std::uint8_t>(message.stream_id >> shift));
    }
    ByteWriter next(headers.next);
    WriteBasicHeader(next, 3, message.chunk_stream_id);
    if (extended) {
      first.WriteU32(time);
      next.WriteU32(time);
    }
    headers.first_size = first.size();
    headers.next_size = next.size();
    return headers;
  }
  constexpr void Remember(const Message& message, std::size_t length) noexcept {
    std::uint8_t index = Find(message.chunk_stream_id);
    const unsigned format = Format(message, length, index == kNone ? nullptr : &streams_[index]);
    if (index == kNone) {
      index = static_cast<std::uint8_t>(streams_count_++);
      ids_[index] = message.chunk_stream_id;
      if (message.chunk_stream_id < index_.size()) index_[message.chunk_stream_id] = index;
    }
    Stream& stream = streams_[index];
    stream = {message.timestamp,
              message.timestamp - stream.timestamp,
              static_cast<std::uint32_t>(length),
              message.stream_id,
              message.type,
              format != 0};
    if (message.type == MessageType::kSetChunkSize) chunk_size_ = SetChunkSize::Parse(message.payload)->chunk_size();
  }

  std::uint32_t chunk_size_ = kDefaultChunkSize;
  std::size_t streams_count_ = 0;
  std::array<std::uint8_t, 64> index_{};  // of the chunk streams with short ids
  std::array<std::uint32_t, kMaxChunkStreams> ids_{};
  std::array<Stream, kMaxChunkStreams> streams_{};
};

constexpr std::size_t ChunkWriter::Write(const Message& message, MutableBytes out, Bytes more) noexcept {
  const std::size_t size = WireSize(message, more);
  if (size == 0 || out.size() < size) return 0;
  const std::size_t length = message.payload.size() + more.size();
  const Headers headers = MakeHeaders(message, length);
  ByteWriter writer(out);
  writer.WriteBytes(Bytes(headers.first).first(headers.first_size));
  std::size_t room = chunk_size_;  // in the chunk
  for (Bytes part : {message.payload, more}) {
    while (!part.empty()) {
      if (room == 0) {
        writer.WriteBytes(Bytes(headers.next).first(headers.next_size));
        room = chunk_size_;
      }
      const std::size_t some = std::min(room, part.size());
      writer.WriteBytes(part.first(some));
      part = part.subspan(some);
      room -= some;
    }
  }
  Remember(message, length);
  return size;
}

}  // namespace mediacore::rtmp

#endif  // MEDIACORE_RTMP_CHUNK_WRITER_H_
