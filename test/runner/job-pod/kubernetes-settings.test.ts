import { GitLabVersion } from '../../../src/gitlab';
import { KUBERNETES_KEYS } from '../../../src/runner/job-pod/kubernetes-keys';
import { newChart, runner } from '../chart';

describe('settings without a prop', () => {
  const set = (kubernetesSettings: any, runnerVersion?: GitLabVersion) => () => newChart({ kubernetesSettings, runnerVersion });

  test('take every known key, nested ones too', () => {
    const kubernetesSettings = {
      dns_config: { nameservers: ['1.1.1.1'], options: [{ name: 'ndots', value: '2' }] },
      container_lifecycle: { pre_stop: { exec: { command: ['x'] } } },
      build_container_security_context: { capabilities: { drop: ['ALL'] }, seccomp_profile: { type: 'RuntimeDefault' } },
      services: [{ name: 'postgres:17', alias: 'db', environment: ['A=B'] }],
      pod_spec: [{ name: 'x', patch: '{}', patch_type: 'merge' }],
      cpu_request_overwrite_max_allowed: '4',
      cleanup_resources_timeout: '1m30s',
      autoscaler: { policy: [{ idle_time: '2h' }] },
    };
    expect(runner(newChart({ kubernetesSettings })).kubernetes).toMatchObject(kubernetesSettings);
  });

  test('that are empty, as the runner writes config.toml itself, are taken', () => {
    const empty = {
      host: '', helper_image: '', helper_image_flavor: '', namespace_overwrite_allowed: '', service_account_overwrite_allowed: '', node_selector_overwrite_allowed: '',
      pod_spec: [], services: [], dns_config: {}, build_container_security_context: { capabilities: {} }, autoscaler: { pause_pod_image: '' },
    };
    expect(runner(newChart({ kubernetesSettings: empty })).kubernetes).toMatchObject({ ...empty, autoscaler: { pause_pod_image: '' } });
  });

  test.each<[string, any, string]>([
    ['a key is misspelt', { runtime_class: 'kata' },
      'kubernetesSettings.runtime_class: not a setting of GitLab Runner\'s Kubernetes executor, got "kata"; did you mean "runtime_class_name" (at ci)'],
    ['a key is written as in JavaScript', { dnsPolicy: 'none' },
      'kubernetesSettings.dnsPolicy: not a setting of GitLab Runner\'s Kubernetes executor, got "none"; did you mean "dns_policy" (at ci)'],
    ['a key is a field of pods', { topology_spread_constraints: [] },
      'kubernetesSettings.topology_spread_constraints: not a setting of GitLab Runner\'s Kubernetes executor, got []; '
        + 'use pod_spec, as { name: \'…\', patch: \'topologySpreadConstraints: …\' } (at ci)'],
    ['a key is a user namespace\'s', { host_users: false },
      'kubernetesSettings.host_users: not a setting of GitLab Runner\'s Kubernetes executor, got false; use RunnerImageBuilds.userNamespace(), or pod_spec with hostUsers (at ci)'],
    ['a key is another executor\'s word', { resource_limits: { cpu: '2' } },
      'kubernetesSettings.resource_limits: not a setting of GitLab Runner\'s Kubernetes executor, got {"cpu":"2"}; use buildResources (at ci)'],
    ['a service has no image', { services: [{ alias: 'dind', command: ['--host=tcp://0.0.0.0:2375'] }] },
      'kubernetesSettings.services[0].name: missing, so that the runner would leave the service out, got nothing; give its image (at ci)'],
    ['a service\'s image is empty', { services: [{ name: '' }] },
      'kubernetesSettings.services[0].name: missing, so that the runner would leave the service out, got ""; give its image (at ci)'],
    ['a nested key is misspelt', { services: [{ name: 'x', alis: 'y' }] },
      'kubernetesSettings.services[0].alis: not a setting of GitLab Runner\'s Kubernetes executor, got "y"; did you mean "alias" (at ci)'],
    ['a key has a prop', { cpu_request: '1' }, 'kubernetesSettings.cpu_request: set by a prop of its own, got "1"; use buildResources.cpuRequest (at ci)'],
    ['a key has a prop of the manager', { namespace: 'x' }, 'kubernetesSettings.namespace: set by a prop of its own, got "x"; use jobNamespace (at ci)'],
    ['a type is wrong', { poll_interval: '3' }, 'kubernetesSettings.poll_interval: of the wrong type, got "3"; give a whole number, 0 or more (at ci)'],
    ['a number has a fraction', { retry_limit: 1.5 }, 'kubernetesSettings.retry_limit: of the wrong type, got 1.5; give a whole number, 0 or more (at ci)'],
    ['a list holds something else', { cap_add: ['CHOWN', 1] }, 'kubernetesSettings.cap_add: of the wrong type, got ["CHOWN",1]; give a list of capabilities such as "SYS_PTRACE" (at ci)'],
    ['a capability is as Docker has it', { cap_add: ['SYS_PTRACE', 'CAP_NET_ADMIN'] }, 'kubernetesSettings.cap_add: Kubernetes writes "NET_ADMIN", got "CAP_NET_ADMIN"; '
      + 'give a list of capabilities such as "SYS_PTRACE" (at ci)'],
    ['a capability is none', { build_container_security_context: { capabilities: { drop: ['NET_RAWR'] } } },
      'kubernetesSettings.build_container_security_context.capabilities.drop: not a capability of Linux, got "NET_RAWR"; give a list of capabilities such as "SYS_PTRACE" (at ci)'],
    ['a duration has no unit', { cleanup_resources_timeout: '10' },
      'kubernetesSettings.cleanup_resources_timeout: not a valid value, got "10"; give a duration such as "10m" or "1h30m" (at ci)'],
    ['a table is a list', { autoscaler: [] }, 'kubernetesSettings.autoscaler: of the wrong type, got []; give a map (at ci)'],
    ['a nested value is no data', { container_lifecycle: { pre_stop: { exec: () => 1 } } },
      'kubernetesSettings.container_lifecycle.pre_stop.exec: of the wrong type, got a function; give a map (at ci)'],
    ['a hook is written as in a pod', { container_lifecycle: { postStart: { exec: { command: ['a'] } } } },
      'kubernetesSettings.container_lifecycle.postStart: not a setting of GitLab Runner\'s Kubernetes executor, got {"exec":{"command":["a"]}}; did you mean "post_start" (at ci)'],
    ['a hook has two handlers', { container_lifecycle: { pre_stop: { exec: { command: ['a'] }, tcp_socket: { port: 80 } } } },
      'kubernetesSettings.container_lifecycle.pre_stop: not one handler, which Kubernetes wants, got ["exec","tcp_socket"]; give one of exec, http_get and tcp_socket (at ci)'],
    ['a handler has no port', { container_lifecycle: { pre_stop: { http_get: { path: '/' } } } },
      'kubernetesSettings.container_lifecycle.pre_stop.http_get.port: missing, got nothing; give it (at ci)'],
    ['nobody answers for names', { dns_policy: 'none' },
      'kubernetesSettings.dns_config.nameservers: missing, as dns_policy is "none", got nothing; give the addresses of the name servers (at ci)'],
    ['too many answer for names', { dns_config: { nameservers: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'] } },
      'kubernetesSettings.dns_config.nameservers: more than Kubernetes takes, got ["10.0.0.1","10.0.0.2","10.0.0.3","10.0.0.4"]; give at most 3 (at ci)'],
    ['an option of names has none', { dns_config: { options: [{ value: '2' }] } },
      'kubernetesSettings.dns_config.options[0].name: missing, got nothing; give an option such as "ndots" (at ci)'],
    ['a service\'s image is told as in a pod', { services: [{ name: 'docker', image: 'docker:29-dind' }] },
      'kubernetesSettings.services[0].image: not a setting of GitLab Runner\'s Kubernetes executor, got "docker:29-dind"; give the image as name, and what jobs call it as alias (at ci)'],
    ['a key is the runner\'s', { limit: 10 },
      'kubernetesSettings.limit: not a setting of GitLab Runner\'s Kubernetes executor, got 10; use limit, which is of the runner (at ci)'],
    ['a key is another of the runner\'s', { pre_build_script: 'x' },
      'kubernetesSettings.pre_build_script: not a setting of GitLab Runner\'s Kubernetes executor, got "x"; use runnerSettings (at ci)'],
    ['a key is like no other', { quux: 'x' }, 'kubernetesSettings.quux: not a setting of GitLab Runner\'s Kubernetes executor, got "x"; leave it out (at ci)'],
    ['they are no map', ['a'], 'kubernetesSettings: not a map, got ["a"]; give settings by the names of config.toml (at ci)'],
    ['a secret would land in the state', { bearer_token: 'x' },
      'kubernetesSettings.bearer_token: a secret that would be stored in a ConfigMap and in the Terraform state, got "(hidden)"; leave it out: the manager has a token of its own (at ci)'],
  ])('fails when %s', (_name, settings, message) => {
    expect(set(settings)).toThrow(new Error(message));
  });

  test.each(Object.keys(KUBERNETES_KEYS).filter((key) => !/[.[]/.test(key)))('fails when %s has a value of no type', (key) => {
    expect(set({ [key]: Infinity })).toThrow(new RegExp(`^kubernetesSettings\\.${key}: `));
  });

  test('fails when the runner is too old for a key', () => {
    expect(set({ suspend_pvc_size: '1Gi' }, GitLabVersion.of('19.3.0'))).toThrow(new Error(
      'kubernetesSettings.suspend_pvc_size: not known before runner 19.4, and runner 19.3 is used, got "1Gi"; leave it out or take a newer runnerVersion (at ci)'));
  });
});
