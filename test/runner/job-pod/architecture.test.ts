import { AksCluster, KubernetesGitLabRunner, RunnerToken } from '../../../src';
import { newStack } from '../../synth';
import { newChart } from '../chart';
import { joinExisting } from '../joined';

const REMEDY = 'write nodeSelector { "kubernetes.io/arch": "arm64" }, or give kubernetesSettings.helper_image';
const onNodes = (kind: string, expressions: object[]) => {
  const term = { matchExpressions: expressions };
  const required = kind === 'required';
  return {
    nodeAffinity: required
      ? { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } }
      : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: term }] },
  };
};
const ARM = { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64', 'arm64'] };

test.each<[string, any, string]>([
  ['required', { affinity: onNodes('required', [ARM]) }, 'affinity'],
  ['preferred', { affinity: onNodes('preferred', [ARM]) }, 'affinity'],
  ['of old', { nodeSelector: { 'beta.kubernetes.io/arch': 'arm64' } }, 'nodeSelector["beta.kubernetes.io/arch"]'],
  ['by their size', { nodeSelector: { 'node.kubernetes.io/instance-type': 'Standard_D4ps_v6' } }, 'nodeSelector["node.kubernetes.io/instance-type"]'],
])('Arm64 that the runner does not see would get the helper of x86-64: %s', (_, props, prop) => {
  expect(() => newChart(props)).toThrow(`${prop}: jobs on Arm64, for which the runner has no helper, as it looks for another label, got `);
  expect(() => newChart(props)).toThrow(REMEDY);
  expect(() => newChart({ ...props, nodeSelector: { ...props.nodeSelector, 'kubernetes.io/arch': 'arm64' } })).not.toThrow();
  expect(() => newChart({ ...props, kubernetesSettings: { helper_image: 'mirror.example.com/helper:arm64-v19.4.0' } })).not.toThrow();
});

test('other affinities and labels are nobody\'s business here', () => {
  for (const expression of [{ ...ARM, values: ['amd64'] }, { ...ARM, operator: 'NotIn' }, { key: 'disk', operator: 'In', values: ['arm64'] }, { key: 'kubernetes.io/arch', operator: 'Exists' }]) {
    expect(() => newChart({ affinity: onNodes('required', [expression]) })).not.toThrow();
  }
  expect(() => newChart({ nodeSelector: { 'node.kubernetes.io/instance-type': 'Standard_D4s_v6', 'arch': 'arm64' } })).not.toThrow();
});

test('a pool of another architecture has no node for such jobs, and that of nobody\'s choice neither', () => {
  const stack = newStack();
  const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral' });
  const { gitlab } = joinExisting({});
  const make = (id: string, props: any) => () => new KubernetesGitLabRunner(stack, id, { gitlab, cluster, token: RunnerToken.kubernetesSecret('t'), ...props });
  expect(make('A', { nodeSelector: { 'kubernetes.io/arch': 'arm64' } })).toThrow(new Error(
    'nodeSelector["kubernetes.io/arch"]: no node of the pool jobs has it: there it is amd64, got "arm64"; give a nodePool of another vmSize, or leave it out (at Test/A)'));
  expect(make('B', { nodeSelector: { 'kubernetes.io/arch': 'amd64' } })).not.toThrow();
  expect(make('C', { nodeSelector: { 'kubernetes.io/arch': 'arm64', 'kubernetes.azure.com/agentpool': 'arm' } })).not.toThrow();
});

test('a flag of the runner\'s that is misspelt among the variables would do nothing; flags of other programs are theirs', () => {
  expect(() => newChart({ environment: { FF_USE_FASTZIPP: 'true' } })).toThrow(new Error(
    'environment.FF_USE_FASTZIPP: not a feature flag of GitLab Runner, which would ignore it, got "true"; write FF_USE_FASTZIP (at ci)'));
  expect(() => newChart({ environment: { FF_NEW_CHECKOUT: 'on' } })).not.toThrow();
});
