// The images of the tier: busybox, git and the programs built here, laid out as a registry serves them.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

// the version that RunnerImageBuilds takes by default; its program is of build/builders/go.mod.
const BUILDKIT_VERSION = 'v0.34.2';
const PLAIN_REGISTRIES = ['10.99.0.1:5000', '10.99.0.1:5001'].map((address) => `[registry."${address}"]\n  http = true\n`).join('');
// iptables' matches and targets, which it loads by name.
const XTABLES = '/usr/lib/x86_64-linux-gnu/xtables';
const DOCKER_VERSION = '29';
// as the daemon's own image starts it: with certificates of an authority that it makes, of which a job gets those of a client.
const START_DOCKER = `#!/bin/bash
set -eu
cd "$DOCKER_TLS_CERTDIR"
authority() { openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=ca -days 2 -keyout ca/key.pem -out ca/cert.pem; }
certificate() {
  cp ca/cert.pem "$1/ca.pem"
  openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$1/key.pem" -out "$1/csr.pem"
  printf '%s\\n' "$2" > "$1/extensions"
  openssl x509 -req -in "$1/csr.pem" -CA ca/cert.pem -CAkey ca/key.pem -CAcreateserial -days 2 -extfile "$1/extensions" -out "$1/cert.pem"
}
mkdir -p ca server client
authority 2>/dev/null
certificate server 'subjectAltName = DNS:docker, DNS:localhost, IP:127.0.0.1' 2>/dev/null
certificate client 'extendedKeyUsage = clientAuth' 2>/dev/null
exec dockerd --host unix:///var/run/docker.sock --host tcp://0.0.0.0:2376 --tlsverify --tlscacert server/ca.pem --tlscert server/cert.pem --tlskey server/key.pem "$@"
`;

