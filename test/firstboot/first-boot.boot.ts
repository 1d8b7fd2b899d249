import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Server } from './harness/server';

const PROPS = { runners: { aks: { tags: ['aks'], description: 'AKS "one" #{1}' } } };
const server = new Server();
before(() => server.begin(PROPS));

test('the first boot ends with a GitLab that answers', async () => {
  server.disk.attach();
  const results = await server.applied(PROPS);
  results.forEach((r) => console.log(r.output, r.errors));
  assert.ok(await server.isReady());
});
