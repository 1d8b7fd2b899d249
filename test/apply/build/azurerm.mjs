import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyModule, edit, moduleFolder } from './modules.mjs';
import { AZURERM_MODULE_VERSION, AZURERM_VERSION } from './versions.mjs';
import { goBuild } from '../../programs/go.mjs';

const MODULE = 'github.com/hashicorp/terraform-provider-azurerm';
const SDK = 'github.com/hashicorp/terraform-plugin-sdk/v2';
const SERVICES = [
  'applicationinsights', 'authorization', 'compute', 'consumption', 'containers', 'dataprotection', 'keyvault', 'loadbalancer', 'loganalytics', 'maintenance', 'managedidentity', 'monitor', 'network',
  'postgres', 'privatedns', 'resource', 'storage', 'subscription',
];

/** Of these services, the resources and data sources that the library, its examples and the tests' programs make, by the names in the provider's bindings. */
export function usedTypes(root) {
  const files = ['src', 'examples/typescript', 'test/apply'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(root, folder, name)));
  const names = files.filter((name) => name.endsWith('.ts')).flatMap((name) => [...readFileSync(name, 'utf8').matchAll(/provider-azurerm\/lib\/([a-z0-9-]+)/g)]).map(([, name]) => name);
  return [...new Set(names)].sort().filter((name) => name !== 'provider')
    .map((name) => (name.startsWith('data-azurerm-') ? name.replace('data-', 'data.') : `azurerm_${name}`).replaceAll('-', '_'));
}

/**
 * Builds the azurerm provider from its Go module with these services and types only. Which of them exist is all that is cut: every start and every
 * schema would be several times as long; no line of a resource changes. The waits of the plugin SDK's retry helper are divided by TF_WAIT_DIVISOR, if set.
 */
export function buildAzurerm(work, binary, types) {
  const sources = join(work, 'azurerm');
  rmSync(work, { recursive: true, force: true });
  copyModule(moduleFolder(MODULE, AZURERM_MODULE_VERSION), sources, ['main.go', 'go.mod', 'go.sum', 'internal', 'version', 'utils', 'helpers']);
  trim(sources);
  offer(sources, types);
  divideWaits(sources, join(work, 'sdk'));
  goBuild(sources, '.', binary, `-X ${MODULE}/version.ProviderVersion=${AZURERM_VERSION}`);
  rmSync(work, { recursive: true, force: true });
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

/** Leaves only these types in the services' lists, so that the linker drops the others. */
function offer(sources, types) {
  const offered = [];
  for (const service of SERVICES) {
    const folder = join(sources, 'internal/services', service);
    const files = readdirSync(folder).filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'));
    const typeOf = new Map(files.flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/\b(\w+)\) ResourceType\(\) string \{\n\treturn "(\w+)"/g)])
      .map(([, struct, type]) => [struct, type]));
    for (const name of files.filter((file) => /^registration(_gen)?\.go$/.test(file))) {
      edit(join(folder, name), (text) => withoutUnusedImports(text.replace(/^func \(\w+ \w+\) (\w+)\(\) .*\n[\s\S]*?^\}\n/gm, (lister, kind) => (
        lister.replace(/^\t\t(?:"(azurerm_\w+)": .*|(\w+)\{\}|[nN]ew\w+),\n/gm, (line, named, struct) => {
          const type = `${/DataSources$/.test(kind) ? 'data.' : ''}${named ?? typeOf.get(struct)}`;
          const kept = /^(Supported)?(DataSources|Resources)$/.test(kind) && types.includes(type);
          offered.push(...(kept ? [type] : []));
          return kept ? line : '';
        })))));
    }
  }
  if (offered.sort().join() !== [...types].sort().join()) {throw new Error(`azurerm has changed: of ${types.join()} it offers ${offered.join()}`);}
}

function withoutUnusedImports(text) {
  const [, imports] = /import \(\n([\s\S]*?)\n\)/.exec(text) ?? [, ''];
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
  const published = moduleFolder(SDK, version);
  copyModule(published, sdk, readdirSync(published));
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
