#include <array>
#include <optional>
#include <vector>

#include "check_formats.h"
#include "mediacore/mux/ivf.h"
#include "mediacore/mux/ogg_reader.h"
#include "mediacore/mux/opus_tags.h"
#include "mediacore/mux/webm_reader.h"

namespace mediacore::tools {
namespace {

class Container : public Subject {
 public:
  void set_split(std::size_t bytes) override { split_ = bytes; }

 protected:
  template <typename Read>
  void Pieces(Bytes file, Read&& read) const {
    ForEachPiece(file, split_, read);
  }

 private:
  std::size_t split_ = 0;
};

class Ivf final : public Container {
 public:
  Ivf() : storage_(4 << 20) {}
  Verdict Run(Bytes file, TouchFields& fields) override {
    mux::IvfReader reader(storage_);
    Pieces(file, [&](Bytes bytes) {
      reader.Read(bytes, [&fields](const mux::IvfFrame& frame) {
        fields("pts", frame.pts);
        fields("data", frame.data);
      });
    });
    const mux::IvfError error = reader.Finish();
    if (reader.has_header()) {
      fields("codec", ToString(reader.header().codec()));
      fields("width", reader.header().width);
      fields("height", reader.header().height);
      fields("frame_count", reader.header().frame_count);
    }
    if (error == mux::IvfError::kNone) return {};
    return {ToString(error), static_cast<std::size_t>(reader.offset())};
  }

 private:
  std::vector<std::uint8_t> storage_;
};

// Refused at the first page that something is wrong with, or misses one before it.
class Ogg final : public Container {
 public:
  Ogg() : packets_(mux::OggReader::kMaxStreams << 20) {}
  void Prepare() override { reader_.emplace(page_, packets_); }

  Verdict Run(Bytes file, TouchFields& fields) override {
    Pieces(file, [&](Bytes bytes) {
      reader_->Read(bytes, [&fields](const mux::OggPacket& packet) {
        fields("serial", packet.serial);
        fields("granule_position", packet.granule_position);
        fields("data", packet.data);
        if (packet.number == 1) TouchTags(packet.data, fields);
      });
    });
    reader_->Finish();
    if (reader_->damaged()) return {Damage(reader_->stats()), static_cast<std::size_t>(reader_->first_damage())};
    if (reader_->stats().pages == 0) return {"ogg: no page", 0};
    return {};
  }

 private:
  static void TouchTags(Bytes packet, Fields& fields) {
    const auto tags = mux::OpusTagsView::Parse(packet);
    if (!tags) return;
    fields("vendor", tags->vendor());
    auto comments = tags->comments();
    for (Bytes comment; comments.Next(comment);) fields("comment", comment);
  }
  static std::string_view Damage(const mux::OggReader::Stats& stats) {
    if (stats.bad_checksums > 0) return ToString(mux::OggPageError::kBadChecksum);
    if (stats.skipped_bytes > 0) return ToString(mux::OggPageError::kBadCapture);
    if (stats.truncated_bytes > 0) return ToString(mux::OggPageError::kTruncated);
    if (stats.lost_pages + stats.sequence_errors > 0) return "ogg: page missing";
    return "ogg: packet without begin or end";
  }

  std::array<std::uint8_t, mux::kOggMaxPageSize> page_{};
  std::vector<std::uint8_t> packets_;
  std::optional<mux::OggReader> reader_;
};

class Webm final : public Container {
 public:
  Webm() : tracks_(1 << 20), block_(4 << 20) {}
  void Prepare() override { reader_.emplace(tracks_, block_); }

  Verdict Run(Bytes file, TouchFields& fields) override {
    Pieces(file, [&](Bytes bytes) {
      reader_->Read(bytes, [&fields](const mux::WebmFrame& frame) {
        fields("timestamp", frame.timestamp);
        fields("key_frame", frame.key_frame);
        fields("data", frame.data);
      });
    });
    const mux::WebmError error = reader_->Finish();
    for (const mux::WebmTrack& track : reader_->tracks()) {
      fields("id", track.config.id);
      fields("codec_id", track.codec_id);
      fields("codec_private", track.codec_private);
    }
    if (error != mux::WebmError::kNone) return {ToString(error), static_cast<std::size_t>(reader_->offset())};
    if (reader_->stats().bad_blocks > 0 || reader_->stats().oversized_blocks > 0) {
      return {"webm: bad block", static_cast<std::size_t>(reader_->first_bad_block())};
    }
    return {};
  }

 private:
  std::vector<std::uint8_t> tracks_, block_;
  std::optional<mux::WebmReader> reader_;
};

}  // namespace

std::unique_ptr<Subject> MakeIvf() { return std::make_unique<Ivf>(); }
std::unique_ptr<Subject> MakeOgg() { return std::make_unique<Ogg>(); }
std::unique_ptr<Subject> MakeWebm() { return std::make_unique<Webm>(); }

}  // namespace mediacore::tools
