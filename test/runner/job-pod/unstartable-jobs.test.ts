// Settings that are valid by themselves, and for which no job would start or nothing would happen: the runner or the API server says so of each job.
import { GitLabRunnerChartProps, RunnerCache, RunnerVolume } from '../../../src';
import { newChart, runner } from '../chart';

type Props = Partial<GitLabRunnerChartProps>;

const settings = (kubernetesSettings: { [key: string]: any }): Props => ({ kubernetesSettings });
const patch = (text: string) => settings({ pod_spec: [{ name: 'patch', patch_type: 'merge', patch: text }] });
const nodes = (expression: object): Props => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } } },
});
const AT = 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values';

test.each<[string, Props, string]>([
  ['privileges that cannot be gained', settings({ service_container_security_context: { privileged: true, allow_privilege_escalation: false } }),
    'kubernetesSettings.service_container_security_context.allow_privilege_escalation: privileged containers can always gain privileges, got false; leave it out, or drop privileged'],
  ['root in a pod without root', { podSecurityContext: { runAsNonRoot: true, runAsUser: 1000 }, ...settings({ build_container_security_context: { run_as_user: 0 } }) },
    'kubernetesSettings.build_container_security_context.run_as_user: root, which podSecurityContext.runAsNonRoot forbids, got 0; take another user, or set run_as_non_root to false there'],
  ['root in a container without root', { podSecurityContext: { runAsUser: 0 }, ...settings({ helper_container_security_context: { run_as_non_root: true } }) },
    'kubernetesSettings.helper_container_security_context.run_as_user: root, which run_as_non_root forbids, got 0; take another user, or set run_as_non_root to false there'],
  ['an alias that is no host', settings({ services: [{ name: 'postgres:17', alias: 'db,My_DB' }] }),
    'kubernetesSettings.services[0].alias: not a host name, got "My_DB"; give host names in lower case, such as "db"'],
  ['an API server that knows no token', settings({ host: 'https://kubernetes.default.svc' }),
    'kubernetesSettings.host: the API server would be asked without the manager\'s token, got "https://kubernetes.default.svc"; leave it out: the manager finds the cluster that it runs in'],
  ['a size for what does not wait', settings({ suspend_pvc_size: '10Gi' }), 'kubernetesSettings.suspend_pvc_size: does nothing without the feature flag '
    + 'FF_SUSPENDABLE_ENVIRONMENTS, got "10Gi"; give featureFlags: { FF_SUSPENDABLE_ENVIRONMENTS: true }, or leave it out'],
  ['a folder of a service that does not wait', {
    environment: { FF_SUSPENDABLE_ENVIRONMENTS: 'true' }, featureFlags: { FF_SUSPENDABLE_ENVIRONMENTS: false }, ...settings({ services: [{ name: 'postgres:17', suspend_data_path: '/data' }] }),
  }, 'kubernetesSettings.services[0].suspend_data_path: does nothing without the feature flag FF_SUSPENDABLE_ENVIRONMENTS, got "/data"; give featureFlags: '
    + '{ FF_SUSPENDABLE_ENVIRONMENTS: true }, or leave it out'],
  ['too many names to search', settings({ dns_config: { searches: Array.from({ length: 33 }, (_, index) => `a${index}.example.com`) } }),
    'kubernetesSettings.dns_config.searches: more than Kubernetes takes, got 33; give at most 32'],
  ['a header of GitLab\'s page', settings({ container_lifecycle: { pre_stop: { http_get: { port: 8080, http_headers: [{ name: 'header_name_1', value: '1' }] } } } }),
    'kubernetesSettings.container_lifecycle.pre_stop.http_get.http_headers[0].name: not a header that Kubernetes takes, got "header_name_1"; give letters, digits and "-", such as "X-Purpose"'],
  ['room by no policy', settings({ autoscaler: { max_pause_pods: 5 } }), 'kubernetesSettings.autoscaler.policy: missing, so that no room is kept, got nothing; give it, or warmCapacity'],
  ['images by a regular expression', { allowedImages: ['^ubuntu:.*$'] }, 'allowedImages[0]: a regular expression, which no image matches, got "^ubuntu:.*$"; give an image, with "*" for any text, such as "ubuntu:*"'],
  ['services by a regular expression', { allowedServices: ['docker.io/.*'] }, 'allowedServices[0]: a regular expression, which no image matches, got "docker.io/.*"; give an image, with "*" for any text, such as "ubuntu:*"'],
  ['a patch that leaves no container', patch('containers: [{ name: build, tty: true }]'),
    'kubernetesSettings.pod_spec[0].patch: a merge patch, which leaves nothing of the runner\'s own containers, got "containers: [{ name: build, tty: true }]"; take patch_type "strategic"'],
  ['nodes by no value', nodes({ key: 'pool', operator: 'In' }), `${AT}: missing, with the operator In, got nothing; give a list of values`],
  ['nodes by a value too many', nodes({ key: 'pool', operator: 'Exists', values: ['ci'] }), `${AT}: given, with the operator Exists, got ["ci"]; leave them out`],
  ['nodes by no number', nodes({ key: 'cores', operator: 'Gt', values: ['many'] }), `${AT}: not one whole number, with the operator Gt, got ["many"]; give a list of one, such as ["4"]`],
  ['a volume in place of the image', { volumes: [RunnerVolume.emptyDir('all', '//')] }, 'volumes[0]: the root of the container, where its image is, got "//"; mount it at a folder'],
  ['sources in place of the image', { runnerSettings: { builds_dir: '/' } }, 'runnerSettings.builds_dir: the root of the container, where its image is, got "/"; give a folder such as "/builds"'],
  ['sources that jobs do not see', { runnerSettings: { builds_dir: '/builds/$CI_CONCURRENT_ID' } },
    'runnerSettings.builds_dir: has a variable, which is not expanded where the folder is mounted, so that jobs would not see their sources, got "/builds/$CI_CONCURRENT_ID"; '
    + 'leave the variable out, or mount a volume at a folder above it'],
  ['an option of `register`', { environment: { KUBERNETES_POLL_TIMEOUT: '3600' } }, 'environment.KUBERNETES_POLL_TIMEOUT: a setting of pods, which does nothing as a variable here, got "3600"; use pollTimeoutSeconds'],
  ['one without a prop', { environment: { KUBERNETES_HELPER_IMAGE: 'helper:1' } },
    'environment.KUBERNETES_HELPER_IMAGE: a setting of pods, which does nothing as a variable here, got "helper:1"; use kubernetesSettings.helper_image'],
  ['a size that nobody may choose', { environment: { KUBERNETES_CPU_LIMIT: '2' } }, 'environment.KUBERNETES_CPU_LIMIT: a setting of pods, which does nothing as a variable here, got "2"; use buildResources.cpuLimit'],
  ['nodes that nobody may choose', { environment: { KUBERNETES_NODE_SELECTOR_ARCH: 'kubernetes.io/arch=arm64' } },
    'environment.KUBERNETES_NODE_SELECTOR_ARCH: a setting of pods, which does nothing as a variable here, got "kubernetes.io/arch=arm64"; use nodeSelector'],
])('refuses %s', (_what, props, message) => {
  expect(() => newChart(props)).toThrow(new Error(`${message} (at ci)`));
});

