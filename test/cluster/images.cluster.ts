// Jobs build images and push them to a real registry, distribution's, by the real BuildKit, whose daemon `RunnerImageBuilds` makes a service of each job.
//
// This machine shows the user, the capabilities, seccomp, the store and Pod Security. It cannot show AppArmor, which its kernel lacks (a profile named in the pod
// does nothing), nor the restriction of Ubuntu 24.04 that goes with it. Its containerd, 1.6, knows no user namespaces of pods: the API server and Pod Security are
// asked, the job fails with the kubelet's words, and runc is given the pod by hand (`harness/pod-user-namespace.ts`). The images are BuildKit's programs, and
// Debian's Docker, 20.10, on busybox instead of Alpine.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Job, log } from './gitlab/gitlab';
import { Distribution } from './harness/distribution';
import { Manager, Platform } from './harness/platform';
import { PodUserNamespace } from './harness/pod-user-namespace';
import { RunnerImageBuilds, RunnerVolume } from 'cdktf-azure-gitlab';

const BUILDKIT = 'moby/buildkit:v0.34.2';
const platform = new Platform();
const { cluster } = platform;
const registry = new Distribution(cluster);
let manager: Manager;
/** Of a job's pod, as the API server has it. */
let daemonInNamespace: { container: any; volumes: any[] };

before(async () => {
  await platform.start();
  await registry.start();
  await cluster.api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ci' } });
  await cluster.api.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'registries', namespace: 'ci' }, data: { 'ca.pem': cluster.authority.certificate } });
  manager = await platform.install('ci', {
    concurrent: 4,
    limit: 2,
    more: {
      rootless: { imageBuilds: RunnerImageBuilds.rootlessBuildkit(), limit: 2 },
      namespaced: { imageBuilds: RunnerImageBuilds.userNamespace(), limit: 1, pollTimeoutSeconds: 60 },
      docker: { imageBuilds: RunnerImageBuilds.docker(), limit: 1, volumes: [RunnerVolume.configMap('registries', '/etc/docker/certs.d', { items: { 'ca.pem': `${registry.secureAddress}/ca.crt` } })] },
    },
  });
});
after(async () => {
  registry.stop();
  await platform.stop();
});

/** As in `docs/image-builds.md`, but for the registry's address. */
const build = (dockerfile: string, tag: string): string[] => [
  `printf '${dockerfile.replace(/\n/g, '\\n')}' > Dockerfile`,
  `buildctl build --progress plain --frontend dockerfile.v0 --local context=. --local dockerfile=. --output type=image,name=${registry.address}/group/app:${tag},push=true`
    + ` --import-cache type=registry,ref=${registry.address}/group/app:cache --export-cache type=registry,ref=${registry.address}/group/app:cache,mode=max`,
];
const DOCKERFILE = `FROM 10.99.0.1:5000/library/ubuntu:24.04
RUN echo "made by $(id -u)" > /made && chown 1000:1000 /made && cat /proc/self/uid_map
COPY README.md /
`;

async function run(token: string, script: string[], more: object = {}): Promise<[string, Job]> {
  const job = platform.gitlab.queue(token, { script, image: BUILDKIT, git: true, ...more });
  return [await platform.finished(job), job];
}

/** The pod of a job, once there is one. */
async function podOf(job: Job): Promise<any> {
  return cluster.until(`there is a pod of job ${job.id}`, () => platform.podOf('ci', job));
}

