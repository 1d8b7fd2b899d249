import { parseArgs } from 'util';
import { Az } from './az';
import { AzureError } from './az-errors';
import { FEATURES } from './checks/features';
import { LOCKS } from './checks/locks';
import { NAMES } from './checks/names';
import { NETWORK_QUOTA } from './checks/network-quota';
import { OFFER } from './checks/offer';
import { POLICY } from './checks/policy';
import { PROVIDERS } from './checks/providers';
import { QUOTA } from './checks/quota';
import { RIGHTS_ELSEWHERE } from './checks/rights-elsewhere';
import { ROLES } from './checks/roles';
import { SIZES } from './checks/sizes';
import { SUBNETS } from './checks/subnets';
import { TOKEN } from './checks/token';
import { VERSIONS } from './checks/versions';
import { exitCode, Finding } from './finding';
import { machinesOf } from './machines';
import { monthOf } from './month';
import { quantities } from './quantities';
import { Azure, Check } from './question';
import { monthLines, needs, report } from './report';
import { azureResources, providerOf } from './resources';
import type { Command, Tell } from '../command/command';
import { folderOf } from '../command/folder';
import { InputError } from '../command/input-error';
import { readStacks } from '../command/stacks';

const CHECKS: readonly Check[] = [
  OFFER, QUOTA, NETWORK_QUOTA, SIZES, FEATURES, VERSIONS, PROVIDERS, ROLES, RIGHTS_ELSEWHERE, SUBNETS, POLICY, LOCKS, NAMES, TOKEN,
];

/** What stands for a subscription that only the apply knows. */
const UNKNOWN = 'known to the apply alone';

/** Asks Azure whether it will take what a program makes, before the apply finds out half-way through. */
export const PREFLIGHT: Command = {
  what: 'asks Azure whether it will take what a program makes, before an apply does',
  wrongCall: 2,
  usage: (program) => `Usage: ${program} preflight [FOLDER] [--offline] [--json]

Asks Azure whether it will take what a synthesised program makes: offer, quotas, VM sizes, features, Kubernetes versions, resource
providers, your roles here and on what others made, their subnets, policies, locks, names, and your sign-in. It asks through az, as whoever is
signed in there, and changes and writes nothing.

  FOLDER     what the program was synthesised into; by default cdktf.out
  --offline  only add up what the program asks for, and what a month of it comes to
  --json     for programs to read

Exit code: 0 if nothing is in the way, 1 if something is refused, 2 if a question has no answer or nothing could be asked`,

  async run(args, tell) {
    const { positionals, values } = parseArgs({
      args: [...args], allowPositionals: true, options: { offline: { type: 'boolean' }, json: { type: 'boolean' } },
    });
    return preflight(folderOf(positionals), values, tell);
  },
};

async function preflight(folder: string, { offline = false, json = false }: { offline?: boolean; json?: boolean }, tell: Tell): Promise<number> {
  const stacks = readStacks(folder);
  const unplaced = azureResources(stacks, undefined);
  if (unplaced.length === 0) {
    throw new InputError(`${folder}: nothing in it is made in Azure; give the folder of a program that has resources of azurerm`);
  }
  const amounts = quantities(unplaced, machinesOf(unplaced));
  const month = monthOf(unplaced, machinesOf(unplaced));
  const told = json ? () => undefined : tell;
  if (amounts.length > 0) {
    ['The program asks for:', ...needs(amounts), '', 'A month of it comes to:', ...monthLines(month)].forEach((line) => told(line));
  }
  if (offline) {
    if (json) {
      tell(JSON.stringify({ needs: amounts, month }, null, 2));
    }
    return 0;
  }
  const az = new Az(process.env);
  const account = await signedIn(az);
  // az calls the tenant by its id where somebody has signed in to no subscription.
  const ofAccount = account.id === account.tenantId ? undefined : account.id;
  const resources = azureResources(stacks, process.env.ARM_SUBSCRIPTION_ID || ofAccount);
  if (ofAccount === undefined && resources.some((one) => one.subscriptionId === undefined && providerOf(one).subscription_id === undefined)) {
    throw new InputError(`az: ${account.user.name} has no subscription in the tenant ${account.tenantId}; ask for a role on one, sign in to another tenant `
      + 'by az login --tenant TENANT, or set ARM_SUBSCRIPTION_ID');
  }
  told('');
  const [subscription, ...others] = subscriptionsOf(resources);
  told(`Azure, as ${account.user.name}, tenant ${account.tenantId}${subscription && others.length === 0 ? `, subscription ${subscription}` : ''}:`);
  const question = { azure: new Azure(az), program: resources, tenantId: account.tenantId, cloud: account.environmentName };
  const checked = await Promise.all(subscriptionsOf(resources).map(async (subscriptionId, _, { length }) => {
    const within = resources.filter((resource) => resource.subscriptionId === subscriptionId);
    const about = { ...question, resources: within, machines: machinesOf(within) };
    const found = await Promise.all(CHECKS.map(async ({ name, run }) => (await run(about)).map((one): Finding => ({ check: name, ...one }))));
    return found.flat().map((finding) => (length > 1 ? { ...finding, subscriptionId: subscriptionId ?? UNKNOWN } : finding));
  }));
  const findings = [...checked.flat(), ...unknownSubscriptions(resources)];
  if (json) {
    tell(JSON.stringify({ needs: amounts, month, findings }, null, 2));
  } else {
    report(findings).forEach((line) => tell(line));
  }
  return exitCode(findings);
}

/** Who asks, and where. */
export async function signedIn(az: Az) {
  try {
    const account = await az.account();
    await az.renewSignIn();
    return account;
  } catch (error) {
    throw error instanceof AzureError ? new InputError([error.message, ...error.remedy ? [error.remedy] : []].join('; ')) : error;
  }
}

/** Each once, in the order of the program; undefined for those that only the apply knows. */
function subscriptionsOf(resources: ReturnType<typeof azureResources>): (string | undefined)[] {
  const all = [...new Set(resources.map(({ subscriptionId }) => subscriptionId))];
  return all.length > 0 ? all : [undefined];
}

/** Resources of providers whose subscription only the apply knows are asked about nowhere. */
function unknownSubscriptions(resources: ReturnType<typeof azureResources>): Finding[] {
  const unknown = resources.filter(({ subscriptionId }) => subscriptionId === undefined);
  return [...new Set(unknown.map((one) => String(providerOf(one).subscription_id)))].map((subscription) => ({
    check: 'subscription', state: 'unknown', what: `${unknown.length} resources: only the apply knows their subscription, ${subscription}`,
  }));
}
