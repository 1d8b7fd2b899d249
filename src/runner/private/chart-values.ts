import { GLOBAL_KEYS, OTHER_WAYS, RUNNER_KEYS } from '../config/runner-keys';
import { KUBERNETES_KEYS } from '../job-pod/kubernetes-keys';
import { SETTINGS_OF_PROPS } from '../job-pod/settings-of-props';
import { RUNNER_MANAGER } from '../manager/manager-rules';

const FIXED = 'leave it out: it is fixed here';
const PATCH = 'patch the Deployment of the chart';

/** What to do in place of settings of one runner that are written as props by their names of config.toml, those that no prop is near to. */
const SETTINGS_OF_CONFIG_TOML: { readonly [setting: string]: string } = {
  ...inTable('runnerSettings', RUNNER_KEYS),
  ...inTable('kubernetesSettings', KUBERNETES_KEYS),
  ...Object.fromEntries([...SETTINGS_OF_PROPS].filter(([setting]) => setting.includes('_')).map(([setting, prop]) => [setting, `write ${prop}`])),
};

/** Names of one word may well be meant for a prop. */
function inTable(prop: string, keys: object): { [setting: string]: string } {
  return Object.fromEntries(Object.keys(keys).filter((key) => /^\w+_\w+$/.test(key)).map((key) => [key, `write ${prop}: { ${key}: … }`]));
}

/** The settings of config.toml for which the manager has props. */
function managersSettings(): string[] {
  return Object.entries(OTHER_WAYS).filter(([, remedy]) => Object.hasOwn(RUNNER_MANAGER, remedy.replace(/^use (the prop )?(\w+).*/, '$2'))).map(([key]) => key);
}

/** The same of a further runner, where what is the manager's may be meant. */
export const VALUES_OF_MANAGER: { readonly [name: string]: string } = {
  ...Object.fromEntries([...Object.keys(RUNNER_MANAGER), ...Object.keys(GLOBAL_KEYS), ...managersSettings(), 'gitlab', 'cluster', 'gitlabUrl', 'caCertificate', 'registryCache']
    .map((name) => [name, 'give it to the first runner: the manager has one of it for all its runners'])),
  ...SETTINGS_OF_CONFIG_TOML,
  service_account: 'give jobServiceAccount to the first runner: all jobs of the manager have it',
};

/** What to do in place of values that GitLab's chart has at its top by names of its own, and of settings by those of config.toml; the page docs/from-the-chart.md has all values. */
export const CHART_VALUES: { readonly [name: string]: string } = {
  ...SETTINGS_OF_CONFIG_TOML,
  ...inTable('runnerSettings', GLOBAL_KEYS),
  service_account: 'write jobServiceAccount',
  session_server: 'write webTerminal',
  ...Object.fromEntries([
    'useTini', 'imagePullPolicy', 'revisionHistoryLimit', 'unregisterRunners', 'probeTimeoutSeconds', 'livenessProbe', 'readinessProbe', 'startupProbe',
    'strategy', 'securityContext', 'hostname', 'automountServiceAccountToken', 'topologySpreadConstraints', 'podDisruptionBudget', 'hpa', 'service', 'rbac',
  ].map((value) => [value, FIXED])),
  ...Object.fromEntries(['deploymentAnnotations', 'deploymentLabels', 'schedulerName'].map((value) => [value, PATCH])),
  runtimeClassName: 'patch the Deployment of the chart, or write kubernetesSettings: { runtime_class_name: … } for jobs',
  replicas: 'write managerReplicas',
  runnerToken: 'write token',
  runnerRegistrationToken: 'write token, with RunnerToken.legacyRegistrationToken()',
  certsSecretName: 'write caCertificateSecret',
  terminationGracePeriodSeconds: 'write gracefulStopSeconds',
  shutdown_timeout: 'write shutdownTimeoutSeconds',
  connectionMaxAge: 'write runnerSettings: { connection_max_age: … }',
  preEntrypointScript: 'write managerInitContainers',
  sessionServer: 'write webTerminal',
  metrics: 'write podMonitor',
  resources: 'write buildResources, or managerResources for the manager',
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
