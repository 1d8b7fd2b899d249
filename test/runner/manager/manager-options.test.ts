import { App } from 'cdk8s';
import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { parse } from 'smol-toml';
import { GitLabRunnerChart, GitLabRunnerChartProps, RunnerPodMonitor, RunnerToken } from '../../../src/runner';

function newChart(props: Partial<GitLabRunnerChartProps>): GitLabRunnerChart {
  return new GitLabRunnerChart(new App(), 'ci', { gitlabUrl: 'https://gitlab.example.com', token: RunnerToken.kubernetesSecret('ci-token'), ...props });
}

const object = (chart: GitLabRunnerChart, kind: string): any => chart.toJson().find((manifest) => manifest.kind === kind);
const template = (props: Partial<GitLabRunnerChartProps>): any => object(newChart(props), 'Deployment').spec.template;
const pod = (props: Partial<GitLabRunnerChartProps>): any => template(props).spec;
/** The variables of every container, those that call GitLab and Azure. */
const variables = (managerEnvironment: { [name: string]: string }): any[] => {
  const { containers, initContainers } = pod({ managerEnvironment });
  return [...containers, ...initContainers].map(({ env }) => Object.fromEntries(env.map(({ name, value }: any) => [name, value])));
};

describe('the manager\'s variables', () => {
  test('are those of both containers, with the API server past a proxy', () => {
    const inside = '$(KUBERNETES_SERVICE_HOST),.svc,.cluster.local';
    for (const [given, exceptions] of [
      [{ HTTPS_PROXY: 'http://proxy:3128' }, { NO_PROXY: inside }],
      [{ https_proxy: 'http://proxy:3128', no_proxy: '10.0.0.0/8' }, { no_proxy: `10.0.0.0/8,${inside}` }],
      [{ ALL_PROXY: 'http://proxy:3128', NO_PROXY: '' }, { NO_PROXY: inside }],
      [{ NO_PROXY: 'a' }, { NO_PROXY: 'a' }],
      [{ LANG: 'C.UTF-8' }, {}],
    ] as any[]) {
      const found = variables(given);
      expect(found).toHaveLength(2);
      expect(found[0]).toEqual({ ...given, ...exceptions, HOME: '/home/gitlab-runner' });
      expect(found[1]).toMatchObject({ ...given, ...exceptions, HOME: '/tmp', OUTPUT: '/etc/gitlab-runner' });
    }
    expect(newChart({ managerEnvironment: { HTTPS_PROXY: 'http://u:p4ss@proxy:3128' } }).node.metadata.map(({ data }) => data)).toEqual([
      'managerEnvironment: HTTPS_PROXY looks like a secret, and is stored in plain text in the Deployment and in the Terraform state; '
      + 'use managerEnvironmentSecrets [secrets-in-environment]',
    ]);
  });
});

test('the manager\'s place, annotations, images\' secrets, priority and names', () => {
  const props: Partial<GitLabRunnerChartProps> = {
    managerNodeSelector: { pool: 'ops' },
    managerTolerations: ['ops=true:NoSchedule', 'spot', ':NoExecute', 'a='],
    managerPodAnnotations: { 'example.com/owner': 'ci' },
    managerImagePullSecrets: ['mirror'],
    managerPriorityClassName: 'platform',
    hostAliases: { '10.20.0.4': ['gitlab.example.com', 'registry.example.com'] },
  };
  expect(pod(props)).toMatchObject({
    nodeSelector: { 'pool': 'ops', 'kubernetes.io/os': 'linux' },
    tolerations: [
      { key: 'CriticalAddonsOnly', operator: 'Exists' }, { key: 'ops', operator: 'Equal', value: 'true', effect: 'NoSchedule' }, { key: 'spot', operator: 'Exists' },
      { operator: 'Exists', effect: 'NoExecute' }, { key: 'a', operator: 'Equal', value: '' },
    ],
    imagePullSecrets: [{ name: 'mirror' }],
    priorityClassName: 'platform',
    hostAliases: [{ ip: '10.20.0.4', hostnames: ['gitlab.example.com', 'registry.example.com'] }],
  });
  expect(template(props).metadata.annotations).toMatchObject({ 'example.com/owner': 'ci', 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' });
  const { data } = object(newChart({ ...props, kubernetesSettings: { host_aliases: [{ ip: '10.0.0.1', hostnames: ['own'] }] } }), 'ConfigMap');
  expect((parse(data['config.template.toml']) as any).runners[0].kubernetes.host_aliases).toEqual([
    { ip: '10.20.0.4', hostnames: ['gitlab.example.com', 'registry.example.com'] }, { ip: '10.0.0.1', hostnames: ['own'] },
  ]);
  for (const absent of ['imagePullSecrets', 'priorityClassName', 'hostAliases']) {
    expect(pod({})).not.toHaveProperty(absent);
  }
});

test('the manager\'s own volumes', () => {
  const { volumes, containers, initContainers } = pod({
    managerVolumes: { '/home/gitlab-runner/.docker': { secret: { secretName: 'registries' } }, '/etc/ssl/own': { configMap: { name: 'ca' } } },
  });
  expect(volumes.slice(-2)).toEqual([{ name: 'own-0', secret: { secretName: 'registries' } }, { name: 'own-1', configMap: { name: 'ca' } }]);
  expect(containers[0].volumeMounts.slice(-2)).toEqual([{ name: 'own-0', mountPath: '/home/gitlab-runner/.docker' }, { name: 'own-1', mountPath: '/etc/ssl/own' }]);
  expect(JSON.stringify(initContainers)).not.toContain('own-0');
});

test('the pod monitor\'s labels and interval', () => {
  const props = { podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR, podMonitorLabels: { release: 'prometheus' }, podMonitorIntervalSeconds: 30 };
  expect(object(newChart(props), 'PodMonitor')).toMatchObject({
    metadata: { labels: { 'release': 'prometheus', 'app.kubernetes.io/name': 'gitlab-runner' } },
    spec: { podMetricsEndpoints: [{ port: 'metrics', path: '/metrics', interval: '30s' }] },
  });
  expect(object(newChart({ podMonitor: RunnerPodMonitor.AZURE_MONITOR }), 'PodMonitor').spec.podMetricsEndpoints).toEqual([{ port: 'metrics', path: '/metrics' }]);
});

test('several managers have an id each, different nodes, and a budget for drains; one has none of that', () => {
  const several = newChart({ managerReplicas: 3 });
  const { replicas, strategy, template: { spec } } = object(several, 'Deployment').spec;
  expect([replicas, strategy.rollingUpdate]).toEqual([3, { maxSurge: 3, maxUnavailable: 0 }]);
  expect(spec.initContainers[0].env).toContainEqual({ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } });
  const common = {
    maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'gitlab-runner' } }, matchLabelKeys: ['pod-template-hash'],
  };
  expect(spec.topologySpreadConstraints).toEqual([
    { topologyKey: 'topology.kubernetes.io/zone', ...common }, { topologyKey: 'kubernetes.io/hostname', ...common },
  ]);
  expect(object(several, 'PodDisruptionBudget')).toMatchObject({
    apiVersion: 'policy/v1', spec: { maxUnavailable: 1, selector: { matchLabels: { 'app.kubernetes.io/name': 'gitlab-runner' } } },
  });

  const one = object(newChart({ managerReplicas: 1 }), 'Deployment');
  expect(one).toEqual(object(newChart({}), 'Deployment'));
  expect(object(newChart({}), 'PodDisruptionBudget')).toBeUndefined();
  expect(JSON.stringify(one)).not.toMatch(/POD_NAME|topologySpread/);
});

