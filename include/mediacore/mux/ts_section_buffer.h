#ifndef MEDIACORE_MUX_TS_SECTION_BUFFER_H_
#define MEDIACORE_MUX_TS_SECTION_BUFFER_H_

#include <algorithm>
#include <array>

#include "mediacore/mux/ts_tables.h"

namespace mediacore::mux {

// Puts the sections of one PID together from packets (ISO/IEC 13818-1, 2.4.4):
// several in one packet, or one over several. Holds at most one section and a
// packet: 1.2 kB.
class TsSectionBuffer {
 public:
  // Calls `sink` with each whole section. What is no section adds to `errors`.
  template <typename Sink>
  constexpr void Push(const TsPacketView& packet, std::uint64_t& errors,
                      Sink&& sink) noexcept {
    if (size_ > 0 && packet.continuity_counter() == counter_) return;  // twice
    if (size_ > 0 && packet.continuity_counter() != ((counter_ + 1) & 0xf)) size_ = 0;
    counter_ = packet.continuity_counter();
    Bytes payload = packet.payload();
    if (packet.unit_start()) {
      // The pointer says how much of it ends the section before.
      if (payload.empty() || payload[0] >= payload.size()) {
        ++errors;
        size_ = 0;
        return;
      }
      const std::size_t pointer = payload[0];
      if (size_ > 0) {
        Append(payload.subspan(1, pointer));
        Drain(errors, sink);
      }
      size_ = 0;
      payload = payload.subspan(1 + pointer);
    } else if (size_ == 0) {
      return;  // the middle of a section whose start is not there
    }
    Append(payload);
    Drain(errors, sink);
  }

 private:
  constexpr void Append(Bytes bytes) noexcept {
    // Drain leaves less than a section, so that a packet always fits.
    std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += bytes.size();
  }
  template <typename Sink>
  constexpr void Drain(std::uint64_t& errors, Sink& sink) noexcept {
    std::size_t at = 0;
    while (at < size_ && bytes_[at] != 0xff) {  // 0xff: stuffing
      const auto section = TsSectionView::Parse(Bytes(bytes_).subspan(at, size_ - at));
      if (!section && (section.error() == TsSectionError::kTruncated ||
                       section.error() == TsSectionError::kTooShort)) {
        std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(at),
                  bytes_.begin() + static_cast<std::ptrdiff_t>(size_), bytes_.begin());
        size_ -= at;
        return;
      }
      if (section) {
        sink(*section);
      } else {
        ++errors;
        if (section.error() != TsSectionError::kBadCrc) break;
      }
      at += 3u + (LoadU16(bytes_.data() + at + 1) & 0xfff);
    }
    size_ = 0;
  }

  std::array<std::uint8_t, TsSectionView::kMaxSize + kTsPayloadSize> bytes_{};
  std::size_t size_ = 0;
  int counter_ = -1;
};

}  // namespace mediacore::mux

#endif  // MEDIACORE_MUX_TS_SECTION_BUFFER_H_
