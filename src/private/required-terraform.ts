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

interface Required { version: string }

const versionsTf = (version: string) => `# Beside cdk.tf.json, because Checkov skips a JSON file that holds required_version (bridgecrewio/checkov#7454).
terraform {
  required_version = "${version}"
}
`;

/**
 * Asks for a version of Terraform in the stack that `scope` is in. The file is one of its own, and Terraform heeds it beside what
 * the stack itself asks for.
 * @param version where something needs a later one than everything else
 */
export function requireTerraform(scope: Construct, version?: string): void {
  const stack = TerraformStack.of(scope);
  const required = remembered(stack, 'RequiredTerraform', () => {
    const made: Required = { version: TERRAFORM_VERSION };
    Aspects.of(stack).add(new TerraformVersion(stack, made));
    writeAtSynthesis(new Construct(sharedScope(scope), 'RequiredTerraform'), (stackFolder) => writeFileSync(join(stackFolder, 'versions.tf'), versionsTf(made.version)));
    return made;
  });
  required.version = version ?? required.version;
}

class TerraformVersion implements IAspect {
  constructor(private readonly stack: TerraformStack, private readonly required: Required) {}

  visit(node: IConstruct): void {
    const version = node === this.stack ? terraformOverride(this.stack, 'required_version') : undefined;
    if (typeof version === 'string' && isVersionConstraint(version) && !isCompatible(version, this.required.version)) {
      throw new ValidationError(this.stack, {
        prop: 'required_version', problem: 'not a version that cdktf-azure-gitlab supports', got: version,
        remedy: `ask for ${this.required.version}, or for a narrower range`,
      });
    }
  }
}
