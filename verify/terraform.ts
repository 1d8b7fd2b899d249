import { ChildProcess, execFile, spawn } from 'child_process';
import { appendFileSync } from 'fs';
import { join } from 'path';
import { Interrupted, Refuted } from './outcome';
import { since } from './patience';
import { requireVersion } from './require-version';
import type { Tell } from '../command/command';
import { InputError } from '../command/input-error';

const TELL_EVERY_MS = 30_000;
const LOG = 'terraform.log';
/** The oldest that the library supports. */
const OLDEST: { readonly [program: string]: readonly [number, number] } = { terraform: [1, 5], tofu: [1, 6] };

/** How one call of it has ended. */
interface Ended {
  readonly status: number | null;
  readonly output: string;
  readonly problem: string;
}

/** Terraform as the user has it, or OpenTofu. It runs in a process group of its own, so that Ctrl-C reaches it once, and it can write down what it has made. */
export class Terraform {
  static async find(env: NodeJS.ProcessEnv, tell: Tell, signal: AbortSignal): Promise<Terraform> {
    for (const [program, oldest] of Object.entries(OLDEST)) {
      const version = await versionOf(program, env);
      if (version) {
        requireVersion(program, version, oldest);
        return new Terraform(program, version, env, tell, signal);
      }
    }
    throw new InputError('terraform: not found; install Terraform, https://developer.hashicorp.com/terraform/install, or OpenTofu');
  }

  private constructor(
    readonly program: string, readonly version: string,
    private readonly env: NodeJS.ProcessEnv, private readonly tell: Tell, private readonly signal: AbortSignal,
  ) {}

  async init(folder: string): Promise<void> {
    await this.succeed(folder, 'init', '-input=false', '-no-color');
  }

  async apply(folder: string): Promise<void> {
    await this.change(folder, 'apply');
  }

  async destroy(folder: string): Promise<void> {
    await this.change(folder, 'destroy');
  }

  /** What a plan would change, by address; nothing if it is empty. */
  async changes(folder: string): Promise<string[]> {
    const messages: any[] = [];
    await this.messages(folder, ['plan', '-json', '-input=false'], (message) => messages.push(message));
    return messages.filter(({ type }) => type === 'planned_change').map(({ change }) => `${change.action} ${change.resource.addr}`);
  }

  async outputs(folder: string): Promise<any> {
    const values = JSON.parse(await this.succeed(folder, 'output', '-json'));
    return Object.fromEntries(Object.entries<any>(values).map(([name, { value }]) => [name, value]));
  }

  /** The providers that `init` has installed, with their versions. */
  async providers(folder: string): Promise<{ [name: string]: string }> {
    const { provider_selections: selected = {} } = JSON.parse(await this.succeed(folder, 'version', '-json'));
    return Object.fromEntries(Object.entries<string>(selected).map(([name, version]) => [name.split('/').slice(-1)[0], version]));
  }

  /** Applies or destroys, and tells now and then how far it is. */
  private async change(folder: string, what: 'apply' | 'destroy'): Promise<void> {
    const start = Date.now();
    const working = new Map<string, number>();
    let [done, all] = [0, 0];
    const timer = setInterval(() => {
      const slowest = [...working].sort(([, one], [, other]) => one - other).slice(0, 3).map(([address]) => readable(address));
      this.tell(`    ${done} of ${all || 'some'} after ${since(start)}${slowest.length > 0 ? `, at work on ${slowest.join(', ')}` : ''}`);
    }, TELL_EVERY_MS);
    try {
      await this.messages(folder, [what, '-auto-approve', '-json', '-input=false'], ({ type, changes, hook }) => {
        if (type === 'change_summary' && changes.operation === 'plan') {
          all = changes.add + changes.change + changes.remove;
        } else if (hook?.action === 'read') {
          // what data sources read is no change.
        } else if (type === 'apply_start') {
          working.set(hook.resource.addr, Date.now());
        } else if (type === 'apply_complete' || type === 'apply_errored') {
          working.delete(hook.resource.addr);
          done += type === 'apply_complete' ? 1 : 0;
        }
      });
    } finally {
      clearInterval(timer);
    }
    this.tell(`    ${done} resources in ${since(start)}`);
  }

  /** Runs a command that prints JSON lines; fails with the errors in them. */
  private async messages(folder: string, args: readonly string[], heard: (message: any) => void): Promise<void> {
    const errors: string[] = [];
    let rest = '';
    const { status, output, problem } = await this.run(folder, args, (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const message of lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))) {
        if (message['@level'] === 'error' && message.diagnostic) {
          const { summary, detail, address } = message.diagnostic;
          errors.push([address ? `${address}: ${summary}` : summary, detail].filter(Boolean).join('\n'));
        }
        heard(message);
      }
    });
    if (status !== 0) {
      throw new Refuted(`${this.program} ${args[0]} failed: ${errors.join('\n') || lastWords({ status, output, problem })}`);
    }
  }

  private async succeed(folder: string, ...args: string[]): Promise<string> {
    const { status, output, problem } = await this.run(folder, args);
    if (status !== 0) {
      throw new Refuted(`${this.program} ${args[0]} failed: ${lastWords({ status, output, problem })}`);
    }
    return output;
  }

  private run(cwd: string, args: readonly string[], heard: (chunk: string) => void = () => {}): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.program, args, { cwd, env: this.env, detached: true });
      const log = (chunk: unknown) => appendFileSync(join(cwd, LOG), `${chunk}`);
      let [output, problem] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (chunk) => {
        output += chunk;
        log(chunk);
        heard(chunk);
      });
      child.stderr.setEncoding('utf8').on('data', (chunk) => {
        problem += chunk;
        log(chunk);
      });
      const interrupt = () => this.interrupt(child);
      this.signal.addEventListener('abort', interrupt);
      child.on('error', reject).on('close', (status) => {
        this.signal.removeEventListener('abort', interrupt);
        if (this.signal.aborted) {
          reject(new Interrupted());
        } else {
          resolve({ status, output, problem });
        }
      });
    });
  }

  private interrupt(child: ChildProcess): void {
    this.tell(`    ${this.program} ends what it has begun and writes it down; this can take minutes`);
    child.kill('SIGINT');
  }
}

/** One that is killed says nothing. */
function lastWords({ status, output, problem }: Ended): string {
  return (problem || output).trim().slice(-1000) || `it said nothing, and ended with ${status === null ? 'a signal' : `status ${status}`}`;
}

function versionOf(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, ['version', '-json'], { env }, (error, stdout) => resolve(error ? undefined : JSON.parse(stdout).terraform_version));
  });
}

/** An address of cdktf's without its hash. */
function readable(address: string): string {
  return address.replace(/^(\w+)\.(.+?)(?:_[0-9A-F]{8})?$/, (_, type, name) => `${name.replace(/_/g, '/')} (${type})`);
}
