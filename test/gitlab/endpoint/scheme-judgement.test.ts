import { GitLabEndpoint } from '../../../src';
import { attempt, LOCATION } from '../server';

const given = (omnibusSettings: any, endpoint = GitLabEndpoint.customDomain('gitlab.example.com')) => () => attempt({ location: LOCATION, endpoint, omnibusSettings });
const told = (key: string, got: string) => new Error(`omnibusSettings.${key}: plain HTTP, but the address of the server is HTTPS, so that nobody could sign in, `
  + `got "${got}"; leave it out; the endpoint decides, such as GitLabEndpoint.behindProxy() (at Test/GitLab)`);

test.each<[string, any, string]>([
  ['nginx.proxy_set_headers.X-Forwarded-Proto', { nginx: { proxy_set_headers: { 'X-Forwarded-Proto': 'http' } } }, 'http'],
  ['gitlab_rails.nginx.proxy_set_headers.x-forwarded-ssl', { gitlab_rails: { nginx: { proxy_set_headers: { 'x-forwarded-ssl': 'off' } } } }, 'off'],
  ['registry_nginx.proxy_set_headers.X-Forwarded-Proto', { registry_nginx: { proxy_set_headers: { 'X-Forwarded-Proto': 'HTTP' } } }, 'HTTP'],
])('a header that tells of plain HTTP is refused where the address is HTTPS: %s', (key, settings, got) => {
  expect(given(settings)).toThrow(told(key, got));
  expect(given(settings, GitLabEndpoint.behindProxy({ host: 'gitlab.example.com', trustedCidrs: ['10.9.0.0/24'] }))).toThrow(told(key, got));
  expect(given(settings, GitLabEndpoint.http())).not.toThrow();
});

test('other headers are taken', () => {
  expect(given({ nginx: { proxy_set_headers: { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Ssl': 'on', 'Host': '$http_host' } } })).not.toThrow();
});
