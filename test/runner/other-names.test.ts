// Names that people write from memory, or have from other tools: each leads to what there is.
import { newChart, TOKEN, wrong } from './chart';
import { joinExisting } from './joined';
import { GitLabRunnerChart } from '../../src/runner';
import { IN_PLACE_OF_EXECUTORS } from '../../src/runner/config/runner-keys';
import { OTHER_NAMES_OF_JOINED, OTHER_NAMES_OF_JOINED_TOO, OTHER_NAMES_OF_RUNNER_CHART, OTHER_NAMES_OF_RUNNER_CHART_TOO } from '../../src/runner/private/other-names';
import { STRUCTS } from '../law/structs';

function remedyOf(make: () => unknown): string {
  try {
    make();
    return 'taken';
  } catch (error) {
    return /no such prop, .*?; (.*) \(at [^)]*\)$/s.exec((error as Error).message)?.[1] ?? (error as Error).message;
  }
}

test.each<[string, string]>([
  ['docker', IN_PLACE_OF_EXECUTORS.docker],
  ['services', 'write kubernetesSettings: { services: … }'],
  ['concurrency', 'write concurrent'],
  ['max_jobs', 'write concurrent'],
  ['values', 'write the props of runners, such as cache, image and kubernetesSettings'],
  ['name', 'leave it out: the id of the construct or of addRunner() is the name'],
  ['env', 'write environment'],
  ['memory', 'write buildResources'],
  ['resources', 'write buildResources, or managerResources for the manager'],
  ['dockerInDocker', 'write imageBuilds, such as RunnerImageBuilds.rootlessBuildkit()'],
  ['arch', 'write nodeSelector: { "kubernetes.io/arch": … }'],
  ['httpProxy', 'write managerEnvironment, and environment for jobs'],
  ['serviceAccountName', 'write managerServiceAccount, or jobServiceAccount for jobs'],
  ['runnerImage', 'write managerImage'],
  ['replica_count', 'write managerReplicas'],
  ['FF_USE_FASTZIP', 'write featureFlags: { FF_USE_FASTZIP: … }'],
  ['tlsSkipVerify', 'leave it out: GitLab\'s certificate is always checked, against an authority that caCertificateSecret can name'],
  ['registrationToken', 'write token, with RunnerToken.legacyRegistrationToken()'],
  ['hostNetwork', 'write kubernetesSettings: { pod_spec: … }'],
  ['shell', 'write runnerSettings: { shell: … }'],
])('%s: %s', (name, remedy) => {
  expect(remedyOf(() => newChart(wrong({ [name]: 'x' })))).toBe(remedy);
  expect(remedyOf(() => joinExisting(wrong({ [name]: 'x' })))).toBe(remedy);
});

test('what GitLab knows of a runner is said where the runner is made', () => {
  const elsewhere = 'leave it out: it is set in GitLab, where the runner and its token are made';
  for (const name of ['tags', 'tagList', 'runUntagged', 'locked', 'maximumTimeoutSeconds', 'access_level']) {
    expect(remedyOf(() => newChart(wrong({ [name]: 'x' })))).toBe(elsewhere);
    expect(remedyOf(() => newChart().addRunner('more', TOKEN, wrong({ [name]: 'x' })))).toBe(elsewhere);
  }
  const { runner } = joinExisting();
  for (const [name, remedy] of [['tag_list', 'write tags'], ['accessLevel', 'write refProtected'], ['timeout', 'write maximumTimeoutSeconds']]) {
    expect(remedyOf(() => joinExisting(wrong({ [name]: 'x' })))).toBe(remedy);
    expect(remedyOf(() => runner.addRunner('more', wrong({ [name]: 'x' })))).toBe(remedy);
  }
  expect(remedyOf(() => joinExisting(wrong({ url: 'https://gitlab.com' })))).toBe('write gitlab');
});

test('a further runner has a limit of its own', () => {
  expect(remedyOf(() => joinExisting().runner.addRunner('more', wrong({ concurrency: 3 })))).toBe('write limit');
  expect(remedyOf(() => (newChart() as GitLabRunnerChart).addRunner('more', TOKEN, wrong({ maxJobs: 3 })))).toBe('write limit');
});

test.each([
  ['of a manager', 'KubernetesGitLabRunnerProps', OTHER_NAMES_OF_JOINED], ['of a further runner', 'JoinedRunnerOptions', OTHER_NAMES_OF_JOINED_TOO],
  ['of a chart', 'GitLabRunnerChartProps', OTHER_NAMES_OF_RUNNER_CHART], ['of a chart\'s further runner', 'RunnerOptions', OTHER_NAMES_OF_RUNNER_CHART_TOO],
])('none of them is a prop %s, and each prop that they lead to is one', (_, struct, names) => {
  const props = STRUCTS.get(struct)!.map(({ name }) => name);
  expect(Object.keys(names).filter((name) => props.includes(name))).toEqual([]);
  const meant = Object.values(names).flatMap((words) => /^write (?!the )(\w+)/.exec(words)?.[1] ?? []);
  expect(meant.length).toBeGreaterThan(50);
  expect([...new Set(meant)].filter((prop) => !props.includes(prop))).toEqual([]);
});
