#ifndef MEDIACORE_RTMP_CHUNK_READER_H_
#define MEDIACORE_RTMP_CHUNK_READER_H_

#include <algorithm>
#include <array>
#include <bit>

#include "mediacore/rtmp/message.h"

namespace mediacore::rtmp {

inline constexpr std::uint32_t kDefaultChunkSize = 128;
inline constexpr std::uint32_t kMaxChunkStreamId = 65'599;
// At most so many chunk streams are known at once, and messages open.
inline constexpr std::size_t kMaxChunkStreams = 64;

// Why a stream of chunks cannot be read further, in the order looked at.
enum class ChunkError : std::uint8_t {
  kNone,                 // nothing is wrong so far
  kTooManyChunkStreams,  // one more than the reader was told to know
  kNoHeader,             // the first chunk of a chunk stream says neither length nor type
  kMessageChanged,       // its length or type, before it was whole
  kMessageTooLarge,      // more than the reader was told to take
  kTooManyOpen,          // messages begun on so many chunk streams at once
  kBadChunkSize,         // see SetChunkSize
  kBadAbort,             // see Abort
  kTruncated,            // the stream ends inside a chunk or message
};

constexpr std::string_view ToString(ChunkError error) {
  switch (error) {
    case ChunkError::kNone: return "rtmp: no error";
    case ChunkError::kTooManyChunkStreams: return "rtmp: too many chunk streams";
    case ChunkError::kNoHeader: return "rtmp: no header to go on from";
    case ChunkError::kMessageChanged: return "rtmp: message changed";
    case ChunkError::kMessageTooLarge: return "rtmp: message too large";
    case ChunkError::kTooManyOpen: return "rtmp: too many open messages";
    case ChunkError::kBadChunkSize: return "rtmp: bad chunk size";
    case ChunkError::kBadAbort: return "rtmp: bad abort";
    case ChunkError::kTruncated: return "rtmp: truncated";
  }
  return "rtmp: unknown";
}

// Puts the messages of an RTMP connection together, behind the handshake, in one
// direction (RTMP 1.0, section 5.3).
//
//   std::vector<std::uint8_t> storage(4 * 2'000'000);
//   ChunkReader reader(storage, {.max_message_size = 2'000'000});  // four open at once
//   while (Receive(bytes)) reader.Read(bytes, [&](const Message& message) { ... });
//   if (reader.error() != ChunkError::kNone) Close();
//
//   fmt(2) chunk stream id(6, 14, 22) | fmt 0: time(24) length(24) type(8) stream(32, little)
//   [extended time(32)] payload       | fmt 1: no stream; fmt 2: time alone; fmt 3: none
//
// It takes all that it is given; cut anywhere, a connection gives the same messages and
// the same error, which is the last. Set Chunk Size and Abort take effect and are given out
// as the others are.
//
// Memory: 2 kB in place and the storage, which is divided into places for max_message_size
// bytes; a place is taken by a message that is being received, and no byte of it is touched
// before it has come. A message that lies whole in one chunk and in the bytes given is seen
// there. message.payload is good during the call.
//
// Of what implementations disagree about, it takes what most send: chunks of fmt 3 inside
// of a message with or without the extended time (with: when the four bytes are those of
// its first chunk); fmt 1 on a chunk stream that is new; another header than fmt 3 inside of
// a message, when length and type are the same.
class ChunkReader {
 public:
  struct Config {
    std::size_t max_message_size = kMaxMessageSize;
    std::size_t max_chunk_streams = kMaxChunkStreams;  // no more than that
  };

  constexpr ChunkReader(MutableBytes storage, const Config& config) noexcept
      : storage_(storage),
        max_message_size_(std::min(config.max_message_size, kMaxMessageSize)),
        max_chunk_streams_(std::min(config.max_chunk_streams, kMaxChunkStreams)) {
    const std::size_t places = storage.size() / std::max<std::size_t>(max_message_size_, 1);
    free_ = places >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << places) - 1;
    index_.fill(kNone);
  }

  template <typename Sink>
  constexpr void Read(Bytes bytes, Sink&& sink) noexcept {
    while (held_ > 0 && !bytes.empty() && error_ == ChunkError::kNone) ReadCutHeader(bytes, sink);
    if (error_ == ChunkError::kNone) Consume(bytes, sink);
  }
  // At the end of the connection: error(), now also kTruncated.
  constexpr ChunkError Finish() noexcept {
    if (error_ == ChunkError::kNone && (held_ > 0 || open_ > 0)) error_ = ChunkError::kTruncated;
    return error_;
  }

  constexpr ChunkError error() const { return error_; }
  // Where the chunk begins that was begun last, or refused.
  constexpr std::uint64_t offset() const { return offset_; }
  // Of the peer's chunks, from now on.
  constexpr std::uint32_t chunk_size() const { return chunk_size_; }
  // Bytes taken; an Acknowledgement says so many.
  constexpr std::uint64_t received() const { return received_; }

