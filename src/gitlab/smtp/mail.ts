import { GitLabSmtpEncryption, GitLabSmtpOptions } from './gitlab-smtp';
import { mailSignIn } from './mail-servers';
import { keyVaultSecret } from '../../azure/access/key-vault-secret-rules';
import { also, required, Rules, Together } from '../../private/rules/rule';
import { decided, integer, oneOf } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { Section } from '../gitlab-rb/omnibus-settings';
import { hostName, line, mailAddress } from '../private/text-rules';

export const SMTP: Rules<GitLabSmtpOptions> = {
  host: required(hostName()),
  port: also(integer(1, 65535), ({ where, prop }, port) => {
    if (port === 25) {
      throw new ValidationError(where, { prop, problem: 'Azure blocks outbound mail on this port', got: port, remedy: 'give 587, or 465 with GitLabSmtpEncryption.TLS' });
    }
  }),
  // decides the port and several settings.
  encryption: decided(oneOf(Object.values(GitLabSmtpEncryption))),
  username: line(256),
  password: keyVaultSecret(),
  fromAddress: required(mailAddress()),
  fromName: line(100),
  replyToAddress: mailAddress(),
};

/** Refuses half a sign-in, and a port at which servers speak TLS from the start to whoever waits for their greeting. */
export const checkSignIn: Together<GitLabSmtpOptions> = (at, { username, password, port, encryption }) => {
  const { where } = at('username');
  if (port === 465 && encryption !== GitLabSmtpEncryption.TLS) {
    throw new ValidationError(where, {
      prop: at('port').prop, problem: 'servers encrypt from the start at this port', got: port, remedy: `set ${at('encryption').prop} to GitLabSmtpEncryption.TLS, or give 587`,
    });
  }
  if (username !== undefined && password === undefined) {
    throw new ValidationError(where, {
      prop: at('password').prop, problem: `missing beside ${at('username').prop}`, remedy: 'name the Key Vault secret that holds it',
    });
  }
  if (username === undefined && password !== undefined) {
    throw new ValidationError(where, { prop: at('username').prop, problem: `missing beside ${at('password').prop}`, remedy: 'give the user name too' });
  }
};

/** The mail server as keys of the section `gitlab_rails`. */
export function mailSettings(options: GitLabSmtpOptions): Section {
  const encryption = options.encryption ?? GitLabSmtpEncryption.STARTTLS;
  const { domain, authentication } = mailSignIn(options);
  const tls = encryption === GitLabSmtpEncryption.TLS;
  return {
    smtp_enable: true,
    smtp_address: options.host,
    smtp_port: options.port ?? (tls ? 465 : 587),
    smtp_domain: domain,
    smtp_enable_starttls_auto: !tls,
    smtp_tls: tls,
    smtp_openssl_verify_mode: 'peer',
    ...options.username ? { smtp_authentication: authentication, smtp_user_name: options.username, smtp_password: options.password } : {},
    gitlab_email_from: options.fromAddress,
    gitlab_email_display_name: options.fromName ?? 'GitLab',
    gitlab_email_reply_to: options.replyToAddress ?? options.fromAddress,
  };
}
