#ifndef MEDIACORE_MUX_FMP4_FRAGMENT_VIEW_H_
#define MEDIACORE_MUX_FMP4_FRAGMENT_VIEW_H_

#include <string_view>

#include "mediacore/base/ntp_time.h"
#include "mediacore/base/saturating.h"
#include "mediacore/mux/fmp4_init_view.h"
#include "mediacore/mux/sample.h"

namespace mediacore::mux {

// Why there is no fragment, in the order looked at.
enum class FragmentError : std::uint8_t {
  kEnd,           // no moof from here to the end
  kBadBox,        // something that is no box, or a box cut short
  kNoHeader,      // no mfhd
  kBadTrackHeader,// tfhd missing or cut short
  kUnknownTrack,  // a track that the initialization section does not have
  kNoTime,        // tfdt missing or cut short
  kBadTime,       // a decode time from 2^61 on
  kNoDataBase,    // a second track that does not say where its data begins
  kBadRun,        // trun cut short, or more samples than bytes
  kDataOutside,   // samples outside the mdat that follows
};

constexpr std::string_view ToString(FragmentError error) {
  switch (error) {
    case FragmentError::kEnd: return "fmp4 fragment: none";
    case FragmentError::kBadBox: return "fmp4 fragment: not a box";
    case FragmentError::kNoHeader: return "fmp4 fragment: no mfhd";
    case FragmentError::kBadTrackHeader: return "fmp4 fragment: bad tfhd";
    case FragmentError::kUnknownTrack: return "fmp4 fragment: unknown track";
    case FragmentError::kNoTime: return "fmp4 fragment: no tfdt";
    case FragmentError::kBadTime: return "fmp4 fragment: time too large";
    case FragmentError::kNoDataBase: return "fmp4 fragment: no data base";
    case FragmentError::kBadRun: return "fmp4 fragment: bad trun";
    case FragmentError::kDataOutside: return "fmp4 fragment: samples outside mdat";
  }
  return "fmp4 fragment: unknown";
}

// One moof and the mdat after it (ISO/IEC 14496-12, 8.8), with what lies before
// them passed over.
//
//   std::size_t at = init->size();
//   while (const auto fragment = FragmentView::Parse(file, at, *init)) {
//     auto samples = fragment->samples(track_id);
//     Sample sample;
//     while (samples.Next(sample)) ...
//     at = fragment->end();
//   }
//
// Points into `file` and at `init`. Parsing looks at every sample once, so that
// walking them cannot fail; both are linear in the bytes.
class FragmentView {
 public:
  class SampleReader;

  // The first fragment at or after `at` in `file`, which may be a whole file, a
  // segment, or a part.
  static constexpr Expected<FragmentView, FragmentError> Parse(
      Bytes file, std::size_t at, const InitView& init) noexcept;

  constexpr std::uint32_t sequence_number() const { return sequence_number_; }
  // Of the prft before it; not set when there is none.
  constexpr NtpTime capture_time() const { return capture_time_; }
  // Where moof begins, and where mdat ends, in `file`.
  constexpr std::size_t begin() const { return begin_; }
  constexpr std::size_t end() const { return end_; }
  // Of one track, in decode order.
  constexpr SampleReader samples(std::uint32_t track_id) const;

 private:
  constexpr FragmentView(Bytes file, const InitView& init)
      : file_(file), init_(&init) {}

  Bytes file_;
  const InitView* init_;
  std::uint32_t sequence_number_ = 0;
  NtpTime capture_time_;
  std::size_t begin_ = 0;
  Bytes movie_;  // body of moof
  std::size_t data_begin_ = 0;  // body of mdat
  std::size_t end_ = 0;
};

// Walks samples on demand.
class FragmentView::SampleReader {
 public:
  [[nodiscard]] constexpr bool Next(Sample& sample) noexcept;

 private:
  friend class FragmentView;
  constexpr SampleReader(const FragmentView& fragment, std::uint32_t track_id)
      : fragment_(fragment),
        track_id_(track_id),
        tracks_(fragment.movie_),
        budget_(fragment.end_ - fragment.begin_) {}

