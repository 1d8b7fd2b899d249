// A cache on Azure Blob: the manager signs for each job what it may read and write, with its managed identity. No key is anywhere, and jobs have no identity.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Job, log } from './gitlab/gitlab';
import { Azure } from './harness/azure';
import { Manager, Platform } from './harness/platform';
import { RunnerCache } from 'cdktf-azure-gitlab';

const NAME = 'cached';
const CONTAINER = 'runner-cache';
const platform = new Platform({ policies: true });
const azure = new Azure(platform.cluster);
let manager: Manager;

before(async () => {
  await platform.start();
  await azure.start();
  await azure.trustedIn(NAME);
  manager = await platform.install(NAME, { cache: RunnerCache.azureBlob() });
  azure.apply(manager.resources);
});
after(async () => {
  azure.stop();
  await platform.stop();
});

async function run(script: string[], key = 'k'): Promise<Job> {
  const job = platform.gitlab.queue(manager.token, { script, cache: [{ key, paths: ['kept'], policy: 'pull-push', when: 'on_success', untracked: false }] });
  assert.equal(await platform.finished(job), 'success', log(job));
  return job;
}

test('what a job keeps is there for the next one', async () => {
  const first = await run(['mkdir -p kept', 'echo "of the first job" > kept/file']);
  assert.equal(azure.blobs.list(CONTAINER).length, 1, `${log(first)}\n${await platform.log(manager)}`);
  const second = await run(['cat kept/file']);
  assert.match(log(second), /^of the first job$/m);
});

test('a job has no identity and nothing that opens another blob than its own', async () => {
  const job = await run(['env | grep -E "^AZURE|SAS" || echo "no identity"', 'mkdir -p kept', 'echo 2 > kept/file'], 'other');
  assert.match(log(job), /^no identity$/m);
  assert.equal(azure.blobs.list(CONTAINER).length, 2);
  assert.deepEqual(azure.signed.filter((line) => line.endsWith('refused') && !line.startsWith('HEAD')), []);
});

test('without the role, or an identity that Entra ID trusts, nothing is kept and jobs go on', async () => {
  const kept = azure.blobs.list(CONTAINER);
  for (const [of, with_] of [[() => azure.contributors.clear(), /AuthorizationPermissionMismatch/], [() => azure.federated.clear(), /AADSTS700213/]] as const) {
    of();
    const job = await run(['test -e kept/file || echo "nothing kept"'], 'k');
    assert.match(log(job), /^nothing kept$/m);
    assert.match(await platform.log(manager), with_);
  }
  assert.deepEqual(azure.blobs.list(CONTAINER), kept);
});
