import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Ingestion } from './azure/ingestion';
import { until } from './harness/lane';
import { Monitoring, RULES_FILE } from './harness/monitoring';
import { METRICS_HOST, METRICS_RULE } from './harness/program';
import { Server } from './harness/server';
import { GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const PROPS = {
  endpoint: GitLabEndpoint.https({ letsEncrypt: false }), backup: {}, version: GitLabVersion.minor('19.4'), metrics: true,
  omnibusSettings: { prometheus: { scrape_interval: 1, scrape_timeout: 1, rules_files: [RULES_FILE] } },
};
const FILE = '/var/opt/gitlab/node-exporter/textfile_collector/gitlab_server.prom';
const TOKEN = '/run/gitlab-metrics/token';
const server = new Server();
const { azure, disk, machine } = server;
const monitoring = new Monitoring(machine);
const ingestion = new Ingestion(azure.tokens, METRICS_RULE, () => server.identity);

before(async () => {
  azure.add(METRICS_HOST, ingestion);
  await server.begin(PROPS);
  disk.attach();
  await server.applied(PROPS);
  await monitoring.start(server.rules);
});

const collect = async () => assert.equal((await machine.startService('gitlab-metrics.service')).status, 0, await machine.journal('--unit=gitlab-metrics', '--lines=20'));
const content = async () => machine.run('cat', FILE);
/** Does something to the machine, and has it told. */
const told = async (script: string) => {
  await machine.shell(script);
  await collect();
};

async function whileStepWorks(then: () => Promise<void>): Promise<void> {
  await machine.run('systemd-run', '--quiet', '--collect', '--unit=holder', 'flock', '/run/gitlab-server/lock', 'sleep', 'infinity');
  await until('the lock', async () => (await machine.try('flock', '--nonblock', '/run/gitlab-server/lock', 'true')).status !== 0);
  await collect();
  await then();
  await told('systemctl stop holder.service');
}

test('GitLab\'s Prometheus sends what rules ask for to the workspace, and nothing else', async () => {
  await until('metrics in the workspace', () => [...ingestion.series].some((name) => name.startsWith('gitlab_server_')));
  const all = ['node_filesystem_avail_bytes /srv/gitlab', 'sidekiq_queue_latency_seconds', 'up'];
  await until('all of them', () => all.every((name) => ingestion.series.has(name)));
  const others = [...ingestion.series].filter((name) => !/^(gitlab_server_\w+|sidekiq_queue_latency_seconds|up|node_load5|node_memory_Mem(Available|Total)_bytes|node_filesystem_((avail|size)_bytes|files|files_free) \/(srv\/gitlab)?)$/.test(name));
  assert.deepEqual(others, []);
  assert.equal(ingestion.requests.refused, 0);
});

test('it does so by a token for this alone, that it cannot get by itself', async () => {
  assert.equal(await machine.run('stat', '-c', '%U %G %a', TOKEN), 'root gitlab-prometheus 640\n');
  const token = await machine.run('cat', TOKEN);
  assert.equal(azure.tokens.owner(`Bearer ${token}`, 'https://monitor.azure.com'), server.identity);
  const asked = await machine.try('runuser', '-u', 'gitlab-prometheus', '--', 'curl', '--silent', '--max-time', '20', '--header', 'Metadata: true',
    `http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://monitor.azure.com&client_id=${server.identity}`);
  assert.notEqual(asked.status, 0);
  assert.equal(asked.output, '');
});

test('a server that has just been set up: nothing fires, and everything is told', async () => {
  await told('systemctl start gitlab-backup.service');
  await monitoring.fires();
  const names = [...(await content()).matchAll(/^# TYPE gitlab_server_(\w+) gauge$/gm)].map(([, name]) => name);
  assert.deepEqual(names.sort(), ['backup_last_success_timestamp_seconds', 'backup_set_up_timestamp_seconds', 'certificate_not_after_timestamp_seconds',
    'collected_timestamp_seconds', 'migrations_failed', 'migrations_unfinished', 'packages_changed_timestamp_seconds', 'pending_jobs', 'security_updates_pending',
    'step_working', 'task_failed']);
  await monitoring.tells('gitlab_server_task_failed', { 'gitlab-backup': 0, 'gitlab-certificate': 0, 'gitlab-metrics': 0, 'gitlab-update': 0 });
});

test('the timer goes on by itself', async () => {
  assert.equal(await machine.run('systemctl', 'is-active', 'gitlab-metrics.timer'), 'active\n');
  // none while its service runs
  await until('the next time', async () => /=\S/.test(await machine.run('systemctl', 'show', '--property=NextElapseUSecRealtime', 'gitlab-metrics.timer')));
  // from here on the tests alone say when it collects
  await machine.run('systemctl', 'stop', 'gitlab-metrics.timer');
});

test('a set-up collects while the timer\'s service does: they do not get into each other\'s way', async () => {
  // the first one stands still with its file written and not in its place.
  machine.write('/usr/local/sbin/mv', '#!/bin/sh\ncase "$*" in\n  *gitlab_server.prom*) mkdir /var/tmp/held-in-mv 2>/dev/null && while [ -e /run/hold-mv ]; do sleep 0.1; done ;;\nesac\n'
    + 'exec /usr/bin/mv "$@"\n', 0o755);
  await machine.run('touch', '/run/hold-mv');
  const service = machine.startService('gitlab-metrics.service');
  await until('the hold', async () => (await machine.try('test', '-e', '/var/tmp/held-in-mv')).status === 0);
  const step = await server.start('metrics');
  await Promise.race([machine.waitsFor(8), step.wait().then(() => assert.fail('the step does not wait'))]);
  await machine.run('rm', '/run/hold-mv');
  const [{ ok, output }, { status }] = [await step.wait(), await service];
  assert.ok(ok, output);
  assert.equal(status, 0, await machine.journal('--unit=gitlab-metrics', '--lines=20'));
  await machine.run('rm', '-r', '/usr/local/sbin/mv', '/var/tmp/held-in-mv');
});

test('a backup is missing, and made', async () => {
  await told('echo "19.4.1-ce $(($(date +%s) - 27 * 3600))" >/srv/gitlab/state/backed-up');
  await monitoring.fires('BackupOld');
  await told('systemctl start gitlab-backup.service');
  await monitoring.fires();
});

test('a backup that was never made is missed too', async () => {
  await told('rm /srv/gitlab/state/backed-up && touch -d "27 hours ago" /etc/systemd/system/gitlab-backup.timer');
  await monitoring.fires('BackupOld');
  await told('touch /etc/systemd/system/gitlab-backup.timer && systemctl daemon-reload && systemctl start gitlab-backup.service');
  await monitoring.fires();
});

test('a task fails, and works again', async () => {
  const dropIn = '/run/systemd/system/gitlab-certificate.service.d';
  await told(`mkdir -p ${dropIn} && printf '[Service]\\nExecStartPre=/bin/false\\n' >${dropIn}/fault.conf && systemctl daemon-reload && ! systemctl start gitlab-certificate.service`);
  await monitoring.fires('TaskFailed');
  await told(`rm -r ${dropIn} && systemctl daemon-reload && systemctl reset-failed gitlab-certificate.service && systemctl start gitlab-certificate.service`);
  await monitoring.fires();
});

test('a certificate near its end that nginx shows, whatever is on the disk', async () => {
  const reissue = (days: number) => 'cd /etc/gitlab/ssl && openssl x509 -x509toreq -in server.crt -signkey server.key -out /tmp/csr 2>/dev/null && '
    + `openssl x509 -req -in /tmp/csr -CA ca.crt -CAkey ca.key -set_serial 0x$(openssl rand -hex 16) -days ${days} -out server.crt 2>/dev/null`;
  await told(reissue(9));
  await monitoring.fires();
  await machine.run('gitlab-ctl', 'hup', 'nginx');
  await until('the short certificate', async () => {
    await collect();
    return (await monitoring.firing()).includes('CertificateSoon');
  });
  await told(`${reissue(28)} && gitlab-ctl hup nginx`);
  await until('the long certificate', async () => {
    await collect();
    return (await monitoring.firing()).length === 0;
  });
});

test('a migration fails, and is finished', async () => {
  await server.changeDatabase('database["background_migrations"] << { "status" => 1 } << { "status" => 4 }');
  await collect();
  await monitoring.fires('MigrationFailed');
  await monitoring.tells('gitlab_server_migrations_unfinished', { '': 2 });
  await server.changeDatabase('database["background_migrations"].clear');
  await collect();
  await monitoring.fires();
});

test('a job that nobody takes, and that somebody takes; nothing is told while a step works', async () => {
  await server.changeDatabase('database["pending_builds"] = [0.1, 2].map { |hours| (Time.now - hours * 3600).utc.strftime("%F %T.%6N") }');
  await collect();
  await monitoring.fires('JobsNotTaken');
  await monitoring.tells('gitlab_server_pending_jobs', { '': 2 });
  assert.equal(server.panels.length, 10);
  for (const panel of server.panels) {
    await until(panel, async () => Object.keys(await monitoring.query(panel)).length > 0);
  }
  await whileStepWorks(() => monitoring.fires());
  await monitoring.fires('JobsNotTaken');
  await server.changeDatabase('database["pending_builds"].clear');
  await collect();
  await monitoring.fires();
});

test('a job of Sidekiq that waits, and is done; nothing is told while a step works', async () => {
  monitoring.queue(2400);
  await monitoring.fires('SidekiqStuck');
  await whileStepWorks(() => monitoring.fires());
  await monitoring.fires('SidekiqStuck');
  monitoring.queue(0);
  await monitoring.fires();
});

test('a restart is due, and done', async () => {
  await told('touch -d "8 days ago" /run/reboot-required');
  await monitoring.fires('RebootDue');
  await told('rm /run/reboot-required');
  await monitoring.fires();
});

test('security updates that nobody installs, by the words of the real apt', async () => {
  const archive = '/var/tmp/archive';
  await machine.shell(`mkdir -p ${archive} && cd ${archive} && printf '%s\\n' 'Package: cron' 'Version: 99' 'Architecture: amd64' 'Maintainer: nobody' 'Filename: ./cron.deb' 'Size: 1' 'SHA256: ${'0'.repeat(64)}' >Packages
    printf '%s\\n' 'Origin: Ubuntu' 'Label: Ubuntu' 'Suite: noble-security' 'Codename: noble' "Date: $(date -Ru)" 'SHA256:' " $(sha256sum Packages | cut -d ' ' -f 1) $(stat -c %s Packages) Packages" >Release
    echo 'deb [trusted=yes] file:${archive} ./' >/etc/apt/sources.list.d/security.list
    apt-get -o Dir::Etc::SourceList=/dev/null update && rm -f /run/gitlab-metrics/updates`);
  await collect();
  await monitoring.tells('gitlab_server_security_updates_pending', { '': 1 });
  await monitoring.fires();
  await told('touch -d "10 days ago" /var/lib/dpkg/status');
  await monitoring.fires('UpdatesDue');
  await told(`touch /var/lib/dpkg/status && rm -r ${archive} /etc/apt/sources.list.d/security.list && apt-get -o Dir::Etc::SourceList=/dev/null update`);
  await monitoring.fires();
  await monitoring.tells('gitlab_server_security_updates_pending', { '': 0 });
});

test('a data disk that is nearly full; once it is full the file stays as it was, whole', async () => {
  const fill = (hundredths: number) => machine.shell(`fallocate -l $(($(df --output=avail -B1 /srv/gitlab | tail -n 1) * ${hundredths} / 100)) /srv/gitlab/filler-${hundredths}`);
  await fill(95);
  await monitoring.fires('DiskFull');
  const earlier = await content();
  await fill(99);
  await machine.try('bash', '-c', 'cat /dev/zero >/srv/gitlab/filler-0');
  assert.notEqual((await machine.startService('gitlab-metrics.service')).status, 0);
  assert.equal(await content(), earlier);
  await told('rm /srv/gitlab/filler-* && systemctl reset-failed gitlab-metrics.service');
  await monitoring.fires();
  assert.notEqual(await content(), earlier);
});

test('the server falls silent, and tells again', async () => {
  await monitoring.stopExporter();
  await monitoring.fires('MetricsMissing');
  await monitoring.startExporter();
  await monitoring.fires();
});

test('a timer that no longer tells is noticed though its last file is there', async () => {
  const now = await content();
  await machine.shell(`sed -i 's/^\\(gitlab_server_collected_timestamp_seconds\\) .*/\\1 '$(($(date +%s) - 1000))/ ${FILE}`);
  await monitoring.fires('MetricsMissing');
  await collect();
  await monitoring.fires();
  assert.notEqual(await content(), now);
});

test('what cannot be known is left out: GitLab is down, and Azure gives no token', async () => {
  const away = azure.fail({ host: '169.254.169.254', answer: { status: 503 } });
  await machine.run('gitlab-ctl', 'stop');
  const { status } = await machine.startService('gitlab-metrics.service');
  away.end();
  assert.notEqual(status, 0);
  assert.doesNotMatch(await content(), /migrations|pending_job/);
  assert.match(await content(), /^gitlab_server_certificate_not_after_timestamp_seconds \d+$/m);
  await machine.run('gitlab-ctl', 'start');
  await until('GitLab', () => server.isReady());
  await collect();
  assert.match(await content(), /^gitlab_server_migrations_failed 0$/m);
});

test('taken out again, it leaves nothing behind', async () => {
  await machine.run('systemctl', 'start', 'gitlab-metrics.timer');
  await server.applied({ ...PROPS, metrics: false });
  assert.doesNotMatch(await machine.run('cat', '/etc/gitlab/gitlab.rb'), /remote_write/);
  await machine.startService('gitlab-metrics.service');
  const left = await machine.run('bash', '-c', `ls -d /run/gitlab-metrics ${FILE}* /usr/local/lib/gitlab-server/metrics.* /etc/systemd/system/gitlab-metrics.* 2>/dev/null || true`);
  assert.equal(left, '');
  assert.notEqual((await machine.try('systemctl', 'is-active', '--quiet', 'gitlab-metrics.timer')).status, 0);
});
