// A TURN client of stun/ and crypto/ against coturn on loopback: long-term
// credentials, an allocation, a channel, data both ways.
#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "../support/stun_vectors.h"
#include "mediacore/crypto/digest.h"
#include "mediacore/crypto/hmac.h"
#include "mediacore/stun/message_writer.h"

namespace mediacore {
namespace {

using namespace stun;
using testing::TextBytes;
using testing::TextOf;

class UdpSocket {
 public:
  UdpSocket() {
    const sockaddr_in any = Loopback(0);
    EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
    const timeval patience{0, 500'000};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~UdpSocket() { close(fd_); }
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  std::uint16_t port() const {
    sockaddr_in own{};
    socklen_t size = sizeof own;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &size);
    return ntohs(own.sin_port);
  }
  void Send(std::uint16_t port, Bytes bytes) const {
    const sockaddr_in to = Loopback(port);
    sendto(fd_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  // Empty when nothing comes.
  std::vector<std::uint8_t> Receive(std::uint16_t* from_port = nullptr) const {
    std::vector<std::uint8_t> bytes(2000);
    sockaddr_in from{};
    socklen_t from_size = sizeof from;
    const ssize_t size = recvfrom(fd_, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&from), &from_size);
    bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    if (from_port != nullptr) *from_port = ntohs(from.sin_port);
    return bytes;
  }

 private:
  static sockaddr_in Loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    out.sin_port = htons(port);
    return out;
  }
  int fd_ = socket(AF_INET, SOCK_DGRAM, 0);
};

// turnserver, until the end of the scope.
class Coturn {
 public:
  explicit Coturn(std::uint16_t port) {
    const std::string port_text = std::to_string(port);
    std::fflush(nullptr);
    pid_ = fork();
    if (pid_ != 0) return;
    if (freopen("/dev/null", "w", stdout) == nullptr || freopen("/dev/null", "w", stderr) == nullptr) _exit(127);
    execlp("turnserver", "turnserver", "-n", "-L", "127.0.0.1", "-p", port_text.c_str(), "--allow-loopback-peers", "-a",
           "-u", "user:pass", "-r", "example.org", "--no-cli", "--no-tls", "--no-dtls", "--fingerprint", "--log-file",
           "stdout", "--pidfile", "/dev/null", nullptr);
    _exit(127);
  }
  ~Coturn() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  Coturn(const Coturn&) = delete;
  Coturn& operator=(const Coturn&) = delete;

