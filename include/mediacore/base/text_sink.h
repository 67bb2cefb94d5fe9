#ifndef MEDIACORE_BASE_TEXT_SINK_H_
#define MEDIACORE_BASE_TEXT_SINK_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mediacore {

// Where a writer of text puts it: each piece is appended, and ok() asked once
// at the end. Writers are templates on one of the three.
class StringSink {
 public:
  explicit StringSink(std::string& out) noexcept : out_(out) {}
  void Append(std::string_view text) { out_.append(text); }
  bool ok() const noexcept { return true; }

 private:
  std::string& out_;
};

// Into characters it does not own; not ok() once something did not fit.
class SpanSink {
 public:
  constexpr explicit SpanSink(std::span<char> out) noexcept : out_(out) {}
  constexpr void Append(std::string_view text) noexcept {
    if (text.size() > out_.size() - size_) ok_ = false;
    if (!ok_) return;
    std::copy(text.begin(), text.end(), out_.data() + size_);
    size_ += text.size();
  }
  constexpr bool ok() const noexcept { return ok_; }
  constexpr std::size_t size() const noexcept { return size_; }

 private:
  std::span<char> out_;
  std::size_t size_ = 0;
  bool ok_ = true;
};

// Nowhere: says how long the text is.
class CountSink {
 public:
  constexpr void Append(std::string_view text) noexcept { size_ += text.size(); }
  constexpr bool ok() const noexcept { return true; }
  constexpr std::size_t size() const noexcept { return size_; }

 private:
  std::size_t size_ = 0;
};

// Appends `value` in decimal digits.
template <typename Sink>
constexpr void AppendDecimal(Sink& sink, std::uint64_t value) {
  char digits[20] = {};
  std::size_t at = sizeof digits;
  do {
    digits[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  sink.Append({digits + at, sizeof digits - at});
}

}  // namespace mediacore

#endif  // MEDIACORE_BASE_TEXT_SINK_H_
