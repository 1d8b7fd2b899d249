// The programs of the machine that a cluster needs, and the packages that bring them.
import { spawnSync } from 'node:child_process';

const PACKAGES = {
  'newuidmap': 'uidmap', 'setcap': 'libcap2-bin',
  'containerd': 'containerd', 'runc': 'runc', 'busybox': 'busybox-static', '/usr/lib/cni/bridge': 'containernetworking-plugins', 'iptables': 'iptables', 'ipset': 'ipset',
};

const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;

/** Installs what is missing where that is possible. @returns what a cluster cannot run without */
export function missingTools() {
  const absent = () => Object.keys(PACKAGES).filter((program) => !has(program));
  // no others: what a machine has, such as Docker's containerd, may be of a package that cannot be beside ours.
  const packages = absent().map((program) => PACKAGES[program]);
  if (packages.length > 0 && process.getuid() === 0 && has('apt-get')) {
    spawnSync('sh', ['-c', `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages.join(' ')} >/dev/null`], { stdio: 'inherit' });
  }
  const missing = [...absent(), ...['go', 'git', 'openssl', 'ip', 'unshare', 'setpriv', 'pgrep'].filter((program) => !has(program))];
  const namespaces = process.getuid() === 0 && spawnSync('unshare', ['--net', '--mount', '--pid', '--fork', 'true']).status === 0;
  return namespaces ? missing : [...missing, 'right to make namespaces'];
}
