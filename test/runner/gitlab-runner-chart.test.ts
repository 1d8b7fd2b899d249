import * as fs from 'fs';
import { App } from 'cdk8s';
import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { TerraformVariable, Token } from 'cdktf';
import { parse } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { scriptPath } from '../../src/assets';
import { KeyVaultSecret } from '../../src/azure';
import { GitLabRunnerScope, GitLabVersion } from '../../src/gitlab';
import {
  ChartRunnerOptions, GitLabRunnerChart, GitLabRunnerChartProps, RunnerCache, RunnerLogFormat, RunnerLogLevel, RunnerPodMonitor, RunnerPullPolicy,
  RunnerSeccompProfile, RunnerToken, RunnerVolume,
} from '../../src/runner';
import { KUBERNETES_KEYS } from '../../src/runner/job-pod/kubernetes-keys';
import { newStack } from '../synth';

const UUID = '00000000-0000-0000-0000-000000000001';
const TOKEN = RunnerToken.kubernetesSecret('ci-token');

function newChart(props: Partial<GitLabRunnerChartProps> = {}): GitLabRunnerChart {
  // the folder of cdk8s' Testing.app(), which would make one for each.
  return new GitLabRunnerChart(new App({ outdir: 'cdk8s.outdir.' }), 'ci', { gitlabUrl: 'https://gitlab.example.com', token: TOKEN, ...props });
}

/** The one object of a kind, by name where there are several. */
function object(chart: GitLabRunnerChart, kind: string, name?: string): any {
  const found = chart.toJson().filter((manifest) => manifest.kind === kind && (name === undefined || manifest.metadata.name === name));
  if (found.length !== 1) {
    throw new Error(`expected one ${kind}, found ${found.length}`);
  }
  return found[0];
}

const kinds = (chart: GitLabRunnerChart): string[] => chart.toJson().map((manifest) => manifest.kind).sort();
const pod = (chart: GitLabRunnerChart): any => object(chart, 'Deployment').spec.template;
const config = (chart: GitLabRunnerChart): any => parse(object(chart, 'ConfigMap').data['config.template.toml']);
const runner = (chart: GitLabRunnerChart): any => config(chart).runners[0];
const warnings = (chart: GitLabRunnerChart): string[] => chart.node.metadata.filter(({ type }) => type === '@cdktf/warn')
  .map(({ data }) => data.replace(/ \[[a-z-]+\]$/, ''));
/** Types that JavaScript lets through. */
const wrong = (value: unknown): any => value;

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

