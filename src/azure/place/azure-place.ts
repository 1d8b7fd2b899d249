import { TerraformElement, TerraformProvider, TerraformResource, TerraformStack, Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { azureProviders, subscriptionOf } from './subscription';
import { ValidationError } from '../../private/validation-error';

/** Where a construct's resources are: where a provider of the user's works, in a subscription, or where another construct's are. */
type Way = { readonly provider: TerraformProvider } | { readonly subscriptionId: string } | { readonly owner: IConstruct };

/** Where resources are; without a provider or a subscription it is where their stack's default provider works. */
interface Place {
  readonly stack: TerraformStack;
  readonly provider?: TerraformProvider;
  readonly subscriptionId?: string;
}

const WAY = Symbol.for('cdktf-azure-gitlab.AzureWay');

/** Has all resources below a construct made by a provider, but for those that belong elsewhere. */
export function makeBy(construct: IConstruct, provider: TerraformProvider | undefined): void {
  if (provider) {
    setWay(construct, { provider });
  }
}

/** Has all resources below a construct made in a subscription. */
export function makeIn(construct: IConstruct, subscriptionId: string): void {
  setWay(construct, { subscriptionId });
}

/** Has a resource, or all below a construct, made where another construct's are, wherever it stands in the tree itself. */
export function belongTo<T extends IConstruct>(construct: T, owner: IConstruct): T {
  setWay(construct, { owner });
  return construct;
}

function setWay(construct: IConstruct, way: Way): void {
  Object.defineProperty(construct, WAY, { value: way, configurable: true });
}

/** What the construct itself says, else the nearest around it. */
function placeOf(construct: IConstruct): Place {
  const stack = TerraformStack.of(construct);
  for (const node of [...construct.node.scopes].reverse()) {
    const way = (node as { [WAY]?: Way })[WAY];
    if (way) {
      return 'owner' in way ? placeOf(way.owner) : { stack, ...way };
    }
  }
  return { stack };
}

/** The provider with an alias by which a construct of the same stack has its resources made. */
export function ownProvider(construct: IConstruct): TerraformProvider | undefined {
  const { provider, stack } = placeOf(construct);
  return provider?.alias !== undefined && stack === TerraformStack.of(construct) ? provider : undefined;
}

/** Tells where resources are. It looks for a stack's providers once, so it is good for one phase of the synthesis. */
export class AzurePlaces {
  private readonly providers = new Map<TerraformStack, TerraformProvider[]>();

  /** The subscription of a resource or of a construct's, as a text that can be compared; the empty text stands for the one of the environment. */
  subscriptionOf(construct: IConstruct): string {
    return this.subscriptionAt(this.placeOf(construct));
  }

  /**
   * The provider of its own stack that makes a resource; undefined for the default one. What belongs to a construct in another stack needs one of
   * the same subscription here, since a provider is its stack's alone.
   * @param make makes one for a subscription that no provider of the stack names.
   */
  providerOf(element: TerraformElement, make: (subscriptionId: string) => TerraformProvider): TerraformProvider | undefined {
    const place = this.placeOf(element);
    const stack = TerraformStack.of(element);
    if (place.provider && place.stack === stack) {
      return place.provider.alias === undefined ? undefined : place.provider;
    }
    const wanted = this.subscriptionAt(place);
    if (wanted === '' || wanted === this.subscriptionAt({ stack })) {
      return undefined;
    }
    const same = this.of(stack).find((provider) => provider.alias !== undefined && subscriptionOf(provider) === wanted);
    if (!same && place.stack !== stack && Token.isUnresolved(wanted)) {
      throw new ValidationError(element, {
        prop: 'provider', problem: `only the apply knows the subscription of ${place.stack.node.path}, which this belongs to`, got: wanted,
        remedy: 'give the subscription\'s id there as a text, or put both into one stack',
      });
    }
    return same ?? make(wanted);
  }

  /** A role assignment is where its scope is, as far as that can be told. */
  private placeOf(construct: IConstruct): Place {
    const place = placeOf(construct);
    if (TerraformResource.isTerraformResource(construct) && construct.terraformResourceType === 'azurerm_role_assignment') {
      const scope: unknown = (construct as unknown as { scopeInput?: string }).scopeInput;
      const [, subscriptionId] = /^\/subscriptions\/([^/]+)/i.exec(typeof scope === 'string' ? scope : '') ?? [];
      if (subscriptionId && this.of(place.stack).some((provider) => subscriptionOf(provider) === subscriptionId.toLowerCase())) {
        return { stack: place.stack, subscriptionId };
      }
    }
    return place;
  }

  private subscriptionAt({ stack, provider, subscriptionId }: Place): string {
    const one = provider ?? this.of(stack).find(({ alias }) => alias === undefined);
    return comparable(subscriptionId) ?? (one ? subscriptionOf(one) : '');
  }

  private of(stack: TerraformStack): TerraformProvider[] {
    const found = this.providers.get(stack) ?? azureProviders(stack);
    this.providers.set(stack, found);
    return found;
  }
}

function comparable(subscriptionId: string | undefined): string | undefined {
  return Token.isUnresolved(subscriptionId) ? subscriptionId : subscriptionId?.toLowerCase();
}
