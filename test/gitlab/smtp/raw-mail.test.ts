import { Token } from 'cdktf';
import { GitLabSmtpEncryption } from '../../../src';
import { judgeMail } from '../../../src/gitlab/smtp/raw-mail';
import { attempt, LOCATION } from '../server';

const SERVER = { smtp_enable: true, smtp_address: 'smtp.example.com', smtp_port: 587 };
const told = (rails: any, smtp?: any) => judgeMail({ gitlab_rails: rails }, smtp).map(({ path, problem, remedy }) => `${path.join('.')}: ${problem}; ${remedy}`);
const EXCLUDED = 'TLS and STARTTLS exclude each other; set smtp_enable_starttls_auto to false for port 465, or smtp_tls to false for port 587';
const GRAPH = Object.fromEntries(['enabled', 'user_id', 'tenant', 'client_id', 'client_secret'].map((key) => [`microsoft_graph_mailer_${key}`, key === 'enabled' ? true : key]));
const INCOMING = { incoming_email_enabled: true, incoming_email_address: 'git+%{key}@example.com' };
const ANSWER = 'give one such as "incoming+%{key}@example.com"';
const NOTHING = 'nothing in it stands for what a mail answers';
const BLOCKED = 'gitlab_rails.smtp_port: Azure blocks outbound mail on port 25, which GitLab uses unless told otherwise; give 587 or 465, or name it in uncheckedOmnibusKeys for a relay in your network';

test.each<[string, any, string]>([
  ['TLS beside STARTTLS', { ...SERVER, smtp_tls: true, smtp_enable_starttls_auto: true }, `gitlab_rails.smtp_tls: ${EXCLUDED}`],
  ['an unknown way to sign in', { ...SERVER, smtp_authentication: 'ntlm' },
    'gitlab_rails.smtp_authentication: not a way to sign in that GitLab knows; give "login", "plain", "cram_md5" or false'],
  ['Ruby\'s symbol as text', { ...SERVER, smtp_authentication: ':login' },
    'gitlab_rails.smtp_authentication: not a way to sign in that GitLab knows; give "login", "plain", "cram_md5" or false'],
  ['an unknown way to look at certificates', { ...SERVER, smtp_openssl_verify_mode: 'verify_peer' }, 'gitlab_rails.smtp_openssl_verify_mode: no such mode; give "peer" or "none"'],
  ['a server that nobody switched on', { smtp_address: 'smtp.example.com' },
    'gitlab_rails.smtp_address: not read unless smtp_enable is true; set gitlab_rails.smtp_enable to true too, or set smtp instead'],
  ['port 25', { ...SERVER, smtp_port: 25 }, BLOCKED],
  ['a port for TLS without TLS', { ...SERVER, smtp_port: 465 }, 'gitlab_rails.smtp_port: servers encrypt from the start at this port; '
    + 'set smtp_tls to true and smtp_enable_starttls_auto to false, or give 587, or name it in uncheckedOmnibusKeys'],
  ['port 25 as text', { ...SERVER, smtp_port: '25' }, BLOCKED],
  ['no port, which is 25', { ...SERVER, smtp_port: undefined }, BLOCKED],
  ['TLS where servers begin without it', { ...SERVER, smtp_tls: true }, 'gitlab_rails.smtp_port: servers do not encrypt from the start at this port; '
    + 'give 465, or set smtp_tls to false and smtp_enable_starttls_auto to true, or name it in uncheckedOmnibusKeys'],
  ['Microsoft Graph without a tenant', { ...GRAPH, microsoft_graph_mailer_tenant: undefined },
    'gitlab_rails.microsoft_graph_mailer_tenant: missing, without which GitLab sends no mail; give it too, as in the registration of the application in Entra ID'],
  ['Microsoft Graph beside SMTP', { ...GRAPH, ...SERVER }, 'gitlab_rails.microsoft_graph_mailer_enabled: beside SMTP, and GitLab sends mail in one way; leave one of the two out'],
  ['mail that comes to nothing', { incoming_email_enabled: true }, `gitlab_rails.incoming_email_address: missing, without which GitLab reads no mail; ${ANSWER}`],
  ['a placeholder of another kind', { ...INCOMING, incoming_email_address: 'git+{key}@example.com' }, `gitlab_rails.incoming_email_address: ${NOTHING}; ${ANSWER}, with %{key} before the @`],
  ['a placeholder in the domain', { ...INCOMING, incoming_email_address: 'git@%{key}.example.com' }, `gitlab_rails.incoming_email_address: ${NOTHING}; ${ANSWER}, with %{key} before the @`],
  ['another way to read', { ...INCOMING, incoming_email_inbox_method: 'graph' }, 'gitlab_rails.incoming_email_inbox_method: no way to read mail that GitLab has; give "imap" or "microsoft_graph"'],
  ['a way without a mailbox', { ...INCOMING, incoming_email_inbox_method: 'microsoft_graph' },
    'gitlab_rails.incoming_email_inbox_options: missing, without which no mail is read; give tenant_id, client_id and client_secret'],
  ['a port of IMAP with TLS', { ...INCOMING, incoming_email_port: 143, incoming_email_ssl: true },
    'gitlab_rails.incoming_email_port: servers do not encrypt from the start at this port; give 993, or name it in uncheckedOmnibusKeys'],
  ['one without', { ...INCOMING, incoming_email_port: '993', incoming_email_ssl: false },
    'gitlab_rails.incoming_email_port: servers encrypt from the start at this port; set incoming_email_ssl to true, or name it in uncheckedOmnibusKeys'],
  ['Service Desk alone', { service_desk_email_enabled: true, service_desk_email_address: 'help+%{key}@example.com' },
    'gitlab_rails.service_desk_email_enabled: not read while incoming_email_enabled is not true; set up incoming_email too, with an address of its own'],
])('mail settings are refused: %s', (_, rails, message) => {
  expect(told(rails)).toEqual([message]);
});