describe('the manager\'s pod', () => {
  test('runs without rights on a read-only file system', () => {
    const { spec } = pod(newChart());
    expect(spec.securityContext).toEqual({
      runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65533, fsGroup: 65533, seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const container of [...spec.containers, ...spec.initContainers]) {
      expect(container.securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true });
      expect(container.image).toBe('registry.gitlab.com/gitlab-org/gitlab-runner:alpine-v19.4.0');
      expect(Object.keys(container.resources.requests)).toEqual(['cpu', 'ephemeral-storage', 'memory']);
      expect(Object.keys(container.resources.limits)).toEqual(['cpu', 'ephemeral-storage', 'memory']);
    }
  });

  test('keeps the secrets to the sidecar, which renders config.toml into memory before the runner starts', () => {
    const { spec } = pod(newChart());
    const [sidecar] = spec.initContainers;
    const [manager] = spec.containers;
    expect(sidecar.restartPolicy).toBe('Always');
    expect(sidecar.startupProbe.exec.command).toEqual(['test', '-s', '/etc/gitlab-runner/config.toml']);
    expect(sidecar.volumeMounts).toContainEqual({ name: 'token-0', mountPath: '/secrets/token-0', readOnly: true });
    expect(manager.volumeMounts.map((mount: any) => mount.name)).toEqual(['config-map', 'config', 'home', 'tmp', 'api-access']);
    expect(manager.volumeMounts[1]).toEqual({ name: 'config', mountPath: '/etc/gitlab-runner', readOnly: true });
    expect(spec.volumes).toContainEqual({ name: 'config', emptyDir: { medium: 'Memory', sizeLimit: '4Mi' } });
    expect(JSON.stringify(spec)).not.toContain('subPath');
  });

  test('shows the token of the Kubernetes API to the runner alone', () => {
    const { spec } = pod(newChart());
    const [manager] = spec.containers;
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(spec.volumes.filter(({ projected }: any) => projected)).toEqual([{
      name: 'api-access',
      projected: {
        sources: [
          { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        ],
      },
    }]);
    expect(manager.volumeMounts.at(-1)).toEqual({ name: 'api-access', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true });
    expect(JSON.stringify(spec.initContainers)).not.toContain('api-access');
  });

  test('stops gracefully and is never without a manager', () => {
    const chart = newChart({ gracefulStopSeconds: 7200 });
    const { spec } = pod(chart);
    expect(spec.terminationGracePeriodSeconds).toBe(7200);
    expect(spec.containers[0].command).toEqual(['sh', '/config/start-runner.sh']);
    expect(spec.containers[0].args[0]).toBe('run');
    expect(spec.containers[0].lifecycle).toBeUndefined();
    expect(object(chart, 'ConfigMap').data['start-runner.sh']).toBe(fs.readFileSync(scriptPath('runner', 'start-runner.sh'), 'utf8'));
    expect(object(chart, 'Deployment').spec.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    expect(object(chart, 'Deployment').spec.replicas).toBe(1);
  });

  test('is probed at itself, not at GitLab', () => {
    const [manager] = pod(newChart()).spec.containers;
    expect([manager.startupProbe.tcpSocket, manager.readinessProbe.httpGet, manager.livenessProbe.httpGet]).toEqual([
      { port: 'metrics' }, { path: '/metrics', port: 'metrics' }, { path: '/metrics', port: 'metrics' },
    ]);
    const verified = newChart({ bootVerificationEnabled: true, pollTimeoutSeconds: 900 });
    expect(pod(verified).spec.containers[0].readinessProbe.httpGet.path).toBe('/health/ready');
    expect(pod(verified).spec.containers[0].livenessProbe.httpGet.path).toBe('/metrics');
    expect(runner(verified).experimental).toEqual({ boot_verify: { enabled: true, timeout: '1200s' } });
    expect(verified.startTimeoutSeconds).toBe(2100);
  });

  test('lands on system nodes if there are some, and never on spot nodes', () => {
    const { spec } = pod(newChart());
    expect(spec.tolerations).toEqual([{ key: 'CriticalAddonsOnly', operator: 'Exists' }]);
    expect(spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms).toEqual([
      { matchExpressions: [{ key: 'kubernetes.azure.com/scalesetpriority', operator: 'NotIn', values: ['spot'] }] },
    ]);
    expect(spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions).toEqual([
      { key: 'kubernetes.azure.com/mode', operator: 'In', values: ['system'] },
    ]);
  });

  test('has one system id over restarts and changes, and another than its neighbours', () => {
    const id = (chart: GitLabRunnerChart) => pod(chart).spec.initContainers[0].env.find(({ name }: any) => name === 'SYSTEM_ID').value;
    expect(id(newChart())).toMatch(/^[sr]_[0-9A-Za-z]{12}$/);
    expect(id(newChart({ concurrent: 3 }))).toBe(id(newChart()));
    expect(id(newChart({ namespace: 'other' }))).not.toBe(id(newChart()));
  });

  test('is replaced when its configuration changes, but not for what it has not got', () => {
    const checksum = (props: Partial<GitLabRunnerChartProps>) => pod(newChart(props)).metadata.annotations['checksum/config'];
    expect(checksum({})).toBe(checksum({}));
    expect(checksum({ concurrent: 11 })).not.toBe(checksum({}));
    expect(checksum({ podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR })).toBe(checksum({}));
  });

  test('takes what is given for it', () => {
    const { spec, metadata } = pod(newChart({
      managerImage: 'example.azurecr.io/runner:1',
      managerUserId: 999,
      managerResources: { memoryRequest: '1Gi', cpuLimit: '50m' },
      managerServiceAccount: { name: 'manager', podLabels: { team: 'ci' } },
    }));
    expect(spec.containers[0].image).toBe('example.azurecr.io/runner:1');
    expect(spec.securityContext.runAsUser).toBe(999);
    expect(spec.containers[0].resources).toEqual({
      requests: { 'cpu': '50m', 'memory': '1Gi', 'ephemeral-storage': '128Mi' }, limits: { 'cpu': '50m', 'memory': '1Gi', 'ephemeral-storage': '512Mi' },
    });
    expect(spec.serviceAccountName).toBe('manager');
    expect(metadata.labels).toEqual({ 'app.kubernetes.io/name': 'gitlab-runner', 'team': 'ci' });
  });
});

describe('tokens', () => {
  const secret = (name: string, vault = 'ci-vault') => KeyVaultSecret.of(`/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/${vault}`, name);
  const reader = { tenantId: UUID, clientId: UUID };
  const mark = (chart: GitLabRunnerChart, index = 0) => config(chart).runners[index].token;
  const volume = (chart: GitLabRunnerChart, name: string) => pod(chart).spec.volumes.find((candidate: any) => candidate.name === name);

  test('of a Kubernetes Secret', () => {
    const chart = newChart({ token: RunnerToken.kubernetesSecret('ci-token', 'key') });
    expect(mark(chart)).toBe('@text:/secrets/token-0/token@');
    expect(volume(chart, 'token-0')).toEqual({ name: 'token-0', secret: { secretName: 'ci-token', items: [{ key: 'key', path: 'token' }] } });
    expect(kinds(chart)).not.toContain('Secret');
  });

  test('of a volume', () => {
    const chart = newChart({ token: RunnerToken.volume({ csi: { driver: 'x.example.com' } }, 'dir/file') });
    expect(mark(chart)).toBe('@text:/secrets/token-0/dir/file@');
    expect(volume(chart, 'token-0')).toEqual({ name: 'token-0', csi: { driver: 'x.example.com' } });
  });

  test('of a Key Vault, one volume for each vault, the certificate of GitLab\'s authority too', () => {
    const chart = newChart({ token: RunnerToken.keyVaultSecret(secret('runner'), { ...reader, caSecretName: 'ca' }) });
    chart.addRunner('second', { token: RunnerToken.keyVaultSecret(secret('other'), { ...reader, caSecretName: 'ca' }) });
    chart.addRunner('third', { token: RunnerToken.keyVaultSecret(secret('runner', 'other-vault'), reader) });
    expect(config(chart).runners.map((entry: any) => [entry.token, entry['tls-ca-file']])).toEqual([
      ['@text:/secrets/vault-0/token-0@', '@copy:/secrets/vault-0/ca-0.pem@'],
      ['@text:/secrets/vault-0/token-1@', '@copy:/secrets/vault-0/ca-0.pem@'],
      ['@text:/secrets/vault-1/token-2@', undefined],
    ]);
    const { parameters, provider } = object(chart, 'SecretProviderClass', 'gitlab-runner-vault-0').spec;
    expect(provider).toBe('azure');
    expect({ ...parameters, objects: parseYaml(parameters.objects).array.map(parseYaml) }).toEqual({
      usePodIdentity: 'false',
      clientID: UUID,
      keyvaultName: 'ci-vault',
      tenantId: UUID,
      cloudName: '',
      objects: [
        { objectName: 'runner', objectType: 'secret', objectAlias: 'token-0' },
        { objectName: 'ca', objectType: 'secret', objectAlias: 'ca-0.pem' },
        { objectName: 'other', objectType: 'secret', objectAlias: 'token-1' },
      ],
    });
    expect(volume(chart, 'vault-1').csi).toEqual({
      driver: 'secrets-store.csi.k8s.io', readOnly: true, volumeAttributes: { secretProviderClass: 'gitlab-runner-vault-1' },
    });
  });

  test('of a Terraform variable, with a warning', () => {
    const variable = new TerraformVariable(newStack(), 'RunnerToken', { sensitive: true });
    const chart = newChart({ token: RunnerToken.terraformVariable(variable) });
    expect(object(chart, 'Secret').stringData).toEqual({ token: expect.stringMatching(/^\$\{TfToken\[[\w.]+\]\}$/) });
    expect(object(chart, 'ConfigMap').data['config.template.toml']).not.toContain('TfToken');
    expect(warnings(chart)).toEqual(['token: the value of the Terraform variable lands in the state, in Helm\'s records and in a Kubernetes Secret; '
      + 'use RunnerToken.keyVaultSecret()']);
  });

  test('of the old kind are registered at the start, with a warning', () => {
    const chart = newChart({ token: RunnerToken.legacyRegistrationToken(TOKEN, { tags: ['aks', 'linux'], description: 'two words', maximumTimeoutSeconds: 3600 }) });
    expect(mark(chart)).toBe('@register:/config/register-0@');
    expect(object(chart, 'ConfigMap').data['register-0'].split('\n')).toEqual([
      '/secrets/token-0/token', '--url=https://gitlab.example.com', '--executor=kubernetes', '--name=two words', '--tag-list=aks,linux',
      '--run-untagged=false', '--locked=false', '--paused=false', '--maximum-timeout=3600', '',
    ]);
    expect(warnings(chart)).toEqual([
      'token: registration tokens are switched off by default since GitLab 17.0 and will be removed in 20.0; create the runner in GitLab and give its token',
    ]);
  });

  test.each<[string, () => RunnerToken, string]>([
    ['a chart alone has no GitLab', () => RunnerToken.fromGitlab(),
      'token: a chart has no GitLab to request a token from, got "RunnerToken.fromGitlab()"; use KubernetesGitLabRunner or another source (at ci)'],
    ['the vault has no identity', () => RunnerToken.keyVaultSecret(secret('runner'), { tenantId: UUID }),
      'token.clientId: missing, got nothing; give a UUID; only KubernetesGitLabRunner knows it by itself (at ci)'],
    ['the vault of a registration token has no tenant', () => RunnerToken.legacyRegistrationToken(RunnerToken.keyVaultSecret(secret('runner'), { clientId: UUID })),
      'token.tenantId: missing, got nothing; give a UUID; only KubernetesGitLabRunner knows it by itself (at ci)'],
    ['the secret is missing', () => RunnerToken.keyVaultSecret(wrong(undefined)),
      'secret: missing, got nothing; give KeyVaultSecret.of(keyVaultId, secretName) (at RunnerToken.keyVaultSecret)'],
    ['the secret is the token', () => RunnerToken.keyVaultSecret(wrong('glrt-t0k3n')),
      'secret: not a KeyVaultSecret, got "(hidden)"; give KeyVaultSecret.of(keyVaultId, secretName) (at RunnerToken.keyVaultSecret)'],
    ['an identity of the user\'s is to be given a role', () => RunnerToken.keyVaultSecret(secret('runner'), { ...reader, roleAssignmentEnabled: true }),
      'roleAssignmentEnabled: only the identity that KubernetesGitLabRunner creates can be given the role, got true; leave one of roleAssignmentEnabled and clientId out '
      + '(at RunnerToken.keyVaultSecret)'],
    ['an option is misspelt', () => RunnerToken.keyVaultSecret(secret('runner'), { ...reader, casecretname: 'ca' } as any),
      'casecretname: no such prop, got "(hidden)"; write caSecretName, or leave it out (at RunnerToken.keyVaultSecret)'],
    ['the tenant is no UUID', () => RunnerToken.keyVaultSecret(secret('runner'), { ...reader, tenantId: 'contoso' }),
      'tenantId: not a valid value, got "contoso"; give a UUID such as "00000000-0000-0000-0000-000000000000" (at RunnerToken.keyVaultSecret)'],
    ['the Secret\'s name is none', () => RunnerToken.kubernetesSecret('A b'),
      'name: not a valid value, got "A b"; give a Kubernetes name such as "gitlab-runner" (at RunnerToken.kubernetesSecret)'],
    ['the key is none', () => RunnerToken.kubernetesSecret('a', 'b/c'),
      'key: not a valid value, got "b/c"; give a key of the Secret such as "runner-token" (at RunnerToken.kubernetesSecret)'],
    ['the file is outside its volume', () => RunnerToken.volume({ emptyDir: {} }, '../x'),
      'fileName: not a valid value, got "../x"; give a relative path such as "token" (at RunnerToken.volume)'],
    ['the volume is none', () => RunnerToken.volume({ name: 'x' }, 'token'),
      'volume: not one kind of volume, got ["name"]; give one key, such as { csi: { … } } (at RunnerToken.volume)'],
    ['something in the volume is no data', () => RunnerToken.volume({ csi: { at: new Date(0) } }, 'token'),
      'volume.csi.at: not plain data, got "1970-01-01T00:00:00.000Z"; give text, numbers, booleans, lists or maps (at RunnerToken.volume)'],
    ['the variable would be printed', () => RunnerToken.terraformVariable(new TerraformVariable(newStack(), 'Token', {})),
      'variable: Terraform would print the value of this variable, got "Token"; make the variable with sensitive: true (at RunnerToken.terraformVariable)'],
    ['the variable is none', () => RunnerToken.terraformVariable(wrong('glrt-1')),
      'variable: not a TerraformVariable, got "(hidden)"; give a TerraformVariable with sensitive: true (at RunnerToken.terraformVariable)'],
    ['the token is its text', () => wrong('glrt-abc'),
      'token: not a RunnerToken, got "(hidden)"; give RunnerToken.kubernetesSecret() or one of its siblings (at ci)'],
    ['there is none', () => wrong(undefined), 'token: missing, got nothing; give RunnerToken.kubernetesSecret() or one of its siblings (at ci)'],
    ['a registered runner has no way to a job', () => RunnerToken.legacyRegistrationToken(TOKEN, { runUntagged: false }),
      'runUntagged: a runner without tags that takes no untagged jobs would never get a job, got false; give tags, or true (at RunnerToken.legacyRegistrationToken)'],
    ['a registered runner\'s tag has a comma', () => RunnerToken.legacyRegistrationToken(TOKEN, { tags: ['a,b'] }),
      'tags[0]: not a valid value, got "a,b"; give 1 to 255 letters, digits, "-", "_", "." and "/" (at RunnerToken.legacyRegistrationToken)'],
    ['a registered runner is to have a scope', () => RunnerToken.legacyRegistrationToken(TOKEN, { runnerScope: GitLabRunnerScope.instance() }),
      'runnerScope: a registration token decides by itself whose jobs its runners take, got {}; drop it, and take the token from the group or project that is meant '
      + '(at RunnerToken.legacyRegistrationToken)'],
  ])('fails when %s', (_name, token, message) => {
    expect(() => newChart({ token: token() })).toThrow(new Error(message));
  });

  test('fails when a registration token comes from GitLab', () => {
    expect(() => RunnerToken.legacyRegistrationToken(RunnerToken.fromGitlab())).toThrow(new Error(
      'token: not a source of a registration token, got "gitlab"; give RunnerToken.keyVaultSecret(), kubernetesSecret(), volume() or '
      + 'terraformVariable() (at RunnerToken.legacyRegistrationToken)'));
  });
});

describe('config.toml', () => {
  test('has the defaults of an expert', () => {
    const { runners: [entry], ...manager } = config(newChart());
    expect(manager).toEqual({ concurrent: 10, check_interval: 3, shutdown_timeout: 30, log_level: 'info', log_format: 'text', listen_address: ':9252' });
    expect(entry).toEqual({
      name: 'ci',
      url: 'https://gitlab.example.com',
      token: '@text:/secrets/token-0/token@',
      executor: 'kubernetes',
      request_concurrency: 4,
      output_limit: 4096,
      feature_flags: { FF_HASH_CACHE_KEYS: true, FF_GIT_URLS_WITHOUT_TOKENS: true },
      kubernetes: {
        image: 'ubuntu:24.04',
        pull_policy: ['always'],
        privileged: false,
        allow_privilege_escalation: false,
        automount_service_account_token: false,
        poll_timeout: 600,
        print_pod_warning_events: true,
        cpu_request: '500m',
        memory_request: '1Gi',
        memory_limit: '4Gi',
        ephemeral_storage_request: '1Gi',
        ephemeral_storage_limit: '20Gi',
        helper_cpu_request: '100m',
        helper_memory_request: '256Mi',
        helper_memory_limit: '1Gi',
        helper_ephemeral_storage_request: '128Mi',
        helper_ephemeral_storage_limit: '4Gi',
        service_cpu_request: '100m',
        service_memory_request: '256Mi',
        service_memory_limit: '2Gi',
        service_ephemeral_storage_request: '128Mi',
        service_ephemeral_storage_limit: '20Gi',
        retry_limits: expect.objectContaining({ 'TLS handshake timeout': 10 }),
        pod_security_context: { seccomp_profile: { type: 'RuntimeDefault' } },
        namespace: 'gitlab-runner',
        service_account: 'gitlab-runner-job',
      },
    });
    expect(warnings(newChart())).toEqual([]);
  });

  test('has each prop under its name', () => {
    const chart = newChart({
      concurrent: 50,
      checkIntervalSeconds: 5,
      shutdownTimeoutSeconds: 60,
      logLevel: RunnerLogLevel.DEBUG,
      logFormat: RunnerLogFormat.JSON,
      limit: 20,
      requestConcurrency: 8,
      outputLimitKb: 100,
      environment: { HTTPS_PROXY: 'http://proxy:3128', QUOTED: 'a "b"\n$c ${d} %{e}' },
      featureFlags: { FF_TIMESTAMPS: true, FF_HASH_CACHE_KEYS: false },
      caCertificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      cache: RunnerCache.existingAzureBlob({ storageAccountName: 'acme', containerName: 'cache', storageDomain: 'blob.core.chinacloudapi.cn', shared: false }),
      image: 'alpine:3',
      allowedImages: ['alpine:*'],
      allowedServices: ['postgres:*'],
      pullPolicies: [RunnerPullPolicy.ALWAYS, RunnerPullPolicy.IF_NOT_PRESENT],
      allowedPullPolicies: [RunnerPullPolicy.IF_NOT_PRESENT, RunnerPullPolicy.ALWAYS],
      imagePullSecrets: ['registry'],
      buildResources: { cpuRequest: '1', cpuLimit: '2', memoryRequest: '8Gi', ephemeralStorageRequest: '1Gi', ephemeralStorageLimit: '10Gi' },
      serviceResources: { memoryLimit: '100Mi' },
      nodeSelector: { 'kubernetes.io/arch': 'amd64' },
      tolerations: ['sku=gpu:NoSchedule', 'dedicated:NoExecute', 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule'],
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { camelCase: 'x' } } }],
        },
      },
      podLabels: { team: 'a' },
      podAnnotations: { 'example.com/note': 'b' },
      podSecurityContext: { runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true, fsGroup: 1000, supplementalGroups: [5] },
      volumes: [
        RunnerVolume.emptyDir('scratch', '/scratch', '5Gi'), RunnerVolume.memory('shm', '/dev/shm'),
        RunnerVolume.persistentVolumeClaim('cache-$CI_CONCURRENT_ID', '/cache'), RunnerVolume.secret('s', '/s', { readOnly: true }),
        RunnerVolume.configMap('c', '/c', { subPath: 'x' }), RunnerVolume.csi('f', '/f', 'file.csi.azure.com', { shareName: 'ci' }),
      ],
      pollTimeoutSeconds: 900,
      podTerminationGracePeriodSeconds: 5,
      cleanupGracePeriodSeconds: 6,
      priorityClassName: 'jobs',
      podDisruptionBudgetEnabled: true,
      kubernetesSettings: { runtime_class_name: 'kata', retry_limits: { eof: 3 }, host_aliases: [{ ip: '10.0.0.1', hostnames: ['x'] }] },
    });
    const { runners: [entry], ...manager } = config(chart);
    expect(manager).toMatchObject({ concurrent: 50, check_interval: 5, shutdown_timeout: 60, log_level: 'debug', log_format: 'json' });
    expect(entry).toMatchObject({
      'limit': 20,
      'request_concurrency': 8,
      'output_limit': 100,
      'environment': ['HTTPS_PROXY=http://proxy:3128', 'QUOTED=a "b"\n$c ${d} %{e}'],
      'feature_flags': { FF_TIMESTAMPS: true, FF_HASH_CACHE_KEYS: false, FF_GIT_URLS_WITHOUT_TOKENS: true },
      'tls-ca-file': '/config/ca.pem',
      'cache': { Type: 'azure', Shared: false, azure: { AccountName: 'acme', ContainerName: 'cache', StorageDomain: 'blob.core.chinacloudapi.cn' } },
    });
    expect(object(chart, 'ConfigMap').data['ca.pem']).toContain('AAAA');
    expect(entry.kubernetes).toMatchObject({
      image: 'alpine:3',
      allowed_images: ['alpine:*'],
      allowed_services: ['postgres:*'],
      pull_policy: ['always', 'if-not-present'],
      allowed_pull_policies: ['if-not-present', 'always'],
      image_pull_secrets: ['registry'],
      cpu_request: '1',
      cpu_limit: '2',
      memory_request: '8Gi',
      memory_limit: '8Gi',
      ephemeral_storage_request: '1Gi',
      ephemeral_storage_limit: '10Gi',
      service_memory_request: '100Mi',
      service_memory_limit: '100Mi',
      node_selector: { 'kubernetes.io/arch': 'amd64' },
      node_tolerations: { 'sku=gpu': 'NoSchedule', 'dedicated': 'NoExecute', 'kubernetes.azure.com/scalesetpriority=spot': 'NoSchedule' },
      affinity: {
        pod_anti_affinity: {
          required_during_scheduling_ignored_during_execution: [
            { topology_key: 'kubernetes.io/hostname', label_selector: { match_labels: { camelCase: 'x' } } },
          ],
        },
      },
      pod_labels: { team: 'a' },
      pod_annotations: { 'example.com/note': 'b' },
      pod_security_context: {
        run_as_user: 1000, run_as_group: 1000, run_as_non_root: true, fs_group: 1000, supplemental_groups: [5], seccomp_profile: { type: 'RuntimeDefault' },
      },
      volumes: {
        empty_dir: [{ name: 'scratch', mount_path: '/scratch', size_limit: '5Gi' }, { name: 'shm', mount_path: '/dev/shm', medium: 'Memory' }],
        pvc: [{ name: 'cache-$CI_CONCURRENT_ID', mount_path: '/cache' }],
        secret: [{ name: 's', mount_path: '/s', read_only: true }],
        config_map: [{ name: 'c', mount_path: '/c', sub_path: 'x' }],
        csi: [{ name: 'f', mount_path: '/f', driver: 'file.csi.azure.com', volume_attributes: { shareName: 'ci' } }],
      },
      poll_timeout: 900,
      pod_termination_grace_period_seconds: 5,
      cleanup_grace_period_seconds: 6,
      priority_class_name: 'jobs',
      pod_disruption_budget: true,
      runtime_class_name: 'kata',
      retry_limits: { eof: 3 },
      host_aliases: [{ ip: '10.0.0.1', hostnames: ['x'] }],
    });
    for (const key of Object.keys(entry.kubernetes)) {
      expect(KUBERNETES_KEYS).toHaveProperty([key]);
    }
  });

  test('says nothing of what belongs to the runner\'s creation in GitLab', () => {
    const text = object(newChart(), 'ConfigMap').data['config.template.toml'];
    expect(text).not.toMatch(/tag|untagged|locked|paused|maximum_timeout/);
  });

  test('holds several runners of one manager', () => {
    const chart = newChart({ concurrent: 1 });
    chart.addRunner('gpu', { token: RunnerToken.kubernetesSecret('gpu-token'), tolerations: ['sku=gpu:NoSchedule'] });
    expect(config(chart).runners.map((entry: any) => [entry.name, entry.token])).toEqual([
      ['ci', '@text:/secrets/token-0/token@'], ['gpu', '@text:/secrets/token-1/token@'],
    ]);
    expect(warnings(chart)).toEqual(['concurrent: 1 is less than the number of runners, so that some wait for others; raise it']);
    expect(() => chart.addRunner('gpu', { token: TOKEN })).toThrow(new Error('id: another runner has this name already, got "gpu"; take another (at ci)'));
  });

  test('leaves out what an older runner does not know', () => {
    const chart = newChart({ runnerVersion: GitLabVersion.of('18.9.2') });
    expect(runner(chart).kubernetes).not.toHaveProperty('pod_security_context');
    expect(pod(chart).spec.containers[0].image).toBe('registry.gitlab.com/gitlab-org/gitlab-runner:alpine-v18.9.2');
  });

  test('warns of what may be meant but should be known', () => {
    const chart = newChart({
      gitlabUrl: 'http://20.1.2.3',
      privileged: true,
      podSecurityContext: { seccompProfile: RunnerSeccompProfile.UNCONFINED },
      volumes: [RunnerVolume.hostPath('h', '/h', '/var/run/docker.sock')],
      helperResources: { memoryLimit: '200Mi' },
      kubernetesSettings: { namespace_per_job: true },
    });
    expect(warnings(chart)).toEqual([
      'gitlabUrl: anybody on the network path can read tokens and source code over plain HTTP; use HTTPS if GitLab has it',
      'privileged: every job can control the node it runs on, and with it the other jobs there; keep such jobs on a pool of their own',
      'podSecurityContext.seccompProfile: jobs may make all system calls; leave it out unless an image builder needs it',
      'volumes: jobs can reach folders of the node, and through some of them the node itself; use RunnerVolume.emptyDir() or persistentVolumeClaim()',
      'kubernetesSettings.namespace_per_job: the manager gets its rights in every namespace of the cluster; leave it out, or keep the cluster for CI alone',
      'helperResources.memoryLimit: the helper container runs out of memory when it handles caches and artifacts; give it at least 250Mi',
      'jobNetwork: no network policy covers the namespaces that kubernetesSettings.namespace_per_job creates; leave it out, or give these jobs a cluster of their own',
    ]);
    expect(runner(chart).kubernetes.allow_privilege_escalation).toBe(true);
  });

  test('warns of variables that look like secrets, by their names', () => {
    const warned = (environment: { [name: string]: string }) => warnings(newChart({ environment }))
      .map((warning) => /^environment: (\w+) looks like a secret, and is stored in plain text in a ConfigMap and in the Terraform state; make it a masked variable in GitLab$/
        .exec(warning)![1]);
    const secrets = {
      DOCKER_AUTH_CONFIG: '{"auths":{}}', NPM_TOKEN: 'abc', MY_SECRET_VALUE: 'abc', aws_secret_access_key: 'abc', DB_PASSWORD: 'hunter2', TOKEN_FOR_X: 'x1',
      SONAR_API_KEY: 'abc', PLAIN: `glpat-${'x'.repeat(20)}`, PROXY: 'http://user:word@proxy:3128', DEPLOY: '-----BEGIN OPENSSH PRIVATE KEY-----\nx',
      STORE: 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc==', JWT: `eyJ${'x'.repeat(9)}.eyJ${'x'.repeat(9)}.x`,
    };
    expect(warned(secrets)).toEqual(Object.keys(secrets));
    expect(JSON.stringify(warnings(newChart({ environment: secrets })))).not.toMatch(/hunter2|glpat|user:word|AccountKey|PRIVATE/);
    expect(warned({ VAULT_TOKEN: new TerraformVariable(newStack(), 'Token', { sensitive: true }).stringValue })).toEqual(['VAULT_TOKEN']);
    expect(warned({
      HTTPS_PROXY: 'http://proxy:3128', AZURE_FEDERATED_TOKEN_FILE: '/var/run/token', SECRET_DETECTION_HISTORIC_SCAN: 'true', TOKEN_REQUIRED: 'true', NPM_TOKEN: '$CI_JOB_TOKEN',
      SSH_KEY_TYPE: 'ed25519', VAULT_SECRET_NAME: 'db', KEYBOARD: 'de', CACHE_COMPRESSION_LEVEL: 'fast', GIT_STRATEGY: 'clone',
    })).toEqual([]);
  });
});

