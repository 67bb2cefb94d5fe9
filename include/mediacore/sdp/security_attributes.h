#ifndef MEDIACORE_SDP_SECURITY_ATTRIBUTES_H_
#define MEDIACORE_SDP_SECURITY_ATTRIBUTES_H_

#include "mediacore/base/base64.h"
#include "mediacore/sdp/attributes.h"

// Who the other side is and how keys are agreed on, in the form of attributes.h.
namespace mediacore::sdp {

// a=fingerprint:<hash> <XX:XX:…> (RFC 8122, section 5): the certificate's.
struct Fingerprint {
  static constexpr AttributeName kName = AttributeName::kFingerprint;
  static constexpr std::size_t kMaxSize = 64;
  std::string_view hash;  // sha-256, …, in any case
  std::array<std::uint8_t, kMaxSize> digest{};
  std::size_t size = 0;

  constexpr std::span<const std::uint8_t> bytes() const { return std::span(digest).first(std::min(size, kMaxSize)); }

  [[nodiscard]] static constexpr bool Read(std::string_view value, Fingerprint& out) {
    Fingerprint read;
    read.hash = TakeUntil(value, ' ');
    if (value.size() % 3 != 2 || value.size() > 3 * kMaxSize) return false;
    for (std::size_t at = 0; at < value.size(); at += 3) {
      std::size_t one = 0;
      if (!DecodeHex(value.substr(at, 2), MutableBytes(read.digest).subspan(read.size, 1), one)) return false;
      if (at > 0 && value[at - 1] != ':') return false;
      ++read.size;
    }
    if (!read.HasGoodSize()) return false;
    out = read;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require(HasGoodSize());
    out.Word(hash);
    out.Literal(" ");
    internal::PrintHex(out, bytes(), ":");
  }
  constexpr bool operator==(const Fingerprint& other) const {
    return hash == other.hash && std::ranges::equal(bytes(), other.bytes());
  }

 private:
  // As long as the hash is, where that is known.
  constexpr bool HasGoodSize() const {
    struct Known {
      std::string_view hash;
      std::size_t size;
    };
    constexpr std::array<Known, 5> kKnown = {
        {{"sha-256", 32}, {"sha-1", 20}, {"sha-384", 48}, {"sha-512", 64}, {"sha-224", 28}}};
    for (const Known& known : kKnown) {
      if (EqualsIgnoringCase(hash, known.hash)) return size == known.size;
    }
    return !hash.empty() && size > 0 && size <= kMaxSize;
  }
};

// a=setup (RFC 4145, section 4): who opens the connection, or is DTLS's client
// (active).
enum class SetupRole : std::uint8_t { kActive, kPassive, kActPass, kHoldConn };
constexpr std::string_view ToString(SetupRole role) {
  constexpr std::array<std::string_view, 4> kNames = {"active", "passive", "actpass", "holdconn"};
  return kNames[static_cast<std::size_t>(role)];
}
struct Setup {
  static constexpr AttributeName kName = AttributeName::kSetup;
  SetupRole role = SetupRole::kActPass;

  [[nodiscard]] static constexpr bool Read(std::string_view value, Setup& out) {
    for (const SetupRole role : {SetupRole::kActive, SetupRole::kPassive, SetupRole::kActPass, SetupRole::kHoldConn}) {
      if (value != ToString(role)) continue;
      out.role = role;
      return true;
    }
    return false;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Literal(ToString(role));
  }
  constexpr bool operator==(const Setup&) const = default;
};

// a=connection:new|existing (RFC 4145, section 5).
struct ConnectionReuse {
  static constexpr AttributeName kName = AttributeName::kConnection;
  bool existing = false;

  [[nodiscard]] static constexpr bool Read(std::string_view value, ConnectionReuse& out) {
    if (value != "new" && value != "existing") return false;
    out.existing = value == "existing";
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Literal(existing ? "existing" : "new");
  }
  constexpr bool operator==(const ConnectionReuse&) const = default;
};

// a=tls-id:<20 to 255 characters> (RFC 8842, section 4): one DTLS association.
struct TlsId {
  static constexpr AttributeName kName = AttributeName::kTlsId;
  std::string_view id;

  [[nodiscard]] static constexpr bool Read(std::string_view value, TlsId& out) {
    if (!IsGood(value)) return false;
    out.id = value;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require(IsGood(id));
    out.Text(id);
  }
  constexpr bool operator==(const TlsId&) const = default;

 private:
  static constexpr bool IsGood(std::string_view text) {
    bool good = text.size() >= 20 && text.size() <= 255;
    for (const char c : text) {
      good = good && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
                      c == '/' || c == '-' || c == '_');
    }
    return good;
  }
};

// One key of a=crypto behind "inline:" (RFC 4568, section 6.1): key and salt
// joined, in base64, |lifetime, |MKI:length.
struct InlineKey {
  std::string_view key_and_salt;             // DecodeBase64() of base/base64.h reads it
  std::optional<std::uint64_t> lifetime;     // packets
  std::uint64_t mki = 0;                     // where mki_length is not 0
  std::uint8_t mki_length = 0;               // bytes in a packet, 0 to 128

