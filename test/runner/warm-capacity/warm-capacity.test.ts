import { TerraformVariable } from 'cdktf';
import { AksCluster, GitLab, GitLabRunnerChartProps, GitLabVersion, KubernetesGitLabRunner, KubernetesGitLabRunnerProps, RunnerToken } from '../../../src';
import { newStack } from '../../synth';
import { newChart, object, runner } from '../chart';
import { config, joinExisting, LOCATION } from '../joined';

const POLICIES = [{ jobs: 2 }, { jobs: 10, periods: ['* 7-19 * * mon-fri'], timeZone: 'Asia/Seoul' }];
const kubernetes = (props: Partial<GitLabRunnerChartProps>) => runner(newChart(props)).kubernetes;
/** What the pods that keep room ask for, and the requests of a job's build container. */
const sizes = (props: Partial<GitLabRunnerChartProps>) => {
  const { cpu_request: cpu, memory_request: memory, pod_spec: [{ patch }] } = kubernetes(props);
  return [cpu, memory, JSON.parse(patch).containers[0].resources.requests];
};

test('policies become the runner\'s, each with a zone, in the order that they are given in', () => {
  expect(kubernetes({ warmCapacity: { policies: POLICIES } }).autoscaler).toEqual({
    pause_pod_priority_class_name: 'gitlab-runner-pause-gitlab-runner',
    policy: [
      { timezone: 'UTC', idle_count: 2, idle_time: '5m' },
      { periods: ['* 7-19 * * mon-fri'], timezone: 'Asia/Seoul', idle_count: 10, idle_time: '5m' },
    ],
  });
});

test('what else is set of the pods that keep room stays', () => {
  const chart = newChart({
    warmCapacity: { policies: [{ jobs: 1 }], priorityClassName: 'idle' },
    kubernetesSettings: { autoscaler: { max_pause_pods: 20, pause_pod_image: 'registry.example.com/pause:3.10' } },
  });
  expect(runner(chart).kubernetes.autoscaler).toEqual({
    max_pause_pods: 20, pause_pod_image: 'registry.example.com/pause:3.10', pause_pod_priority_class_name: 'idle',
    policy: [{ timezone: 'UTC', idle_count: 1, idle_time: '5m' }],
  });
  expect(chart.toJson().map(({ kind }) => kind)).not.toContain('PriorityClass');
  expect(object(newChart({ warmCapacity: { policies: [{ jobs: 1 }] } }), 'PriorityClass').value).toBe(-1);
});

test('the manager has the rights for it', () => {
  const { rules } = object(newChart({ warmCapacity: { policies: POLICIES } }), 'Role');
  expect(rules).toContainEqual({ apiGroups: ['apps'], resources: ['deployments'], verbs: ['create', 'delete', 'get', 'list', 'update'] });
});

describe('the room is a whole job\'s', () => {
  const warmCapacity = { policies: [{ jobs: 1 }] };

  test('the helper\'s too, by default', () => {
    expect(sizes({ warmCapacity })).toEqual(['600m', '1280Mi', { cpu: '500m', memory: '1Gi' }]);
    expect(runner(newChart({ warmCapacity })).feature_flags.FF_USE_ADVANCED_POD_SPEC_CONFIGURATION).toBe(true);
    expect(kubernetes({}).cpu_request).toBe('500m');
  });

  test('that of services, as many as are told or listed', () => {
    expect(sizes({ warmCapacity: { ...warmCapacity, servicesPerJob: 2 } })).toEqual(['800m', '1792Mi', { cpu: '500m', memory: '1Gi' }]);
    const services = [{ name: 'postgres:17' }];
    expect(sizes({ warmCapacity, kubernetesSettings: { services } }).slice(0, 2)).toEqual(['700m', '1536Mi']);
    expect(sizes({ warmCapacity: { ...warmCapacity, servicesPerJob: 0 }, kubernetesSettings: { services } }).slice(0, 2)).toEqual(['600m', '1280Mi']);
  });

  test('with the requests that are set, and limits where there are none', () => {
    expect(sizes({
      warmCapacity: { ...warmCapacity, servicesPerJob: 1 },
      buildResources: { cpuRequest: '2', memoryRequest: '3.5Gi' }, helperResources: { cpuRequest: '', cpuLimit: '1', memoryRequest: '100M' },
      serviceResources: { cpuRequest: '', memoryRequest: '', memoryLimit: '' },
    })).toEqual(['3000m', '3680Mi', { cpu: '2', memory: '3.5Gi' }]);
    // 1.1 + 0.06 + 0.04 is more than 1.2 to a computer.
    expect(sizes({
      warmCapacity: { ...warmCapacity, servicesPerJob: 1 }, buildResources: { cpuRequest: '1100m' }, helperResources: { cpuRequest: '60m' }, serviceResources: { cpuRequest: '40m' },
    })[0]).toBe('1200m');
    expect(sizes({ warmCapacity, buildResources: { cpuRequest: '' } })).toEqual(['100m', '1280Mi', { cpu: null, memory: '1Gi' }]);
  });

  test('or what the pod as a whole asks for', () => {
    expect(sizes({ warmCapacity, kubernetesSettings: { pod_cpu_request: '3', pod_memory_limit: '8Gi' } })).toEqual(['3000m', '8192Mi', { cpu: null, memory: null }]);
  });

  test('beside other patches', () => {
    const own = { name: 'own', patch: 'hostname: job' };
    expect(kubernetes({ warmCapacity, kubernetesSettings: { pod_spec: [own] } }).pod_spec).toEqual([{ name: 'warm capacity', patch: expect.any(String) }, own]);
  });
});

