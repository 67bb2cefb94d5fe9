#ifndef MEDIACORE_BASE_ECN_H_
#define MEDIACORE_BASE_ECN_H_

#include <cstdint>
#include <string_view>

namespace mediacore {

// Explicit Congestion Notification: the low two bits of the traffic class (TOS)
// of an IP packet (RFC 3168, section 5), with the numbers that they have there.
// ECT(1) is also the mark of low-latency traffic (L4S, RFC 9331).
enum class Ecn : std::uint8_t {
  kNotEct = 0,  // the sender takes no part
  kEct1 = 1,
  kEct0 = 2,
  kCe = 3,  // congestion experienced: a router marked it instead of dropping it
};

constexpr Ecn EcnOf(std::uint8_t traffic_class) { return static_cast<Ecn>(traffic_class & 3); }

constexpr std::string_view ToString(Ecn ecn) {
  switch (ecn) {
    case Ecn::kNotEct: return "not-ECT";
    case Ecn::kEct1: return "ECT(1)";
    case Ecn::kEct0: return "ECT(0)";
    case Ecn::kCe: return "CE";
  }
  return "unknown";
}

}  // namespace mediacore

#endif  // MEDIACORE_BASE_ECN_H_
