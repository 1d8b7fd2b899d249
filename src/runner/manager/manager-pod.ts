import { LOCKED_DOWN, lockedDown } from './manager-containers';
import { managerVariables, SecretKeys } from './manager-environment';
import { DOCKER_FOLDER, HOME } from './manager-folders';
import { PodOptions } from './manager-plan';
import { METRICS_PORT } from './manager-ports';
import { isByName, mountOf } from './manager-volumes';
import { imageReference } from '../../kubernetes/private/image-reference';
import { Container, KubeDeploymentProps, Plain, Probe, Volume, VolumeMount } from '../../kubernetes/private/types';
import { completeResources } from '../job-pod/container-resources';
import { RunnerContainerResources } from '../runner-options';
import { CONFIG_MAP_PATH, SecretVolume } from '../token/token-mounts';
import { SESSION_PORT, SESSION_PORT_NAME } from '../web-terminal/web-terminal-service';

type Deployment = Plain<NonNullable<KubeDeploymentProps['spec']>>;
type PodSpec = NonNullable<Deployment['template']['spec']>;
type Resources = Plain<NonNullable<Container['resources']>>;

/** Where config.toml is, in memory. */
export const CONFIG_FOLDER = '/etc/gitlab-runner';
/** The template's name in the ConfigMap. */
export const TEMPLATE = 'config.template.toml';

/** Where programs in a pod look for their way to the Kubernetes API. */
const API_ACCESS_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
// what GitLab's alpine image gives its files.
const GROUP_ID = 65533;
const RENDER_INTERVAL_SECONDS = 10;
// what Kubernetes itself takes: the kubelet renews the token long before.
const API_TOKEN_SECONDS = 3607;
const MARGIN_SECONDS = 30;

const DEFAULT_RESOURCES: RunnerContainerResources = {
  cpuRequest: '100m', cpuLimit: '1', memoryRequest: '128Mi', memoryLimit: '512Mi', ephemeralStorageRequest: '128Mi', ephemeralStorageLimit: '512Mi',
};
const SIDECAR_RESOURCES: Resources = {
  requests: { 'cpu': '10m', 'memory': '16Mi', 'ephemeral-storage': '16Mi' }, limits: { 'cpu': '200m', 'memory': '128Mi', 'ephemeral-storage': '128Mi' },
};

/** What the manager's pod is made of. */
export interface ManagerPod {
  readonly replicas: number;
  readonly image: string;
  readonly userId: number;
  readonly resources?: RunnerContainerResources;
  readonly serviceAccountName: string;
  readonly configMapName: string;
  readonly secretVolumes: readonly SecretVolume[];
  /** Credentials of registries, which the runner itself reads. */
  readonly registriesVolume?: SecretVolume;
  readonly systemId: string;
  readonly selector: { readonly [name: string]: string };
  readonly podLabels: { readonly [name: string]: string };
  /** Changes whenever the pod has to be replaced. */
  readonly checksum: string;
  readonly gracefulStopSeconds: number;
  /** How long the pod may take to become ready. */
  readonly startSeconds: number;
  readonly bootVerificationEnabled: boolean;
  readonly webTerminalEnabled: boolean;
  readonly options: PodOptions;
  /** Variables beside those of the options. */
  readonly environmentSecrets: SecretKeys;
}

/**
 * The Deployment of one manager: the runner, and beside it a sidecar that renders config.toml. Only the sidecar sees the mounted secrets but
 * for credentials of registries, and only the runner the token of the Kubernetes API.
 */
export function managerDeployment(pod: ManagerPod): Deployment {
  return {
    replicas: pod.replicas,
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: pod.startSeconds + MARGIN_SECONDS,
    selector: { matchLabels: pod.selector },
    // new managers take over before the old ones stop, all at once, so that jobs are taken all the time and one time limit does for any number.
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: pod.replicas, maxUnavailable: 0 } },
    template: {
      metadata: {
        labels: { ...pod.podLabels, ...pod.selector },
        annotations: { ...pod.options.managerPodAnnotations, 'checksum/config': pod.checksum, 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' },
      },
      spec: {
        serviceAccountName: pod.serviceAccountName,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: pod.gracefulStopSeconds,
        securityContext: {
          runAsNonRoot: true, runAsUser: pod.userId, runAsGroup: GROUP_ID, fsGroup: GROUP_ID, seccompProfile: { type: 'RuntimeDefault' },
        },
        nodeSelector: { ...pod.options.managerNodeSelector, 'kubernetes.io/os': 'linux' },
        affinity: { nodeAffinity: onSystemNodes() },
        topologySpreadConstraints: pod.replicas > 1 ? ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((key) => apart(pod, key)) : undefined,
        tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, ...(pod.options.managerTolerations ?? []).map(toleration)],
        ...chosen(pod.options),
        initContainers: [...(pod.options.managerInitContainers ?? []).map(lockedDown), sidecar(pod)],
        containers: [runner(pod), ...(pod.options.managerContainers ?? []).map(lockedDown)],
        volumes: volumes(pod),
      },
    },
  };
}

