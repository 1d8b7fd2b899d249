import { TerraformStack } from 'cdktf';
import { STRUCTS } from './structs';
import { AksCluster, AlertReceiver, KubernetesGitLabRunner, PlatformAlerts, RunnerToken, SelfHostedGitLab } from '../../src';
import { newStack } from '../synth';

const LOCATION = 'koreacentral';
const gitlabOf = (stack: TerraformStack) => new SelfHostedGitLab(stack, 'GitLab', { location: LOCATION });
const clusterOf = (stack: TerraformStack) => new AksCluster(stack, 'Cluster', { location: LOCATION });

/** The constructs that a platform is made of, by the struct that each takes. All have the same id, so that messages name the same place. */
const CONSTRUCTS: { readonly [props: string]: (stack: TerraformStack, props: any) => unknown } = {
  SelfHostedGitLabProps: (stack, props) => new SelfHostedGitLab(stack, 'X', { location: LOCATION, ...props }),
  AksClusterProps: (stack, props) => new AksCluster(stack, 'X', { location: LOCATION, ...props }),
  KubernetesGitLabRunnerProps: (stack, props) => new KubernetesGitLabRunner(stack, 'X', {
    gitlab: gitlabOf(stack), cluster: clusterOf(stack), token: RunnerToken.kubernetesSecret('token'), ...props,
  }),
  PlatformAlertsProps: (stack, props) => new PlatformAlerts(stack, 'X', { gitlab: gitlabOf(stack), receivers: [AlertReceiver.owners()], ...props }),
};

/** What is given by mistake: nothing, remains, another kind of value, one that JavaScript alone has. */
const MISTAKES: readonly unknown[] = [
  '', ' ', 'x\n', 'a: b', NaN, Infinity, -1, 0.5, 7, true, [], [null], ['x', 'x'], {}, { a: NaN }, { a: 'b', A: 'b' }, { '': 'x' }, { a: { b: 'c' } },
  new Map([['a', 'b']]), Promise.resolve(), () => 1, 10n, new Date(0),
];

const NAMES = new Set(Object.keys(CONSTRUCTS).flatMap((struct) => STRUCTS.get(struct)!.map(({ name }) => name)));
/** The props that several constructs have, each with those that have it. */
const SHARED = [...NAMES].map((name): [string, string[]] => {
  const kinds = Object.keys(CONSTRUCTS).map((struct): [string, string | undefined] => [struct, kindIn(struct, name)]);
  const [, kind] = kinds.find(([, one]) => one !== undefined)!;
  return [name, kinds.filter(([, one]) => one === kind).map(([struct]) => struct)];
}).filter(([, structs]) => structs.length > 1);

function kindIn(struct: string, name: string): string | undefined {
  const prop = STRUCTS.get(struct)!.find((one) => one.name === name);
  return prop && `${prop.kind} ${prop.type}`;
}

test('constructs have props in common', () => {
  expect(SHARED.map(([name]) => name)).toEqual(expect.arrayContaining(['location', 'tags', 'resourceGroup', 'provider', 'preventDestroy']));
});

test.each(SHARED)('%s: the same mistake gets the same words from all that have it', (name, structs) => {
  for (const value of MISTAKES) {
    const said = structs.map((struct) => told(struct, { [name]: value }));
    expect(said).toEqual(said.map(() => said[0]));
  }
});

test.each([{ nonsense: 1 }, { 'no name': 'x' }, { secretKey: 'x' }, { nonsense: {} }])('%j: an unknown prop gets the same words everywhere', (props) => {
  const said = Object.keys(CONSTRUCTS).map((struct) => told(struct, props));
  expect(said[0]).toMatch(/: no such prop, got .+; leave it out \(at Test\/X\)$/);
  expect(said).toEqual(said.map(() => said[0]));
});

test('a prop of another level is named with its place', () => {
  expect(told('AksClusterProps', { vmsize: 'x' })).toBe('vmsize: no such prop, got "x"; write systemNodePool.vmSize or jobNodePool.vmSize, or leave it out (at Test/X)');
  expect(told('SelfHostedGitLabProps', { fromAddress: 'a@b' })).toBe('fromAddress: no such prop, got "a@b"; write smtp.fromAddress, or leave it out (at Test/X)');
  expect(told('SelfHostedGitLabProps', { smtp: { hst: 'x' } })).toBe('smtp.hst: no such prop, got "x"; write host, or leave it out (at Test/X)');
});

test('props that are no object get the same words everywhere', () => {
  for (const props of ['x', 7, ['x'], true]) {
    const stack = newStack();
    const said = [SelfHostedGitLab, AksCluster, KubernetesGitLabRunner, PlatformAlerts].map((Construct, index) => messageOf(() => new Construct(stack, `X${index}`, props as any)));
    said.forEach((message, index) => expect(message).toBe(said[0]!.replace('X0', `X${index}`)));
    expect(said[0]).toMatch(/^props: not an object, got .+; give an object with its props \(at Test\/X0\)$/);
  }
});

function told(struct: string, props: object): string | undefined {
  const stack = newStack();
  return messageOf(() => CONSTRUCTS[struct](stack, props));
}

function messageOf(make: () => unknown): string | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
