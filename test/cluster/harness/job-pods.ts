// What GitLab Runner's own code makes of a configuration: the pod of a job, which is compared and which the API server judges.
import { execFileSync } from 'node:child_process';
import { parse, stringify } from 'smol-toml';

export interface PodRequest {
  /** A whole config.toml. */
  readonly config: any;
  readonly job?: { readonly variables?: { readonly [name: string]: string }; readonly image?: object; readonly services?: readonly object[] };
}

/** A pod, or why the runner makes none. */
export interface PodAnswer {
  readonly pod?: any;
  readonly error?: string;
}

const PROJECT = {
  id: 7,
  token: 'job-token',
  job_info: { id: 7, name: 'build', stage: 'test', project_id: 3, project_name: 'shop' },
  git_info: { repo_url: 'https://gitlab.example.com/platform/shop.git', ref: 'main', sha: 'a'.repeat(40), before_sha: '0'.repeat(40), ref_type: 'branch' },
  runner_info: { timeout: 3600 },
  steps: [{ name: 'script', script: ['true'], timeout: 3600, when: 'on_success' }],
};

/** The pods of jobs, by the Kubernetes executor of the real runner. */
export function jobPods(requests: readonly PodRequest[]): PodAnswer[] {
  const input = requests.map(({ config, job: { variables = {}, image = {}, services = [] } = {} }) => ({
    Config: stringify(config),
    Job: { ...PROJECT, image, services, variables: Object.entries(variables).map(([key, value]) => ({ key, value, public: true })) },
  }));
  return JSON.parse(execFileSync(process.env.CLUSTER_PODS!, { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 2 ** 30 }));
}

/** The configuration of a manager's objects, with a text for each secret that its sidecar puts in. */
export function configOf(objects: readonly any[]): any {
  const text = objects.find(({ kind }) => kind === 'ConfigMap').data['config.template.toml'];
  return parse(text.replace(/@(?:text|value|copy):[^@]*@/g, 'put-in'));
}

/** What a pod is, whatever the order of lists and the names of volumes: its leaves by their paths. */
export function outline({ metadata: { labels, annotations, namespace }, spec: whole }: any): Map<string, unknown> {
  const { volumes = [], initContainers = [], containers, tolerations = [], ...spec } = whole;
  const sources = new Map(volumes.map(({ name, ...source }: any) => [name, source]));
  const container = ({ env = [], volumeMounts = [], ...rest }: any) => ({
    ...rest,
    env: Object.fromEntries(env.map(({ name, value, valueFrom }: any) => [name, valueFrom ?? value ?? ''])),
    mounts: Object.fromEntries(volumeMounts.map(({ name, mountPath, ...mount }: any) => [mountPath, { ...sources.get(name) as object, ...mount }])),
  });
  const byName = (list: readonly any[]) => Object.fromEntries(list.map((item) => [item.name, container(item)]));
  return leaves({
    metadata: { labels, annotations, namespace },
    spec: {
      ...spec,
      initContainers: byName(initContainers),
      containers: byName(containers),
      tolerations: tolerations.map(({ key, operator, value, effect }: any) => [key, operator, value, effect].join(' ')),
    },
  });
}

function leaves(value: any, path = ''): Map<string, unknown> {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object') && /tolerations$|capabilities\.(add|drop)$/.test(path)) {
    return new Map([...value].sort().map((item): [string, unknown] => [`${path}[${item}]`, true]));
  }
  if (Array.isArray(value) && /\.items$/.test(path)) {
    return leaves(Object.fromEntries(value.map(({ key, ...item }) => [key, item])), path);
  }
  // what is empty says that a volume is there; of resources it says nothing.
  if (typeof value === 'object' && value !== null && (Object.keys(value).length > 0 || /\.resources$/.test(path))) {
    return new Map(Object.entries(value).flatMap(([key, inner]) => [...leaves(inner, path === '' ? key : `${path}.${key}`)]));
  }
  // a Secret for the credentials of a job has the name of its pod.
  const text = path.startsWith('spec.imagePullSecrets.') ? String(value).replace(/(-concurrent-0-)\w+$/, '$1…') : value;
  return new Map(value === undefined ? [] : [[path, typeof text === 'object' ? JSON.stringify(text) : text]]);
}
