import { request } from 'https';
import { Refuted } from './outcome';
import { NotYet } from './patience';

const TIMEOUT_MS = 60_000;
const BRANCH = 'main';
const CI = '.gitlab-ci.yml';

/** A job as GitLab tells of it. */
export interface Job {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly failure_reason?: string;
}

/** GitLab's API, as somebody with a token calls it from outside. */
export class GitLabApi {
  private files = new Set<string>();

  constructor(private readonly url: string, private readonly authority: string, private readonly token: string) {}

  get host(): string {
    return new URL(this.url).hostname;
  }

  async version(): Promise<string> {
    return (await this.call('GET', '/version')).version;
  }

  /** @returns the project's id */
  async createProject(name: string): Promise<number> {
    this.files = new Set();
    return (await this.call('POST', '/projects', { name, visibility: 'private', auto_devops_enabled: false })).id;
  }

  /** Writes a file; a pipeline comes of it if there are jobs. @returns the commit */
  async commit(project: number, file: string, content: string): Promise<string> {
    const action = this.files.has(file) ? 'update' : 'create';
    const { id } = await this.call('POST', `/projects/${project}/repository/commits`, {
      branch: BRANCH, commit_message: `${action} ${file}`, actions: [{ action, file_path: file, content }],
    });
    this.files.add(file);
    return id;
  }

  async read(project: number, file: string): Promise<string> {
    return this.call('GET', `/projects/${project}/repository/files/${encodeURIComponent(file)}/raw?ref=${BRANCH}`);
  }

  /** Pushes jobs. @returns the id of their pipeline, once there is one */
  async pushJobs(project: number, ci: string): Promise<() => Promise<number | undefined>> {
    const commit = await this.commit(project, CI, ci);
    return async () => (await this.call('GET', `/projects/${project}/pipelines?sha=${commit}`))[0]?.id;
  }

  jobs(project: number, pipeline: number): Promise<Job[]> {
    return this.call('GET', `/projects/${project}/pipelines/${pipeline}/jobs`);
  }

  log(project: number, job: number): Promise<string> {
    return this.call('GET', `/projects/${project}/jobs/${job}/trace`);
  }

  private async call(method: string, path: string, body?: object): Promise<any> {
    const { status, text, type } = await this.send(method, `/api/v4${path}`, body);
    if (status >= 500 || status === 429) {
      throw new NotYet(`GitLab answers ${status}`);
    }
    if (status >= 400) {
      throw new Refuted(`GitLab answers ${method} ${path.split('?')[0]} with ${status}: ${text.slice(0, 300)}`);
    }
    return type.includes('json') ? JSON.parse(text) : text;
  }

  private send(method: string, path: string, body?: object): Promise<{ status: number; text: string; type: string }> {
    const content = body && JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, this.url), {
        method, ca: this.authority, timeout: TIMEOUT_MS,
        headers: { 'private-token': this.token, ...content ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) } : {} },
      }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk)).on('error', reject)
          .on('end', () => resolve({ status: response.statusCode!, text: Buffer.concat(chunks).toString(), type: response.headers['content-type'] ?? '' }));
      });
      asked.on('timeout', () => asked.destroy(new Error('no answer in time'))).on('error', ({ message }) => reject(new NotYet(`GitLab is not reached: ${message}`)));
      asked.end(content);
    });
  }
}
