import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { synthesise } from './harness/program';
import { forInstalledProviders } from './harness/provider-versions';
import { SelfHostedGitLab } from 'cdktf-azure-gitlab';

/** The commands of docs/operate.md: those that make the lock file, those of a pipeline. */
const [MAKE, USE] = [...readFileSync(join(process.env.APPLY_APP!, 'docs/operate.md'), 'utf8').split('## Pin the providers')[1]
  .matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code]) => code);

/** A clone with what its program has synthesised. */
function clone(): string {
  const stack = synthesise((made) => {
    new SelfHostedGitLab(made, 'GitLab', { location: 'koreacentral' });
  });
  const json = join(stack, 'cdk.tf.json');
  writeFileSync(json, JSON.stringify(forInstalledProviders(JSON.parse(readFileSync(json, 'utf8')))));
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  renameSync(join(stack, '../..'), join(folder, 'cdktf.out'));
  return folder;
}

/** Runs commands as a reader would, in a folder. @returns whether they went well, and what they said */
function run(folder: string, commands: string) {
  const programs = mkdtempSync(join(tmpdir(), 'bin-'));
  symlinkSync(process.env.APPLY_TERRAFORM!, join(programs, 'terraform'));
  const env = { ...process.env, TF_CLI_CONFIG_FILE: process.env.APPLY_TERRAFORM_CONFIG, CHECKPOINT_DISABLE: '1', PATH: `${programs}:${process.env.PATH}` };
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', commands], { cwd: folder, env, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}`.replace(/\x1b\[\d+m|[│╷╵]/g, '').replace(/\s+/g, ' ') };
}

test('the commands of the docs pin the providers, and another clone takes no others', () => {
  // the registries are out of reach: a mirror of this machine's platform stands in, as companies have them.
  const [, mirror] = /path = "(.*)"/.exec(readFileSync(process.env.APPLY_TERRAFORM_CONFIG!, 'utf8'))!;
  const platform = `linux_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  assert.match(MAKE, /-platform=linux_amd64 -platform=darwin_arm64\n/);
  const first = clone();
  const made = run(first, MAKE.replace('-platform=linux_amd64 -platform=darwin_arm64', `-fs-mirror='${mirror}' -platform=${platform}`));
  assert.equal(made.status, 0, made.output);
  const lock = readFileSync(join(first, 'gitlab.lock.hcl'), 'utf8');
  assert.deepEqual([...lock.matchAll(/^provider "[^"]*\/(\w+)"/gm)].map(([, name]) => name), ['azurerm']);

  const locked = (text: string) => {
    const other = clone();
    writeFileSync(join(other, 'gitlab.lock.hcl'), text);
    return run(other, USE);
  };
  const taken = locked(lock);
  assert.equal(taken.status, 0, taken.output);
  const version = /version += "(.*)"/.exec(lock)![1];
  for (const [what, text, words] of [
    ['another provider under the same version', lock.replace(/h1:[^"]{4}/, 'h1:AAAA'), /doesn't match any of the checksums previously recorded/],
    ['another version', lock.replace(`"${version}"`, '"5.1.0"'), /5\.1\.0/],
    ['a provider that is not locked', '', /read-?only/i],
  ] as const) {
    const { status, output } = locked(text);
    assert.notEqual(status, 0, `${what}: ${output}`);
    assert.match(output, words, `${what}: ${output}`);
  }
});
