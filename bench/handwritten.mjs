// Writes the program somebody would write without this library: each resource of a synthesised stack by hand on the raw bindings.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const { resolve } = createRequire(import.meta.url);
const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const pascal = (name) => camel(`_${name}`);
const deepCamel = (value) => {
  if (Array.isArray(value)) {
    return value.map(deepCamel);
  }
  return value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, item]) => [camel(key), deepCamel(item)])) : value;
};
const code = (value) => JSON.stringify(value);
// keys inside these are the user's or Azure's own, not the provider's.
const VERBATIM = ['tags', 'node_labels', 'extension_json', 'values'];

/**
 * @param stack the folder of a synthesised stack.
 * @returns {string} a CommonJS program that synthesises the same resources, objects and files.
 */
export function handwritten(stack) {
  const terraformJson = JSON.parse(readFileSync(join(stack, 'cdk.tf.json'), 'utf8'));
  const assets = readdirSync(join(stack, 'assets')).flatMap((id) => readdirSync(join(stack, 'assets', id)).map((hash) => join(stack, 'assets', id, hash)));
  const charts = Object.values(terraformJson.resource.helm_release).map((release, i) => ({
    variable: `chart${i}`,
    file: `${release.name}.yaml`,
    local: release.values[0].match(/local\.(\w+)/)[1],
    objects: parseAllDocuments(readFileSync(join(stack, 'manifests', `${release.name}.yaml`), 'utf8')).map((document) => document.toJSON()),
  }));
  const imports = new Map();
  const use = (type, data) => {
    const provider = type.split('_')[0];
    const name = type.slice(provider.length + 1);
    const file = `@cdktf/provider-${provider}/lib/${data ? `data-${provider}-` : ''}${name.replaceAll('_', '-')}`;
    if (!existsSync(join(dirname(resolve(`@cdktf/provider-${provider}/package.json`)), file.split('/').slice(2).join('/')))) {
      throw new Error(`the bindings have no ${file}`);
    }
    const symbol = `${data ? `Data${pascal(provider)}` : ''}${pascal(name)}`;
    imports.set(`${symbol}_`, `const { ${symbol}: ${symbol}_ } = require(${code(resolve(file))});`);
    return `${symbol}_`;
  };
  const variables = new Map();
  const lines = [];
  // a hand-written program hands one resource's attribute to the next, as the library does.
  const expression = (value) => code(value).replace(/"\$\{((?:data\.)?\w+\.\w+)\.(\w+)\}"/g, (text, address, attribute) =>
    (variables.has(address) ? `${variables.get(address)}.${camel(attribute)}` : text));
  const emit = (block, data) => {
    const pending = Object.entries(block ?? {}).flatMap(([type, all]) => Object.entries(all).map(([id, config]) => ({ type, id, config })));
    const made = (address) => variables.has(address) || !pending.some(({ type, id }) => `${type}.${id}` === address);
    while (pending.length > 0) {
      // those first whose references are there already.
      const ready = pending.findIndex(({ config }) => [...code(config).matchAll(/\$\{(\w+\.\w+)\.\w+\}/g)].every(([, address]) => made(address)));
      const [{ type, id, config: { '//': _, depends_on: dependsOn, ...config } }] = pending.splice(Math.max(ready, 0), 1);
      const variable = `r${variables.size}`;
      variables.set(`${data ? 'data.' : ''}${type}.${id}`, variable);
      if (type === 'terraform_data') {
        const overrides = Object.entries(config).map(([key, value]) => `${variable}.addOverride(${code(key)}, ${expression(value)});`);
        lines.push(`const ${variable} = new TerraformResource(stack, ${code(id)}, { terraformResourceType: 'terraform_data' }); ${overrides.join(' ')}`);
        continue;
      }
      const args = Object.fromEntries(Object.entries(config).map(([key, value]) => [camel(key), VERBATIM.includes(key) ? value : deepCamel(value)]));
      lines.push(`const ${variable} = new ${use(type, data)}(stack, ${code(id)}, ${expression(args)});`);
      if (dependsOn) {
        lines.push(`${variable}.dependsOn = ${code(dependsOn)};`);
      }
    }
  };
  emit(terraformJson.data, true);
  const locals = Object.entries(terraformJson.locals ?? {}).map(([id, value]) =>
    `new TerraformLocal(stack, ${code(id)}, ${value.manifests ? `{ manifests: ${charts.find((chart) => chart.local === id).variable}.toJson() }` : expression(value)});`);
  emit(terraformJson.resource, false);
  const copies = assets.map((path, i) => `new TerraformAsset(stack, 'asset-${i}', { path: ${code(path)}, type: AssetType.DIRECTORY });`);
  const objects = charts.flatMap(({ variable, objects: all }) => [
    `const ${variable} = new Chart(new KubernetesApp(), '${variable}');`,
    ...all.map((object, i) => `new ApiObject(${variable}, 'object-${i}', ${code(object)});`),
  ]);
  const require_ = (name) => `require(${code(resolve(name))})`;
  return [
    `const { App, AssetType, TerraformAsset, TerraformLocal, TerraformOutput, TerraformResource, TerraformStack } = ${require_('cdktf')};`,
    `const { App: KubernetesApp, ApiObject, Chart, Yaml } = ${require_('cdk8s')};`,
    `const { AzurermProvider } = require(${code(resolve('@cdktf/provider-azurerm/lib/provider'))});`,
    `const { HelmProvider } = require(${code(resolve('@cdktf/provider-helm/lib/provider'))});`,
    ...imports.values(),
    'const app = new App();',
    "const stack = new TerraformStack(app, 'gitlab');",
    "new AzurermProvider(stack, 'azurerm', { features: [{}] });",
    "new HelmProvider(stack, 'helm', {});",
    ...objects,
    ...lines,
    ...locals,
    ...copies,
    ...Object.entries(terraformJson.output ?? {}).map(([id, { value }]) => `new TerraformOutput(stack, ${code(id)}, { value: ${code(value)} });`),
    'app.synth();',
    ...charts.map(({ variable, file }) => `Yaml.save('cdktf.out/stacks/gitlab/${file}', ${variable}.toJson());`),
  ].join('\n');
}
