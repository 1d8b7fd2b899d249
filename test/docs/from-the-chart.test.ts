// The page for those who come from GitLab's chart: it answers every value of the chart, and what it answers is what the chart would have made.
import { App, JsonPatch } from 'cdk8s';
import { parse } from 'smol-toml';
import { text } from './pages';
import {
  GitLabRunnerChart, GitLabVersion, RunnerCache, RunnerLogFormat, RunnerLogLevel, RunnerPodMonitor, RunnerPullPolicy, RunnerSecret, RunnerToken,
  RunnerWebTerminal,
} from '../../src';

const PAGE = 'docs/from-the-chart.md';

/** The values of the chart for runner 19.2 and later, from copies of its values.yaml in public repositories; a table with free keys by its name alone. */
const VALUES = [
  'namespace', 'image.registry', 'image.image', 'image.tag', 'useTini', 'imagePullPolicy', 'imagePullSecrets', 'probeTimeoutSeconds', 'livenessProbe', 'readinessProbe',
  'startupProbe', 'replicas', 'revisionHistoryLimit', 'gitlabUrl', 'runnerToken', 'runnerRegistrationToken', 'unregisterRunners', 'terminationGracePeriodSeconds',
  'certsSecretName', 'concurrent', 'shutdown_timeout', 'checkInterval', 'logLevel', 'logFormat', 'sentryDsn', 'connectionMaxAge', 'preEntrypointScript', 'sessionServer',
  'rbac.create', 'rbac.rules', 'rbac.clusterWideAccess', 'rbac.generatedServiceAccountName', 'rbac.serviceAccountName', 'rbac.serviceAccountAnnotations',
  'rbac.imagePullSecrets', 'rbac.podSecurityPolicy', 'serviceAccount.create', 'serviceAccount.name', 'serviceAccount.annotations', 'serviceAccount.imagePullSecrets',
  'metrics.enabled', 'metrics.port', 'metrics.portName', 'metrics.podMonitor.enabled', 'metrics.podMonitor.namespace', 'metrics.podMonitor.labels',
  'metrics.podMonitor.annotations', 'metrics.podMonitor.interval', 'metrics.podMonitor.scheme', 'metrics.podMonitor.tlsConfig', 'metrics.podMonitor.path',
  'metrics.podMonitor.metricRelabelings', 'metrics.podMonitor.relabelings', 'metrics.serviceMonitor', 'service', 'runners.jobNamespace', 'runners.config',
  'runners.configPath', 'runners.configOverride', 'runners.executor', 'runners.name', 'runners.secret', 'runners.tags', 'runners.locked', 'runners.protected',
  'runners.runUntagged', 'runners.maximumTimeout', 'runners.cache.secretName', 'runners.cache.disableGlobalCredentialsExport', 'schedulerName', 'securityContext',
  'podSecurityContext', 'strategy', 'resources', 'affinity', 'topologySpreadConstraints', 'runtimeClassName', 'nodeSelector', 'tolerations', 'envVars', 'extraEnv',
  'extraEnvFrom', 'extraEnvFromRefs', 'hostAliases', 'deploymentAnnotations', 'deploymentLabels', 'deploymentInitContainers', 'deploymentLifecycle', 'hostname',
  'podAnnotations', 'podLabels', 'podDisruptionBudget', 'hpa', 'priorityClassName', 'secrets', 'automountServiceAccountToken', 'configMaps', 'configMapLabels',
  'volumeMounts', 'volumes', 'extraObjects', 'extraContainers', 'global', 'nameOverride', 'fullnameOverride', 'runners.namespace', 'metrics.podMonitor.jobLabel',
];

/** Those of charts before 1.0 alone, also from copies in public repositories. */
const OLDER_VALUES = [
  'image', 'rbac.resources', 'rbac.verbs',
  ...['image', 'imagePullPolicy', 'imagePullSecrets', 'privileged', 'serviceAccountName', 'pollTimeout', 'outputLimit', 'requestConcurrency', 'cloneUrl', 'env', 'nodeSelector',
    'nodeTolerations', 'podLabels', 'podAnnotations', 'podSecurityContext', 'pod_security_context', 'builds', 'services', 'helpers', 'helpers.image',
    ...['cpuLimit', 'memoryLimit', 'cpuRequests', 'memoryRequests'].map((size) => `builds.${size}OverwriteMaxAllowed`),
    ...['cacheType', 'cacheShared', 'cachePath', 's3ServerAddress', 's3BucketName', 's3BucketLocation', 's3CacheInsecure', 's3CachePath', 'gcsBucketName'].map((key) => `cache.${key}`)].map((value) => `runners.${value}`),
];

