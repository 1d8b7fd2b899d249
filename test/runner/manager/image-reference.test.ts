import { App } from 'cdk8s';
import { TerraformVariable } from 'cdktf';
import { parse } from 'smol-toml';
import { AksCluster } from '../../../src/aks';
import { GitLabVersion, GitLab } from '../../../src/gitlab';
import { GitLabRunnerChart, GitLabRunnerChartProps, KubernetesGitLabRunner, RunnerToken } from '../../../src/runner';
import { newStack } from '../../synth';

const SHA256 = `sha256:${'0123456789abcdef'.repeat(4)}`;
const SHA512 = `sha512:${'0123456789abcdef'.repeat(8)}`;

const newChart = (props: Partial<GitLabRunnerChartProps> = {}) =>
  new GitLabRunnerChart(new App({ outdir: 'cdk8s.outdir.' }), 'ci', { gitlabUrl: 'https://gitlab.example.com', token: RunnerToken.kubernetesSecret('token'), ...props });
const object = (chart: GitLabRunnerChart, kind: string) => chart.toJson().find((one) => one.kind === kind);
const managers = (chart: GitLabRunnerChart) => {
  const { initContainers, containers } = object(chart, 'Deployment').spec.template.spec;
  return [...initContainers, ...containers].map(({ image, imagePullPolicy }) => [image, imagePullPolicy]);
};
const jobs = (chart: GitLabRunnerChart) => (parse(object(chart, 'ConfigMap').data['config.template.toml']) as any).runners[0].kubernetes;
const warnings = (chart: GitLabRunnerChart): string[] => chart.node.metadata.filter(({ type }) => type === '@cdktf/warn').map(({ data }) => data)
  .filter((text) => text.includes('[runner-image-version]'));

const IMAGES = [
  'gitlab-runner',
  'gitlab/gitlab-runner:alpine-v19.4.0',
  'docker.io/gitlab/gitlab-runner:alpine3.21-v19.4.2',
  'registry.gitlab.com/gitlab-org/gitlab-runner/gitlab-runner-helper:x86_64-v19.4.0',
  'registry.example.com:5000/mirror/gitlab-runner:corp_2',
  'localhost:5000/gitlab-runner',
  '[fd00::10]:5000/gitlab-runner:latest',
  '10.0.0.4/gitlab-runner',
  'Registry.Example.com/mirror/gitlab--runner',
  'example.azurecr.io/a__b/c.d/e---f:1',
];

describe('an image may be given', () => {
  test.each(IMAGES)('as %s, to the manager, the jobs and the helper', (image) => {
    const chart = newChart({ managerImage: image, image, kubernetesSettings: { helper_image: image } });
    expect(managers(chart)).toEqual([[image, undefined], [image, undefined]]);
    expect(jobs(chart)).toMatchObject({ image, helper_image: image, pull_policy: ['always'] });
  });

  test.each(IMAGES.flatMap((image) => [`${image}@${SHA256}`, `${image}@${SHA512}`]))('with a digest, %s, which the nodes need not ask for again', (image) => {
    const autoscaler = { pause_pod_image: image, policy: [{ idle_count: 1 }] };
    const kubernetesSettings = { helper_image: image, autoscaler, services: [{ name: image }] };
    const chart = newChart({ managerImage: image, image, kubernetesSettings });
    expect(managers(chart)).toEqual([[image, 'IfNotPresent'], [image, 'IfNotPresent']]);
    // who may not pull a job's image must not get it from the node.
    expect(jobs(chart)).toMatchObject({
      image, helper_image: image, autoscaler: { pause_pod_image: image }, services: [{ name: image }], pull_policy: ['always'],
    });
  });

  test('with variables that the runner expands, but not to the manager', () => {
    const image = 'registry.example.com:5000/$CI_PROJECT_NAMESPACE/helper:x86_64-v${CI_RUNNER_VERSION}';
    expect(jobs(newChart({ image, kubernetesSettings: { helper_image: image } }))).toMatchObject({ image, helper_image: image });
    expect(jobs(newChart({ image: '$CI_REGISTRY_IMAGE@$DIGEST' })).image).toBe('$CI_REGISTRY_IMAGE@$DIGEST');
    expect(() => newChart({ managerImage: 'gitlab-runner:$VERSION' })).toThrow('managerImage: what follows ":" is not a tag');
    expect(() => newChart({ image: '$CI_REGISTRY_IMAGE@sha256:123' })).toThrow('image: what follows "@" is not a digest');
  });

  test('as a value that only the apply knows', () => {
    const image = new TerraformVariable(newStack(), 'Image', {}).stringValue;
    const chart = newChart({ managerImage: image, image: `${image}@${SHA256}`, kubernetesSettings: { helper_image: image } });
    expect(managers(chart)).toEqual([[image, undefined], [image, undefined]]);
    expect(warnings(chart)).toEqual([]);
    expect(() => newChart({ kubernetesSettings: { services: [{ name: image }] } })).not.toThrow();
  });
});

