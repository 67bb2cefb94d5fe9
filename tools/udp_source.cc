#include "udp_source.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include <boost/asio/ip/multicast.hpp>

#include "exit_code.h"

namespace mediacore::tools {

namespace asio = boost::asio;
using asio::ip::udp;

Timestamp MonotonicNow() {
  return Timestamp::Micros(std::chrono::duration_cast<std::chrono::microseconds>(
                               std::chrono::steady_clock::now().time_since_epoch())
                               .count());
}

std::int64_t UnixMicrosNow() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

UdpSource::UdpSource(asio::io_context& io, const std::string& address,
                     std::uint16_t port, PacketPool& pool, Handler handler)
    : socket_(io), pool_(pool), handler_(std::move(handler)) {
  boost::system::error_code error;
  const asio::ip::address wanted = asio::ip::make_address(address, error);
  if (error) {
    throw Failure(ExitCode::kBadInput,
                  "the session description's address is none: " + address);
  }
  endpoint_ = udp::endpoint(wanted, port);
  socket_.open(endpoint_.protocol(), error);
  if (!error && wanted.is_multicast()) {
    socket_.set_option(udp::socket::reuse_address(true), error);
  }
  if (!error) socket_.bind(endpoint_, error);
  if (error == boost::system::errc::address_not_available) {
    endpoint_.address(wanted.is_v6() ? asio::ip::address(asio::ip::address_v6::any())
                                     : asio::ip::address(asio::ip::address_v4::any()));
    error.clear();
    socket_.bind(endpoint_, error);
  }
  if (!error && wanted.is_multicast()) {
    socket_.set_option(asio::ip::multicast::join_group(wanted), error);
  }
  if (!error) socket_.non_blocking(true, error);
  if (error) {
    throw Failure(ExitCode::kNetwork,
                  "cannot listen for RTP on UDP " + address + " port " +
                      std::to_string(port) + ": " + error.message());
  }
  // A key frame arrives faster than a busy program reads; what the system
  // allows is enough, so a refusal is no error.
  socket_.set_option(asio::socket_base::receive_buffer_size(4 << 20), error);
  Wait();
}

void UdpSource::Wait() {
  socket_.async_wait(udp::socket::wait_read,
                     [this](const boost::system::error_code& error) {
                       if (error) return;  // closing
                       Drain();
                       Wait();
                     });
}

void UdpSource::Drain() {
  constexpr std::size_t kBatch = 32;
  std::array<std::uint8_t*, kBatch> slots{};
  std::array<iovec, kBatch> vectors{};
  std::array<sockaddr_storage, kBatch> senders{};
  std::array<mmsghdr, kBatch> messages{};

  const std::size_t want = std::min(kBatch, pool_.available());
  if (want == 0) {  // take it off the socket all the same, or it wakes us again
    std::array<char, 1> scrap{};
    while (::recv(socket_.native_handle(), scrap.data(), scrap.size(), 0) >= 0) {
      ++dropped_;
    }
    return;
  }
  for (std::size_t i = 0; i < want; ++i) {
    slots[i] = pool_.Take();
    vectors[i] = {slots[i], PacketPool::kSlotSize};
    messages[i].msg_hdr.msg_iov = &vectors[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    messages[i].msg_hdr.msg_name = &senders[i];
    messages[i].msg_hdr.msg_namelen = sizeof(senders[i]);
  }
  const int got = ::recvmmsg(socket_.native_handle(), messages.data(),
                             static_cast<unsigned>(want), MSG_DONTWAIT, nullptr);
  const auto count = static_cast<std::size_t>(std::max(got, 0));
  for (std::size_t i = count; i < want; ++i) pool_.Cancel(slots[i]);
  const Timestamp now = MonotonicNow();
  for (std::size_t i = 0; i < count; ++i) {
    udp::endpoint from;
    if (messages[i].msg_hdr.msg_namelen <= from.capacity()) {
      std::memcpy(from.data(), &senders[i], messages[i].msg_hdr.msg_namelen);
      from.resize(messages[i].msg_hdr.msg_namelen);
    }
    handler_(now, pool_.Finish(slots[i], messages[i].msg_len), from);
  }
}

}  // namespace mediacore::tools