/** The properties of the operator's `Runner`, as GitLab's page about it lists them. */
const OPERATORS_VALUES = [
  'gitlabUrl', 'token', 'tags', 'concurrent', 'interval', 'locked', 'runUntagged', 'protected', 'cloneURL', 'env', 'runnerImage', 'helperImage', 'buildImage', 'cacheType',
  'cachePath', 'cacheShared', 's3', 'gcs', 'azure', 'ca', 'serviceaccount', 'config', 'shutdownTimeout', 'logLevel', 'logFormat', 'listenAddr', 'sentryDsn', 'connectionMaxAge',
  'podSpec', 'deploymentSpec',
].map((value) => `spec.${value}`);

const rows = [...text(PAGE).matchAll(/^\| (`.*?) \| (.*?) \|$/gm)].map(([, values, here]) => ({
  values: [...values.matchAll(/`([^`]+)`/g)].map(([, value]) => value), here,
}));
const POD = 'Deployment.spec.template.spec';
const RUNNER = 'config.runners.0';

/** Values with a prop: what a values file says, the same here, where the chart puts it, and what is there. */
const CASES: readonly (readonly [value: string, props: any, path: string, made: unknown])[] = [
  ['namespace', { namespace: 'ci' }, 'Deployment.metadata.namespace', 'ci'],
  ['image.tag', { runnerVersion: GitLabVersion.of('19.3.1') }, `${POD}.containers.0.image`, 'registry.gitlab.com/gitlab-org/gitlab-runner:alpine-v19.3.1'],
  ['image.registry', { managerImage: 'acme.azurecr.io/gitlab-runner:alpine-v19.4.0' }, `${POD}.containers.0.image`, 'acme.azurecr.io/gitlab-runner:alpine-v19.4.0'],
  ['imagePullSecrets', { managerImagePullSecrets: ['a'] }, `${POD}.imagePullSecrets`, [{ name: 'a' }]],
  ['gitlabUrl', {}, `${RUNNER}.url`, 'https://gitlab.example.com'],
  ['runnerToken', {}, `${POD}.volumes.5.secret.secretName`, 'token'],
  ['certsSecretName', { caCertificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }, `${RUNNER}.tls-ca-file`, '/config/ca.pem'],
  ['terminationGracePeriodSeconds', { gracefulStopSeconds: 7200 }, `${POD}.terminationGracePeriodSeconds`, 7200],
  ['concurrent', { concurrent: 50 }, 'config.concurrent', 50],
  ['shutdown_timeout', { shutdownTimeoutSeconds: 60 }, 'config.shutdown_timeout', 60],
  ['checkInterval', { checkIntervalSeconds: 15 }, 'config.check_interval', 15],
  ['logLevel', { logLevel: RunnerLogLevel.DEBUG }, 'config.log_level', 'debug'],
  ['logFormat', { logFormat: RunnerLogFormat.JSON }, 'config.log_format', 'json'],
  ['connectionMaxAge', { runnerSettings: { connection_max_age: '15m' } }, 'config.connection_max_age', '15m'],
  ['replicas', { managerReplicas: 3 }, 'Deployment.spec.replicas', 3],
  ['extraEnv', { managerEnvironment: { A: 'b' } }, `${POD}.containers.0.env.0`, { name: 'A', value: 'b' }],
  ['volumes', { managerVolumes: { '/x': { secret: { secretName: 's' } } } }, `${POD}.volumes.6`, { name: 'own-0', secret: { secretName: 's' } }],
  ['volumeMounts', { managerVolumes: { '/x': { secret: { secretName: 's' } } } }, `${POD}.containers.0.volumeMounts.5`, { name: 'own-0', mountPath: '/x' }],
  ['extraEnvFrom', { managerEnvironmentSecrets: { A: RunnerSecret.kubernetesSecret('s', 'k') } }, `${POD}.containers.0.env.0.valueFrom.secretKeyRef`, { name: 's', key: 'k' }],
  ['extraContainers', { managerContainers: [{ name: 'x', image: 'x:1' }] }, `${POD}.containers.1.image`, 'x:1'],
  ['deploymentInitContainers', { managerInitContainers: [{ name: 'x', image: 'x:1' }] }, `${POD}.initContainers.0.image`, 'x:1'],
  ['preEntrypointScript', { managerInitContainers: [{ name: 'x', image: 'x:1', command: ['sh', '-c', 'true'] }] }, `${POD}.initContainers.0.command`, ['sh', '-c', 'true']],
  ['sentryDsn', { sentryDsn: RunnerSecret.kubernetesSecret('sentry', 'dsn') }, 'config.sentry_dsn', '@value:/secrets/sentry/sentry@'],
  ['secrets', { managerVolumes: { '/x': { secret: { secretName: 's' } } } }, `${POD}.volumes.6.secret.secretName`, 's'],
  ['hostAliases', { hostAliases: { '10.0.0.4': ['gitlab'] } }, `${POD}.hostAliases`, [{ ip: '10.0.0.4', hostnames: ['gitlab'] }]],
  ['podAnnotations', { managerPodAnnotations: { a: 'b' } }, 'Deployment.spec.template.metadata.annotations.a', 'b'],
  ['podLabels', { managerServiceAccount: { podLabels: { a: 'b' } } }, 'Deployment.spec.template.metadata.labels.a', 'b'],
  ['resources', { managerResources: { memoryLimit: '1Gi' } }, `${POD}.containers.0.resources.limits.memory`, '1Gi'],
  ['nodeSelector', { managerNodeSelector: { a: 'b' } }, `${POD}.nodeSelector`, { 'a': 'b', 'kubernetes.io/os': 'linux' }],
  ['tolerations', { managerTolerations: ['a=b:NoSchedule'] }, `${POD}.tolerations.1`, { key: 'a', operator: 'Equal', value: 'b', effect: 'NoSchedule' }],
  ['priorityClassName', { managerPriorityClassName: 'high' }, `${POD}.priorityClassName`, 'high'],
  ['podSecurityContext', { managerUserId: 100 }, `${POD}.securityContext.runAsUser`, 100],
  ['rbac.clusterWideAccess', { kubernetesSettings: { namespace_overwrite_allowed: 'ci-.*' } }, 'ClusterRoleBinding.subjects.0.name', 'gitlab-runner'],
  ['serviceAccount.name', { managerServiceAccount: { name: 'boss' } }, `${POD}.serviceAccountName`, 'boss'],
  ['serviceAccount.annotations', { managerServiceAccount: { annotations: { a: 'b' } } }, 'ServiceAccount.metadata.annotations.a', 'b'],
  ['serviceAccount.create', { managerServiceAccount: { creationEnabled: false }, jobServiceAccount: { creationEnabled: false } }, 'ServiceAccount', undefined],
  ['serviceAccount.imagePullSecrets', { managerImagePullSecrets: ['a'] }, `${POD}.imagePullSecrets.0.name`, 'a'],
  ['metrics.podMonitor.enabled', { podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR }, 'PodMonitor.apiVersion', 'monitoring.coreos.com/v1'],
  ['metrics.podMonitor.labels', { podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR, podMonitorLabels: { a: 'b' } }, 'PodMonitor.metadata.labels.a', 'b'],
  ['metrics.podMonitor.interval', { podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR, podMonitorIntervalSeconds: 30 },
    'PodMonitor.spec.podMetricsEndpoints.0.interval', '30s'],
  ['sessionServer', { webTerminal: RunnerWebTerminal.internalLoadBalancer('10.0.0.9', ['10.1.0.4/32']) }, 'config.session_server.advertise_address', '10.0.0.9:8093'],
  ['runners.jobNamespace', { jobNamespace: 'jobs' }, `${RUNNER}.kubernetes.namespace`, 'jobs'],
  ['runners.name', {}, `${RUNNER}.name`, 'ci'],
  ['runners.executor', {}, `${RUNNER}.executor`, 'kubernetes'],
  ['runners.secret', { token: RunnerToken.kubernetesSecret('other', 'key') }, `${POD}.volumes.5.secret`, { secretName: 'other', items: [{ key: 'key', path: 'token' }] }],
  ['image', { managerImage: 'gitlab/gitlab-runner:alpine-v19.4.0' }, `${POD}.containers.0.image`, 'gitlab/gitlab-runner:alpine-v19.4.0'],
  ['runners.image', { image: 'docker:29' }, `${RUNNER}.kubernetes.image`, 'docker:29'],
  ['runners.imagePullPolicy', { pullPolicies: [RunnerPullPolicy.IF_NOT_PRESENT] }, `${RUNNER}.kubernetes.pull_policy`, ['if-not-present']],
  ['runners.imagePullSecrets', { imagePullSecrets: ['mirror'] }, `${RUNNER}.kubernetes.image_pull_secrets`, ['mirror']],
  ['runners.privileged', { privileged: true }, `${RUNNER}.kubernetes.privileged`, true],
  ['runners.serviceAccountName', { jobServiceAccount: { name: 'ci', creationEnabled: false } }, `${RUNNER}.kubernetes.service_account`, 'ci'],
  ['runners.pollTimeout', { pollTimeoutSeconds: 180 }, `${RUNNER}.kubernetes.poll_timeout`, 180],
  ['runners.outputLimit', { outputLimitKb: 16384 }, `${RUNNER}.output_limit`, 16384],
  ['runners.requestConcurrency', { requestConcurrency: 30 }, `${RUNNER}.request_concurrency`, 30],
  ['runners.cloneUrl', { runnerSettings: { clone_url: 'https://gitlab.internal' } }, `${RUNNER}.clone_url`, 'https://gitlab.internal'],
  ['runners.env', { environment: { DOCKER_DRIVER: 'overlay2' } }, `${RUNNER}.environment`, ['DOCKER_DRIVER=overlay2']],
  ['runners.nodeSelector', { nodeSelector: { pool: 'ci' } }, `${RUNNER}.kubernetes.node_selector.pool`, 'ci'],
  ['runners.nodeTolerations', { tolerations: ['ci=only:NoSchedule'] }, `${RUNNER}.kubernetes.node_tolerations`, { 'ci=only': 'NoSchedule' }],
  ['runners.podLabels', { podLabels: { team: 'ci' } }, `${RUNNER}.kubernetes.pod_labels.team`, 'ci'],
  ['runners.podAnnotations', { podAnnotations: { 'iam.amazonaws.com/role': 'ci' } }, `${RUNNER}.kubernetes.pod_annotations`, { 'iam.amazonaws.com/role': 'ci' }],
  ['runners.podSecurityContext', { podSecurityContext: { runAsUser: 1000 } }, `${RUNNER}.kubernetes.pod_security_context.run_as_user`, 1000],
  ['runners.builds', { buildResources: { cpuRequest: '100m', memoryLimit: '2060Mi' } }, `${RUNNER}.kubernetes.memory_limit`, '2060Mi'],
  ['runners.services', { serviceResources: { memoryLimit: '2Gi' } }, `${RUNNER}.kubernetes.service_memory_limit`, '2Gi'],
  ['runners.helpers', { helperResources: { memoryLimit: '512Mi' } }, `${RUNNER}.kubernetes.helper_memory_limit`, '512Mi'],
  ['runners.builds.memoryRequestsOverwriteMaxAllowed', { kubernetesSettings: { memory_request_overwrite_max_allowed: '16Gi' } },
    `${RUNNER}.kubernetes.memory_request_overwrite_max_allowed`, '16Gi'],
  ['runners.helpers.image', { kubernetesSettings: { helper_image: 'example.azurecr.io/helper:1' } }, `${RUNNER}.kubernetes.helper_image`, 'example.azurecr.io/helper:1'],
  ['runners.cache.s3BucketName', { cache: RunnerCache.s3({ bucketName: 'caches', region: 'eu-central-1' }) }, `${RUNNER}.cache.s3.BucketName`, 'caches'],
  ['runners.cache.cachePath', { cache: RunnerCache.s3({ bucketName: 'caches' }), runnerSettings: { cache: { Path: 'runners' } } }, `${RUNNER}.cache.Path`, 'runners'],
  ['spec.ca', { caCertificateSecret: RunnerSecret.kubernetesSecret('ca', 'tls.crt') }, `${RUNNER}.tls-ca-file`, '@copy:/secrets/ca-certificate/ca-certificate@'],
  ['spec.cacheType', { cache: RunnerCache.existingAzureBlob({ storageAccountName: 'caches', containerName: 'caches' }) }, `${RUNNER}.cache.azure.ContainerName`, 'caches'],
  ['spec.cachePath', { cache: RunnerCache.s3({ bucketName: 'caches' }), runnerSettings: { cache: { Path: 'runners' } } }, `${RUNNER}.cache.Path`, 'runners'],
  ['spec.concurrent', { concurrent: 2 }, 'config.concurrent', 2],
  ['spec.helperImage', { kubernetesSettings: { helper_image: 'example.azurecr.io/helper:1' } }, `${RUNNER}.kubernetes.helper_image`, 'example.azurecr.io/helper:1'],
  ['spec.cloneURL', { runnerSettings: { clone_url: 'https://gitlab.internal' } }, `${RUNNER}.clone_url`, 'https://gitlab.internal'],
  ['spec.env', { managerEnvironment: { HTTP_PROXY: 'http://proxy:3128' } }, `${POD}.containers.0.env.0`, { name: 'HTTP_PROXY', value: 'http://proxy:3128' }],
  ['spec.serviceaccount', { managerServiceAccount: { name: 'boss' } }, `${POD}.serviceAccountName`, 'boss'],
  ['spec.buildImage', { image: 'alpine' }, `${RUNNER}.kubernetes.image`, 'alpine'],
  ['spec.logFormat', { logFormat: RunnerLogFormat.JSON }, 'config.log_format', 'json'],
  ['spec.sentryDsn', { sentryDsn: RunnerSecret.kubernetesSecret('sentry', 'dsn') }, 'config.sentry_dsn', '@value:/secrets/sentry/sentry@'],
  ['spec.connectionMaxAge', { runnerSettings: { connection_max_age: '15m' } }, 'config.connection_max_age', '15m'],
  ['runners.config', { runnerSettings: { shell: 'bash' }, kubernetesSettings: { poll_interval: 5 } }, `${RUNNER}.kubernetes.poll_interval`, 5],
];