/** Writes blobs and `index.json`, which maps `repository:tag` to the digest of a manifest. */
export function buildImages(target, programs) {
  mkdirSync(join(target, 'blobs'), { recursive: true });
  const index = {};
  const add = (names, files, config) => {
    const digest = image(target, files, config);
    names.forEach((name) => { index[name] = digest; });
  };
  const busybox = (root) => {
    put(root, '/bin/busybox', '/bin/busybox');
    for (const applet of execFileSync('busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n').filter((name) => name !== 'busybox')) {
      link(root, `/bin/${applet}`, 'busybox');
    }
    text(root, '/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nrunner:x:100:65533::/home/gitlab-runner:/bin/sh\n');
    ['/tmp', '/root', '/usr/bin'].forEach((folder) => mkdirSync(join(root, folder), { recursive: true }));
    chmodSync(join(root, 'tmp'), 0o1777);
  };
  const bash = (root) => {
    busybox(root);
    rmSync(join(root, 'bin/bash'), { force: true });
    withLibraries(root, '/bin/bash');
    link(root, '/usr/bin/env', '/bin/busybox');
  };
  add(['library/ubuntu:24.04'], bash, { Cmd: ['bash'] });
  // what the runner keeps room by is of this version.
  add(['pause:1', 'pause:3.10'], busybox, { Entrypoint: ['/bin/busybox', 'sleep', '2147483647'] });
  // at GitLab's registry and at Docker Hub.
  add([`gitlab-org/gitlab-runner:alpine-v${programs.version}`, `gitlab/gitlab-runner:alpine-v${programs.version}`], (root) => {
    busybox(root);
    put(root, programs.manager, '/usr/bin/gitlab-runner');
  }, {});
  // what GitLab's own image has besides and the chart's scripts call: bash, pgrep, the entry point, and the signal that lets jobs finish
  add([`gitlab-org/gitlab-runner:entrypoint-v${programs.version}`], (root) => {
    bash(root);
    withLibraries(root, '/usr/bin/pgrep');
    put(root, programs.manager, '/usr/bin/gitlab-runner');
    text(root, '/entrypoint', '#!/bin/bash\nexec gitlab-runner "$@"\n', 0o755);
    text(root, '/usr/bin/dumb-init', '#!/bin/bash\nshift\nexec "$@"\n', 0o755);
  }, { StopSignal: 'SIGQUIT' });
  add(['gitlab-org/gitlab-runner/gitlab-runner-helper', 'gitlab/gitlab-runner-helper'].map((name) => `${name}:x86_64-v${programs.version}`), (root) => {
    bash(root);
    put(root, programs.helper, '/usr/bin/gitlab-runner-helper');
    withLibraries(root, '/usr/bin/git');
    withLibraries(root, '/usr/lib/git-core/git-remote-http');
    link(root, '/usr/lib/git-core/git-remote-https', 'git-remote-http');
    text(root, '/usr/bin/gitlab-runner-build', '#!/bin/bash\numask 0000\nexec /bin/bash\n', 0o755);
  }, { Cmd: ['sh'] });
  // BuildKit's own images but for Alpine, and with ids set by a capability of the file: Debian's program is not made for the setuid bit alone.
  const buildkit = (root) => {
    bash(root);
    ['buildkitd', 'buildctl'].forEach((program) => put(root, programs[program], `/usr/bin/${program}`));
    withLibraries(root, '/usr/sbin/runc');
  };
  add([`moby/buildkit:${BUILDKIT_VERSION}`], (root) => {
    buildkit(root);
    text(root, '/etc/buildkit/buildkitd.toml', PLAIN_REGISTRIES);
  }, { Entrypoint: ['buildkitd'] });
  add([`moby/buildkit:${BUILDKIT_VERSION}-rootless`], (root) => {
    buildkit(root);
    put(root, programs.rootlesskit, '/usr/bin/rootlesskit');
    for (const [program, capability] of [['newuidmap', 'cap_setuid'], ['newgidmap', 'cap_setgid']]) {
      withLibraries(root, `/usr/bin/${program}`);
      chmodSync(join(root, 'usr/bin', program), 0o755);
      execFileSync('setcap', [`${capability}=ep`, join(root, 'usr/bin', program)]);
    }
    text(root, '/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n');
    text(root, '/etc/group', 'root:x:0:\nuser:x:1000:\n');
    ['subuid', 'subgid'].forEach((file) => text(root, `/etc/${file}`, 'user:100000:65536\n'));
    for (const folder of ['home/user', 'home/user/.local', 'home/user/.local/tmp', 'home/user/.local/share', 'home/user/.local/share/buildkit', 'run/user/1000']) {
      mkdirSync(join(root, folder), { recursive: true });
      chmodSync(join(root, folder), 0o777);
    }
    text(root, '/home/user/.config/buildkit/buildkitd.toml', PLAIN_REGISTRIES);
  }, {
    User: '1000:1000', Entrypoint: ['rootlesskit', 'buildkitd'],
    Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/home/user', 'USER=user', 'XDG_RUNTIME_DIR=/run/user/1000', 'TMPDIR=/home/user/.local/tmp'],
  });
  add([`library/docker:${DOCKER_VERSION}-cli`], (root) => {
    bash(root);
    put(root, packaged(programs.docker, 'docker'), '/usr/bin/docker');
  }, { Cmd: ['sh'] });
  add([`library/docker:${DOCKER_VERSION}-dind`], (root) => {
    bash(root);
    for (const program of ['dockerd', 'docker-proxy']) {
      withLibraries(root, packaged(programs.docker, program), `/usr/bin/${program}`);
    }
    ['/usr/bin/containerd', '/usr/bin/containerd-shim-runc-v2', '/usr/sbin/runc', '/usr/sbin/xtables-nft-multi', '/usr/bin/openssl'].forEach((program) => withLibraries(root, program));
    ['iptables', 'ip6tables'].forEach((name) => link(root, `/usr/sbin/${name}`, 'xtables-nft-multi'));
    cpSync(XTABLES, join(root, XTABLES), { recursive: true });
    text(root, '/etc/ssl/openssl.cnf', '[req]\ndistinguished_name = name\n[name]\n');
    link(root, '/usr/lib/ssl/openssl.cnf', '/etc/ssl/openssl.cnf');
    text(root, '/usr/local/bin/dockerd-entrypoint.sh', START_DOCKER, 0o755);
  }, { Entrypoint: ['/usr/local/bin/dockerd-entrypoint.sh'], Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'] });
  writeFileSync(join(target, 'index.json'), JSON.stringify(index));
}

function image(target, fill, config) {
  const root = mkdtempSync(join(tmpdir(), 'cluster-image-'));
  try {
    chmodSync(root, 0o755);
    fill(root);
    const layer = execFileSync('tar', ['-C', root, '--sort=name', '--owner=0', '--group=0', '--mtime=@0', '--xattrs', '--xattrs-include=security.capability',
      '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime', '-cf', '-', '.'], { maxBuffer: 2 ** 30 });
    const blob = (content, mediaType) => {
      const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
      writeFileSync(join(target, 'blobs', digest), content);
      return { mediaType, digest, size: content.length };
    };
    const layers = [blob(layer, 'application/vnd.oci.image.layer.v1.tar')];
    const settings = blob(Buffer.from(JSON.stringify({
      architecture: 'amd64', os: 'linux', config: { Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'], ...config },
      rootfs: { type: 'layers', diff_ids: [layers[0].digest] },
    })), 'application/vnd.oci.image.config.v1+json');
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    return blob(Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config: settings, layers })), mediaType).digest;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function put(root, from, to) {
  mkdirSync(dirname(join(root, to)), { recursive: true });
  copyFileSync(from, join(root, to));
  chmodSync(join(root, to), statSync(from).mode | 0o555);
}

function text(root, path, content, mode = 0o644) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content, { mode });
}

function link(root, path, target) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  if (!existsSync(join(root, path))) {
    symlinkSync(target, join(root, path));
  }
}

/** A program of an unpacked package; distributions do not agree on its folder. */
function packaged(folder, program) {
  return ['usr/bin', 'usr/sbin', 'usr/libexec/docker'].map((place) => join(folder, place, program)).find(existsSync);
}

function withLibraries(root, program, place = program) {
  put(root, program, place);
  const libraries = execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g);
  for (const [, library] of libraries) {
    put(root, library, library);
  }
}
