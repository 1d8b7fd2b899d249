import { load } from 'js-yaml';
import { parse } from 'smol-toml';

/** What a manager comes to: its config.toml, and what somebody chose about its pods. */
export interface Outcome {
  readonly config: any;
  readonly pod: any;
}

const CHART_VERSION = '19.4.0';
/** What a shutdown time-out of 0 means to the runner. */
const SHUTDOWN_SECONDS = 30;
const TOKEN = '(token)';

/**
 * What GitLab's chart `gitlab-runner` makes of a values file, from its templates in public repositories: `config.toml` is of the values above the runners,
 * and `register --template-config` puts `runners.config` in, where the template fills only what the chart's variables leave empty. With an authentication token
 * the chart ignores tags and the like, which are in GitLab. What nobody chose about the pods is left out.
 */
export function officialChart(text: string, release: { readonly name: string; readonly namespace: string }): Outcome {
  const values: any = load(text.replaceAll('{{.Release.Namespace}}', release.namespace).replaceAll('{{.Chart.AppVersion}}', CHART_VERSION));
  const { runners, image = {}, metrics = {} } = values;
  const { kubernetes = {}, cache, ...template }: any = (parse(runners.config).runners as any[])[0];
  const { hostname } = new URL(values.gitlabUrl);
  return {
    config: {
      concurrent: values.concurrent ?? 10,
      check_interval: values.checkInterval ?? 3,
      shutdown_timeout: values.shutdown_timeout || SHUTDOWN_SECONDS,
      log_level: values.logLevel ?? 'info',
      log_format: values.logFormat,
      sentry_dsn: values.sentryDsn,
      connection_max_age: values.connectionMaxAge,
      listen_address: metrics.enabled ? ':9252' : undefined,
      session_server: values.sessionServer?.enabled ? { session_timeout: values.sessionServer.timeout ?? 1800, listen_address: '[::]:8093' } : undefined,
      runner: {
        ...template,
        'url': values.gitlabUrl.replace(/\/$/, ''),
        'token': TOKEN,
        'executor': 'kubernetes',
        // a certificate goes by the server's name, and keys of a bucket by theirs in the Secret that is mounted.
        'tls-ca-file': values.certsSecretName && keyOf(values.certsSecretName, `${hostname}.crt`),
        'cache': cache && {
          ...cache, s3: { ...cache.s3, AccessKey: keyOf(runners.cache.secretName, 'accesskey'), SecretKey: keyOf(runners.cache.secretName, 'secretkey') },
        },
        'kubernetes': { ...kubernetes, namespace: runners.jobNamespace ?? release.namespace },
      },
    },
    pod: {
      replicas: values.replicas ?? 1,
      revisionHistoryLimit: values.revisionHistoryLimit,
      image: `${image.registry ?? 'registry.gitlab.com'}/${image.image ?? 'gitlab-org/gitlab-runner'}:${image.tag ?? `alpine-v${CHART_VERSION}`}`,
      pullSecrets: (values.imagePullSecrets ?? []).map(({ name }: any) => name),
      account: values.serviceAccount?.name,
      accountAnnotations: values.serviceAccount?.annotations,
      graceSeconds: values.terminationGracePeriodSeconds ?? 3600,
      nodeSelector: values.nodeSelector,
      tolerations: (values.tolerations ?? []).map(tolerationText),
      resources: values.resources,
      annotations: values.podAnnotations,
      labels: values.podLabels,
      priorityClassName: values.priorityClassName,
      hostAliases: aliasesByAddress(values.hostAliases),
      env: { ...values.extraEnv, ...values.extraEnvFrom },
      containers: values.extraContainers,
      initContainers: values.deploymentInitContainers,
      mounts: mountsByPath(values.volumes, values.volumeMounts),
      monitorLabels: metrics.podMonitor?.labels,
    },
  };
}

/** The same of what this library renders. */
export function outcomeOf(objects: any[]): Outcome {
  const of = (kind: string) => objects.find((object) => object.kind === kind);
  const config: any = parse(of('ConfigMap').data['config.template.toml']);
  const { runners: [runner], ...global } = config;
  const { metadata, spec } = of('Deployment').spec.template;
  const [container, ...more] = spec.containers;
  const named = (value: unknown) => nameMarks(value, spec.volumes);
  return {
    config: named({ ...global, runner: { ...runner, token: TOKEN } }),
    pod: {
      replicas: of('Deployment').spec.replicas,
      revisionHistoryLimit: of('Deployment').spec.revisionHistoryLimit,
      image: container.image,
      pullSecrets: (spec.imagePullSecrets ?? []).map(({ name }: any) => name),
      account: spec.serviceAccountName,
      accountAnnotations: of('ServiceAccount')?.metadata.annotations,
      graceSeconds: spec.terminationGracePeriodSeconds,
      nodeSelector: spec.nodeSelector,
      tolerations: spec.tolerations.map(tolerationText),
      resources: container.resources,
      annotations: metadata.annotations,
      labels: metadata.labels,
      priorityClassName: spec.priorityClassName,
      hostAliases: aliasesByAddress(spec.hostAliases),
      env: Object.fromEntries(container.env.map(({ name, value, valueFrom }: any) => [name, valueFrom ?? value])),
      containers: more,
      initContainers: spec.initContainers.filter(({ name }: any) => name !== 'render-config'),
      mounts: mountsByPath(spec.volumes, container.volumeMounts),
      monitorLabels: of('PodMonitor')?.metadata.labels,
    },
  };
}

/** The leaves of an outcome by their paths; lists of texts are sets. */
export function leaves(value: any, path = ''): Map<string, unknown> {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
    return new Map(value.map((item): [string, unknown] => [`${path}[${item}]`, true]));
  }
  if (typeof value === 'object' && value !== null) {
    return new Map(Object.entries(value).flatMap(([key, inner]) => [...leaves(inner, path === '' ? key : `${path}.${key}`)]));
  }
  return new Map(value === undefined ? [] : [[path, value]]);
}

function tolerationText({ key, value, effect }: any): string {
  return `${key ?? ''}${value === undefined ? '' : `=${value}`}${effect === undefined ? '' : `:${effect}`}`;
}

function aliasesByAddress(aliases: any[] = []): any {
  return Object.fromEntries(aliases.map(({ ip, hostnames }) => [ip, hostnames]));
}

function mountsByPath(volumes: any[] = [], mounts: any[] = []): any {
  return Object.fromEntries(mounts.map(({ name, mountPath, ...mount }) => {
    const { name: _name, ...source } = volumes.find((volume) => volume.name === name);
    return [mountPath, { ...source, ...mount }];
  }));
}

function keyOf(secret: string, key: string): string {
  return `(${key} of ${secret})`;
}

/** What the sidecar puts in, by where it is mounted from. */
function nameMarks(value: any, volumes: any[]): any {
  if (typeof value === 'string') {
    const [, name, path] = /^@(?:value|copy):\/secrets\/([^/]+)\/([^@]+)@$/.exec(value) ?? [];
    const secret = volumes.find((volume) => volume.name === name)?.secret;
    return secret ? keyOf(secret.secretName, secret.items.find((item: any) => item.path === path).key) : value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => nameMarks(item, volumes));
  }
  return typeof value === 'object' && value !== null && !(value instanceof Date)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, nameMarks(item, volumes)])) : value;
}
