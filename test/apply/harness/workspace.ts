import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forInstalledProviders } from './provider-versions';

export interface Result {
  readonly status: number | null;
  /** Standard output and errors as they came. */
  readonly output: string;
}

export interface Plan extends Result {
  /** What would happen to each resource; those that stay are left out. */
  readonly actions: { [address: string]: string };
  /** The errors' summaries and details. */
  readonly errors: string[];
}

/** An error as Terraform tells it to programs. */
export interface Diagnostic {
  readonly summary: string;
  readonly detail: string;
  /** The resource that it is about. */
  readonly address?: string;
}

/** A folder with one synthesised stack, its state, and the Terraform (or OpenTofu) that works on it. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'apply-'));
  /** Hears what Terraform prints, as it comes. */
  heard?: (text: string) => void;
  /** The providers that are installed in the folder. */
  private initialised?: string;

  constructor(private readonly environment: () => { [name: string]: string }, private readonly program = process.env.APPLY_TERRAFORM!) {}

  /** Takes over what a program synthesised: a stack's folder. */
  load(stackFolder: string, change: (json: any) => any = (json) => json): this {
    cpSync(stackFolder, this.folder, { recursive: true });
    const json = JSON.parse(readFileSync(join(stackFolder, 'cdk.tf.json'), 'utf8'));
    writeFileSync(join(this.folder, 'cdk.tf.json'), JSON.stringify(change(forInstalledProviders(json)), undefined, 1));
    return this;
  }

  /** Another folder with the same state, to plan from without harm: of another stack, or with other environment variables on top. */
  fork({ stackFolder, environment = {} }: { stackFolder?: string; environment?: { [name: string]: string } }): Workspace {
    const other = new Workspace(() => ({ ...this.environment(), ...environment }), this.program);
    const kept = stackFolder ? ['.terraform', '.terraform.lock.hcl', 'terraform.tfstate'] : ['.'];
    kept.forEach((name) => cpSync(join(this.folder, name), join(other.folder, name), { recursive: true, verbatimSymlinks: true }));
    other.initialised = this.initialised;
    return stackFolder ? other.load(stackFolder) : other;
  }

  get configuration(): any {
    return JSON.parse(readFileSync(join(this.folder, 'cdk.tf.json'), 'utf8'));
  }

  get state(): any {
    return JSON.parse(readFileSync(join(this.folder, 'terraform.tfstate'), 'utf8'));
  }

  /** The id of a resource by its address. */
  idOf(address: string): string {
    const found = this.state.resources.find(({ type, name }: any) => `${type}.${name}` === address);
    return found.instances[0].attributes.id;
  }

  async validate(): Promise<void> {
    await this.init();
    await this.succeed('validate', '-no-color');
  }

  async apply(...options: string[]): Promise<Result> {
    await this.init();
    return this.run('apply', '-auto-approve', '-no-color', '-compact-warnings', ...options);
  }

  /** Applies, and fails unless that went well. */
  async applied(...options: string[]): Promise<string> {
    const { status, output } = await this.apply(...options);
    if (status !== 0) {
      throw new Error(`apply failed:\n${tail(output)}`);
    }
    return output;
  }

  async destroy(): Promise<Result> {
    await this.init();
    return this.run('destroy', '-auto-approve', '-no-color', '-compact-warnings');
  }

  async plan(...options: string[]): Promise<Plan> {
    await this.init();
    const result = await this.run('plan', '-json', ...options);
    return {
      ...result,
      actions: Object.fromEntries(messages(result).filter(({ type }) => type === 'planned_change').map(({ change }) => [change.resource.addr, change.action])),
      errors: diagnostics(result).map(({ summary, detail }) => `${summary}: ${detail}`),
    };
  }

  /** Runs Terraform and does not wait; an interruption reaches it alone, as that of a CI system does. */
  start(...args: string[]): { interrupt: () => void; done: Promise<Result> } {
    const child = spawn(this.program, args, { cwd: this.folder, env: this.variables, detached: true });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      this.heard?.(`${chunk}`);
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    return {
      interrupt: () => child.kill('SIGINT'),
      done: new Promise((resolve) => child.on('close', (status) => resolve({ status, output }))),
    };
  }

  async init(): Promise<void> {
    const wanted = JSON.stringify(this.configuration.terraform.required_providers);
    if (this.initialised !== wanted) {
      await this.succeed('init', '-no-color', '-input=false');
      this.initialised = wanted;
    }
  }

  async run(...args: string[]): Promise<Result> {
    return this.start(...args).done;
  }

  /** Runs Terraform, and fails unless that went well. */
  async succeed(...args: string[]): Promise<void> {
    const { status, output } = await this.run(...args);
    if (status !== 0) {
      throw new Error(`${args.join(' ')} failed:\n${tail(output)}`);
    }
  }

  /** The environment of Terraform, and of a provider beside it. */
  get variables(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      ...this.environment(),
      HOME: process.env.APPLY_HOME,
      TF_CLI_CONFIG_FILE: process.env.APPLY_TERRAFORM_CONFIG,
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
      GO_AZURE_SDK_SKIP_POLLING_DELAY: 'true',
      TF_WAIT_DIVISOR: '200',
      // short runs: a seventh of their time went into collecting garbage
      GOGC: '400',
      // and a fifth into keys for the pipe to each provider, and into logs that nobody reads
      TF_DISABLE_PLUGIN_TLS: '1',
      ...(process.env.TF_LOG ? {} : { TF_LOG_SDK: 'off', TF_LOG_SDK_PROTO: 'off', TF_LOG_PROVIDER: 'off' }),
      PATH: `${process.env.APPLY_PROGRAMS}:${process.env.PATH}`,
    };
  }
}

function messages({ output }: Result): any[] {
  return output.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}

/** The errors of a run with `-json`. */
export function diagnostics(result: Result): Diagnostic[] {
  return messages(result).filter(({ '@level': level, diagnostic }) => level === 'error' && diagnostic)
    .map(({ diagnostic: { summary, detail, address } }) => ({ summary, detail, address }));
}

export function tail(text: string): string {
  return text.length > 6000 ? `…${text.slice(-6000)}` : text;
}
