#ifndef MEDIACORE_BENCH_RTMP_LIBRTMP_PEER_H_
#define MEDIACORE_BENCH_RTMP_LIBRTMP_PEER_H_

#include "../support/peer.h"

#ifdef MEDIACORE_HAVE_LIBRTMP

#include <librtmp/amf.h>

#include "mediacore/base/bytes.h"

namespace mediacore::rtmp::bench {

// Of an ECMA array, by librtmp: the numbers of its properties added up.
inline double SumOfNumbers(Bytes array) {
  AMFObject object{};
  double sum = 0;
  // Past the marker and the count.
  if (AMF_Decode(&object, reinterpret_cast<const char*>(array.data()) + 5, static_cast<int>(array.size()) - 5, 1) >=
      0) {
    for (int i = 0; i < AMF_CountProp(&object); ++i) {
      AMFObjectProperty* property = AMF_GetProp(&object, nullptr, i);
      if (AMFProp_GetType(property) == AMF_NUMBER) sum += AMFProp_GetNumber(property);
    }
  }
  AMF_Reset(&object);
  return sum;
}

}  // namespace mediacore::rtmp::bench

#endif  // MEDIACORE_HAVE_LIBRTMP

#endif  // MEDIACORE_BENCH_RTMP_LIBRTMP_PEER_H_
