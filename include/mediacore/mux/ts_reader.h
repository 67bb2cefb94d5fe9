#ifndef MEDIACORE_MUX_TS_READER_H_
#define MEDIACORE_MUX_TS_READER_H_

#include <algorithm>
#include <array>
#include <cstring>

#include "mediacore/base/annex_b.h"
#include "mediacore/base/codec.h"
#include "mediacore/mux/adts.h"
#include "mediacore/mux/pes.h"
#include "mediacore/mux/ts_packet.h"
#include "mediacore/mux/ts_section_buffer.h"
#include "mediacore/mux/ts_tables.h"

namespace mediacore::mux {

// One access unit out of a transport stream.
struct TsAccessUnit {
  Codec codec = Codec::kUnknown;
  std::int64_t pts = 0;  // 90 kHz, unwrapped; all streams on one time line
  std::int64_t dts = 0;
  bool key_frame = false;  // H.264: it has an IDR slice; AAC: always
  AdtsConfig adts;         // AAC only
  Bytes data;  // H.264: Annex B; AAC: a raw access unit. Good during the call.
};

// Takes a transport stream apart: the first H.264 and the first AAC stream of the
// first program (ISO/IEC 13818-1).
//
//   std::vector<std::uint8_t> video(2'000'000), audio(100'000);
//   TsReader reader(video, audio);
//   reader.Read(bytes, [](const TsAccessUnit& unit) { ... });
//   reader.Flush([](const TsAccessUnit& unit) { ... });
//
// An access unit comes out when the next PES packet of its stream begins. Units that
// begin within a PES packet, or run on into the next, are told apart (of several
// pictures that begin in one, all have its times). What is damaged or larger than the storage is dropped and counted; a lost packet costs
// the PES packet it belonged to. The storage is the caller's and all the memory there
// is beside two sections of a kilobyte; time is linear in the bytes.
class TsReader {
 public:
  struct Stats {
    std::uint64_t packets = 0;
    std::uint64_t skipped_bytes = 0;      // passed over to find a sync byte
    std::uint64_t bad_packets = 0;        // see TsPacketError
    std::uint64_t transport_errors = 0;   // marked broken by who sent them
    std::uint64_t scrambled = 0;
    std::uint64_t continuity_errors = 0;  // packets lost before one of these
    std::uint64_t section_errors = 0;     // see TsSectionError
    std::uint64_t pes_errors = 0;         // see PesError
    std::uint64_t adts_errors = 0;        // stretches that are no ADTS frames
    std::uint64_t overflows = 0;          // PES packets larger than the storage
  };

  // PES packets are put together in these.
  TsReader(MutableBytes video, MutableBytes audio) {
    video_.storage = video;
    video_.codec = Codec::kH264;
    audio_.storage = audio;
    audio_.codec = Codec::kAac;
  }

  // Reads whole packets and returns how many bytes it is done with; give the
  // rest again in front of what follows.
  template <typename Sink>
  std::size_t Read(Bytes bytes, Sink&& sink) noexcept {
    std::size_t at = 0;
    while (bytes.size() - at >= kTsPacketSize) {
      if (bytes[at] != 0x47) {
        ++at;
        ++stats_.skipped_bytes;
        continue;
      }
      const auto packet = TsPacketView::Parse(bytes.subspan(at, kTsPacketSize));
      at += kTsPacketSize;
      ++stats_.packets;
      if (packet) {
        HandlePacket(*packet, sink);
      } else {
        ++stats_.bad_packets;
      }
    }
    return at;
  }

  // Gives out what is still held: at the end.
  template <typename Sink>
  void Flush(Sink&& sink) noexcept {
    Deliver(video_, true, sink);
    Deliver(audio_, true, sink);
    video_.Drop();
    audio_.Drop();
  }

  const Stats& stats() const { return stats_; }
  // The last program clock, 27 MHz, unwrapped; false before the first.
  [[nodiscard]] bool LastPcr(std::int64_t& pcr) const {
    pcr = pcr_;
    return has_pcr_;
  }
  bool has_video() const { return video_.pid != kTsNullPid; }
  bool has_audio() const { return audio_.pid != kTsNullPid; }

 private:
  struct Times {
    std::int64_t pts = 0;
    std::int64_t dts = 0;
  };
  struct Stream {
    std::uint16_t pid = kTsNullPid;
    Codec codec = Codec::kUnknown;
    MutableBytes storage;
    std::size_t size = 0;
    bool open = false;      // has seen the start of a PES packet, and no loss since
    int counter = -1;       // of the last packet
    Times times;            // of the unit at the front
    std::int64_t samples = 0;  // of sound since `times`
    bool has_next = false;  // another PES packet begins at `next_at`
    std::size_t next_at = 0;
    Times next;
    bool has_limit = false;
    std::size_t limit = 0;  // payload that is to come, where the header said so
    // Video: how far the unit at the front has been looked at, and what it has
    // until there; so no byte is looked at again for each PES packet that follows.
    std::size_t scanned = 0;
    bool has_slice = false;
    bool key_frame = false;

