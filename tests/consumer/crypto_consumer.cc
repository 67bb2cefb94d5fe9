// Somebody else's program that verifies STUN with mediacore-crypto.
#include <array>

#include "mediacore/crypto/hmac.h"
#include "mediacore/stun/message_writer.h"

int main() {
  namespace stun = mediacore::stun;
  auto hmac = mediacore::crypto::Hmac::Create(mediacore::crypto::HashAlgorithm::kSha1, {});
  if (!hmac.ok()) return 1;
  std::array<std::uint8_t, 64> room{};
  stun::MessageWriter writer(room, stun::MessageClass::kRequest, stun::Method::kBinding, {});
  writer.AddMessageIntegrity(*hmac);
  const auto message = stun::MessageView::Parse(writer.message());
  return message && stun::VerifyMessageIntegrity(*message, *hmac) == stun::Verdict::kValid ? 0 : 2;
}
