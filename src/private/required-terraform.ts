import { writeFileSync } from 'fs';
import { join } from 'path';
import { Aspects, IAspect, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { remembered } from './memory';
import { terraformOverride } from './required-provider';
import { sharedScope } from './shared-scope';
import { writeAtSynthesis } from './stack-folder';
import { ValidationError } from './validation-error';
import { isCompatible, isVersionConstraint } from './version-constraint';

/** The first version whose expressions have all that ours use. OpenTofu starts later. */
const TERRAFORM_VERSION = '>= 1.5';

const VERSIONS_TF = `# Beside cdk.tf.json, because Checkov skips a JSON file that holds required_version (bridgecrewio/checkov#7454).
terraform {
  required_version = "${TERRAFORM_VERSION}"
}
`;

/**
 * Asks for a version of Terraform in the stack that `scope` is in. The file is one of its own, and Terraform heeds it beside what
 * the stack itself asks for.
 */
export function requireTerraform(scope: Construct): void {
  const stack = TerraformStack.of(scope);
  remembered(stack, 'RequiredTerraform', () => {
    Aspects.of(stack).add(new TerraformVersion(stack));
    writeAtSynthesis(new Construct(sharedScope(scope), 'RequiredTerraform'), (stackFolder) => writeFileSync(join(stackFolder, 'versions.tf'), VERSIONS_TF));
    return true;
  });
}

class TerraformVersion implements IAspect {
  constructor(private readonly stack: TerraformStack) {}

  visit(node: IConstruct): void {
    const version = node === this.stack ? terraformOverride(this.stack, 'required_version') : undefined;
    if (typeof version === 'string' && isVersionConstraint(version) && !isCompatible(version, TERRAFORM_VERSION)) {
      throw new ValidationError(this.stack, {
        prop: 'required_version', problem: 'not a version that cdktf-azure-gitlab supports', got: version,
        remedy: `ask for ${TERRAFORM_VERSION}, or for a narrower range`,
      });
    }
  }
}
