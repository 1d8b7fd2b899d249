import { execFile } from 'child_process';
import { setTimeout as sleep } from 'timers/promises';
import { AzureError, explained, noJson, SIGN_IN } from './az-errors';
import { NOT_INSTALLED } from './sign-in-errors';
import { InputError } from '../command/input-error';

const TIMEOUT_MS = 120_000;
/** A script on a machine has to get there first, by way of Azure's agent. */
const SCRIPT_TIMEOUT_MS = 900_000;
const LARGEST_ANSWER_BYTES = 2 ** 28;
/** How many `az` run at once: each is a process of its own, of 100 MB and more. */
const AT_ONCE = 4;
/** How often a question is asked that Azure puts off. */
const ATTEMPTS = 3;

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
    return this.json(['account', 'show']);
  }

  /** Fails if Entra no longer takes the sign-in: the account is shown from a file. What else is in the way, the questions will tell. */
  async renewSignIn(): Promise<void> {
    await this.expiry().catch((error) => {
      if (error instanceof AzureError && error.code === SIGN_IN) {
        throw error;
      }
    });
  }

  /** That there is a token for another service; the token itself stays with the CLI. */
  async token(resource: string, tenantId: string): Promise<void> {
    await this.expiry('--resource', resource, '--tenant', tenantId);
  }

  private expiry(...of: readonly string[]): Promise<number> {
    return this.json(['account', 'get-access-token', ...of, '--query', 'expires_on']);
  }

  /** A token for another service, for this process alone. */
  async accessToken(resource: string, tenantId: string): Promise<string> {
    return (await this.json(['account', 'get-access-token', '--resource', resource, '--tenant', tenantId])).accessToken;
  }

  /** The last 4 kB that a script prints on a virtual machine, as root. */
  async onMachine(subscriptionId: string, group: string, name: string, script: string): Promise<string> {
    const { value: [{ message }] } = await this.json(['vm', 'run-command', 'invoke', '--subscription', subscriptionId, '--resource-group', group, '--name', name,
      '--command-id', 'RunShellScript', '--scripts', script], SCRIPT_TIMEOUT_MS);
    return /\[stdout\]\n(.*)\n\[stderr\]/s.exec(message)?.[1] ?? '';
  }

  /** Where a cluster's API server is, and whom to take it for: what `kubectl` is configured with, which goes into no file. */
  async kubeconfig(subscriptionId: string, group: string, name: string): Promise<string> {
    return this.text(['aks', 'get-credentials', '--subscription', subscriptionId, '--resource-group', group, '--name', name, '--file', '-', '--only-show-errors']);
  }

  /** Any other command, which takes no longer than a script on a machine; what it prints. */
  async command(...args: string[]): Promise<any> {
    return this.json(args, SCRIPT_TIMEOUT_MS);
  }

  private rest(...args: string[]): Promise<any> {
    return this.json(['rest', ...args]);
  }

  private async json(args: readonly string[], timeoutMs?: number): Promise<any> {
    const text = await this.text([...args, '--only-show-errors', '--output', 'json'], timeoutMs);
    return text.trim() === '' ? {} : parsed(text);
  }

  private async text(args: readonly string[], timeoutMs = TIMEOUT_MS): Promise<string> {
    if (this.running >= AT_ONCE) {
      await new Promise<void>((go) => this.waiting.push(go));
    }
    this.running += 1;
    try {
      return await patiently(() => run(args, this.environment, timeoutMs));
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }
}

/** Asks again what Azure has put off, after as long as it says. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AzureError) || error.retryAfterSeconds === undefined || attempt === ATTEMPTS) {
        throw error;
      }
      await sleep(error.retryAfterSeconds * 1000);
    }
  }
}

/** Extensions of the CLI print lines of their own, which come first. */
function parsed(text: string): any {
  for (const candidate of [text, text.slice(Math.max(text.search(/^[[{]/m), 0))]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // the next one, if there is one.
    }
  }
  throw noJson(text);
}

function run(args: readonly string[], env: NodeJS.ProcessEnv, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('az', args, { env, timeout: timeoutMs, maxBuffer: LARGEST_ANSWER_BYTES }, (error, stdout, stderr) => {
      if (!error) {
        resolve(stdout);
      } else if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        reject(new InputError(NOT_INSTALLED));
      } else {
        reject(explained(error.killed ? `no answer within ${timeoutMs / 1000} s` : stderr));
      }
    });
  });
}
