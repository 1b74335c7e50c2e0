#!/usr/bin/env bash
# Installs other people's Confluence clients, each into a home of its own: install.sh PYTHON HOMES.
set -euo pipefail
python=$1 homes=$2
here=$(dirname "$0")
mkdir -p "$homes"
grep -v '^#' "$here/versions.txt" | while read -r home from wanted; do
  if [ "$(cat "$homes/$home/.installed" 2>/dev/null)" = "$wanted" ]; then continue; fi
  echo "$home: $wanted"
  rm -rf "${homes:?}/$home"
  case $from in
    pypi)
      "$python" -m venv "$homes/$home"
      "$homes/$home/bin/python" -m pip install -qq --disable-pip-version-check "$wanted"
      ;;
    npm)
      mkdir -p "$homes/$home"
      # shellcheck disable=SC2086 - several packages, separated by blanks
      npm install --silent --no-audit --no-fund --prefix "$homes/$home" $wanted
      ;;
  esac
  printf '%s' "$wanted" >"$homes/$home/.installed"
done
