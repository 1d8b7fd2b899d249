import { Az } from '../az';
import { AzureError, SIGN_IN } from '../az-errors';
import { Found, State } from '../finding';
import { answered, Check } from '../question';
import { AzureResource, providerOf } from '../resources';

/** The application of all AKS clusters' sign-in. */
export const AKS = '6dae42f8-4368-4678-94ff-3960e28e3630';
const RESOURCE_MANAGER = 'https://management.azure.com/';

/** A token for Resource Manager is there: all other checks have used it. */
export const TOKEN: Check = {
  name: 'sign-in',
  async run({ azure, resources, tenantId, cloud }) {
    const elsewhere = otherCloud(resources, cloud);
    if (elsewhere) {
      return [elsewhere];
    }
    const has = (type: string) => resources.some((resource) => resource.type === type);
    const released = resources.some(({ stack }) => stack.json.resource?.helm_release);
    const wanted: [string, string, State][] = [
      ...has('azurerm_kubernetes_cluster') && released ? [['AKS, which the apply delivers manifests with', AKS, 'refused'] as [string, string, State]] : [],
      ...has('azurerm_key_vault') ? [['Key Vault, which the first password is read with', vaultAudience(resources), 'warning'] as [string, string, State]] : [],
    ];
    const found = await Promise.all(wanted.map(([what, resource, state]) => answered(`a token for ${what}`, async (): Promise<Found[]> => {
      try {
        await azure.az.token(resource, tenantId);
        return [{ state: 'ok', what: `a token for ${what}` }];
      } catch (error) {
        // what is between here and Entra has refused nothing.
        if (!(error instanceof AzureError && error.code === SIGN_IN)) {
          throw error;
        }
        const [reason, remedy] = error.message.split('; ');
        return [{ state, what: `no token for ${what}: ${reason}`, remedy }];
      }
    })));
    return [...await withoutSecondFactor(azure.az, resources, tenantId), ...found.flat()];
  },
};

/** Since October 2025 Azure's public cloud makes and changes nothing for people who have signed in with a password alone. */
async function withoutSecondFactor(az: Az, resources: readonly AzureResource[], tenantId: string): Promise<Found[]> {
  const claims = isOfGovernment(resources) ? {} : claimsOf(await az.accessToken(RESOURCE_MANAGER, tenantId).catch(() => undefined));
  return claims.idtyp !== 'user' || !Array.isArray(claims.amr) || claims.amr.includes('mfa') ? [] : [{
    state: 'warning',
    what: `${claims.upn ?? claims.unique_name ?? 'whoever is signed in'} has given no second factor, without which Azure lets nobody make or change anything`,
    remedy: 'az logout, and az login with it; a pipeline has an identity of its own, for which Azure asks for none',
  }];
}

/** What a token says in its middle part. */
function claimsOf(token: string | undefined): any {
  try {
    return JSON.parse(Buffer.from(token!.split('.')[1], 'base64url').toString());
  } catch {
    // a token may be of any form.
    return {};
  }
}

/** Who a token for Key Vault is for, which each cloud calls otherwise. */
function vaultAudience(resources: readonly AzureResource[]): string {
  const vault = resources.find(({ type }) => type === 'azurerm_key_vault')!;
  return providerOf(vault).environment === 'usgovernment' ? 'https://vault.usgovcloudapi.net' : 'https://vault.azure.net';
}

/** Signed in to another cloud, all that `az` answers is about that one. */
function otherCloud(resources: readonly AzureResource[], cloud: string | undefined): Found | undefined {
  const wanted = isOfGovernment(resources) ? 'AzureUSGovernment' : 'AzureCloud';
  return resources.length === 0 || cloud === undefined || cloud === wanted ? undefined : {
    state: 'refused', what: `az works in ${cloud}, and the program in ${wanted}`, remedy: `az cloud set --name ${wanted}, then az login`,
  };
}

function isOfGovernment(resources: readonly AzureResource[]): boolean {
  return resources.some((resource) => (providerOf(resource).environment ?? process.env.ARM_ENVIRONMENT) === 'usgovernment');
}
