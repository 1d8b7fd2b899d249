import { className, isOne, otherPackage, strangerOf } from '../../src/private/own-class';

const ORIGIN = Symbol.for('jsii.rtti');

/** A class as jsii's compiler makes it and a minifier leaves it. */
function made(fqn: string, version = '1.2.0', base: any = Object): any {
  const type = class a extends base {};
  Object.defineProperty(type, ORIGIN, { value: { fqn, version } });
  return type;
}

const Version = made('cdktf-azure-gitlab.GitLabVersion');
const SameVersion = made('cdktf-azure-gitlab.GitLabVersion');
const OlderVersion = made('cdktf-azure-gitlab.GitLabVersion', '1.1.0');
const TwinVersion = made('cdktn-azure-gitlab.GitLabVersion');
const Token = made('cdktf-azure-gitlab.RunnerToken');

test('objects are known by their class\'s name and version', () => {
  expect(isOne(new Version(), Version)).toBe(true);
  expect(isOne(new SameVersion(), Version)).toBe(true);
  expect(isOne(new (class extends SameVersion {})(), Version)).toBe(true);
  expect(isOne(new (made('their-library.Special', '7.0.0', SameVersion))(), Version)).toBe(true);
  for (const value of [new OlderVersion(), new TwinVersion(), new Token(), {}, Object.create(null), Version, 'GitLabVersion', null, undefined]) {
    expect(isOne(value, Version)).toBe(false);
  }
});

test('without jsii\'s compiler, as in these tests, objects are known by their class', () => {
  class Plain {}
  expect(isOne(new Plain(), Plain)).toBe(true);
  expect(isOne(new (class extends Plain {})(), Plain)).toBe(true);
  expect(isOne({}, Plain)).toBe(false);
});

test('a class has its public name, a subclass its own', () => {
  expect(className(Version)).toBe('GitLabVersion');
  expect(className(class Mine extends Version {})).toBe('Mine');
});

test('objects of another version or package are strangers', () => {
  expect(strangerOf(new OlderVersion(), Token)).toEqual({ className: 'GitLabVersion', theirs: 'cdktf-azure-gitlab 1.1.0', ours: 'cdktf-azure-gitlab 1.2.0' });
  expect(strangerOf(new TwinVersion(), Token)).toEqual({ className: 'GitLabVersion', theirs: 'cdktn-azure-gitlab 1.2.0', ours: 'cdktf-azure-gitlab 1.2.0' });
  expect([new SameVersion(), {}, 'x', undefined].map((value) => strangerOf(value, Token))).toEqual([undefined, undefined, undefined, undefined]);
});

test('a stack of the other framework is told apart, whatever its class', () => {
  const [Stack, TwinStack] = [made('cdktf.TerraformStack', '0.21.0'), made('cdktn.TerraformStack', '0.24.0')];
  expect(otherPackage(new (class Mine extends TwinStack {})(), Stack)).toEqual({ theirs: 'cdktn', ours: 'cdktf' });
  expect(otherPackage(new (class Mine extends Stack {})(), Stack)).toBeUndefined();
  expect(otherPackage(new (made('cdktf.TerraformStack', '0.20.0'))(), Stack)).toBeUndefined();
});