test('every value of the chart has one row, and no other has', () => {
  expect(rows.flatMap(({ values }) => values).sort()).toEqual([...VALUES, ...OLDER_VALUES, ...OPERATORS_VALUES].sort());
  expect(rows.filter(({ here }) => here.trim() === '')).toEqual([]);
});

test('a value without a prop has its reason, one with a prop is tried here', () => {
  const withProp = rows.filter(({ here }) => /^`/.test(here));
  const tried = CASES.map(([value]) => value);
  // of GitLab's own, of Terraform's, or of the program around: not of the chart that is tried.
  const elsewhere = ['spec.tags', 'runners.tags', 'runners.cache.secretName', 'configMaps', 'extraObjects', 'runnerRegistrationToken', 'envVars'];
  expect(withProp.filter(({ values }) => !values.some((value) => tried.includes(value) || elsewhere.includes(value) || /^rbac\.(generated|image)/.test(value)))).toEqual([]);
  const reasons = rows.filter(({ here }) => !/^`/.test(here)).map(({ here }) => here);
  expect(reasons.filter((reason) => !/^(Not |Always|Fixed|A \[JSON patch\]|The )/.test(reason))).toEqual([]);
});

test.each(CASES)('%s', (value, props, path, made) => {
  const chart = new GitLabRunnerChart(new App(), 'ci', { gitlabUrl: 'https://gitlab.example.com', token: RunnerToken.kubernetesSecret('token'), ...props });
  const objects: any[] = chart.toJson();
  const config = parse(objects.find(({ kind }) => kind === 'ConfigMap').data['config.template.toml']);
  const roots: any = { config, ...Object.fromEntries([...objects].reverse().map((object) => [object.kind, object])) };
  expect(path.split('.').reduce((inner, part) => inner?.[part], roots)).toEqual(made);
  expect(rows.flatMap(({ values }) => values)).toContain(value);
});