/** What the pod has only where somebody said so. */
function chosen({ managerImagePullSecrets: secrets, managerPriorityClassName: priorityClassName, hostAliases = {} }: PodOptions): Partial<PodSpec> {
  const aliases = Object.entries(hostAliases).map(([ip, hostnames]) => ({ ip, hostnames }));
  return {
    imagePullSecrets: secrets?.map((name) => ({ name })),
    priorityClassName,
    hostAliases: aliases.length > 0 ? aliases : undefined,
  };
}

/** `key=value:Effect`, each part of which may be left out. */
function toleration(text: string): { readonly [field: string]: string | undefined } {
  const [taint, effect] = text.split(':');
  const [key, value] = taint.split('=');
  return { key: key || undefined, operator: value === undefined ? 'Exists' : 'Equal', value, effect };
}

/** System nodes where there are some, spot nodes never: an eviction leaves 30 seconds, which ends every job. */
function onSystemNodes(): Plain<NonNullable<NonNullable<Deployment['template']['spec']>['affinity']>['nodeAffinity']> {
  return {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.azure.com/scalesetpriority', operator: 'NotIn', values: ['spot'] }] }],
    },
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 100, preference: { matchExpressions: [{ key: 'kubernetes.azure.com/mode', operator: 'In', values: ['system'] }] } },
    ],
  };
}

/** Managers of one version on different nodes where there are several: a lost node then takes one of them. */
function apart(pod: ManagerPod, topologyKey: string): NonNullable<PodSpec['topologySpreadConstraints']>[number] {
  return {
    maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: pod.selector }, matchLabelKeys: ['pod-template-hash'],
  };
}

function runner(pod: ManagerPod): Plain<Container> {
  const alive: Plain<Probe> = { httpGet: { path: '/metrics', port: 'metrics' } };
  const ready: Plain<Probe> = pod.bootVerificationEnabled ? { httpGet: { path: '/health/ready', port: 'metrics' } } : alive;
  return {
    name: 'gitlab-runner',
    ...image(pod),
    // no preStop hook lets the jobs finish: the runner's end would take the container, and with it the hook, away.
    command: ['sh', `${CONFIG_MAP_PATH}/start-runner.sh`],
    args: ['run', `--config=${CONFIG_FOLDER}/config.toml`, `--working-directory=${HOME}`],
    env: [...managerVariables(pod.options.managerEnvironment, pod.environmentSecrets), { name: 'HOME', value: HOME }],
    ports: [
      { name: 'metrics', containerPort: METRICS_PORT },
      ...pod.webTerminalEnabled ? [{ name: SESSION_PORT_NAME, containerPort: SESSION_PORT }] : [],
    ],
    resources: resources(completeResources(DEFAULT_RESOURCES, pod.resources)),
    securityContext: LOCKED_DOWN,
    // none asks GitLab: an upgrade there must not restart managers.
    startupProbe: { tcpSocket: { port: 'metrics' }, periodSeconds: 2, failureThreshold: 60 },
    readinessProbe: { ...ready, periodSeconds: 5, timeoutSeconds: 5 },
    livenessProbe: { ...alive, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    volumeMounts: [
      { name: 'config-map', mountPath: CONFIG_MAP_PATH, readOnly: true },
      { name: 'config', mountPath: CONFIG_FOLDER, readOnly: true },
      { name: 'home', mountPath: HOME },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'api-access', mountPath: API_ACCESS_FOLDER, readOnly: true },
      ...pod.registriesVolume ? [{ name: pod.registriesVolume.name, mountPath: DOCKER_FOLDER, readOnly: true }] : [],
      ...ownVolumes(pod).map(({ mountPath, name, mount }) => ({ name, mountPath, ...mount })),
    ],
  };
}