  constexpr bool Fail(FragmentError error) {
    failed_ = true;
    error_ = error;
    return false;
  }
  constexpr bool NextRun() noexcept;
  constexpr bool OpenTrack(Bytes traf) noexcept;
  constexpr bool OpenRun(Bytes trun) noexcept;

  FragmentView fragment_;
  std::uint32_t track_id_;  // 0: all of them
  ByteReader tracks_;
  ByteReader runs_{Bytes()};
  ByteReader entries_{Bytes()};
  bool first_track_ = true;
  TrackDefaults defaults_;
  std::int64_t dts_ = 0;
  std::uint64_t base_ = 0;  // what data offsets count from
  std::uint64_t data_ = 0;  // where the next sample begins
  std::uint32_t run_flags_ = 0;
  std::uint32_t first_flags_ = 0;
  bool first_in_run_ = false;
  std::uint32_t left_ = 0;
  std::uint64_t budget_;  // samples a fragment of this size can have
  bool failed_ = false;
  FragmentError error_ = FragmentError::kEnd;
};

constexpr FragmentView::SampleReader FragmentView::samples(
    std::uint32_t track_id) const {
  return SampleReader(*this, track_id);
}

constexpr Expected<FragmentView, FragmentError> FragmentView::Parse(
    Bytes file, std::size_t at, const InitView& init) noexcept {
  FragmentView view(file, init);
  ByteReader reader(file.subspan(std::min(at, file.size())));
  const auto position = [&] { return file.size() - reader.remaining(); };
  for (bool found = false; !found;) {
    if (reader.empty()) return FragmentError::kEnd;
    view.begin_ = position();
    const auto box = BoxView::TakeFrom(reader);
    if (!box) return FragmentError::kBadBox;
    const Bytes body = box->body();
    if (box->Is("prft") && body.size() >= 16) {
      view.capture_time_ = NtpTime(LoadU32(body.data() + 8), LoadU32(body.data() + 12));
    }
    found = box->Is("moof");
    view.movie_ = body;
  }
  view.data_begin_ = view.end_ = position();
  while (!reader.empty()) {
    const auto box = BoxView::TakeFrom(reader);
    if (!box) return FragmentError::kBadBox;
    if (box->Is("moof")) break;
    if (!box->Is("mdat")) continue;
    view.end_ = position();
    view.data_begin_ = view.end_ - box->body().size();
    break;
  }
  Bytes mfhd;
  if (!FindBox(view.movie_, "mfhd", mfhd) || mfhd.size() < 8) {
    return FragmentError::kNoHeader;
  }
  view.sequence_number_ = LoadU32(mfhd.data() + 4);
  SampleReader all = view.samples(0);
  Sample sample;
  while (all.Next(sample)) continue;
  if (all.failed_) return all.error_;
  return view;
}

constexpr bool FragmentView::SampleReader::Next(Sample& sample) noexcept {
  while (left_ == 0) {
    if (!NextRun()) return false;
  }
  std::uint32_t flags = first_in_run_ && (run_flags_ & 0x4) != 0 ? first_flags_
                                                                 : defaults_.flags;
  std::uint32_t duration = defaults_.duration;
  std::uint32_t size = defaults_.size;
  std::uint32_t offset = 0;
  // The run was found long enough for all its entries.
  if (((run_flags_ & 0x100) != 0 && !entries_.ReadU32(duration)) ||
      ((run_flags_ & 0x200) != 0 && !entries_.ReadU32(size)) ||
      ((run_flags_ & 0x400) != 0 && !entries_.ReadU32(flags)) ||
      ((run_flags_ & 0x800) != 0 && !entries_.ReadU32(offset))) {
    return Fail(FragmentError::kBadRun);
  }
  first_in_run_ = false;
  --left_;
  if (size > 0 && (data_ < fragment_.data_begin_ || data_ > fragment_.end_ ||
                   size > fragment_.end_ - data_)) {
    return Fail(FragmentError::kDataOutside);
  }
  // Version 0 has offsets without sign; those beyond 2^31 are none.
  sample.dts = dts_;
  sample.pts = SaturatingAdd(dts_, static_cast<std::int32_t>(offset));
  sample.duration = duration;
  sample.sync = (flags & 0x10000) == 0;
  sample.data = size == 0 ? Bytes()
                          : fragment_.file_.subspan(static_cast<std::size_t>(data_), size);
  dts_ = SaturatingAdd(dts_, duration);
  data_ += size;
  return true;
}

constexpr bool FragmentView::SampleReader::NextRun() noexcept {
  while (!failed_) {
    while (!runs_.empty()) {
      const auto box = BoxView::TakeFrom(runs_);
      if (!box) return Fail(FragmentError::kBadBox);
      if (box->Is("trun")) return OpenRun(box->body());
    }
    if (tracks_.empty()) return false;
    const auto box = BoxView::TakeFrom(tracks_);
    if (!box) return Fail(FragmentError::kBadBox);
    if (box->Is("traf") && !OpenTrack(box->body())) return false;
  }
  return false;
}

constexpr bool FragmentView::SampleReader::OpenTrack(Bytes traf) noexcept {
  Bytes tfhd, tfdt;
  if (!FindBox(traf, "tfhd", tfhd) || tfhd.size() < 8) {
    return Fail(FragmentError::kBadTrackHeader);
  }
  const std::uint32_t flags = LoadU32(tfhd.data()) & 0xffffff;
  const std::uint32_t id = LoadU32(tfhd.data() + 4);
  const bool first = first_track_;
  first_track_ = false;
  if (track_id_ != 0 && track_id_ != id) return true;
  std::size_t track = 0;
  if (!fragment_.init_->Find(id, track)) return Fail(FragmentError::kUnknownTrack);
  defaults_ = fragment_.init_->defaults(track);
  base_ = fragment_.begin_;
  ByteReader fields(tfhd.subspan(8));
  if (((flags & 0x1) != 0 && !fields.ReadU64(base_)) ||
      ((flags & 0x2) != 0 && !fields.Skip(4)) ||
      ((flags & 0x8) != 0 && !fields.ReadU32(defaults_.duration)) ||
      ((flags & 0x10) != 0 && !fields.ReadU32(defaults_.size)) ||
      ((flags & 0x20) != 0 && !fields.ReadU32(defaults_.flags))) {
    return Fail(FragmentError::kBadTrackHeader);
  }
  if (!FindBox(traf, "tfdt", tfdt) || tfdt.size() < 8 ||
      (tfdt[0] == 1 && tfdt.size() < 12)) {
    return Fail(FragmentError::kNoTime);
  }
  const std::uint64_t time =
      tfdt[0] == 1 ? LoadU64(tfdt.data() + 4) : LoadU32(tfdt.data() + 4);
  if (time >= std::uint64_t{1} << 61) return Fail(FragmentError::kBadTime);
  dts_ = static_cast<std::int64_t>(time);
  if (!first && (flags & 0x20001) == 0) return Fail(FragmentError::kNoDataBase);
  data_ = base_;
  runs_ = ByteReader(traf);
  return true;
}

constexpr bool FragmentView::SampleReader::OpenRun(Bytes trun) noexcept {
  ByteReader reader(trun);
  std::uint32_t offset = 0;
  if (!reader.ReadU32(run_flags_) || !reader.ReadU32(left_) ||
      ((run_flags_ & 0x1) != 0 && !reader.ReadU32(offset)) ||
      ((run_flags_ & 0x4) != 0 && !reader.ReadU32(first_flags_))) {
    left_ = 0;
    return Fail(FragmentError::kBadRun);
  }
  std::size_t entry = 0;
  for (const std::uint32_t flag : {0x100u, 0x200u, 0x400u, 0x800u}) {
    entry += (run_flags_ & flag) != 0 ? 4 : 0;
  }
  // Samples take bytes: of the run, or of mdat. A count alone takes no time.
  if (std::uint64_t{left_} * entry > reader.remaining() || left_ > budget_) {
    left_ = 0;
    return Fail(FragmentError::kBadRun);
  }
  budget_ -= left_;
  if ((run_flags_ & 0x1) != 0) {
    data_ = base_ + static_cast<std::uint64_t>(
                        std::int64_t{static_cast<std::int32_t>(offset)});
  }
  entries_ = reader;
  first_in_run_ = true;
  return true;
}

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_FMP4_FRAGMENT_VIEW_H_
