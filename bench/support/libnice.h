#ifndef MEDIACORE_BENCH_SUPPORT_LIBNICE_H_
#define MEDIACORE_BENCH_SUPPORT_LIBNICE_H_

#if MEDIACORE_HAVE_LIBNICE
#include <span>

#include <stun/stunagent.h>

namespace mediacore::bench {

// libnice's agent as its ICE uses it; knows the attributes of a check.
inline StunAgent MakeNiceAgent(int flags) {
  static constexpr std::uint16_t kKnown[] = {STUN_ATTRIBUTE_MAPPED_ADDRESS,
                                             STUN_ATTRIBUTE_USERNAME,
                                             STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
                                             STUN_ATTRIBUTE_ERROR_CODE,
                                             STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
                                             STUN_ATTRIBUTE_PRIORITY,
                                             STUN_ATTRIBUTE_USE_CANDIDATE,
                                             0};
  StunAgent agent;
  stun_agent_init(&agent, kKnown, STUN_COMPATIBILITY_RFC5389, static_cast<StunAgentUsageFlags>(flags));
  return agent;
}
inline StunMessage NiceMessage(StunAgent& agent, std::span<std::uint8_t> bytes) {
  StunMessage message{};
  message.agent = &agent;
  message.buffer = bytes.data();
  message.buffer_len = bytes.size();
  return message;
}

}  // namespace mediacore::bench
#endif  // MEDIACORE_HAVE_LIBNICE

#endif  // MEDIACORE_BENCH_SUPPORT_LIBNICE_H_
