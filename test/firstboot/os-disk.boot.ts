import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } } };
const server = new Server();
const { disk, machine } = server;

before(async () => {
  await server.begin(PROPS, 8000);
  disk.attach();
  await server.applied(PROPS);
});

const status = () => machine.run('dpkg-query', '-W', '-f', '${db:Status-Status} ${Version}', 'gitlab-ce');

/** Something else takes the room while a package is unpacked, which is when GitLab's package takes its gigabytes. */
async function fillWhileUnpacking(): Promise<void> {
  await machine.shell('mv /usr/bin/dpkg-deb /usr/bin/dpkg-deb.real');
  machine.write('/usr/bin/dpkg-deb', '#!/bin/bash\ncase "$*" in\n  *--fsys-tarfile*)\n'
    + '    fallocate -l $(($(df --output=avail -B1 /var/tmp | tail -n 1) - 1000000)) /var/tmp/filler ;;\nesac\nexec /usr/bin/dpkg-deb.real "$@"\n', 0o755);
}

test('the OS disk fills up while an upgrade is unpacked: the step says so, the data are whole, and room mends it', async () => {
  const { id, users } = await server.database();
  await fillWhileUnpacking();
  server.plan({ ...PROPS, version: GitLabVersion.of('19.5.2') });
  const result = await server.run('gitlab');
  assert.match(result.output, /No space left on device/);
  assert.match(result.output, /\nexit:[1-9]\d*\n$/);
  assert.match(result.told, /^failed: .*; .*run this step again/);
  assert.match(await machine.run('ls', '-s', '/var/tmp/filler'), /filler/);

  // still full: it is said at once what is missing
  assert.match(await server.refused('gitlab'), /has only \d+ MB free and 5000 MB are needed; make room or enlarge the disk, then run this step again$/);
  await machine.shell('rm /var/tmp/filler; mv /usr/bin/dpkg-deb.real /usr/bin/dpkg-deb');
  await server.runAll();
  assert.equal(await status(), 'installed 19.5.2-ce.0');
  assert.equal(await machine.run('dpkg', '--audit'), '');
  const after = await server.database();
  assert.deepEqual([after.id, after.users, after.schema], [id, users, '19.5.2']);
  assert.ok(await server.isReady());
});
