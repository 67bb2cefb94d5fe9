#ifndef MEDIACORE_MUX_TS_WRITER_H_
#define MEDIACORE_MUX_TS_WRITER_H_

#include <algorithm>
#include <cstring>

#include "mediacore/base/annex_b.h"
#include "mediacore/base/saturating.h"
#include "mediacore/mux/adts.h"
#include "mediacore/mux/avc_config.h"
#include "mediacore/mux/pes.h"
#include "mediacore/mux/sample.h"
#include "mediacore/mux/track.h"
#include "mediacore/mux/ts_tables.h"

namespace mediacore::mux {

// Why there can be no transport stream of these tracks, in the order looked at.
enum class TsWriterError : std::uint8_t {
  kNoTrack,           // neither video nor audio
  kUnsupportedVideo,  // not H.264, or no time scale
  kBadVideoConfig,    // not an avcC record with NAL lengths of four bytes
  kUnsupportedAudio,  // not AAC, or no time scale
  kBadAudioConfig,    // not an AudioSpecificConfig that ADTS can say
};

constexpr std::string_view ToString(TsWriterError error) {
  switch (error) {
    case TsWriterError::kNoTrack: return "ts writer: no track";
    case TsWriterError::kUnsupportedVideo: return "ts writer: video is not H.264";
    case TsWriterError::kBadVideoConfig: return "ts writer: bad H.264 configuration";
    case TsWriterError::kUnsupportedAudio: return "ts writer: audio is not AAC";
    case TsWriterError::kBadAudioConfig: return "ts writer: bad AAC configuration";
  }
  return "ts writer: unknown";
}

// Makes an MPEG transport stream (ISO/IEC 13818-1) of H.264, AAC or both.
//
//   TsWriter writer = *TsWriter::Create({.video = video, .audio = audio});
//   segment.resize(TsWriter::kTablesSize);
//   writer.WriteTables(segment);               // begins each segment
//   out.resize(writer.VideoSize(sample));
//   writer.WriteVideo(sample, out);            // in order of decode time
//   writer.WriteAudio(samples, out);           // one PES packet
//
// Each access unit of video is one PES packet that begins with an access unit
// delimiter; one with a key frame has the parameter sets of avcC in front, unless
// it brings its own. Continuity counters and clock run on from segment to segment.
// The program clock (PCR) is that of the video, else the sound: `pcr_lead`
// ahead of the decode time, so sound may be written up to that much late, and never
// more than 100 ms apart (packets with nothing else fill longer gaps, up to 10 s;
// beyond that the stream is taken to have jumped).
//
// Sizes are exact. Writing returns the bytes written, or 0 and changes nothing
// when `out` is shorter, the track is not there, NAL lengths of the sample lie, an
// AAC access unit is longer than kAdtsMaxAccessUnit or a PES of sound than 65535
// bytes. A pts before its dts is taken for the dts. Allocates nothing; the bytes
// of both `codec_config` must outlive the writer.
class TsWriter {
 public:
  struct Config {
    TrackConfig video = {};  // codec kUnknown: none
    TrackConfig audio = {};
    std::int64_t timestamp_offset = kTsClock;  // added to every time; 90 kHz
    std::int64_t pcr_lead = kTsClock / 2;
  };

  static constexpr std::size_t kTablesSize = 2 * kTsPacketSize;

  static constexpr Expected<TsWriter, TsWriterError> Create(
      const Config& config) noexcept;

  // Goes on where `before` stopped, though the tracks may be others: counters
  // run on and the tables get a new version.
  constexpr void Continue(const TsWriter& before) noexcept {
    counters_ = before.counters_;
    version_ = (before.version_ + 1) & 0x1f;
  }

  // PAT and PMT.
  constexpr std::size_t WriteTables(MutableBytes out) noexcept {
    if (out.size() < kTablesSize) return 0;
    WriteTsPat(out.first<kTsPacketSize>(), counters_.pat++, version_);
    WriteTsPmt(out.subspan<kTsPacketSize, kTsPacketSize>(), counters_.pmt++,
               version_, HasVideo(), HasAudio());
    return kTablesSize;
  }

  constexpr std::size_t VideoSize(const Sample& sample) const noexcept {
    return PlanVideo(sample).wire_size;
  }
  std::size_t WriteVideo(const Sample& sample, MutableBytes out) noexcept;