    Bytes bytes() const { return storage.first(size); }
    void Drop() {
      size = 0;
      open = false;
      has_next = false;
      scanned = 0;
      has_slice = false;
      key_frame = false;
    }
  };

  template <typename Sink>
  void HandlePacket(const TsPacketView& packet, Sink& sink) noexcept {
    if (packet.transport_error()) {
      ++stats_.transport_errors;
      return;
    }
    const std::uint16_t pid = packet.pid();
    if (pid == pcr_pid_) {
      std::int64_t pcr = 0;
      if (packet.ReadPcr(pcr)) {
        pcr_ = clock_.Unwrap(pcr / 300) * 300 + pcr % 300;
        has_pcr_ = true;
      }
    }
    if (!packet.has_payload() || pid == kTsNullPid) return;
    if (packet.scrambled()) {
      ++stats_.scrambled;
      return;
    }
    if (pid == 0) {
      pat_.Push(packet, stats_.section_errors,
                [&](const TsSectionView& section) { HandlePat(section); });
    } else if (pid == pmt_pid_) {
      pmt_.Push(packet, stats_.section_errors,
                [&](const TsSectionView& section) { HandlePmt(section, sink); });
    } else if (pid == video_.pid) {
      HandleMedia(video_, packet, sink);
    } else if (pid == audio_.pid) {
      HandleMedia(audio_, packet, sink);
    }
  }

  void HandlePat(const TsSectionView& section) noexcept {
    if (section.table_id() != kTsTablePat || !section.current()) return;
    std::uint16_t program = 0;
    std::uint16_t pid = 0;
    TsPatReader reader(section.body());
    while (reader.Next(program, pid)) {
      if (program == 0) continue;  // network information
      if (pid != pmt_pid_) pmt_ = {};
      pmt_pid_ = pid;
      program_ = program;
      return;
    }
  }

  template <typename Sink>
  void HandlePmt(const TsSectionView& section, Sink& sink) noexcept {
    if (section.table_id() != kTsTablePmt || !section.current() ||
        section.extension() != program_) {
      return;
    }
    std::uint16_t pid = 0;
    std::uint8_t type = 0;
    std::uint16_t video = kTsNullPid;
    std::uint16_t audio = kTsNullPid;
    TsPmtReader reader(section.body());
    pcr_pid_ = reader.pcr_pid();
    while (reader.Next(type, pid)) {
      if (type == kTsStreamTypeH264 && video == kTsNullPid) video = pid;
      if (type == kTsStreamTypeAac && audio == kTsNullPid) audio = pid;
    }
    Select(video_, video, sink);
    Select(audio_, audio, sink);
  }

  template <typename Sink>
  void Select(Stream& stream, std::uint16_t pid, Sink& sink) noexcept {
    if (stream.pid == pid) return;
    Deliver(stream, true, sink);
    stream.Drop();
    stream.pid = pid;
    stream.counter = -1;
  }

  template <typename Sink>
  void HandleMedia(Stream& stream, const TsPacketView& packet, Sink& sink) noexcept {
    const int counter = packet.continuity_counter();
    if (stream.counter >= 0 && !packet.discontinuity()) {
      if (counter == stream.counter) return;  // sent twice
      if (counter != ((stream.counter + 1) & 0xf)) {
        ++stats_.continuity_errors;
        stream.Drop();
      }
    }
    stream.counter = counter;
    Bytes payload = packet.payload();
    if (packet.unit_start()) {
      const auto header = PesHeaderView::Parse(payload);
      if (!header) {
        ++stats_.pes_errors;
        stream.Drop();
        return;
      }
      payload = payload.subspan(header->size());
      stream.has_limit = header->has_payload_size() && header->payload_size() > 0;
      stream.limit = stream.has_limit ? header->payload_size() : 0;
      BeginPes(stream, *header, payload, sink);
    }
    if (!stream.open) return;
    if (stream.has_limit) {
      payload = payload.first(std::min(payload.size(), stream.limit));
      stream.limit -= payload.size();
    }
    if (payload.size() > stream.storage.size() - stream.size) {
      ++stats_.overflows;
      stream.Drop();
      return;
    }
    if (payload.empty()) return;
    std::memcpy(stream.storage.data() + stream.size, payload.data(), payload.size());
    stream.size += payload.size();
  }

  template <typename Sink>
  void BeginPes(Stream& stream, const PesHeaderView& header, Bytes payload,
                Sink& sink) noexcept {
    if (!header.has_pts()) return;  // more of what is open
    Times times;
    times.dts = clock_.Unwrap(header.dts());
    times.pts = TsTimeUnwrapper::Nearest(header.pts(), times.dts);
    // Sound may have a frame cut in two at any place; of video that happened
    // when the new PES packet does not begin with a start code.
    const bool whole = stream.codec == Codec::kH264 && BeginsWithStartCode(payload);
    if (stream.open) Deliver(stream, whole, sink);
    stream.open = true;
    stream.has_next = true;
    stream.next_at = stream.size;
    stream.next = times;
  }

