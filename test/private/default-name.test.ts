import { Construct } from 'constructs';
import { defaultName } from '../../src/private/default-name';
import { newStack } from '../synth';

const named = (stack: string, ...ids: string[]) => ids.reduce<Construct>((scope, id) => new Construct(scope, id), newStack(stack));

test.each([
  [named('gitlab', 'Cluster'), '-rg', 'gitlab-cluster-rg'],
  [named('gitlab', 'GitLab'), '-rg', 'gitlab-rg'],
  [named('gitlab', 'Runner', 'JobIdentity'), '-identity', 'gitlab-runner-jobidentity'],
  [named('2024', '7_x'), '', 'x'],
  [named('42'), '', 'x'],
])('names come from the path, no word twice in a row: %#', (construct, suffix, name) => {
  expect(defaultName(construct, 63, suffix)).toBe(name);
});

test('a long path keeps its end and gets a digest of the whole', () => {
  const one = defaultName(named('a-rather-long-stack', 'with-a-long-construct', 'Resource'), 30, '-rg');
  const other = defaultName(named('another-rather-long-stack', 'with-a-long-construct', 'Resource'), 30, '-rg');
  expect(one).toMatch(/^[a-z][a-z-]+resource-[0-9a-f]{8}-rg$/);
  expect(one.length).toBeLessThanOrEqual(30);
  expect(other).not.toBe(one);
});
