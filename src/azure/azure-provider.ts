import { Lazy, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AzureCloud } from './azure-cloud';
import { CLOUDS, supportedCloud } from './place/cloud-hosts';
import { StackClouds } from './place/stack-clouds';
import { OTHER_NAMES_OF_PROVIDER } from './private/other-names';
import { resourceProvider, tagName, uuid } from './private/rules';
import { AzurermMajor, meanAzurerm } from './provider/azurerm-major';
import { requireVersions } from './provider/required-versions';
import { resourceProvidersOf } from './provider/resource-providers';
import { cleanManifestFiles } from '../private/manifest-folder';
import { list } from '../private/rules/collections';
import { Rules, takeProps } from '../private/rules/rule';
import { decided, knownText, oneOf, trueOrFalse, trueOrFalseSetting } from '../private/rules/scalars';
import { sharedScope } from '../private/shared-scope';

/** Properties of the azurerm provider. */
export interface AzureProviderProps {
  /**
   * The subscription to create everything in, a UUID.
   * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs
   * @default - the environment variable ARM_SUBSCRIPTION_ID at apply time
   */
  readonly subscriptionId?: string;

  /**
   * The Entra tenant to sign in to, a UUID.
   * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs
   * @default - the environment variable ARM_TENANT_ID, or the tenant that `az login` selected
   */
  readonly tenantId?: string;

  /**
   * The application (client) id to sign in with, a UUID.
   * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs
   * @default - the environment variable ARM_CLIENT_ID, or the user that `az login` signed in
   */
  readonly clientId?: string;

  /**
   * Whether to sign in with the OIDC token of a CI job, without a stored secret.
   * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/guides/service_principal_oidc
   * @default - the environment variable ARM_USE_OIDC, else false
   */
  readonly useOidc?: boolean;

  /**
   * The name that distinguishes this provider from the stack's others: letters, digits, `_` and `-`, a letter or `_` first. A provider with
   * an alias creates only resources whose construct names it as its `provider`; the one without creates all others.
   * @default - none: it is the stack's default provider
   */
  readonly alias?: string;

  /**
   * The cloud to work in. `AzureCloud.CHINA` is not supported.
   * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs
   * @default - the cloud of the constructs' regions; if only the apply knows those, the environment variable ARM_ENVIRONMENT
   */
  readonly cloud?: AzureCloud;

  /**
   * Additional resource providers to register in the subscription, such as `Microsoft.ContainerRegistry`.
   * @default - only those that this library needs
   */
  readonly resourceProvidersToRegister?: string[];

  /**
   * The major version of the azurerm provider, `4` or `5`, that all providers of the stack then require. Only what the two spell
   * differently needs it, such as private DNS zones.
   * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/guides/5.0-upgrade-guide
   * @default - whichever of the two Terraform installs: 4.81 or later, below 6
   */
  readonly azurermMajor?: number;

  /**
   * The names of up to 50 tags that an Azure Policy adds or changes, spelled as the policy does. Their values in Azure then stay, on all
   * that this provider makes, your own resources too; otherwise each apply removes them. The program's value for such a tag counts only
   * when a resource is created.
   * @see https://learn.microsoft.com/azure/governance/policy/tutorials/govern-tags
   * @default - none: tags are what the program says
   */
  readonly policyTags?: string[];

  /**
   * Whether settings stay that an Azure Policy enables: the Azure Policy, Defender and monitoring add-ons of clusters, the VM's
   * system-assigned identity, the DDoS protection plan of virtual networks and the route tables of their subnets. It holds for all that
   * this provider makes, your own resources too, and the program can then no longer disable them. If false, each apply disables what the
   * program does not enable.
   * @see https://learn.microsoft.com/azure/governance/policy/concepts/effect-basics
   * @default false
   */
  readonly policySettingsKept?: boolean;
}

const AZURE_PROVIDER: Rules<AzureProviderProps> = {
  subscriptionId: uuid(),
  tenantId: uuid(),
  clientId: uuid(),
  useOidc: trueOrFalseSetting(),
  alias: knownText('letters, digits, "_" and "-", a letter or "_" first', /^[A-Za-z_][\w-]{0,62}$/),
  cloud: supportedCloud(),
  resourceProvidersToRegister: list(resourceProvider(), { same: (name) => name.toLowerCase() }),
  azurermMajor: decided(oneOf([4, 5])),
  policyTags: list(tagName(), { most: 50, same: (name) => name.toLowerCase() }),
  policySettingsKept: trueOrFalse(),
};

/**
 * The `azurerm` provider with the settings that this library's resources need. A stack without an azurerm provider gets one automatically;
 * create one only to set the subscription or the sign-in.
 *
 * It registers the resource providers that an empty subscription lacks, never purges a deleted Key Vault, and does not use the data plane
 * of storage accounts, so that accounts without shared keys can be created. For a second subscription give another one with an `alias`, and hand it
 * to a server or a cluster as its `provider`.
 *
 * @see https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs
 * @example
 * new AzureProvider(stack, 'Azure', { subscriptionId: '00000000-0000-0000-0000-000000000001', useOidc: true });
 */
export class AzureProvider extends TerraformProvider {
  /** The subscription, if the program names one. */
  public readonly subscriptionId?: string;

  /** @internal */
  public readonly _policyTags: readonly string[];

  /** @internal */
  public readonly _policySettingsKept: boolean;

  private readonly settings: { readonly [argument: string]: unknown };
  private readonly furtherResourceProviders: readonly string[];
  private name?: string;

  constructor(scope: Construct, id: string, props: AzureProviderProps = {}) {
    sharedScope(scope);
    super(scope, id, {
      terraformResourceType: 'azurerm', terraformProviderSource: 'hashicorp/azurerm', terraformGeneratorMetadata: { providerName: 'azurerm' },
    });
    cleanManifestFiles(this);
    const {
      alias, resourceProvidersToRegister = [], cloud, azurermMajor, policyTags = [], policySettingsKept = false, ...signIn
    } = takeProps(this, 'props', props, AZURE_PROVIDER, undefined, OTHER_NAMES_OF_PROVIDER);
    requireVersions(this);
    if (azurermMajor !== undefined) {
      meanAzurerm(this, azurermMajor as AzurermMajor);
    }
    this.name = alias;
    this.furtherResourceProviders = resourceProvidersToRegister;
    this._policyTags = policyTags;
    this._policySettingsKept = policySettingsKept;
    this.subscriptionId = signIn.subscriptionId;
    this.settings = {
      subscription_id: signIn.subscriptionId,
      tenant_id: signIn.tenantId,
      client_id: signIn.clientId,
      use_oidc: signIn.useOidc,
      environment: CLOUDS.find((hosts) => hosts.cloud === cloud)?.environment
        ?? Lazy.stringValue({ produce: () => StackClouds.of(this).environment }),
      resource_provider_registrations: 'none',
      resource_providers_to_register: resourceProvidersToRegister,
      features: [{
        key_vault: [{ purge_soft_delete_on_destroy: false, recover_soft_deleted_key_vaults: true }],
        storage: [{ data_plane_available: false }],
      }],
    };
  }

  /** The name that tells this provider from the stack's others. */
  public get alias(): string | undefined {
    return this.name;
  }

  public set alias(value: string | undefined) {
    this.name = value;
  }

  protected synthesizeAttributes(): { [name: string]: any } {
    const { settings, furtherResourceProviders } = this;
    const registered = [...new Set([...resourceProvidersOf(this), ...furtherResourceProviders])].sort();
    return { ...settings, resource_providers_to_register: registered };
  }
}
