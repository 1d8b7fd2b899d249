// Writes what the snippets of the pages give below them: `npm run docs:outputs`.
import { writeFileSync } from 'fs';
import { join } from 'path';
import { withOutputs } from './outputs';
import { PAGES, ROOT } from './pages';
import { runSnippets, SNIPPETS } from './snippets';

const run = runSnippets(SNIPPETS);
try {
  const failed = SNIPPETS.filter(({ where }) => run.error(where)).map(({ where }) => `${where}: ${run.error(where)}`);
  if (failed.length > 0) {
    throw new Error(failed.join('\n'));
  }
  PAGES.forEach((page) => writeFileSync(join(ROOT, page), withOutputs(page, run)));
} finally {
  run.remove();
}
