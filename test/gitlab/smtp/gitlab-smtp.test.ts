import { GitLabEndpoint, GitLabSmtpEncryption, KeyVaultSecret } from '../../../src';
import { resources, TerraformJson } from '../../synth';
import { named, parameters, rb, VAULT } from '../server';

const readers = (json: TerraformJson) => Object.values(resources(json, 'azurerm_role_assignment'))
  .filter(({ role_definition_name: name }) => name === 'Key Vault Secrets User').map(({ scope }) => scope);

describe('the mail server', () => {
  const smtp = { host: 'smtp.example.com', fromAddress: 'gitlab@example.com', username: 'gitlab', password: KeyVaultSecret.of(VAULT, 'smtp-password') };

  test('is told to GitLab, and its password read on the machine alone', () => {
    const { json } = named({ smtp });
    expect(rb(json).filter((line) => /smtp|email/.test(line))).toEqual([
      'gitlab_rails["smtp_enable"] = true',
      'gitlab_rails["smtp_address"] = "smtp.example.com"',
      'gitlab_rails["smtp_port"] = 587',
      'gitlab_rails["smtp_domain"] = "example.com"',
      'gitlab_rails["smtp_enable_starttls_auto"] = true',
      'gitlab_rails["smtp_tls"] = false',
      'gitlab_rails["smtp_openssl_verify_mode"] = "peer"',
      'gitlab_rails["smtp_authentication"] = "login"',
      'gitlab_rails["smtp_user_name"] = "gitlab"',
      'gitlab_rails["smtp_password"] = File.read("/etc/gitlab/secrets/b5eb16ce98741db7", encoding: "UTF-8").chomp',
      'gitlab_rails["gitlab_email_from"] = "gitlab@example.com"',
      'gitlab_rails["gitlab_email_display_name"] = "GitLab"',
      'gitlab_rails["gitlab_email_reply_to"] = "gitlab@example.com"',
    ]);
    expect(JSON.parse(parameters(json, 'Secrets').SECRETS_JSON)).toEqual([
      { id: 'b5eb16ce98741db7', vault: 'mail-vault', name: 'smtp-password', read: true, named: false, wanted: { anything: 'gitlab_rails.smtp_password' } },
    ]);
    expect(readers(json)).toEqual([VAULT]);
  });

  test('may be spoken to with TLS from the start, without a sign-in', () => {
    const { json } = named({ smtp: { host: 'relay', fromAddress: 'a@b', encryption: GitLabSmtpEncryption.TLS, fromName: 'CI', replyToAddress: 'c@d' } });
    const lines = rb(json);
    expect(lines).toEqual(expect.arrayContaining([
      'gitlab_rails["smtp_port"] = 465', 'gitlab_rails["smtp_tls"] = true', 'gitlab_rails["smtp_enable_starttls_auto"] = false',
      'gitlab_rails["gitlab_email_display_name"] = "CI"', 'gitlab_rails["gitlab_email_reply_to"] = "c@d"',
    ]));
    expect(lines.join()).not.toMatch(/smtp_password|smtp_authentication|smtp_user_name/);
    expect(readers(json)).toEqual([]);
  });

  test('shares a vault with the certificate, for which one role is enough', () => {
    const endpoint = GitLabEndpoint.certificateFromKeyVault('g.example.com', KeyVaultSecret.of(VAULT.replace('mail-vault', 'Mail-Vault'), 'web'));
    expect(readers(named({ smtp, endpoint }).json)).toHaveLength(1);
  });

  test('gives way to the user\'s own settings', () => {
    expect(rb(named({ smtp, omnibusSettings: { gitlab_rails: { smtp_authentication: 'plain' } } }).json)).toContain('gitlab_rails["smtp_authentication"] = "plain"');
  });

  test.each<[string, any, string]>([
    ['it is a text', 'smtp.example.com', 'smtp: not an object, got "smtp.example.com"; give an object with its props'],
    ['the host is missing', { fromAddress: 'a@b' }, 'smtp.host: missing, got nothing; give a DNS name in lower case such as "host.example.com"'],
    ['the host has a scheme', { ...smtp, host: 'smtp://x' }, 'smtp.host: not a valid value, got "smtp://x"; give a DNS name in lower case such as "host.example.com"'],
    ['the port is one for TLS', { ...smtp, port: 465 },
      'smtp.port: servers encrypt from the start at this port, got 465; set smtp.encryption to GitLabSmtpEncryption.TLS, or give 587'],
    ['the port is one that Azure closes', { ...smtp, port: 25 }, 'smtp.port: Azure blocks outbound mail on this port, got 25; give 587, or 465 with GitLabSmtpEncryption.TLS'],
    ['the port is none', { ...smtp, port: 0 }, 'smtp.port: out of range, got 0; give a whole number from 1 to 65535'],
    ['nothing is encrypted', { ...smtp, encryption: 'none' }, 'smtp.encryption: not supported, got "none"; give one of "starttls", "tls"'],
    ['there is no password', { ...smtp, password: undefined }, 'smtp.password: missing beside smtp.username, got nothing; name the Key Vault secret that holds it'],
    ['there is no user', { ...smtp, username: undefined }, 'smtp.username: missing beside smtp.password, got nothing; give the user name too'],
    ['the password is a text', { ...smtp, password: 'secret' }, 'smtp.password: not a KeyVaultSecret, got "(hidden)"; give KeyVaultSecret.of(keyVaultId, secretName)'],
    ['the password is a map', { ...smtp, password: { keyVaultId: VAULT, secretName: 's' } },
      'smtp.password: not a KeyVaultSecret, got an object; give KeyVaultSecret.of(keyVaultId, secretName)'],
    ['nobody sends', { ...smtp, fromAddress: undefined }, 'smtp.fromAddress: missing, got nothing; give a mail address'],
    ['who answers has no address', { ...smtp, replyToAddress: 'ops' }, 'smtp.replyToAddress: not a valid value, got "ops"; give a mail address'],
    ['the name has two lines', { ...smtp, fromName: 'a\nb' }, 'smtp.fromName: not a valid value, got "a\\nb"; give 1 to 100 characters on one line'],
  ])('fails when %s', (_, given, message) => {
    expect(() => named({ smtp: given })).toThrow(new Error(`${message} (at Test/GitLab)`));
  });
});
