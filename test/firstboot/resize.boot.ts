import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Server } from './harness/server';
import { GitLabEndpoint } from 'cdktf-azure-gitlab';

const SMALL = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } }, vmSize: 'Standard_D2s_v5' };
const server = new Server();
const { disk, machine } = server;

/** Another size after a restart: what the kernel tells, and swap, which nspawn forbids. */
async function size(vcpus: number, gigabytes: number): Promise<void> {
  machine.write('/usr/local/sbin/nproc', `#!/bin/sh\necho ${vcpus}\n`, 0o755);
  // the kernel keeps some of it.
  machine.write('/etc/meminfo', `MemTotal:       ${Math.round((gigabytes - 0.3) * 1048576)} kB\n`);
  await machine.shell('! mountpoint -q /proc/meminfo || umount /proc/meminfo; mount --bind /etc/meminfo /proc/meminfo');
  machine.write('/usr/local/sbin/swapon', '#!/bin/sh\ncase $1 in\n  --show*) cat /run/swaps 2>/dev/null || true ;;\n  *) echo "$1" >/run/swaps ;;\nesac\n', 0o755);
  machine.write('/usr/local/sbin/swapoff', '#!/bin/sh\n[ ! -e /run/swap-is-full ] || { echo "swapoff: Cannot allocate memory" >&2; exit 255; }\nrm /run/swaps\n', 0o755);
  machine.write('/usr/local/sbin/fallocate', '#!/bin/sh\ntruncate -s "$2" "$3"\n', 0o755);
  machine.write('/usr/local/sbin/df', '#!/bin/sh\n[ "$*" != "--output=avail -B1M /" ] || { echo 20000; exit; }\nexec /usr/bin/df "$@"\n', 0o755);
}

before(async () => {
  await server.begin(SMALL);
  disk.attach();
  await size(2, 8);
  await server.applied(SMALL);
});

const sizes = async () => JSON.parse(await machine.run('cat', '/var/opt/gitlab/sizes.json'));
const reconfigures = async () => (await machine.run('cat', '/var/opt/gitlab/reconfigures')).split('\n').length - 1;
const swap = async () => [(await machine.try('test', '-e', '/swapfile')).status === 0, (await machine.try('cat', '/run/swaps')).status === 0,
  /^\/swapfile /m.test(await machine.run('cat', '/etc/fstab')), (await machine.try('test', '-e', '/etc/sysctl.d/60-gitlab-server.conf')).status === 0];

test('a small machine has swap and few processes', async () => {
  assert.deepEqual(await swap(), [true, true, true, true]);
  assert.deepEqual(await sizes(), { puma: 2, shared_buffers_mb: 1971 });
});

test('a larger one has more processes and buffers after one more configuration, and the swap goes', async () => {
  await size(8, 32);
  const [{ id }, times] = [await server.database(), await reconfigures()];
  const results = await server.applied({ ...SMALL, vmSize: 'Standard_D8s_v5' });
  assert.deepEqual(results.map(({ step }) => step), ['data-disk', 'gitlab', 'runners']);
  assert.ok(results[0].said.includes('the swap is gone: this machine has memory enough'));
  assert.deepEqual(await sizes(), { puma: 8, shared_buffers_mb: 8115 });
  assert.deepEqual(await swap(), [false, false, false, false]);
  assert.equal(await reconfigures(), times + 1);
  await server.runAll();
  assert.equal(await reconfigures(), times + 1);
  assert.equal((await server.database()).id, id);
  assert.ok(await server.isReady());
});

test('another size with as much memory is configured too, and needs no step of the disk\'s', async () => {
  await size(16, 32);
  const times = await reconfigures();
  const results = await server.applied({ ...SMALL, vmSize: 'Standard_F16s_v2' });
  assert.deepEqual(results.map(({ step }) => step), ['gitlab', 'runners']);
  assert.deepEqual(await sizes(), { puma: 16, shared_buffers_mb: 8115 });
  assert.equal(await reconfigures(), times + 1);
});

test('a kernel that keeps a little more of the memory is no other size', async () => {
  const times = await reconfigures();
  await machine.shell('umount /proc/meminfo; sed -i "s/[0-9]\\+/33300000/" /etc/meminfo; mount --bind /etc/meminfo /proc/meminfo');
  await server.ran('gitlab');
  assert.equal(await reconfigures(), times);
});

test('a smaller one gets the swap and the few processes again, and swap that is in use stays', async () => {
  await size(2, 8);
  await server.applied(SMALL);
  assert.deepEqual(await swap(), [true, true, true, true]);
  assert.deepEqual(await sizes(), { puma: 2, shared_buffers_mb: 1971 });
  await machine.run('touch', '/run/swap-is-full');
  server.plan({ ...SMALL, lowMemoryTuningEnabled: false });
  assert.ok((await server.ran('data-disk')).said.includes('the swap stays: what is in it does not fit into the memory'));
  assert.deepEqual(await swap(), [true, true, true, true]);
  await machine.run('rm', '/run/swap-is-full');
  await server.ran('data-disk');
  assert.deepEqual(await swap(), [false, false, false, false]);
});

test('swap of somebody else\'s is left alone', async () => {
  await machine.shell('truncate -s 1M /swapfile; echo /swapfile >/run/swaps');
  await server.ran('data-disk');
  assert.deepEqual((await swap()).slice(0, 2), [true, true]);
});
