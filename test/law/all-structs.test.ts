import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { STRUCTS } from './structs';

/** Structs that users never give by themselves, and why. */
const NOT_GIVEN: { readonly [struct: string]: string } = {
  AzurePart: 'the library gives it',
  GitLabRunnerToken: 'the library gives it',
  RunnerManagerOptions: 'part of the props of both kinds of managers',
};

test('the law is tried on every public struct', () => {
  const tried = readdirSync(__dirname).filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => [...readFileSync(join(__dirname, file), 'utf8').matchAll(/^lawOf\('(\w+)'/gm)].map(([, struct]) => struct));
  expect([...tried, ...Object.keys(NOT_GIVEN)].sort()).toEqual([...STRUCTS.keys()].sort());
});
