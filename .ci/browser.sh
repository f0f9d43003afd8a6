#!/bin/sh
# The browser tests drive Chromium. Say where it is, or install Debian's where that is possible.
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then
    echo "Browser for the tests: $(command -v "$name")"
    exit 0
  fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "== Installing Chromium for the browser tests =="
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium
else
  echo "No Chromium here: the browser tests need one (on Debian: apt-get install chromium)." >&2
fi
