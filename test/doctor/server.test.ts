import { DAY, doctor, found, HOUR, NOW, output, power, server, STOPPED } from './platform';
import { about } from '../preflight/questions';

const told = async (pattern: RegExp, different: Parameters<typeof output>[0]) => (await found(pattern, different)).about;

test('a server that has nothing is fine in each respect', async () => {
  const { told: lines, complained } = await doctor([STOPPED]);
  const ofServer = lines.slice(lines.indexOf('Server gitlab/GitLab:') + 1, lines.indexOf('Cluster gitlab/Cluster:') - 1);
  expect({ complained, ofServer }).toEqual({
    complained: [],
    ofServer: [
      '  ok         GitLab answers, and so do its database and Redis',
      '  ok         set-up: all 5 steps went well',
      '  ok         OS disk: 40 % full, 37 GB free',
      '  ok         data disk: 30 % full, 87 GB free',
      '  ok         backup: the last one is 10 hours old',
      '  ok         the certificate is good for 25 days',
      '  ok         GitLab 19.4.1 (ce), the newest patch that the server knows of',
      '  ok         background migrations: all finished',
      '  ok         runner gitlab-runner-9dcb8dd2: asks for jobs',
      '  ok         security updates of Ubuntu: none is missing',
    ],
  });
});

test.each<[string, RegExp, { [word: string]: string[] }, string]>([
  ['a disk that is not mounted', /mounted/, { unmounted: ['/srv/gitlab', '/etc/gitlab'], disk: [] },
    'BROKEN the data disk is not mounted at /srv/gitlab, /etc/gitlab -> see in the portal that the disk is attached to the machine, then give rerun another value and apply'],
  ['a data disk that is full', /data disk/, { disk: ['/srv/gitlab 95 4096 3'] }, 'BROKEN data disk: 95 % full, 4 GB free -> raise dataDiskSizeGb and apply: the disk grows while GitLab runs'],
  ['a data disk that is nearly full', /data disk/, { disk: ['/srv/gitlab 85 14000 3'] }, 'warning data disk: 85 % full, 13 GB free -> raise dataDiskSizeGb and apply: the disk grows while GitLab runs'],
  ['a disk without inodes', /inodes/, { disk: ['/srv/gitlab 30 90000 99'] }, 'BROKEN data disk: 99 % of the inodes are used -> raise dataDiskSizeGb and apply: the disk grows while GitLab runs'],
  ['a step that failed', /set-up/, { step: ['gitlab failed no token for identity 1; assign it'] },
    'BROKEN the set-up step gitlab failed: no token for identity 1; assign it -> do what it says, then: terraform apply -replace=terraform_data.GitLab_SetUp_GitlabAttempt_58DF84A9'],
  ['a step that was cut off', /set-up/, { step: ['gitlab good', 'backup open'] },
    'BROKEN the set-up step backup was cut off before its end -> apply again; if nothing is planned for it, give rerun another value'],
  ['a step that works', /set-up/, { step: ['gitlab open'], working: [''] }, 'warning a set-up step, a patch or a backup is at work just now -> look again when it is done'],
  ['no GitLab', /set up on/, { ready: [] }, 'BROKEN GitLab has not been set up on this machine -> apply'],
  ['a service that is down', /service sidekiq/, { down: ['sidekiq'] },
    'BROKEN GitLab\'s service sidekiq does not run -> on this machine: gitlab-ctl start; if that does not last: on this machine: tail -n 30 /var/log/gitlab/sidekiq/current'],
  ['GitLab that is not ready', /ready/, { ready: ['503'] },
    'BROKEN GitLab is not ready (status 503) -> on this machine: gitlab-ctl status; tail -n 20 /var/log/gitlab/puma/current'],
  ['half a package', /half$|half /, { version: [] }, 'BROKEN GitLab is not installed, or only half -> apply; the set-up mends a package that was cut off'],
  ['a patch that is out', /GitLab 19/, { version: ['ce 19.4.1 19.4.10'], patch: [] },
    'warning GitLab 19.4.1 (ce), and 19.4.10 is out -> give version 19.4.10, or a minor version alone, whose patches come by themselves, and apply'],
  ['a patch that comes by itself', /GitLab 19/, { version: ['ce 19.4.1 19.4.10'] }, 'ok GitLab 19.4.1 (ce); 19.4.10 comes in the next maintenance window'],
  ['a patch that failed', /patch release of/, { patch: ['failed'] },
    'BROKEN the last patch release of GitLab was not installed -> read why: on this machine: journalctl -u gitlab-update -n 30 --no-pager; then on this machine: systemctl start --no-block gitlab-update'],
  ['a patch that was cut off', /patch release of/, { patch: ['cut-off'] },
    'BROKEN the last patch release of GitLab was cut off -> read why: on this machine: journalctl -u gitlab-update -n 30 --no-pager; then on this machine: systemctl start --no-block gitlab-update'],
  ['a database that does not answer', /database does/, { migrations: [] }, 'BROKEN GitLab\'s database does not answer -> see what is said of GitLab and the disks; whether a flexible server runs: az postgres flexible-server list --output table'],
  ['a move of the database that was cut off', /move of/, { moving: ['db.postgres.database.azure.com'] },
    'warning the move of the database to db.postgres.database.azure.com has not come to its end -> apply again; to give the move up, set database back to GitLabDatabase.embedded() and apply'],
  ['the database from before a move', /before its move/, { moved: ['2100'] }, 'ok the database from before its move is kept on the data disk, 3 GB'],
  ['a failed migration', /migration/, { migrations: ['3 1'] }, 'BROKEN 1 background migration has failed -> in GitLab: Admin, Monitoring, Background migrations, Failed, Retry'],
  ['migrations at work', /migration/, { migrations: ['3 0'] }, 'ok background migrations: 3 still at work, which takes hours after an upgrade, or days'],
  ['migrations at work before an upgrade', /migration/, { migrations: ['3 0'], version: ['ce 18.11.2 18.11.2'] },
    'warning background migrations: 3 not finished -> apply the upgrade when they are done: Admin, Monitoring, Background migrations'],
  ['another minor version than the program\'s', /program wants/, { version: ['ce 18.11.2 18.11.2'] },
    'warning the program wants GitLab 19.4, and the server runs 18.11.2 -> apply when people can do without GitLab for a while; a backup is made first where backup is set'],
  ['processes that the kernel ended', /memory/, { killed: ['2 puma', '1 bundle 5'] },
    'warning since yesterday the memory has not been enough; the kernel ended puma (2), bundle 5 (1) -> choose a larger vmSize and apply when people can do without GitLab for some minutes'],
  ['a clock that runs by itself', /clock/, { clock: [''] }, 'warning the clock of the machine is not synchronised -> on this machine: systemctl restart chrony; chronyc tracking'],
  ['a lock of git that has outlived its command', /lock/, { locks: ['1 @hashed/4e/07/4e0740.git/refs/heads/main.lock'] },
    'warning a lock of git is more than a day old, such as refs/heads/main.lock in @hashed/4e/07/4e0740.git -> in the project: Settings, General, Advanced, Run housekeeping; which project it is:'
      + ' on this machine: gitlab-rails runner \'puts ProjectRepository.find_by(disk_path: %q(@hashed/4e/07/4e0740)).project.full_path\''],
  ['locks of a wiki', /lock/, { locks: ['3 @hashed/4e/07/4e0740.wiki.git/packed-refs.lock'] },
    'warning 3 locks of git are more than a day old, such as packed-refs.lock in @hashed/4e/07/4e0740.wiki.git -> in the project: Settings, General, Advanced, Run housekeeping; which project it is:'
      + ' on this machine: gitlab-rails runner \'puts ProjectRepository.find_by(disk_path: %q(@hashed/4e/07/4e0740)).project.full_path\''],
  ['no backups', /backs/, { backup: ['none'] }, 'warning nothing backs this server up -> set backup: {} on SelfHostedGitLab and apply'],
  ['a backup that failed', /backup failed/, { backup: [`failed active ${NOW - 50 * HOUR} 19.4.1-ce`] },
    'BROKEN the last backup failed; the last good one is 2 days old -> read why: on this machine: journalctl -u gitlab-backup -n 30 --no-pager; then on this machine: systemctl start --no-block gitlab-backup'],
  ['a first backup that failed', /backup failed/, { backup: ['failed active never'] },
    'BROKEN the last backup failed; none has been made yet -> read why: on this machine: journalctl -u gitlab-backup -n 30 --no-pager; then on this machine: systemctl start --no-block gitlab-backup'],
  ['an old backup', /last backup/, { backup: [`inactive active ${NOW - 27 * HOUR} 19.4.1-ce`] },
    'BROKEN the last backup is 1 day old -> make one now: on this machine: systemctl start --no-block gitlab-backup; read what became of it: on this machine: journalctl -u gitlab-backup -n 30 --no-pager'],
  ['a timer that is off', /timer/, { backup: [`inactive inactive ${NOW - HOUR} 19.4.1-ce`] },
    'BROKEN the timer of the backups does not run; the last one is 1 hour old -> give rerun another value and apply'],
  ['a backup that is made', /backup/, { backup: [`activating active ${NOW - 27 * HOUR} 19.4.1-ce`] }, 'ok a backup is being made; the last one is 1 day old'],
  ['a first day', /backup/, { backup: ['inactive active never'] }, 'warning no backup has been made yet -> make one now: on this machine: systemctl start --no-block gitlab-backup'],
  ['a certificate near its end', /certificate/, { certificate: [`served ${NOW + 13 * DAY}`, `file ${NOW + 13 * DAY}`] },
    'warning the certificate is good for 13 days -> read why: on this machine: journalctl -u gitlab-certificate -n 30 --no-pager; a certificate of a Key Vault is renewed there'],
  ['a certificate that ended', /certificate/, { certificate: [`served ${NOW - 3 * HOUR}`] },
    'BROKEN the certificate ended 3 hours ago -> read why: on this machine: journalctl -u gitlab-certificate -n 30 --no-pager; a certificate of a Key Vault is renewed there'],
  ['a certificate that nginx has not taken', /certificate/, { certificate: [`served ${NOW + 2 * DAY}`, `file ${NOW + 30 * DAY}`] },
    'warning the certificate is good for 2 days, and a newer one is there that nginx does not show -> on this machine: gitlab-ctl hup nginx'],
  ['a runner that is gone', /runner a/, { runner: ['a gone'] }, 'BROKEN runner a: somebody has deleted it in GitLab -> give rerun another value and apply: it is made again, with a new token'],
  ['a runner that never came', /runner a/, { runner: ['a active'] }, 'BROKEN runner a: has never asked for jobs -> see what is said of the cluster'],
  ['a silent runner', /runner a/, { runner: [`a active ${NOW - 3 * HOUR}`] }, 'BROKEN runner a: has not asked for jobs for 3 hours -> see what is said of the cluster'],
  ['a paused runner', /runner a/, { runner: [`a paused ${NOW - 60}`] }, 'warning runner a: somebody has paused it -> in GitLab: Admin, CI/CD, Runners, Resume'],
  ['jobs that wait', /jobs? waits?/, { waiting: [`3 ${NOW - 2 * HOUR}`] },
    'warning 3 jobs wait for a runner, the oldest for 2 hours -> open the job: its page says whether a runner has its tags; if so, raise concurrent or maxCount'],
  ['updates that wait', /security updates/, { updates: [`12 ${NOW - 6 * DAY}`] }, 'ok security updates of Ubuntu: 12 to come in the next maintenance window'],
  ['updates that do not come', /security updates/, { updates: [`12 ${NOW - 9 * DAY}`] },
    'warning 12 security updates of Ubuntu are missing, and nothing has been installed for 9 days -> az vm install-patches --resource-group gitlab-rg --name gitlab-vm'
      + ' --maximum-duration PT2H --reboot-setting IfRequired --classifications-to-include-linux Critical Security'],
  ['a restart that is due', /restart has/, { reboot: [String(NOW - 3 * DAY)] }, 'ok a restart has been due for 3 days, and comes in the next maintenance window'],
  ['a restart that does not come', /restart has/, { reboot: [String(NOW - 8 * DAY)] },
    'warning a restart has been due for 8 days -> when people can do without GitLab for some minutes: az vm restart --resource-group gitlab-rg --name gitlab-vm'],
  ['packages in pieces', /packages/, { packages: ['gitlab-ce tzdata'] }, 'BROKEN packages are half installed: gitlab-ce tzdata -> on this machine: dpkg --configure -a; apt-get -f install -y'],
  ['failed units', /units/, { failed: ['gitlab-backup.service', 'apt-daily.service'] },
    'warning units of the machine have failed: apt-daily.service -> on this machine: systemctl status --no-pager -n 20 apt-daily.service'],
])('%s', async (_, pattern, different, expected) => {
  expect(await told(pattern, different)).toEqual([expected]);
});

