#include "mediacore/crypto/hmac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace mediacore::crypto {

void Hmac::Free::operator()(evp_mac_ctx_st* context) const noexcept { EVP_MAC_CTX_free(context); }

Hmac::Hmac(HashAlgorithm algorithm, std::unique_ptr<evp_mac_ctx_st, Free> context)
    : context_(std::move(context)), algorithm_(algorithm) {}

absl::StatusOr<Hmac> Hmac::Create(HashAlgorithm algorithm, Bytes key) {
  EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  std::unique_ptr<evp_mac_ctx_st, Free> context(EVP_MAC_CTX_new(mac));  // of none: none
  EVP_MAC_free(mac);
  std::string name(ToString(algorithm));
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), name.size()),
                                   OSSL_PARAM_construct_end()};
  // Without a pointer OpenSSL would keep an older key; an empty one is a key too.
  static constexpr std::uint8_t kNoKey = 0;
  const std::uint8_t* const bytes = key.empty() ? &kNoKey : key.data();
  if (context == nullptr || EVP_MAC_init(context.get(), bytes, key.size(), parameters) != 1) {
    return absl::UnavailableError(
        absl::StrCat("crypto::Hmac: OpenSSL does not have HMAC with ", ToString(algorithm).data()));
  }
  return Hmac(algorithm, std::move(context));
}

bool Hmac::operator()(std::span<const Bytes> parts, MutableBytes digest) noexcept {
  if (digest.size() != DigestSize(algorithm_)) return false;
  if (EVP_MAC_init(context_.get(), nullptr, 0, nullptr) != 1) return false;
  for (const Bytes part : parts) {
    if (EVP_MAC_update(context_.get(), part.data(), part.size()) != 1) return false;
  }
  std::size_t size = 0;
  return EVP_MAC_final(context_.get(), digest.data(), &size, digest.size()) == 1 && size == digest.size();
}

}  // namespace mediacore::crypto