 private:
  pid_t pid_;
};

bool IsInstalled(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::string rest = path == nullptr ? "" : path;
  for (std::size_t at = 0; at <= rest.size();) {
    const std::size_t end = std::min(rest.find(':', at), rest.size());
    if (access((rest.substr(at, end - at) + '/' + program).c_str(), X_OK) == 0) return true;
    at = end + 1;
  }
  return false;
}

TEST(TurnTest, CoturnTakesOurRequestsAndWeItsAnswers) {
  if (!IsInstalled("turnserver")) GTEST_SKIP() << "coturn is not installed";
  const std::uint16_t server_port = UdpSocket().port();  // free a moment ago
  const Coturn coturn(server_port);
  const UdpSocket client, peer;
  std::vector<std::uint8_t> room(1500), answer;
  TransactionId id;
  const auto ask = [&](Method method, const std::function<void(MessageWriter&)>& add) {
    ++id.bytes[0];
    MessageWriter writer(room, MessageClass::kRequest, method, id);
    add(writer);
    EXPECT_TRUE(writer.ok());
    client.Send(server_port, writer.message());
    answer = client.Receive();
    return MessageView::Parse(answer);
  };

  // Where are we seen from? Asked until the server listens.
  auto binding = ask(Method::kBinding, [](MessageWriter& writer) { writer.AddFingerprint(); });
  for (int i = 0; !binding && i < 20; ++i) {
    usleep(100'000);
    binding = ask(Method::kBinding, [](MessageWriter& writer) { writer.AddFingerprint(); });
  }
  ASSERT_TRUE(binding) << ToString(binding.error());
  XorMappedAddress mapped;
  ASSERT_TRUE(ReadAttribute(*binding, mapped));
  EXPECT_EQ(mapped.endpoint.port, client.port());
  EXPECT_EQ(VerifyFingerprint(*binding), Verdict::kValid);

  // Without credentials there is no allocation, but realm and nonce.
  const auto refused = ask(Method::kAllocate, [](MessageWriter& writer) { writer.Add(RequestedTransport{}); });
  ASSERT_TRUE(refused);
  ErrorCode error;
  Realm realm;
  Nonce nonce;
  ASSERT_TRUE(ReadAttribute(*refused, error) && ReadAttribute(*refused, realm) && ReadAttribute(*refused, nonce));
  EXPECT_EQ(error.code, 401);
  EXPECT_EQ(TextOf(realm.value), "example.org");
  const std::vector<std::uint8_t> nonce_bytes(nonce.value.begin(), nonce.value.end());
  std::array<std::uint8_t, 16> key{};
  auto md5 = crypto::Digest::Create(crypto::HashAlgorithm::kMd5).value();
  ASSERT_TRUE(MakeLongTermKey(TextBytes("user"), TextBytes("example.org"), TextBytes("pass"), md5, key));
  auto hmac = crypto::Hmac::Create(crypto::HashAlgorithm::kSha1, key).value();
  const auto ask_protected = [&](Method method, const std::function<void(MessageWriter&)>& add) {
    const auto message = ask(method, [&](MessageWriter& writer) {
      add(writer);
      writer.Add(Username{TextBytes("user")});
      writer.Add(Realm{TextBytes("example.org")});
      writer.Add(Nonce{nonce_bytes});
      writer.AddMessageIntegrity(hmac);
      writer.AddFingerprint();
    });
    EXPECT_TRUE(message) << ToString(message.error());
    if (!message) return message;
    EXPECT_EQ(message->transaction_id(), id);
    EXPECT_EQ(VerifyMessageIntegrity(*message, hmac), Verdict::kValid);
    EXPECT_EQ(VerifyFingerprint(*message), Verdict::kValid);
    return message;
  };

  const auto allocated = ask_protected(Method::kAllocate, [](MessageWriter& writer) {
    writer.Add(RequestedTransport{});
    writer.Add(EvenPort{false});
    writer.Add(Lifetime{TimeDelta::Seconds(600)});
  });
  ASSERT_TRUE(allocated);
  XorRelayedAddress relayed;
  Lifetime lifetime;
  ASSERT_TRUE(ReadAttribute(*allocated, relayed) && ReadAttribute(*allocated, lifetime));
  EXPECT_EQ(relayed.endpoint.port % 2, 0);
  EXPECT_EQ(lifetime.value, TimeDelta::Seconds(600));

  const Endpoint peer_address{mapped.endpoint.address, peer.port()};
  const auto bound = ask_protected(Method::kChannelBind, [&](MessageWriter& writer) {
    writer.Add(ChannelNumber{0x4001});
    writer.Add(XorPeerAddress{peer_address});
  });
  ASSERT_TRUE(bound);
  EXPECT_EQ(bound->message_class(), MessageClass::kSuccessResponse);

  const ChannelDataWriter data{0x4001, TextBytes("to the peer"), false};
  ASSERT_TRUE(data.Write(room));
  client.Send(server_port, Bytes(room).first(data.WireSize()));
  std::uint16_t from_port = 0;
  EXPECT_EQ(TextOf(peer.Receive(&from_port)), "to the peer");
  EXPECT_EQ(from_port, relayed.endpoint.port);
  peer.Send(from_port, TextBytes("and back"));
  const auto received = client.Receive();
  const auto view = ChannelDataView::Parse(received);
  ASSERT_TRUE(view) << ToString(view.error());
  EXPECT_EQ(view->channel(), 0x4001);
  EXPECT_EQ(TextOf(view->data()), "and back");

  // What it has to understand and does not, it lists.
  const auto unknown = ask_protected(Method::kRefresh, [](MessageWriter& writer) {
    writer.Add(static_cast<AttributeType>(0x7001), {});
  });
  ASSERT_TRUE(unknown);
  UnknownAttributes types;
  ASSERT_TRUE(ReadAttribute(*unknown, error) && ReadAttribute(*unknown, types));
  EXPECT_EQ(error.code, 420);
  ASSERT_EQ(types.size(), 1u);
  EXPECT_EQ(types[0], static_cast<AttributeType>(0x7001));
}

}  // namespace
}  // namespace mediacore
