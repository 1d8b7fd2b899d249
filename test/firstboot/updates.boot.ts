import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sleep, until } from './harness/lane';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabVersion, WeekDay } from 'cdktf-azure-gitlab';

const PROPS = { endpoint: GitLabEndpoint.https({ letsEncrypt: false }), runners: { aks: { tags: ['aks'] } }, backup: {}, version: GitLabVersion.minor('19.4') };
const server = new Server();
const { azure, disk, machine } = server;

before(async () => {
  await server.begin(PROPS);
  disk.attach();
  await server.applied(PROPS);
});

const installed = () => machine.run('dpkg-query', '-W', '-f', '${db:Status-Abbrev}${Version}', 'gitlab-ce');
const marked = () => machine.run('cat', '/srv/gitlab/state/version');
const update = () => machine.startService('gitlab-update.service');
const journal = async (unit = 'gitlab-update') => machine.journal(`--unit=${unit}`);
const backups = () => azure.storage(server.storageAccount).list('gitlab-backups').map((name) => /Z-([\d.]+-[ce]e)_gitlab_backup\.tar$/.exec(name)?.[1]).filter(Boolean);
const state = async (unit: string) => (await machine.run('systemctl', 'show', '--property=ActiveState', '--value', unit)).trim();
const there = async (path: string) => (await machine.try('test', '-e', path)).status === 0;
const held = (moment: string) => until(`the hold in ${moment}`, () => there(`/run/held-in-${moment}`));
const release = (moment: string) => machine.run('rm', '-f', `/run/hold-${moment}`, `/run/held-in-${moment}`);

test('a minor version is set up in its newest patch, and looks for others in the second half of the window', async () => {
  assert.equal(await installed(), 'hi 19.4.1-ce.0');
  assert.equal(await marked(), 'ce 19.4.1\n');
  assert.equal(await state('gitlab-update.timer'), 'active');
  assert.match(await machine.run('systemctl', 'show', '--property=TimersCalendar', 'gitlab-update.timer'), /OnCalendar=\w{3} \*-\*-\* 01:30:00 UTC/);
});

test('another window is what the timer follows, over midnight too; without one there is none', async () => {
  const calendar = () => machine.run('systemctl', 'show', '--property=TimersCalendar', 'gitlab-update.timer');
  server.plan({ ...PROPS, maintenanceWindow: undefined });
  await server.ran('gitlab');
  assert.match(await calendar(), /OnCalendar=Sat \*-\*-\* 23:30:00 UTC/);
  server.plan({ ...PROPS, maintenanceWindow: { dayOfWeek: WeekDay.SUNDAY, startTime: '23:50', durationMinutes: 235 } });
  await server.ran('gitlab');
  assert.match(await calendar(), /OnCalendar=Mon \*-\*-\* 01:47:00 UTC/);
  server.plan({ ...PROPS, patchReleasesEnabled: false });
  await server.ran('gitlab');
  assert.equal(await state('gitlab-update.timer'), 'inactive');
  assert.ok(!await there('/etc/systemd/system/gitlab-update.timer'));
  server.plan(PROPS);
  await server.ran('gitlab');
  assert.match(await calendar(), /OnCalendar=\w{3} \*-\*-\* 01:30:00 UTC/);
});

test('without a newer patch nothing happens', async () => {
  const reconfigures = await machine.run('cat', '/var/opt/gitlab/reconfigures');
  assert.equal((await update()).status, 0, await journal());
  assert.match(await journal(), /GitLab 19\.4\.1 \(ce\) is the newest 19\.4\n/);
  assert.equal(await machine.run('cat', '/var/opt/gitlab/reconfigures'), reconfigures);
  assert.deepEqual(backups(), []);
});

test('an apply that runs the set-up again leaves the patch alone, and needs nothing of GitLab\'s packages', async () => {
  azure.packages.month = 'second';
  const away = azure.fail({ host: /packages\.gitlab\.com/, answer: { status: 503 } });
  await server.runAll();
  away.end();
  assert.equal(await installed(), 'hi 19.4.1-ce.0');
});

test('a new patch while packages.gitlab.com is away: the old version goes on, the failure is told, also by the next apply', async () => {
  const away = azure.fail({ host: /packages\.gitlab\.com/, answer: { status: 503 } });
  machine.write('/etc/systemd/system/gitlab-update.service.d/patience.conf', '[Service]\nEnvironment=PATIENCE_SECONDS=2\n');
  await machine.run('systemctl', 'daemon-reload');
  assert.notEqual((await update()).status, 0);
  away.end();
  assert.match(await journal(), /failed: packages\.gitlab\.com cannot be reached/);
  await until('the alert', async () => /GitLab was not updated/.test(await machine.journal('--identifier=gitlab-update')));
  assert.equal(await installed(), 'hi 19.4.1-ce.0');
  assert.ok(await server.isReady());
  assert.match((await server.ran('gitlab')).output, /WARNING: the last patch release was not installed; see journalctl --unit gitlab-update/);
  await machine.shell('rm -r /etc/systemd/system/gitlab-update.service.d && systemctl daemon-reload');
});

