import { DAY, look, NOW, output, platformWith, power, server, STOPPED } from './platform';
import { NEEDED } from '../gitlab/application-nodes/served-by-nodes';
import { Answer } from '../preflight/azure';
import { about } from '../preflight/questions';

type Lines = { readonly [word: string]: readonly string[] };

let made: string | undefined;
const folder = () => made ??= platformWith({ ...NEEDED, applicationNodes: { count: 2 } });

/** What the script tells of a node that has nothing. */
const HEALTHY: Lines = {
  disk: ['/ 40 38000 9'], unmounted: ['/srv/gitlab', '/var/opt/gitlab', '/etc/gitlab'], step: ['metadata good', 'node good'], version: ['ce 19.4.1 19.4.1'], backup: ['none'],
  gate: ['19.4.1-ce'], ready: ['200'], certificate: [`served ${NOW + 25 * DAY}`, `file ${NOW + 25 * DAY}`], updates: [`0 ${NOW - 3 * DAY}`],
};
const node = (index: number, different: Lines = {}) => server(output(different, HEALTHY), `--name gitlab-vm-node-${index}`);
const gate = (release: string, different: Lines = {}) => server(output({ gate: [release], ...different }), '--name gitlab-vm ');

async function report(...answers: Answer[]) {
  const { code, told } = await look(folder(), [
    { call: ['flexibleServers/'], answer: { properties: { state: 'Ready', version: '17' } } }, ...answers, gate('19.4.1-ce'), node(1), node(2), power('running'), power('running', 'gitlab-vm-node-1'), power('running', 'gitlab-vm-node-2'), STOPPED,
  ]);
  const parts = told.join('\n').split('\n\n').map((part) => part.split('\n'));
  return {
    code, titles: parts.map(([title]) => title),
    of: (title: string) => about(parts.find(([first]) => first === `${title}:`)!.filter((line) => !/^ {13}(?!->)/.test(line)), /^ +(?:BROKEN|warning|NO ANSWER|unknown)/),
    lines: (title: string) => parts.find(([first]) => first === `${title}:`)!.slice(1),
  };
}

const SERVER = 'Server gitlab/GitLab';
const FIRST = 'Node gitlab/GitLab/ApplicationNode1';
const SECOND = 'Node gitlab/GitLab/ApplicationNode2';

test('a server among its nodes is found, and each is looked at for what it has', async () => {
  const { titles, of, lines } = await report();
  expect(titles.slice(1, -1)).toEqual([SERVER, FIRST, SECOND, 'Database gitlab/GitLab/Database', 'Cluster gitlab/Cluster'].map((title) => `${title}:`));
  expect([SERVER, FIRST, SECOND].flatMap(of)).toEqual([]);
  expect(lines(SECOND)).toEqual([
    '  ok         the node serves GitLab 19.4.1 (ce)',
    '  ok         set-up: all 2 steps went well',
    '  ok         OS disk: 40 % full, 37 GB free',
    '  ok         the certificate is good for 25 days',
    '  ok         security updates of Ubuntu: none is missing',
  ]);
});

test.each<[string, Lines, string]>([
  ['does not answer', { ready: ['503'] }, 'BROKEN the node is not ready (status 503) -> on this machine: systemctl restart gitlab-release.service; if that does not help:'
    + ' on this machine: gitlab-ctl status; tail -n 20 /var/log/gitlab/puma/current'],
  ['has an older release', { version: ['ce 19.4.0 19.4.1'], ready: ['502'] }, 'warning the node has GitLab 19.4.0-ce, and the server\'s own machine 19.4.1-ce -> if it lasts: on this machine: journalctl -u gitlab-node -n 30 --no-pager'],
  ['rests in an upgrade', { gate: ['upgrading 19.5-ce'], ready: ['502'] }, 'warning the node rests while the server\'s own machine is upgraded -> see what is said of the server'],
  ['does not reach Redis', { gate: ['none'] }, 'BROKEN the node does not reach Redis on the server\'s own machine -> see what is said of the server; then on this machine: journalctl -u gitlab-release -n 20 --no-pager'],
  ['was never set up', { gate: [], version: [], ready: ['000'] }, 'BROKEN GitLab has not been set up on this node -> apply'],
  ['has a step that failed', { step: ['node failed no token for identity 1; assign it'] },
    'BROKEN the set-up step node failed: no token for identity 1; assign it -> do what it says, then: terraform apply -replace=terraform_data.GitLab_ApplicationNode1_SetUp_NodeAttempt_DA8341E8'],
])('a node that %s', async (_, different, expected) => {
  const { code, of } = await report(node(1, different));
  expect({ code, first: of(FIRST), others: [SERVER, SECOND].flatMap(of) }).toEqual({ code: 1, first: [expected], others: [] });
});

test('a node at whose step the load balancer sends it nothing', async () => {
  const { of } = await report(node(1, { working: [''], ready: ['503'], step: ['node open'] }));
  expect(of(FIRST)).toEqual(['warning a set-up step, a patch or a backup is at work just now -> look again when it is done']);
});

test('a node that is off is no outage', async () => {
  const { of, lines } = await report(power('deallocated', 'gitlab-vm-node-2'));
  expect(of(SECOND)).toEqual(['warning the node is off (deallocated) -> az vm start --resource-group gitlab-rg --name gitlab-vm-node-2']);
  expect(lines(SECOND)).toHaveLength(3);
});

test('nodes that were told to rest, and nobody lets them work again', async () => {
  const { of } = await report(gate('upgrading 19.5-ce'));
  expect(of(SERVER)).toEqual(['BROKEN application nodes are told to rest, and no upgrade is at work -> give rerun another value and apply']);
  expect((await report(gate('upgrading 19.5-ce', { working: [''] }))).of(SERVER)).toEqual(['warning a set-up step, a patch or a backup is at work just now -> look again when it is done']);
});

test('a Redis that tells nodes nothing', async () => {
  expect((await report(gate('none'))).of(SERVER)).toEqual([
    'BROKEN Redis does not tell application nodes which release may be at work -> on this machine: gitlab-ctl status redis; if it runs, give rerun another value and apply',
  ]);
});