describe('the manager\'s rights', () => {
  const ALWAYS = {
    'pods': 'create delete get list watch',
    'pods/exec': 'create',
    'pods/attach': 'create',
    'pods/log': 'get',
    'secrets': 'create delete get update',
    'services': 'create get',
    'events': 'list',
  };
  const rights = (role: any) => Object.fromEntries(role.rules.map(({ apiGroups, resources, verbs }: any) =>
    [[...apiGroups, ...resources].filter((part) => part !== '').join('/'), verbs.join(' ')]));

  test.each<[string, Partial<ChartRunnerOptions>, { [resource: string]: string | undefined }]>([
    ['nothing else', {}, {}],
    ['the older way to run scripts', { featureFlags: { FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY: true } },
      { 'pods': 'create delete get list', 'pods/attach': undefined, 'pods/log': undefined }],
    ['images\' entrypoints', { featureFlags: { FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY: true, FF_KUBERNETES_HONOR_ENTRYPOINT: true } },
      { 'pods/attach': undefined }],
    ['a check that service account and pull secrets are there', { kubernetesSettings: { resource_availability_check_max_attempts: 3 } }, { serviceaccounts: 'get' }],
    ['pods that are waited for', { featureFlags: { FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY: true, FF_WAIT_FOR_POD_TO_BE_REACHABLE: true } },
      { 'pods': 'create delete get list', 'pods/attach': undefined, 'pods/log': 'get' }],
    ['concrete', { featureFlags: { FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY: true, FF_CONCRETE: true } },
      { 'pods': 'create delete get list', 'pods/attach': undefined, 'pods/log': 'get' }],
    ['events of pods', { featureFlags: { FF_PRINT_POD_EVENTS: true } }, { events: 'list watch' }],
    ['no warnings', { kubernetesSettings: { print_pod_warning_events: false } }, { events: undefined }],
    ['a disruption budget', { podDisruptionBudgetEnabled: true }, { 'policy/poddisruptionbudgets': 'create get' }],
    ['pause pods', { kubernetesSettings: { autoscaler: { policy: [{ idle_count: 1 }] } } }, { 'apps/deployments': 'create delete get list update' }],
    ['suspended environments', { featureFlags: { FF_SUSPENDABLE_ENVIRONMENTS: true } },
      { namespaces: 'get', configmaps: 'create delete get update', persistentvolumeclaims: 'create delete' }],
  ])('follow from %s', (_name, options, difference) => {
    const chart = newChart(options);
    expect(rights(object(chart, 'Role'))).toEqual(Object.fromEntries(Object.entries({ ...ALWAYS, ...difference }).filter(([, verbs]) => verbs)));
    expect(kinds(chart)).not.toContain('ClusterRole');
    expect(JSON.stringify(object(chart, 'Role').rules)).not.toContain('*');
  });

  test('hold in the whole cluster for namespaces of jobs\' own only', () => {
    const chart = newChart({ kubernetesSettings: { namespace_per_job: true } });
    expect(rights(object(chart, 'ClusterRole'))).toEqual({ ...ALWAYS, namespaces: 'create delete' });
    expect(object(chart, 'ClusterRole').metadata).toEqual({ name: 'gitlab-runner-gitlab-runner', labels: { 'app.kubernetes.io/name': 'gitlab-runner' } });
    expect(object(chart, 'ClusterRoleBinding').roleRef).toEqual({
      apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'gitlab-runner-gitlab-runner',
    });
    expect(kinds(chart)).not.toContain('Role');
    expect(runner(chart).kubernetes).not.toHaveProperty('service_account');

    const later = newChart();
    later.addRunner('second', { token: TOKEN, kubernetesSettings: { namespace_per_job: true } });
    expect(rights(object(later, 'ClusterRole'))).toEqual({ ...ALWAYS, namespaces: 'create delete' });
    expect(kinds(later).filter((kind) => /Role/.test(kind))).toEqual(['ClusterRole', 'ClusterRoleBinding']);
  });

  test('are those of all runners together', () => {
    const chart = newChart();
    chart.addRunner('second', { token: TOKEN, podDisruptionBudgetEnabled: true });
    expect(rights(object(chart, 'Role'))).toEqual({ ...ALWAYS, 'policy/poddisruptionbudgets': 'create get' });
  });

  test('pause pods rank below jobs without rights in the whole cluster', () => {
    const chart = newChart({ kubernetesSettings: { autoscaler: { policy: [{ idle_count: 2 }] } } });
    expect(object(chart, 'PriorityClass')).toMatchObject({ metadata: { name: 'gitlab-runner-pause-gitlab-runner' }, value: -1 });
    expect(object(chart, 'PriorityClass').metadata).not.toHaveProperty('namespace');
    expect(runner(chart).kubernetes.autoscaler).toEqual({
      pause_pod_priority_class_name: 'gitlab-runner-pause-gitlab-runner', policy: [{ idle_count: 2 }],
    });
  });
});

