// Judges the subjects of commits by the rules of CONTRIBUTING.md: `node .ci/commits.mjs`, in a checkout. It looks at all since the rules are checked, so
// that it needs no branch to compare with and a change's commits are always among them; merges are left out.
import { execFileSync } from 'node:child_process';

/** The last commit that nobody checked: it and many before it break the rules. */
const UNCHECKED = '48bb28101fbbb21b63da584d7d7d41eb1e1a7479';
const TYPES = ['build', 'chore', 'ci', 'docs', 'feat', 'fix', 'perf', 'refactor', 'revert', 'style', 'test'];
const MAX_LENGTH = 72;
const RULES = [
  [new RegExp(`^(${TYPES.join('|')})(\\([a-z0-9-]+\\))?!?: \\S`), `does not begin with a type, such as "fix(runner): "; types are ${TYPES.join(', ')}`],
  [new RegExp(`^.{0,${MAX_LENGTH}}$`, 'u'), `is longer than ${MAX_LENGTH} characters`],
  [/^[^;]*$/, 'has a semicolon: two concerns are two commits'],
];

const git = (...args) => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** What to look at; a clone may be too shallow to hold the last unchecked commit. */
function range() {
  try {
    git('merge-base', '--is-ancestor', UNCHECKED, 'HEAD');
    return [`${UNCHECKED}..HEAD`, `since ${UNCHECKED.slice(0, 7)}`];
  } catch {
    if (git('rev-parse', '--is-shallow-repository') === 'true') {
      return ['HEAD', 'that this shallow clone has'];
    }
    throw new Error(`commit ${UNCHECKED} is not in the history of HEAD; set UNCHECKED in .ci/commits.mjs to the last commit before the ones to check`);
  }
}

const [revisions, which] = range();
const commits = git('log', '--no-merges', '--format=%h %s', revisions).split('\n').filter(Boolean).map((line) => /^(\S+) (.*)$/.exec(line).slice(1));
const problems = commits.flatMap(([hash, subject]) => RULES.filter(([pattern]) => !pattern.test(subject)).map(([, problem]) => `${hash} "${subject}" ${problem}`));

problems.forEach((problem) => console.log(problem));
console.log(`looked at ${commits.length} commits ${which}: ${problems.length} problems`);
process.exitCode = problems.length > 0 || commits.length === 0 ? 1 : 0;
