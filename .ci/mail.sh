#!/bin/sh
# The tests of mail read a real mailbox, served by dovecot. Say where it is, or install Debian's where that is possible.
PATH="$PATH:/usr/sbin:/usr/local/sbin"
if command -v dovecot >/dev/null 2>&1; then
  echo "IMAP server for the tests: $(command -v dovecot)"
  exit 0
fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "== Installing dovecot for the tests of mail =="
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends dovecot-imapd
else
  echo "No dovecot here: the tests of mail need one (on Debian: apt-get install dovecot-imapd)." >&2
fi
