import { createHash } from 'crypto';
import { VirtualMachineRunCommand } from '@cdktf/provider-azurerm/lib/virtual-machine-run-command';
import { Fn, ITerraformDependable, Lazy, TerraformLocal, TerraformResource, Token } from 'cdktf';
import { Construct } from 'constructs';
import { scriptTexts } from '../../assets';
import { templateText } from '../../private/terraform-text';
import { TextAsset } from '../../private/text-asset';
import { BootstrapStep } from '../set-up/bootstrap';

/** How long one step may take; its script gives up earlier, so that what it says still reaches the plan. */
const TIMEOUT_MINUTES = 75;

/** The time within which a step's script has to end. */
export const STEP_DEADLINE_SECONDS = (TIMEOUT_MINUTES - 5) * 60;

// the scripts end themselves with 0 and tell the truth in their last line: a command that fails in azure's eyes may stick for ever.
const ENDED_WELL = 'try(endswith(trimspace(self.instance_view[0].output), "exit:0"), false)';

// while a machine is stopped, azure has no view of what ran on it; a plan must not fail for that.
const NOT_REPORTED = 'try(trimspace(self.instance_view[0].output), "") == "" && try(self.instance_view[0].execution_state, "") != "Succeeded"';

export interface RunCommandsProps {
  readonly virtualMachineId: string;
  readonly location: string;
  readonly tags?: { [name: string]: string };
  /** Asked again at synth time, since runners may be requested until then; names and order stay. */
  readonly steps: () => readonly BootstrapStep[];
  readonly waitFor: ITerraformDependable[];
}

/** One step of the chain, and what its name comes from. */
interface Link {
  readonly attempt: TerraformResource;
  readonly command: VirtualMachineRunCommand;
}

/**
 * The server's set-up: a chain of managed run commands, each of which states what shall be.
 *
 * Azure runs the commands of one machine side by side, so each waits for the one before. A change never updates a command in place,
 * because a failed update is forgotten by the provider; it makes another command. That one gets a name that no command of the machine
 * ever had, because Azure may not run a script again under a name it knows, not even after other settings in between.
 */
export class RunCommands extends Construct {
  private readonly commands = new Map<string, VirtualMachineRunCommand>();
  private readonly scripts: TextAsset;

  constructor(scope: Construct, id: string, private readonly props: RunCommandsProps) {
    super(scope, id);
    this.scripts = new TextAsset(this, 'Scripts', scriptTexts('gitlab'));
    let previous: Link | undefined;
    props.steps().forEach((step, index) => {
      previous = this.createLink(step, index, previous);
      this.commands.set(step.name, previous.command);
    });
  }

  /** What carries a step out. */
  public command(step: string): ITerraformDependable {
    return this.commands.get(step)!;
  }

  private createLink(step: BootstrapStep, index: number, previous?: Link): Link {
    const name = pascalCase(step.name);
    const parameters = new TerraformLocal(this, `${name}Parameters`, Lazy.anyValue({ produce: () => this.parameters(index) }));
    const attempt = this.createAttempt(`${name}Attempt`, {
      scripts: sha256(step.scripts.map((script) => scriptTexts('gitlab')[script]).join('')),
      parameters: Token.asString(Fn.sha256(Fn.jsonencode(parameters.expression))),
      // a step judges what the ones before it left, so it runs again after them.
      ...previous && !step.standsAlone ? { after: previous.attempt.getStringAttribute('id') } : {},
    });
    const command = new VirtualMachineRunCommand(this, name, {
      virtualMachineId: this.props.virtualMachineId,
      location: this.props.location,
      tags: this.props.tags,
      name: `${step.name}-${Token.asString(Fn.substr(attempt.getStringAttribute('id'), 0, 8))}`,
      source: { script: this.scriptExpression(step.scripts) },
      parameter: Lazy.anyValue({ produce: () => this.parameterBlocks(index, parameters) }),
      timeouts: { create: `${TIMEOUT_MINUTES}m` },
      dependsOn: [...this.props.waitFor, ...previous ? [previous.command] : []],
    });
    // only a new command takes other tags: an update of one that has run would send Azure its script again.
    command.lifecycle = { postcondition: [postcondition(step, attempt)], ignoreChanges: ['tags'] };
    return { attempt, command };
  }

  /** Another id whenever a trigger changes. */
  private createAttempt(id: string, triggers: { [name: string]: string }): TerraformResource {
    // cdktf's DataResource would start Terraform at each synthesis, where it may not even be.
    const attempt = new TerraformResource(this, id, { terraformResourceType: 'terraform_data' });
    attempt.addOverride('triggers_replace', triggers);
    return attempt;
  }

  /** An empty value would not reach the script, and the provider refuses it. */
  private parameters(index: number): { [name: string]: string } {
    const parameters = Object.entries(this.props.steps()[index].parameters).filter(([, value]) => value !== '').sort();
    return Object.fromEntries(parameters.map(([name, value]) => [name, templateText(value)]));
  }

  private parameterBlocks(index: number, local: TerraformLocal) {
    return Object.keys(this.parameters(index)).map((name) => ({ name, value: `\${local.${local.friendlyUniqueId}.${name}}` }));
  }

  /** The scripts as files in the stack's output, where people can read them. */
  private scriptExpression(scripts: readonly string[]): string {
    const files = scripts.map((script) => `file("\${path.module}/${this.scripts.path}/${script}")`);
    return `\${join("\\n", [${files.join(', ')}])}`;
  }
}

function postcondition(step: BootstrapStep, attempt: TerraformResource) {
  return {
    condition: `\${${ENDED_WELL} || ${NOT_REPORTED}}`,
    errorMessage: `The step "${step.name}" of GitLab's set-up failed. The end of its output:\n\n`
      + '${coalesce(try(self.instance_view[0].output, ""), "(none)")}\n\n'
      + `Once its cause is gone, run this step again: terraform apply -replace=terraform_data.${attempt.friendlyUniqueId}`,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function pascalCase(name: string): string {
  return name.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');
}
