import { ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * The providers as processes that last for many plans, by the way in which their developers attach debuggers: a plan alone starts each of them
 * four times. They keep the environment they were started in.
 */
export class ResidentProviders {
  private readonly processes: ChildProcess[] = [];

  /** @returns what Terraform finds them by */
  async start(environment: NodeJS.ProcessEnv): Promise<{ [name: string]: string }> {
    const programs: { [program: string]: string } = JSON.parse(process.env.APPLY_RESIDENT!);
    const found = await Promise.all(Object.entries(programs).map(async ([program, flag]) => this.attach(spawn(program, [flag], {
      env: environment, stdio: ['ignore', 'pipe', 'ignore'],
    }))));
    return { TF_REATTACH_PROVIDERS: JSON.stringify(Object.assign({}, ...found)) };
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.filter(({ exitCode }) => exitCode === null).map(async (child) => new Promise((resolve) => {
      child.once('close', resolve);
      child.kill('SIGKILL');
    })));
  }

  private async attach(child: ChildProcess): Promise<object> {
    this.processes.push(child);
    for await (const line of createInterface({ input: child.stdout! })) {
      const [, address] = /TF_REATTACH_PROVIDERS='(.*)'/.exec(line) ?? [];
      if (address) {
        child.stdout!.resume();
        return JSON.parse(address);
      }
    }
    throw new Error(`${child.spawnfile} ended before it could be attached`);
  }
}
