#ifndef MEDIACORE_TESTS_SUPPORT_VP9_PICTURE_H_
#define MEDIACORE_TESTS_SUPPORT_VP9_PICTURE_H_

#include <bit>

#include "mediacore/codec/vp9.h"
#include "mediacore/codec/vp9_superframe.h"
#include "vpx_maker.h"

namespace mediacore::testing {

// A picture with what its packets say of each layer frame.
struct Vp9Picture {
  std::vector<std::uint8_t> data;
  std::vector<codec::Vp9Descriptor> layers;
  std::uint8_t spatial_layers = 1;
  bool referenced = false;
};

// Several frames become a superframe.
inline std::vector<std::uint8_t> JoinVp9Frames(const std::vector<std::vector<std::uint8_t>>& frames) {
  if (frames.size() == 1) return frames[0];
  std::vector<std::uint8_t> data;
  std::vector<std::uint32_t> sizes;
  for (const auto& frame : frames) {
    data.insert(data.end(), frame.begin(), frame.end());
    sizes.push_back(static_cast<std::uint32_t>(frame.size()));
  }
  const codec::Vp9SuperframeIndexWriter index{sizes};
  const std::size_t at = data.size();
  data.resize(at + index.WireSize());
  return index.Write(MutableBytes(data).subspan(at)) ? data : std::vector<std::uint8_t>();
}

// Spatial layers as the bits of `spatial_layers` say; a picture of one layer may have
// hidden frames, too. `structure` goes with key pictures.
inline Vp9Picture MakeVp9Picture(Dice& dice, bool key, bool flexible, std::uint8_t spatial_layers, std::size_t size,
                                 std::uint32_t number, Bytes structure) {
  Vp9Picture picture;
  picture.spatial_layers = spatial_layers;
  const int layers = std::popcount(spatial_layers);
  const std::size_t count = layers > 1 ? static_cast<std::size_t>(layers) : dice.Chance(10) ? 1 + dice.Below(8) : 1;
  std::vector<std::vector<std::uint8_t>> frames;
  for (std::size_t i = 0; i < count; ++i) {
    const auto header = RandomVp9Header(dice, key && i == 0);
    picture.referenced = picture.referenced || header.refresh_frame_flags != 0;
    frames.push_back(
        MakeVp9Frame(header, 1 + dice.Below(2 * size / count + 1), number + static_cast<std::uint32_t>(i)));
  }
  picture.data = JoinVp9Frames(frames);

  codec::Vp9Descriptor about;
  about.inter_picture = !key;
  about.flexible = flexible;
  if (flexible || dice.Chance(90)) {
    about.long_picture_id = dice.Chance(90);
    about.picture_id = static_cast<std::uint16_t>(number & (about.long_picture_id ? 0x7fff : 0x7f));
  }
  const auto temporal_id = codec::Vp9LayerId(static_cast<int>(dice.Below(4)));
  for (int layer = 0; layer < 8; ++layer) {
    if ((spatial_layers >> layer & 1) == 0) continue;
    codec::Vp9Descriptor& of_layer = picture.layers.emplace_back(about);
    of_layer.not_reference_for_above = dice.Chance(50);
    if (spatial_layers != 1 || dice.Chance(80)) {
      of_layer.layers = codec::Vp9Descriptor::Layers{temporal_id, dice.Chance(50), codec::Vp9LayerId(layer),
                                                     layer > 0 && dice.Chance(50), 0};
      if (!flexible) of_layer.layers->tl0picidx = static_cast<std::uint8_t>(number);
    }
    for (std::size_t i = about.flexible && about.inter_picture ? 1 + dice.Below(3) : 0; i > 0; --i) {
      of_layer.p_diffs[of_layer.reference_count++] = static_cast<std::uint8_t>(1 + dice.Below(127));
    }
    if (key && picture.layers.size() == 1) of_layer.scalability_structure = structure;
  }
  return picture;
}

}  // namespace mediacore::testing

#endif  // MEDIACORE_TESTS_SUPPORT_VP9_PICTURE_H_
