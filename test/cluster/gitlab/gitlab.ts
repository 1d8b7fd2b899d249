// GitLab's job API as the runner calls it, over TLS. A stand-in: no pipelines, no permissions beyond a runner's and a job's token; jobs are queued by tests.
import { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, Server } from 'node:https';
import { Repository } from './repository';
import { KeyPair } from '../../apply/azure/certificates';

export interface Job {
  readonly id: number;
  readonly token: string;
  readonly payload: any;
  /** Every state that the runner reported, in order. */
  readonly states: string[];
  trace: string;
  failureReason?: string;
  exitCode?: number;
  systemId?: string;
  /** How to reach the runner for the job's terminal. */
  session?: { readonly url: string; readonly certificate: string; readonly authorization: string };
  canceling?: boolean;
  artifacts?: Buffer;
}

/** A job's log without time stamps and colours. */
export function log(job: Job): string {
  return job.trace.replace(/^\S+Z \d\d[OE][ +]/gm, '').replace(/\x1b\[[\d;]*[mK]/g, '');
}

/** Those of GitLab's that a runner may report; a runner keeps to what it is told here. */
const FAILURE_REASONS = [
  'image_pull_failure', 'job_execution_timeout', 'runner_configuration_error', 'runner_external_dependency_failure', 'runner_system_failure', 'script_failure', 'unknown_failure',
];

export interface JobOptions {
  readonly script: string[];
  readonly afterScript?: string[];
  readonly variables?: any[];
  readonly services?: any[];
  readonly artifacts?: any[];
  readonly dependencies?: Job[];
  readonly timeoutSeconds?: number;
  /** How long GitLab says that it has waited. */
  readonly queuedSeconds?: number;
  readonly image?: string;
  /** Fetch the project's repository. */
  readonly git?: boolean;
  readonly cache?: any[];
  /** Logins of registries. */
  readonly credentials?: any[];
}

/** A call that no runner makes, and its answer. */
export interface FurtherCall { readonly method: string; readonly url: URL; readonly token?: string; readonly body: Buffer }
export interface FurtherAnswer { readonly status: number; readonly content: unknown }

export class GitLab {
  /** Answers what people call, if anybody does. */
  further?: (call: FurtherCall) => Promise<FurtherAnswer | undefined>;
  private readonly queues = new Map<string, Job[]>();
  private readonly jobs = new Map<number, Job>();
  private readonly repository = new Repository();
  private server?: Server;

  constructor(private readonly certificate: KeyPair, private readonly address: string, private readonly port: number) {}

  get url(): string {
    return `https://${this.address}:${this.port}`;
  }

  async start(): Promise<void> {
    // an end of what is idle could meet a request that is on its way
    this.server = createServer({ ...this.certificate, keepAliveTimeout: 0 }, (request, response) => {
      this.answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
    });
    await new Promise<void>((resolve) => this.server!.listen(this.port, this.address, resolve));
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => server ? server.close(resolve) : resolve(undefined));
  }

  /** Makes a runner's token known. */
  addRunner(token: string): void {
    this.queues.set(token, this.queues.get(token) ?? []);
  }

  /** Knows a runner's token no more; what is queued is for the token that takes its place. */
  replaceRunner(token: string, by: string): void {
    this.queues.set(by, this.queues.get(token) ?? []);
    this.queues.delete(token);
  }

  queue(runnerToken: string, options: JobOptions): Job {
    const id = this.jobs.size + 1;
    const token = `job-token-${id}`;
    const step = (name: string, script: string[]) => ({ name, script, timeout: options.timeoutSeconds ?? 600, when: name === 'script' ? 'on_success' : 'always', allow_failure: name !== 'script' });
    const variables = Object.entries({ CI: 'true', CI_JOB_ID: String(id), CI_JOB_TOKEN: token, CI_PROJECT_ID: '1', CI_SERVER_URL: this.url, CI_BUILDS_DIR: '/builds', CI_PROJECT_PATH: 'group/project', GIT_STRATEGY: options.git ? 'fetch' : 'none' })
      .map(([key, value]) => ({ key, value, public: true, masked: key === 'CI_JOB_TOKEN' }));
    const payload = {
      id, token, allow_git_fetch: true,
      job_info: { id, name: 'job', stage: 'test', project_id: 1, project_name: 'project', project_full_path: 'group/project', time_in_queue_seconds: options.queuedSeconds ?? 0 },
      git_info: {
        repo_url: `${this.url}/group/project.git`, ref: 'main', sha: this.repository.commit, ref_type: 'branch', refspecs: ['+refs/heads/main:refs/remotes/origin/main'], depth: 1, repo_object_format: 'sha1',
      },
      runner_info: { timeout: options.timeoutSeconds ?? 600 },
      variables: [...variables, ...options.variables ?? []],
      steps: [step('script', options.script), ...options.afterScript ? [step('after_script', options.afterScript)] : []],
      services: options.services ?? [], artifacts: options.artifacts ?? [], cache: options.cache ?? [], credentials: options.credentials ?? [],
      ...options.image ? { image: { name: options.image } } : {},
      dependencies: (options.dependencies ?? []).map((job) => ({ id: job.id, token: job.token, name: 'job', artifacts_file: { filename: 'artifacts.zip', size: job.artifacts?.length ?? 0 } })),
      features: { trace_sections: false, failure_reasons: FAILURE_REASONS },
    };
    const job: Job = { id, token, payload, states: [], trace: '' };
    this.jobs.set(id, job);
    this.queues.get(runnerToken)!.push(job);
    return job;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {chunks.push(chunk);}
    const body = Buffer.concat(chunks);
    const { pathname } = new URL(request.url!, this.url);
    const send = (status: number, content?: any, headers = {}) =>
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(content === undefined ? undefined : JSON.stringify(content));
    if (pathname.startsWith('/group/project.git/')) {
      const [login, password] = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString().split(':');
      if (login !== 'gitlab-ci-token' || ![...this.jobs.values()].some((known) => known.token === password)) {
        response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="GitLab"' }).end();
        return;
      }
      this.repository.answer(request, body, response);
      return;
    }
    if (pathname === '/api/v4/jobs/request') {
      const { token, system_id: systemId, session } = JSON.parse(body.toString());
      const queue = this.queues.get(token);
      const job = queue?.shift();
      if (job) {
        job.systemId = systemId;
        job.session = session;
        send(201, job.payload);
      } else {
        send(queue ? 204 : 403, undefined, { 'X-GitLab-Last-Update': 'never' });
      }
      return;
    }
    if (pathname === '/api/v4/runners/verify') {
      const { token } = JSON.parse(body.toString());
      const known = this.queues.has(token);
      send(known ? 200 : 403, known ? { id: 1, token, token_expires_at: null } : { message: '403 Forbidden' });
      return;
    }
    const [, id, what] = /^\/api\/v4\/jobs\/(\d+)(?:\/(\w+))?$/.exec(pathname) ?? [];
    const job = this.jobs.get(Number(id));
    if (!job) {
      const token = request.headers['private-token'] as string | undefined;
      const answer = await this.further?.({ method: request.method!, url: new URL(request.url!, this.url), token, body });
      if (answer) {
        const { status, content } = answer;
        response.writeHead(status, { 'Content-Type': typeof content === 'string' ? 'text/plain' : 'application/json' }).end(typeof content === 'string' ? content : JSON.stringify(content));
        return;
      }
      send(404, { message: `no ${pathname}` });
      return;
    }
    const status = { 'Job-Status': job.canceling ? 'canceling' : 'running' };
    if (what === undefined) {
      const report = JSON.parse(body.toString());
      job.states.push(report.state);
      job.failureReason = report.failure_reason;
      job.exitCode = report.exit_code;
      send(200, undefined, report.state === 'running' ? status : {});
    } else if (what === 'trace') {
      const start = Number(request.headers['content-range']!.split('-')[0]);
      const known = Buffer.from(job.trace, 'latin1');
      const complete = start <= known.length;
      if (complete) {job.trace = Buffer.concat([known.subarray(0, start), body]).toString('latin1');}
      send(complete ? 202 : 416, undefined, { ...status, 'Range': `0-${job.trace.length}`, 'X-GitLab-Trace-Update-Interval': '1' });
    } else if (request.method === 'POST') {
      const type = /boundary=(.+)$/.exec(request.headers['content-type']!)![1];
      const begin = body.indexOf('\r\n\r\n') + 4;
      job.artifacts = body.subarray(begin, body.indexOf(`\r\n--${type}`, begin));
      send(201, {});
    } else {
      response.writeHead(200, { 'Content-Type': 'application/zip' }).end(job.artifacts);
    }
  }
}
