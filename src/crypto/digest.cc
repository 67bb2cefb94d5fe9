#include "mediacore/crypto/digest.h"

#include <openssl/evp.h>

#include <utility>

#include "absl/strings/str_cat.h"

namespace mediacore::crypto {

void Digest::Free::operator()(evp_md_st* md) const noexcept { EVP_MD_free(md); }
void Digest::Free::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

Digest::Digest(HashAlgorithm algorithm, std::unique_ptr<evp_md_st, Free> md,
               std::unique_ptr<evp_md_ctx_st, Free> context)
    : md_(std::move(md)), context_(std::move(context)), algorithm_(algorithm) {}

absl::StatusOr<Digest> Digest::Create(HashAlgorithm algorithm) {
  std::unique_ptr<evp_md_st, Free> md(EVP_MD_fetch(nullptr, ToString(algorithm).data(), nullptr));
  std::unique_ptr<evp_md_ctx_st, Free> context(EVP_MD_CTX_new());
  if (md == nullptr || context == nullptr) {
    return absl::UnavailableError(absl::StrCat("crypto::Digest: OpenSSL does not have ", ToString(algorithm).data()));
  }
  return Digest(algorithm, std::move(md), std::move(context));
}

bool Digest::operator()(std::span<const Bytes> parts, MutableBytes digest) noexcept {
  if (digest.size() != DigestSize(algorithm_)) return false;
  if (EVP_DigestInit_ex2(context_.get(), md_.get(), nullptr) != 1) return false;
  for (const Bytes part : parts) {
    if (EVP_DigestUpdate(context_.get(), part.data(), part.size()) != 1) return false;
  }
  return EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1;
}

}  // namespace mediacore::crypto
