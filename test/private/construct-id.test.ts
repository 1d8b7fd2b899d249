// What JavaScript lets through in the place of a scope and an id, as somebody writes who knows the options alone.
import {
  AksCluster, AksNodePool, GitLab, GitLabRunnerChart, HelmRelease, KubernetesGitLabRunner, ManifestRelease, PlatformAlerts, RegistryCache,
  SelfHostedGitLab, WorkloadIdentity,
} from '../../src';
import { make } from '../aks/made';
import { newStack } from '../synth';

const wrong = (value: unknown): any => value;
const NAME = 'give text that nothing else in the scope has as its id, such as "Main"';
const PLACE = 'give a TerraformStack or a construct in one, and an id after it';

test.each<[string, new (scope: any, id: any, ...more: any[]) => unknown]>(Object.entries({
  AksCluster, AksNodePool, GitLabRunnerChart, HelmRelease, KubernetesGitLabRunner, ManifestRelease, PlatformAlerts, SelfHostedGitLab,
  WorkloadIdentity,
}))('%s tells what is wrong with its scope and its id', (name, type) => {
  expect(() => new type({ location: 'koreacentral' }, undefined)).toThrow(new Error(`scope: not a construct, got an object; ${PLACE} (at ${name})`));
  expect(() => new type(newStack(), { location: 'koreacentral' })).toThrow(new Error(`id: not a name, got an object; ${NAME} (at ${name})`));
  expect(() => new type(newStack(), '')).toThrow(new Error(`id: not a name, got ""; ${NAME} (at ${name})`));
});

test('a chart has a scope', () => {
  expect(() => new GitLabRunnerChart(wrong(undefined), 'ci', wrong({}))).toThrow(new Error(`scope: not a construct, got null; ${PLACE} (at GitLabRunnerChart)`));
});

test('so do what is made by a method, and what exists already', () => {
  expect(() => RegistryCache.azure(wrong({ registryId: 'x' }), wrong(undefined), wrong(undefined))).toThrow(new Error(`scope: not a construct, got an object; ${PLACE} (at RegistryCache)`));
  expect(() => RegistryCache.azure(wrong('acme.azurecr.io'), wrong({}), wrong(undefined))).toThrow(new Error(`scope: not a construct, got "acme.azurecr.io"; ${PLACE} (at RegistryCache)`));
  expect(() => make().cluster.addNodePool(wrong({ vmSize: 'Standard_D4s_v5' }))).toThrow(new Error(`id: not a name, got an object; ${NAME} (at AksNodePool)`));
  expect(() => make().cluster.addHelmChart(wrong({ chart: 'c' }), wrong(undefined))).toThrow(/^id: not a name, got an object; .* \(at HelmRelease\)$/);
  expect(() => GitLab.fromAttributes(wrong({ gitlabUrl: 'https://gitlab.com' }), wrong(undefined), wrong(undefined))).toThrow(/^scope: not a construct, got an object; /);
  expect(() => AksCluster.fromAksClusterAttributes(wrong({ clusterName: 'aks' }), wrong(undefined), wrong(undefined))).toThrow(/^scope: not a construct, got an object; /);
});
