import { chmodSync, existsSync, readFileSync, writeFileSync } from 'fs';
import { delimiter, join } from 'path';
import { command } from '../../command/command';
import { emptyFolder } from '../command/program';

export const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
export const TENANT = '22222222-2222-2222-2222-222222222222';
export const LOCATION = 'koreacentral';

/** What the stand-in of `az` answers a call that has all of the texts, one after the other; an error is what the real one says about it. */
export interface Answer {
  readonly call: readonly string[];
  readonly answer?: unknown;
  readonly text?: string;
  readonly error?: string;
  /** What it says about the first such call, before it answers. */
  readonly firstError?: string;
}

const D_SIZES: readonly [string, number, string][] = [
  ['Standard_D2s_v5', 2, 'standardDSv5Family'], ['Standard_D4s_v5', 4, 'standardDSv5Family'], ['Standard_D4as_v5', 4, 'standardDASv5Family'],
];

export const usage = (value: string, limit: number, currentValue = 0) =>
  ({ unit: 'Count', currentValue, limit, name: { value, localizedValue: value === 'cores' ? 'Total Regional vCPUs' : value } });
export const sku = (name: string, vcpus: number, family: string, restrictions: unknown[] = []) => ({
  resourceType: 'virtualMachines', name, family, locations: [LOCATION], restrictions, locationInfo: [{ location: LOCATION, zones: ['1', '2', '3'] }],
  capabilities: [{ name: 'vCPUs', value: String(vcpus) }, { name: 'MemoryGB', value: String(vcpus * 4) }],
});
export const skus = (...changed: ReturnType<typeof sku>[]): Answer => ({
  call: ['Microsoft.Compute/skus'],
  answer: { value: [...changed, ...D_SIZES.filter(([name]) => !changed.some((other) => other.name === name)).map((size) => sku(...size))] },
});
export const usages = (...value: ReturnType<typeof usage>[]): Answer => ({ call: ['Microsoft.Compute', 'usages'], answer: { value } });
export const version = (minor: string, patches: string[], more: object = {}) => ({
  version: minor, capabilities: { supportPlan: ['KubernetesOfficial', 'AKSLongTermSupport'] }, patchVersions: Object.fromEntries(patches.map((patch) => [patch, { upgrades: [] }])), ...more,
});
export const versions = (...values: ReturnType<typeof version>[]): Answer => ({ call: ['kubernetesVersions'], answer: { values } });
export const failure = (status: string, code: string, message: string) => `ERROR: ${status}(${JSON.stringify({ error: { code, message } })})`;

/** A subscription that Azure has just made, and whose owner is signed in: 10 vCPU, nothing in it, no policy. */
const FIRST_DAY: readonly Answer[] = [
  { call: ['account show'], answer: { id: SUBSCRIPTION, name: 'Pay-As-You-Go', tenantId: TENANT, user: { name: 'ada@example.com' } } },
  { call: ['account get-access-token'], answer: 1_800_000_000 },
  usages(usage('cores', 10), usage('standardDSv5Family', 10), usage('standardDASv5Family', 10), usage('lowPriorityCores', 3)),
  { call: ['Microsoft.Network', 'usages'], answer: { value: [usage('PublicIPAddresses', 20), usage('StandardSkuPublicIpAddresses', 20), usage('NatGateways', 100), usage('PrivateEndpoints', 1000)] } },
  skus(),
  versions(version('1.35', ['1.35.3']), version('1.36', ['1.36.1', '1.36.2'])),
  { call: ['Microsoft.Authorization/permissions'], answer: { value: [{ actions: ['*'], notActions: [] }] } },
  { call: ['checkPolicyRestrictions'], answer: { fieldRestrictions: [], contentEvaluationResult: { policyEvaluations: [] } } },
  { call: ['checkNameAvailability'], answer: { nameAvailable: true } },
  { call: ['CheckDnsNameAvailability'], answer: { available: true } },
  { call: ['deletedVaults'], answer: { value: [] } },
  { call: [`/subscriptions/${SUBSCRIPTION}/resources `], answer: { value: [] } },
  {
    call: [`/subscriptions/${SUBSCRIPTION}/providers `],
    answer: {
      value: ['Authorization', 'Compute', 'ContainerService', 'DataProtection', 'KeyVault', 'Maintenance', 'ManagedIdentity', 'Network', 'OperationalInsights',
        'OperationsManagement', 'Resources', 'Storage', 'Insights'].map((name) => ({
        namespace: `Microsoft.${name}`, registrationState: ['Authorization', 'Resources'].includes(name) ? 'Registered' : 'NotRegistered',
      })),
    },
  },
  {
    call: [`--url /subscriptions/${SUBSCRIPTION} `],
    answer: { displayName: 'Pay-As-You-Go', state: 'Enabled', subscriptionPolicies: { quotaId: 'PayAsYouGo_2014-09-01', spendingLimit: 'Off' } },
  },
];

/** What a run came to. */
export interface Run {
  readonly code: number;
  readonly told: readonly string[];
  readonly complained: readonly string[];
  /** Arguments of each call of `az`. */
  readonly calls: readonly string[];
}

/** Runs preflight with an `az` that answers as in FIRST_DAY, but for what is given. */
export function preflight(folder: string, different: readonly Answer[] = [], ...args: string[]): Promise<Run> {
  return withAz(['preflight', folder, ...args], [...different, ...FIRST_DAY]);
}

/** Runs a command with an `az` that gives these answers. */
export async function withAz(args: readonly string[], answers: readonly Answer[]): Promise<Run> {
  const bin = standIn(answers);
  const [told, complained]: string[][] = [[], []];
  const { PATH, ARM_SUBSCRIPTION_ID } = process.env;
  process.env.PATH = [bin, PATH].join(delimiter);
  delete process.env.ARM_SUBSCRIPTION_ID;
  try {
    const code = await command(args, (line) => told.push(line), (line) => complained.push(line));
    const log = join(bin, 'calls');
    return { code, told, complained, calls: existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [] };
  } finally {
    Object.assign(process.env, { PATH }, ARM_SUBSCRIPTION_ID === undefined ? {} : { ARM_SUBSCRIPTION_ID });
  }
}

/** A script called az, in a folder of its own: the first answer that fits counts. */
function standIn(answers: readonly Answer[]): string {
  const bin = emptyFolder();
  const cases = answers.map(({ call, answer, text, error, firstError }, index) => {
    const file = join(bin, `answer-${index}`);
    writeFileSync(file, `${error ?? text ?? JSON.stringify(answer)}\n`);
    writeFileSync(`${file}-first`, `${firstError}\n`);
    const first = firstError === undefined ? '' : `if mkdir '${file}-asked' 2>/dev/null; then cat '${file}-first' >&2; exit 1; fi; `;
    return `*${call.map((part) => `'${part}'`).join('*')}*) ${first}${error === undefined ? `cat '${file}'` : `cat '${file}' >&2; exit 1`} ;;`;
  });
  const script = join(bin, 'az');
  writeFileSync(script, `#!/bin/sh\nprintf '%s\\n' "$*" >> '${join(bin, 'calls')}'\ncase "$*" in\n${cases.join('\n')}\n*) echo "ERROR: not in the stand-in: $*" >&2; exit 1 ;;\nesac\n`);
  chmodSync(script, 0o755);
  return bin;
}