describe('is checked against the pool', () => {
  const joined = (pool: object, props: Partial<KubernetesGitLabRunnerProps>) => {
    const stack = newStack();
    const cluster = new AksCluster(stack, 'Cluster', { location: LOCATION, jobNodePool: pool });
    const gitlab = GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'https://gitlab.com' });
    return new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, token: RunnerToken.kubernetesSecret('token'), ...props });
  };

  test('which has to have room for all', () => {
    const at = (jobs: number, pool: object = { maxCount: 2 }) => () => joined(pool, { warmCapacity: { policies: [{ jobs: 1 }, { jobs, periods: ['0 9 * * *'] }] } });
    // 2 × 4 vCPUs, 0.6 a job.
    expect(at(13)).not.toThrow();
    expect(at(14)).toThrow(new Error('warmCapacity.policies[1].jobs: the pool jobs has no room for as many: a job asks for 600m CPU and 1280Mi of memory, and at its '
      + 'largest the pool has 8 vCPUs and 32 GiB, got 14; lower it, or give the pool more or larger nodes (at Test/Runner)'));
    expect(at(7, { nodeCount: 1 })).toThrow('has 4 vCPUs and 16 GiB');
    // 4 vCPUs, but 8 GiB, 1.25 a job.
    const small = { maxCount: 1, vmSize: 'Standard_F4s_v2' };
    expect(at(6, small)).not.toThrow();
    expect(() => joined(small, { warmCapacity: { policies: [{ jobs: 6 }], servicesPerJob: 1 } })).toThrow('asks for 700m CPU and 1536Mi of memory');
  });

  test('unless something of it is known to nobody', () => {
    const stack = newStack();
    const value = new TerraformVariable(stack, 'v', {});
    expect(() => joined({ maxCount: value.numberValue }, { warmCapacity: { policies: [{ jobs: 900 }] } })).not.toThrow();
    expect(() => joined({ vmSize: value.stringValue }, { warmCapacity: { policies: [{ jobs: 900 }] } })).not.toThrow();
    expect(() => joined({}, { warmCapacity: { policies: [{ jobs: value.numberValue }] } })).not.toThrow();
    const elsewhere = joinExisting({ warmCapacity: { policies: [{ jobs: 900 }] } });
    expect(config(elsewhere.runner).runners[0].kubernetes.autoscaler.policy[0].idle_count).toBe(900);
  });
});

