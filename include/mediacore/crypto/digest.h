#ifndef MEDIACORE_CRYPTO_DIGEST_H_
#define MEDIACORE_CRYPTO_DIGEST_H_

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "mediacore/base/bytes.h"

// OpenSSL's own names: its headers are needed in the library alone.
struct evp_md_st;
struct evp_md_ctx_st;

namespace mediacore::crypto {

// SHA-256 for everything new; MD5 and SHA-1 because STUN's long-term keys and
// MESSAGE-INTEGRITY are made of them.
enum class HashAlgorithm : std::uint8_t { kMd5, kSha1, kSha256 };

constexpr std::string_view ToString(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::kMd5: return "MD5";
    case HashAlgorithm::kSha1: return "SHA1";
    case HashAlgorithm::kSha256: return "SHA256";
  }
  return "unknown";
}
constexpr std::size_t DigestSize(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::kMd5: return 16;
    case HashAlgorithm::kSha1: return 20;
    case HashAlgorithm::kSha256: return 32;
  }
  return 0;
}

// A hash of OpenSSL 3 without a key.
//
//   auto md5 = crypto::Digest::Create(crypto::HashAlgorithm::kMd5);
//   std::array<std::uint8_t, 16> key;
//   if (md5.ok() && stun::MakeLongTermKey(username, realm, password, *md5, key)) ...
//
// Threads: one at a time. Memory: OpenSSL's context, made in Create(); within a
// call OpenSSL 3.0 takes and gives back two small blocks of its own.
class Digest {
 public:
  // An error where OpenSSL does not have the algorithm (MD5, in some builds).
  static absl::StatusOr<Digest> Create(HashAlgorithm algorithm);

  // The hash of the parts, one behind the other, into `digest`, which has
  // DigestSize() bytes; false for another size, and when OpenSSL fails.
  [[nodiscard]] bool operator()(std::span<const Bytes> parts, MutableBytes digest) noexcept;

 private:
  struct Free {
    void operator()(evp_md_st* md) const noexcept;
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  Digest(HashAlgorithm algorithm, std::unique_ptr<evp_md_st, Free> md, std::unique_ptr<evp_md_ctx_st, Free> context);

  std::unique_ptr<evp_md_st, Free> md_;
  std::unique_ptr<evp_md_ctx_st, Free> context_;
  HashAlgorithm algorithm_;
};

}  // namespace mediacore::crypto

#endif  // MEDIACORE_CRYPTO_DIGEST_H_
