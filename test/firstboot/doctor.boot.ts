import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { changes, fingerprint } from './harness/changes';
import { Doctor, setHostAside } from './harness/doctor';
import { until } from './harness/lane';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } }, backup: {}, version: GitLabVersion.minor('19.4') };
const server = new Server();
const { azure, disk, machine } = server;
const doctor = new Doctor(server);

before(async () => {
  await server.begin(PROPS);
  disk.attach();
  await server.applied(PROPS);
  setHostAside(machine);
});

const contacted = (hours: number) => server.changeDatabase(`database["runners"].each { |one| one["contacted_at"] = (Time.now - ${hours} * 3600).utc.strftime("%F %T.%6N") }`);

test('a server that has just been set up: nothing is broken, and nothing has changed', async () => {
  await contacted(0.2);
  await machine.startService('gitlab-backup.service');
  const mark = await fingerprint(server);
  const { findings } = await doctor.look();
  assert.deepEqual(changes(mark, await fingerprint(server)), []);
  assert.deepEqual(findings.filter(({ state, what }) => state !== 'ok' && !what.startsWith('OS disk')), []);
  const told = findings.map(({ what }) => what);
  [/^GitLab answers/, /^set-up: all \d+ steps went well$/, /^data disk: \d+ % full/, /^backup: the last one is \d+ minutes? old$/, /^the certificate is good for (29|30) days$/,
    /^GitLab 19\.4\.1 \(ce\), the newest/, /^background migrations: all finished$/, /^runner \S+: asks for jobs$/, /^security updates of Ubuntu: none/]
    .forEach((pattern) => assert.ok(told.some((one) => pattern.test(one)), `${pattern} in ${told.join('\n')}`));
});

test('a backup that failed', async () => {
  await machine.run('touch', '/run/fail-backup');
  await machine.startService('gitlab-backup.service');
  await machine.run('rm', '/run/fail-backup');
  assert.match((await doctor.found(/backup failed/)).join('\n'), /^broken the last backup failed; the last good one is \d+ minutes? old$/);
  await machine.startService('gitlab-backup.service');
  assert.match((await doctor.found(/^(the last )?backup/)).join('\n'), /^ok backup: the last one is \d+ minutes? old$/);
});

test('a backup that is missing, and a timer that somebody has stopped', async () => {
  await machine.shell('echo "19.4.1-ce $(($(date +%s) - 27 * 3600))" >/srv/gitlab/state/backed-up');
  assert.deepEqual(await doctor.found(/last backup/), ['broken the last backup is 1 day old']);
  await machine.run('systemctl', 'stop', 'gitlab-backup.timer');
  assert.deepEqual(await doctor.found(/timer/), ['broken the timer of the backups does not run; the last one is 1 day old']);
  await machine.run('systemctl', 'start', 'gitlab-backup.timer');
});

test('a certificate near its end, and a newer one that nginx does not show', async () => {
  const reissue = (days: number) => machine.shell('cd /etc/gitlab/ssl && openssl x509 -x509toreq -in server.crt -signkey server.key -out /tmp/csr 2>/dev/null && '
    + `openssl x509 -req -in /tmp/csr -CA ca.crt -CAkey ca.key -set_serial 0x$(openssl rand -hex 16) -days ${days} -out server.crt 2>/dev/null`);
  await reissue(9);
  await machine.run('gitlab-ctl', 'hup', 'nginx');
  await until('the short certificate', async () => (await doctor.found(/^the certificate/))[0] === 'warning the certificate is good for 8 days');
  await reissue(28);
  assert.deepEqual(await doctor.found(/^the certificate/), ['warning the certificate is good for 8 days, and a newer one is there that nginx does not show']);
  await machine.run('gitlab-ctl', 'hup', 'nginx');
  await until('the long certificate', async () => (await doctor.found(/^the certificate/))[0] === 'ok the certificate is good for 27 days');
});

test('migrations that are at work, and that have failed', async () => {
  await server.changeDatabase('database["background_migrations"] << { "status" => 1 }');
  assert.deepEqual(await doctor.found(/migration/), ['ok background migrations: 1 still at work, which takes hours after an upgrade, or days']);
  await server.changeDatabase('database["background_migrations"] << { "status" => 4 }');
  assert.deepEqual(await doctor.found(/migration/), ['broken 1 background migration has failed']);
  await server.changeDatabase('database["background_migrations"].clear');
});

test('a runner that is silent, paused or deleted, and jobs that nobody takes', async () => {
  await contacted(3);
  assert.deepEqual((await doctor.found(/^runner/)).map((one) => one.replace(/runner \S+:/, 'runner:')), ['broken runner: has not asked for jobs for 3 hours']);
  await contacted(0);
  await server.changeDatabase('database["runners"].each { |one| one["active"] = false }');
  assert.deepEqual((await doctor.found(/^runner/)).map((one) => one.replace(/runner \S+:/, 'runner:')), ['warning runner: somebody has paused it']);
  await server.changeDatabase('database["lost"] = database["runners"].pop');
  assert.deepEqual((await doctor.found(/^runner/)).map((one) => one.replace(/runner \S+:/, 'runner:')), ['broken runner: somebody has deleted it in GitLab']);
  await server.changeDatabase('database["runners"] << database.delete("lost").merge("active" => true); '
    + 'database["pending_builds"] = [0.1, 2.1].map { |hours| (Time.now - hours * 3600).utc.strftime("%F %T.%6N") }');
  assert.deepEqual(await doctor.found(/jobs wait/), ['warning 2 jobs wait for a runner, the oldest for 2 hours']);
  await server.changeDatabase('database["pending_builds"].clear');
});