  [[nodiscard]] static constexpr bool Read(std::string_view text, InlineKey& out) {
    if (!text.starts_with("inline:")) return false;
    text.remove_prefix(7);
    InlineKey key;
    key.key_and_salt = TakeUntil(text, '|');
    if (key.key_and_salt.empty()) return false;
    if (!text.empty() && text.substr(0, text.find('|')).find(':') == std::string_view::npos) {
      std::string_view lifetime = TakeUntil(text, '|');
      std::uint64_t number = 0;
      if (lifetime.starts_with("2^")) {
        lifetime.remove_prefix(2);
        if (!ParseDecimal(lifetime, 63, number)) return false;
        number = std::uint64_t{1} << number;
      } else if (!ParseDecimal(lifetime, UINT64_MAX, number)) {
        return false;
      }
      key.lifetime = number;
    }
    if (!text.empty()) {
      std::uint64_t length = 0;
      if (!ParseDecimal(TakeUntil(text, ':'), UINT64_MAX, key.mki) || !ParseDecimal(text, 128, length) ||
          length == 0) {
        return false;
      }
      key.mki_length = static_cast<std::uint8_t>(length);
    }
    out = key;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Literal("inline:");
    out.Word(key_and_salt, '|');
    out.Require(key_and_salt.find(';') == std::string_view::npos && mki_length <= 128);
    if (lifetime) {
      out.Literal("|");
      out.Number(*lifetime);
    }
    out.Require(mki_length != 0 || mki == 0);
    if (mki_length == 0) return;
    out.Literal("|");
    out.Number(mki);
    out.Literal(":");
    out.Number(mki_length);
  }
  constexpr bool operator==(const InlineKey&) const = default;
};

// a=crypto:<tag> <suite> <key>[;<key>…] [<session parameter>…] (RFC 4568,
// section 4): keys of SRTP in the open.
struct Crypto {
  static constexpr AttributeName kName = AttributeName::kCrypto;
  std::uint32_t tag = 0;  // at most nine digits
  std::string_view suite;
  FieldList<';'> keys;  // each <method>:<…>; what InlineKey reads is checked
  Words session_parameters;

  [[nodiscard]] static constexpr bool Read(std::string_view value, Crypto& out) {
    Crypto crypto;
    std::uint64_t tag = 0;
    if (!ParseDecimal(TakeUntil(value, ' '), kMaxTag, tag)) return false;
    crypto.tag = static_cast<std::uint32_t>(tag);
    crypto.suite = TakeUntil(value, ' ');
    crypto.keys = FieldList<';'>(TakeUntil(value, ' '));
    crypto.session_parameters = Words(value);
    if (crypto.suite.empty() || !crypto.HasGoodKeys() || (!value.empty() && !crypto.session_parameters.IsGood())) {
      return false;
    }
    out = crypto;
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Number(tag, 0, kMaxTag);
    out.Literal(" ");
    out.Word(suite);
    out.Literal(" ");
    out.Require(HasGoodKeys());
    out.List(keys);
    if (session_parameters.empty()) return;
    out.Literal(" ");
    out.List(session_parameters);
  }
  constexpr bool operator==(const Crypto&) const = default;

 private:
  static constexpr std::uint64_t kMaxTag = 999'999'999;
  constexpr bool HasGoodKeys() const {
    InlineKey read;
    for (const std::string_view key : keys) {
      if (key.find(':') == std::string_view::npos) return false;
      if (key.starts_with("inline:") && !InlineKey::Read(key, read)) return false;
    }
    return keys.IsGood();
  }
};

// a=identity:<assertion> [<extension>;…] (RFC 8827, section 5): base64 that the
// identity provider reads.
struct Identity {
  static constexpr AttributeName kName = AttributeName::kIdentity;
  std::string_view assertion;
  std::string_view extensions;

  [[nodiscard]] static constexpr bool Read(std::string_view value, Identity& out) {
    const std::string_view assertion = TakeUntil(value, ' ');
    if (!IsBase64(assertion)) return false;
    out = {assertion, value};
    return true;
  }
  template <typename Sink>
  constexpr void Write(Printer<Sink>& out) const {
    out.Require(IsBase64(assertion));
    out.Text(assertion);
    if (extensions.empty()) return;
    out.Literal(" ");
    out.Text(extensions);
  }
  constexpr bool operator==(const Identity&) const = default;

 private:
  static constexpr bool IsBase64(std::string_view text) {
    bool good = !text.empty();
    for (const char c : text) {
      good = good && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
                      c == '/' || c == '=');
    }
    return good;
  }
};

}  // namespace mediacore::sdp

#endif  // MEDIACORE_SDP_SECURITY_ATTRIBUTES_H_
