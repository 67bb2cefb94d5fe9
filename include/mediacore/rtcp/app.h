#ifndef MEDIACORE_RTCP_APP_H_
#define MEDIACORE_RTCP_APP_H_

#include <array>
#include <string_view>

#include "mediacore/base/identifiers.h"
#include "mediacore/rtcp/block_view.h"
#include "mediacore/rtcp/block_writer.h"

namespace mediacore::rtcp {

// Why a block is not an APP, in the order the parser looks.
enum class AppError : std::uint8_t {
  kNotApp,    // packet type is not 204
  kTooShort,  // no room for the SSRC and the name
};
inline constexpr int kAppErrorCount = 2;

constexpr std::string_view ToString(AppError error) {
  switch (error) {
    case AppError::kNotApp: return "rtcp app: other type";
    case AppError::kTooShort: return "rtcp app: too short";
  }
  return "rtcp app: unknown";
}

// The four characters that say whose an APP is.
using AppName = std::array<char, 4>;

// A message of an application's own (RFC 3550, section 6.7).
//
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |V=2|P| subtype |   PT=APP=204  |             length            |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                           SSRC/CSRC                           |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                          name (ASCII)                         |
//  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//  |                   application-dependent data                ...
//
//   if (const auto app = rtcp::AppView::Parse(block)) {
//     if (app->name() == rtcp::AppName{'q', 't', 's', 'i'}) Handle(app->subtype(), app->data());
//   }
//
// The name's bytes are the peer's, and any. Borrows the block's bytes.
class AppView {
 public:
  static constexpr std::size_t kPrefixSize = 8;

  static constexpr Expected<AppView, AppError> Parse(const BlockView& block) noexcept {
    if (block.packet_type() != kApplication) return AppError::kNotApp;
    if (block.body().size() < kPrefixSize) return AppError::kTooShort;
    return AppView(block);
  }

  constexpr int subtype() const { return subtype_; }  // 0 to 31
  constexpr Ssrc ssrc() const { return Ssrc(LoadU32(body_.data())); }
  constexpr AppName name() const {
    AppName name{};
    for (std::size_t i = 0; i < name.size(); ++i) name[i] = static_cast<char>(body_[4 + i]);
    return name;
  }
  constexpr Bytes data() const { return body_.subspan(kPrefixSize); }

 private:
  constexpr explicit AppView(const BlockView& block) : body_(block.body()), subtype_(block.count()) {}
  Bytes body_;
  int subtype_;
};

// Writes one; what it borrows has to live until Write().
struct AppWriter {
  int subtype = 0;  // 0 to 31
  Ssrc ssrc;
  AppName name{};
  Bytes data;  // a multiple of 4 bytes

  // 0 when a limit above, or 65535 bytes in all, is passed.
  constexpr std::size_t WireSize() const {
    return subtype < 0 ? 0
                       : internal::BlockWireSize(static_cast<std::size_t>(subtype), AppView::kPrefixSize, data.size());
  }
  // Fills the first WireSize() bytes of `out`. False, and `out` as it was, when
  // they do not fit or WireSize() is 0.
  [[nodiscard]] constexpr bool Write(MutableBytes out) const {
    const std::size_t size = WireSize();
    if (size == 0 || out.size() < size) return false;
    ByteWriter writer(out.first(size));
    internal::WriteBlockHeader(writer, static_cast<std::size_t>(subtype), kApplication, size);
    writer.WriteU32(ssrc.value());
    for (const char c : name) writer.WriteU8(static_cast<std::uint8_t>(c));
    writer.WriteBytes(data);
    return writer.ok();
  }
};

}  // namespace mediacore::rtcp

#endif  // MEDIACORE_RTCP_APP_H_
