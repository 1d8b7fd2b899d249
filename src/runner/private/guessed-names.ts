import { FEATURE_FLAGS } from '../config/feature-flags';
import { IN_PLACE_OF, IN_PLACE_OF_EXECUTORS } from '../config/runner-keys';

type Names = { readonly [name: string]: string };

const IN_GITLAB = 'leave it out: it is set in GitLab, where the runner and its token are made';
const OWN_NAME = 'leave it out: the id of the construct or of addRunner() is the name';
const WHOLE = 'write the props of runners, such as cache, image and kubernetesSettings';
const COUNTS = ['concurrency', 'maxJobs', 'maxConcurrentJobs', 'parallelism'];
const PROXIES = 'write managerEnvironment, and environment for jobs';

/** What to do in place of names of one runner that people write from memory: those of other tools, other executors and other versions. */
export const GUESSED_NAMES: Names = {
  ...all(['name', 'runnerName'], OWN_NAME),
  ...all(['env', 'envs', 'environmentVariables', 'variables'], 'write environment'),
  ...all(['cpu', 'cpus', 'memory', 'limits', 'requests', 'jobResources'], 'write buildResources'),
  ...all(['dind', 'dockerInDocker', 'buildkit', 'kaniko'], 'write imageBuilds, such as RunnerImageBuilds.rootlessBuildkit()'),
  ...all(['dockerSocket', 'dockerSock', 'mountDockerSocket'], 'write imageBuilds: nodes have no Docker'),
  ...all(['gpu', 'gpuCount'], 'write gpus'),
  ...all(['arch', 'architecture', 'platform'], 'write nodeSelector: { "kubernetes.io/arch": … }'),
  ...all(['spot', 'preemptible', 'useSpotInstances'], 'leave it out: the nodes of a pool are Spot VMs or not'),
  ...all(['autoscaling', 'idleCount', 'idleTime', 'warmPool'], 'write warmCapacity'),
  ...all(['tlsSkipVerify', 'tlsVerify', 'insecureSkipVerify', 'skipTlsVerify', 'insecure', 'sslVerify'], IN_PLACE_OF.insecure),
  ...Object.fromEntries(Object.keys(FEATURE_FLAGS).map((flag) => [flag, `write featureFlags: { ${flag}: … }`])),
  executor: 'leave it out: jobs run in pods of the cluster',
  docker: IN_PLACE_OF_EXECUTORS.docker,
  kubernetes: 'write kubernetesSettings, and the other props of job pods',
  services: 'write kubernetesSettings: { services: … }',
  windows: 'leave it out: jobs on Windows are not supported',
  hostNetwork: 'write kubernetesSettings: { pod_spec: … }',
  runtimeClass: 'write kubernetesSettings: { runtime_class_name: … }',
  shell: 'write runnerSettings: { shell: … }',
  labels: 'write podLabels',
  preCloneScript: 'write runnerSettings: { pre_get_sources_script: … }',
  postCloneScript: 'write runnerSettings: { post_get_sources_script: … }',
};

/** The same of the manager. */
export const GUESSED_NAMES_OF_MANAGER: Names = {
  ...all(COUNTS, 'write concurrent'),
  ...all(['authToken', 'authenticationToken'], 'write token'),
  ...all(['config', 'configToml', 'extraConfig', 'values', 'helmValues'], WHOLE),
  ...all(['cacheType', 'distributedCache', 's3'], 'write cache, such as RunnerCache.s3()'),
  ...all(['serviceMonitor', 'prometheus'], 'write podMonitor'),
  ...all(['proxy', 'httpProxy', 'httpsProxy', 'noProxy'], PROXIES),
  ...all(['serviceAccount', 'serviceAccountName'], 'write managerServiceAccount, or jobServiceAccount for jobs'),
  registrationToken: 'write token, with RunnerToken.legacyRegistrationToken()',
  runnerImage: 'write managerImage',
  chartVersion: 'write runnerVersion',
  replicaCount: 'write managerReplicas',
};

/** The same of a further runner, whose manager has its own limit. */
export const GUESSED_NAMES_OF_ADDED: Names = all(COUNTS, 'write limit');

/** Names of what GitLab knows of a runner that this library makes there. */
export const GUESSED_NAMES_IN_GITLAB: Names = {
  ...all(['tagList', 'runnerTags'], 'write tags'),
  ...all(['accessLevel', 'protectedBranchesOnly'], 'write refProtected'),
  ...all(['timeout', 'maximumTimeout', 'jobTimeout'], 'write maximumTimeoutSeconds'),
};

/** The same of a runner that somebody else has made there. */
export const NAMES_IN_GITLAB: Names = all([
  'tags', 'description', 'runUntagged', 'locked', 'paused', 'refProtected', 'maximumTimeoutSeconds', 'runnerScope', ...Object.keys(GUESSED_NAMES_IN_GITLAB),
], IN_GITLAB);

function all(names: readonly string[], remedy: string): Names {
  return Object.fromEntries(names.map((name) => [name, remedy]));
}
