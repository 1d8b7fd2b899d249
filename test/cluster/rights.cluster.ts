// The manager may do what its features need and nothing else, and each of its rights is needed: without it a job fails, or leaves something behind, or lacks
// what it should say.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Job, JobOptions, log } from './gitlab/gitlab';
import { accountRights, may } from './harness/account-rights';
import { HOLD, letGo } from './harness/held-jobs';
import { Manager, ManagerOptions, Platform } from './harness/platform';

const platform = new Platform();
const { api } = platform.cluster;
const CREDENTIALS = [{ type: 'registry', url: 'registry.example.com', username: 'user', password: 'login-of-a-registry' }];
/** Asked for only when a create had reached the API server and its answer was lost; no test loses one. */
const AFTER_A_LOST_ANSWER = ['secrets get', 'services get', 'policy/poddisruptionbudgets get'];

before(() => platform.start());
after(() => platform.stop());

/** How a job's feature shows that it worked; false where it did not. */
type Proof = (job: Job, manager: Manager) => Promise<boolean>;

interface Need {
  readonly rights: readonly string[];
  readonly job: JobOptions;
  readonly proof: Proof;
}

const succeeds: Proof = async (job) => await platform.finished(job) === 'success';
const says = (text: RegExp): Proof => async (job) => {
  await platform.finished(job);
  return text.test(log(job));
};
const saysNot = (text: RegExp): Proof => async (job) => {
  await platform.finished(job);
  return !text.test(log(job));
};
/** The job waits until its log has what takes a right, or the manager was refused that. */
const hears = (text: RegExp, right: string): Proof => async (job, { namespace }) => {
  await platform.cluster.until(() => `the log says ${text}, or it cannot\n${log(job)}`, async () => text.test(log(job)) || refused(namespace, right));
  letGo(platform.cluster, await platform.running(namespace, job));
  await platform.finished(job);
  return text.test(log(job));
};
/** True once nothing is left, false if the manager was refused a deletion before. */
const removes = (left: (manager: Manager) => Promise<any[]>): Proof => async (job, manager) => {
  const refusals = () => asked(manager.namespace).filter(({ right, allowed }) => right.endsWith(' delete') && !allowed).length;
  const known = refusals();
  await platform.finished(job);
  return await platform.cluster.until('what the job made is gone, or its deletion was refused', async () => {
    const nothing = (await left(manager)).length === 0;
    return nothing ? 'nothing' : refusals() > known && 'something';
  }) === 'nothing';
};
const leavesNothing = removes(async ({ namespace }) => [...await platform.jobPods(namespace), ...await platform.list(namespace, 'secrets')]);
const leavesNoNamespace = removes(async () => (await api.call('GET', '/api/v1/namespaces')).body.items
  .filter(({ metadata }: any) => metadata.name.startsWith('ci-job-') && !metadata.deletionTimestamp));

