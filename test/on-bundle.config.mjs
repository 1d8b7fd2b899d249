// The tests of the public API once more, on the code that is published: `npx jest --config test/on-bundle.config.mjs`. A bundler changes names, and
// brings what the code reads at run time.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const BUNDLE = join(ROOT, 'lib/bundle.js');
if (!existsSync(BUNDLE)) {
  throw new Error('no lib/bundle.js: run `npx projen compile` and `npx projen bundle` first');
}
const { transform, setupFiles, clearMocks, testTimeout, maxWorkers } = JSON.parse(readFileSync(join(ROOT, 'jest.config.json'), 'utf8'));
/** The API as tests import it; what is private, and the scripts, they take from src/. */
const API = String.raw`(?:\.\./)+src(?:/(?:aks|azure|gitlab|runner))?`;
const importsApi = new RegExp(`^import .* from '${API}';$|^} from '${API}';$`, 'm');
/** Whether a test takes the API, itself or by what it shares with the tests beside it. */
const usesApi = (file) => {
  const text = readFileSync(file, 'utf8');
  return importsApi.test(text) || [...text.matchAll(/ from '(\.[^']+)';$/gm)].map(([, name]) => `${join(dirname(file), name)}.ts`)
    .some((other) => other.startsWith(import.meta.dirname) && existsSync(other) && usesApi(other));
};

/**
 * Tried on the sources alone: the law, whose thousands of values go to rules that a bundler does not touch, and tests that give objects of the API to
 * what is private.
 */
const ONCE = /^(law\/|gitlab\/(secrets\/secrets|set-up\/bootstrap|versions\/versions)\.test\.ts$)/;

export default {
  rootDir: ROOT,
  testMatch: readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts') && !ONCE.test(file))
    .map((file) => join(import.meta.dirname, file)).filter(usesApi),
  moduleNameMapper: { [`^${API}$`]: BUNDLE },
  transform,
  setupFiles,
  clearMocks,
  testTimeout,
  maxWorkers,
};