describe('fails on', () => {
  const TAG_REMEDY = 'give a tag of at most 128 letters, digits, "_", "." and "-", or leave ":" and what follows out';
  const DIGEST_REMEDY = 'write "@sha256:" and the 64 hexadecimal digits in lower case, or leave "@" and what follows out';
  const EXAMPLE = 'give an image such as "ubuntu:24.04"';
  test.each([
    ['a digest cut short', `gitlab-runner@${SHA256.slice(0, -1)}`, 'what follows "@" is not a digest', DIGEST_REMEDY],
    ['a digest too long', `gitlab-runner@${SHA256}0`, 'what follows "@" is not a digest', DIGEST_REMEDY],
    ['a digest in upper case', `gitlab-runner@${SHA256.toUpperCase()}`, 'what follows "@" is not a digest', DIGEST_REMEDY],
    ['a digest without its algorithm', `gitlab-runner@${SHA256.slice(7)}`, 'what follows "@" is not a digest', DIGEST_REMEDY],
    ['a digest of another algorithm', `gitlab-runner@md5:${'0'.repeat(32)}`, 'what follows "@" is not a digest', DIGEST_REMEDY],
    ['no digest after its sign', 'gitlab-runner:alpine-v19.4.0@', 'what follows "@" is not a digest', DIGEST_REMEDY],
    ['two digests', `gitlab-runner@${SHA256}@${SHA256}`, 'what follows "@" is not a digest', DIGEST_REMEDY],
    ['a tag after the digest', `gitlab-runner@${SHA256}:alpine-v19.4.0`, 'what follows "@" is not a digest', DIGEST_REMEDY],
    ['a digest as a tag', `gitlab-runner:${SHA256}`, 'what follows ":" is not a tag', TAG_REMEDY],
    ['no tag after its colon', 'gitlab-runner:', 'what follows ":" is not a tag', TAG_REMEDY],
    ['a tag that begins with a hyphen', 'gitlab-runner:-1', 'what follows ":" is not a tag', TAG_REMEDY],
    ['a long tag', `gitlab-runner:${'1'.repeat(129)}`, 'what follows ":" is not a tag', TAG_REMEDY],
    ['a digest without an image', `@${SHA256}`, 'not a valid value', EXAMPLE],
    ['a port without an image', 'registry.example.com:5000/', 'not a valid value', EXAMPLE],
    ['upper case', 'registry.example.com/GitLab/Runner:1', 'an image\'s name has no upper-case letters', 'write "registry.example.com/gitlab/runner"'],
    ['an address', 'https://registry.example.com/runner', 'an address, not an image', 'leave out "https://"'],
    ['a scheme of another tool', `docker://gitlab/gitlab-runner@${SHA256}`, 'an address, not an image', 'leave out "docker://"'],
    ['a blank at the end', 'gitlab-runner:1 ', 'not a valid value', EXAMPLE],
    ['an empty text', '', 'not a valid value', EXAMPLE],
    ['a long name', 'a'.repeat(256), 'not a valid value', EXAMPLE],
  ])('%s', (_, image, problem, remedy) => {
    const message = (prop: string) => `${prop}: ${problem}, got ${JSON.stringify(image)}; ${remedy} (at ci)`;
    expect(() => newChart({ managerImage: image })).toThrow(message('managerImage'));
    expect(() => newChart({ image })).toThrow(message('image'));
    // empty is the runner's own choice there, as it writes config.toml itself.
    if (image !== '') {
      expect(() => newChart({ kubernetesSettings: { helper_image: image } })).toThrow(message('kubernetesSettings.helper_image'));
      expect(() => newChart({ kubernetesSettings: { services: [{ name: image }] } })).toThrow(message('kubernetesSettings.services[0].name'));
      expect(() => newChart({ kubernetesSettings: { autoscaler: { pause_pod_image: image } } })).toThrow(message('kubernetesSettings.autoscaler.pause_pod_image'));
    }
  });
});

