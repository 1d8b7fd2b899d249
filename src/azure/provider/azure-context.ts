import { createHash } from 'crypto';
import { DataAzurermClientConfig } from '@cdktf/provider-azurerm/lib/data-azurerm-client-config';
import { Aspects, Fn, Lazy, TerraformLocal, TerraformProvider, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { ProviderPresence } from './provider-presence';
import { requireVersions } from './required-versions';
import { namedPath } from '../../private/construct-moves';
import { cleanManifestFiles } from '../../private/manifest-folder';
import { remembered } from '../../private/memory';
import { sharedScope } from '../../private/shared-scope';
import { UniqueNames } from '../names/unique-names';
import { AzurePlaces, ownProvider } from '../place/azure-place';

const ID = 'Azure';

/**
 * What all constructs of one stack share that are made by the same azurerm provider: the tenant and subscription it works in,
 * and names made from them that nobody else in Azure has.
 */
export class AzureContext extends Construct {
  /** The context of `scope` in its stack, made on first use. */
  static of(scope: Construct): AzureContext {
    const shared = sharedScope(scope);
    const provider = ownProvider(scope);
    const id = provider?.alias === undefined ? ID : `${ID}-${provider.alias}`;
    return shared.node.tryFindChild(id) as AzureContext ?? new AzureContext(shared, id, provider);
  }

  readonly tenantId: string;
  readonly subscriptionId: string;
  /** The object id of whoever runs the apply: another one at each person's machine. */
  readonly currentObjectId: string;

  private constructor(scope: Construct, id: string, private readonly provider: TerraformProvider | undefined) {
    super(scope, id);
    const stack = TerraformStack.of(this);
    cleanManifestFiles(this);
    const clientConfig = new DataAzurermClientConfig(this, 'ClientConfig', { provider });
    this.tenantId = clientConfig.tenantId;
    this.subscriptionId = clientConfig.subscriptionId;
    this.currentObjectId = clientConfig.objectId;
    requireVersions(this);
    remembered(stack, 'AzureChecks', () => {
      Aspects.of(stack).add(new ProviderPresence());
      this.node.addValidation(new UniqueNames(stack));
      return true;
    });
  }

  /** The argument that has a command of the Azure CLI's work where the resources are, after a blank; empty where that is not said. */
  get cliSubscription(): string {
    return this.provider ? ` --subscription ${this.subscriptionId}` : Lazy.stringValue({
      produce: () => {
        const subscriptionId = new AzurePlaces().subscriptionOf(TerraformStack.of(this));
        return subscriptionId && ` --subscription ${subscriptionId}`;
      },
    });
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
    const path = createHash('sha256').update(namedPath(construct)).digest('hex');
    return new TerraformLocal(construct, 'UniqueSuffix', Fn.substr(Fn.sha256(Fn.join('/', [this.subscriptionId, path])), 0, 8));
  }
}
