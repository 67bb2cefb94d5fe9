#ifndef MEDIACORE_MUX_FMP4_FRAGMENT_WRITER_H_
#define MEDIACORE_MUX_FMP4_FRAGMENT_WRITER_H_

#include <cstring>

#include "mediacore/base/ntp_time.h"
#include "mediacore/mux/box_writer.h"
#include "mediacore/mux/sample.h"

namespace mediacore::mux {

// What a fragment says about itself.
struct Fragment {
  std::uint32_t track_id = 1;
  std::uint32_t sequence_number = 1;  // rises from fragment to fragment
  // Decode time of the first sample; this fragment's plus its durations is the
  // next one's. Ticks of the track.
  std::uint64_t base_decode_time = 0;
  // A styp box goes first: the fragment begins a segment. The later parts of a
  // segment have none.
  bool segment_start = true;
  // When the first sample was captured; set, a prft box says so.
  NtpTime capture_time = {};
};

// What a fragment says about a sample whose bytes lie elsewhere.
struct FragmentSample {
  std::uint32_t duration = 0;
  std::uint32_t size = 0;
  std::int32_t composition_offset = 0;  // presentation minus decode time
  bool sync = true;
};

// One movie fragment of one track: [styp] [prft] moof mdat (ISO/IEC 14496-12,
// 8.8; CMAF chunk, ISO/IEC 23000-19, 7.3.2). What is the same for all samples is
// said once.
//
// Without copying media, over FragmentSample:
//
//   const FragmentWriter fragment(about, samples);
//   fragment.WriteHeader(header);  // HeaderSize() bytes
//   // then the samples' bytes, MediaSize() in all, in order
//
// or, over Sample, everything: fragment.Write(out), WireSize() bytes. Writing
// returns the bytes written, 0 when `out` is shorter. Costs two walks over the
// samples (and one copy of the media in Write); borrows them; owns no memory.
template <typename S>
class FragmentWriter {
 public:
  constexpr FragmentWriter(const Fragment& about,
                           std::span<const S> samples) noexcept
      : about_(about), samples_(samples) {
    if (samples.empty()) return;
    first_ = Describe(samples[0]);
    const bool rest_sync = samples.size() > 1 ? Describe(samples[1]).sync : first_.sync;
    rest_flags_ = FlagsOf(rest_sync);
    std::uint32_t differs = 0;
    bool rest_differs = false;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const FragmentSample s = Describe(samples[i]);
      media_size_ += s.size;
      if (s.duration != first_.duration) differs |= kDurations;
      // Samples without bytes say so one by one: a reader believes in no more
      // samples than a fragment has bytes.
      if (s.size != first_.size || s.size == 0) differs |= kSizes;
      if (s.composition_offset != 0) differs |= kOffsets;
      rest_differs |= i > 0 && s.sync != rest_sync;
    }
    if (rest_differs) {
      differs |= kFlags;
    } else if (first_.sync != rest_sync) {
      differs |= kFirstFlags;
    }
    run_flags_ = kDataOffset | differs;
  }

  // Exact. The header is everything before the first byte of media.
  constexpr std::size_t HeaderSize() const noexcept {
    return (about_.segment_start ? kStypSize : 0) +
           (about_.capture_time.IsSet() ? kPrftSize : 0) + MoofSize() +
           MediaHeaderSize();
  }
  constexpr std::uint64_t MediaSize() const noexcept { return media_size_; }
  constexpr std::uint64_t WireSize() const noexcept {
    return HeaderSize() + media_size_;
  }

  constexpr std::size_t WriteHeader(MutableBytes out) const noexcept {
    if (out.size() < HeaderSize()) return 0;
    BoxWriter w(out);
    if (about_.segment_start) {
      const std::size_t styp = w.Begin("styp");
      w.Type("msdh");
      w.U32(0);
      w.Type("msdh");
      w.Type("cmfs");
      w.End(styp);
    }
    if (about_.capture_time.IsSet()) {
      const std::size_t prft = w.BeginFull("prft", 1, 24);  // captured then
      w.U32(about_.track_id);
      w.U64(about_.capture_time.value());
      w.U64(about_.base_decode_time);
      w.End(prft);
    }
    EmitMoof(w);
    if (MediaHeaderSize() == 8) {
      w.U32(static_cast<std::uint32_t>(media_size_ + 8));
      w.Type("mdat");
    } else {
      w.U32(1);
      w.Type("mdat");
      w.U64(media_size_ + 16);
    }
    return w.size();
  }