describe('settings without a prop', () => {
  const set = (kubernetesSettings: any, runnerVersion?: GitLabVersion) => () => newChart({ kubernetesSettings, runnerVersion });

  test('take every known key, nested ones too', () => {
    const kubernetesSettings = {
      dns_config: { nameservers: ['1.1.1.1'], options: [{ name: 'ndots', value: '2' }] },
      container_lifecycle: { pre_stop: { exec: { command: ['x'] } } },
      build_container_security_context: { capabilities: { drop: ['ALL'] }, seccomp_profile: { type: 'RuntimeDefault' } },
      services: [{ name: 'postgres:17', alias: 'db', environment: ['A=B'] }],
      pod_spec: [{ name: 'x', patch: '{}', patch_type: 'merge' }],
      cpu_request_overwrite_max_allowed: '4',
      cleanup_resources_timeout: '1m30s',
      autoscaler: { policy: [{ idle_time: '2h' }] },
    };
    expect(runner(newChart({ kubernetesSettings })).kubernetes).toMatchObject(kubernetesSettings);
  });

  test.each<[string, any, string]>([
    ['a key is misspelt', { runtime_class: 'kata' },
      'kubernetesSettings.runtime_class: not a setting of GitLab Runner\'s Kubernetes executor, got "kata"; did you mean "runtime_class_name" (at ci)'],
    ['a key is written as in JavaScript', { dnsPolicy: 'none' },
      'kubernetesSettings.dnsPolicy: not a setting of GitLab Runner\'s Kubernetes executor, got "none"; did you mean "dns_policy" (at ci)'],
    ['a nested key is misspelt', { services: [{ name: 'x', alis: 'y' }] },
      'kubernetesSettings.services[0].alis: not a setting of GitLab Runner\'s Kubernetes executor, got "y"; did you mean "alias" (at ci)'],
    ['a key has a prop', { cpu_request: '1' }, 'kubernetesSettings.cpu_request: set by a prop of its own, got "1"; use buildResources.cpuRequest (at ci)'],
    ['a key has a prop of the manager', { namespace: 'x' }, 'kubernetesSettings.namespace: set by a prop of its own, got "x"; use jobNamespace (at ci)'],
    ['a type is wrong', { poll_interval: '3' }, 'kubernetesSettings.poll_interval: of the wrong type, got "3"; give a whole number (at ci)'],
    ['a number has a fraction', { retry_limit: 1.5 }, 'kubernetesSettings.retry_limit: of the wrong type, got 1.5; give a whole number (at ci)'],
    ['a list holds something else', { cap_add: ['A', 1] }, 'kubernetesSettings.cap_add: of the wrong type, got ["A",1]; give a list of strings (at ci)'],
    ['a duration has no unit', { cleanup_resources_timeout: '10' },
      'kubernetesSettings.cleanup_resources_timeout: of the wrong type, got "10"; give a duration such as "10m" or "1h30m" (at ci)'],
    ['a table is a list', { autoscaler: [] }, 'kubernetesSettings.autoscaler: of the wrong type, got []; give a map (at ci)'],
    ['a nested value is no data', { container_lifecycle: { pre_stop: { exec: () => 1 } } },
      'kubernetesSettings.container_lifecycle.pre_stop.exec: not plain data, got () => 1; give text, numbers, booleans, lists or maps (at ci)'],
    ['they are no map', ['a'], 'kubernetesSettings: not a map, got ["a"]; give settings by the names of config.toml (at ci)'],
    ['a secret would land in the state', { bearer_token: 'x' },
      'kubernetesSettings.bearer_token: a secret that would be stored in a ConfigMap and in the Terraform state, got "(hidden)"; leave it out: the manager has a token of its own (at ci)'],
  ])('fails when %s', (_name, settings, message) => {
    expect(set(settings)).toThrow(new Error(message));
  });

  test.each(Object.keys(KUBERNETES_KEYS).filter((key) => !/[.[]/.test(key)))('fails when %s has a value of no type', (key) => {
    expect(set({ [key]: Infinity })).toThrow(new RegExp(`^kubernetesSettings\\.${key}: `));
  });

  test('fails when the runner is too old for a key', () => {
    expect(set({ suspend_pvc_size: '1Gi' }, GitLabVersion.of('19.3.0'))).toThrow(new Error(
      'kubernetesSettings.suspend_pvc_size: not known before runner 19.4, and runner 19.3 is used, got "1Gi"; leave it out or take a newer runnerVersion (at ci)'));
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

describe('bad input', () => {
  test('fails when there is nothing at all', () => {
    expect(() => new GitLabRunnerChart(new App(), 'ci', wrong(undefined))).toThrow(
      new Error('token: missing, got nothing; give RunnerToken.kubernetesSecret() or one of its siblings (at ci)'));
    expect(() => newChart().addRunner(wrong(undefined), { token: TOKEN })).toThrow(
      new Error('id: missing, got nothing; give a name for the manager\'s log (at ci)'));
    expect(() => newChart().addRunner('x', wrong(null))).toThrow(
      new Error('token: missing, got nothing; give RunnerToken.kubernetesSecret() or one of its siblings (at ci)'));
  });

  test.each<[string, Partial<GitLabRunnerChartProps> | (() => Partial<GitLabRunnerChartProps>), string]>([
    ['the address has a final slash', { gitlabUrl: 'https://gitlab.example.com/' },
      'gitlabUrl: not a valid value, got "https://gitlab.example.com/"; give an address without a final slash such as "https://gitlab.example.com" (at ci)'],
    ['there is no address', { gitlabUrl: '' },
      'gitlabUrl: not a valid value, got ""; give an address without a final slash such as "https://gitlab.example.com" (at ci)'],
    ['the certificate is none', { caCertificate: 'x' },
      'caCertificate: not a valid value, got "x"; give one or more certificates as PEM, "-----BEGIN CERTIFICATE-----" and on (at ci)'],
    ['the namespace is none', { namespace: 'GitLab' },
      'namespace: not a valid value, got "GitLab"; give at most 63 lower-case letters, digits and hyphens such as "gitlab-runner" (at ci)'],
    ['the jobs\' namespace is none', { jobNamespace: 'a.b' },
      'jobNamespace: not a valid value, got "a.b"; give at most 63 lower-case letters, digits and hyphens such as "gitlab-runner" (at ci)'],
    ['a flag is text', { namespaceCreationEnabled: wrong('yes') }, 'namespaceCreationEnabled: not true or false, got "yes"; give true or false (at ci)'],
    ['the version is text', { runnerVersion: wrong('19.4') },
      'runnerVersion: not a GitLabVersion, got "19.4"; give one of GitLabVersion, such as GitLabVersion.V19_4 (at ci)'],
    ['the version is old', { runnerVersion: GitLabVersion.of('17.11.0') }, 'runnerVersion: too old, got "17.11.0"; take 18.0.0 or later (at ci)'],
    ['the manager\'s image is none', { managerImage: 'a b' }, 'managerImage: not a valid value, got "a b"; give an image such as "ubuntu:24.04" (at ci)'],
    ['the manager would be root', { managerUserId: 0 }, 'managerUserId: out of range, got 0; give a whole number from 1 to 2147483647 (at ci)'],
    ['a request is above its limit', { managerResources: { memoryRequest: '2Gi', memoryLimit: '1Gi' } },
      'managerResources.memoryRequest: more than memoryLimit "1Gi", got "2Gi"; lower it or raise the limit (at ci)'],
    ['a quantity is none', { buildResources: { cpuLimit: '2 cores' } },
      'buildResources.cpuLimit: not a valid value, got "2 cores"; give a positive quantity such as "500m" or "2Gi" (at ci)'],
    ['a group of props is text', { helperResources: wrong('1Gi') }, 'helperResources: not an object, got "1Gi"; give an object with its props (at ci)'],
    ['a service account\'s name is none', { jobServiceAccount: { name: 'A' } },
      'jobServiceAccount.name: not a valid value, got "A"; give a Kubernetes name such as "gitlab-runner" (at ci)'],
    ['an annotation\'s name is none', { managerServiceAccount: { annotations: { 'a b': 'c' } } },
      'managerServiceAccount.annotations["a b"]: not a valid value, got "a b"; give a Kubernetes name such as "team" or "example.com/team" (at ci)'],
    ['nothing may run', { concurrent: 0 }, 'concurrent: out of range, got 0; give a whole number from 1 to 100000 (at ci)'],
    ['the interval is none', { checkIntervalSeconds: 0.5 }, 'checkIntervalSeconds: out of range, got 0.5; give a whole number from 1 to 3600 (at ci)'],
    ['the level is unknown', { logLevel: wrong('loud') }, 'logLevel: not supported, got "loud"; give one of "debug", "info", "warn", "error" (at ci)'],
    ['the format is unknown', { logFormat: wrong('xml') }, 'logFormat: not supported, got "xml"; give one of "runner", "text", "json" (at ci)'],
    ['the forced stop has no time', { shutdownTimeoutSeconds: 0 }, 'shutdownTimeoutSeconds: out of range, got 0; give a whole number from 1 to 86400 (at ci)'],
    ['the graceful stop has no time', { gracefulStopSeconds: 1 }, 'gracefulStopSeconds: out of range, got 1; give a whole number from 30 to 604800 (at ci)'],
    ['the runner is too old for a job at its start', { bootVerificationEnabled: true, runnerVersion: GitLabVersion.of('19.1.0') },
      'bootVerificationEnabled: not known to runner 19.1, got true; take runner 19.2 or later (at ci)'],
    ['the PodMonitor is nobody\'s', { podMonitor: wrong('v1') },
      'podMonitor: not supported, got "v1"; give one of "monitoring.coreos.com/v1", "azmonitoring.coreos.com/v1" (at ci)'],
    ['the cache would have to be made', { cache: RunnerCache.azureBlob() },
      'cache: a chart cannot make a storage account, got "RunnerCache.azureBlob()"; use KubernetesGitLabRunner or RunnerCache.existingAzureBlob() (at ci)'],
    ['the cache is none', { cache: wrong('azure') },
      'cache: not a RunnerCache, got "azure"; give RunnerCache.azureBlob(), existingAzureBlob() or none() (at ci)'],
    ['the cache has no account', () => ({ cache: RunnerCache.existingAzureBlob(wrong({ containerName: 'c-1' })) }),
      'storageAccountName: missing, got nothing; give 3 to 24 lower-case letters and digits (at RunnerCache.existingAzureBlob)'],
    ['the cache\'s container has a wrong name', () => ({ cache: RunnerCache.existingAzureBlob({ storageAccountName: 'acme', containerName: 'C' }) }),
      'containerName: not a valid value, got "C"; give 3 to 63 lower-case letters, digits and single "-", first and last no "-" (at RunnerCache.existingAzureBlob)'],
    ['the limit is none', { limit: -1 }, 'limit: out of range, got -1; give a whole number from 1 to 100000 (at ci)'],
    ['requests may not wait', { requestConcurrency: 0 }, 'requestConcurrency: out of range, got 0; give a whole number from 1 to 1000 (at ci)'],
    ['logs are empty', { outputLimitKb: 0 }, 'outputLimitKb: out of range, got 0; give a whole number from 1 to 1048576 (at ci)'],
    ['a variable\'s name is none', { environment: { 'A-B': 'c' } },
      'environment["A-B"]: not a valid value, got "A-B"; give a variable\'s name such as "HTTPS_PROXY" (at ci)'],
    ['a variable\'s value is a number', { environment: { A: wrong(1) } }, 'environment["A"]: not text, got 1; give text (at ci)'],
    ['a feature flag is none', { featureFlags: { TIMESTAMPS: true } },
      'featureFlags["TIMESTAMPS"]: not a valid value, got "TIMESTAMPS"; give a feature flag such as "FF_TIMESTAMPS" (at ci)'],
    ['a feature flag is text', { featureFlags: { FF_TIMESTAMPS: wrong('true') } },
      'featureFlags["FF_TIMESTAMPS"]: not true or false, got "true"; give true or false (at ci)'],
    ['no image is allowed', { allowedImages: [] },
      'allowedImages: empty, got []; give at least 1, each an image, with "*" for any text, or leave it out to allow all (at ci)'],
    ['the allowed images are one', { allowedImages: wrong('x') },
      'allowedImages: not a list, got "x"; give a list, each item an image, with "*" for any text (at ci)'],
    ['no service is allowed', { allowedServices: [] },
      'allowedServices: empty, got []; give at least 1, each an image, with "*" for any text, or leave it out to allow all (at ci)'],
    ['a pull policy is Kubernetes\'', { pullPolicies: [wrong('Always')] },
      'pullPolicies[0]: not supported, got "Always"; give one of "always", "if-not-present", "never" (at ci)'],
    ['there is no pull policy', { pullPolicies: [] },
      'pullPolicies: empty, got []; give at least 1, each one of "always", "if-not-present", "never", or leave it out (at ci)'],
    ['the used pull policy is not allowed', { allowedPullPolicies: [RunnerPullPolicy.NEVER] },
      'allowedPullPolicies: lacks always of pullPolicies, so no job could start, got ["never"]; add it (at ci)'],
    ['a pull secret\'s name is none', { imagePullSecrets: ['A'] },
      'imagePullSecrets[0]: not a valid value, got "A"; give a Kubernetes name such as "gitlab-runner" (at ci)'],
    ['a label\'s name is none', { nodeSelector: { '-a': 'b' } },
      'nodeSelector["-a"]: not a valid value, got "-a"; give a Kubernetes name such as "team" or "example.com/team" (at ci)'],
    ['a taint has no effect', { tolerations: ['sku=gpu'] }, 'tolerations[0]: not a valid value, got "sku=gpu"; give a taint such as "sku=gpu:NoSchedule" (at ci)'],
    ['an affinity is unknown', { affinity: { node_affinity: {} } },
      'affinity key "node_affinity": not supported, got "node_affinity"; give one of "nodeAffinity", "podAffinity", "podAntiAffinity" (at ci)'],
    ['a label is the runner\'s own', { podLabels: { 'pod.runner.gitlab.com/x': 'y' } },
      'podLabels: runner.gitlab.com is reserved for the runner, got "pod.runner.gitlab.com/x"; take another name (at ci)'],
    ['privileged pods may not gain rights', { privileged: true, allowPrivilegeEscalation: false },
      'allowPrivilegeEscalation: privileged containers can always gain privileges, got false; leave it out, or drop privileged (at ci)'],
    ['root is forbidden and asked for', { podSecurityContext: { runAsUser: 0, runAsNonRoot: true } },
      'podSecurityContext.runAsUser: root, which runAsNonRoot forbids, got 0; take another user or drop runAsNonRoot (at ci)'],
    ['a group id is none', { podSecurityContext: { supplementalGroups: [-1] } },
      'podSecurityContext.supplementalGroups[0]: out of range, got -1; give a whole number from 0 to 2147483647 (at ci)'],
    ['the seccomp profile is unknown', { podSecurityContext: { seccompProfile: wrong('none') } },
      'podSecurityContext.seccompProfile: not supported, got "none"; give one of "RuntimeDefault", "Unconfined" (at ci)'],
    ['two volumes share a path', { volumes: [RunnerVolume.emptyDir('a', '/x'), RunnerVolume.secret('b', '/x')] },
      'volumes[1]: mounted before, got "path /x"; give each volume its own name and path (at ci)'],
    ['a volume has no name', () => ({ volumes: [RunnerVolume.emptyDir(wrong(undefined), '/x')] }),
      'name: missing, got nothing; give a Kubernetes name such as "cache" (at RunnerVolume.emptyDir)'],
    ['a claim has no name', () => ({ volumes: [RunnerVolume.persistentVolumeClaim('A b', '/x')] }),
      'claimName: not a valid value, got "A b"; give a Kubernetes name such as "cache" (at RunnerVolume.persistentVolumeClaim)'],
    ['a driver is missing', () => ({ volumes: [RunnerVolume.csi('a', '/x', wrong(null))] }),
      'driver: missing, got nothing; give a driver such as "file.csi.azure.com" (at RunnerVolume.csi)'],
    ['a path is relative', () => ({ volumes: [RunnerVolume.emptyDir('a', 'x')] }),
      'mountPath: not a valid value, got "x"; give an absolute path such as "/cache" (at RunnerVolume.emptyDir)'],
    ['a prop of a volume is misspelt', () => ({ volumes: [RunnerVolume.secret('a', '/x', wrong({ readonly: true }))] }),
      'readonly: no such prop, got true; write readOnly, or leave it out (at RunnerVolume.secret)'],
    ['a prop is misspelt', wrong({ jobnamespace: 'jobs' }), 'jobnamespace: no such prop, got "jobs"; write jobNamespace, or leave it out (at ci)'],
    ['a nested prop is misspelt', { podSecurityContext: wrong({ runasuser: 1 }) },
      'podSecurityContext.runasuser: no such prop, got 1; write runAsUser, or leave it out (at ci)'],
    ['a prop is the other construct\'s', wrong({ nodePool: 'x' }), 'nodePool: no such prop, got "x"; leave it out (at ci)'],
    ['a pull secret is named twice', { imagePullSecrets: ['a', 'b', 'a'] }, 'imagePullSecrets[2]: given twice, got "a"; name it once (at ci)'],
    ['a volume is an object', { volumes: [wrong({ name: 'a' })] },
      'volumes[0]: not a RunnerVolume, got "Object"; give RunnerVolume.emptyDir() or one of its siblings (at ci)'],
    ['pods have no time to start', { pollTimeoutSeconds: 0 }, 'pollTimeoutSeconds: out of range, got 0; give a whole number from 1 to 86400 (at ci)'],
    ['the end of a pod lies before its start', { podTerminationGracePeriodSeconds: -1 },
      'podTerminationGracePeriodSeconds: out of range, got -1; give a whole number from 0 to 86400 (at ci)'],
    ['the end of a job lies before its start', { cleanupGracePeriodSeconds: -1 },
      'cleanupGracePeriodSeconds: out of range, got -1; give a whole number from 0 to 86400 (at ci)'],
    ['a priority class\' name is none', { priorityClassName: 'A b' },
      'priorityClassName: not a valid value, got "A b"; give a Kubernetes name such as "gitlab-runner" (at ci)'],
    ['the runner is too old for disruption budgets', { podDisruptionBudgetEnabled: true, runnerVersion: GitLabVersion.of('18.10.0') },
      'podDisruptionBudgetEnabled: not known to runner 18.10, got true; take runner 18.11 or later (at ci)'],
    ['the job\'s image is none', { image: wrong(1) }, 'image: not text, got 1; give an image such as "ubuntu:24.04" (at ci)'],
  ])('fails when %s', (_name, props, message) => {
    expect(() => newChart(typeof props === 'function' ? props() : props)).toThrow(new Error(message));
  });
});
