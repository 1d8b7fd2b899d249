import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { TerraformVariable, Token } from 'cdktf';
import { GitLabRunnerChartProps, RunnerPodMonitor, RunnerToken } from '../../src/runner';
import { newStack } from '../synth';
import { kinds, newChart, object, runner, warnings } from './chart';

/** Quantities and ports as cdk8s has them. */
function wrapped(value: any, key = ''): any {
  if (Array.isArray(value)) {
    return value.map((element) => wrapped(element));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, wrapped(item, name)]));
  }
  return ['cpu', 'memory', 'ephemeral-storage', 'sizeLimit', 'port', 'maxSurge', 'maxUnavailable'].includes(key) ? { value } : value;
}

describe('the objects', () => {
  test('are plain Kubernetes without any Terraform', () => {
    const chart = newChart();
    expect(kinds(chart)).toEqual([
      'ConfigMap', 'Deployment', 'Namespace', 'NetworkPolicy', 'NetworkPolicy', 'Role', 'RoleBinding', 'ServiceAccount', 'ServiceAccount',
    ]);
    expect(JSON.stringify(chart.toJson())).not.toMatch(/TfToken/);
    const namespaced = chart.toJson().filter((manifest) => manifest.kind !== 'Namespace');
    expect(namespaced.map((manifest) => manifest.metadata.namespace)).toEqual(namespaced.map(() => 'gitlab-runner'));
    expect(object(chart, 'Namespace').metadata).toEqual({
      name: 'gitlab-runner', labels: { 'app.kubernetes.io/name': 'gitlab-runner', 'pod-security.kubernetes.io/enforce': 'baseline' },
    });
  });

  test('have no field that Kubernetes does not know', () => {
    const chart = newChart({
      jobNamespace: 'jobs',
      bootVerificationEnabled: true,
      podMonitor: RunnerPodMonitor.AZURE_MONITOR,
      token: RunnerToken.terraformVariable(new TerraformVariable(newStack(), 'Token', { sensitive: true })),
      kubernetesSettings: { autoscaler: {}, namespace_per_job: true },
    });
    const perJob = newChart();
    const known = new Set(['SecretProviderClass', 'PodMonitor']);
    for (const manifest of [...chart.toJson(), ...perJob.toJson()].filter(({ kind }) => !known.has(kind))) {
      // writes the fields that its version of the API has, and no other.
      const { apiVersion, kind, ...props } = manifest;
      const written = (k8s as any)[`Kube${kind}`].manifest(wrapped(props));
      expect(JSON.parse(JSON.stringify(written))).toEqual({ apiVersion, kind, ...props });
    }
  });

  test('keep the manager apart from the jobs if wanted', () => {
    const chart = newChart({ namespace: 'runner', jobNamespace: 'jobs' });
    expect(object(chart, 'Namespace', 'runner').metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
    expect(object(chart, 'Namespace', 'jobs').metadata.labels['pod-security.kubernetes.io/enforce']).toBe('baseline');
    expect(object(chart, 'Role').metadata.namespace).toBe('jobs');
    expect(object(chart, 'RoleBinding').subjects).toEqual([{ kind: 'ServiceAccount', name: 'gitlab-runner', namespace: 'runner' }]);
    expect(object(chart, 'ServiceAccount', 'gitlab-runner-job').metadata.namespace).toBe('jobs');
    expect(runner(chart).kubernetes).toMatchObject({ namespace: 'jobs', service_account: 'gitlab-runner-job' });
  });

  test('can be read by other code: kinds, names and labels are text', () => {
    for (const { kind, metadata } of newChart({ jobNamespace: 'jobs' }).apiObjects) {
      expect([typeof kind, typeof metadata.name, typeof metadata.namespace]).toEqual(['string', 'string', 'string']);
    }
  });

  test('leave existing namespaces alone if wanted', () => {
    expect(kinds(newChart({ namespaceCreationEnabled: false }))).not.toContain('Namespace');
  });

  test('tell Prometheus where metrics are, and open the port to it alone', () => {
    const closed = object(newChart(), 'NetworkPolicy', 'gitlab-runner').spec;
    expect(closed).toEqual({ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'gitlab-runner' } }, policyTypes: ['Ingress'], ingress: [] });
    const chart = newChart({ podMonitor: RunnerPodMonitor.AZURE_MONITOR, jobNamespace: 'jobs' });
    expect(object(chart, 'PodMonitor').apiVersion).toBe('azmonitoring.coreos.com/v1');
    expect(object(chart, 'PodMonitor').spec.podMetricsEndpoints).toEqual([{ port: 'metrics', path: '/metrics' }]);
    const open = (props: Partial<GitLabRunnerChartProps>) => object(newChart(props), 'NetworkPolicy', 'gitlab-runner').spec.ingress;
    const to = (namespace: string) => [{
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }], ports: [{ port: 9252, protocol: 'TCP' }],
    }];
    expect(open({ podMonitor: RunnerPodMonitor.AZURE_MONITOR })).toEqual(to('kube-system'));
    expect(open({ podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR })).toEqual(to('monitoring'));
    expect(open({ podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR, prometheusNamespace: 'observability' })).toEqual(to('observability'));
  });

  test('fail where Prometheus lives with jobs, or nobody collects metrics', () => {
    for (const prometheusNamespace of ['gitlab-runner', 'jobs']) {
      expect(() => newChart({ podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR, jobNamespace: 'jobs', prometheusNamespace })).toThrow(
        `prometheusNamespace: jobs or managers run in this namespace, and must not reach the metrics, got "${prometheusNamespace}"; `
        + 'give Prometheus a namespace of its own (at ci)');
    }
    expect(() => newChart({ prometheusNamespace: 'monitoring' })).toThrow(
      'prometheusNamespace: has no effect without podMonitor, got "monitoring"; leave it out, or set podMonitor (at ci)');
    expect(() => newChart({ podMonitor: RunnerPodMonitor.AZURE_MONITOR, prometheusNamespace: 'A b' })).toThrow(/^prometheusNamespace: not a valid value/);
  });
});

