// Draws the complete example for README and docs/diagram.md, with the command that users have.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TITLE = 'One program: a GitLab server, a cluster, a runner';

const work = mkdtempSync(join(tmpdir(), 'diagram-'));
try {
  execFileSync('node', ['build/example.mjs', 'complete'], { stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('node', ['lib/command.js', 'diagram', 'examples/typescript/complete/cdktf.out', '--title', TITLE, '--output', work], { stdio: 'inherit' });
  writeFileSync('docs/diagram.svg', readFileSync(join(work, 'diagram.svg')));
  const mermaid = readFileSync(join(work, 'diagram.mmd'), 'utf8');
  writeFileSync('README.md', readFileSync('README.md', 'utf8').replace(/(^```mermaid\n).*?(^```$)/ms, (_, start, end) => `${start}${mermaid}${end}`));
} finally {
  rmSync(work, { recursive: true });
}
