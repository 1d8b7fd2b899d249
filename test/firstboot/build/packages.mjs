// The stand-ins of gitlab-ce and gitlab-ee as packages in a signed repository like packages.gitlab.com: a tree for each edition and Ubuntu release.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkClients } from './database-root.mjs';
import { withSigningKey } from './signing-key.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const OMNIBUS = join(HERE, '../omnibus');
/** Where the root file system keeps the Ruby that Omnibus would bring. */
export const OMNIBUS_RUBY = '/usr/lib/omnibus-ruby';
/** Where it keeps Redis and nginx, likewise. */
export const OMNIBUS_SERVICES = '/usr/lib/omnibus-services';

const CODENAME = 'noble';

/** The fingerprint of GitLab's signing key, as GitLab publishes it. */
const PUBLISHED_KEY = 'F6403F6544A38863DAA0B6E03F01618A51312F3F';

/**
 * Version, the floor it may be installed over, the PostgreSQL it asks for: as in the packages, and by their rule from 19.5 on. Those of the second month come
 * out once the repository is told so, in an order that is not that of their numbers.
 */
const PACKAGES = [
  ['ce', '18.8.11', '18.5', '16.5'],
  ['ce', '18.11.9', '18.8', '16.5'],
  ['ce', '18.11.11', '18.8', '16.5'],
  ['ce', '19.2.4', '18.11', '17'],
  ['ce', '19.4.1', '19.2', '17'],
  ['ce', '19.5.1', '19.2', '17'],
  ['ce', '19.5.2', '19.2', '17'],
  ['ce', '19.7.0', '19.5', '17'],
  ['ee', '19.4.1', '19.2', '17'],
  ['ce', '19.4.10', '19.2', '17', 'second'],
  ['ce', '19.6.0', '19.5', '17', 'second'],
  ['ce', '19.4.9', '19.2', '17', 'second'],
  ['ce', '19.4.2', '19.2', '17', 'second'],
];
/** The folders of the repository as it is in each month. */
const MONTHS = ['first', 'second'];