test.each<[string, any]>([
  ['TLS', { ...SERVER, smtp_port: 465, smtp_tls: true, smtp_enable_starttls_auto: false }],
  ['TLS by its other name', { ...SERVER, smtp_port: 465, smtp_ssl: true }],
  ['another spelling', { ...SERVER, smtp_authentication: 'LOGIN' }],
  ['no sign-in', { ...SERVER, smtp_authentication: false }],
  ['a relay in the network', { ...SERVER, smtp_address: '10.1.2.3', smtp_port: 25 }],
  ['a server that is off', { ...SERVER, smtp_enable: false, smtp_port: 25 }],
  ['references', Object.fromEntries(Object.keys(SERVER).map((key) => [key, Token.asString({ resolve: () => key })]))],
  ['Microsoft Graph', GRAPH],
  ['mail that comes', { ...INCOMING, incoming_email_port: 993, incoming_email_ssl: true, service_desk_email_enabled: true, service_desk_email_address: 'help@example.com' }],
  ['mail that comes to whatever the apply knows', { ...INCOMING, incoming_email_address: Token.asString({ resolve: () => 'x' }), incoming_email_inbox_method: 'imap' }],
  ['no mail at all', { time_zone: 'UTC', gitlab_email_from: 'a@example.com' }],
])('mail settings are taken: %s', (_, rails) => {
  expect(told(rails)).toEqual([]);
});

test('what smtp says counts, too', () => {
  const smtp = { host: 'smtp.example.com', fromAddress: 'a@example.com' };
  const make = (encryption: GitLabSmtpEncryption, rails: any) => () =>
    attempt({ location: LOCATION, smtp: { ...smtp, encryption }, omnibusSettings: { gitlab_rails: rails } });
  expect(make(GitLabSmtpEncryption.STARTTLS, { smtp_tls: true })).toThrow(`omnibusSettings.gitlab_rails.smtp_tls: ${EXCLUDED.replace(';', ', got true;')} (at Test/GitLab)`);
  expect(make(GitLabSmtpEncryption.TLS, { smtp_enable_starttls_auto: true })).toThrow('omnibusSettings.gitlab_rails.smtp_enable_starttls_auto: TLS and STARTTLS exclude each other, got true; ');
  expect(make(GitLabSmtpEncryption.TLS, { smtp_pool: true })).not.toThrow();
});
