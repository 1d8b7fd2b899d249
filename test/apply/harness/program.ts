import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';

const APP = process.env.APPLY_APP!;

/** Synthesises one stack with the packed package. @returns the stack's folder */
export function synthesise(program: (stack: TerraformStack) => void): string {
  const outdir = mkdtempSync(join(APP, 'out-'));
  const app = new App({ outdir });
  // cdktf takes thousands of stack traces, which would be a third of a synthesis
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    program(new TerraformStack(app, 'gitlab'));
    app.synth();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return join(outdir, 'stacks', 'gitlab');
}

/** Runs an example as its reader would. @returns its stacks' folders */
export function example(name: string): string[] {
  const folder = join(APP, 'examples', name);
  execFileSync('node', ['main.cjs'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const stacks = join(folder, 'cdktf.out', 'stacks');
  return readdirSync(stacks).map((stack) => join(stacks, stack));
}
