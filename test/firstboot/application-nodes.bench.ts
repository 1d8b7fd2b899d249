// How many pages a second people get at a fixed latency, from one machine and from application nodes: what scales with them, and what does not. Only ratios
// mean anything. What comes out is the table of docs/scale.md.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Cluster } from './harness/cluster';
import { until } from './harness/lane';
import { Outside } from './harness/outside';
import { Postgresql } from './harness/postgresql';
import { publish, table } from '../cluster/harness/figures';
import { GitLabDatabase, GitLabEndpoint, GitLabVersion } from 'cdktf-azure-gitlab';

const PAGES = { 'pages of Rails alone': '/standin/page?puma=0.2', 'pages that wait for Gitaly': '/standin/page?puma=0.1&gitaly=0.05' };
/** Within which 19 of 20 pages have to come. */
const LATENCY_MILLISECONDS = 500;
/** How many people wait for a page at once: ever more, until the latency is missed. */
const PEOPLE = [2, 4, 6, 8, 10, 12, 16, 20, 24, 32];
const PAGES_OF_EACH = 15;

const server = new Cluster();
const postgresql = new Postgresql(server.azure.authority, 'gitlab-vm-identity');
const outside = new Outside(server.fabric, () => server.runnerVault.value('gitlab-ca-certificate')!);
const props = (count: number) => ({
  endpoint: GitLabEndpoint.https({ letsEncrypt: false }), objectStorage: {}, version: GitLabVersion.V19_2,
  database: GitLabDatabase.azurePostgresql({ serverName: 'acme-gitlab' }), applicationNodes: { count },
});
/** Pages a second, by what is asked for and the number of nodes. */
const rates = new Map(Object.keys(PAGES).map((what): [string, number[]] => [what, []]));

async function rateOf(path: string): Promise<number> {
  let best = 0;
  for (const people of PEOPLE) {
    const answers = await outside.load({ path }, { count: people * PAGES_OF_EACH, workers: people, restMilliseconds: 0 }).finished();
    assert.deepEqual(answers.filter(({ status }) => status !== 200), []);
    const waits = answers.map(({ begun, ended }) => ended - begun).sort((a, b) => a - b);
    if (waits[Math.ceil(waits.length * 0.95) - 1] > LATENCY_MILLISECONDS) {
      break;
    }
    const seconds = (Math.max(...answers.map(({ ended }) => ended)) - Math.min(...answers.map(({ begun }) => begun))) / 1000;
    best = Math.max(best, answers.length / seconds);
  }
  return best;
}

before(async () => {
  await server.begin(props(0));
  await postgresql.start('acme-gitlab.postgres.database.azure.com');
  postgresql.takeTokensOf(server.azure.metadata);
  server.disk.attach();
});
after(async () => {
  await postgresql.remove();
  const ratio = (list: number[], count: number) => (list[count] === undefined ? '' : `${(list[count] / list.find((one) => one !== undefined)!).toFixed(2)}`);
  publish(process.env.FIRSTBOOT_SCALE_PAGE, table(['', 'the machine alone', '1 node', '2 nodes'],
    [...rates].map(([what, list]) => [what, ...[0, 1, 2].map((count) => ratio(list, count))])));
});

for (const count of [0, 1, 2]) {
  test(`${count} nodes: pages a second within ${LATENCY_MILLISECONDS} ms`, async () => {
    await server.applied(props(count));
    await until('the machines serve', () => count === 0 || server.serving().length === count, 60);
    for (const [what, path] of Object.entries(PAGES)) {
      // a machine that is alone has its Gitaly on a socket.
      if (count > 0 || !path.includes('gitaly')) {
        rates.get(what)![count] = await rateOf(path);
        console.log(`${what}, ${count} nodes: ${rates.get(what)![count].toFixed(1)} pages a second`);
      }
    }
  });
}

test('the second node adds almost what the first one gave, until Gitaly is what is waited for', () => {
  const [pages, gitaly] = [...rates.values()];
  assert.ok(pages[2] / pages[1] > 1.6, `${pages}`);
  assert.ok(gitaly[2] / gitaly[1] < 1.2, `${gitaly}`);
});
