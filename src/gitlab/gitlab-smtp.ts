/** How the way to the mail server is encrypted. */
export enum GitLabSmtpEncryption {
  /** From the first word, the sign-in included, after a greeting in plain text: what port 587 speaks. */
  STARTTLS = 'starttls',
  /** From the start: what port 465 speaks. */
  TLS = 'tls',
}

/** A secret that you put into a Key Vault of yours before the apply. */
export interface GitLabSmtpPassword {
  /**
   * The ARM id of the vault; other ids are refused. It must use Azure RBAC, not access policies, and its firewall must let the server in.
   * The server's identity gets the role "Key Vault Secrets User" there.
   */
  readonly keyVaultId: string;

  /** The secret's name. Letters, digits and `-`, at most 127; others are refused. A changed value is taken up by another `rerun`. */
  readonly secretName: string;
}

/**
 * The mail server that GitLab sends through. The password is neither in the program nor in the state: the server reads it from a Key Vault.
 *
 * @see https://docs.gitlab.com/omnibus/settings/smtp/
 */
export interface GitLabSmtpOptions {
  /** The mail server's name, such as `smtp.example.com`; anything but a DNS name in lower case is refused. */
  readonly host: string;

  /**
   * The mail server's port, 1 to 65535; others are refused, and 25, on which Azure lets nothing out.
   * @see https://learn.microsoft.com/azure/virtual-network/troubleshoot-outbound-smtp-connectivity
   * @default - 587, or 465 with GitLabSmtpEncryption.TLS
   */
  readonly port?: number;

  /**
   * How the way there is encrypted. There is none in plain text.
   * @default GitLabSmtpEncryption.STARTTLS
   */
  readonly encryption?: GitLabSmtpEncryption;

  /**
   * Who signs in. Without `password` it is refused.
   * @default - nobody signs in
   */
  readonly username?: string;

  /**
   * The password to sign in with. Without `username` it is refused.
   * @default - nobody signs in
   */
  readonly password?: GitLabSmtpPassword;

  /** The address that mails come from. Anything without an `@` is refused. */
  readonly fromAddress: string;

  /**
   * The name that mails come from. At most 100 characters on one line; others are refused.
   * @default 'GitLab'
   */
  readonly fromName?: string;

  /**
   * Where answers go. Anything without an `@` is refused.
   * @default - the same as `fromAddress`
   */
  readonly replyToAddress?: string;
}