 private:
  static constexpr std::uint8_t kNone = 0xff;
  static constexpr std::size_t kMaxHeader = 3 + 11 + 4;
  static constexpr std::uint32_t kExtended = 0xffffff;

  struct Stream {
    std::uint32_t timestamp = 0;  // of the last message
    std::uint32_t time = 0;       // that its header said: since the one before, or of fmt 0 itself
    std::uint32_t length = 0;
    std::uint32_t stream_id = 0;
    std::uint32_t received = 0;  // of the open message
    MessageType type{};
    std::uint8_t place = kNone;
    bool extended = false;
    bool open = false;
  };
  struct Header {
    std::uint32_t id = 0;
    std::uint8_t index = kNone;  // Find(id)
    std::uint8_t format = 0;
    bool extended = false;
    std::uint32_t time = 0;
    std::uint32_t length = 0;
    MessageType type{};
    std::uint32_t stream_id = 0;
  };

  // The place of a chunk stream, or kNone.
  constexpr std::uint8_t Find(std::uint32_t id) const noexcept {
    if (id < index_.size()) return index_[id];
    // A peer may name the last of 64 with every three bytes: without a way out of the loop
    // several are compared at once. 0, which is no id, stands where there is none yet.
    std::uint32_t places = 0;  // from 1
    for (std::uint32_t i = 0; i < kMaxChunkStreams; ++i) places |= ids_[i] == id ? i + 1 : 0;
    return static_cast<std::uint8_t>(places - 1);
  }

  // How long the header at the front of `bytes` is; 0 when it is not all there.
  constexpr std::size_t ReadHeader(Bytes bytes, Header& out) const noexcept {
    const std::uint8_t* at = bytes.data();
    std::size_t size = 1;
    out.format = at[0] >> 6;
    out.id = at[0] & 0x3f;
    if (out.id < 2) {
      size += 1 + out.id;
      if (bytes.size() < size) return 0;
      out.id = 64u + at[1] + (out.id == 1 ? at[2] * 256u : 0u);
    }
    out.index = Find(out.id);
    if (out.format == 3) return ReadRepeatedTime(bytes, size, out);
    constexpr std::array<std::size_t, 3> kSizes = {11, 7, 3};
    const std::size_t end = size + kSizes[out.format];
    if (bytes.size() < end) return 0;
    at += size;
    out.time = LoadU24(at);
    out.extended = out.time == kExtended;
    if (out.format < 2) {
      out.length = LoadU24(at + 3);
      out.type = static_cast<MessageType>(at[6]);
    }
    if (out.format == 0) {
      out.stream_id = at[7] | std::uint32_t{at[8]} << 8 | std::uint32_t{at[9]} << 16 | std::uint32_t{at[10]} << 24;
    }
    if (!out.extended) return end;
    if (bytes.size() < end + 4) return 0;
    out.time = LoadU32(bytes.data() + end);
    return end + 4;
  }
  // Of fmt 3, behind the `size` bytes of its basic header.
  constexpr std::size_t ReadRepeatedTime(Bytes bytes, std::size_t size, Header& out) const noexcept {
    if (out.index == kNone || !streams_[out.index].extended) return size;
    const Stream& stream = streams_[out.index];
    std::array<std::uint8_t, 4> expected{};
    StoreU32(expected.data(), stream.time);
    for (std::size_t i = 0; i < 4; ++i) {
      if (bytes.size() <= size + i) return 0;
      if (stream.open && bytes[size + i] != expected[i]) return size;  // payload
    }
    out.extended = true;
    out.time = LoadU32(bytes.data() + size);
    return size + 4;
  }

  constexpr void Hold(Bytes& bytes) noexcept {
    std::copy_n(bytes.data(), bytes.size(), head_.data());
    held_ = bytes.size();
    received_ += held_;
    bytes = {};
  }
  // A header of which some was held. It gets longer, or is done with.
  template <typename Sink>
  constexpr void ReadCutHeader(Bytes& bytes, Sink& sink) noexcept {
    std::array<std::uint8_t, kMaxHeader> joined = head_;
    const std::size_t held = held_;
    const std::size_t more = std::min(bytes.size(), kMaxHeader - held);
    std::copy_n(bytes.data(), more, joined.data() + held);
    Header header;
    const std::size_t size = ReadHeader(Bytes(joined).first(held + more), header);
    held_ = 0;
    received_ -= held;
    if (size == 0) {
      Bytes all = Bytes(joined).first(held + more);
      Hold(all);
      bytes = bytes.subspan(more);
      return;
    }
    Begin(header, size, sink);
    if (size > held) {
      bytes = bytes.subspan(size - held);
    } else if (error_ == ChunkError::kNone) {
      // Bytes that began as an extended time would were payload.
      Consume(Bytes(joined).subspan(size, held - size), sink);
    }
  }
  template <typename Sink>
  constexpr void Consume(Bytes bytes, Sink& sink) noexcept {
    while (!bytes.empty() && error_ == ChunkError::kNone) {
      if (left_ > 0) {
        ReadPayload(bytes, sink);
        continue;
      }
      Header header;
      const std::size_t size = ReadHeader(bytes, header);
      if (size == 0) return Hold(bytes);
      bytes = bytes.subspan(size);
      Begin(header, size, sink);
    }
  }

