#ifndef MEDIACORE_CRYPTO_HMAC_H_
#define MEDIACORE_CRYPTO_HMAC_H_

#include "mediacore/crypto/digest.h"

struct evp_mac_ctx_st;

namespace mediacore::crypto {

// HMAC (RFC 2104) of OpenSSL 3, with its key inside: what protects a STUN message.
//
//   auto hmac = crypto::Hmac::Create(crypto::HashAlgorithm::kSha1, password);
//   if (!hmac.ok()) return hmac.status();
//   if (stun::VerifyMessageIntegrity(*message, *hmac) != stun::Verdict::kValid) Drop();
//
// The key is taken in once, in Create(). Threads: one at a time. Memory: as Digest.
class Hmac {
 public:
  // `key` has any length, also none.
  static absl::StatusOr<Hmac> Create(HashAlgorithm algorithm, Bytes key);

  // The tag of the parts, one behind the other, into `digest`, which has
  // DigestSize() bytes; false for another size, and when OpenSSL fails.
  [[nodiscard]] bool operator()(std::span<const Bytes> parts, MutableBytes digest) noexcept;

 private:
  struct Free {
    void operator()(evp_mac_ctx_st* context) const noexcept;
  };
  Hmac(HashAlgorithm algorithm, std::unique_ptr<evp_mac_ctx_st, Free> context);

  std::unique_ptr<evp_mac_ctx_st, Free> context_;
  HashAlgorithm algorithm_;
};

}  // namespace mediacore::crypto

#endif  // MEDIACORE_CRYPTO_HMAC_H_