test('how a line is run on the server is told once, where there is one', async () => {
  const how = '  A line "on this machine" is run by az vm run-command invoke --resource-group gitlab-rg --name gitlab-vm --command-id RunShellScript'
    + ' --query "value[0].message" --output tsv --scripts "export HOME=/root; LINE"';
  const lines = async (different: Parameters<typeof output>[0]) =>
    (await doctor([server(output(different)), STOPPED])).told.filter((line) => line === how);
  expect(await lines({ ready: ['503'], backup: ['failed active never'] })).toEqual([how]);
  expect(await lines({})).toEqual([]);
});

test('steps that the program no longer has are nobody\'s concern', async () => {
  expect(await told(/set-up/, { step: ['gitlab good', 'sign-in failed whatever'] })).toEqual(['ok set-up: all 1 steps went well']);
});

test('few jobs that wait for minutes are no news', async () => {
  expect(await told(/wait/, { waiting: [`3 ${NOW - 20 * 60}`] })).toEqual([]);
});

test('a server that is off is not asked', async () => {
  const { code, told: lines, calls } = await doctor([power('deallocated'), STOPPED]);
  expect(code).toBe(1);
  expect(about(lines, /is off/)).toEqual(['BROKEN the server is off (deallocated)']);
  expect(lines).toContain('             -> az vm start --resource-group gitlab-rg --name gitlab-vm');
  expect(calls.filter((call) => call.includes('run-command'))).toEqual([]);
});

