"""Debian's dovecot as an ordinary process with a folder, a port and an account of its own."""

from __future__ import annotations

import contextlib
import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from imapclient import IMAPClient

from tests.serving import PATIENCE_SECONDS

USER, PASSWORD = "pomoc", "geheim-i-tajne"
ACCOUNTS = ("pomoc", "gracz")
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
mailbox_idle_check_interval = 1 secs
{capability}
passdb {{
  driver = passwd-file
  args = scheme=plain username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    """A running server; `stop` and `start` are what a restart is."""

    folder: Path
    port: int
    has_idle: bool = True
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it lets somebody in."""
        _configure(self)
        binary = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
        if binary is None:
            raise RuntimeError("No dovecot here: sh .ci/mail.sh (on Debian: apt-get install dovecot-imapd)")
        self.process = subprocess.Popen([binary, "-F", "-c", str(self.folder / "dovecot.conf")])
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with self.client():
                    return
            except OSError as error:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise RuntimeError(f"dovecot did not start: {self.log()}") from error
                time.sleep(0.05)

    def stop(self) -> None:
        """It and all that it has started; open lines break."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
            self.process = None

    def log(self) -> str:
        """What it has complained about."""
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    @contextlib.contextmanager
    def client(self, user: str = USER) -> Iterator[IMAPClient]:
        """Somebody's mail program."""
        with IMAPClient("127.0.0.1", self.port, ssl=False, timeout=PATIENCE_SECONDS) as client:
            client.login(user, PASSWORD)
            yield client

    def deliver(self, raw: bytes, user: str = USER) -> None:
        """As a mail server would put a mail into a mailbox."""
        with self.client(user) as client:
            client.append("INBOX", raw)

    def mails(self, user: str) -> list[bytes]:
        """All mails of a mailbox, the oldest first."""
        with self.client(user) as client:
            client.select_folder("INBOX", readonly=True)
            uids = client.search()
            found = client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
            return [bytes(found[uid][b"BODY[]"]) for uid in sorted(found)]


@contextlib.contextmanager
def dovecot(*, has_idle: bool = True) -> Iterator[Dovecot]:
    """A server that runs while the block does. Its folder is short: paths of sockets have at most 108 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="kr-imap-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Dovecot(folder, port, has_idle)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _configure(server: Dovecot) -> None:
    me = getpass.getuser()
    is_root = os.geteuid() == 0
    owner = pwd.getpwnam("dovecot") if is_root else pwd.getpwnam(me)  # root's mail is refused by dovecot, rightly
    for name in ("run", "state", "mail", "home"):
        (server.folder / name).mkdir(exist_ok=True)
        if is_root:
            shutil.chown(server.folder / name, owner.pw_uid, owner.pw_gid)
    if is_root:
        server.folder.chmod(0o755)
    (server.folder / "users").write_text("".join(f"{name}:{PASSWORD}\n" for name in ACCOUNTS))
    capability = "" if server.has_idle else "imap_capability = IMAP4rev1 LITERAL+ UIDPLUS"
    group = "dovecot" if is_root else _group(owner.pw_gid)
    text = CONFIGURATION.format(
        folder=server.folder, port=server.port, internal="dovecot" if is_root else me, capability=capability,
        login="dovenull" if is_root else me, uid=owner.pw_uid, gid=owner.pw_gid, group=group,
    )  # fmt: skip
    (server.folder / "dovecot.conf").write_text(text)


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name
