import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { remembered } from '../../private/memory';
import { terraformOverride } from '../../private/required-provider';
import { ValidationError } from '../../private/validation-error';
import { isVersionConstraint, isWithin } from '../../private/version-constraint';

/** The major versions of azurerm that the library works with. */
export type AzurermMajor = 4 | 5;

export const AZURERM_VERSIONS: { readonly [major in AzurermMajor | 'any']: string } = { 4: '>= 4.81, < 5', 5: '>= 5.0, < 6', any: '>= 4.81, < 6' };

/** Says for a whole stack which major version is meant. One module has one version of a provider, however many of its configurations. */
export function meanAzurerm(scope: Construct, major: AzurermMajor): void {
  const meant = meaning(TerraformStack.of(scope));
  if (meant.major !== undefined && meant.major !== major) {
    throw new ValidationError(scope, {
      prop: 'azurermMajor', problem: `another provider of the stack means ${meant.major}`, got: major, remedy: 'give the same everywhere: a stack has one version of azurerm',
    });
  }
  meant.major = major;
}

/** The major version that is meant, if the program has said so by now: by `AzureProvider`, or by the stack's own version constraint. */
export function azurermMajor(scope: Construct): AzurermMajor | undefined {
  const stack = TerraformStack.of(scope);
  const { major } = meaning(stack);
  return major ?? ([4, 5] as const).find((one) => isAsked(stack, one));
}

function isAsked(stack: TerraformStack, major: AzurermMajor): boolean {
  const theirs = terraformOverride(stack, 'required_providers')?.azurerm;
  const version = typeof theirs === 'string' ? theirs : theirs?.version;
  // the library's own range allows both, which need not be worked out in each synthesis.
  return typeof version === 'string' && version !== AZURERM_VERSIONS.any && isVersionConstraint(version) && isWithin(version, AZURERM_VERSIONS[major]);
}

function meaning(stack: TerraformStack): { major?: AzurermMajor } {
  return remembered(stack, 'AzurermMajor', () => ({}));
}
