import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { openSync, writeSync, closeSync } from 'node:fs';
import { before, test } from 'node:test';
import { lane, until } from './harness/lane';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } } };
const V19_5 = GitLabVersion.of('19.5.2');
const server = new Server();
const { disk, machine } = server;

before(() => server.begin(PROPS));

const bytes = (offset: number, data: Uint8Array) => {
  const file = openSync(disk.image, 'r+');
  writeSync(file, data, 0, data.length, offset);
  closeSync(file);
};
const tool = (...args: string[]) => execFileSync(args[0], args.slice(1), { stdio: 'ignore' });

/** A partition table of one entry in the way of MS-DOS. */
const MBR = new Uint8Array(512);
Object.entries({ 447: 32, 448: 33, 450: 0x83, 451: 44, 452: 12, 455: 8, 459: 2, 460: 3, 510: 0x55, 511: 0xaa }).forEach(([at, byte]) => {
  MBR[Number(at)] = byte;
});

test('without a disk the step waits, then says what to do', async () => {
  assert.equal(await server.refused('data-disk', { environment: { PATIENCE_SECONDS: '3' } }),
    'there is no data disk at lun 0; attach it to this virtual machine, then run this step again');
  assert.match(await server.refused('gitlab'), /^\/srv\/gitlab is not on the data disk; attach the disk, give another rerun and apply$/);
});

for (const [kind, holds, put] of [
  ['ext4 of another label', 'ext4', () => tool('mkfs.ext4', '-q', '-F', '-L', 'photos', disk.image)],
  ['swap', 'swap', () => tool('mkswap', disk.image)],
  ['a partition table', 'partition table dos', () => bytes(0, MBR)],
  ['LUKS', 'crypto_LUKS', () => bytes(0, Buffer.from('LUKS\xba\xbe\0\x01', 'latin1'))],
  ['random bytes in its beginning', 'data', () => bytes(4096, Buffer.from('what nobody knows'))],
  ['random bytes in its end', 'data', () => bytes(100 * 1024 * 1024 - 8192, Buffer.from('what nobody knows'))],
] as [string, string, () => void][]) {
  test(`a disk with ${kind} is refused and left as it is`, async () => {
    disk.create(100);
    put();
    const earlier = await disk.hash();
    disk.attach();
    await until('the link of the disk', async () => (await machine.try('test', '-e', '/dev/disk/azure/scsi1/lun0')).status === 0);
    const told = await server.refused('data-disk');
    assert.match(told, new RegExp(`^the disk at lun 0 \\(/dev/loop\\d+\\) holds ${holds} that is not GitLab's and is left as it is; `
      + 'attach an empty disk or the disk of an earlier server, then run this step again$'));
    disk.detach();
    assert.equal(await disk.hash(), earlier);
    await until('the end of the link', async () => (await machine.try('test', '-e', '/dev/disk/azure/scsi1/lun0')).status !== 0);
  });
}

test('killed while the file system is made: the next run makes it again', async () => {
  disk.create().attach();
  // a mkfs that never ends, as on a very slow disk
  machine.write('/usr/local/sbin/mkfs.ext4', '#!/bin/bash\nhead -c 1000000 /dev/urandom >"${@: -1}"\nsync\ntouch /run/in-mkfs\nsleep 600\n', 0o755);
  await server.start('data-disk');
  await until('mkfs', async () => (await machine.try('test', '-e', '/run/in-mkfs')).status === 0);
  await machine.die();
  await machine.start();
  await machine.run('rm', '/usr/local/sbin/mkfs.ext4');
  const result = await server.ran('data-disk');
  assert.ok(result.said.includes('making the file system again: the last attempt was cut off'));
});

test('an OS disk with too little room: nothing is installed', async () => {
  await machine.shell('mount -t tmpfs -o size=1000M tmpfs /opt');
  assert.match(await server.refused('gitlab'), /^\/opt has only \d+ MB free and 5000 MB are needed; make room or enlarge the disk, then run this step again$/);
  await machine.run('umount', '/opt');
});

test('a disk that fills up: GitLab\'s upgrade is refused, what runs goes on, and room mends it', async () => {
  await server.applied(PROPS);
  await machine.shell('fallocate -l $(($(df --output=avail -B1 /srv/gitlab | tail -n 1) - 100000000)) /srv/gitlab/data/filler');
  server.plan({ ...PROPS, version: V19_5 });
  assert.match(await server.refused('gitlab'), /^\/var\/opt\/gitlab has only \d+ MB free and \d+ MB are needed; make room or enlarge the disk, then run this step again$/);
  assert.ok(await server.isReady());
  await machine.run('rm', '/srv/gitlab/data/filler');
  server.plan(PROPS);
  await server.ran('gitlab');
});

test('a disk that has grown is grown into, once', async () => {
  // growing what is mounted takes a right that containers seldom have, so it is done once the machine is off.
  machine.write('/usr/local/sbin/resize2fs', '#!/bin/sh\necho "$@" >/run/resize2fs\n', 0o755);
  disk.grow(9000);
  const result = await server.ran('data-disk');
  assert.ok(result.said.includes('growing the file system to the size of the disk'));
  assert.equal(await machine.run('cat', '/run/resize2fs'), `${lane.device}\n`);
  await machine.shutDown();
  tool('e2fsck', '-fp', disk.image);
  tool('resize2fs', disk.image);
  await machine.start();
  const again = await server.ran('data-disk');
  assert.ok(!again.said.includes('growing the file system to the size of the disk'));
  assert.match(again.told, /, 8\.[67]G with /);
});

test('a boot without the disk: GitLab stays off, nothing is written in its place, and it comes with the disk', async () => {
  await machine.shutDown();
  disk.detach();
  await machine.start();
  assert.notEqual((await machine.try('systemctl', 'is-active', 'gitlab-runsvdir')).output, 'active\n');
  assert.equal(await machine.run('find', '/srv/gitlab', '/var/opt/gitlab', '/etc/gitlab', '-mindepth', '1'), '');
  assert.match(await server.refused('data-disk', { environment: { PATIENCE_SECONDS: '2' } }), /^there is no data disk at lun 0;/);
  disk.attach();
  await until('GitLab with its disk', () => server.isReady());
  await server.runAll();
});

test('files in the place of the data are not hidden by a mount', async () => {
  await machine.shell('gitlab-ctl stop; umount /etc/gitlab && touch /etc/gitlab/precious');
  assert.equal(await server.refused('data-disk'),
    '/etc/gitlab holds files on the OS disk that mounting would hide; move them to the data disk or away, then run this step again');
  await machine.run('rm', '/etc/gitlab/precious');
  await server.runAll();
});
