import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { scriptTexts } from '../../assets';
import { ManagedRunCommand, managedRunCommand } from '../../azure/machine/managed-run-command';
import { templateText } from '../../private/terraform-text';
import { TextAsset } from '../../private/text-asset';
import { BootstrapStep, GITLAB_STEP, RUNNERS_STEP } from '../set-up/bootstrap';

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

/** A chain of steps on one machine. */
interface Chain {
  readonly scope: Construct;
  readonly props: RunCommandsProps;
  readonly commands: Map<string, ManagedRunCommand>;
  /** What has to be done before the next step. */
  previous?: ITerraformDependable;
  /** After what the next step runs again. */
  chained?: ManagedRunCommand;
}

/**
 * The server's set-up: a chain of managed run commands, each of which states what shall be.
 *
 * Azure runs the commands of one machine side by side, so each waits for the one before.
 */
export class RunCommands extends Construct {
  private readonly scripts: TextAsset;
  private readonly own: Chain;
  private last?: ITerraformDependable;

  constructor(scope: Construct, id: string, props: RunCommandsProps) {
    super(scope, id);
    this.scripts = new TextAsset(this, 'Scripts', scriptTexts('gitlab'));
    this.own = { scope: this, props, commands: new Map() };
    this.addNew();
  }

  /** Makes the steps at the end that there are none of yet. */
  public addNew(): void {
    this.extend(this.own);
  }

  /** What carries a step out. */
  public command(step: string): ITerraformDependable {
    return this.own.commands.get(step)!.command;
  }

  /**
   * The steps of another machine: once GitLab and its runners are set up on the server's own, one machine after the other, and again whenever GitLab's
   * step has run again.
   * @returns what carries the last of them out
   */
  public addMachine(scope: Construct, props: RunCommandsProps): ITerraformDependable {
    const chain: Chain = {
      scope: new Construct(scope, 'SetUp'), props, commands: new Map(), previous: this.last ?? this.command(RUNNERS_STEP), chained: this.own.commands.get(GITLAB_STEP),
    };
    this.extend(chain);
    this.last = chain.previous;
    return chain.previous!;
  }

  private extend(chain: Chain): void {
    chain.props.steps().slice(chain.commands.size).forEach((step) => {
      const link = this.createLink(chain, step, chain.commands.size);
      chain.previous = link.command;
      chain.chained = step.aside ? chain.chained : link;
      chain.commands.set(step.name, link);
    });
  }

  private createLink({ scope, props, previous, chained }: Chain, step: BootstrapStep, index: number): ManagedRunCommand {
    return managedRunCommand(scope, pascalCase(step.name), {
      virtualMachineId: props.virtualMachineId,
      location: props.location,
      tags: props.tags,
      name: step.name,
      what: `The step "${step.name}" of GitLab's set-up`,
      script: { expression: this.scriptExpression(step.scripts), text: step.scripts.map((script) => scriptTexts('gitlab')[script]).join('') },
      parameters: () => parametersOf(props.steps()[index]),
      // a step judges what the ones before it left, so it runs again after them.
      after: chained && !step.standsAlone && !step.aside ? chained.attempt.getStringAttribute('id') : undefined,
      timeoutMinutes: TIMEOUT_MINUTES,
      waitFor: [...props.waitFor, ...previous ? [previous] : []],
    });
  }

  /** The scripts as files in the stack's output, where people can read them. */
  private scriptExpression(scripts: readonly string[]): string {
    const files = scripts.map((script) => `file("\${path.module}/${this.scripts.path}/${script}")`);
    return `\${join("\\n", [${files.join(', ')}])}`;
  }
}

/** An empty value would not reach the script, and the provider refuses it. */
function parametersOf(step: BootstrapStep): { [name: string]: string } {
  const parameters = Object.entries(step.parameters).filter(([, value]) => value !== '').sort();
  return Object.fromEntries(parameters.map(([name, value]) => [name, templateText(value)]));
}

function pascalCase(name: string): string {
  return name.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');
}
