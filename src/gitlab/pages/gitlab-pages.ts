import { KeyVaultSecret } from '../../azure/key-vault-secret';

/**
 * Options for GitLab Pages, which publishes static sites from projects. It is served at GitLab's web ports, under a domain of its own.
 *
 * @see https://docs.gitlab.com/administration/pages/
 */
export interface GitLabPagesOptions {
  /**
   * The domain of the sites in lower case, such as `pages.example.com`. It must not be below GitLab's own name, or the sites' scripts could
   * read GitLab's cookies. Point its DNS record, and with `singleDomain` false also that of `*.<domain>`, to GitLab's address.
   */
  readonly domain: string;

  /**
   * Whether all sites share `domain`: `https://pages.example.com/group/project`. Needs GitLab 17.5 or later. If false, each group and user
   * has a name of its own, `https://group.pages.example.com/project`, so that `certificate`, or the endpoint's own, has to be a wildcard
   * certificate. Let's Encrypt issues none here.
   * @see https://docs.gitlab.com/administration/pages/
   * @default true
   */
  readonly singleDomain?: boolean;

  /**
   * The domain's certificate: a Key Vault's certificate by its name, or a secret with a certificate and its key. The server picks up a
   * renewed one within a day.
   * @default - GitLab's own, which has to cover the domain if it comes from a Key Vault too
   */
  readonly certificate?: KeyVaultSecret;

  /**
   * Whether projects may keep their site to those who can see the project. If false, everybody who reaches the server can see every site,
   * which gives a warning.
   * @see https://docs.gitlab.com/administration/pages/
   * @default true
   */
  readonly accessControlEnabled?: boolean;
}