/** Values without a prop: the patch of the object, and what the chart would have made of the same value. */
const PATCHED: readonly (readonly [value: string, kind: string, path: string, given: unknown])[] = [
  ['deploymentAnnotations', 'Deployment', '/metadata/annotations', { 'reloader.stakater.com/auto': 'true' }],
  ['deploymentLabels', 'Deployment', '/metadata/labels/team', 'ci'],
  ['affinity', 'Deployment', '/spec/template/spec/affinity/podAntiAffinity', { requiredDuringSchedulingIgnoredDuringExecution: [] }],
  ['runtimeClassName', 'Deployment', '/spec/template/spec/runtimeClassName', 'gvisor'],
  ['schedulerName', 'Deployment', '/spec/template/spec/schedulerName', 'own'],
  ['metrics.podMonitor.namespace', 'PodMonitor', '/metadata/namespace', 'monitoring'],
  ['metrics.podMonitor.annotations', 'PodMonitor', '/metadata/annotations', { a: 'b' }],
  ['metrics.podMonitor.jobLabel', 'PodMonitor', '/spec/jobLabel', 'app'],
  ['metrics.podMonitor.scheme', 'PodMonitor', '/spec/podMetricsEndpoints/0/scheme', 'https'],
  ['metrics.podMonitor.tlsConfig', 'PodMonitor', '/spec/podMetricsEndpoints/0/tlsConfig', { insecureSkipVerify: false }],
  ['metrics.podMonitor.path', 'PodMonitor', '/spec/podMetricsEndpoints/0/path', '/own'],
  ['metrics.podMonitor.metricRelabelings', 'PodMonitor', '/spec/podMetricsEndpoints/0/metricRelabelings', [{ action: 'drop' }]],
  ['metrics.podMonitor.relabelings', 'PodMonitor', '/spec/podMetricsEndpoints/0/relabelings', [{ action: 'drop' }]],
];

