// Inlines everything the library needs but its users do not install, see docs/decisions/0001: into lib/bundle.js what a first program uses, into files
// in lib/on-use/ the rest, and into lib/command.js what the command for synthesised programs needs.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { build } from 'esbuild';
import jsTokens from 'js-tokens';

const { peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const LINE_LENGTH = 120;
/** After these a line may end without another meaning. */
const LINE_ENDS = [',', ';', '{', '(', '='];
const LIB = resolve('lib') + sep;
const ON_USE = 'on-use';
/** What the `complete` example uses of what is inlined; test/bundle.test.ts compares. */
const USED_FIRST = [
  '@cdktf/provider-azurerm/lib/data-azurerm-client-config',
  '@cdktf/provider-azurerm/lib/federated-identity-credential',
  '@cdktf/provider-azurerm/lib/key-vault',
  '@cdktf/provider-azurerm/lib/kubernetes-cluster',
  '@cdktf/provider-azurerm/lib/kubernetes-cluster-node-pool',
  '@cdktf/provider-azurerm/lib/linux-virtual-machine',
  '@cdktf/provider-azurerm/lib/log-analytics-workspace',
  '@cdktf/provider-azurerm/lib/maintenance-assignment-virtual-machine',
  '@cdktf/provider-azurerm/lib/maintenance-configuration',
  '@cdktf/provider-azurerm/lib/managed-disk',
  '@cdktf/provider-azurerm/lib/monitor-data-collection-rule',
  '@cdktf/provider-azurerm/lib/monitor-data-collection-rule-association',
  '@cdktf/provider-azurerm/lib/monitor-diagnostic-setting',
  '@cdktf/provider-azurerm/lib/network-interface',
  '@cdktf/provider-azurerm/lib/network-security-group',
  '@cdktf/provider-azurerm/lib/network-security-rule',
  '@cdktf/provider-azurerm/lib/public-ip',
  '@cdktf/provider-azurerm/lib/resource-group',
  '@cdktf/provider-azurerm/lib/role-assignment',
  '@cdktf/provider-azurerm/lib/user-assigned-identity',
  '@cdktf/provider-azurerm/lib/virtual-machine-data-disk-attachment',
  '@cdktf/provider-azurerm/lib/virtual-machine-run-command',
  '@cdktf/provider-azurerm/lib/virtual-network',
  '@cdktf/provider-helm/lib/provider',
  '@cdktf/provider-helm/lib/release',
  'js-yaml',
  'smol-toml',
];
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
    if (!path.startsWith(LIB)) {
      return undefined;
    }
    const code = readFileSync(path, 'utf8');
    const inlinedNames = [...code.matchAll(/^const (\w+) = require\("(?:@cdktf\/|js-yaml|semver|smol-toml)[^"]*"\);$/gm)].map(([, name]) => name);
    return {
      contents: inlinedNames.reduce((text, name) => text
        .replace(`const ${name} = require(`, `const ${name} = () => require(`)
        .replace(new RegExp(`\\bnew ${name}\\.(\\w+)`, 'g'), `new (${name}().$1)`)
        .replace(new RegExp(`\\b${name}\\.`, 'g'), `${name}().`), code),
    };
  }),
};

/** Leaves what no first program uses to files beside the bundle: V8 need not read them. Each is what one `require` of ours asks for. */
const apart = new Map();
const intoFilesOfTheirOwn = {
  name: 'into-files-of-their-own',
  setup: ({ onResolve }) => onResolve({ filter: /^[@\w]/ }, ({ path, importer }) => {
    if (!importer.startsWith(LIB) || isBuiltin(path) || USED_FIRST.includes(path) || path.split('/')[0] in peerDependencies) {
      return undefined;
    }
    const name = path.split('/').at(-1);
    if ((apart.get(name) ?? path) !== path) {
      throw new Error(`${apart.get(name)} and ${path} would be one file of lib/${ON_USE}`);
    }
    apart.set(name, path);
    return { path: `./${ON_USE}/${name}.js`, external: true };
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

const options = {
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
};
const external = Object.keys(peerDependencies);
rmSync(join('lib', ON_USE), { recursive: true, force: true });
const library = await build({
  ...options, entryPoints: ['lib/index.js'], outfile: 'lib/bundle.js', external, plugins: [texts, onUse, intoFilesOfTheirOwn], footer: { js: `${rename}\n${names}` },
});
const built = [library, ...await Promise.all([
  { entryPoints: Object.fromEntries([...apart].map(([name, path]) => [name, require.resolve(path)])), outdir: `lib/${ON_USE}`, external },
  { entryPoints: ['command/main.ts'], outfile: 'lib/command.js', plugins: [doctorScript], minifyIdentifiers: true },
].map((rest) => build({ ...options, ...rest })))];

for (const file of built.flatMap(({ metafile }) => Object.keys(metafile.outputs))) {
  writeFileSync(file, inLines(readFileSync(file, 'utf8')));
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
