#!/usr/bin/env bash
# Uses mediacore the three ways a stranger would: as a meson subproject, installed
# and found by pkg-config, and the same from CMake.
#
#   consumer_test.sh SOURCE_ROOT WORK_DIR      CXX from the environment
set -euo pipefail
root=$1 work=$2
export CXX=${CXX:-g++}
rm -rf "$work"
mkdir -p "$work/subproject/subprojects"

echo "# as a meson subproject"
cp "$root/tests/consumer/subproject/meson.build" "$root"/tests/consumer/*.cc "$work/subproject/"
ln -s "$root" "$work/subproject/subprojects/mediacore"
meson setup "$work/b-subproject" "$work/subproject" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
ninja -C "$work/b-subproject" consumer wire >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$work/b-subproject/consumer"
"$work/b-subproject/wire"

echo "# installed, by pkg-config"
meson setup "$work/b-install" "$root" -Dtests=false -Dprefix="$work/prefix" -Dlibdir=lib \
  >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
meson install -C "$work/b-install" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
export PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig
libs=$(pkg-config --libs mediacore-wire)
[ -z "${libs// /}" ] || { echo "mediacore-wire links $libs, and has nothing to link"; exit 1; }
# shellcheck disable=SC2046  # flags are words
$CXX -std=c++20 "$root/tests/consumer/wire_consumer.cc" -o "$work/wire" $(pkg-config --cflags mediacore-wire)
"$work/wire"
# shellcheck disable=SC2046
$CXX -std=c++20 "$root/tests/consumer/consumer.cc" -o "$work/consumer" $(pkg-config --cflags --libs mediacore)
"$work/consumer"
if pkg-config --exists mediacore-crypto; then
  # shellcheck disable=SC2046
  $CXX -std=c++20 "$root/tests/consumer/crypto_consumer.cc" -o "$work/crypto" $(pkg-config --cflags --libs mediacore-crypto)
  "$work/crypto"
else
  echo "# mediacore was built without OpenSSL: mediacore-crypto is not tried"
fi
[ -f "$work/prefix/include/mediacore_wire.h" ] || { echo "mediacore_wire.h is not installed"; exit 1; }

if command -v cmake >/dev/null; then
  echo "# installed, from CMake"
  cp -r "$root/tests/consumer/cmake" "$work/cmake"
  cp "$root"/tests/consumer/*.cc "$work/"
  # CMake takes one program as compiler; a launcher before it goes by another name.
  CXX=${CXX##* } cmake -S "$work/cmake" -B "$work/b-cmake" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  cmake --build "$work/b-cmake" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  "$work/b-cmake/consumer"
  "$work/b-cmake/wire"
else
  echo "# no cmake here: that way is not tried"
fi
