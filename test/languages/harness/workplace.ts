import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

const given = (name: string): string => {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set: start the tests with node test/languages/run.mjs`);
  }
  return value;
};

/** The repository. */
export const ROOT = given('LANGUAGES_ROOT');
/** The application that the packed npm package is installed in. */
export const APP = given('LANGUAGES_APP');
/** The packed npm package. */
export const ARCHIVE = given('TIER_PACKAGE');
/** What stays from one run to the next. */
export const CACHE = given('LANGUAGES_CACHE');
/** The programs that only the tests have. */
export const PROGRAMS = join(ROOT, 'test/languages/programs');
export const EXAMPLES = join(ROOT, 'examples');
/** The folder of this run; gone after it. */
const SCRATCH = given('LANGUAGES_SCRATCH');
/** The package's name. */
export const NAME = 'cdktf-azure-gitlab';

/** An empty folder of this run, with nothing above it that npm or Node would take for part of it. */
export function emptyFolder(): string {
  return mkdtempSync(join(SCRATCH, 'work-'));
}

/** An empty folder in the application, where the package and its peers are found. */
export function applicationFolder(): string {
  return mkdtempSync(join(APP, 'work-'));
}