test.each(PATCHED)('%s by a JSON patch', (_value, kind, path, given) => {
  const props = { gitlabUrl: 'https://gitlab.example.com', token: RunnerToken.kubernetesSecret('token'), podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR };
  const chart = new GitLabRunnerChart(new App(), 'ci', props);
  chart.apiObjects.find((object) => object.kind === kind)!.addJsonPatch(JsonPatch.add(path, given));
  const made = chart.toJson().find((object) => object.kind === kind);
  expect(path.split('/').slice(1).reduce((inner, part) => inner?.[part], made)).toEqual(given);
});

test('the values that a JSON patch is said for are those that one is tried for', () => {
  const said = rows.filter(({ here }) => here.includes('[JSON patch]')).flatMap(({ values }) => values);
  // those of the operator's are patches already.
  expect(PATCHED.map(([value]) => value).sort()).toEqual(said.filter((value) => !value.startsWith('spec.')).sort());
});

test('a value of the chart that is given for a prop is answered as on the page', () => {
  const top = rows.flatMap(({ values, here }) => values.map((value) => [value, here])).filter(([value]) => !value.includes('.'));
  const answers = top.map(([value, here]) => {
    try {
      new GitLabRunnerChart(new App(), 'ci', { gitlabUrl: 'https://gitlab.example.com', token: RunnerToken.kubernetesSecret('token'), [value]: 1 } as any);
      // what has the same name here.
      return undefined;
    } catch (error) {
      const { message } = error as Error;
      const [, remedy] = /^\w+: no such prop, got [^]*; ([^;]+) \(at ci\)$/.exec(message) ?? [];
      const props = /^`/.test(here) ? [...here.matchAll(/`(\w+)/g)].map(([, prop]) => prop) : [];
      const right = remedy === undefined || (props.length === 0 ? !remedy.startsWith('write ') : props.some((prop) => remedy.includes(prop)));
      return right ? undefined : [value, here, message];
    }
  });
  expect(answers.filter((answer) => answer !== undefined)).toEqual([]);
});
