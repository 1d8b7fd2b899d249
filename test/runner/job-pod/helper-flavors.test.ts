// Which flavors of the helper's image GitLab builds, by the runner's version.
import { GitLabVersion } from '../../../src';
import { newChart, runner } from '../chart';

const chartOf = (flavor: string, version: string, settings: object = {}) => newChart({
  runnerVersion: GitLabVersion.of(version), kubernetesSettings: { helper_image_flavor: flavor, ...settings },
});

test.each([
  ['alpine3.12', '19.4.0'], ['alpine3.17', '18.0.0'], ['alpine3.20', '18.11.0'], ['alpine3.18', '18.3.0'], ['alpine3.18', '19.4.0'], ['alpine3.19', '18.8.0'],
])('%s is not built for runner %s', (flavor, version) => {
  expect(() => chartOf(flavor, version)).toThrow(new Error(`kubernetesSettings.helper_image_flavor: GitLab builds no helper of it for runner ${version.slice(0, -2)}, `
    + `got "${flavor}"; give "alpine", "alpine-latest" or "ubuntu", or an image of your own as helper_image (at ci)`));
});

test.each([
  ['alpine', '19.4.0'], ['alpine-latest', '19.4.0'], ['alpine3.21', '19.4.0'], ['alpine3.18', '18.2.0'], ['alpine3.19', '18.7.0'], ['alpine3.24', '20.1.0'], ['ubuntu', '18.0.0'],
])('%s is built for runner %s, or may be', (flavor, version) => {
  expect(runner(chartOf(flavor, version)).kubernetes.helper_image_flavor).toBe(flavor);
});

test('an image of one\'s own has no flavor', () => {
  expect(runner(chartOf('alpine3.12', '19.4.0', { helper_image: 'registry.example.com/helper:1' })).kubernetes.helper_image).toBe('registry.example.com/helper:1');
});
