// Volumes, helpers and variables that are valid by themselves and that the runner takes for something else than was meant.
import { GitLabRunnerChartProps, RunnerVolume } from '../../../src';
import { newChart, runner } from '../chart';

type Props = Partial<GitLabRunnerChartProps>;

const OTHER = 'the folder of the sources by another spelling, where the runner mounts a volume of its own too';
const helper = (tag: string, arch: string): Props => ({ nodeSelector: { 'kubernetes.io/arch': arch }, kubernetesSettings: { helper_image: `registry.example.com/gitlab-runner-helper:${tag}` } });

test.each<[string, () => Props, string]>([
  ['the runner\'s own name elsewhere', () => ({ volumes: [RunnerVolume.emptyDir('repo', '/tmp')] }),
    'volumes[0]: called like the volume that the runner makes for the sources at /builds, so that no job starts, got "repo"; take another name (at ci)'],
  ['the sources\' folder with a slash', () => ({ volumes: [RunnerVolume.memory('fast', '/builds/')] }), `volumes[0]: ${OTHER}, got "/builds/"; write "/builds" (at ci)`],
  ['the sources\' folder without its slash', () => ({ volumes: [RunnerVolume.emptyDir('a', '/a'), RunnerVolume.persistentVolumeClaim('b', '/work')], runnerSettings: { builds_dir: '/work/' } }),
    `volumes[1]: ${OTHER}, got "/work"; write "/work/" (at ci)`],
  ['a file that is not chosen', () => ({ volumes: [RunnerVolume.configMap('certificates', '/etc/ssl/own.crt', { subPath: 'tls.crt', items: { 'a.crt': 'ca.crt' } })] }),
    'subPath: none of the files that items has, so that jobs would find an empty folder, got "tls.crt"; give one of "ca.crt" (at RunnerVolume.configMap)'],
  ['a helper for other machines', () => helper('arm64-v19.4.0', 'amd64'),
    'kubernetesSettings.helper_image: for arm64, and nodeSelector is for amd64, got "registry.example.com/gitlab-runner-helper:arm64-v19.4.0"; take the image for these nodes, or leave it out (at ci)'],
  ['a helper of another base for other machines', () => helper('ubuntu-x86_64-v19.4.0', 'arm64'),
    'kubernetesSettings.helper_image: for amd64, and nodeSelector is for arm64, got "registry.example.com/gitlab-runner-helper:ubuntu-x86_64-v19.4.0"; take the image for these nodes, or leave it out (at ci)'],
  ['a path made from itself', () => ({ environment: { PATH: '$PATH:/opt/bin' } }),
    'environment["PATH"]: made from itself, which has no value yet, got "$PATH:/opt/bin"; write the whole value, or give runnerSettings: { pre_build_script: \'export PATH=…\' } (at ci)'],
  ['options made from themselves', () => ({ environment: { MAVEN_OPTS: '-Xmx2g ${MAVEN_OPTS}' } }),
    'environment["MAVEN_OPTS"]: made from itself, which has no value yet, got "-Xmx2g ${MAVEN_OPTS}"; write the whole value, or give runnerSettings: '
    + '{ pre_build_script: \'export MAVEN_OPTS=…\' } (at ci)'],
])('refuses %s', (_what, props, message) => {
  expect(() => newChart(props())).toThrow(new Error(message));
});

test.each<[string, () => Props]>([
  ['the runner\'s own name at the sources\' folder', () => ({ volumes: [RunnerVolume.emptyDir('repo', '/work')], runnerSettings: { builds_dir: '/work' } })],
  ['a volume at the sources\' folder', () => ({ volumes: [RunnerVolume.memory('fast', '/builds')] })],
  ['a folder within the sources\'', () => ({ volumes: [RunnerVolume.memory('fast', '/builds/platform')] })],
  ['a file that is chosen, and one in a chosen folder', () => ({
    volumes: [
      RunnerVolume.configMap('a', '/a', { subPath: 'ca.crt', items: { 'a.crt': 'ca.crt' } }), RunnerVolume.secret('b', '/b', { subPath: 'tls', items: { crt: 'tls/ca.crt' } }),
      RunnerVolume.secret('c', '/c', { subPath: '$CI_PROJECT_ID', items: { crt: 'ca.crt' } }),
    ],
  })],
  ['a helper for these machines, and one that does not say', () => helper('arm64-v19.4.0', 'arm64')],
  ['a helper of a company\'s', () => helper('v19.4.0', 'arm64')],
  ['other variables in one', () => ({ environment: { PATH: '/opt/bin:$PATHS:${HOME}', COST: '5$$COST', GOPATH: '$CI_PROJECT_DIR/go' } })],
])('takes %s', (_what, props) => {
  expect(() => newChart(props())).not.toThrow();
});

test('a Secret that is called like the runner\'s own volume gets another', () => {
  const { volumes, pod_spec: [patch] } = runner(newChart({ volumes: [RunnerVolume.secret('repo', '/keys')] })).kubernetes;
  expect(volumes).toEqual({ empty_dir: [{ name: 'repo-1', mount_path: '/keys' }] });
  expect(JSON.parse(patch.patch)).toEqual({ volumes: [{ name: 'repo-1', emptyDir: null, secret: { secretName: 'repo' } }] });
});
