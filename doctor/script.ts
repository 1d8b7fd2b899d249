import { readFileSync } from 'fs';
import { join } from 'path';

/** What looks at a server. In the published package `build/bundle.mjs` replaces this file by one that holds the text. */
export const SCRIPT = readFileSync(join(__dirname, 'server.sh'), 'utf8');
