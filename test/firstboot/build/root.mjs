// The root file system of the virtual machine: Debian's packages, dressed as the Ubuntu that Azure starts.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync, chmodSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { OMNIBUS_RUBY, OMNIBUS_SERVICES, packageRepository } from './packages.mjs';

const SUITE = 'bookworm';

// what Ubuntu's image has; not more, so that a script which needs more fails here too.
const UBUNTU = ['systemd', 'systemd-sysv', 'dbus', 'udev', 'ca-certificates', 'curl', 'gpg', 'e2fsprogs', 'util-linux', 'mount', 'iproute2', 'procps',
  'python3-minimal', 'libpython3-stdlib', 'openssl', 'openssh-server', 'cron', 'nftables'];

// Omnibus brings its own Ruby with GitLab's gems, its Redis and its nginx, and the tests look over the scripts' shoulder.
const OURS = ['ruby', 'strace', 'ruby-omniauth-saml', 'redis-server', 'nginx'];

/** Servers and clients that the package brings, and where Debian has them: one program is all of Redis' tools. */
const SERVICES = { 'redis-server': 'usr/bin/redis-check-rdb', 'redis-cli': 'usr/bin/redis-cli', 'nginx': 'usr/sbin/nginx' };

const OPTIONS = ['--variant=minbase', '--aptopt=APT::Install-Recommends "false"',
  ...['man', 'doc', 'locale', 'info', 'ri'].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`)];

/** What the root does at its start that a booted kernel would have done. */
const INIT = `#!/bin/sh
# /proc/sys and /sys are the host's: the first is kept from being written.
mount --rbind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys
# /dev is no devtmpfs; without this file systemd never listens to udev.
mkdir -p /run/udev && : >/run/udev/control
exec /lib/systemd/systemd "$@"
`;

/** A machine's root in a folder, and GitLab's packages, which it takes from a repository. @returns the repository's folder */
export function prepareRoot(folder, cache, log) {
  const archive = rootArchive(cache, log);
  const repository = packageRepository(cache, log);
  unpackRoot(archive, folder, repository);
  return repository.folder;
}

/** @returns an archive of the bare root, from the cache if it is there */
function rootArchive(cache, log) {
  const packages = [...UBUNTU, ...OURS];
  const key = createHash('sha256').update(JSON.stringify([SUITE, packages, OPTIONS])).digest('hex').slice(0, 12);
  const archive = join(cache, `root-${SUITE}-${key}.tar`);
  if (!existsSync(archive)) {
    log(`building the root file system of ${packages.length} packages`);
    mkdirSync(cache, { recursive: true });
    const partial = join(cache, `partial-${process.pid}.tar`);
    try {
      execFileSync('mmdebstrap', ['--quiet', ...OPTIONS, `--include=${packages.join(',')}`, SUITE, partial], { stdio: ['ignore', 'ignore', 'inherit'] });
      renameSync(partial, archive);
    } finally {
      rmSync(partial, { force: true });
    }
  }
  return archive;
}

/** Unpacks the archive and makes it what the scripts find on Azure. */
function unpackRoot(archive, folder, signingKey) {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xf', archive, '-C', folder]);
  const file = (path, text, mode = 0o644) => {
    rmSync(join(folder, path), { force: true });
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
    chmodSync(join(folder, path), mode);
  };
  file('usr/local/sbin/lab-init', INIT, 0o755);
  file('etc/os-release', 'NAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n');
  file('etc/hostname', 'gitlab-vm\n');
  // a name that nobody knows is refused at once; the server of whoever built this would be waited for.
  file('etc/resolv.conf', '');
  truncateSync(join(folder, 'etc/machine-id'));
  file('etc/fstab', '# UNCONFIGURED FSTAB FOR BASE SYSTEM\n');
  file('etc/apt/sources.list', '');
  readdirSync(join(folder, 'etc/ssh')).filter((name) => name.startsWith('ssh_host_')).forEach((name) => rmSync(join(folder, 'etc/ssh', name)));
  // the scripts demand the fingerprint of GitLab's key, which nobody here can sign with: gpg says it of the repository's own key.
  file('usr/local/bin/gpg', `#!/bin/bash\n/usr/bin/gpg "$@" | sed s/${signingKey.own}/${signingKey.published}/\nexit "\${PIPESTATUS[0]}"\n`, 0o755);
  const ruby = readdirSync(join(folder, 'usr/bin')).find((name) => /^ruby\d/.test(name));
  renameSync(join(folder, 'usr/bin', ruby), join(folder, OMNIBUS_RUBY));
  rmSync(join(folder, 'usr/bin/ruby'), { force: true });
  mkdirSync(join(folder, OMNIBUS_SERVICES), { recursive: true });
  Object.entries(SERVICES).forEach(([name, path]) => renameSync(join(folder, path), join(folder, OMNIBUS_SERVICES, name)));
  readdirSync(join(folder, 'usr/bin')).filter((name) => name.startsWith('redis-')).forEach((name) => rmSync(join(folder, 'usr/bin', name)));
  for (const unit of ['apt-daily.timer', 'apt-daily-upgrade.timer', 'e2scrub_all.timer', 'systemd-sysctl.service', 'systemd-networkd.service', 'redis-server.service', 'nginx.service']) {
    rmSync(join(folder, 'etc/systemd/system', unit), { force: true });
    symlinkSync('/dev/null', join(folder, 'etc/systemd/system', unit));
  }
}