test('a job builds an image by rootless BuildKit and pushes it, another runs in it, and a third finds its steps in the registry\'s cache', async () => {
  const job = platform.gitlab.queue(manager.tokens.rootless, {
    script: [...build(DOCKERFILE, '1'), 'grep -E "^(NoNewPrivs|Seccomp):" /proc/self/status'], image: BUILDKIT, git: true,
  });
  const { spec } = await podOf(job);
  assert.equal(await platform.finished(job), 'success', log(job));
  const text = log(job);
  assert.match(text, /dial succeeded on localhost:1234/, 'the job waits for the daemon');
  // root of the image is the daemon's user, and its other users are ids that belong to that user alone.
  assert.match(text, /^#\d+ \S+ +0 +1000 +1$/m);
  assert.match(text, /^#\d+ \S+ +1 +100000 +65536$/m);
  // the job itself has what it has on any other runner.
  assert.match(text, /^NoNewPrivs:\s+1$/m);
  assert.match(text, /^Seccomp:\s+2$/m);
  const { securityContext: daemon } = spec.containers.find(({ name }: any) => name === 'buildkitd');
  assert.deepEqual(daemon, {
    runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true, privileged: false, allowPrivilegeEscalation: true, capabilities: { add: daemon.capabilities.add, drop: ['ALL'] },
    seccompProfile: { type: 'Unconfined' }, appArmorProfile: { type: 'Unconfined' },
  });
  assert.deepEqual([...daemon.capabilities.add].sort(), ['SETGID', 'SETUID']);
  const { layers } = await registry.manifest('group/app', '1');
  assert.equal(layers.length, 3);

  const [state, user] = await run(manager.token, ['cat /made', 'stat -c "%u %n" /made /README.md'], { image: `${registry.address}/group/app:1`, git: false });
  assert.equal(state, 'success', log(user));
  assert.match(log(user), /^made by 0$/m);
  assert.match(log(user), /^1000 \/made$/m);
  assert.match(log(user), /^0 \/README\.md$/m);

  const [again, second] = await run(manager.tokens.rootless, build(DOCKERFILE, '2'));
  assert.equal(again, 'success', log(second));
  assert.match(log(second), /^#\d+ CACHED$/m);
  assert.deepEqual((await registry.tags('group/app')).sort(), ['1', '2', 'cache']);
});

test('jobs of the manager\'s other runners have no daemon', async () => {
  const [state, job] = await run(manager.token, ['echo "host: $BUILDKIT_HOST"', '! buildctl --addr tcp://127.0.0.1:1234 debug workers'], { git: false });
  assert.equal(state, 'success', log(job));
  assert.match(log(job), /^host: $/m);
});

test('a Dockerfile that is wrong fails the job, not the daemon, with the step\'s own output', async () => {
  const [state, job] = await run(manager.tokens.rootless, build('FROM 10.99.0.1:5000/library/ubuntu:24.04\nRUN echo "from the step" && exit 7\n', 'broken'));
  assert.deepEqual([state, job.failureReason], ['failed', 'script_failure'], log(job));
  assert.match(log(job), /from the step/);
  assert.match(log(job), /exit code: 7/);
  assert.ok(!(await registry.tags('group/app')).includes('broken'));
});

test('a pod in a user namespace is taken by the API server and by Pod Security, and a node that has none says so', async () => {
  const job = platform.gitlab.queue(manager.tokens.namespaced, { script: ['true'], image: BUILDKIT, timeoutSeconds: 300 });
  const { spec } = await podOf(job);
  assert.equal(spec.hostUsers, false);
  const { securityContext: daemon } = spec.containers.find(({ name }: any) => name === 'buildkitd');
  assert.deepEqual([daemon.procMount, daemon.runAsUser, daemon.privileged, daemon.seccompProfile.type], [undefined, 0, false, 'Unconfined']);
  assert.ok(daemon.capabilities.add.includes('SYS_ADMIN') && daemon.capabilities.add.includes('NET_RAW'), JSON.stringify(daemon.capabilities));
  assert.equal(await platform.finished(job), 'failed');
  assert.match(log(job), /user namespaces/);
  daemonInNamespace = { container: spec.containers.find(({ name }: any) => name === 'buildkitd'), volumes: spec.volumes };
});

describe('BuildKit in a user namespace that runc makes of that pod', () => {
  /** Each is another step, which no cache has. */
  let tries = 0;
  const built = async (change: (context: any) => any): Promise<{ ok: boolean; output: string }> => {
    const { container, volumes } = daemonInNamespace;
    const changed = { ...container, securityContext: { ...container.securityContext, ...change(container.securityContext) } };
    const pod = new PodUserNamespace(process.env.CLUSTER_IMAGES!, BUILDKIT, changed, volumes, cluster.cgroup);
    try {
      pod.start();
      await cluster.until(() => `BuildKit answers (${pod.log})`, async () => (await pod.run('buildctl --addr tcp://127.0.0.1:1234 debug workers')).ok);
      return await pod.run(['mkdir -p /tmp/context && cd /tmp/context', 'echo a file > README.md', 'export BUILDKIT_HOST=tcp://127.0.0.1:1234', ...build(DOCKERFILE.replace('RUN ', `RUN : ${++tries} && `), 'namespaced')].join(' && '));
    } finally {
      pod.stop();
    }
  };
  const without = (capability: string) => ({ capabilities: { add, ...rest }, ...others }: any) =>
    ({ ...others, capabilities: { ...rest, add: add.filter((one: string) => one !== capability) } });

  test('builds an image and pushes it; root of the image is nobody on the node', async () => {
    const { ok, output } = await built((context) => context);
    assert.ok(ok, output);
    assert.match(output, /^#\d+ \S+ +0 +200000 +65536$/m);
    const [state, user] = await run(manager.token, ['cat /made'], { image: `${registry.address}/group/app:namespaced`, git: false });
    assert.equal(state, 'success', log(user));
    assert.match(log(user), /^made by 0$/m);
  });

  for (const [what, change, words] of [
    ['without SYS_ADMIN', without('SYS_ADMIN'), /operation not permitted/],
    ['without NET_RAW, which the runner drops by default', without('NET_RAW'), /apply caps|operation not permitted/],
  ] as [string, (context: any) => any, RegExp][]) {
    test(`cannot ${what}`, async () => {
      const { ok, output } = await built(change);
      assert.ok(!ok, output);
      assert.match(output, words);
    });
  }
});

describe('Docker in Docker', () => {
  const docker = (script: string[], more: object = {}) => run(manager.tokens.docker, script, { image: 'docker:29-cli', ...more });

  test('the daemon alone is privileged, and it shares a client\'s certificates with the job in memory', async () => {
    const job = platform.gitlab.queue(manager.tokens.docker, { script: ['ls /certs/client', 'grep CapEff /proc/self/status'], image: 'docker:29-cli' });
    const { spec } = await podOf(job);
    assert.equal(await platform.finished(job), 'success', log(job));
    assert.match(log(job), /^CapEff:\s+0*a80405fb$/m, 'what a job has on any other runner');
    const contexts = Object.fromEntries(spec.containers.map(({ name, securityContext }: any) => [name, securityContext?.privileged ?? false]));
    assert.deepEqual(contexts, { build: false, helper: false, docker: true });
    assert.deepEqual(spec.volumes.find(({ name }: any) => name === 'docker-certificates').emptyDir, { medium: 'Memory' });
    assert.match(log(job), /^ca\.pem$/m);
    assert.ok(!log(job).includes('server'), log(job));
  });

  test('a job builds an image and pushes it, another runs in it, and a third builds on what the registry has', async () => {
    const name = `${registry.secureAddress}/group/docker`;
    const script = (tag: string) => [
      `printf '${`${DOCKERFILE.replace('10.99.0.1:5000', registry.secureAddress)}RUN wget -qO- http://${registry.address}/v2/\n`.replace(/\n/g, '\\n')}' > Dockerfile`,
      // the daemon's own builder, which a client of this age asks for only then.
      'export DOCKER_BUILDKIT=1',
      `docker build --progress plain --tag ${name}:${tag} --cache-from ${name}:cache --build-arg BUILDKIT_INLINE_CACHE=1 .`,
      `docker push ${name}:${tag}`, `docker tag ${name}:${tag} ${name}:cache`, `docker push ${name}:cache`,
    ];
    const [state, job] = await docker(script('1'));
    assert.equal(state, 'success', log(job));
    const [ran, user] = await run(manager.token, ['cat /made', 'stat -c "%u %n" /made /README.md'], { image: `${registry.address}/group/docker:1`, git: false });
    assert.equal(ran, 'success', log(user));
    assert.match(log(user), /^made by 0$/m);
    assert.match(log(user), /^1000 \/made$/m);
    const [again, second] = await docker(script('2'));
    assert.equal(again, 'success', log(second));
    assert.match(log(second), /^#\d+ CACHED$/m);
    assert.deepEqual((await registry.tags('group/docker')).sort(), ['1', '2', 'cache']);
  });

  test('a container that a job starts is reached by the daemon\'s name', async () => {
    const [state, job] = await docker([
      `docker run --detach --publish 8080:80 ${registry.secureAddress}/library/ubuntu:24.04 sh -c "echo from the container > /tmp/index.html && httpd -f -p 80 -h /tmp"`,
      'for i in $(seq 120); do wget -qO- http://docker:8080/ && break; sleep 1; done',
    ], { git: false });
    assert.equal(state, 'success', log(job));
    assert.match(log(job), /^from the container$/m);
  });

  test('nobody is the daemon\'s client without a certificate of its authority', async () => {
    const [state, job] = await docker([
      'unset DOCKER_TLS_VERIFY DOCKER_CERT_PATH', '! docker version 2>&1', 'mkdir ~/.docker && cp /certs/client/ca.pem ~/.docker/', '! docker --tlsverify version 2>&1',
    ], { git: false });
    assert.equal(state, 'success', log(job));
    assert.match(log(job), /HTTP request to an HTTPS server/);
    assert.match(log(job), /bad certificate|certificate required/);
  });
});
