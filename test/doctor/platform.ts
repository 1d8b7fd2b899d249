import { App, TerraformStack } from 'cdktf';
import { AksCluster, AksPreset, KubernetesGitLabRunner, SelfHostedGitLab, SelfHostedGitLabProps } from '../../src';
import { synthesised } from '../command/program';
import { Answer, Run, SUBSCRIPTION, TENANT, withAz } from '../preflight/azure';
import { about } from '../preflight/questions';

/** What the server's clock says. */
export const NOW = 1_800_000_000;
export const HOUR = 3600;
export const DAY = 24 * HOUR;

export const platformWith = (props: Partial<SelfHostedGitLabProps>) => synthesised((app: App) => {
  const stack = new TerraformStack(app, 'gitlab');
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', backup: {}, ...props });
  const cluster = new AksCluster(stack, 'Cluster', { location: 'koreacentral', preset: AksPreset.SMALL, jobNodePool: { vmSize: 'Standard_D2s_v5' } });
  new KubernetesGitLabRunner(stack, 'Runner', { gitlab, cluster, tags: ['aks'] });
});
let made: string | undefined;
/** A whole platform, synthesised once. */
export const platform = () => made ??= platformWith({});

/** What the script tells of a server that has nothing, by the lines' first word. */
const HEALTHY: { readonly [word: string]: readonly string[] } = {
  disk: ['/ 40 38000 9', '/srv/gitlab 30 90000 4'],
  step: ['backup good', 'data-disk good', 'gitlab good', 'metadata good', 'runners good'],
  version: ['ce 19.4.1 19.4.1'],
  patch: ['weekly'],
  backup: [`inactive active ${NOW - 10 * HOUR} 19.4.1-ce`],
  ready: ['200'],
  certificate: [`served ${NOW + 25 * DAY}`, `file ${NOW + 25 * DAY}`],
  migrations: ['0 0'],
  waiting: ['0'],
  runner: [`gitlab-runner-9dcb8dd2 active ${NOW - 1200}`],
  updates: [`0 ${NOW - 3 * DAY}`],
};

/** The script's output, with other lines for some words. */
export function output(different: { readonly [word: string]: readonly string[] } = {}, healthy = HEALTHY): string {
  const lines = Object.entries({ ...healthy, ...different }).flatMap(([word, all]) => all.map((rest) => `${word} ${rest}`.trim()));
  return ['look 1', `now ${NOW}`, ...lines, 'end'].join('\n');
}

export const server = (text: string, name = ''): Answer => ({ call: ['vm run-command invoke', name], answer: { value: [{ code: 'ProvisioningState/succeeded', message: `Enable succeeded: \n[stdout]\n${text}\n\n[stderr]\n` }] } });
export const power = (state: string, name = 'gitlab-vm'): Answer => ({ call: [`virtualMachines/${name}/instanceView`], answer: { statuses: [{ code: 'ProvisioningState/succeeded' }, { code: `PowerState/${state}` }] } });
export const cluster = (properties: object = {}): Answer => ({
  call: ['managedClusters/gitlab-cluster'],
  answer: { properties: { powerState: { code: 'Running' }, provisioningState: 'Succeeded', currentKubernetesVersion: '1.36.2', ...properties } },
});
/** Nobody asks inside of a cluster that is stopped. */
export const STOPPED = cluster({ powerState: { code: 'Stopped' } });

const ACCOUNT: readonly Answer[] = [
  { call: ['account show'], answer: { id: SUBSCRIPTION, name: 'Pay-As-You-Go', tenantId: TENANT, user: { name: 'ada@example.com' } } },
];

export function doctor(answers: readonly Answer[], ...args: string[]): Promise<Run> {
  return look(platform(), [...answers, server(output()), power('running')], ...args);
}

export function look(folder: string, answers: readonly Answer[], ...args: string[]): Promise<Run> {
  return withAz(['doctor', folder, ...args], [...answers, ...ACCOUNT, cluster()]);
}

/** What the report says of a server whose script tells other lines, where it matches. */
export async function found(pattern: RegExp, different: Parameters<typeof output>[0]) {
  const { code, told } = await doctor([server(output(different)), STOPPED]);
  return { code, about: about(told.filter((line) => !/^ {13}(?!->)/.test(line)), pattern) };
}
