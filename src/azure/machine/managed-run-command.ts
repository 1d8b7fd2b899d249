import { createHash } from 'crypto';
import { VirtualMachineRunCommand } from '@cdktf/provider-azurerm/lib/virtual-machine-run-command';
import { Fn, ITerraformDependable, Lazy, TerraformLocal, TerraformResource, Token } from 'cdktf';
import { Construct } from 'constructs';
import { waitFor } from '../../private/dependencies';

// the scripts end themselves with 0 and tell the truth in their last line: a command that fails in azure's eyes may stick for ever.
const ENDED_WELL = 'try(endswith(trimspace(self.instance_view[0].output), "exit:0"), false)';

// while a machine is stopped, azure has no view of what ran on it; a plan must not fail for that.
const NOT_REPORTED = 'try(trimspace(self.instance_view[0].output), "") == "" && try(self.instance_view[0].execution_state, "") != "Succeeded"';

export interface ManagedRunCommandProps {
  readonly virtualMachineId: string;
  readonly location: string;
  readonly tags?: { [name: string]: string };
  /** What the command's name begins with. */
  readonly name: string;
  /** What it does, as the beginning of a sentence about its failure. */
  readonly what: string;
  /** An expression for the script, and the text that tells one script from another. */
  readonly script: { readonly expression: string; readonly text: string };
  /** Asked at synth time. None may be empty: it would not reach the script, and the provider refuses it. */
  readonly parameters: () => { readonly [name: string]: string };
  /** Another one makes the command anew. */
  readonly after?: string;
  readonly timeoutMinutes: number;
  readonly waitFor: readonly ITerraformDependable[];
}

/** A command, and what its name comes from. */
export interface ManagedRunCommand {
  readonly attempt: TerraformResource;
  readonly command: VirtualMachineRunCommand;
}

/**
 * A managed run command that states what shall be.
 *
 * A change never updates the command in place, because a failed update is forgotten by the provider; it makes another command. That one
 * gets a name that no command of the machine ever had, because Azure may not run a script again under a name it knows, not even after
 * other settings in between.
 */
export function managedRunCommand(scope: Construct, id: string, props: ManagedRunCommandProps): ManagedRunCommand {
  const parameters = new TerraformLocal(scope, `${id}Parameters`, Lazy.anyValue({ produce: props.parameters }));
  // cdktf's DataResource would start Terraform at each synthesis, where it may not even be.
  const attempt = new TerraformResource(scope, `${id}Attempt`, { terraformResourceType: 'terraform_data' });
  attempt.addOverride('triggers_replace', {
    scripts: createHash('sha256').update(props.script.text).digest('hex'),
    parameters: Token.asString(Fn.sha256(Fn.jsonencode(parameters.expression))),
    ...props.after !== undefined ? { after: props.after } : {},
  });
  const command = new VirtualMachineRunCommand(scope, id, {
    virtualMachineId: props.virtualMachineId,
    location: props.location,
    tags: props.tags,
    name: `${props.name}-${Token.asString(Fn.substr(attempt.getStringAttribute('id'), 0, 8))}`,
    source: { script: props.script.expression },
    parameter: Lazy.anyValue({
      produce: () => Object.keys(props.parameters()).sort().map((name) => ({ name, value: `\${local.${parameters.friendlyUniqueId}.${name}}` })),
    }),
    timeouts: { create: `${props.timeoutMinutes}m` },
  });
  waitFor(command, props.waitFor);
  command.lifecycle = {
    // only a new command takes other tags: an update of one that has run would send Azure its script again.
    ignoreChanges: ['tags'],
    postcondition: [{
      condition: `\${${ENDED_WELL} || ${NOT_REPORTED}}`,
      errorMessage: `${props.what} failed. The end of its output:\n\n`
        + '${coalesce(try(self.instance_view[0].output, ""), "(none)")}\n\n'
        + `Once its cause is gone, run this step again: terraform apply -replace=terraform_data.${attempt.friendlyUniqueId}`,
    }],
  };
  return { attempt, command };
}
