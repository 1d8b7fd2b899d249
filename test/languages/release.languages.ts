import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { tool } from './harness/tool';
import { emptyFolder, ROOT } from './harness/workplace';

const VERSION = '1.2.3-rc.1';
const FLAVOURS = ['cdktf', 'cdktn'];

describe('release', () => {
  let dist: string;
  const read = (...path: string[]) => readFileSync(join(dist, ...path), 'utf8');
  before(() => {
    dist = emptyFolder();
    tool('node', ['build/release.mjs', VERSION, '--code-only'], { cwd: ROOT, env: { RELEASE_DIST: dist } });
  });

  test('release: npm gets one archive for each framework, and in it what runs and no more', () => {
    deepEqual(readdirSync(join(dist, 'js')).sort(), FLAVOURS.map((flavour) => `${flavour}-azure-gitlab-${VERSION}.tgz`));
    for (const flavour of FLAVOURS) {
      const files = tool('tar', ['-tzf', join(dist, 'js', `${flavour}-azure-gitlab-${VERSION}.tgz`)]).trim().split('\n').map((file) => file.replace(/^package\//, ''));
      const tops = ['.jsii', 'LICENSE', 'README.md', 'THIRD-PARTY.txt', 'lib', 'package.json'];
      deepEqual([...new Set(files.map((file) => file.split('/')[0]))].sort(), flavour === 'cdktf' ? ['.jsii', '.jsii.tabl.json', ...tops.slice(1)] : tops);
      deepEqual(files.filter((file) => /^lib\/(?!on-use\/\w)/.test(file) && !file.endsWith('.d.ts')), ['lib/bundle.js', 'lib/command.js']);
    }
  });

  for (const flavour of FLAVOURS) {
    const module = `${flavour}_azure_gitlab`;
    const folder = `${flavour}-azure-gitlab`;

    test(`release: ${flavour} in Python asks for its framework and for no provider`, () => {
      const setup = read(folder, 'python/setup.py');
      match(setup, /"version": "1\.2\.3\.rc1"/);
      match(setup, new RegExp(`"name": "${folder}"`));
      match(setup, new RegExp(`"${flavour}>=`));
      doesNotMatch(setup, new RegExp(`"${FLAVOURS.find((other) => other !== flavour)}|provider`));
      equal(existsSync(join(dist, folder, 'python/src', module, 'py.typed')), true);
    });

    test(`release: ${flavour} in Java has what Maven Central asks of an artefact`, () => {
      const pom = read(folder, 'java/pom.xml');
      match(pom, new RegExp(`<artifactId>${folder}</artifactId>\\s*<version>${VERSION}</version>`));
      ['<licenses>', '<developers>', '<scm>', '<description>', '<url>', 'maven-source-plugin', 'maven-javadoc-plugin'].forEach((part) => match(pom, new RegExp(part)));
    });

    test(`release: ${flavour} in Go is a module of its own, with its licence`, () => {
      const go = `${flavour}azuregitlab`;
      match(read(folder, 'go', go, 'go.mod'), new RegExp(`^module github\\.com/cdktf-azure-gitlab/${folder}-go/${go}$`, 'm'));
      equal(read(folder, 'go', go, 'version').trim(), VERSION);
      match(read(folder, 'go', go, 'LICENSE'), /Apache License/);
    });
  }

  test('release: the API is documented in each language\'s own words', () => {
    deepEqual(readdirSync(join(dist, 'docs')).sort(), ['API.go.md', 'API.java.md', 'API.python.md', 'API.typescript.md']);
    match(read('docs/API.typescript.md'), /^import \{ AksCluster \} from 'cdktf-azure-gitlab'$/m);
    match(read('docs/API.python.md'), /^from cdktf_azure_gitlab import|^import cdktf_azure_gitlab$/m);
    match(read('docs/API.python.md'), /\bos_disk_size_gb\b/);
    match(read('docs/API.java.md'), /^import io\.github\.cdktfazuregitlab\.AksCluster;$/m);
    match(read('docs/API.go.md'), /cdktfazuregitlab\.NewAksCluster\(/);
  });

  test('release: fails when the version is none', () => {
    const { status, stderr } = spawnSync('node', ['build/release.mjs', 'latest'], { cwd: ROOT, encoding: 'utf8' });
    equal(status, 1);
    match(stderr, /Error: the version is to be like 1\.2\.3 or 1\.2\.3-rc\.1, got "latest"\n/);
  });

  test('release: every action is named by its commit', () => {
    const { jobs } = parse(readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8'));
    const used: string[] = Object.values<any>(jobs).flatMap(({ steps }) => steps).map(({ uses }) => uses).filter(Boolean);
    ok(used.length > 0);
    deepEqual(used.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action)), []);
  });

  test('release: the checks run as root, what they leave belongs to who makes the packages', () => {
    const { jobs } = parse(readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8'));
    const steps: string[] = jobs.build.steps.map(({ run }: any) => run).filter(Boolean);
    deepEqual(steps.slice(0, 2), ['sudo --preserve-env --set-home env "PATH=$PATH" bash .ci/run', 'sudo chown --recursive "$(id --user):$(id --group)" .']);
    match(steps[2], /^npm run release:packages /);
  });

  test('release: each registry has a job of its own, npm and PyPI without a secret', () => {
    const { jobs } = parse(readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8'));
    deepEqual(Object.keys(jobs).sort(), ['build', 'release_documentation', 'release_golang', 'release_maven', 'release_npm', 'release_pypi']);
    for (const job of [jobs.release_npm, jobs.release_pypi]) {
      equal(job.permissions['id-token'], 'write');
      doesNotMatch(JSON.stringify(job), /secrets\./);
    }
    match(JSON.stringify(jobs.release_npm), /"NPM_CONFIG_PROVENANCE":"true"/);
    const outputs = Object.keys(jobs.build.outputs).map((name) => `\${{ needs.build.outputs.${name} }}`);
    const asked = Object.values<any>(jobs).flatMap(({ steps }) => steps).map((step) => step.with?.['artifact-ids']).filter(Boolean);
    deepEqual([...new Set(asked)], outputs);
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const called = jobs.build.steps.map(({ run }: any) => run?.match(/^npm run (\S+)/)?.[1]).filter(Boolean);
    deepEqual(called.filter((script: string) => !(script in scripts)), []);
    equal(called.length, 1);
  });
});
