import { spawnSync } from 'child_process';

/** The first of the given programs that this machine has. */
export function findTool(...names: string[]): string | undefined {
  return names.find((name) => !spawnSync(name, ['--version'], { stdio: 'ignore' }).error);
}

/**
 * `test` for what needs a program that `npm ci` does not bring. Where the program is missing the test is skipped and says so;
 * on a CI machine, which must have it, it fails.
 */
export function testWith(tool: string | undefined, wanted: string): jest.It {
  if (tool) {
    return test;
  }
  if (process.env.CI) {
    throw new Error(`${wanted} is not installed, and CI must not skip what needs it`);
  }
  console.warn(`SKIPPED, ${wanted} is not installed: tests that need it did not run`);
  return test.skip as unknown as jest.It;
}

/** The real judge of what we emit: Terraform, or OpenTofu in its place. */
export const terraform = findTool('terraform', 'tofu');

/** The reader of gitlab.rb, and what GitLab itself is written in. */
export const ruby = findTool('ruby');

/** The reader of the scripts that knows their pitfalls. */
export const shellcheck = findTool('shellcheck');