const NOOP = ['true'];
const BASE: readonly Need[] = [
  { rights: ['pods create', 'pods get', 'pods/exec create', 'pods/attach create'], job: { script: NOOP }, proof: succeeds },
  { rights: ['pods delete'], job: { script: NOOP }, proof: leavesNothing },
  // without, the runner asks for each pod again and again, and warns
  { rights: ['pods list', 'pods watch'], job: { script: NOOP }, proof: saysNot(/won't use informers|informers/i) },
  { rights: ['secrets create', 'secrets update'], job: { script: NOOP, credentials: CREDENTIALS }, proof: succeeds },
  // the pod is refused when the Secret is there already
  {
    rights: ['secrets delete'],
    job: { script: NOOP, credentials: CREDENTIALS, variables: [{ key: 'KUBERNETES_NODE_SELECTOR_BAD', value: 'key=not/a/value', public: true }] },
    proof: leavesNothing,
  },
  { rights: ['services create'], job: { script: NOOP, services: [{ name: 'ubuntu:24.04', alias: 'web', command: ['sleep', '60'], ports: [{ number: 80, protocol: 'http', name: 'web' }] }] }, proof: succeeds },
  {
    rights: ['pods/log get'],
    job: {
      script: [HOLD], variables: [{ key: 'CI_DEBUG_SERVICES', value: 'true', public: true }],
      services: [{ name: 'ubuntu:24.04', alias: 'web', command: ['sh', '-c', 'echo "words of the service"; sleep 3600'] }],
    },
    proof: hears(/words of the service/, 'pods/log get'),
  },
  { rights: ['events list'], job: { script: NOOP, image: 'no-such-image:2' }, proof: says(/Event retrieved from the cluster/) },
];

const BASE_RIGHTS = new Set(BASE.flatMap(({ rights }) => rights));

interface Combination {
  readonly name: string;
  readonly options: ManagerOptions;
  /** What needs the rights that the base has not. */
  readonly needs: readonly Need[];
}

const COMBINATIONS: readonly Combination[] = [
  { name: 'pods', options: {}, needs: BASE.slice(0, 3) },
  { name: 'objects', options: { kubernetesSettings: { node_selector_overwrite_allowed: '.*' } }, needs: BASE.slice(3) },
  {
    name: 'budget', options: { podDisruptionBudgetEnabled: true },
    needs: [{ rights: ['policy/poddisruptionbudgets create'], job: { script: NOOP }, proof: succeeds }],
  },
  {
    name: 'events', options: { featureFlags: { FF_PRINT_POD_EVENTS: true } },
    needs: [{ rights: ['events watch'], job: { script: NOOP }, proof: says(/Scheduled|Successfully assigned/) }],
  },
  {
    name: 'checks', options: { kubernetesSettings: { resource_availability_check_max_attempts: 1 } },
    needs: [{ rights: ['serviceaccounts get'], job: { script: NOOP }, proof: succeeds }],
  },
  {
    name: 'own', options: { kubernetesSettings: { namespace_per_job: true } },
    needs: [
      { rights: ['namespaces create'], job: { script: NOOP }, proof: succeeds },
      { rights: ['namespaces delete'], job: { script: NOOP }, proof: leavesNoNamespace },
    ],
  },
  { name: 'older', options: { featureFlags: { FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY: true } }, needs: [{ rights: ['pods/exec create'], job: { script: NOOP }, proof: succeeds }] },
  {
    name: 'entrypoint', options: { featureFlags: { FF_KUBERNETES_HONOR_ENTRYPOINT: true } },
    needs: [{ rights: ['pods watch', 'pods/log get'], job: { script: NOOP }, proof: succeeds }],
  },
];

describe('each combination of features', { concurrency: 3 }, () => {
  for (const { name, options, needs } of COMBINATIONS) {
    test(name, async (t) => {
      const manager = await platform.install(name, options);
      const role = manager.objects.find(({ kind }) => /^(Cluster)?Role$/.test(kind));
      const account = { namespace: name, name: 'gitlab-runner' };
      // the API server learns of a changed role a moment later
      const inForce = (right: string, allowed: boolean) => platform.cluster.until(`${right} is ${allowed ? '' : 'not '}allowed`,
        async () => await may(api, account, right, name) === allowed);

      await t.test(`${name}: the account may do what the role says and nothing else, anywhere`, async () => {
        const clusterWide = role.kind === 'ClusterRole';
        assert.deepEqual(await accountRights(api, account, name), flat(role.rules));
        assert.deepEqual(await accountRights(api, account, 'default'), clusterWide ? flat(role.rules) : []);
      });

      for (const { rights, job, proof } of needs) {
        await t.test(`${name}: with its rights a job passes that needs ${rights.join(', ')}`, async () => {
          const queued = platform.gitlab.queue(manager.token, job);
          assert.ok(await proof(queued, manager), log(queued));
        });
        for (const right of rights) {
          await t.test(`${name}: without ${right} it shows`, async () => {
            await api.apply({ ...role, rules: without(role.rules, right) });
            try {
              await inForce(right, false);
              const queued = platform.gitlab.queue(manager.token, job);
              assert.ok(!await proof(queued, manager), `nobody would notice that the right is not there\n${log(queued)}`);
              assert.ok(refused(name, right) || log(queued).includes(notUsing(right)), `it was not asked for\n${log(queued)}`);
            } finally {
              await api.apply(role);
              await inForce(right, true);
              await cleared(manager, role.kind === 'ClusterRole');
            }
          });
        }
      }

      await t.test(`${name}: no right is there that nobody asked for, or that no test takes away`, async () => {
        const uses = new Set(asked(name).map(({ right }) => right));
        const tested = new Set(needs.flatMap(({ rights }) => rights));
        const rights = flat(role.rules).filter((right) => !AFTER_A_LOST_ANSWER.includes(right) && !BASE_RIGHTS.has(right));
        assert.deepEqual(rights.filter((right) => !uses.has(right) || !tested.has(right)), []);
      });
    });
  }
});

/** What a manager asked the API server for. */
function asked(manager: string): { right: string; allowed: boolean }[] {
  return platform.cluster.auditedCalls(`system:serviceaccount:${manager}:gitlab-runner`);
}

function refused(manager: string, right: string): boolean {
  return asked(manager).some((call) => call.right === right && !call.allowed);
}

/** What the executor says of a right that it asked after before it used it. */
function notUsing(right: string): string {
  const [resource, verb] = right.split(' ');
  return `not allowed: ${verb} on ${resource}`;
}

function flat(rules: any[]): string[] {
  return rules.flatMap(({ apiGroups, resources, verbs }) => resources.flatMap((resource: string) =>
    verbs.map((verb: string) => `${apiGroups[0] === '' ? '' : `${apiGroups[0]}/`}${resource} ${verb}`))).sort();
}

function without(rules: any[], right: string): any[] {
  const [resource, verb] = right.split(' ');
  return rules.map((rule) => [rule.apiGroups[0], ...rule.resources].filter(Boolean).join('/') === resource
    ? { ...rule, verbs: rule.verbs.filter((name: string) => name !== verb) } : rule).filter(({ verbs }) => verbs.length > 0);
}

/** Removes by the administrator's hand what a manager without rights left behind. */
async function cleared({ namespace }: Manager, namespaces: boolean): Promise<void> {
  if (namespaces) {
    const { body } = await api.call('GET', '/api/v1/namespaces');
    const own = body.items.filter(({ metadata }: any) => metadata.name.startsWith('ci-job-'));
    await Promise.all(own.map(({ metadata }: any) => api.call('DELETE', `/api/v1/namespaces/${metadata.name}`)));
  }
  for (const resource of ['pods', 'secrets', 'services']) {
    const items = resource === 'pods' ? await platform.jobPods(namespace) : await platform.list(namespace, resource);
    await Promise.all(items.map(({ metadata }) => api.call('DELETE', `/api/v1/namespaces/${namespace}/${resource}/${metadata.name}?gracePeriodSeconds=0`)));
  }
}