test('a lock of git that has outlived what made it', async () => {
  const refs = '/var/opt/gitlab/git-data/repositories/@hashed/4e/07/4e0740.git/refs/heads';
  await machine.shell(`mkdir -p ${refs} && touch ${refs}/main.lock`);
  assert.deepEqual(await doctor.found(/of git/), []);
  await machine.run('touch', '-d', '25 hours ago', `${refs}/main.lock`);
  assert.deepEqual(await doctor.found(/of git/), ['warning a lock of git is more than a day old, such as refs/heads/main.lock in @hashed/4e/07/4e0740.git']);
  await machine.run('rm', '-r', '/var/opt/gitlab/git-data/repositories/@hashed/4e');
});

test('a data disk that is nearly full', async () => {
  // the first one keeps the file system from being too full for what tests do, whatever its size.
  await machine.shell('fallocate -l $(($(df --output=avail -B1 /srv/gitlab | tail -n 1) * 98 / 100)) /srv/gitlab/filler');
  assert.match((await doctor.found(/^data disk/))[0], /^broken data disk: 9\d % full/);
  await machine.run('rm', '/srv/gitlab/filler');
  assert.match((await doctor.found(/^data disk/))[0], /^ok /);
});

test('a set-up step that failed, one that works, and one that was cut off', async () => {
  await server.changeDatabase('database["background_migrations"] << { "status" => 4 }');
  await machine.run('touch', '/run/hold-reconfigure');
  const step = await (async () => {
    server.plan({ ...PROPS, omnibusSettings: { gitlab_rails: { time_zone: 'Asia/Seoul' } } });
    return server.start('gitlab');
  })();
  await until('the hold', async () => (await machine.try('test', '-e', '/run/held-in-reconfigure')).status === 0);
  assert.deepEqual(await doctor.found(/at work just now|cut off/), ['warning a set-up step, a patch or a backup is at work just now']);
  await step.killScript();
  await machine.run('rm', '-f', '/run/hold-reconfigure', '/run/held-in-reconfigure');
  await until('the end of what the step began', async () => !(await doctor.found(/at work just now/)).length);
  assert.deepEqual(await doctor.found(/cut off/), ['broken the set-up step gitlab was cut off before its end']);
  const away = azure.fail({ host: /vault\.azure\.net/, answer: { status: 503 } });
  const told = await server.refused('gitlab', { environment: { PATIENCE_SECONDS: '1' } });
  away.end();
  const [failed, ...others] = await doctor.found(/set-up step/);
  assert.deepEqual(others, []);
  assert.ok(failed.startsWith(`broken the set-up step gitlab failed: ${told.replace(/\s+/g, ' ').slice(0, 150)}`), failed);
  await server.changeDatabase('database["background_migrations"].clear');
  await server.ran('gitlab');
  assert.match((await doctor.found(/^set-up/))[0], /^ok set-up: all \d+ steps went well$/);
});

test('a patch release that was cut off', async () => {
  await machine.run('touch', '/var/lib/gitlab-server/updating');
  assert.deepEqual(await doctor.found(/patch release/), ['broken the last patch release of GitLab was cut off']);
  await machine.run('rm', '/var/lib/gitlab-server/updating');
});

test('GitLab that was stopped, a restart that is due, a unit that failed', async () => {
  await machine.run('gitlab-ctl', 'stop');
  assert.deepEqual(await doctor.found(/^GitLab's/), ['broken GitLab\'s service puma does not run', 'broken GitLab\'s database does not answer']);
  await machine.run('gitlab-ctl', 'start');
  await machine.shell('touch --date "8 days ago" /run/reboot-required');
  assert.deepEqual(await doctor.found(/restart/), ['warning a restart has been due for 8 days']);
  await machine.run('rm', '/run/reboot-required');
  await machine.try('systemd-run', '--quiet', '--wait', '--unit=somebody', 'false');
  assert.deepEqual(await doctor.found(/units/), ['warning units of the machine have failed: somebody.service']);
  await machine.run('systemctl', 'reset-failed');
});

test('a machine that is too small for what it does, and whose clock nobody sets', async () => {
  const killed = (name: string) => `Out of memory: Killed process 4711 (${name}) total-vm:1482340kB, anon-rss:1011224kB, file-rss:0kB, shmem-rss:0kB, UID:998`;
  machine.write('/var/tmp/kernel', `${['puma', 'bundle', 'puma'].map(killed).join('\n')}\nEXT4-fs (sdc): mounted filesystem\n`);
  machine.write('/var/tmp/synchronised', 'no\n');
  assert.deepEqual(await doctor.found(/memory|clock/), [
    'warning since yesterday the memory has not been enough; the kernel ended bundle (1), puma (2)', 'warning the clock of the machine is not synchronised',
  ]);
  await machine.run('rm', '/var/tmp/kernel', '/var/tmp/synchronised');
  assert.deepEqual(await doctor.found(/memory|clock/), []);
});

test('a data disk that is gone', async () => {
  await machine.run('gitlab-ctl', 'stop');
  await machine.shell('umount -l /etc/gitlab /var/opt/gitlab /srv/gitlab');
  assert.deepEqual(await doctor.found(/mounted/), ['broken the data disk is not mounted at /srv/gitlab, /var/opt/gitlab, /etc/gitlab']);
  assert.equal((await doctor.look()).code, 1);
});
