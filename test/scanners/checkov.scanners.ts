import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { Scan, scan } from './checkov';
import { Finding, notAccepted, notFound, tell } from './findings';
import { blocks, objects, STACKS } from './synthesised';

const NAME = 'Checkov';
const scans = new Map<string, Scan>();
const found = new Map<string, Finding[]>();

before(async () => {
  const results = await Promise.all(Object.entries(STACKS).map(async ([stack, folder]): Promise<[string, Scan]> => [stack, await scan(folder)]));
  for (const [stack, result] of results) {
    scans.set(stack, result);
    found.set(stack, result.findings);
  }
  tell(NAME, found);
});

/** All that a stack has, as Checkov would tell it. */
function contents(folder: string): string[] {
  return [
    ...(['resource', 'data'] as const).flatMap((kind) => blocks(folder, kind).map(({ type, name }) => `${kind} ${type}.${name}`)),
    ...objects(folder).map((object) => `object ${object}`),
  ].sort();
}

for (const [stack, folder] of Object.entries(STACKS)) {
  test(`Checkov reads every resource, data source and Kubernetes object of ${stack}`, () => {
    const { seen, complaints } = scans.get(stack)!;
    assert.equal(complaints, '');
    assert.deepEqual(seen, contents(folder));
  });

  test(`Checkov finds nothing in ${stack} but what is accepted`, () => {
    assert.deepEqual(notAccepted(NAME, stack, found.get(stack)!), []);
  });
}

test('each finding of Checkov that is accepted is still there', () => {
  assert.deepEqual(notFound(NAME, found), []);
});

/** Scans the complete example after a change of its JSON. */
async function changed(name: string, change: (json: any) => void): Promise<[Scan, string]> {
  const folder = join(process.env.SCANNERS_APP!, name);
  cpSync(STACKS.complete, folder, { recursive: true });
  const file = join(folder, 'cdk.tf.json');
  const json = JSON.parse(readFileSync(file, 'utf8'));
  change(json);
  writeFileSync(file, JSON.stringify(json, undefined, 2));
  return [await scan(folder), folder];
}

test('required_version in the JSON makes Checkov read nothing of it, so that the tests above say something', async () => {
  const [{ seen, complaints }, folder] = await changed('required-version', (json) => {
    json.terraform.required_version = '>= 1.5';
  });
  assert.match(complaints, /Failed to parse template: .*cdk\.tf\.json/);
  assert.deepEqual(seen, contents(folder).filter((line) => line.startsWith('object ')));
});

test('a weakness that Checkov knows is not accepted', async () => {
  const [{ findings }] = await changed('weak', (json) => {
    json.resource.azurerm_kubernetes_cluster.Cluster_EB0386A7.local_account_disabled = false;
  });
  assert.deepEqual(notAccepted(NAME, 'complete', findings), ['CKV_AZURE_141 azurerm_kubernetes_cluster Cluster: Ensure AKS local admin account is disabled']);
});
