import { KeyVaultSecret } from '../../azure/key-vault-secret';

/** How the connection to the SMTP server is encrypted. */
export enum GitLabSmtpEncryption {
  /** Upgrades a plain connection before signing in, as on port 587. */
  STARTTLS = 'starttls',
  /** Encrypted from the start, as on port 465. */
  TLS = 'tls',
}

/**
 * Options for the SMTP server that GitLab sends mail through.
 * @see https://docs.gitlab.com/omnibus/settings/smtp/
 */
export interface GitLabSmtpOptions {
  /** The SMTP server's DNS name in lower case, such as `smtp.example.com`. */
  readonly host: string;

  /**
   * The SMTP server's port, 1 to 65535, except 25, which Azure blocks outbound.
   * @see https://learn.microsoft.com/azure/virtual-network/troubleshoot-outbound-smtp-connectivity
   * @default - 587, or 465 with GitLabSmtpEncryption.TLS
   */
  readonly port?: number;

  /**
   * How the connection is encrypted.
   * @default GitLabSmtpEncryption.STARTTLS
   */
  readonly encryption?: GitLabSmtpEncryption;

  /**
   * The user name to sign in with. Needs `password`.
   * @default - no sign-in
   */
  readonly username?: string;

  /**
   * The password to sign in with. Needs `username`. GitLab takes a changed value at `secretReloadTime`, or at once after a changed `rerun`.
   * @default - no sign-in
   */
  readonly password?: KeyVaultSecret;

  /** The sender's address. */
  readonly fromAddress: string;

  /**
   * The sender's name: one line, at most 100 characters.
   * @default 'GitLab'
   */
  readonly fromName?: string;

  /**
   * The reply-to address.
   * @default - the same as `fromAddress`
   */
  readonly replyToAddress?: string;
}
