// Compares the public API with that of the last release: `node build/compatibility.mjs [ASSEMBLY]`; `--release` makes today's API the one to compare with.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const RELEASED = 'build/released-api.json.gz';
/** What users' programs do not depend on. */
const IRRELEVANT = ['readme', 'locationInModule', 'symbolId', 'fingerprint', 'metadata'];
const bare = (key, value) => {
  if (key === 'docs') {
    const { stability, deprecated } = value;
    return { stability, deprecated };
  }
  return IRRELEVANT.includes(key) ? undefined : value;
};

const [argument = '.jsii'] = process.argv.slice(2);
if (argument === '--release') {
  writeFileSync(RELEASED, gzipSync(JSON.stringify(JSON.parse(readFileSync('.jsii', 'utf8')), bare), { level: 9 }));
} else {
  process.exitCode = compare(argument);
}

function compare(assembly) {
  const work = mkdtempSync(join(tmpdir(), 'released-api-'));
  try {
    symlinkSync(resolve('node_modules'), join(work, 'node_modules'));
    const folder = (name, text) => {
      mkdirSync(join(work, name));
      cpSync('package.json', join(work, name, 'package.json'));
      writeFileSync(join(work, name, '.jsii'), text);
      return join(work, name);
    };
    const { status, stdout, stderr } = spawnSync(resolve('node_modules/.bin/jsii-diff'), [
      folder('released', gunzipSync(readFileSync(RELEASED))), folder('today', readFileSync(assembly)), '--keys', '--ignore-file', '.compatignore',
    ], { encoding: 'utf8', env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' } });
    process.stdout.write(stdout + stderr);
    return status ?? 1;
  } finally {
    rmSync(work, { recursive: true });
  }
}
