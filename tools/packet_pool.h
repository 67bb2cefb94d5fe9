#ifndef MEDIACORE_TOOLS_PACKET_POOL_H_
#define MEDIACORE_TOOLS_PACKET_POOL_H_

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "mediacore/base/bytes.h"

namespace mediacore::tools {

class PacketPool;

// A datagram on its way through the program: either a view of bytes that
// outlive it (a mapped capture) or a slot of a PacketPool that goes back when
// the packet dies. Move-only.
class Packet {
 public:
  Packet() = default;
  explicit Packet(Bytes bytes) : bytes_(bytes) {}
  Packet(Bytes bytes, PacketPool* pool) : bytes_(bytes), pool_(pool) {}
  Packet(Packet&& other) noexcept
      : bytes_(std::exchange(other.bytes_, {})),
        pool_(std::exchange(other.pool_, nullptr)) {}
  Packet& operator=(Packet&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(pool_, other.pool_);
    return *this;
  }
  inline ~Packet();

  Bytes bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  PacketPool* pool_ = nullptr;
};

// Room for `slots` datagrams of any size. The memory is reserved at once but
// costs only what has been written to: about one page for an ordinary packet.
// One thread. Outlives its packets.
class PacketPool {
 public:
  static constexpr std::size_t kSlotSize = 65536;

  explicit PacketPool(std::size_t slots)
      : memory_(new std::uint8_t[slots * kSlotSize]) {
    free_.reserve(slots);
    for (std::size_t i = slots; i > 0; --i) {
      free_.push_back(memory_.get() + (i - 1) * kSlotSize);
    }
  }

  std::size_t available() const { return free_.size(); }

  // A slot to receive into; nullptr when all are in use. Give it back through
  // Finish() or Cancel().
  std::uint8_t* Take() {
    if (free_.empty()) return nullptr;
    std::uint8_t* slot = free_.back();
    free_.pop_back();
    return slot;
  }
  Packet Finish(std::uint8_t* slot, std::size_t size) {
    return Packet({slot, size}, this);
  }
  void Cancel(const std::uint8_t* slot) {
    free_.push_back(memory_.get() + (slot - memory_.get()));
  }

 private:
  std::unique_ptr<std::uint8_t[]> memory_;
  std::vector<std::uint8_t*> free_;
};

inline Packet::~Packet() {
  if (pool_ != nullptr) pool_->Cancel(bytes_.data());
}

}  // namespace mediacore::tools

#endif  // MEDIACORE_TOOLS_PACKET_POOL_H_
