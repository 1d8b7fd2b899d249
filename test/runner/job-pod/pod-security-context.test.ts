// The pod's security context beyond users and groups, by the runner's own names beside the prop.
import { GitLabRunnerChart, GitLabRunnerChartProps, GitLabVersion, RunnerSeccompProfile } from '../../../src';
import { newChart, runner, warnings } from '../chart';

const LOCAL = { type: 'Localhost', localhost_profile: 'profiles/ci.json' };

function chartOf(context: object, props: Partial<GitLabRunnerChartProps> = {}): GitLabRunnerChart {
  return newChart({ kubernetesSettings: { pod_security_context: context }, ...props });
}

const contextOf = (chart: GitLabRunnerChart) => runner(chart).kubernetes.pod_security_context;

test('SELinux and AppArmor stand beside users, groups and the profile that is always there', () => {
  const given = { selinux_type: 'container_t', app_armor_profile: { type: 'RuntimeDefault' } };
  expect(contextOf(chartOf(given, { podSecurityContext: { runAsUser: 1000 } }))).toEqual({ run_as_user: 1000, seccomp_profile: { type: 'RuntimeDefault' }, ...given });
});

test('a profile on the node is there in place of the runtime\'s', () => {
  expect(contextOf(chartOf({ seccomp_profile: LOCAL }))).toEqual({ seccomp_profile: LOCAL });
});

test.each<[string, object, Partial<GitLabRunnerChartProps>, string]>([
  ['a user', { run_as_user: 1000 }, {}, 'kubernetesSettings.pod_security_context.run_as_user: set by a prop of its own, got 1000; use podSecurityContext.runAsUser (at ci)'],
  ['a group of volumes', { fs_group: 1000 }, {}, 'kubernetesSettings.pod_security_context.fs_group: set by a prop of its own, got 1000; use podSecurityContext.fsGroup (at ci)'],
  ['a profile that has a word', { seccomp_profile: { type: 'Unconfined' } }, {},
    'kubernetesSettings.pod_security_context.seccomp_profile: set by a prop of its own, got {"type":"Unconfined"}; use podSecurityContext.seccompProfile (at ci)'],
  ['two profiles', { seccomp_profile: LOCAL }, { podSecurityContext: { seccompProfile: RunnerSeccompProfile.RUNTIME_DEFAULT } },
    'podSecurityContext.seccompProfile: given beside the profile in kubernetesSettings.pod_security_context, got "RuntimeDefault"; leave out one of them (at ci)'],
  ['a profile without a name', { seccomp_profile: { type: 'Localhost' } }, {},
    'kubernetesSettings.pod_security_context.seccomp_profile.localhost_profile: missing, as the type is "Localhost", got nothing; give the profile\'s name on the node (at ci)'],
  ['a word of Kubernetes', { seLinuxOptions: { type: 'x' } }, {}, expect.stringMatching(/^kubernetesSettings\.pod_security_context\.seLinuxOptions: not a setting of /) as any],
  ['a profile that the runner does not know yet', { seccomp_profile: LOCAL }, { runnerVersion: GitLabVersion.of('18.10.0') },
    expect.stringMatching(/^kubernetesSettings\.pod_security_context\.seccomp_profile: not known before runner 18\.11/) as any],
])('refuses %s', (_what, context, props, message) => {
  let refusal = '';
  try {
    chartOf(context, props).toJson();
  } catch (error) {
    refusal = (error as Error).message;
  }
  expect(refusal).toEqual(message);
});

test('says that the namespace takes any pod, where that is so', () => {
  const about = (context: object) => warnings(chartOf(context)).map((text) => text.split(':')[0]);
  expect(about({ selinux_type: 'spc_t' })).toEqual(['kubernetesSettings.pod_security_context']);
  expect(about({ app_armor_profile: { type: 'Unconfined' } })).toEqual(['kubernetesSettings.pod_security_context']);
  expect(about({ selinux_type: 'container_t' })).toEqual([]);
});
