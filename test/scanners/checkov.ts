import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { Finding } from './findings';
import { blocks } from './synthesised';

const APP = process.env.SCANNERS_APP!;
/** Those that read what a stack has; the others find nothing to read. */
const FRAMEWORKS = ['terraform', 'terraform_json', 'kubernetes', 'secrets'];
const NOWHERE = 'http://127.0.0.1:9';

export interface Scan {
  readonly findings: Finding[];
  /** What Checkov read: `resource`, `data` or `object`, and its name. */
  readonly seen: string[];
  /** What it complained of while it did so. */
  readonly complaints: string;
}

/** Runs Checkov on a folder, without a configuration of the user's and without a network. */
export async function scan(folder: string): Promise<Scan> {
  const home = mkdtempSync(join(APP, 'home-'));
  const seen = join(home, 'seen');
  const env = { PATH: process.env.PATH, HOME: home, HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE, PYTHONDONTWRITEBYTECODE: '1', SEEN: seen };
  const { stdout, stderr: complaints } = await promisify(execFile)(process.env.SCANNERS_CHECKOV!, [
    '-m', 'checkov.main', '--directory', folder, '--framework', ...FRAMEWORKS, '--output', 'json', '--quiet', '--compact', '--soft-fail',
    '--skip-download', '--external-checks-dir', join(process.env.SCANNERS_ROOT!, 'test/scanners/checkov/seen'),
  ], { cwd: home, maxBuffer: 1e9, env });
  // where nothing was read, Checkov has an object without results.
  return {
    findings: [JSON.parse(stdout)].flat().flatMap(({ check_type: framework, results }) => (results?.failed_checks ?? [])
      .map((check: any): Finding => ({ check: check.check_id, on: subject(folder, framework, check), says: check.check_name }))),
    seen: existsSync(seen) ? readFileSync(seen, 'utf8').trimEnd().split('\n').sort() : [],
    complaints,
  };
}

/** What a finding is about, in words that stay: Checkov has logical ids, and hashes for what it takes for a secret. */
function subject(folder: string, framework: string, check: any): string {
  if (framework === 'kubernetes') {
    const [kind, , ...name] = check.resource.split('.');
    return `${kind} ${name.join('.')}`;
  }
  if (framework === 'secrets') {
    const file = check.file_abs_path;
    const line = readFileSync(file, 'utf8').split('\n')[check.file_line_range[0] - 1];
    return `${file.endsWith('.json') ? basename(file) : 'manifest'} ${/^\s*"?([^":]+)"?:/.exec(line)?.[1]}`;
  }
  const [type, name] = check.resource.split('.');
  const found = blocks(folder, 'resource').filter((block) => block.name === name && (type === 'resource' || block.type === type));
  assert.equal(found.length, 1, `${check.resource} is one resource`);
  return `${found[0].type} ${found[0].path}`;
}
