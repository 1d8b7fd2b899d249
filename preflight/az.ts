import { execFile } from 'child_process';
import { aboutSignIn, NOT_INSTALLED } from './sign-in-errors';
import { InputError } from '../command/input-error';

const TIMEOUT_MS = 120_000;
const LARGEST_ANSWER_BYTES = 2 ** 28;
/** How many `az` run at once: each is a process of its own, of 100 MB and more. */
const AT_ONCE = 4;

/** Azure did not answer a question, or refused it. */
export class AzureError extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
  }
}

/** Asks Azure through the Azure CLI: it knows who is signed in, in which cloud, and by way of which proxy. */
export class Az {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  /** What a path of Resource Manager answers; of a list all pages. */
  async get(path: string, apiVersion: string, query: { readonly [name: string]: string } = {}): Promise<any> {
    const parameters = Object.entries({ 'api-version': apiVersion, ...query }).map(([name, value]) => `${name}=${value}`);
    const answer = await this.rest('--method', 'get', '--url', path, '--url-parameters', ...parameters);
    for (let { nextLink } = answer; nextLink;) {
      const page = await this.rest('--method', 'get', '--url', nextLink);
      answer.value.push(...page.value);
      nextLink = page.nextLink;
    }
    return answer;
  }

  /** For the questions that Azure takes in a body; none changes anything. */
  ask(path: string, apiVersion: string, body: unknown): Promise<any> {
    return this.rest('--method', 'post', '--url', path, '--url-parameters', `api-version=${apiVersion}`, '--body', JSON.stringify(body));
  }

  /** Who is signed in, and where. */
  account(): Promise<{ id: string; name: string; tenantId: string; environmentName?: string; user: { name: string } }> {
    return this.json('account', 'show');
  }

  /** That there is a token for another service; the token itself stays with the CLI. */
  async token(resource: string, tenantId: string): Promise<void> {
    await this.json('account', 'get-access-token', '--resource', resource, '--tenant', tenantId, '--query', 'expires_on');
  }

  private rest(...args: string[]): Promise<any> {
    return this.json('rest', ...args);
  }

  private async json(...args: string[]): Promise<any> {
    if (this.running >= AT_ONCE) {
      await new Promise<void>((go) => this.waiting.push(go));
    }
    this.running += 1;
    try {
      const text = await run([...args, '--only-show-errors', '--output', 'json'], this.environment);
      return text.trim() === '' ? {} : JSON.parse(text);
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }
}

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('az', args, { env, timeout: TIMEOUT_MS, maxBuffer: LARGEST_ANSWER_BYTES }, (error, stdout, stderr) => {
      if (!error) {
        resolve(stdout);
      } else if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        reject(new InputError(NOT_INSTALLED));
      } else {
        reject(explained(error.killed ? `no answer within ${TIMEOUT_MS / 1000} s` : stderr));
      }
    });
  });
}

function explained(stderr: string): Error {
  const signIn = aboutSignIn(stderr);
  if (signIn) {
    return new AzureError('SignIn', signIn);
  }
  const code = /"code":\s*"(\w+)"/.exec(stderr)?.[1] ?? 'Unknown';
  const message = /"message":\s*"((?:[^"\\]|\\.)*)"/.exec(stderr)?.[1] ?? stderr.trim().split('\n').at(-1)!.replace(/^ERROR: /, '');
  return new AzureError(code, code === 'Unknown' ? message : `${code}: ${message.replace(/\\"/g, '"').replace(/(\\r)?\\n/g, ' ')}`);
}