describe('versions', () => {
  const V18 = GitLabVersion.of('18.11.3');

  test.each([
    ['the tag is of the version, its patch aside', { managerImage: 'gitlab/gitlab-runner:alpine-v19.4.2' }],
    ['the tag before a digest is of it', { managerImage: `registry.example.com:5000/runner:ubuntu-v19.4.0@${SHA256}` }],
    ['the tag tells of no version', { managerImage: 'registry.example.com:5000/runner:corp' }],
    ['the base has a version too', { managerImage: 'gitlab/gitlab-runner:alpine3.18-v19.4.0' }],
    ['runnerVersion is given to go with it', { managerImage: `docker.io/gitlab/gitlab-runner:alpine-v18.11.0@${SHA256}`, runnerVersion: V18 }],
    ['the helper is of it', { kubernetesSettings: { helper_image: `gitlab/gitlab-runner-helper:x86_64-v19.4.1@${SHA256}` } }],
    ['the helper follows it', { kubernetesSettings: { helper_image: 'gitlab/gitlab-runner-helper:x86_64-v${CI_RUNNER_VERSION}' } }],
  ])('need no warning where %s', (_, props) => {
    expect(warnings(newChart(props))).toEqual([]);
  });

  test.each([
    ['of another minor', `docker.io/gitlab/gitlab-runner:alpine-v18.5.0@${SHA256}`, 'its tag says runner 18.5, and everything else is made for runner 19.4'],
    ['of a version without "v"', 'registry.example.com:5000/gitlab-runner:19.3.1-r2', 'its tag says runner 19.3, and everything else is made for runner 19.4'],
    ['that only its digest tells of', `registry.example.com:5000/gitlab-runner@${SHA512}`,
      'the digest does not tell which runner this is, and an upgrade of runner 19.4 leaves it behind unseen'],
    ['whose tag tells nothing beside the digest', `gitlab/gitlab-runner:latest@${SHA256}`,
      'the digest does not tell which runner this is, and an upgrade of runner 19.4 leaves it behind unseen'],
  ])('are told of for an image %s', (_, image, reason) => {
    expect(warnings(newChart({ managerImage: image }))).toEqual([expect.stringContaining(`managerImage: ${reason};`)]);
    expect(warnings(newChart({ kubernetesSettings: { helper_image: image } }))).toEqual([expect.stringContaining(`kubernetesSettings.helper_image: ${reason};`)]);
  });

  test('are GitLab\'s where the two are joined', () => {
    const stack = newStack();
    const gitlab = GitLab.fromAttributes(stack, 'GitLab', { gitlabUrl: 'https://gitlab.example.com', gitlabVersion: GitLabVersion.of('18.11.1') });
    const runner = new KubernetesGitLabRunner(stack, 'Runner', {
      gitlab, cluster: AksCluster.fromAksClusterAttributes(stack, 'Cluster', { clusterName: 'aks', resourceGroupName: 'g' }),
      token: RunnerToken.kubernetesSecret('token'), managerImage: `gitlab/gitlab-runner:alpine-v19.4.0@${SHA256}`,
    });
    expect(runner.node.metadata.map(({ data }) => data).filter((text) => /runner-image-version/.test(text))).toEqual([
      'managerImage: its tag says runner 19.4, and everything else is made for runner 18.11; take an image of 18.11, or another runnerVersion [runner-image-version]',
    ]);
  });
});
