import { IConstruct } from 'constructs';
import { vaultName } from './azure-names';
import { checkArmId, checkGiven, checkInteger, checkOneOf, checkPattern, checkType, Subject } from '../../private/checks';
import { ValidationError } from '../../private/validation-error';
import { GitLabSmtpEncryption, GitLabSmtpOptions } from '../gitlab-smtp';

/** Where the scripts put the password, which gitlab.rb reads from there. */
export const SMTP_PASSWORD_FILE = '/etc/gitlab/smtp-password';

/** The mail server as gitlab.rb and the scripts have to know it. */
export interface MailPlan {
  /** Keys of the section `gitlab_rails`. */
  readonly settings: { readonly [key: string]: unknown };
  readonly password?: { readonly vaultId: string; readonly vaultName: string; readonly secretName: string };
}

export function mailPlan(options: GitLabSmtpOptions): MailPlan {
  const encryption = options.encryption ?? GitLabSmtpEncryption.STARTTLS;
  const tls = encryption === GitLabSmtpEncryption.TLS;
  return {
    settings: {
      smtp_enable: true,
      smtp_address: options.host,
      smtp_port: options.port ?? (tls ? 465 : 587),
      smtp_domain: options.host,
      smtp_enable_starttls_auto: !tls,
      smtp_tls: tls,
      smtp_openssl_verify_mode: 'peer',
      ...options.username ? { smtp_authentication: 'login', smtp_user_name: options.username } : {},
      gitlab_email_from: options.fromAddress,
      gitlab_email_display_name: options.fromName ?? 'GitLab',
      gitlab_email_reply_to: options.replyToAddress ?? options.fromAddress,
    },
    password: options.password && {
      vaultId: options.password.keyVaultId, vaultName: vaultName(options.password.keyVaultId), secretName: options.password.secretName,
    },
  };
}

const ADDRESS = /^[^\s@"'\\#$%{}]+@[^\s@"'\\#$%{}]+$/;

export function checkSmtp(where: IConstruct, options: GitLabSmtpOptions | undefined): void {
  const of = (prop: string): Subject => ({ where, prop: `smtp.${prop}` });
  checkType({ where, prop: 'smtp' }, options, 'object');
  if (options === undefined || options === null) {
    return;
  }
  checkGiven(of('host'), options.host);
  checkPattern(of('host'), options.host, /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
    'a DNS name in lower case such as "smtp.example.com"');
  checkInteger(of('port'), options.port, 1, 65535);
  if (options.port === 25) {
    throw new ValidationError(where, {
      prop: 'smtp.port', problem: 'Azure lets no mail out on it', got: 25, remedy: 'give 587, or 465 with GitLabSmtpEncryption.TLS',
    });
  }
  checkOneOf(of('encryption'), options.encryption, Object.values(GitLabSmtpEncryption));
  checkPattern(of('username'), options.username, /^[^\x00-\x1f\x7f]{1,256}$/, '1 to 256 characters on one line');
  checkPassword(where, options);
  checkGiven(of('fromAddress'), options.fromAddress);
  checkPattern(of('fromAddress'), options.fromAddress, ADDRESS, 'a mail address');
  checkPattern(of('fromName'), options.fromName, /^[^\x00-\x1f\x7f]{1,100}$/, '1 to 100 characters on one line');
  checkPattern(of('replyToAddress'), options.replyToAddress, ADDRESS, 'a mail address');
}

function checkPassword(where: IConstruct, { username, password }: GitLabSmtpOptions): void {
  const of = (prop: string): Subject => ({ where, prop: `smtp.password${prop}` });
  checkType(of(''), password, 'object');
  if ((username ?? undefined) !== undefined && !password) {
    throw new ValidationError(where, {
      prop: 'smtp.password', problem: 'missing beside smtp.username', remedy: 'name the Key Vault secret that holds it',
    });
  }
  if (!password) {
    return;
  }
  if ((username ?? undefined) === undefined) {
    throw new ValidationError(where, { prop: 'smtp.username', problem: 'missing beside smtp.password', remedy: 'say who signs in' });
  }
  checkGiven(of('.keyVaultId'), password.keyVaultId);
  checkArmId(of('.keyVaultId'), password.keyVaultId, 'Microsoft.KeyVault/vaults');
  checkGiven(of('.secretName'), password.secretName);
  checkPattern(of('.secretName'), password.secretName, /^[0-9A-Za-z-]{1,127}$/, 'at most 127 letters, digits and "-"');
}
