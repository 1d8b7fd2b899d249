// Whether a refactoring changes what is synthesised: `npm run compare -- <commit> [<count>]` runs the examples and random programs with the library
// of that commit and with that of the working tree, and compares all files, byte by byte.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const SEED = process.env.PROPERTY_SEED ?? '1';
const [commit, count = '50'] = process.argv.slice(2);
if (!commit) {
  throw new Error('usage: npm run compare -- <commit> [<count of random programs>]');
}

function run(command, args, cwd = ROOT, env = process.env) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed in ${cwd}:\n${stdout}${stderr}`);
  }
  return { stdout: stdout.trim(), stderr };
}

/** The library of a commit, built beside the working tree with the same dependencies. */
function built(sha) {
  const tree = join(ROOT, '.cache/compare', sha);
  if (!existsSync(join(tree, 'lib/bundle.js'))) {
    rmSync(tree, { recursive: true, force: true });
    mkdirSync(tree, { recursive: true });
    run('sh', ['-c', `git archive ${sha} | tar -x -C '${tree}'`]);
    symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
    run('npx', ['projen', 'compile'], tree);
    run('npx', ['projen', 'bundle'], tree);
  }
  return tree;
}

/**
 * Synthesises everything with the library in a tree. The examples of each tree are its own: they may use other names. It all happens in a folder
 * of one name, which some outputs hold.
 */
function synthesise(tree, name) {
  const folder = join(work, 'out');
  const programs = join(folder, 'programs');
  mkdirSync(programs, { recursive: true });
  const { stderr } = run('node', [join(import.meta.dirname, 'programs.cjs'), join(tree, 'lib/bundle.js'), programs, SEED, count]);
  writeFileSync(join(programs, 'warnings.txt'), stderr);
  for (const example of readdirSync(join(tree, 'examples/typescript'))) {
    const cwd = join(folder, 'examples', example);
    mkdirSync(cwd, { recursive: true });
    const main = join(tree, 'examples/typescript', example, 'main.ts');
    run('node', ['--require', join(tree, 'node_modules/ts-node/register/transpile-only'), main], cwd,
      { ...process.env, TS_NODE_PROJECT: join(tree, 'tsconfig.dev.json') });
  }
  renameSync(folder, join(work, name));
}

const sha = run('git', ['rev-parse', `${commit}^{commit}`]).stdout;
const theirs = built(sha);
const work = mkdtempSync(join(tmpdir(), 'compare-'));
try {
  synthesise(theirs, 'before');
  synthesise(ROOT, 'after');
  const refused = JSON.parse(readFileSync(join(work, 'after/programs/refused.json'), 'utf8')).filter((outcome) => outcome.length > 0).length;
  // cdktf's own manifest holds stack traces.
  const { stdout } = spawnSync('diff', ['--recursive', '--exclude=manifest.json', '--unified=0', 'before', 'after'], { cwd: work, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const files = run('sh', ['-c', 'find after -type f | wc -l'], work).stdout;
  console.log(stdout.split('\n').slice(0, 400).map((line) => line.slice(0, 400)).join('\n'));
  console.log(`${count} random programs, ${refused} of them refused in part, and the examples: ${files} files ${stdout === '' ? 'the same' : 'that differ'}`);
  process.exitCode = stdout === '' ? 0 : 1;
} finally {
  rmSync(work, { recursive: true });
}
