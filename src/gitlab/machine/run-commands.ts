import { VirtualMachineRunCommand } from '@cdktf/provider-azurerm/lib/virtual-machine-run-command';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { scriptTexts } from '../../assets';
import { ManagedRunCommand, managedRunCommand } from '../../azure/private/managed-run-command';
import { templateText } from '../../private/terraform-text';
import { TextAsset } from '../../private/text-asset';
import { BootstrapStep } from '../set-up/bootstrap';

/** How long one step may take; its script gives up earlier, so that what it says still reaches the plan. */
const TIMEOUT_MINUTES = 75;

/** The time within which a step's script has to end. */
export const STEP_DEADLINE_SECONDS = (TIMEOUT_MINUTES - 5) * 60;

export interface RunCommandsProps {
  readonly virtualMachineId: string;
  readonly location: string;
  readonly tags?: { [name: string]: string };
  /** Asked again at synth time, since runners may be requested until then; names and order stay, but for steps that are added at the end. */
  readonly steps: () => readonly BootstrapStep[];
  readonly waitFor: ITerraformDependable[];
}

/**
 * The server's set-up: a chain of managed run commands, each of which states what shall be.
 *
 * Azure runs the commands of one machine side by side, so each waits for the one before.
 */
export class RunCommands extends Construct {
  private readonly commands = new Map<string, VirtualMachineRunCommand>();
  private readonly scripts: TextAsset;
  private previous?: ManagedRunCommand;
  private chained?: ManagedRunCommand;

  constructor(scope: Construct, id: string, private readonly props: RunCommandsProps) {
    super(scope, id);
    this.scripts = new TextAsset(this, 'Scripts', scriptTexts('gitlab'));
    this.addNew();
  }

  /** Makes the steps at the end that there are none of yet. */
  public addNew(): void {
    this.props.steps().slice(this.commands.size).forEach((step) => {
      const link = this.createLink(step, this.commands.size);
      this.previous = link;
      this.chained = step.aside ? this.chained : link;
      this.commands.set(step.name, link.command);
    });
  }

  /** What carries a step out. */
  public command(step: string): ITerraformDependable {
    return this.commands.get(step)!;
  }

  private createLink(step: BootstrapStep, index: number): ManagedRunCommand {
    const { previous, chained } = this;
    return managedRunCommand(this, pascalCase(step.name), {
      virtualMachineId: this.props.virtualMachineId,
      location: this.props.location,
      tags: this.props.tags,
      name: step.name,
      what: `The step "${step.name}" of GitLab's set-up`,
      script: { expression: this.scriptExpression(step.scripts), text: step.scripts.map((script) => scriptTexts('gitlab')[script]).join('') },
      parameters: () => this.parameters(index),
      // a step judges what the ones before it left, so it runs again after them.
      after: chained && !step.standsAlone && !step.aside ? chained.attempt.getStringAttribute('id') : undefined,
      timeoutMinutes: TIMEOUT_MINUTES,
      waitFor: [...this.props.waitFor, ...previous ? [previous.command] : []],
    });
  }

  /** An empty value would not reach the script, and the provider refuses it. */
  private parameters(index: number): { [name: string]: string } {
    const parameters = Object.entries(this.props.steps()[index].parameters).filter(([, value]) => value !== '').sort();
    return Object.fromEntries(parameters.map(([name, value]) => [name, templateText(value)]));
  }

  /** The scripts as files in the stack's output, where people can read them. */
  private scriptExpression(scripts: readonly string[]): string {
    const files = scripts.map((script) => `file("\${path.module}/${this.scripts.path}/${script}")`);
    return `\${join("\\n", [${files.join(', ')}])}`;
  }
}

function pascalCase(name: string): string {
  return name.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');
}