  // One PES packet of one or more access units that follow on each other. Keep
  // it under 100 ms.
  constexpr std::size_t AudioSize(std::span<const Sample> samples) const noexcept {
    return PlanAudio(samples).wire_size;
  }
  std::size_t WriteAudio(std::span<const Sample> samples, MutableBytes out) noexcept;

 private:
  static constexpr std::int64_t kMaxPcrGap = kTsClock / 10;
  static constexpr std::int64_t kMaxFilledGap = 10 * kTsClock;

  // H.264's access unit delimiter, any kind of slice (ITU-T H.264, 7.3.2.4).
  static constexpr std::array<std::uint8_t, 6> kDelimiter = {0, 0, 0, 1, 9, 0xf0};

  struct Counters {
    std::uint8_t pat = 0;
    std::uint8_t pmt = 0;
    std::uint8_t video = 0;
    std::uint8_t audio = 0;
  };

  // How a PES packet will lie in transport packets.
  struct Plan {
    std::size_t wire_size = 0;  // 0: cannot be written
    std::size_t payload = 0;    // of the PES packet
    std::int64_t pts = 0;
    std::int64_t dts = 0;
    std::int64_t clock_packets = 0;  // before it, to keep the PCR dense
    bool clock = false;              // carries a PCR itself
    bool random_access = false;
    bool parameter_sets = false;
    Bytes units;  // video: the sample without its own delimiter
  };

  constexpr explicit TsWriter(const Config& config) : config_(config) {}
  constexpr bool HasVideo() const { return config_.video.codec != Codec::kUnknown; }
  constexpr bool HasAudio() const { return config_.audio.codec != Codec::kUnknown; }

  constexpr std::int64_t ToClock(std::int64_t ticks, std::uint32_t timescale) const {
    if (timescale != kTsClock) ticks = SaturatingMulDiv(ticks, kTsClock, timescale);
    return SaturatingAdd(ticks, config_.timestamp_offset);
  }
  static constexpr std::size_t AdaptationSize(const Plan& plan) {
    return plan.clock ? 8 : plan.random_access ? 2 : 0;
  }
  constexpr std::int64_t Pcr(const Plan& plan) const {
    return SaturatingSubtract(plan.dts, config_.pcr_lead);
  }
  constexpr Plan PlanVideo(const Sample& sample) const noexcept;
  constexpr Plan PlanAudio(std::span<const Sample> samples) const noexcept;
  constexpr void PlanPackets(Plan& plan) const noexcept;
  class Packets;
  std::size_t Finish(const Plan& plan) noexcept;

