// The objects that GitLab's own Helm chart `gitlab-runner` makes at its defaults. The chart cannot be had here, so this is written after what is public about it:
//
// | what | known from |
// |---|---|
// | Role | `helm template` of chart 0.93.0, told in gitlab-org/gitlab-runner!7629 and in docs.gitlab.com/runner/install/kubernetes |
// | liveness: `gitlab-runner verify`, 3 times in 60 s periods, still the default of 0.94.0 | gitlab-org/charts/gitlab-runner!558; its 4 s and what a time-out means: !457, issue 551 |
// | `concurrent` 10, `check_interval` 3, `shutdown_timeout` 0, security contexts, grace of 3600 s, image and namespace of jobs | values.yaml of chart 0.86.0 |
// | registration: 30 tries, 5 s apart, each time a container starts; the token's Secret projected; the checksums that roll a pod | objects of charts 0.54 to 0.78 that users published |
// | the image: SIGQUIT stops it, `/entrypoint`, uid 100 | dockerfiles of gitlab-org/gitlab-runner |
//
// Not certain: how long the first probes wait (60 s) and that liveness has a grace of its own (30 s), both from one user's values; a start-up probe, of which only
// is known that there is one, is left out. The scripts are ours and do what the chart's do. The package's own chart that a user names is not touched by this.
import { createHash } from 'node:crypto';

/** What everybody has to set. */
export interface OfficialChartValues {
  readonly namespace: string;
  readonly gitlabUrl: string;
  readonly runnerToken: string;
  /** GitLab's authority, for the Secret that `certsSecretName` names. */
  readonly certificate: string;
  /** As the chart takes it: registry, repository and tag in one. */
  readonly image: string;
}

const NAME = 'gitlab-runner';
const CERTIFICATES = 'gitlab-certificate';
export const OFFICIAL_CHART_LABEL = `app=${NAME}`;

/** What `helm install gitlab-runner` makes, the namespace and the authority's Secret, which the user makes before, included. */
export function officialChart(values: OfficialChartValues): any[] {
  const { namespace } = values;
  const metadata = { name: NAME, namespace, labels: { app: NAME, chart: 'gitlab-runner-0.94.0', release: NAME, heritage: 'Helm' } };
  const scripts = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: configMap(values) };
  const token = tokenSecret(values);
  const rbac = 'rbac.authorization.k8s.io';
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: CERTIFICATES, namespace }, stringData: { [`${new URL(values.gitlabUrl).hostname}.crt`]: values.certificate } },
    token,
    scripts,
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules: [{ apiGroups: [''], resources: ['*'], verbs: ['*'] }] },
    {
      apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name: NAME }, subjects: [{ kind: 'ServiceAccount', name: NAME, namespace }],
    },
    {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata,
      spec: {
        replicas: 1,
        revisionHistoryLimit: 10,
        selector: { matchLabels: { app: NAME } },
        template: {
          metadata: { labels: metadata.labels, annotations: { 'checksum/configmap': checksum(scripts), 'checksum/secrets': checksum(token) } },
          spec: podSpec(values),
        },
      },
    },
  ];
}

/** The Secret alone, as an operator that copies secrets would write it. */
export function tokenSecret({ namespace, runnerToken }: OfficialChartValues): any {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: NAME, namespace }, type: 'Opaque', stringData: { 'runner-registration-token': '', 'runner-token': runnerToken } };
}

function podSpec({ image, gitlabUrl }: OfficialChartValues): any {
  const probe = { timeoutSeconds: 4, initialDelaySeconds: 60, periodSeconds: 60, successThreshold: 1, failureThreshold: 3 };
  const home = `/home/${NAME}/.gitlab-runner`;
  return {
    serviceAccountName: NAME,
    terminationGracePeriodSeconds: 3600,
    securityContext: { runAsUser: 100, fsGroup: 65533 },
    containers: [{
      name: NAME,
      image,
      imagePullPolicy: 'IfNotPresent',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, readOnlyRootFilesystem: false, runAsNonRoot: true },
      command: ['/usr/bin/dumb-init', '--', '/bin/bash', '/configmaps/entrypoint'],
      env: [{ name: 'CI_SERVER_URL', value: gitlabUrl }, { name: 'RUNNER_EXECUTOR', value: 'kubernetes' }],
      livenessProbe: { exec: { command: ['/bin/bash', '/configmaps/check-live', '3'] }, ...probe, terminationGracePeriodSeconds: 30 },
      readinessProbe: { exec: { command: ['/usr/bin/pgrep', 'gitlab.*runner'] }, ...probe },
      ports: [{ name: 'metrics', containerPort: 9252 }],
      volumeMounts: [
        { name: 'projected-secrets', mountPath: '/secrets' },
        { name: 'etc-gitlab-runner', mountPath: home },
        { name: 'configmaps', mountPath: '/configmaps' },
        { name: 'custom-certs', mountPath: `${home}/certs/`, readOnly: true },
      ],
    }],
    volumes: [
      { name: 'runner-secrets', emptyDir: { medium: 'Memory' } },
      { name: 'etc-gitlab-runner', emptyDir: { medium: 'Memory' } },
      { name: 'projected-secrets', projected: { sources: [{ secret: { name: NAME } }] } },
      { name: 'custom-certs', secret: { secretName: CERTIFICATES } },
      { name: 'configmaps', configMap: { name: NAME } },
    ],
  };
}

function configMap({ namespace }: OfficialChartValues): { [file: string]: string } {
  return {
    'config.toml': 'shutdown_timeout = 0\nconcurrent = 10\ncheck_interval = 3\nlog_level = "info"\n',
    'config.template.toml': `[[runners]]\n  [runners.kubernetes]\n    namespace = "${namespace}"\n    image = "alpine"\n`,
    'entrypoint': `#!/bin/bash
set -e
cp /configmaps/config.toml /home/gitlab-runner/.gitlab-runner/
CI_SERVER_TOKEN=$(cat /secrets/runner-token)
export CI_SERVER_TOKEN
sh /configmaps/register-the-runner
exec /entrypoint run --working-directory=/home/gitlab-runner
`,
    'register-the-runner': `#!/bin/sh
trap 'wait; exit' QUIT INT
for attempt in $(seq 30); do
  /entrypoint register --template-config /configmaps/config.template.toml --non-interactive &
  wait $! && exit 0
  sleep 5
done
exit 1
`,
    'check-live': `#!/bin/bash
pgrep -f '.*register-the-runner' > /dev/null || pgrep 'gitlab.*runner' > /dev/null || exit 1
said=$(timeout "$1" gitlab-runner verify --url= 2>&1)
status=$?
case $status in
  124 | 143) exit 0 ;; # GitLab did not answer in time, which proves nothing
  0) grep -qE 'is (alive|valid)' <<< "$said" ;;
  *) exit $status ;;
esac
`,
  };
}

function checksum(object: unknown): string {
  return createHash('sha256').update(JSON.stringify(object)).digest('hex');
}
