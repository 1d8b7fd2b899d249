import { Aspects, IAspect, TerraformProvider, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { remembered } from './memory';
import { sharedScope } from './shared-scope';
import { ValidationError } from './validation-error';
import { isCompatible, isVersionConstraint, isWithin } from './version-constraint';

/** A provider as `required_providers` names it. */
export interface ProviderRequirement {
  readonly source: string;
  readonly version: string;
}

/** What a stack says of a provider by `addOverride`, in today's form or in that of Terraform 0.12. */
type Requirement = Partial<ProviderRequirement> | string | undefined;

/**
 * Asks for a provider in the stack that `scope` is in. What the stack itself asks for stays, as long as a version can satisfy
 * both; of the versions that bindings name, which is what they were generated from, only one that we work with.
 */
export function requireProvider(scope: Construct, name: string, requirement: ProviderRequirement | (() => ProviderRequirement)): void {
  const stack = TerraformStack.of(scope);
  const required = remembered(stack, 'RequiredProviders', () => new Set<string>());
  if (!required.has(name)) {
    required.add(name);
    Aspects.of(stack).add(new RequiredProvider(stack, name, typeof requirement === 'function' ? requirement : () => requirement));
  }
}

/** What the stack's own `addOverride` calls put at a path below `terraform`. */
export function terraformOverride(stack: TerraformStack, key: string): any {
  return (stack as unknown as { rawOverrides: any }).rawOverrides.terraform?.[key];
}

/** Decides when all of the program has run, since the stack may say what it wants at any time. */
class RequiredProvider implements IAspect {
  constructor(private readonly stack: TerraformStack, private readonly name: string, private readonly requirement: () => ProviderRequirement) {}

  private get ours(): ProviderRequirement {
    return this.requirement();
  }

  visit(node: IConstruct): void {
    if (node !== this.stack) {
      return;
    }
    const path = `terraform.required_providers.${this.name}`;
    const theirs: Requirement = terraformOverride(this.stack, 'required_providers')?.[this.name];
    const version = typeof theirs === 'string' ? theirs : theirs?.version;
    if (typeof theirs === 'string') {
      this.stack.addOverride(path, this.agreed(theirs));
      return;
    }
    this.stack.addOverride(`${path}.source`, theirs?.source ?? this.ours.source);
    this.stack.addOverride(`${path}.version`, version === undefined ? this.fromBindings() : this.agreed(version));
  }

  /** The stack's own constraint, narrowed by ours where it allows more. */
  private agreed(version: string): string {
    const wrong = (problem: string) => new ValidationError(this.stack, {
      prop: `required_providers.${this.name}.version`, problem, got: version, remedy: `ask for ${this.ours.version}, or for a narrower range`,
    });
    if (typeof version !== 'string' || !isVersionConstraint(version)) {
      throw wrong('not a version constraint of Terraform\'s');
    }
    if (!isCompatible(version, this.ours.version)) {
      throw wrong(`no ${this.name} provider that the resources of cdktf-azure-gitlab work with`);
    }
    return isWithin(version, this.ours.version) ? version : `${version}, ${this.ours.version}`;
  }

  /** The bindings inside this package say nothing of what the user wants. */
  private fromBindings(): string {
    const shared = sharedScope(this.stack);
    const versions = this.stack.node.findAll().filter(TerraformProvider.isTerraformProvider)
      .filter((provider) => provider.terraformResourceType === this.name && !provider.node.scopes.includes(shared))
      .map(({ terraformGeneratorMetadata: metadata }) => metadata?.providerVersion || metadata?.providerVersionConstraint);
    return versions.find((version) => version !== undefined && isVersionConstraint(version) && isWithin(version, this.ours.version))
      ?? this.ours.version;
  }
}