  Config config_;
  AdtsConfig adts_;
  std::size_t parameter_sets_size_ = 0;  // with start codes of four bytes
  Counters counters_;
  int version_ = 0;
  std::int64_t last_pcr_ = kInt64Min;
};

constexpr Expected<TsWriter, TsWriterError> TsWriter::Create(
    const Config& config) noexcept {
  TsWriter writer(config);
  if (!writer.HasVideo() && !writer.HasAudio()) return TsWriterError::kNoTrack;
  if (writer.HasVideo()) {
    if (config.video.codec != Codec::kH264 || config.video.timescale == 0) {
      return TsWriterError::kUnsupportedVideo;
    }
    const auto avcc = AvcConfigView::Parse(config.video.codec_config);
    if (!avcc || avcc->nal_length_size() != 4) return TsWriterError::kBadVideoConfig;
    auto sets = avcc->parameter_sets();
    Bytes nal;
    while (sets.Next(nal)) writer.parameter_sets_size_ += 4 + nal.size();
  }
  if (writer.HasAudio()) {
    if (config.audio.codec != Codec::kAac || config.audio.timescale == 0) {
      return TsWriterError::kUnsupportedAudio;
    }
    if (!AdtsConfig::FromAudioSpecificConfig(config.audio.codec_config, writer.adts_)) {
      return TsWriterError::kBadAudioConfig;
    }
  }
  return writer;
}

constexpr TsWriter::Plan TsWriter::PlanVideo(const Sample& sample) const noexcept {
  Plan plan;
  if (!HasVideo()) return plan;
  bool own_sets = false;
  std::size_t own_delimiter = 0;
  bool slices = false;
  AvccReader reader(sample.data);
  Bytes nal;
  while (reader.Next(nal)) {  // jumps from length to length
    const int type = nal[0] & 0x1f;
    if (type == 9 && nal.data() == sample.data.data() + 4) {
      own_delimiter = 4 + nal.size();
    }
    slices |= type >= 1 && type <= 5;
    own_sets |= type == 7 && !slices;
    plan.payload += 4 + nal.size();
  }
  if (!reader.ok()) return Plan();
  plan.units = sample.data.subspan(own_delimiter);
  plan.payload += kDelimiter.size() - own_delimiter;
  plan.parameter_sets = sample.sync && !own_sets;
  if (plan.parameter_sets) plan.payload += parameter_sets_size_;
  plan.random_access = sample.sync;
  plan.clock = true;
  plan.dts = ToClock(sample.dts, config_.video.timescale);
  plan.pts = std::max(ToClock(sample.pts, config_.video.timescale), plan.dts);
  PlanPackets(plan);
  return plan;
}

constexpr TsWriter::Plan TsWriter::PlanAudio(
    std::span<const Sample> samples) const noexcept {
  Plan plan;
  if (!HasAudio() || samples.empty()) return plan;
  for (const Sample& sample : samples) {
    if (sample.data.size() > kAdtsMaxAccessUnit) return Plan();
    plan.payload += kAdtsHeaderSize + sample.data.size();
  }
  if (plan.payload + 8 > 0xffff) return Plan();
  plan.clock = !HasVideo();
  plan.random_access = plan.clock;
  plan.dts = ToClock(samples[0].pts, config_.audio.timescale);
  plan.pts = plan.dts;
  PlanPackets(plan);
  return plan;
}

constexpr void TsWriter::PlanPackets(Plan& plan) const noexcept {
  if (plan.clock && last_pcr_ != kInt64Min) {
    const std::int64_t gap = SaturatingSubtract(Pcr(plan), last_pcr_);
    if (gap > kMaxPcrGap && gap <= kMaxFilledGap) {
      plan.clock_packets = (gap - 1) / kMaxPcrGap;
    }
  }
  const std::size_t total = plan.payload + (plan.pts == plan.dts ? 14 : 19);
  const std::size_t first = kTsPayloadSize - AdaptationSize(plan);
  const std::size_t more =
      total > first ? (total - first + kTsPayloadSize - 1) / kTsPayloadSize : 0;
  plan.wire_size = (static_cast<std::size_t>(plan.clock_packets) + 1 + more) * kTsPacketSize;
}

// Lays bytes into the transport packets of one PES packet.
class TsWriter::Packets {
 public:
  Packets(std::uint8_t* to, std::uint16_t pid, std::uint8_t& counter)
      : to_(to), header_(0x47000010u | std::uint32_t{pid} << 8), counter_(counter) {}

  // A packet with nothing but the clock; it does not count.
  void PutClock(std::int64_t pcr) {
    StoreU32(to_, (header_ & ~0x10u) | 0x20u | ((counter_ - 1u) & 0xf));
    to_[4] = 183;
    to_[5] = 0x10;
    StorePcr(to_ + 6, pcr);
    std::memset(to_ + 12, 0xff, kTsPacketSize - 12);
    to_ += kTsPacketSize;
  }
  // Opens the first packet of `total` payload bytes.
  void Begin(const Plan& plan, std::int64_t pcr, std::size_t total) {
    const std::size_t adaptation = AdaptationSize(plan);
    Open(total, adaptation, 0x400000);
    if (adaptation == 0) return;
    std::uint8_t* field = to_ - adaptation_ + 1;
    field[0] = static_cast<std::uint8_t>((plan.random_access ? 0x40 : 0) |
                                         (plan.clock ? 0x10 : 0));
    if (plan.clock) StorePcr(field + 1, pcr);
  }
  void Put(Bytes bytes) {
    const std::uint8_t* from = bytes.data();
    std::size_t left = bytes.size();
    if (room_ > 0 && left > 0) {
      const std::size_t count = std::min(left, room_);
      std::memcpy(to_, from, count);
      to_ += count;
      room_ -= count;
      from += count;
      left -= count;
    }
    // Whole packets: the copy has a size known when compiling.
    for (; left >= kTsPayloadSize; left -= kTsPayloadSize) {
      StoreU32(to_, header_ | (counter_++ & 0xfu));
      std::memcpy(to_ + 4, from, kTsPayloadSize);
      to_ += kTsPacketSize;
      from += kTsPayloadSize;
      rest_ -= kTsPayloadSize;
    }
    if (left > 0) {
      Open(rest_, 0, 0);
      std::memcpy(to_, from, left);
      to_ += left;
      room_ -= left;
    }
  }

