import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AZURERM_MODULE_VERSION, AZURERM_VERSION } from './versions.mjs';

const MODULE = 'github.com/hashicorp/terraform-provider-azurerm';
const SDK = 'github.com/hashicorp/terraform-plugin-sdk/v2';
const SERVICES = [
  'authorization', 'compute', 'containers', 'dataprotection', 'keyvault', 'loganalytics', 'managedidentity', 'monitor', 'network', 'privatedns', 'resource',
  'storage',
];

/**
 * Builds the azurerm provider from its Go module with the services in SERVICES only. Which services exist is all that is cut;
 * no line of a resource changes. The waits of the plugin SDK's retry helper are divided by TF_WAIT_DIVISOR, if set.
 */
export function buildAzurerm(work, binary) {
  const sources = join(work, 'azurerm');
  rmSync(work, { recursive: true, force: true });
  const published = moduleFolder(MODULE, AZURERM_MODULE_VERSION);
  ['main.go', 'go.mod', 'go.sum', 'internal', 'version', 'utils', 'helpers'].forEach((part) => copy(join(published, part), join(sources, part)));
  trim(sources);
  divideWaits(sources, join(work, 'sdk'));
  execFileSync('go', [
    'build', '-p', '2', '-trimpath', '-ldflags', `-s -w -X ${MODULE}/version.ProviderVersion=${AZURERM_VERSION}`, '-o', binary, '.',
  ], { cwd: sources, env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod -buildvcs=false' }, stdio: ['ignore', 'ignore', 'inherit'] });
  rmSync(work, { recursive: true, force: true });
}

function moduleFolder(name, version) {
  return JSON.parse(execFileSync('go', ['mod', 'download', '-json', `${name}@${version}`], { encoding: 'utf8' })).Dir;
}

function copy(from, to) {
  cpSync(from, to, { recursive: true });
  // the module cache is read-only, and so are its copies
  execFileSync('chmod', ['-R', 'u+w', to]);
}

function edit(path, change) {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

function trim(sources) {
  const kept = (name) => SERVICES.some((service) => name === service || name.startsWith(`${service}/`));
  for (const file of ['services.go', 'services_gen.go']) {
    edit(join(sources, 'internal/provider', file), (text) => {
      const aliases = new Map([...text.matchAll(/^\t(?:(\w+) )?"[^"]+\/internal\/services\/([^"]+)"$/gm)].map(([, alias, path]) => [alias ?? path, path]));
      return text
        .replace(/^\t(?:\w+ )?"[^"]+\/internal\/services\/([^"]+)"\n/gm, (line, path) => (kept(path) ? line : ''))
        .replace(/^\t+(\w+)\.Registration\{\},\n/gm, (line, alias) => (kept(aliases.get(alias) ?? alias) ? line : ''));
    });
  }
  const used = usedClients(sources);
  for (const file of ['client.go', 'client_gen.go']) {
    edit(join(sources, 'internal/clients', file), (text) => withoutUnusedImports(text
      .replace(/^\t(\w+) +\*\w+\.\w+\n/gm, (line, field) => (used.has(field) ? line : ''))
      .replace(/^\tif client\.(\w+), err = .*\n.*\n\t\}\n/gm, (block, field) => (used.has(field) ? block : ''))
      .replace(/^\tclient\.(\w+) = \w+\.NewClient\(o\)\n/gm, (line, field) => (used.has(field) ? line : ''))));
  }
}

function withoutUnusedImports(text) {
  const [, imports] = /import \(\n([\s\S]*?)\n\)/.exec(text);
  const body = text.replace(imports, '');
  const needed = imports.split('\n').filter((line) => {
    const [, alias, path] = /^\t(?:(\w+) )?"([^"]+)"/.exec(line) ?? [];
    return !path || new RegExp(`\\b${alias ?? path.split('/').pop()}\\.`).test(body);
  });
  return text.replace(imports, needed.join('\n'));
}

/** The fields of clients.Client that the code reached from internal/provider names. */
function usedClients(sources) {
  const used = new Set(['Account', 'Features', 'Preflight']);
  const seen = new Set();
  const visit = (folder) => {
    if (seen.has(folder) || folder === 'internal/clients' || !existsSync(join(sources, folder))) {return;}
    seen.add(folder);
    for (const name of readdirSync(join(sources, folder)).filter((entry) => entry.endsWith('.go') && !entry.endsWith('_test.go'))) {
      const text = readFileSync(join(sources, folder, name), 'utf8');
      for (const [, path] of text.matchAll(/"github\.com\/hashicorp\/terraform-provider-azurerm\/([^"]+)"/g)) {visit(path);}
      for (const [, field] of text.matchAll(/(?:Client\)?|\bclient|\bmeta|\bm|\.Client)\.([A-Z]\w+)/g)) {used.add(field);}
    }
  };
  visit('internal/provider');
  visit('internal/provider/framework');
  return used;
}

/** One call in the plugin SDK's retry helper, whose fixed waits for Azure's slowness cost two minutes an apply and mean nothing here. */
function divideWaits(sources, sdk) {
  const [, version] = new RegExp(`${SDK} (v[\\d.]+)`).exec(readFileSync(join(sources, 'go.mod'), 'utf8'));
  copy(moduleFolder(SDK, version), sdk);
  const retry = join(sdk, 'helper/retry');
  edit(join(retry, 'state.go'), (text) => {
    const start = 'log.Printf("[DEBUG] Waiting for state to become: %s", conf.Target)\n';
    if (!text.includes(start)) {throw new Error('terraform-plugin-sdk: helper/retry/state.go has changed');}
    return text.replace(start, `${start}\tconf = divided(conf)\n`).replace('wait > 10*time.Second', 'wait > 10*time.Second/divisor()')
      .replace('wait = 10 * time.Second', 'wait = 10 * time.Second / divisor()');
  });
  writeFileSync(join(retry, 'divisor.go'), `package retry

import (
	"os"
	"strconv"
	"time"
)

func divisor() time.Duration {
	if n, err := strconv.Atoi(os.Getenv("TF_WAIT_DIVISOR")); err == nil && n > 0 {
		return time.Duration(n)
	}
	return 1
}

func divided(conf *StateChangeConf) *StateChangeConf {
	c := *conf
	c.Delay, c.MinTimeout, c.PollInterval = c.Delay/divisor(), c.MinTimeout/divisor(), c.PollInterval/divisor()
	return &c
}
`);
  execFileSync('go', ['mod', 'edit', '-replace', `${SDK}=${sdk}`], { cwd: sources });
}
