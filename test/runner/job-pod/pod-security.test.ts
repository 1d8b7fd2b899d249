import { App } from 'cdk8s';
import { TerraformVariable } from 'cdktf';
import { GitLabRunnerChart, GitLabRunnerChartProps, RunnerSeccompProfile, RunnerToken, RunnerVolume } from '../../../src/runner';
import { newStack } from '../../synth';

const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/build';

function newChart(props: Partial<GitLabRunnerChartProps>): GitLabRunnerChart {
  return new GitLabRunnerChart(new App(), 'ci', { gitlabUrl: 'https://gitlab.example.com', token: RunnerToken.kubernetesSecret('ci-token'), ...props });
}

function level(props: Partial<GitLabRunnerChartProps>): string {
  return newChart(props).toJson().find(({ kind }) => kind === 'Namespace').metadata.labels['pod-security.kubernetes.io/enforce'];
}

/** Those of the namespace's level. */
function warnings(props: Partial<GitLabRunnerChartProps>): string[] {
  return newChart(props).node.metadata.filter(({ type, data }) => type === '@cdktf/warn' && data.endsWith(' [privileged-namespace]')).map(({ data }) => data);
}

const settings = (kubernetesSettings: any): Partial<GitLabRunnerChartProps> => ({ kubernetesSettings });
const context = (build_container_security_context: any) => settings({ build_container_security_context });
const patch = (text: string) => settings({ pod_spec: [{ name: 'patch', patch_type: 'strategic', patch: text }] });
const annotation = (value: string) => ({ podAnnotations: { [APP_ARMOR]: value } });

describe('the level of the jobs\' namespace', () => {
  test.each<[string, Partial<GitLabRunnerChartProps>]>([
    ['nothing', {}],
    ['volumes of their own', { volumes: [RunnerVolume.emptyDir('tmp', '/tmp')] }],
    ['fewer capabilities', settings({ cap_drop: ['ALL'] })],
    ['capabilities that baseline lets in', settings({ cap_add: ['CHOWN', 'SYS_CHROOT', 'NET_BIND_SERVICE'] })],
    ['such capabilities of one container', context({ capabilities: { add: ['SETUID', 'SETGID'], drop: ['ALL'] } })],
    ['the usual /proc', context({ proc_mount: 'Default' })],
    ['SELinux types of containers', context({ selinux_type: 'container_t' })],
    ['profiles of the runtime and of the node', context({ seccomp_profile: { type: 'RuntimeDefault' }, app_armor_profile: { type: 'Localhost', localhost_profile: 'ci' } })],
    ['AppArmor profiles by annotation', annotation('runtime/default')],
    ['AppArmor profiles of the node by annotation', annotation('localhost/ci')],
    ['other annotations', { podAnnotations: { team: 'unconfined' } }],
    ['a command at a container\'s start', settings({ container_lifecycle: { post_start: { exec: { command: ['true'] } } } })],
    ['a patch that asks for a GPU', patch('containers: [{name: build, resources: {limits: {"nvidia.com/gpu": 1}}}]')],
    ['a patch for user namespaces', patch('{"hostUsers": false}')],
  ])('is baseline for %s', (_, props) => {
    expect(level(props)).toBe('baseline');
    expect(warnings(props)).toEqual([]);
  });

  test.each<[string, string, Partial<GitLabRunnerChartProps>]>([
    ['capabilities that it refuses', 'kubernetesSettings.cap_add', settings({ cap_add: ['CHOWN', 'SYS_PTRACE'] })],
    ['all capabilities', 'kubernetesSettings.cap_add', settings({ cap_add: ['ALL'] })],
    ['capabilities of a service', 'kubernetesSettings.service_container_security_context', settings({ service_container_security_context: { capabilities: { add: ['NET_RAW'] } } })],
    ['privileged containers', 'kubernetesSettings.build_container_security_context', context({ privileged: true })],
    ['all of /proc', 'kubernetesSettings.build_container_security_context', context({ proc_mount: 'Unmasked' })],
    ['other SELinux types', 'kubernetesSettings.build_container_security_context', context({ selinux_type: 'spc_t' })],
    ['no seccomp profile', 'kubernetesSettings.build_container_security_context', context({ seccomp_profile: { type: 'Unconfined' } })],
    ['no AppArmor profile', 'kubernetesSettings.build_container_security_context', context({ app_armor_profile: { type: 'Unconfined' } })],
    ['no AppArmor profile by annotation', 'podAnnotations', annotation('unconfined')],
    ['an AppArmor profile that a job may choose', 'podAnnotations', annotation('localhost/$PROFILE')],
    ['requests to other hosts', 'kubernetesSettings.container_lifecycle', settings({ container_lifecycle: { post_start: { http_get: { host: '169.254.169.254', port: 80 } } } })],
    ['a patch for the node\'s network', 'kubernetesSettings.pod_spec', patch('hostNetwork: true')],
    ['a patch for the node\'s folders', 'kubernetesSettings.pod_spec', patch('{"volumes":[{"name":"v","hostPath":{"path":"/"}}]}')],
    ['a patch for all rights', 'kubernetesSettings.pod_spec', settings({
      pod_spec: [{ name: 'p', patch_type: 'json', patch: '[{"op":"add","path":"/containers/0/securityContext/privileged","value":true}]' }],
    })],
    ['a patch that is in a file', 'kubernetesSettings.pod_spec', settings({ pod_spec: [{ name: 'p', patch_type: 'json', patch_path: '/patches/p.json' }] })],
    ['a patch that only the apply knows', 'kubernetesSettings.pod_spec', patch(new TerraformVariable(newStack(), 'Patch', {}).stringValue)],
  ])('is privileged for %s, with a warning', (_, prop, props) => {
    expect(level(props)).toBe('privileged');
    expect(warnings(props)).toEqual([
      `${prop}: the namespace of the jobs takes any pod, since Pod Security's level baseline refuses this; keep such jobs to a manager and nodes of their own`
      + ' [privileged-namespace]',
    ]);
  });

  test('is privileged for what says so by itself', () => {
    const own: Partial<GitLabRunnerChartProps>[] = [
      { privileged: true }, { volumes: [RunnerVolume.hostPath('docker', '/sock', '/var/run')] }, { podSecurityContext: { seccompProfile: RunnerSeccompProfile.UNCONFINED } },
    ];
    for (const props of own) {
      expect(level(props)).toBe('privileged');
      expect(warnings(props)).toEqual([]);
    }
  });

  test('is that of the runner that asks for most', () => {
    const chart = newChart({});
    chart.addRunner('more', RunnerToken.kubernetesSecret('t'), { ...settings({ cap_add: ['SYS_ADMIN'] }) });
    expect(chart.toJson().find(({ kind }) => kind === 'Namespace').metadata.labels['pod-security.kubernetes.io/enforce']).toBe('privileged');
  });
});