 private:
  // Begins a packet with an adaptation field of at least `adaptation` bytes, of
  // more when `payload` does not fill what is left.
  void Open(std::size_t payload, std::size_t adaptation, std::uint32_t flags) {
    room_ = std::min(payload, kTsPayloadSize - adaptation);
    rest_ = payload - room_;
    adaptation_ = kTsPayloadSize - room_;
    const std::uint32_t field = adaptation_ > 0 ? 0x20u : 0u;
    StoreU32(to_, header_ | flags | field | (counter_++ & 0xfu));
    to_ += 4;
    if (adaptation_ > 0) {
      to_[0] = static_cast<std::uint8_t>(adaptation_ - 1);
      std::memset(to_ + 1, 0xff, adaptation_ - 1);
      if (adaptation_ > 1) to_[1] = 0;
      to_ += adaptation_;
    }
  }
  static void StorePcr(std::uint8_t* to, std::int64_t pcr) {
    const auto base = static_cast<std::uint64_t>(pcr) & (kTsWrap - 1);
    StoreU32(to, static_cast<std::uint32_t>(base >> 1));
    StoreU16(to + 4, static_cast<std::uint16_t>((base & 1) << 15 | 0x7e00));
  }

  std::uint8_t* to_;
  std::uint32_t header_;
  std::uint8_t& counter_;
  std::size_t room_ = 0;  // in the packet that is open
  std::size_t rest_ = 0;  // of the PES packet, after the one that is open
  std::size_t adaptation_ = 0;
};

inline std::size_t TsWriter::WriteVideo(const Sample& sample,
                                        MutableBytes out) noexcept {
  const Plan plan = PlanVideo(sample);
  if (plan.wire_size == 0 || out.size() < plan.wire_size) return 0;
  Packets packets(out.data(), kTsVideoPid, counters_.video);
  for (std::int64_t i = 1; i <= plan.clock_packets; ++i) {
    packets.PutClock(last_pcr_ + i * kMaxPcrGap);
  }
  std::array<std::uint8_t, PesHeaderWriter::kMaxSize> header{};
  const PesHeaderWriter pes(kPesVideo, plan.pts, plan.dts);
  packets.Begin(plan, Pcr(plan), pes.WireSize() + plan.payload);
  packets.Put(Bytes(header).first(pes.Write(plan.payload, header)));
  packets.Put(kDelimiter);
  const Bytes start_code = Bytes(kDelimiter).first(4);
  Bytes nal;
  if (plan.parameter_sets) {
    auto sets = AvcConfigView::Parse(config_.video.codec_config)->parameter_sets();
    while (sets.Next(nal)) {
      packets.Put(start_code);
      packets.Put(nal);
    }
  }
  AvccReader reader(plan.units);
  while (reader.Next(nal)) {
    packets.Put(start_code);
    packets.Put(nal);
  }
  return Finish(plan);
}

inline std::size_t TsWriter::WriteAudio(std::span<const Sample> samples,
                                        MutableBytes out) noexcept {
  const Plan plan = PlanAudio(samples);
  if (plan.wire_size == 0 || out.size() < plan.wire_size) return 0;
  Packets packets(out.data(), kTsAudioPid, counters_.audio);
  for (std::int64_t i = 1; i <= plan.clock_packets; ++i) {
    packets.PutClock(last_pcr_ + i * kMaxPcrGap);
  }
  std::array<std::uint8_t, PesHeaderWriter::kMaxSize> header{};
  const PesHeaderWriter pes(kPesAudio, plan.pts, plan.dts);
  packets.Begin(plan, Pcr(plan), pes.WireSize() + plan.payload);
  packets.Put(Bytes(header).first(pes.Write(plan.payload, header)));
  for (const Sample& sample : samples) {
    std::array<std::uint8_t, kAdtsHeaderSize> adts{};
    if (!WriteAdtsHeader(adts_, sample.data.size(), adts)) return 0;  // planned
    packets.Put(adts);
    packets.Put(sample.data);
  }
  return Finish(plan);
}

inline std::size_t TsWriter::Finish(const Plan& plan) noexcept {
  if (plan.clock) last_pcr_ = Pcr(plan);
  return plan.wire_size;
}

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_TS_WRITER_H_
