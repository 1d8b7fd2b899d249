import { execFileSync } from 'child_process';
import { constants, publicEncrypt } from 'crypto';
import { readFileSync } from 'fs';
import { createServer, Server } from 'https';
import { AddressInfo } from 'net';
import { join } from 'path';
import { AccessRequest } from '../../verify/access';
import { GitLabApi } from '../../verify/gitlab-api';
import { Platform } from '../../verify/platform';
import { Redaction } from '../../verify/redaction';
import { emptyFolder } from '../command/program';

let server: Server;
let authority: string;
let url: string;
let asked: { call: string; token?: string; body: any }[];
let answer: { status: number; body: unknown };

beforeAll(async () => {
  const [key, cert] = ['key', 'cert'].map((name) => join(emptyFolder(), name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=gitlab', '-addext', 'subjectAltName=IP:127.0.0.1',
    '-keyout', key, '-out', cert], { stdio: 'ignore' });
  authority = readFileSync(cert, 'utf8');
  server = createServer({ key: readFileSync(key), cert: authority }, (request, response) => {
    let text = '';
    request.on('data', (chunk) => { text += chunk; }).on('end', () => {
      asked.push({ call: `${request.method} ${request.url}`, token: request.headers['private-token'] as string, body: text && JSON.parse(text) });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});
beforeEach(() => {
  asked = [];
  answer = { status: 201, body: { id: 7 } };
});

test('a file is created once, and updated from then on', async () => {
  const api = new GitLabApi(url, authority, 'glpat-x');
  const project = await api.createProject('verify');
  await api.commit(project, 'one', '1');
  await api.commit(project, 'one', '2');
  expect(asked.map(({ call, token }) => `${call} ${token}`)).toEqual(['POST /api/v4/projects glpat-x', ...Array(2).fill('POST /api/v4/projects/7/repository/commits glpat-x')]);
  expect(asked.slice(1).map(({ body }) => body.actions)).toEqual([
    [{ action: 'create', file_path: 'one', content: '1' }], [{ action: 'update', file_path: 'one', content: '2' }],
  ]);
});

test('what may pass is waited for, and what will not is told with GitLab\'s words', async () => {
  const api = new GitLabApi(url, authority, 'glpat-x');
  answer = { status: 502, body: {} };
  await expect(api.version()).rejects.toThrow('GitLab answers 502');
  answer = { status: 401, body: { message: '401 Unauthorized' } };
  await expect(api.version()).rejects.toThrow('GitLab answers GET /version with 401: {"message":"401 Unauthorized"}');
  await expect(new GitLabApi(url, readFileSync(join(__dirname, '../../LICENSE'), 'utf8'), 'glpat-x').version()).rejects.toThrow('GitLab is not reached: self-signed certificate');
});

/** What the server's script prints, with a token of this text. */
function printed(script: string, token: string): string {
  const key = Buffer.from(/^echo (\S+) \|/m.exec(script)![1], 'base64').toString();
  const encrypted = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, Buffer.from(token)).toString('base64');
  return `token ${encrypted}\nauthority ${Buffer.from(authority).toString('base64')}\n`;
}

test('the server is asked for a token once, which is known to be a secret from then on', async () => {
  const scripts: string[] = [];
  const redaction = new Redaction();
  const az = { onMachine: async (...[,,, script]: string[]) => { scripts.push(script); return printed(script, 'a-token-of-gitlab'); } };
  const terraform = { outputs: async () => ({ url, server_group: 'group', machine: 'vm' }) };
  const platform = new Platform({ stack: '/nowhere', notes: { subscriptionId: 'x' } } as any, az as any, terraform as any, {} as any, redaction, () => {}, 'tenant');
  const first = await platform.gitlab();
  expect(await platform.gitlab()).toBe(first);
  expect(scripts.length).toBe(1);
  expect(redaction.text('with a-token-of-gitlab')).toBe('with <token>');
  answer = { status: 200, body: { version: '19.4.1' } };
  expect(await first.version()).toBe('19.4.1');
  expect(asked[0].token).toBe('a-token-of-gitlab');
});

test('a server that makes none says why', () => {
  expect(() => new AccessRequest().read('problem PG::ConnectionBad\n')).toThrow('the server made no token for its API: PG::ConnectionBad');
});
