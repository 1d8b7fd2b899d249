// The root file system of the database server, Debian's PostgreSQL 17, and its clients as GitLab's package would bring them to the machine.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync, chmodSync } from 'node:fs';
import { basename, join } from 'node:path';

const SUITE = 'trixie';
const BIN = '/usr/lib/postgresql/17/bin';
// what only just-in-time compilation needs, which is off, is most of the weight.
const OPTIONS = ['--variant=minbase', '--aptopt=APT::Install-Recommends "false"', '--include=postgresql-17',
  ...['/usr/share/man/*', '/usr/share/doc/*', '/usr/share/locale/*', '/usr/lib/x86_64-linux-gnu/libLLVM*', '/usr/lib/x86_64-linux-gnu/libz3*',
    '/usr/lib/postgresql/*/lib/bitcode/*'].map((path) => `--dpkgopt=path-exclude=${path}`)];

const OWN = '/var/lib/postgresql/own';

/** Where the machine's root keeps the clients, which Debian's own release does not have. */
const CLIENTS = '/usr/lib/omnibus-postgresql';

/** Unpacks the database server's root. The clients go into the machine's. */
export function prepareDatabaseRoot(folder, machineRoot, cache, log) {
  const key = createHash('sha256').update(JSON.stringify([SUITE, OPTIONS])).digest('hex').slice(0, 12);
  const archive = join(cache, `database-${SUITE}-${key}.tar`);
  if (!existsSync(archive)) {
    log('building the root file system of the database server');
    const partial = join(cache, `partial-${process.pid}.tar`);
    try {
      execFileSync('mmdebstrap', ['--quiet', ...OPTIONS, SUITE, partial], { stdio: ['ignore', 'ignore', 'inherit'] });
      renameSync(partial, archive);
    } finally {
      rmSync(partial, { force: true });
    }
  }
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xf', archive, '-C', folder]);
  // the cluster of the package's own PostgreSQL, whose superuser is a user of the machine.
  execFileSync('/usr/sbin/chroot', [folder, 'setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', `${BIN}/initdb`, '-D', OWN, '-U', 'gitlab-psql', '-E', 'UTF8',
    '--locale=C.UTF-8', '--auth=peer', '--no-sync'], { stdio: 'ignore', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } });
  ['psql', 'pg_dump', 'pg_restore'].forEach((name) => copyClient(folder, machineRoot, name));
}

/** With its libraries and their loader, since the machine's are of another release. */
function copyClient(from, to, name) {
  const target = join(to, CLIENTS);
  mkdirSync(join(target, 'lib'), { recursive: true });
  mkdirSync(join(target, 'bin'), { recursive: true });
  copyFileSync(join(from, BIN, name), join(target, 'lib', `${name}.real`));
  const libraries = execFileSync('/usr/sbin/chroot', [from, 'ldd', `${BIN}/${name}`], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g);
  for (const [, library] of libraries) {
    copyFileSync(join(from, library), join(target, 'lib', basename(library)));
  }
  const wrapper = join(target, 'bin', name);
  writeFileSync(wrapper, `#!/bin/sh\nexec ${CLIENTS}/lib/ld-linux-x86-64.so.2 --library-path ${CLIENTS}/lib ${CLIENTS}/lib/${name}.real "$@"\n`);
  chmodSync(wrapper, 0o755);
}

/** What a package of GitLab's has in the place of its own clients. */
export function linkClients(embedded) {
  ['psql', 'pg_dump', 'pg_restore'].forEach((name) => symlinkSync(`${CLIENTS}/bin/${name}`, join(embedded, 'bin', name)));
}
