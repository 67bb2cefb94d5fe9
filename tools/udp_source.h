#ifndef MEDIACORE_TOOLS_UDP_SOURCE_H_
#define MEDIACORE_TOOLS_UDP_SOURCE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include "mediacore/base/time.h"
#include "packet_pool.h"

namespace mediacore::tools {

// The program's monotonic clock as the library's Timestamp.
Timestamp MonotonicNow();
// The operating system's wall clock in microseconds since 1970.
std::int64_t UnixMicrosNow();

// One UDP port being listened to. Reads as many datagrams as are there with
// one system call and hands each on with the time it was read.
class UdpSource {
 public:
  using Handler = std::function<void(Timestamp now, Packet packet,
                                     const boost::asio::ip::udp::endpoint& from)>;

  // Binds `address`:`port`. An address that is not one of this machine's is
  // what a session description for another receiver names: then all addresses
  // are listened on. Multicast groups are joined. Throws Failure(kNetwork) with
  // a sentence when the port is taken or may not be had.
  UdpSource(boost::asio::io_context& io, const std::string& address,
            std::uint16_t port, PacketPool& pool, Handler handler);

  const boost::asio::ip::udp::endpoint& endpoint() const { return endpoint_; }
  // Datagrams that found no room in the pool.
  std::uint64_t dropped() const { return dropped_; }

 private:
  void Wait();
  void Drain();

  boost::asio::ip::udp::socket socket_;
  boost::asio::ip::udp::endpoint endpoint_;
  PacketPool& pool_;
  Handler handler_;
  std::uint64_t dropped_ = 0;
};

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_UDP_SOURCE_H_