describe('references', () => {
  const variable = new TerraformVariable(newStack(), 'Reference', {});
  const toml = (props: any): string => object(newChart(props), 'ConfigMap').data['config.template.toml'];
  const rendered = (props: any): string[] => toml(props).split('\n').filter((line) => line.includes('TfToken')).map((line) => line.trim());

  test('in settings become values of the setting\'s own type', () => {
    expect(rendered({
      kubernetesSettings: {
        scheduler_name: variable.value, poll_interval: variable.value, cap_drop: variable.value,
        use_service_account_image_pull_secrets: variable.value,
        services: [{ name: variable.value, environment: [variable.value] }], dns_config: { nameservers: variable.listValue },
        container_lifecycle: { pre_stop: { exec: { command: [variable.value] } } }, retry_limits: { eof: variable.value },
      },
    }).map((line) => line.split(' = ')[0])).toEqual([
      'scheduler_name', 'poll_interval', 'cap_drop', 'use_service_account_image_pull_secrets', 'eof', 'name', 'environment', 'nameservers', 'command',
    ]);
  });

  test('in an affinity and in lists and maps of text are kept', () => {
    const term = { key: 'zone', operator: 'In', values: [variable.stringValue] };
    const affinity = {
      nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: variable.value, preference: { matchExpressions: [term] } }] },
    };
    expect(rendered({ affinity }).map((line) => line.split(' = ')[0])).toEqual(['weight', 'values']);
    expect(rendered({ allowedImages: variable.listValue })).toEqual([expect.stringMatching(/^allowed_images = \$\{TfToken/)]);
    expect(rendered({ environment: { A: variable.value } })).toHaveLength(1);
  });

  test.each<[string, any, RegExp]>([
    ['the settings are one', variable.value, /^kubernetesSettings: known only at apply time, got [^;]+; write the map here; its values may be references \(at ci\)$/],
    ['a table is one', { dns_config: variable.value }, /^kubernetesSettings\.dns_config: known only at apply time, /],
    ['a table in an open table is a map of cdktf\'s', { container_lifecycle: { pre_stop: { exec: Token.asAnyMap(variable.value) } } },
      /^kubernetesSettings\.container_lifecycle\.pre_stop\.exec: known only at apply time, /],
    ['a list of tables is one', { pod_spec: variable.listValue }, /^kubernetesSettings\.pod_spec: known only at apply time, /],
    ['a table in a list is one', { pod_spec: [variable.value] }, /^kubernetesSettings\.pod_spec\[0\]: known only at apply time, /],
    ['a map of text is one', { retry_limits: variable.value }, /^kubernetesSettings\.retry_limits: known only at apply time, /],
    ['what is made depends on one', { namespace_per_job: variable.value },
      /^kubernetesSettings\.namespace_per_job: known only at apply time, got [^;]+; give true or false, known to the program: what is made depends on it \(at ci\)$/],
  ])('fail where %s', (_name, kubernetesSettings, message) => {
    expect(() => newChart({ kubernetesSettings })).toThrow(message);
    expect(() => newChart({ kubernetesSettings })).not.toThrow(/TfToken/);
  });

  test('that may give a job the rights of its node warn as if they did', () => {
    expect(warnings(newChart({ privileged: variable.booleanValue as any }))).toEqual([
      'privileged: every job can control the node it runs on, and with it the other jobs there; keep such jobs on a pool of their own',
    ]);
  });
});

test('what is null is left out, in settings too', () => {
  const nothing = { kubernetesSettings: { dns_config: null, retry_limits: { eof: null }, runtime_class_name: null } };
  const props: any = { ...nothing, concurrent: null, buildResources: null, volumes: null, cache: null, podLabels: { a: null } };
  expect(runner(newChart(props)).kubernetes)
    .toEqual({ ...runner(newChart()).kubernetes, retry_limits: expect.anything() });
});