  constexpr void Fail(ChunkError error) noexcept { error_ = error; }

  // A chunk whose header, of `size` bytes, is known.
  template <typename Sink>
  constexpr void Begin(const Header& header, std::size_t size, Sink& sink) noexcept {
    offset_ = received_;
    received_ += size;
    std::uint8_t index = header.index;
    if (index == kNone) {
      if (streams_count_ == max_chunk_streams_) return Fail(ChunkError::kTooManyChunkStreams);
      if (header.format >= 2) return Fail(ChunkError::kNoHeader);
      index = static_cast<std::uint8_t>(streams_count_++);
      ids_[index] = header.id;
      if (header.id < index_.size()) index_[header.id] = index;
    }
    current_ = index;
    Stream& stream = streams_[index];
    if (stream.open) {
      const bool changed = header.format < 2 && (header.length != stream.length || header.type != stream.type);
      if (changed) return Fail(ChunkError::kMessageChanged);
    }
    if (header.format < 3) stream.extended = header.extended;
    if (header.format < 3 || header.extended) stream.time = header.time;
    if (!stream.open) {
      if (header.format < 2) {
        stream.length = header.length;
        stream.type = header.type;
      }
      if (header.format == 0) stream.stream_id = header.stream_id;
      stream.timestamp = header.format == 0 ? stream.time : stream.timestamp + stream.time;
      if (stream.length > max_message_size_) return Fail(ChunkError::kMessageTooLarge);
      if (stream.length == 0) return Deliver(stream, {}, sink);
      if (free_ == 0) return Fail(ChunkError::kTooManyOpen);
      stream.open = true;
      stream.received = 0;
      ++open_;
    }
    left_ = std::min(chunk_size_, stream.length - stream.received);
  }

  template <typename Sink>
  constexpr void ReadPayload(Bytes& bytes, Sink& sink) noexcept {
    Stream& stream = streams_[current_];
    const std::size_t size = std::min<std::size_t>(bytes.size(), left_);
    received_ += size;
    if (size == stream.length) {  // all of it
      const Bytes payload = bytes.first(size);
      bytes = bytes.subspan(size);
      left_ = 0;
      Close(stream);
      return Deliver(stream, payload, sink);
    }
    if (stream.place == kNone) {
      stream.place = static_cast<std::uint8_t>(std::countr_zero(free_));
      free_ &= free_ - 1;
    }
    std::uint8_t* const place = storage_.data() + stream.place * max_message_size_;
    std::copy_n(bytes.data(), size, place + stream.received);
    bytes = bytes.subspan(size);
    left_ -= static_cast<std::uint32_t>(size);
    stream.received += static_cast<std::uint32_t>(size);
    if (stream.received < stream.length) return;
    Close(stream);
    Deliver(stream, Bytes(place, stream.length), sink);
  }
  constexpr void Close(Stream& stream) noexcept {
    if (stream.place != kNone) free_ |= std::uint64_t{1} << stream.place;
    stream.place = kNone;
    stream.open = false;
    --open_;
  }

  template <typename Sink>
  constexpr void Deliver(const Stream& stream, Bytes payload, Sink& sink) noexcept {
    if (stream.type == MessageType::kSetChunkSize) {
      const auto set = SetChunkSize::Parse(payload);
      if (!set) return Fail(ChunkError::kBadChunkSize);
      chunk_size_ = set->chunk_size();
    } else if (stream.type == MessageType::kAbort) {
      const auto abort = Abort::Parse(payload);
      if (!abort) return Fail(ChunkError::kBadAbort);
      const std::uint8_t index = Find(abort->value);
      if (index != kNone && streams_[index].open) Close(streams_[index]);
    }
    sink(Message{ids_[current_], stream.type, stream.stream_id, stream.timestamp, payload});
  }

  MutableBytes storage_;
  std::size_t max_message_size_;
  std::size_t max_chunk_streams_;
  std::uint64_t free_ = 0;  // places
  std::uint64_t received_ = 0;
  std::uint64_t offset_ = 0;
  std::uint32_t chunk_size_ = kDefaultChunkSize;
  std::uint32_t left_ = 0;  // of the payload of the chunk that is being read
  std::uint8_t current_ = 0;
  ChunkError error_ = ChunkError::kNone;
  std::size_t open_ = 0;
  std::size_t held_ = 0;  // bytes of a header that is cut
  std::array<std::uint8_t, kMaxHeader> head_{};
  std::size_t streams_count_ = 0;
  std::array<std::uint8_t, 64> index_{};  // of the chunk streams with short ids
  std::array<std::uint32_t, kMaxChunkStreams> ids_{};
  std::array<Stream, kMaxChunkStreams> streams_{};
};

}  // namespace mediacore::rtmp

#endif  // MEDIACORE_RTMP_CHUNK_READER_H_
