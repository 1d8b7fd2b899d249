// GitLab's API of projects, as somebody with a personal token calls it: files that become commits, pipelines of a `.gitlab-ci.yml`, their jobs and logs. Projects and
// files are in the database of the machine's GitLab, so that its backups hold them; pipelines are not. It queues jobs for the runner, as tests do.
// Not checked: branches, rights, stages that wait for others, pages of lists, what makes a `.gitlab-ci.yml` wrong.
import { createHash, randomBytes } from 'node:crypto';
import { parse } from 'yaml';
import { FurtherAnswer, FurtherCall, Job, JobOptions } from '../../cluster/gitlab/gitlab';
import { changeDatabase, readDatabase } from '../../firstboot/harness/gitlab-database';
import { Machine } from '../../firstboot/harness/machine';

const CI = '.gitlab-ci.yml';

interface Pipeline { readonly id: number; readonly commit: string; readonly jobs: { readonly name: string; readonly job: Job }[] }

export class Projects {
  private readonly pipelines: Pipeline[] = [];

  constructor(
    private readonly machine: Machine, private readonly queue: (options: JobOptions) => Promise<Job>, private readonly version: () => Promise<string>,
  ) {}

  async answer({ method, url, token = '', body }: FurtherCall): Promise<FurtherAnswer | undefined> {
    const { personal_access_tokens: tokens = [], projects = [] } = await readDatabase(this.machine);
    if (!tokens.some(({ digest }: any) => digest === createHash('sha256').update(token).digest('hex'))) {
      return { status: 401, content: { message: '401 Unauthorized' } };
    }
    const path = url.pathname.replace('/api/v4', '');
    if (path === '/version') {
      return { status: 200, content: { version: await this.version() } };
    }
    if (method === 'POST' && path === '/projects') {
      return this.create(JSON.parse(body.toString()).name, projects);
    }
    const [, id, what = ''] = /^\/projects\/(\d+)\/(.*)$/.exec(path) ?? [];
    const project = projects.find((one: any) => one.id === Number(id));
    if (!project) {
      return { status: 404, content: { message: '404 Project Not Found' } };
    }
    return method === 'POST' && what === 'repository/commits' ? this.commit(project, JSON.parse(body.toString())) : method === 'GET' ? this.read(project, what, url.searchParams) : undefined;
  }

  private async create(name: string, projects: any[]): Promise<FurtherAnswer> {
    const id = Math.max(0, ...projects.map((one) => one.id)) + 1;
    await this.change(`(database["projects"] ||= []) << ${ruby({ id, full_path: `root/${name}`, members: ['root'], files: {} })}`);
    return { status: 201, content: { id, path_with_namespace: `root/${name}` } };
  }

  private async commit({ id, files = {} }: any, { actions }: any): Promise<FurtherAnswer> {
    const wrong = actions.find(({ action, file_path: file }: any) => (action === 'create') === (file in files));
    if (wrong) {
      return { status: 400, content: { message: `A file with this name ${wrong.action === 'create' ? 'already exists' : 'doesn\'t exist'}` } };
    }
    const changed = Object.fromEntries(actions.map(({ file_path: file, content }: any) => [file, content]));
    await this.change(`(database["projects"].find { |one| one["id"] == ${id} }["files"] ||= {}).merge!(${ruby(changed)})`);
    const commit = randomBytes(20).toString('hex');
    if (changed[CI]) {
      const { stages: _, ...jobs } = parse(changed[CI]);
      this.pipelines.push({
        id: this.pipelines.length + 1, commit,
        jobs: await Promise.all(Object.entries<any>(jobs).map(async ([name, { script }]) => ({ name, job: await this.queue({ script }) }))),
      });
    }
    return { status: 201, content: { id: commit } };
  }

  private read({ files = {} }: any, what: string, query: URLSearchParams): FurtherAnswer {
    const [, file] = /^repository\/files\/([^/]+)\/raw$/.exec(what) ?? [];
    if (file !== undefined) {
      const content = files[decodeURIComponent(file)];
      return content === undefined ? { status: 404, content: { message: '404 File Not Found' } } : { status: 200, content };
    }
    if (what === 'pipelines') {
      return { status: 200, content: this.pipelines.filter(({ commit }) => commit === query.get('sha')).map(({ id }) => ({ id })) };
    }
    const [, pipeline] = /^pipelines\/(\d+)\/jobs$/.exec(what) ?? [];
    const found = this.pipelines.find(({ id }) => id === Number(pipeline));
    if (found) {
      return { status: 200, content: found.jobs.map(({ name, job }) => ({ id: job.id, name, status: job.states.at(-1) ?? 'pending', failure_reason: job.failureReason })) };
    }
    const [, job] = /^jobs\/(\d+)\/trace$/.exec(what) ?? [];
    const own = this.pipelines.flatMap(({ jobs }) => jobs).find((one) => one.job.id === Number(job));
    return own ? { status: 200, content: own.job.trace } : { status: 404, content: { message: '404 Not Found' } };
  }

  private change(script: string): Promise<void> {
    return changeDatabase(this.machine, script);
  }
}

/** A value as an expression of Ruby. */
function ruby(value: unknown): string {
  return `JSON.parse("${Buffer.from(JSON.stringify(value)).toString('base64')}".unpack1("m").force_encoding("UTF-8"))`;
}