  static bool BeginsWithStartCode(Bytes bytes) noexcept {
    std::size_t zeros = 0;
    while (zeros < bytes.size() && bytes[zeros] == 0) ++zeros;
    return zeros >= 2 && zeros < bytes.size() && bytes[zeros] == 1;
  }

  // Gives out the units held, all or all but a last one that may go on, and
  // moves what is left to the front.
  template <typename Sink>
  void Deliver(Stream& stream, bool all, Sink& sink) noexcept {
    if (!stream.open) return;
    const std::size_t done = stream.codec == Codec::kH264 ? DeliverVideo(stream, all, sink)
                                                          : DeliverAudio(stream, sink);
    const std::size_t left = all ? 0 : stream.size - done;
    if (left > 0 && done > 0) {
      std::memmove(stream.storage.data(), stream.storage.data() + done, left);
    }
    stream.size = left;
    stream.has_next = false;  // nothing is there that it could hold for
  }

  // From here on the times of the PES packet that begins at or before `at` hold.
  static void TakeTimes(Stream& stream, std::size_t at) noexcept {
    if (!stream.has_next || at < stream.next_at) return;
    stream.times = stream.next;
    stream.samples = 0;
    stream.has_next = false;
  }

  template <typename Sink>
  std::size_t DeliverVideo(Stream& stream, bool all, Sink& sink) noexcept {
    const Bytes bytes = stream.bytes();
    std::size_t begin = 0;  // of the unit
    bool key_frame = stream.key_frame;
    bool has_slice = stream.has_slice;
    const auto give = [&](std::size_t end) {
      TakeTimes(stream, begin);
      sink(TsAccessUnit{.codec = Codec::kH264,
                        .pts = stream.times.pts,
                        .dts = stream.times.dts,
                        .key_frame = key_frame,
                        .adts = {},
                        .data = bytes.subspan(begin, end - begin)});
      begin = end;
      key_frame = false;
      has_slice = false;
    };
    std::size_t scanned = stream.scanned;
    std::size_t at = FindStartCode(bytes, scanned);
    while (at + 3 < bytes.size()) {
      // ITU-T H.264, 7.4.1.2.3: what begins an access unit once a slice was
      // there: a delimiter, parameter sets and the like, or a slice from
      // macroblock 0 on (first_mb_in_slice is ue(v), so its first bit says 0).
      const int type = bytes[at + 3] & 0x1f;
      const bool slice = type == 1 || type == 2 || type == 5;
      if (slice && at + 4 == bytes.size() && !all) break;  // the next byte tells
      const bool first_slice = slice && at + 4 < bytes.size() && (bytes[at + 4] & 0x80) != 0;
      const bool opens = (type >= 6 && type <= 9) || (type >= 14 && type <= 18) || first_slice;
      if (has_slice && opens) give(at > begin && bytes[at - 1] == 0 ? at - 1 : at);
      has_slice |= slice;
      key_frame |= type == 5;
      scanned = at + 3;
      at = FindStartCode(bytes, scanned);
    }
    if (all && begin < bytes.size()) give(bytes.size());
    if (begin < bytes.size()) TakeTimes(stream, begin);
    // A start code, or two bytes of one, may lie at the end.
    if (bytes.size() > 2) scanned = std::max(scanned, std::min(at, bytes.size() - 2));
    stream.scanned = all ? 0 : scanned - begin;
    stream.has_slice = has_slice;
    stream.key_frame = key_frame;
    return begin;
  }

  template <typename Sink>
  std::size_t DeliverAudio(Stream& stream, Sink& sink) noexcept {
    const Bytes bytes = stream.bytes();
    std::size_t at = 0;
    bool lost = false;
    while (at < bytes.size()) {
      TakeTimes(stream, at);
      const auto frame = AdtsView::Parse(bytes.subspan(at));
      if (!frame) {
        if (frame.error() == AdtsError::kTruncated || bytes.size() - at < 7) break;
        if (!lost) ++stats_.adts_errors;
        lost = true;
        ++at;
        continue;
      }
      lost = false;
      const AdtsConfig config = frame->config();
      const std::int64_t time =
          stream.times.pts + stream.samples * kTsClock / std::int64_t{config.sample_rate()};
      stream.samples += 1024;
      sink(TsAccessUnit{.codec = Codec::kAac,
                        .pts = time,
                        .dts = time,
                        .key_frame = true,
                        .adts = config,
                        .data = frame->access_unit()});
      at += frame->size();
    }
    // The frame that is cut here begins at its own time; the next PES packet
    // brings times for those after it.
    return at;
  }

  Stream video_;
  Stream audio_;
  std::uint16_t pmt_pid_ = kTsNullPid;
  std::uint16_t pcr_pid_ = kTsNullPid;
  std::uint16_t program_ = 0;
  TsSectionBuffer pat_;
  TsSectionBuffer pmt_;
  TsTimeUnwrapper clock_;
  std::int64_t pcr_ = 0;
  bool has_pcr_ = false;
  Stats stats_;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_TS_READER_H_
