import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tool } from './tool';
import { APP, ARCHIVE, CACHE, NAME, ROOT } from './workplace';

const MODULES = join(APP, 'node_modules');
const DIST = join(CACHE, 'dist');
/** Maven's own store of what it has fetched. */
export const MAVEN_REPOSITORY = join(CACHE, 'm2');

/** @returns the wheel */
export function wheel(): string {
  const folder = join(DIST, 'python');
  made(folder, [readFileSync(ARCHIVE)], () => pacmak('python', join(MODULES, NAME), DIST));
  return join(folder, readdirSync(folder).find((file) => file.endsWith('.whl'))!);
}

/** @returns a Maven repository with our artefact, and with cdktf's, made of its npm package: then no registry has to have it */
export function mavenArtefact(): string {
  const repository = join(DIST, 'java');
  made(join(repository, 'com/hashicorp/cdktf'), [version('cdktf')], () => pacmak('java', join(MODULES, 'cdktf'), DIST));
  made(join(repository, 'io/github/cdktf-azure-gitlab'), [readFileSync(ARCHIVE)], () => pacmak('java', join(MODULES, NAME), DIST));
  return repository;
}

/** @returns the folders of our Go module, and of cdk8s', made of its npm package: then no proxy has to have it */
export function goModules(): { readonly [module: string]: string } {
  const [ours, cdk8s] = ['cdktfazuregitlab', 'cdk8s'].map((name) => join(DIST, 'go', name));
  made(cdk8s, [version('cdk8s')], () => pacmak('go', join(MODULES, 'cdk8s'), DIST));
  made(ours, [readFileSync(ARCHIVE)], () => pacmak('go', join(MODULES, NAME), DIST));
  return Object.fromEntries([ours, cdk8s].map((folder) => [readFileSync(join(folder, 'go.mod'), 'utf8').match(/^module (.*)$/m)![1], folder]));
}

/** Makes a folder anew unless the last run made it of the very same: a run that is cut off leaves nothing that looks made. */
export function made(folder: string, inputs: (string | Buffer)[], make: () => void): void {
  const stamp = `${folder}.made`;
  const key = [version('jsii-pacmak'), ...inputs].reduce((hash, input) => hash.update(input), createHash('sha256')).digest('hex');
  mkdirSync(dirname(folder), { recursive: true });
  alone(`${folder}.lock`, () => {
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) {
      return;
    }
    [stamp, folder].forEach((path) => rmSync(path, { recursive: true, force: true }));
    make();
    writeFileSync(stamp, key);
  });
}

/** Has no other process at the same: files of tests run side by side, and may want the same folder. */
function alone(lock: string, action: () => void): void {
  while (!taken(lock)) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    action();
  } finally {
    rmSync(lock);
  }
}

/** Takes a lock unless a process that still runs has it; the link's target is that process, so it is there at once with the link. */
function taken(lock: string): boolean {
  try {
    symlinkSync(`${process.pid}`, lock);
    return true;
  } catch (error: any) {
    if (error.code !== 'EEXIST') {
      throw error;
    }
  }
  try {
    process.kill(Number(readlinkSync(lock)), 0);
  } catch (error: any) {
    // a lock that was just given back may be another's by now.
    if (error.code === 'ESRCH') {
      rmSync(lock, { force: true });
    }
  }
  return false;
}

export function pacmak(language: 'python' | 'java' | 'go', module: string, outdir: string): void {
  const java = ['--maven-local-repository', MAVEN_REPOSITORY];
  tool(join(ROOT, 'node_modules/.bin/jsii-pacmak'), [module, '--outdir', outdir, '--no-npmignore', '--target', language, ...language === 'java' ? java : []],
    // javadoc takes longer than all the rest; the release makes it.
    { env: { MAVEN_OPTS: '-Dmaven.javadoc.skip=true -Dmaven.source.skip=true' } });
}

function version(module: string): string {
  return JSON.parse(readFileSync(join(ROOT, 'node_modules', module, 'package.json'), 'utf8')).version;
}