  // Header and media.
  std::size_t Write(MutableBytes out) const noexcept
    requires std::is_same_v<S, Sample>
  {
    if (out.size() < WireSize()) return 0;
    std::uint8_t* to = out.data() + WriteHeader(out);
    for (const Sample& sample : samples_) {
      if (sample.data.empty()) continue;
      std::memcpy(to, sample.data.data(), sample.data.size());
      to += sample.data.size();
    }
    return static_cast<std::size_t>(to - out.data());
  }

 private:
  // tr_flags of the track run (8.8.8).
  static constexpr std::uint32_t kDataOffset = 0x1;
  static constexpr std::uint32_t kFirstFlags = 0x4;
  static constexpr std::uint32_t kDurations = 0x100;
  static constexpr std::uint32_t kSizes = 0x200;
  static constexpr std::uint32_t kFlags = 0x400;
  static constexpr std::uint32_t kOffsets = 0x800;

  static constexpr std::size_t kStypSize = 24;
  static constexpr std::size_t kPrftSize = 32;

  static constexpr FragmentSample Describe(const FragmentSample& s) { return s; }
  static constexpr FragmentSample Describe(const Sample& s) {
    return {s.duration, static_cast<std::uint32_t>(s.data.size()),
            static_cast<std::int32_t>(s.pts - s.dts), s.sync};
  }
  // Depends on others or not, and is a sync sample or not (8.8.3.1).
  static constexpr std::uint32_t FlagsOf(bool sync) {
    return sync ? 0x02000000u : 0x01010000u;
  }

  constexpr bool Has(std::uint32_t flag) const {
    return (run_flags_ & flag) != 0;
  }
  constexpr std::size_t MoofSize() const noexcept {
    const std::size_t entry =
        4 * (std::size_t{Has(kDurations)} + Has(kSizes) + Has(kFlags) + Has(kOffsets));
    const std::size_t tfhd = 16 + 4 * (std::size_t{!Has(kDurations)} +
                                       !Has(kSizes) + !Has(kFlags));
    const std::size_t trun =
        20 + (Has(kFirstFlags) ? 4u : 0u) + entry * samples_.size();
    return 8 + 16 + 8 + tfhd + 20 + trun;
  }
  constexpr std::size_t MediaHeaderSize() const noexcept {
    return media_size_ + 8 <= 0xffffffffu ? 8 : 16;
  }

  constexpr void EmitMoof(BoxWriter& w) const noexcept {
    const std::size_t moof = w.Begin("moof");
    const std::size_t mfhd = w.BeginFull("mfhd", 0, 0);
    w.U32(about_.sequence_number);
    w.End(mfhd);
    const std::size_t traf = w.Begin("traf");
    const std::size_t tfhd = w.BeginFull(
        "tfhd", 0,
        0x020000u | (Has(kDurations) ? 0u : 0x8u) | (Has(kSizes) ? 0u : 0x10u) |
            (Has(kFlags) ? 0u : 0x20u));  // default-base-is-moof, defaults
    w.U32(about_.track_id);
    if (!Has(kDurations)) w.U32(first_.duration);
    if (!Has(kSizes)) w.U32(first_.size);
    if (!Has(kFlags)) w.U32(rest_flags_);
    w.End(tfhd);
    const std::size_t tfdt = w.BeginFull("tfdt", 1, 0);
    w.U64(about_.base_decode_time);
    w.End(tfdt);
    const std::size_t trun = w.BeginFull("trun", 1, run_flags_);
    w.U32(static_cast<std::uint32_t>(samples_.size()));
    w.U32(static_cast<std::uint32_t>(MoofSize() + MediaHeaderSize()));
    if (Has(kFirstFlags)) w.U32(FlagsOf(first_.sync));
    for (const S& sample : samples_) {
      const FragmentSample s = Describe(sample);
      if (Has(kDurations)) w.U32(s.duration);
      if (Has(kSizes)) w.U32(s.size);
      if (Has(kFlags)) w.U32(FlagsOf(s.sync));
      if (Has(kOffsets)) w.U32(static_cast<std::uint32_t>(s.composition_offset));
    }
    w.End(trun);
    w.End(traf);
    w.End(moof);
  }

  Fragment about_;
  std::span<const S> samples_;
  FragmentSample first_;
  std::uint32_t rest_flags_ = 0;
  std::uint32_t run_flags_ = kDataOffset;
  std::uint64_t media_size_ = 0;
};

// So that a vector or an array of samples will do as well as a span.
template <typename Range>
FragmentWriter(const Fragment&, const Range&)
    -> FragmentWriter<std::remove_cvref_t<decltype(*std::declval<const Range&>().data())>>;

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_FMP4_FRAGMENT_WRITER_H_
