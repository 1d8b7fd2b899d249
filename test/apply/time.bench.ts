import assert from 'node:assert/strict';
import { test } from 'node:test';
import { platform } from './harness/platform';
import { synthesise } from './harness/program';
import { World } from './harness/world';

/** How long Azure takes, in seconds; what is not here takes no time. */
const MACHINE = 60;
const BOOTSTRAP = 300;
const CLUSTER = 300;
/** By which factor Azure is faster here; Terraform itself is not. */
const FACTOR = Number(process.env.APPLY_FACTOR ?? 3);
/** What an apply may take beyond its longest single path. */
const LIMIT = 1.15;

const world = new World();

/** @returns how long an apply takes, in seconds */
async function applied(factor: number): Promise<number> {
  const azure = await world.azure();
  const seconds = (type: string, id: string) => ({
    'Microsoft.Compute/virtualMachines': azure.arm.find(id)?.properties.vmId ? 0 : MACHINE,
    'Microsoft.Compute/virtualMachines/runCommands': /\/gitlab-[^/]+$/.test(id) ? BOOTSTRAP : 0,
    'Microsoft.ContainerService/managedClusters': CLUSTER,
  })[type] ?? 0;
  azure.arm.latency = (type, _, id) => (seconds(type, id) * 1000) / factor;
  const workspace = world.workspace(azure).load(synthesise(platform()));
  await workspace.init();
  const start = Date.now();
  await workspace.applied();
  const taken = (Date.now() - start) / 1000;
  const long = azure.arm.log.filter((entry) => entry.end! - entry.start >= (MACHINE * 1000) / factor).map(({ path }) => path.split('/').at(-2));
  assert.ok(factor === Infinity || long.sort().join() === 'managedClusters,runCommands,virtualMachines', `${long} took long`);
  return taken;
}

test('apply time against its longest single path', async () => {
  const own = await applied(Infinity);
  const measured = await applied(FACTOR);
  const path = (MACHINE + BOOTSTRAP) / FACTOR;
  const ratio = measured / path;
  const sum = MACHINE + BOOTSTRAP + CLUSTER;
  console.log([
    `${ratio <= LIMIT ? 'ok    ' : 'MISSED'} apply against its longest single path: ${ratio.toFixed(2)}x (at most ${LIMIT}x); ${measured.toFixed(1)} s against ${path.toFixed(1)} s,`,
    `with Azure ${FACTOR} times as fast as it is: machine ${MACHINE} s, GitLab ${BOOTSTRAP} s, beside them the cluster, ${CLUSTER} s; one after the other ${(sum / path / FACTOR).toFixed(2)}x.`,
    `In it is what Terraform and providers take for themselves: ${own.toFixed(1)} s with an Azure that takes no time;`,
    `at Azure's own speed that would be ${((path * FACTOR + own) / (path * FACTOR)).toFixed(2)}x.`,
  ].join('\n       '));
  assert.ok(ratio <= LIMIT, `${ratio.toFixed(2)}x`);
});
