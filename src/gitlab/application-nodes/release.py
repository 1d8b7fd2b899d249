"""The gate between the server's own machine and its nodes: Redis there says which release of GitLab may be at work.

ask SERVER WORD…      what Redis answers
may-start SERVER NODE ends with 0 if this machine's release may start
watch SERVER NODE     on a node: starts and stops GitLab's application by the gate, and tells of it
drain                 has the load balancer's probe fail, and waits until it has been asked
"""
import os
import socket
import ssl
import subprocess
import sys
import threading
import time

PORT = 6380
AUTHORITY = "/etc/gitlab/trusted-certs/node-authority.crt"
PASSWORD = "/etc/gitlab/redis-password"
RELEASE = "gitlab-server:release"
NODE = "gitlab-server:node:"

# what the probe's web server looks for, what was stopped by the gate, and who is at work on GitLab's configuration.
DRAINING = "/run/gitlab-draining"
STOPPED = "/run/gitlab-stopped"
CONFIGURING = "/run/gitlab-configuring"
# there once the package is configured in the release that is installed.
CONFIGURED = "/var/lib/gitlab-server/reconfigured"

# two probes, and one that has just begun.
DRAIN_SECONDS = float(os.environ.get("DRAIN_SECONDS", "12"))
WATCH_SECONDS = float(os.environ.get("WATCH_SECONDS", "5"))
# a node that is silent for so long is not at work any more.
BEAT_SECONDS = 90
APPLICATION = ("sidekiq", "puma")


class RedisError(Exception):
    pass


def answer(stream):
    line = stream.readline().rstrip(b"\r\n").decode()
    kind, rest = line[:1], line[1:]
    if kind == "+" or kind == ":":
        return rest
    if kind == "$":
        length = int(rest)
        return None if length < 0 else stream.read(length + 2)[:length].decode()
    if kind == "*":
        return [answer(stream) for _ in range(int(rest))]
    raise RedisError(rest or "no answer")


def ask(server, *words):
    context = ssl.create_default_context(cafile=AUTHORITY)
    with open(PASSWORD, encoding="utf-8") as file:
        password = file.read().strip()
    with socket.create_connection((server, PORT), timeout=5) as plain, context.wrap_socket(plain, server_hostname=server) as connection:
        with connection.makefile("rwb") as stream:
            for command in (("AUTH", password), words):
                parts = [word.encode() for word in command]
                stream.write(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))
                stream.flush()
                said = answer(stream)
            return said


def release_of(server):
    """What the gate says, and None where nobody answers."""
    try:
        return ask(server, "GET", RELEASE) or ""
    except (OSError, RedisError, ValueError) as problem:
        print(f"no answer from Redis on {server}: {problem}", flush=True)
        return None