test('a failed background migration and a failed backup stop an update before it begins', async () => {
  await server.changeDatabase('database["background_migrations"] << { "status" => 4 }');
  assert.notEqual((await update()).status, 0);
  assert.match(await journal(), /failed: a background migration of GitLab 19\.4\.1 has failed/);
  await server.changeDatabase('database["background_migrations"].clear');
  await machine.run('touch', '/run/fail-backup');
  assert.notEqual((await update()).status, 0);
  assert.match(await journal(), /failed: no backup could be made, so nothing is upgraded/);
  await machine.run('rm', '/run/fail-backup');
  assert.equal(await installed(), 'hi 19.4.1-ce.0');
  assert.equal(await marked(), 'ce 19.4.1\n');
  assert.ok(!await there('/var/lib/gitlab-server/updating'));
  assert.ok(await server.isReady());
});

test('a package that cannot be installed leaves the old version, its mark and its gitlab.rb', async () => {
  const gitlabRb = await machine.run('cat', '/etc/gitlab/gitlab.rb');
  // the package's own backup of the database fails.
  await machine.shell('chown root: /var/opt/gitlab/backups');
  server.plan({ ...PROPS, backup: undefined });
  await server.ran('gitlab');
  assert.notEqual((await update()).status, 0);
  assert.match(await journal(), /failed: gitlab-ce 19\.4\.10-ce\.0 cannot be installed/);
  await machine.shell('chown git: /var/opt/gitlab/backups');
  assert.equal(await installed(), 'hi 19.4.1-ce.0');
  assert.equal(await marked(), 'ce 19.4.1\n');
  assert.equal(await machine.run('cat', '/etc/gitlab/gitlab.rb'), gitlabRb);
  assert.ok(!await there('/var/lib/gitlab-server/updating'));
  server.plan(PROPS);
  await server.runAll();
});

test('an update waits for a set-up, and then does what the stack of now wants', async () => {
  await machine.run('touch', '/run/hold-reconfigure');
  server.plan({ ...PROPS, version: GitLabVersion.of('19.4.1'), omnibusSettings: { gitlab_rails: { time_zone: 'Asia/Seoul' } } });
  const step = await server.start('gitlab');
  await held('reconfigure');
  await machine.run('systemctl', 'start', '--no-block', 'gitlab-update.service');
  await until('the update', async () => await state('gitlab-update.service') === 'activating');
  await sleep(2000);
  assert.equal(await state('gitlab-update.service'), 'activating');
  await release('reconfigure');
  assert.ok((await step.wait()).ok);
  await until('the end of the update', async () => await state('gitlab-update.service') !== 'activating');
  assert.match(await journal(), /nothing to do: the stack wants exactly GitLab 19\.4\.1\n/);
  assert.equal(await installed(), 'hi 19.4.1-ce.0');
  assert.ok(!await there('/etc/systemd/system/gitlab-update.service'));
  server.plan(PROPS);
  await server.ran('gitlab');
});

test('a set-up waits for an update, which takes the newest patch of its minor version and no other', async () => {
  const { id } = await server.database();
  await machine.run('touch', '/run/hold-postinst');
  await machine.run('systemctl', 'start', '--no-block', 'gitlab-update.service');
  await held('postinst');
  const step = await server.start('gitlab');
  await sleep(2000);
  assert.ok(!step.finished);
  assert.equal(await state('gitlab-update.service'), 'activating');
  await release('postinst');
  assert.ok((await step.wait()).ok);
  await until('the end of the update', async () => await state('gitlab-update.service') !== 'activating');
  assert.equal(await state('gitlab-update.service'), 'inactive', await journal());
  assert.match(await journal(), /GitLab 19\.4\.1 \(ce\) becomes 19\.4\.10 \(ce\)[^]*GitLab 19\.4\.10 \(ce\) is the newest 19\.4\n/);
  assert.equal(await installed(), 'hi 19.4.10-ce.0');
  assert.equal(await marked(), 'ce 19.4.10\n');
  assert.deepEqual(backups(), ['19.4.1-ce']);
  const database = await server.database();
  assert.deepEqual([database.id, database.schema], [id, '19.4.10']);
  assert.ok(await server.isReady());
});

test('the command of the output tells which version runs, and when the next is looked for', async () => {
  const told = await machine.shell('cat /srv/gitlab/state/version; systemctl list-timers --all gitlab-update.timer');
  assert.match(told, /^ce 19\.4\.10\n[^]*gitlab-update\.timer/);
});

test('a later minor version is the stack\'s to ask for, and one that GitLab has not is refused', async () => {
  server.plan({ ...PROPS, version: GitLabVersion.minor('19.3') });
  assert.equal(await server.refused('gitlab'), 'GitLab publishes no gitlab-ce 19.3 for Ubuntu noble; choose a version of https://packages.gitlab.com/gitlab/gitlab-ce and apply');
  server.plan({ ...PROPS, version: GitLabVersion.minor('19.2') });
  assert.match(await server.refused('gitlab'), /^this server runs GitLab 19\.4\.10 and cannot go back to 19\.2\.4;/);
  server.plan({ ...PROPS, version: GitLabVersion.minor('19.6') });
  assert.equal(await server.refused('gitlab'), 'GitLab 19.4.10 cannot become 19.6.0 in one step, the way is 19.5, 19.6.0; set upgradeThroughStopsAllowed to true and apply, or set the '
    + 'version to 19.5 and apply, and so on');
  await server.applied({ ...PROPS, version: GitLabVersion.minor('19.5') });
  assert.equal(await installed(), 'hi 19.5.2-ce.0');
});
