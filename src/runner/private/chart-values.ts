const FIXED = 'leave it out: it is fixed here';
const PATCH = 'patch the Deployment of the chart';

/** What to do in place of values that GitLab's chart has at its top by names of its own; the page docs/from-the-chart.md has all values. */
export const VALUES_OF_THE_CHART: { readonly [value: string]: string } = {
  ...Object.fromEntries([
    'useTini', 'imagePullPolicy', 'revisionHistoryLimit', 'unregisterRunners', 'probeTimeoutSeconds', 'livenessProbe', 'readinessProbe', 'startupProbe',
    'strategy', 'securityContext', 'hostname', 'automountServiceAccountToken', 'topologySpreadConstraints', 'podDisruptionBudget', 'hpa', 'service', 'rbac',
  ].map((value) => [value, FIXED])),
  ...Object.fromEntries(['deploymentAnnotations', 'deploymentLabels', 'schedulerName', 'runtimeClassName'].map((value) => [value, PATCH])),
  replicas: 'write managerReplicas',
  runnerToken: 'write token',
  runnerRegistrationToken: 'write token, with RunnerToken.legacyRegistrationToken()',
  certsSecretName: 'write caCertificateSecret',
  terminationGracePeriodSeconds: 'write gracefulStopSeconds',
  shutdown_timeout: 'write shutdownTimeoutSeconds',
  connectionMaxAge: 'write runnerSettings: { connection_max_age: … }',
  preEntrypointScript: 'write managerInitContainers',
  sessionServer: 'write webTerminal',
  serviceAccount: 'write managerServiceAccount',
  metrics: 'write podMonitor',
  resources: 'write managerResources',
  envVars: 'write runnerSettings, kubernetesSettings and the props of job pods',
  extraEnv: 'write managerEnvironment',
  extraEnvFrom: 'write managerEnvironmentSecrets',
  extraEnvFromRefs: 'write managerEnvironmentSecrets',
  secrets: 'write managerVolumes',
  volumeMounts: 'write managerVolumes',
  deploymentInitContainers: 'write managerInitContainers',
  extraContainers: 'write managerContainers',
  extraObjects: 'add them to chart of the runner',
  configMaps: 'add them to chart of the runner',
  configMapLabels: 'add them to chart of the runner',
  runners: 'write the props of runners, such as tags, cache and kubernetesSettings',
};