/** An init container that never ends: it starts before the runner and stops after it. */
function sidecar(pod: ManagerPod): Plain<Container> {
  const secrets: VolumeMount[] = pod.secretVolumes.map((volume) => ({ name: volume.name, mountPath: `/secrets/${volume.name}`, readOnly: true }));
  return {
    name: 'render-config',
    ...image(pod),
    restartPolicy: 'Always',
    command: ['sh', `${CONFIG_MAP_PATH}/render-config.sh`],
    env: [
      ...managerVariables(pod.options.managerEnvironment, pod.environmentSecrets),
      { name: 'HOME', value: '/tmp' },
      { name: 'TEMPLATE', value: `${CONFIG_MAP_PATH}/${TEMPLATE}` },
      { name: 'OUTPUT', value: CONFIG_FOLDER },
      { name: 'SYSTEM_ID', value: pod.systemId },
      ...pod.replicas > 1 ? [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] : [],
      { name: 'INTERVAL_SECONDS', value: String(RENDER_INTERVAL_SECONDS) },
    ],
    resources: SIDECAR_RESOURCES,
    securityContext: LOCKED_DOWN,
    // the runner starts once there is a config.toml.
    startupProbe: { exec: { command: ['test', '-s', `${CONFIG_FOLDER}/config.toml`] }, periodSeconds: 1, failureThreshold: 120 },
    volumeMounts: [
      { name: 'config-map', mountPath: CONFIG_MAP_PATH, readOnly: true },
      { name: 'config', mountPath: CONFIG_FOLDER },
      { name: 'tmp', mountPath: '/tmp' },
      ...secrets,
    ],
  };
}

/** What a digest names never changes, so a node that has it need not ask; Kubernetes asks where the tag beside it is `latest`. */
function image(pod: ManagerPod): Pick<Plain<Container>, 'image' | 'imagePullPolicy'> {
  return { image: pod.image, imagePullPolicy: imageReference(pod.image).digest === undefined ? undefined : 'IfNotPresent' };
}

function volumes(pod: ManagerPod): Plain<Volume>[] {
  return [
    { name: 'config-map', configMap: { name: pod.configMapName } },
    { name: 'config', emptyDir: { medium: 'Memory', sizeLimit: '4Mi' } },
    { name: 'home', emptyDir: { sizeLimit: '64Mi' } },
    { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
    { name: 'api-access', projected: { sources: apiAccess() } },
    ...[...pod.secretVolumes, ...pod.registriesVolume ? [pod.registriesVolume] : []].map((volume) => ({ name: volume.name, ...volume.source })),
    ...ownVolumes(pod).filter(({ volume }) => !isByName(volume)).map(({ volume, name }) => ({ ...volume, name })),
    ...Object.entries(pod.options.managerPodVolumes ?? {}).map(([name, source]) => ({ ...source, name })),
  ];
}

/** What the manager mounts because somebody said so: volumes of the pod by their names, and others by ours. */
function ownVolumes({ options: { managerVolumes = {} } }: ManagerPod) {
  return Object.entries(managerVolumes).map(([mountPath, given], index) => {
    const { volume, mount } = mountOf(given);
    return { mountPath, mount, volume, name: isByName(volume) ? volume.name : `own-${index}` };
  });
}

/** What Kubernetes would mount into every container of the pod, as far as a client of its API reads it. */
function apiAccess(): Plain<NonNullable<NonNullable<Volume['projected']>['sources']>> {
  return [
    { serviceAccountToken: { path: 'token', expirationSeconds: API_TOKEN_SECONDS } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  ];
}

function resources(given: RunnerContainerResources): Resources {
  return {
    requests: quantities(given.cpuRequest, given.memoryRequest, given.ephemeralStorageRequest),
    limits: quantities(given.cpuLimit, given.memoryLimit, given.ephemeralStorageLimit),
  };
}

function quantities(cpu?: string, memory?: string, ephemeralStorage?: string): { [name: string]: string } {
  return Object.fromEntries(Object.entries({ cpu, memory, 'ephemeral-storage': ephemeralStorage })
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== null));
}
