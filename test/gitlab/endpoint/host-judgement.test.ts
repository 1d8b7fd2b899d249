import { Token } from 'cdktf';
import { GitLabEndpoint } from '../../../src';
import { attempt, LOCATION } from '../server';

const given = (allowed_hosts: any, endpoint?: GitLabEndpoint) =>
  () => attempt({ location: LOCATION, endpoint, omnibusSettings: { gitlab_rails: { allowed_hosts } } });
const OWN = GitLabEndpoint.customDomain('gitlab.example.com');

test.each([[['git.example.com', 'localhost']], [['example.com']], [['.gitlab.example.org']]])('hosts without GitLab\'s own name are refused: %j', (hosts) => {
  expect(given(hosts, OWN)).toThrow(new Error('omnibusSettings.gitlab_rails.allowed_hosts: without GitLab\'s own name, so that it would answer nobody, '
    + 'got […]; add "gitlab.example.com" (at Test/GitLab)'));
});

test.each<[string, any]>([
  ['it', ['localhost', 'GitLab.example.com']],
  ['it with a port', ['gitlab.example.com:443']],
  ['all names of its domain', ['.example.com']],
  ['all names below it', ['.gitlab.example.com']],
  ['nothing, by which every name is allowed', []],
  ['what only the apply knows', [Token.asString({ resolve: () => 'x' })]],
])('hosts are taken with %s', (_, hosts) => {
  expect(given(hosts, OWN)).not.toThrow();
});

test('hosts are taken where only the apply knows GitLab\'s name', () => {
  expect(given(['git.example.com'])).not.toThrow();
});
