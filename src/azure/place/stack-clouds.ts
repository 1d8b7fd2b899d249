import { TerraformProvider, TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { CloudHosts, CLOUDS, cloudOfEnvironment, cloudOfRegion } from './cloud-hosts';
import { azureProviders } from './subscription';
import { remembered } from '../../private/memory';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';

/** The one cloud of a stack: an azurerm provider works in no two. */
export class StackClouds {
  static of(scope: IConstruct): StackClouds {
    const stack = TerraformStack.of(scope);
    return remembered(stack, 'Clouds', () => new StackClouds(stack));
  }

  private readonly taken: { readonly construct: IConstruct; readonly location: string; readonly cloud: CloudHosts }[] = [];

  private constructor(private readonly stack: TerraformStack) {}

  /** The cloud that a construct works in: that of its region, or if only the apply knows the region, that of the stack. */
  take(construct: IConstruct, location: string): CloudHosts {
    const cloud = cloudOfRegion(location) ?? this.fromProvider() ?? this.fromRegions() ?? CLOUDS[0];
    const other = this.taken.find((one) => one.cloud !== cloud);
    if (other) {
      throw new ValidationError(construct, {
        prop: 'location', problem: `another cloud than that of ${other.construct.node.path}`, got: location, remedy: 'give each cloud a stack of its own',
      });
    }
    this.taken.push({ construct, location, cloud });
    return cloud;
  }

  /** What the stack's cloud calls things, as far as its provider or its regions tell it: the public one's names else. */
  get hosts(): CloudHosts {
    return this.fromProvider() ?? this.fromRegions() ?? CLOUDS[0];
  }

  /** azurerm's word for the stack's cloud, as far as regions tell it; the public one needs none. */
  get environment(): string | undefined {
    const cloud = this.fromRegions();
    return cloud === CLOUDS[0] ? undefined : cloud?.environment;
  }

  /** Refuses a provider for another cloud than the constructs'. */
  check(provider: TerraformProvider): void {
    const environment = environmentOf(provider);
    const other = this.taken.find(({ cloud }) => cloud !== (environment === undefined ? CLOUDS[0] : cloudOfEnvironment(environment)));
    if (!other || (environment !== undefined && !known(environment))) {
      return;
    }
    if (known(other.location)) {
      throw new ValidationError(provider, {
        prop: 'environment', problem: `not the cloud of ${other.construct.node.path} in ${other.location}`, got: environment,
        remedy: `set it to "${other.cloud.environment}", or leave the azurerm provider to this library`,
      });
    }
    throw new ValidationError(other.construct, {
      prop: 'location', problem: `the azurerm provider works in another cloud than ${other.cloud.cloud}, which was taken for that of a region that only the apply knows`,
      got: environment, remedy: 'define the provider before this construct',
    });
  }

  private fromProvider(): CloudHosts | undefined {
    const providers = azureProviders(this.stack);
    const provider = providers.find(({ alias }) => alias === undefined) ?? providers[0];
    return provider && cloudOfEnvironment(environmentOf(provider));
  }

  private fromRegions(): CloudHosts | undefined {
    return this.taken.find(({ location }) => known(location))?.cloud;
  }
}

function environmentOf(provider: TerraformProvider): unknown {
  return provider.toTerraform().provider.azurerm[0].environment;
}
