import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Fabric } from './fabric';
import { lane, until } from './lane';
import { AZURE_NAME, PUBLIC_ADDRESS } from './program';

export interface Request {
  readonly path: string;
  readonly method?: string;
  readonly user?: string;
  readonly password?: string;
  readonly body?: string;
  readonly headers?: { readonly [name: string]: string };
  /** How long somebody waits. */
  readonly patienceMilliseconds?: number;
}

export interface Answered {
  readonly status: number;
  /** The machine that answered. */
  readonly by?: string;
  /** The header of that name. */
  readonly range?: string;
  readonly body: string;
  readonly begun: number;
  readonly ended: number;
}

// each request has a connection of its own, as those of new people have.
const CLIENT = `
const https = require('node:https');
const { address, name, ca, workers, count, every, requests } = JSON.parse(process.argv[1]);
const once = ({ path, method = 'GET', user = 'root', password, body, headers, patienceMilliseconds = 30000 }) => new Promise((resolve) => {
  const begun = Date.now();
  const end = (status, by, text, range) => resolve({ status, by, range, body: text, begun, ended: Date.now() });
  const request = https.request({ host: address, port: 443, servername: name, ca, agent: false, path, method, timeout: patienceMilliseconds, headers: { host: name, ...headers,
    ...password === undefined ? {} : { authorization: 'Basic ' + Buffer.from(user + ':' + password).toString('base64') } } }, (response) => {
    let text = '';
    response.on('data', (chunk) => { text += chunk; }).on('end', () => end(response.statusCode, response.headers['x-served-by'], text, response.headers.range))
      .on('error', (error) => end(0, undefined, error.message));
  });
  request.on('timeout', () => request.destroy(new Error('no answer'))).on('error', (error) => end(0, undefined, error.message)).end(body);
});
let left = count;
let over = false;
process.on('SIGTERM', () => { over = true; });
const work = async (number) => {
  while (left > 0 && !over) {
    left -= 1;
    process.stdout.write(JSON.stringify(await once(requests[number % requests.length])) + '\\n');
    if (every) await new Promise((resolve) => setTimeout(resolve, every));
  }
};
Promise.all(Array.from({ length: workers }, (_, number) => work(number))).then(() => process.exit());
`;

/** People outside, who know the public address, and trust the authority that signed GitLab's certificate. */
export class Outside {
  constructor(private readonly fabric: Fabric, private readonly authority: () => string) {}

  async ask(request: Request): Promise<Answered> {
    const [answer] = await new Load(this.command(1, 1, 0, [request])).finished();
    return answer;
  }

  /** People at work: so many requests, from so many workers, each of which rests between two. */
  load(request: Request, { count = 2000, workers = 8, restMilliseconds = 20 } = {}): Load {
    return new Load(this.command(workers, count, restMilliseconds, [request]));
  }

  /** A program of the host, from where people are. */
  spawn(program: string, ...args: string[]): ChildProcess {
    return spawn('nsenter', [`--net=/run/netns/${this.fabric.outside}`, program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  }

  /** git over SSH with a key. @returns the exit code and what came back */
  async ssh(keyFile: string, command: string, input = ''): Promise<{ status: number; output: string }> {
    const known = join(lane.folder, 'known_hosts');
    const child = this.spawn('ssh', '-i', keyFile, '-o', 'BatchMode=yes', '-o', `UserKnownHostsFile=${known}`, '-o', 'StrictHostKeyChecking=accept-new',
      '-o', 'ConnectTimeout=60', `git@${PUBLIC_ADDRESS}`, command);
    let output = '';
    [child.stdout!, child.stderr!].forEach((stream) => stream.on('data', (data) => { output += data; }));
    child.stdin!.end(input);
    const status = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
    return { status, output };
  }

  private command(workers: number, count: number, every: number, requests: Request[]): ChildProcess {
    return this.spawn(process.execPath, '-e', CLIENT, JSON.stringify({ address: PUBLIC_ADDRESS, name: AZURE_NAME, ca: this.authority(), workers, count, every, requests }));
  }
}

export class Load {
  readonly answers: Answered[] = [];
  private readonly done: Promise<unknown>;

  constructor(private readonly child: ChildProcess) {
    let rest = '';
    child.stdout!.on('data', (data) => {
      const lines = `${rest}${data}`.split('\n');
      rest = lines.pop()!;
      this.answers.push(...lines.map((line) => JSON.parse(line)));
    });
    child.stderr!.pipe(process.stderr);
    this.done = new Promise((resolve) => child.on('close', resolve));
  }

  get failed(): Answered[] {
    return this.answers.filter(({ status }) => status !== 200);
  }

  /** Waits for so many answers from now on. */
  async answered(more: number): Promise<void> {
    const wanted = this.answers.length + more;
    await until(`${more} answers`, () => this.answers.length >= wanted);
  }

  async stop(): Promise<readonly Answered[]> {
    this.child.kill('SIGTERM');
    return this.finished();
  }

  async finished(): Promise<readonly Answered[]> {
    await this.done;
    return this.answers;
  }
}
