import { requireVersion } from './require-version';
import { InputError } from '../command/input-error';
import { Az } from '../preflight/az';
import { AzureError } from '../preflight/az-errors';
import { signedIn } from '../preflight/preflight';

const OLDEST_AZ = [2, 50] as const;

/** Who verifies, where, and with which Azure CLI. */
export interface Account {
  readonly subscriptionId: string;
  readonly subscriptionName: string;
  readonly tenantId: string;
  readonly user: string;
  /** The object id of the one who is signed in. */
  readonly objectId: string;
  readonly azVersion: string;
}

export async function accountOf(az: Az, subscription: string | undefined): Promise<Account> {
  const { tenantId: ownTenant, user, ...own } = await signedIn(az);
  const version = (await az.command('version'))['azure-cli'] ?? '0';
  requireVersion('az', version, OLDEST_AZ);
  const wanted = subscription ?? (process.env.ARM_SUBSCRIPTION_ID || own.id);
  const { id, name, tenantId } = wanted === own.id ? { ...own, tenantId: ownTenant } : await found(az, wanted);
  return { subscriptionId: id, subscriptionName: name, tenantId, user: user.name, objectId: await objectIdOf(az, tenantId), azVersion: version };
}

async function found(az: Az, subscription: string): Promise<{ id: string; name: string; tenantId: string }> {
  try {
    return await az.command('account', 'show', '--subscription', subscription);
  } catch (error) {
    throw error instanceof AzureError ? new InputError(`--subscription: ${subscription} is none that you are signed in to; az account list tells which there are`) : error;
  }
}

/** Entra says in each token whom it is of: also where that is no person. */
async function objectIdOf(az: Az, tenantId: string): Promise<string> {
  const token = await az.accessToken('https://management.azure.com/', tenantId);
  try {
    return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()).oid;
  } catch {
    throw new InputError('az account get-access-token: its token does not say who is signed in; run az login again');
  }
}
