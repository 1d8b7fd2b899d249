import { createHash } from 'crypto';
import { DataAzurermClientConfig } from '@cdktf/provider-azurerm/lib/data-azurerm-client-config';
import { Aspects, Fn, IAspect, TerraformLocal, TerraformProvider, TerraformResource, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { requireVersions } from './required-versions';
import { RESOURCE_PROVIDERS } from './resource-providers';
import { StackClouds } from './stack-clouds';
import { UniqueNames } from './unique-names';
import { cleanManifestFiles } from '../../private/manifest-folder';
import { remembered } from '../../private/memory';
import { sharedScope } from '../../private/shared-scope';
import { ValidationError } from '../../private/validation-error';
import { warn } from '../../warnings/private/warn';
import { AzureProvider } from '../azure-provider';

/**
 * What all constructs of one stack share: the azurerm provider, the tenant and subscription it works in,
 * and names made from them that nobody else in Azure has.
 */
export class AzureContext extends Construct {
  /** The context of the stack that `scope` is in, made on first use. */
  static of(scope: Construct): AzureContext {
    const shared = sharedScope(scope);
    return shared.node.tryFindChild(ID) as AzureContext ?? new AzureContext(shared);
  }

  readonly tenantId: string;
  readonly subscriptionId: string;
  /** The object id of whoever runs the apply: another one at each person's machine. */
  readonly currentObjectId: string;

  private constructor(scope: Construct) {
    super(scope, ID);
    const stack = TerraformStack.of(this);
    cleanManifestFiles(this);
    const clientConfig = new DataAzurermClientConfig(this, 'ClientConfig');
    this.tenantId = clientConfig.tenantId;
    this.subscriptionId = clientConfig.subscriptionId;
    this.currentObjectId = clientConfig.objectId;
    requireVersions(this);
    Aspects.of(stack).add(new ProviderPresence());
    this.node.addValidation(new UniqueNames(stack));
  }

  /**
   * `prefix` and eight hexadecimal digits that follow from the subscription and the construct's path:
   * unique in all of Azure, the same at each apply, known at plan time.
   */
  uniqueName(construct: IConstruct, prefix: string): string {
    return `${prefix}${remembered(construct, 'UniqueSuffix', () => this.createSuffix(construct)).asString}`;
  }

  /** A local, since the names are in many places, some of them inside expressions of their own. */
  private createSuffix(construct: IConstruct): TerraformLocal {
    // the path as its hash: a function's argument may not hold quotes.
    const path = createHash('sha256').update(construct.node.path).digest('hex');
    return new TerraformLocal(construct, 'UniqueSuffix', Fn.substr(Fn.sha256(Fn.join('/', [this.subscriptionId, path])), 0, 8));
  }
}

const ID = 'Azure';

/** Gives the stack an azurerm provider if the user gave none, else checks the user's. */
class ProviderPresence implements IAspect {
  visit(node: IConstruct): void {
    if (!TerraformStack.isStack(node)) {
      return;
    }
    const provider = node.node.findAll().find((child) =>
      TerraformProvider.isTerraformProvider(child) && child.terraformResourceType === 'azurerm' && child.alias === undefined);
    if (provider) {
      checkProvider(provider as TerraformProvider, node);
      StackClouds.of(node).check(provider as TerraformProvider);
    } else {
      new AzureProvider(AzureContext.of(node), 'Provider');
    }
  }
}

function checkProvider(provider: TerraformProvider, stack: TerraformStack): void {
  const [settings] = provider.toTerraform().provider.azurerm;
  const features = [settings.features ?? {}].flat()[0] ?? {};
  const storage = [features.storage ?? {}].flat()[0] ?? {};
  const keylessStorage = stack.node.findAll().some((child) => TerraformResource.isTerraformResource(child)
    && child.terraformResourceType === 'azurerm_storage_account');
  if (keylessStorage && storage.data_plane_available !== false && settings.storage_use_azuread !== true) {
    throw new ValidationError(provider, {
      prop: 'features.storage.data_plane_available',
      problem: 'a storage account without shared keys cannot be created',
      got: storage.data_plane_available,
      remedy: 'set it to false, or storage_use_azuread to true, or leave the azurerm provider to this library',
    });
  }
  const registered: unknown = settings.resource_providers_to_register ?? [];
  if (settings.resource_provider_registrations === 'none' && Array.isArray(registered)) {
    const missing = RESOURCE_PROVIDERS.filter((name) => !registered.includes(name));
    if (missing.length > 0) {
      // somebody else may have registered them: a risk, not a mistake.
      warn(provider, 'unregistered-resource-providers', {
        prop: 'resource_providers_to_register', reason: `the subscription must have ${missing.join(', ')} registered already`,
        remedy: 'add them, or drop resource_provider_registrations = "none"',
      });
    }
  }
}
