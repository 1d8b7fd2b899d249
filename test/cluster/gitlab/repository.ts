// The project's repository, served by git's own CGI program.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Repository {
  readonly commit: string;
  private readonly root = mkdtempSync(join(tmpdir(), 'repository-'));

  constructor() {
    const work = join(this.root, 'work');
    const git = (...args: string[]) => execFileSync('git', ['-C', work, '-c', 'user.name=tester', '-c', 'user.email=tester@example.com', ...args], { encoding: 'utf8' }).trim();
    execFileSync('git', ['init', '--quiet', '--initial-branch=main', work]);
    writeFileSync(join(work, 'README.md'), 'a file of the repository\n');
    git('add', '.');
    git('commit', '--quiet', '--message', 'first');
    this.commit = git('rev-parse', 'HEAD');
    execFileSync('git', ['clone', '--quiet', '--bare', work, join(this.root, 'group/project.git')]);
    execFileSync('git', ['-C', join(this.root, 'group/project.git'), 'config', 'uploadpack.allowAnySHA1InWant', 'true']);
  }

  answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url!, 'https://gitlab.example.com');
    const { stdout } = spawnSync('git', ['http-backend'], {
      input: body,
      maxBuffer: 2 ** 26,
      env: {
        PATH: process.env.PATH, GIT_PROJECT_ROOT: this.root, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: pathname, QUERY_STRING: searchParams.toString(),
        REQUEST_METHOD: request.method, CONTENT_TYPE: request.headers['content-type'] ?? '', CONTENT_LENGTH: String(body.length),
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '', GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      },
    });
    const end = stdout.indexOf('\r\n\r\n');
    const headers = Object.fromEntries(stdout.subarray(0, end).toString().split('\r\n').map((line) => line.split(': ') as [string, string]));
    response.writeHead(Number.parseInt(headers.Status ?? '200', 10), headers).end(stdout.subarray(end + 4));
  }
}
