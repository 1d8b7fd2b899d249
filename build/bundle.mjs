// Inlines into lib/bundle.js everything the library needs but its users do not install, see docs/decisions/0001, and into lib/command.js what
// the command for synthesised programs needs.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { build } from 'esbuild';
import jsTokens from 'js-tokens';

const { peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const LINE_LENGTH = 120;
/** After these a line may end without another meaning. */
const LINE_ENDS = [',', ';', '{', '(', '='];
const require = createRequire(import.meta.url);

/** The scripts and the files of assets/ as text in place of what reads them: a program that a user bundles has no file beside it. */
const texts = {
  name: 'texts',
  setup: ({ onLoad }) => onLoad({ filter: /[\\/]lib[\\/]assets\.js$/ }, ({ path }) => {
    const { assetTexts, scriptTexts, SCRIPT_ROOMS } = require(path);
    const texts = { assetTexts: textsOf(readdirSync('assets').sort(), assetTexts), scriptTexts: textsOf(SCRIPT_ROOMS, scriptTexts) };
    return { contents: Object.entries(texts).map(([name, all]) => `const ${name} = ${JSON.stringify(all)};\nexports.${name} = (key) => ${name}[key];`).join('\n') };
  }),
};

/** The script that `doctor` looks at a server with. */
const doctorScript = {
  name: 'doctor-script',
  setup: ({ onLoad }) => onLoad({ filter: /[\\/]doctor[\\/]script\.ts$/ }, ({ path }) =>
    ({ contents: `export const SCRIPT = ${JSON.stringify(readFileSync(join(dirname(path), 'server.sh'), 'utf8'))};` })),
};

/**
 * Loads what is inlined when something of it is first used: no program needs all of Azure's resources, and to define the classes of one takes
 * up to five milliseconds. TypeScript writes each import as `const name_1 = require("…")`, and each use as `name_1.member`.
 */
const onUse = {
  name: 'on-use',
  setup: ({ onLoad }) => onLoad({ filter: /\.js$/ }, ({ path }) => {
    if (!path.startsWith(resolve('lib') + sep)) {
      return undefined;
    }
    const code = readFileSync(path, 'utf8');
    const inlinedNames = [...code.matchAll(/^const (\w+) = require\("(?:@cdktf\/|js-yaml|smol-toml)[^"]*"\);$/gm)].map(([, name]) => name);
    return {
      contents: inlinedNames.reduce((text, name) => text
        .replace(`const ${name} = require(`, `const ${name} = () => require(`)
        .replace(new RegExp(`\\bnew ${name}\\.(\\w+)`, 'g'), `new (${name}().$1)`)
        .replace(new RegExp(`\\b${name}\\.`, 'g'), `${name}().`), code),
    };
  }),
};

function textsOf(keys, read) {
  return Object.fromEntries(keys.map((key) => [key, read(key)]));
}

/** Ends lines: Node shows the one that an error was thrown in. esbuild's own `lineLimit` would also cut texts in two, which are searched for later. */
function inLines(code) {
  let length = 0;
  let broken = '';
  for (const { value } of jsTokens(code)) {
    const last = value.lastIndexOf('\n');
    length = last < 0 ? length + value.length : value.length - last - 1;
    broken += value;
    if (length > LINE_LENGTH && LINE_ENDS.includes(value)) {
      broken += '\n';
      length = 0;
    }
  }
  return broken;
}

const exported = Object.keys(require(resolve('lib/index.js')));
// `import { AksCluster }` of an ES module: Node reads the names of a CommonJS module from its text, where this line is enough and never runs.
const names = `0 && (module.exports = {\n${exported.map((name) => `${name},`).join('\n')}\n});`;
// classes that refer to themselves come out as _Name, which constructs and test frameworks would show.
const rename = 'for (const [name, value] of Object.entries(module.exports)) {\n'
  + '  if (typeof value === "function") Object.defineProperty(value, "name", { value: name });\n}';

const bundles = [
  { entryPoints: ['lib/index.js'], outfile: 'lib/bundle.js', external: Object.keys(peerDependencies), plugins: [texts, onUse], footer: { js: `${rename}\n${names}` } },
  { entryPoints: ['command/main.ts'], outfile: 'lib/command.js', plugins: [doctorScript], minifyIdentifiers: true },
];
const built = await Promise.all(bundles.map((options) => build({
  ...options,
  bundle: true,
  platform: 'node',
  target: 'node20',
  // half the bytes, half the time to load; names stay in the library, since construct trees and stack traces show them.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'eof',
  metafile: true,
  logLevel: 'error',
  banner: { js: '/* Contains third-party code: see THIRD-PARTY.txt */' },
})));

for (const { outfile } of bundles) {
  writeFileSync(outfile, inLines(readFileSync(outfile, 'utf8')));
}

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
