// What docs/image-builds.md tells projects to write, against what the runner gives to jobs.
import { execFileSync } from 'child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parse } from 'yaml';
import { RunnerImageBuilds } from '../../../src/runner';
import { blocksOf } from '../../docs/pages';
import { newChart, runner } from '../chart';

const [GITLAB, AZURE, DOCKER] = blocksOf('yaml').filter(({ where }) => where.startsWith('docs/image-builds.md')).map(({ code }) => parse(code).build);
const imageOf = (builds: RunnerImageBuilds): string => runner(newChart({ imageBuilds: builds })).kubernetes.services[0].name;

/** What the commands leave in `~/.docker/config.json`, with a `wget` that answers with a token and notes what it is asked. */
function login(commands: string[], environment: { [name: string]: string }, wget = ''): { config: any; asked: string } {
  const home = mkdtempSync(join(tmpdir(), 'image-builds-'));
  try {
    writeFileSync(join(home, 'token'), 'federated');
    writeFileSync(join(home, 'wget'), `#!/bin/sh\nprintf '%s\\n' "$@" >>${'"$HOME/asked"'}\n${wget}`);
    chmodSync(join(home, 'wget'), 0o755);
    execFileSync('sh', ['-ec', commands.join('\n')], {
      env: { ...environment, HOME: home, PATH: `${home}:${process.env.PATH}`, AZURE_FEDERATED_TOKEN_FILE: join(home, 'token') }, stdio: 'pipe',
    });
    return { config: JSON.parse(readFileSync(join(home, '.docker/config.json'), 'utf8')), asked: wget && readFileSync(join(home, 'asked'), 'utf8') };
  } finally {
    rmSync(home, { recursive: true });
  }
}
const decoded = (config: any, registry: string): string => Buffer.from(config.auths[registry].auth, 'base64').toString();

test('jobs have programs of the version of their daemon', () => {
  expect([GITLAB.image.name, AZURE.image.name]).toEqual([imageOf(RunnerImageBuilds.userNamespace()), imageOf(RunnerImageBuilds.userNamespace())]);
  expect(imageOf(RunnerImageBuilds.rootlessBuildkit())).toBe(`${GITLAB.image.name}-rootless`);
  expect(DOCKER.image.replace('-cli', '-dind')).toBe(imageOf(RunnerImageBuilds.docker()));
});

test('no job says again what the runner says', () => {
  for (const job of [GITLAB, AZURE, DOCKER]) {
    expect(Object.keys(job.variables ?? {}).filter((name) => /^(BUILDKIT|DOCKER)_/.test(name))).toEqual([]);
    expect(job.services).toBeUndefined();
  }
});

test('a job signs in to GitLab\'s registry with its own token, however long that is', () => {
  const password = `glcbt-${'x'.repeat(200)}`;
  const { config } = login(GITLAB.script.slice(0, 3), { CI_REGISTRY: 'gitlab.example.com:5050', CI_REGISTRY_USER: 'gitlab-ci-token', CI_REGISTRY_PASSWORD: password });
  expect(decoded(config, 'gitlab.example.com:5050')).toBe(`gitlab-ci-token:${password}`);
});

const IDENTITY = { AZURE_CLIENT_ID: 'client', AZURE_TENANT_ID: 'tenant', AZURE_AUTHORITY_HOST: 'https://login.example.com/', ...AZURE.variables };

test('a job exchanges its pod\'s token for one of Azure\'s registry', () => {
  const { config, asked } = login(AZURE.before_script, IDENTITY, `case "$*" in
*/oauth2/v2.0/token) echo '{"token_type":"Bearer","expires_in":86399,"access_token":"of-entra"}' ;;
*/oauth2/exchange) echo '{"refresh_token":"of-the-registry"}' ;;
esac
`);
  expect(decoded(config, 'example.azurecr.io')).toBe('00000000-0000-0000-0000-000000000000:of-the-registry');
  expect(asked.split('\n')).toEqual([
    '-qO-', '--post-data', 'grant_type=client_credentials&client_id=client&scope=https://containerregistry.azure.net/.default'
      + '&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=federated', 'https://login.example.com/tenant/oauth2/v2.0/token',
    '-qO-', '--post-data', 'grant_type=access_token&service=example.azurecr.io&tenant=tenant&access_token=of-entra', 'https://example.azurecr.io/oauth2/exchange', '',
  ]);
});

test('a job that gets no token fails before it builds', () => {
  expect(() => login(AZURE.before_script, IDENTITY, 'echo "wget: server returned error: HTTP/1.1 401 Unauthorized" >&2\nexit 1\n')).toThrow(/401 Unauthorized/);
});