test('have no field that Kubernetes does not know', () => {
  const { spec } = object(newChart({
    managerReplicas: 2,
    managerTolerations: ['a=b:NoSchedule', ''],
    managerImagePullSecrets: ['a'], hostAliases: { '10.0.0.4': ['a'] },
    managerVolumes: { '/x': { secret: { secretName: 'x' } } }, managerPriorityClassName: 'a',
  }), 'Deployment').spec.template;
  const { containers: _containers, initContainers: _initContainers, volumes: _volumes, ...rest } = spec;
  const written = Object.entries((k8s as any).toJson_PodSpec({ ...rest, containers: [] })).filter(([, value]) => value !== undefined);
  expect(written.map(([key]) => key).sort())
    .toEqual([...Object.keys(rest), 'containers'].sort());
  expect((k8s as any).toJson_PodSpec({ ...rest, containers: [] }).tolerations).toEqual(rest.tolerations);
});

test.each<[string, Partial<GitLabRunnerChartProps>, string]>([
  ['a variable is the manager\'s own', { managerEnvironment: { HOME: '/x' } }, 'managerEnvironment["HOME"]: set by the manager itself, got "/x"; use another name (at ci)'],
  ['an annotation is', { managerPodAnnotations: { 'checksum/config': 'x' } },
    'managerPodAnnotations["checksum/config"]: set by the manager itself, got "x"; use another name (at ci)'],
  ['a path is', { managerVolumes: { '/etc/gitlab-runner/x': { secret: { secretName: 'a' } } } },
    'managerVolumes["/etc/gitlab-runner/x"]: the manager has a volume of its own there, got "/etc/gitlab-runner/x"; use another path (at ci)'],
  ['a path is the home', { managerVolumes: { '/home/gitlab-runner': { secret: { secretName: 'a' } } } },
    'managerVolumes["/home/gitlab-runner"]: the manager has a volume of its own there, got "/home/gitlab-runner"; use another path (at ci)'],
  ['an address is none', { hostAliases: { gitlab: ['gitlab'] } },
    'hostAliases["gitlab"]: not a valid value, got "gitlab"; give an IP address such as "10.20.0.4" (at ci)'],
  ['a name has capitals', { hostAliases: { '10.0.0.4': ['GitLab'] } },
    'hostAliases["10.0.0.4"][0]: not a valid value, got "GitLab"; give a host name in lower case such as "gitlab.example.com" (at ci)'],
  ['the manager would be among Kubernetes\' own pods', { namespace: 'kube-system' },
    'namespace: one of Kubernetes\' own namespaces, whose names begin with "kube-", got "kube-system"; take another name (at ci)'],
  ['the jobs would be there', { jobNamespace: 'kube-public', namespaceCreationEnabled: false },
    'jobNamespace: one of Kubernetes\' own namespaces, whose names begin with "kube-", got "kube-public"; take another name (at ci)'],
  ['a namespace is there already', { namespace: 'default' },
    'namespace: every cluster has it, so that it cannot be created, got "default"; take another name, or set namespaceCreationEnabled to false (at ci)'],
  ['nobody collects metrics', { podMonitorLabels: { a: 'b' } }, 'podMonitorLabels: has no effect without podMonitor, got {"a":"b"}; leave it out, or set podMonitor (at ci)'],
])('fail when %s', (_name, props, message) => {
  expect(() => newChart(props)).toThrow(new Error(message));
});
