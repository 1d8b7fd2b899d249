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
  const { kubernetes = {}, ...template }: any = (parse(runners.config).runners as any[])[0];
  return {
    config: {
      concurrent: values.concurrent ?? 10,
      check_interval: values.checkInterval ?? 3,
      shutdown_timeout: values.shutdown_timeout || SHUTDOWN_SECONDS,
      log_level: values.logLevel ?? 'info',
      log_format: values.logFormat,
      connection_max_age: values.connectionMaxAge,
      listen_address: metrics.enabled ? ':9252' : undefined,
      session_server: values.sessionServer?.enabled ? { session_timeout: values.sessionServer.timeout ?? 1800, listen_address: '[::]:8093' } : undefined,
      runner: {
        ...template,
        url: values.gitlabUrl.replace(/\/$/, ''),
        token: TOKEN,
        executor: 'kubernetes',
        kubernetes: { ...kubernetes, namespace: runners.jobNamespace ?? release.namespace },
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
      env: values.extraEnv,
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
  const [container] = spec.containers;
  return {
    config: { ...global, runner: { ...runner, token: TOKEN } },
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
      env: Object.fromEntries(container.env.map(({ name, value }: any) => [name, value])),
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
  return Object.fromEntries(mounts.map(({ name, mountPath }) => {
    const { name: _name, ...source } = volumes.find((volume) => volume.name === name);
    return [mountPath, source];
  }));
}