def installed():
    for edition in ("ce", "ee"):
        query = subprocess.run(
            ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", f"gitlab-{edition}"], capture_output=True, text=True, check=False)
        status, _, version = query.stdout.partition(" ")
        # in every state but "not installed" there is something of that release on the machine.
        if query.returncode == 0 and version and status != "not-installed" and status != "config-files":
            return f"{version.split('-')[0]}-{edition}"
    return ""


def touch(path):
    with open(path, "w", encoding="utf-8"):
        os.chmod(path, 0o644)


def remove(path):
    if os.path.exists(path):
        os.remove(path)


def command(*words):
    try:
        return subprocess.run(words, check=False, timeout=300, env={**os.environ, "HOME": "/root", "LANG": "C.UTF-8"}).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as problem:
        print(f"{' '.join(words)}: {problem}", flush=True)
        return False


def is_up():
    return subprocess.run(["systemctl", "is-active", "--quiet", "gitlab-runsvdir.service"], check=False).returncode == 0


def is_configuring():
    """Whether a step is at work on GitLab's configuration, which starts what it finds stopped."""
    try:
        with open(CONFIGURING, encoding="utf-8") as file:
            os.kill(int(file.read()), 0)
        return True
    except (OSError, ValueError):
        return False


def drain():
    touch(DRAINING)
    time.sleep(DRAIN_SECONDS)


def is_left_behind(path):
    return os.path.exists(path) and time.time() - os.path.getmtime(path) > 10 * DRAIN_SECONDS


def stop_application(with_drain):
    if with_drain and not os.path.exists(STOPPED) and is_up():
        drain()
    if is_up() and not all([command("/opt/gitlab/bin/gitlab-ctl", "stop", name) for name in APPLICATION]):
        return False
    touch(STOPPED)
    return True


def start_application():
    """What does not start counts as stopped, and is started at the next look."""
    if not is_up():
        command("systemctl", "start", "gitlab-runsvdir.service")
    if not all([command("/opt/gitlab/bin/gitlab-ctl", "start", name) for name in APPLICATION]):
        return
    remove(STOPPED)
    if not is_configuring():
        remove(DRAINING)


def notify(state):
    path = os.environ.get("NOTIFY_SOCKET")
    if path:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.sendto(state.encode(), "\0" + path[1:] if path.startswith("@") else path)


class Node:
    def __init__(self, server, name):
        self.server = server
        self.name = name
        self.stopped_at = 0.0
        # what it was told to be by the last beat, and when that came through.
        self.told = "stopped" if os.path.exists(STOPPED) or not is_up() else installed()
        self.beaten_at = time.monotonic()
        self.lapsed = False
        self.lock = threading.Lock()

    def may_work(self, own):
        """Says that it is at work before it looks whether it may be: so whoever closes the gate sees either of both."""
        return (is_configuring() or os.path.exists(CONFIGURED)) and self.beat(own) and release_of(self.server) == own

    def obey(self, release, own):
        """Whether GitLab's application is at rest."""
        if release == own:
            if os.path.exists(STOPPED) or not is_up():
                if not self.may_work(own):
                    return True
                print(f"{own} is at work again", flush=True)
                start_application()
            elif is_left_behind(DRAINING) and os.path.exists(CONFIGURED) and not is_configuring():
                # of a step that was cut off: whether this machine serves, its probe tells.
                remove(DRAINING)
            self.stopped_at, self.lapsed = 0.0, False
            return False
        if release is None:
            # who serves goes on: what a lost server means to it, its probe tells.
            return os.path.exists(STOPPED) or not is_up()
        # a step or an administrator may have started it meanwhile.
        if not os.path.exists(STOPPED) or time.monotonic() - self.stopped_at > 60 or self.stopped_at == 0.0:
            print(f"{own} rests: the gate says {release or 'nothing'}", flush=True)
            # one that was away for so long counts as off by now: nobody waits for it.
            if stop_application(with_drain=not self.lapsed):
                self.stopped_at = time.monotonic()
        if is_configuring():
            self.stopped_at = 0.0
            return False
        return os.path.exists(STOPPED)

    def beat(self, value=None):
        with self.lock:
            self.told = value or self.told
            self.lapsed = self.lapsed or time.monotonic() - self.beaten_at > BEAT_SECONDS
            try:
                ask(self.server, "SET", NODE + self.name, self.told, "EX", str(BEAT_SECONDS))
                self.beaten_at = time.monotonic()
                return True
            except (OSError, RedisError, ValueError) as problem:
                print(f"no answer from Redis on {self.server}: {problem}", flush=True)
                return False

    def beat_always(self):
        """Also while the application takes its time to stop. systemd kills a watch that is silent, and starts it again."""
        while True:
            self.beat()
            notify("WATCHDOG=1")
            time.sleep(WATCH_SECONDS)

    def watch(self):
        threading.Thread(target=self.beat_always, daemon=True).start()
        while True:
            own = installed()
            resting = self.obey(release_of(self.server), own)
            self.beat("stopped" if resting or not own else own)
            time.sleep(WATCH_SECONDS)


def main(what, *words):
    if what == "watch":
        Node(*words).watch()
    elif what == "drain":
        drain()
    elif what == "may-start":
        node = Node(*words)
        if not node.may_work(installed()):
            node.beat("stopped")
            sys.exit(1)
    elif what == "ask":
        said = ask(*words)
        for line in said if isinstance(said, list) else [said or ""]:
            print(line)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (OSError, RedisError, ValueError) as trouble:
        sys.exit(f"{trouble}")
