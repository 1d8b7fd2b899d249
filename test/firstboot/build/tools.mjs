// The programs of the machine that the tier needs, and the packages that bring them.
import { execFileSync, spawnSync } from 'node:child_process';

const PACKAGES = {
  'systemd-nspawn': 'systemd-container', 'mmdebstrap': 'mmdebstrap', 'apt-ftparchive': 'apt-utils', 'gpg': 'gpg', 'openssl': 'openssl',
  'ip': 'iproute2', 'nsenter': 'util-linux', 'losetup': 'mount', 'mkfs.ext4': 'e2fsprogs', 'nginx': 'nginx-light', 'ruby': 'ruby', 'tinyproxy': 'tinyproxy-bin',
};

const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** Installs what is missing where that is possible. @returns what the tier cannot run without */
export function missingTools(log) {
  const missing = Object.keys(PACKAGES).filter((program) => !has(program));
  if (missing.length > 0 && process.getuid() === 0 && has('apt-get')) {
    const packages = [...new Set(missing.map((program) => PACKAGES[program])), 'debian-archive-keyring'];
    log(`installing ${packages.join(' ')}`);
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    try {
      execFileSync('apt-get', ['-qq', 'update'], { stdio: 'ignore', env: environment });
      execFileSync('apt-get', ['-qq', '-y', 'install', '--no-install-recommends', ...packages], { stdio: 'ignore', env: environment });
    } catch {
      // what is still missing is named below
    }
  }
  return [
    ...process.getuid() === 0 ? [] : ['root'],
    ...Object.keys(PACKAGES).filter((program) => !has(program)),
    ...terraform() ? [] : ['terraform or tofu'],
  ];
}

/** Resolves the expressions of what the package synthesises. */
export function terraform() {
  return ['terraform', 'tofu'].find(has);
}
