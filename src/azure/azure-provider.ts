import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { Construct } from 'constructs';
import { requireVersions } from './private/required-versions';
import { RESOURCE_PROVIDERS } from './private/resource-providers';
import { resourceProvider, uuid } from './private/rules';
import { cleanManifestFiles } from '../private/manifest-folder';
import { list } from '../private/rules/collections';
import { Rules, takeProps } from '../private/rules/rule';
import { trueOrFalseSetting } from '../private/rules/scalars';

/** Which subscription Terraform works in, and as whom. */
export interface AzureProviderProps {
  /**
   * The subscription everything is created in, a UUID; anything else is refused.
   * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs#subscription_id-1
   * @default - the environment variable ARM_SUBSCRIPTION_ID at apply time
   */
  readonly subscriptionId?: string;

  /**
   * The Entra tenant to sign in to, a UUID; anything else is refused.
   * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs#tenant_id-1
   * @default - the environment variable ARM_TENANT_ID, or the tenant that `az login` chose
   */
  readonly tenantId?: string;

  /**
   * The application (client) id to sign in with, a UUID; anything else is refused.
   * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs#client_id-1
   * @default - the environment variable ARM_CLIENT_ID, or the user that `az login` signed in
   */
  readonly clientId?: string;

  /**
   * Sign in with the OIDC token of a CI job, without a stored secret.
   * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/guides/service_principal_oidc
   * @default - the environment variable ARM_USE_OIDC, else no
   */
  readonly useOidc?: boolean;

  /**
   * Further resource providers to register in the subscription, such as `Microsoft.ContainerRegistry`; anything but such a name, and the
   * same one twice, is refused.
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/azure-services-resource-providers
   * @default - only those that this library needs
   */
  readonly resourceProvidersToRegister?: string[];
}

const AZURE_PROVIDER: Rules<AzureProviderProps> = {
  subscriptionId: uuid(),
  tenantId: uuid(),
  clientId: uuid(),
  useOidc: trueOrFalseSetting(),
  resourceProvidersToRegister: list(resourceProvider(), { same: (name) => name.toLowerCase() }),
};

/**
 * The `azurerm` provider with the settings this library's resources need. Every stack without an azurerm provider gets one
 * by itself; make one only to name the subscription or the sign-in.
 *
 * It registers the resource providers an empty subscription lacks, never purges a deleted Key Vault, and leaves the
 * data plane of storage accounts alone, so that accounts without shared keys can be created.
 *
 * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs
 */
export class AzureProvider extends Construct {
  constructor(scope: Construct, id: string, props: AzureProviderProps = {}) {
    super(scope, id);
    cleanManifestFiles(this);
    const { resourceProvidersToRegister = [], ...signIn } = takeProps(this, 'props', props, AZURE_PROVIDER);
    requireVersions(this);

    new AzurermProvider(this, 'Resource', {
      ...signIn,
      resourceProviderRegistrations: 'none',
      resourceProvidersToRegister: [...new Set([...RESOURCE_PROVIDERS, ...resourceProvidersToRegister])].sort(),
      features: [{
        keyVault: [{ purgeSoftDeleteOnDestroy: false, recoverSoftDeletedKeyVaults: true }],
        storage: [{ dataPlaneAvailable: false }],
      }],
    });
  }
}
