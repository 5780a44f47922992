#!/usr/bin/env bash
# Installs the clients that interop tests compare with: Python's into .venv, and with --system Debian's as well.
# Those of weights, into .venv-weights, with --weights.
# usage: test/interop/setup.sh [--system] [--weights]
set -euo pipefail
cd "$(dirname "$0")/../.."

if [[ " $* " == *" --system "* ]]; then
  wanted=()
  command -v h5dump >/dev/null || wanted+=(hdf5-tools)
  command -v chromium >/dev/null || wanted+=(chromium)
  python3 -c "import ensurepip" 2>/dev/null || wanted+=(python3-venv)
  if [ ${#wanted[@]} -gt 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -q -y --no-install-recommends "${wanted[@]}"
  fi
fi

# environment FOLDER LIST: made anew whenever the list of clients changes.
environment() {
  if ! cmp -s "$2" "$1/requirements.txt"; then
    rm -rf "$1"
    python3 -m venv "$1"
    "$1/bin/pip" install -q --disable-pip-version-check --no-input -r "$2"
    cp "$2" "$1/requirements.txt"
  fi
}
environment .venv test/interop/requirements.txt
# Of pandas two versions write files of their own kind.
environment .venv-pandas1 test/interop/requirements-pandas1.txt
.venv/bin/python -c "import h5py; print('h5py', h5py.__version__, 'over HDF5', h5py.version.hdf5_version)"
for option in "$@"; do
  # Several gigabytes: only where they are asked for.
  [ "$option" = --weights ] || continue
  environment .venv-weights test/interop/requirements-weights.txt
  KERAS_BACKEND=torch .venv-weights/bin/python -c "import keras, torch; print('Keras', keras.__version__, 'over torch', torch.__version__)"
done