describe('fails when', () => {
  const ONE = { policies: [{ jobs: 1 }] };
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'Exists' }] }] } };
  test.each([
    [{ warmCapacity: {} }, 'warmCapacity.policies: missing, got nothing; give a list, each item an object with its props'],
    [{ warmCapacity: { policies: [] } }, 'warmCapacity.policies: empty, got []; give at least 1, each an object with its props'],
    [{ warmCapacity: { policies: [{}] } }, 'warmCapacity.policies[0].jobs: missing, got nothing; give a whole number from 0 to 1000'],
    [{ warmCapacity: { policies: [{ jobs: -1 }] } }, 'warmCapacity.policies[0].jobs: out of range, got -1; give a whole number from 0 to 1000'],
    [{ warmCapacity: { policies: [{ jobs: 1, periods: [] }] } }, 'warmCapacity.policies[0].periods: empty, got []; give at least 1, each a cron line of five fields such as '
      + '"* 7-19 * * mon-fri", or leave it out'],
    [{ warmCapacity: { policies: [{ jobs: 1, periods: ['mornings'] }] } }, 'warmCapacity.policies[0].periods[0]: not a valid value, got "mornings"; give a cron line of five '
      + 'fields such as "* 7-19 * * mon-fri"'],
    [{ warmCapacity: { policies: [{ jobs: 1, periods: ['0 * 7-19 * * mon-fri'] }] } }, 'warmCapacity.policies[0].periods[0]: not a valid value, got "0 * 7-19 * * mon-fri"; give a '
      + 'cron line of five fields such as "* 7-19 * * mon-fri"'],
    [{ warmCapacity: { policies: [{ jobs: 1, timeZone: 'Seoul' }] } }, 'warmCapacity.policies[0].timeZone: not a valid value, got "Seoul"; give a time zone such as "Asia/Seoul"'],
    [{ warmCapacity: { policies: [{ jobs: 1, timeZone: '' }] } }, 'warmCapacity.policies[0].timeZone: not a valid value, got ""; give a time zone such as "Asia/Seoul"'],
    [{ warmCapacity: { policies: [{ jobs: 1, timeZone: '+09:00' }] } }, 'warmCapacity.policies[0].timeZone: not a valid value, got "+09:00"; give a time zone such as "Asia/Seoul"'],
    [{ warmCapacity: { ...ONE, servicesPerJob: 21 } }, 'warmCapacity.servicesPerJob: out of range, got 21; give a whole number from 0 to 20'],
    [{ warmCapacity: { ...ONE, priorityClassName: 'Idle' } }, 'warmCapacity.priorityClassName: not a valid value, got "Idle"; give a Kubernetes name such as "gitlab-runner"'],
    [{ warmCapacity: ONE, kubernetesSettings: { autoscaler: { policy: [{ idle_count: 1 }] } } }, 'kubernetesSettings.autoscaler.policy: warmCapacity says what is kept free, got '
      + '[{"idle_count":1}]; leave one of the two out'],
    [{ warmCapacity: { ...ONE, priorityClassName: 'idle' }, kubernetesSettings: { autoscaler: { pause_pod_priority_class_name: 'low' } } },
      'kubernetesSettings.autoscaler.pause_pod_priority_class_name: given in warmCapacity.priorityClassName too, got "low"; leave one of the two out'],
    [{ warmCapacity: ONE, kubernetesSettings: { memory_request_overwrite_max_allowed: '8Gi' } }, 'kubernetesSettings.memory_request_overwrite_max_allowed: no room can be kept for '
      + 'jobs that choose how much they need, got "8Gi"; leave it or warmCapacity out'],
    [{ warmCapacity: ONE, gpus: 1 }, 'warmCapacity: the runner keeps no GPUs free, got {"policies":[{"jobs":1}]}; leave it out, and give the node pool a minCount'],
    [{ warmCapacity: ONE, affinity: { nodeAffinity } }, 'warmCapacity: the pods that keep room do not follow affinity, and would keep it on other nodes, got {"policies":[{"jobs":1}]}; '
      + 'use nodeSelector or nodePool in place of affinity'],
    [{ warmCapacity: ONE, runnerVersion: GitLabVersion.of('18.10.0') }, 'warmCapacity: not known to runner 18.10, got {"policies":[{"jobs":1}]}; take runner 18.11 or later'],
  ] as [any, string][])('%j', (props, message) => {
    expect(() => newChart(props)).toThrow(new Error(`${message} (at ci)`));
  });

  test('nobody knows how much a job needs', () => {
    const stack = newStack();
    const memoryRequest = new TerraformVariable(stack, 'v', {}).stringValue;
    expect(() => newChart({ warmCapacity: ONE, helperResources: { memoryRequest } })).toThrow(
      /^warmCapacity: needs to know how much a job asks for, and helper_memory_request is known only at apply time, got "\$\{…\}"; give an amount known to the program \(at ci\)$/);
  });
});
