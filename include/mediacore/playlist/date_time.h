#ifndef MEDIACORE_PLAYLIST_DATE_TIME_H_
#define MEDIACORE_PLAYLIST_DATE_TIME_H_

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>

#include "mediacore/base/text.h"
#include "mediacore/base/time.h"

namespace mediacore::playlist {

// A date and time of day as playlists write it (ISO 8601), kept as microseconds
// since 1970 without leap seconds: the wall clock, of the years 0 to 9999.
struct DateTime {
  std::int64_t unix_us = 0;

  constexpr auto operator<=>(const DateTime&) const = default;
  friend constexpr DateTime operator+(DateTime t, TimeDelta d) {
    return {SaturatingAdd(t.unix_us, d.us())};
  }
  friend constexpr TimeDelta operator-(DateTime a, DateTime b) {
    return TimeDelta::Micros(SaturatingSubtract(a.unix_us, b.unix_us));
  }
};

namespace internal {
inline constexpr std::int64_t kDayUs = 86'400'000'000;

// Days between 1970-01-01 and a date of the Gregorian calendar, taken back to
// year 0. The year is made to begin in March, so that leap days come last.
constexpr std::int64_t DaysFromCivil(int year, int month, int day) {
  const int shifted = month > 2 ? month - 3 : month + 9;
  const std::int64_t y = month > 2 ? year : year - 1;
  const std::int64_t floor4 = y >= 0 ? y / 4 : -1;
  const std::int64_t floor100 = y >= 0 ? y / 100 : -1;
  const std::int64_t floor400 = y >= 0 ? y / 400 : -1;
  return 365 * y + floor4 - floor100 + floor400 + (153 * shifted + 2) / 5 +
         day - 1 - 719'468;
}
constexpr int DaysInMonth(int year, int month) {
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (month == 2) return leap ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}
inline constexpr std::int64_t kFirstDay = DaysFromCivil(0, 1, 1);
inline constexpr std::int64_t kEndDay = DaysFromCivil(9999, 12, 31) + 1;
static_assert(DaysFromCivil(1970, 1, 1) == 0);
static_assert(DaysFromCivil(2000, 3, 1) == 11'017);

// `text` is `count` digits from `at`.
[[nodiscard]] constexpr bool ReadDigits(std::string_view text, std::size_t at,
                                        std::size_t count, int& out) {
  std::uint64_t value = 0;
  if (at > text.size() || text.size() - at < count) return false;
  if (!ParseDecimal(text.substr(at, count), UINT64_MAX, value)) return false;
  out = static_cast<int>(value);
  return true;
}
}  // namespace internal

// YYYY-MM-DDThh:mm:ss[.fraction][Z|±hh:mm|±hhmm|±hh]. Without a zone it is
// taken as UTC; what is finer than a microsecond is cut off; second 60 is the
// first of the next minute.
[[nodiscard]] constexpr bool ParseDateTime(std::string_view text,
                                           DateTime& out) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (text.size() < 19 || text[4] != '-' || text[7] != '-' ||
      text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
      !internal::ReadDigits(text, 0, 4, year) ||
      !internal::ReadDigits(text, 5, 2, month) ||
      !internal::ReadDigits(text, 8, 2, day) ||
      !internal::ReadDigits(text, 11, 2, hour) ||
      !internal::ReadDigits(text, 14, 2, minute) ||
      !internal::ReadDigits(text, 17, 2, second)) {
    return false;
  }
  if (month < 1 || month > 12 || day < 1 ||
      day > internal::DaysInMonth(year, month) || hour > 23 || minute > 59 ||
      second > 60) {
    return false;
  }
  text.remove_prefix(19);
  std::int64_t fraction = 0;
  if (!text.empty() && (text[0] == '.' || text[0] == ',')) {
    std::size_t digits = 0;
    for (text.remove_prefix(1);
         digits < text.size() && text[digits] >= '0' && text[digits] <= '9';
         ++digits) {
      if (digits < 6) fraction = fraction * 10 + (text[digits] - '0');
    }
    if (digits == 0) return false;
    for (std::size_t n = digits; n < 6; ++n) fraction *= 10;
    text.remove_prefix(digits);
  }
  std::int64_t zone_minutes = 0;
  if (!text.empty() && text != "Z") {
    int zone_hour = 0, zone_minute = 0;
    const bool colon = text.size() == 6 && text[3] == ':';
    if ((text[0] != '+' && text[0] != '-') ||
        !(colon || text.size() == 5 || text.size() == 3) ||
        !internal::ReadDigits(text, 1, 2, zone_hour) ||
        (text.size() > 3 &&
         !internal::ReadDigits(text, colon ? 4 : 3, 2, zone_minute)) ||
        zone_hour > 23 || zone_minute > 59) {
      return false;
    }
    zone_minutes = zone_hour * 60 + zone_minute;
    if (text[0] == '-') zone_minutes = -zone_minutes;
  }
  const std::int64_t seconds =
      (hour * 60 + minute - zone_minutes) * 60 + second;
  const std::int64_t us =
      internal::DaysFromCivil(year, month, day) * internal::kDayUs +
      seconds * 1'000'000 + fraction;
  if (us < internal::kFirstDay * internal::kDayUs ||
      us >= internal::kEndDay * internal::kDayUs) {
    return false;
  }
  out.unix_us = us;
  return true;
}

// A date and time as text: "2026-11-21T02:37:00.250Z". UTC, with milliseconds,
// or with microseconds where milliseconds would lose some. Empty outside the
// years 0 to 9999.
class DateTimeText {
 public:
  constexpr explicit DateTimeText(DateTime time) {
    std::int64_t days = time.unix_us / internal::kDayUs;
    std::int64_t rest = time.unix_us % internal::kDayUs;
    if (rest < 0) {
      rest += internal::kDayUs;
      --days;
    }
    if (days < internal::kFirstDay || days >= internal::kEndDay) return;
    // The year in which the day falls: a guess that is at most one too high.
    int year = static_cast<int>((days - internal::kFirstDay) * 400 / 146'097);
    if (internal::DaysFromCivil(year + 1, 1, 1) <= days) ++year;
    if (internal::DaysFromCivil(year, 1, 1) > days) --year;
    int month = 1;
    while (month < 12 && internal::DaysFromCivil(year, month + 1, 1) <= days) {
      ++month;
    }
    const std::int64_t day =
        days - internal::DaysFromCivil(year, month, 1) + 1;
    const std::int64_t second = rest / 1'000'000;
    const std::int64_t fraction = rest % 1'000'000;
    Put(year, 4, '-');
    Put(month, 2, '-');
    Put(day, 2, 'T');
    Put(second / 3600, 2, ':');
    Put(second / 60 % 60, 2, ':');
    Put(second % 60, 2, '.');
    if (fraction % 1000 == 0) {
      Put(fraction / 1000, 3, 'Z');
    } else {
      Put(fraction, 6, 'Z');
    }
  }
  constexpr std::string_view view() const { return {text_.data(), size_}; }

 private:
  constexpr void Put(std::int64_t value, std::size_t width, char after) {
    for (std::size_t i = width; i-- > 0; value /= 10) {
      text_[size_ + i] = static_cast<char>('0' + value % 10);
    }
    size_ += width;
    text_[size_++] = after;
  }
  std::array<char, 32> text_{};
  std::size_t size_ = 0;
};

}  // namespace mediacore::playlist

#endif  // MEDIACORE_PLAYLIST_DATE_TIME_H_
