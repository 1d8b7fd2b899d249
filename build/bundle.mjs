// Inlines into lib/bundle.js everything the library needs but its users do not install, see docs/decisions/0001, and into lib/diagram.js what
// its command needs.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const { peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const built = [
  { entryPoints: ['lib/index.js'], outfile: 'lib/bundle.js', external: Object.keys(peerDependencies) },
  { entryPoints: ['diagram/main.ts'], outfile: 'lib/diagram.js' },
].map((options) => buildSync({
  ...options,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // half the bytes, half the time to load; names stay, since construct trees and stack traces show them.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'eof',
  metafile: true,
  logLevel: 'error',
  banner: { js: '/* Contains third-party code: see THIRD-PARTY.txt */' },
}));

const inlined = new Set(built.flatMap(({ metafile }) => Object.keys(metafile.inputs))
  .map((file) => file.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean));
const notices = [...inlined].sort().map((folder) => {
  const { name, version, license, repository } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[sc]e/i.test(entry));
  if (!file) {
    throw new Error(`${name} has no licence file, so it must not be inlined`);
  }
  return `${name} ${version} (${license}) ${repository?.url ?? repository}\n\n${readFileSync(join(folder, file), 'utf8')}`;
});
writeFileSync('THIRD-PARTY.txt', notices.join('\n\n'));