test.each<[string, Props]>([
  ['root where the container says so', {
    podSecurityContext: { runAsNonRoot: true }, ...settings({ build_container_security_context: { run_as_non_root: false, run_as_user: 0 } }),
  }],
  ['an API server that jobs bring a token for', settings({ host: 'https://api.example.com', bearer_token_overwrite_allowed: true })],
  ['a size for what waits by a variable', { environment: { FF_SUSPENDABLE_ENVIRONMENTS: '1' }, ...settings({ suspend_pvc_size: '10Gi' }) }],
  ['a folder for what waits by its flag', {
    featureFlags: { FF_SUSPENDABLE_ENVIRONMENTS: true }, ...settings({ suspend_pvc_storage_class: '', services: [{ name: 'postgres:17', suspend_data_path: '/data' }] }),
  }],
  ['aliases with a variable', settings({ services: [{ name: 'postgres:17', alias: 'db $CI_PROJECT_PATH_SLUG' }] })],
  ['sources below a volume', { runnerSettings: { builds_dir: '/builds/$CI_CONCURRENT_ID' }, volumes: [RunnerVolume.emptyDir('builds', '/builds/')] }],
  ['a size that jobs may choose', { environment: { KUBERNETES_CPU_LIMIT: '2' }, ...settings({ cpu_limit_overwrite_max_allowed: '4' }) }],
  ['images by globs', { allowedImages: ['registry.example.com/{base,node}:*', 'ubuntu:2[24].04', '$CI_REGISTRY/*'] }],
  ['a variable of nobody\'s', { environment: { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_VERSION: '1.36' }, cache: RunnerCache.none() }],
])('takes %s', (_what, props) => {
  expect(newChart(props).toJson().length).toBeGreaterThan(0);
});

test('a privileged container gains privileges, which the others do not', () => {
  const { kubernetes } = runner(newChart(settings({ service_container_security_context: { privileged: true } })));
  const { allow_privilege_escalation: ofAll, service_container_security_context: ofServices } = kubernetes;
  expect([ofAll, ofServices]).toEqual([false, { allow_privilege_escalation: true, privileged: true }]);
});