/** @returns the repository's folder, its signing key's fingerprint and that of GitLab */
export function packageRepository(cache, log) {
  const hash = createHash('sha256').update(JSON.stringify(PACKAGES)).update(readFileSync(fileURLToPath(import.meta.url)));
  readdirSync(OMNIBUS, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort().forEach((file) => hash.update(file.slice(OMNIBUS.length)).update(readFileSync(file)));
  const folder = join(cache, `packages-${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(folder)) {
    log(`building ${PACKAGES.length} packages`);
    const partial = join(cache, `partial-${process.pid}`);
    try {
      withSigningKey('stand-in', (gpg) => build(partial, gpg));
      renameSync(partial, folder);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  return { folder, own: readFileSync(join(folder, 'fingerprint'), 'utf8'), published: PUBLISHED_KEY };
}

function build(folder, gpg) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'fingerprint'), /^fpr:+([0-9A-F]+):/m.exec(gpg('--with-colons', '--list-keys'))[1]);
  mkdirSync(join(folder, 'gpgkey'));
  writeFileSync(join(folder, 'gpgkey/gpg.key'), gpg('--armor', '--export'));
  for (const edition of new Set(PACKAGES.map(([name]) => name))) {
    const tree = join(folder, `gitlab/gitlab-${edition}/ubuntu/${CODENAME}`);
    mkdirSync(join(tree, `pool/main/g/gitlab-${edition}`), { recursive: true });
    for (const month of MONTHS) {
      PACKAGES.filter(([name, , , , from = MONTHS[0]]) => name === edition && from === month).forEach((item) => buildPackage(tree, item));
      publish(join(folder, month, `gitlab/gitlab-${edition}/ubuntu/${CODENAME}/dists/${CODENAME}`), tree, folder, gpg);
    }
  }
}

/** The signed lists of all packages that there are by now. */
function publish(dists, tree, folder, gpg) {
  mkdirSync(join(dists, 'main/binary-amd64'), { recursive: true });
  writeFileSync(join(dists, 'main/binary-amd64/Packages'), execFileSync('apt-ftparchive', ['packages', 'pool'], { cwd: tree, stdio: ['ignore', 'pipe', 'ignore'] }));
  const release = execFileSync('apt-ftparchive', ['-o', `APT::FTPArchive::Release::Codename=${CODENAME}`, '-o', 'APT::FTPArchive::Release::Components=main',
    '-o', 'APT::FTPArchive::Release::Architectures=amd64', 'release', '.'], { cwd: dists, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  writeFileSync(join(folder, 'Release'), release);
  gpg('--output', join(dists, 'InRelease'), '--clearsign', join(folder, 'Release'));
}

function buildPackage(tree, [edition, version, floor, postgresql]) {
  const source = join(tree, '../package');
  const opt = join(source, 'opt/gitlab');
  rmSync(source, { recursive: true, force: true });
  mkdirSync(join(source, 'DEBIAN'), { recursive: true });
  mkdirSync(join(opt, 'embedded/bin'), { recursive: true });
  mkdirSync(join(source, 'usr/lib/systemd/system'), { recursive: true });
  cpSync(join(OMNIBUS, 'bin'), join(opt, 'bin'), { recursive: true });
  cpSync(join(OMNIBUS, 'lib'), join(opt, 'embedded/standin'), { recursive: true });
  mkdirSync(join(opt, 'embedded/service'));
  readdirSync(join(opt, 'embedded/standin')).filter((name) => name.endsWith('.py'))
    .forEach((name) => renameSync(join(opt, 'embedded/standin', name), join(opt, 'embedded/service', name)));
  cpSync(join(OMNIBUS, 'shell'), join(opt, 'embedded/service/gitlab-shell/bin'), { recursive: true });
  readdirSync(join(opt, 'embedded/service/gitlab-shell/bin')).forEach((name) => chmodSync(join(opt, 'embedded/service/gitlab-shell/bin', name), 0o755));
  readdirSync(join(opt, 'bin')).forEach((name) => chmodSync(join(opt, 'bin', name), 0o755));
  symlinkSync(OMNIBUS_RUBY, join(opt, 'embedded/bin/ruby'));
  mkdirSync(join(opt, 'embedded/sbin'));
  Object.entries({ 'redis-server': 'bin', 'redis-cli': 'bin', 'nginx': 'sbin' })
    .forEach(([name, folder]) => symlinkSync(join(OMNIBUS_SERVICES, name), join(opt, 'embedded', folder, name)));
  linkClients(join(opt, 'embedded'));
  cpSync(join(OMNIBUS, 'scripts/gitlab-runsvdir.service'), join(source, 'usr/lib/systemd/system/gitlab-runsvdir.service'));
  writeFileSync(join(opt, 'version-manifest.json'), `${JSON.stringify({ build_version: version }, undefined, 2)}\n`);
  writeFileSync(join(opt, 'version-manifest.txt'), `gitlab-${edition} ${version}\n`);
  writeFileSync(join(opt, 'edition'), `${edition}\n`);
  writeFileSync(join(opt, 'min-version'), `${floor}\n`);
  // something to unpack, so that it can be cut off
  writeFileSync(join(opt, 'embedded/filler'), Buffer.alloc(4_000_000, version));
  for (const script of ['preinst', 'postinst']) {
    const text = readFileSync(join(OMNIBUS, 'scripts', script), 'utf8').replaceAll('@MIN_VERSION@', floor).replaceAll('@PG_MIN_VERSION@', postgresql)
      .replaceAll('@VERSION@', version);
    writeFileSync(join(source, 'DEBIAN', script), text, { mode: 0o755 });
  }
  const other = edition === 'ce' ? 'ee' : 'ce';
  writeFileSync(join(source, 'DEBIAN/control'), [`Package: gitlab-${edition}`, `Version: ${version}-${edition}.0`, 'Architecture: amd64', 'Maintainer: nobody <nobody@localhost>',
    `Conflicts: gitlab-${other}`, `Replaces: gitlab-${other}`, 'Description: stand-in of GitLab', ''].join('\n'));
  execFileSync('dpkg-deb', ['-Zgzip', '-z1', '--root-owner-group', '-b', source, join(tree, `pool/main/g/gitlab-${edition}`)], { stdio: 'ignore' });
  rmSync(source, { recursive: true, force: true });
}
