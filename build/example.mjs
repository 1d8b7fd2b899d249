// Synthesises one example as a user would run it, and tells what came out: node build/example.mjs <name>
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';

const name = process.argv[2] ?? 'complete';
const folder = join('examples', 'typescript', name);
const out = join(folder, 'cdktf.out');
rmSync(out, { recursive: true, force: true });
execFileSync('node', ['--require', 'ts-node/register/transpile-only', 'main.ts'], {
  cwd: folder, stdio: 'inherit', env: { ...process.env, TS_NODE_PROJECT: join(process.cwd(), 'tsconfig.dev.json') },
});

const count = (names) => [...names.reduce((kinds, kind) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1), new Map())]
  .sort(([a], [b]) => a.localeCompare(b)).map(([kind, n]) => (n > 1 ? `${n} ${kind}` : kind));
const wrap = (words) => words.join(', ').replace(/(.{1,96})(?:, |$)/g, '    $1\n').trimEnd();
const files = (dir) => (existsSync(dir) ? readdirSync(dir, { recursive: true }).map((file) => join(dir, String(file))) : []);

const { stacks } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
for (const stack of Object.values(stacks)) {
  const path = join(out, stack.synthesizedStackPath);
  const json = JSON.parse(readFileSync(path, 'utf8'));
  const resources = Object.entries(json.resource ?? {}).flatMap(([type, all]) => Object.keys(all).map(() => type));
  const yaml = files(join(out, stack.workingDirectory)).filter((file) => file.endsWith('.yaml') && file.includes('/manifests/'));
  const objects = yaml.flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8')).map((doc) => doc.get('kind')));
  console.log(`\nStack ${stack.name}: ${relative('.', path)}`);
  console.log(`  ${resources.length} Terraform resources:\n${wrap(count(resources))}`);
  for (const file of yaml) {
    console.log(`  Kubernetes manifests: ${relative('.', file)}`);
  }
  if (objects.length > 0) {
    console.log(`  ${objects.length} Kubernetes objects:\n${wrap(count(objects))}`);
  }
}
console.log('');
execFileSync('node', ['lib/command.js', 'preflight', out, '--offline'], { stdio: 'inherit' });
const [first] = Object.values(stacks);
console.log(`\nNext, with an Azure subscription and \`az login\`:
  export ARM_SUBSCRIPTION_ID=$(az account show --query id --output tsv)
  node lib/command.js preflight ${relative('.', out)}        # does the subscription take it?
  cd ${relative('.', join(out, first.workingDirectory))}
  terraform init && terraform apply        # or: tofu init && tofu apply`);
