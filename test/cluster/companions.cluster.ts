// What stands beside the manager in its pod: containers before it and with it, volumes that they share, and where it reports errors of its own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { log } from './gitlab/gitlab';
import { Manager, Platform } from './harness/platform';
import { Sentry } from './harness/sentry';
import { RunnerSecret } from 'cdktf-azure-gitlab';

const NAME = 'accompanied';
const IMAGE = 'ubuntu:24.04';
const SHARED = [{ name: 'shared', mountPath: '/shared' }];
const platform = new Platform();
const { cluster } = platform;
const sentry = new Sentry('abc123', 9100);
let manager: Manager;

before(async () => {
  await platform.start();
  await sentry.start();
  await cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAME } });
  await cluster.api.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'sentry', namespace: NAME }, stringData: { dsn: sentry.dsn } });
  manager = await platform.install(NAME, {
    sentryDsn: RunnerSecret.kubernetesSecret('sentry', 'dsn'),
    managerEnvironmentSecrets: { FROM_SECRET: RunnerSecret.kubernetesSecret('sentry', 'dsn') },
    managerPodVolumes: { shared: { emptyDir: {} } },
    managerVolumes: { '/own': { name: 'shared', readOnly: true } },
    managerInitContainers: [
      { name: 'first', image: IMAGE, command: ['sh', '-c', 'echo "of the first" > /shared/first'], volumeMounts: SHARED },
      { name: 'beside', image: IMAGE, command: ['sh', '-c', 'cp /shared/first /shared/beside; exec sleep 86400'], restartPolicy: 'Always', volumeMounts: SHARED },
    ],
    managerContainers: [{
      name: 'companion', image: IMAGE, volumeMounts: SHARED,
      command: ['sh', '-c', [
        'echo "user $(id -u)"', 'grep -E "CapEff|NoNewPrivs|Seccomp:" /proc/self/status', 'touch /new 2>&1', 'ls /var/run/secrets/kubernetes.io 2>&1',
        // nobody says when it has been copied.
        'until cmp -s /shared/first /shared/beside; do sleep 1; done', 'cat /shared/first /shared/beside',
        'echo "told: $FROM_SECRET"', 'exec sleep 86400',
      ].join('; ')],
    }],
  });
});
after(async () => {
  sentry.stop();
  await platform.stop();
});

const pod = async (): Promise<any> => (await platform.managerPods(NAME)).find(({ metadata }) => !metadata.deletionTimestamp);

/** All that the companion writes. */
async function told({ metadata }: any): Promise<string> {
  return cluster.until('the companion has written its last line', async () => {
    const { body } = await cluster.api.call('GET', `/api/v1/namespaces/${NAME}/pods/${metadata.name}/log?container=companion`);
    return /^told: .*\n/m.test(body) && body;
  });
}

test('containers run before the manager and with it, and share a volume with it, which takes jobs', async () => {
  const found = await pod();
  assert.match(await told(found), /^of the first\nof the first$/m);
  const { containerID } = found.status.containerStatuses.find(({ name }: any) => name === 'gitlab-runner');
  // fails where the file is not.
  cluster.runInContainer(containerID.replace(/^containerd:\/\//, ''), 'cat', '/own/beside');
  const job = platform.gitlab.queue(manager.token, { script: ['echo "taken"'] });
  assert.equal(await platform.finished(job), 'success', log(job));
});

test('a container beside the manager has its user, no rights, no token for the API, and none of its secrets', async () => {
  const text = await told(await pod());
  assert.match(text, /^user 65532$/m);
  assert.match(text, /^CapEff:\s+0+$/m);
  assert.match(text, /^NoNewPrivs:\s+1$/m);
  assert.match(text, /^Seccomp:\s+2$/m);
  assert.match(text, /touch: \/new: Read-only file system/);
  assert.match(text, /kubernetes\.io: No such file or directory/);
  assert.match(text, /^told: $/m);
});

test('the manager reports an error of its own to Sentry, by an address that is in no ConfigMap', async () => {
  platform.gitlab.replaceRunner(manager.token, `${manager.token}-rotated`);
  const event = await cluster.until('an error is reported', async () => sentry.events.find((one) => /forbidden/i.test(one)));
  assert.match(event, /"level":"error"/);
  assert.ok(!JSON.stringify(manager.objects).includes(sentry.dsn));
});
