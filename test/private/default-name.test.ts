import { TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import { defaultName, suffixed } from '../../src/private/default-name';
import * as fc from '../fast-check';
import { newStack } from '../synth';

const named = (stack: string, ...ids: string[]) => ids.reduce<Construct>((scope, id) => new Construct(scope, id), newStack(stack));

test.each([
  [named('gitlab', 'Cluster'), '-rg', 'gitlab-cluster-rg'],
  [named('gitlab', 'GitLab'), '-rg', 'gitlab-rg'],
  [named('gitlab', 'GitLab'), '-datadiskbackup-rg', 'gitlab-datadiskbackup-rg'],
  [named('gitlab', 'Runner'), '-jobidentity', 'gitlab-runner-jobidentity'],
  [named('gitlab', 'Team1', 'GpuRunner'), '', 'gitlab-team1-gpurunner'],
])('ids of letters and digits are the name, that of stack and construct once: %#', (construct, suffix, name) => {
  expect(defaultName(construct, 63, suffix)).toBe(name);
});

test.each([
  ['an id that reads like two', named('s', 'a-b'), /^s-a-b-[0-9a-f]{8}-rg$/],
  ['other letters', named('gitlab', 'Größe'), /^gitlab-gr-e-[0-9a-f]{8}-rg$/],
  ['no letters', named('2024', '7_x'), /^x-[0-9a-f]{8}-rg$/],
  ['no ASCII at all', named('東京'), /^x-[0-9a-f]{8}-rg$/],
  ['a word twice', named('gitlab', 'GitLab', 'GitLab'), /^gitlab-gitlab-gitlab-rg$/],
  ['an ending of ours', named('gitlab', 'rg'), /^gitlab-rg-[0-9a-f]{8}-rg$/],
])('any other path gets a digest: %s', (_, construct, name) => {
  expect(defaultName(construct, 63, '-rg')).toMatch(name);
});

test('a long path keeps its end and gets a digest of the whole', () => {
  const one = defaultName(named('aratherlongstack', 'WithALongConstruct', 'Resource'), 30, '-rg');
  const other = defaultName(named('anotherratherlongstack', 'WithALongConstruct', 'Resource'), 30, '-rg');
  expect(one).toMatch(/^[a-z][a-z-]+resource-[0-9a-f]{8}-rg$/);
  expect(one.length).toBeLessThanOrEqual(30);
  expect(other).not.toBe(one);
});

test('a name with an ending is cut where it does not fit, or holds what the ending\'s kind may not', () => {
  expect(suffixed('build_farm', '-vnet', 64)).toBe('build_farm-vnet');
  expect(suffixed('build_farm', '-logs', 63, /^[A-Za-z0-9-]*$/)).toMatch(/^build-farm-[0-9a-f]{8}-logs$/);
  const long = suffixed('x'.repeat(63), '-vnet', 64);
  expect(long).toMatch(/^x+-[0-9a-f]{8}-vnet$/);
  expect(long).toHaveLength(64);
  const reference = new TerraformVariable(newStack(), 'name', {}).stringValue;
  expect(suffixed(reference, '-logs', 20, /^[A-Za-z0-9-]*$/)).toBe(`${reference}-logs`);
});

// a path is all that a name comes from; an app for each would take long.
const at = (...ids: string[]) => ids.reduce<Construct | undefined>((scope, id) => new Construct(scope as Construct, id), undefined)!;

// few letters, so that look-alikes are frequent, and some of anything.
const id = fc.oneof(
  fc.stringMatching(/^[abAB1]{1,3}$/),
  fc.stringMatching(/^[ab][-_. ab1]{1,4}$/),
  fc.constantFrom('rg', 'Identity', 'Größe', 'Grösse', '東京', '😀', '2nd', '-', 'x'.repeat(80)),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((text) => !(text in {})),
);
const stackId = fc.oneof(fc.constantFrom('a', 'b', 's', 'a-b', 'Größe', '1'), fc.stringMatching(/^[ab1.-]{1,4}$/));

test('no two paths come to one name, and every name is one that Azure and Kubernetes take', () => {
  fc.assert(fc.property(fc.array(fc.tuple(stackId, fc.array(id, { minLength: 1, maxLength: 3 })), { minLength: 20, maxLength: 60 }), (paths) => {
    const constructs = new Map(paths.map(([stack, ids]) => at(stack, ...ids)).map((construct) => [construct.node.path, construct]));
    // Azure takes no notice of case; paths that differ in it alone are refused by synthesis.
    const distinct = [...new Map([...constructs].map(([path, construct]) => [path.toLowerCase(), construct])).values()];
    for (const [maximumLength, ...suffixes] of [[90, '-rg', '-datadiskbackup-rg'], [63, ''], [128, '-identity', '-jobidentity'], [53, '', '-release']] as const) {
      const names = distinct.flatMap((construct) => suffixes.map((suffix) => defaultName(construct, maximumLength, suffix)));
      names.forEach((name) => expect(name).toMatch(/^(?!.*--)[a-z]([a-z0-9-]*[a-z0-9])?$/));
      names.forEach((name) => expect(name.length).toBeLessThanOrEqual(maximumLength));
      expect(names).toHaveLength(new Set(names).size);
    }
  }), { numRuns: 100, endOnFailure: true });
});
