import { OtherNames } from '../../private/rules/rule';

/** What to do in place of names that GitLab's settings of mail and others have, where none of the props is near to them. */
export const OTHER_NAMES_OF_SMTP: OtherNames = {
  address: 'write host',
  server: 'write host',
  smtpAddress: 'write host',
  userName: 'write username',
  user: 'write username',
  smtpUserName: 'write username',
  smtpPassword: 'write password: KeyVaultSecret.of(…)',
  passwordSecret: 'write password: KeyVaultSecret.of(…)',
  ...Object.fromEntries(['from', 'sender', 'emailFrom', 'gitlabEmailFrom'].map((name) => [name, 'write fromAddress'])),
  gitlabEmailDisplayName: 'write fromName',
  ...Object.fromEntries(['replyTo', 'gitlabEmailReplyTo'].map((name) => [name, 'write replyToAddress'])),
  ...Object.fromEntries(['ssl', 'tls', 'secure', 'starttls', 'enableStarttlsAuto', 'smtpTls'].map((name) => [name, 'write encryption'])),
  authentication: bySetting('smtp_authentication'),
  domain: bySetting('smtp_domain'),
  opensslVerifyMode: bySetting('smtp_openssl_verify_mode'),
};

function bySetting(key: string): string {
  return `leave it out, or write omnibusSettings: { gitlab_rails: { ${key}: … } }`;
}