test.each([
  ['the beginning', output().replace('look 1\n', '')],
  ['the end', output().replace('\nend', '')],
])('an answer without %s is none', async (_, text) => {
  const { code, told: lines } = await doctor([server(text), STOPPED]);
  // the cluster is stopped, which alone is 1.
  expect(code).toBe(1);
  expect(about(lines, /incomplete/)).toEqual(['NO ANSWER what the server told came incomplete -> run this again']);
  expect(about(lines, /GitLab answers/)).toEqual([]);
});

test('another run command at work, and no right to run one', async () => {
  const error = (code: string, message: string) => ({ call: ['vm run-command invoke'], error: `ERROR: (${code}) ${message}\nCode: ${code}\nMessage: ${message}` });
  const conflict = await doctor([error('Conflict', 'Run command extension execution is in progress.'), STOPPED]);
  expect(about(conflict.told, /NO ANSWER/)).toEqual(['NO ANSWER machine gitlab-vm: not checked, Azure did not answer (Conflict: Run command extension execution is in progress.)'
    + ' -> somebody else\'s az vm run-command is at work there; run this again in some minutes']);
  const forbidden = await doctor([error('AuthorizationFailed', 'The client does not have authorization'), STOPPED]);
  expect(about(forbidden.told, /NO ANSWER/)).toEqual(['NO ANSWER machine gitlab-vm: not checked, this account may not ask (AuthorizationFailed: The client does not have authorization)'
    + ' -> ask for the role Virtual Machine Contributor on the machine, or somebody who has it to run this']);
});
