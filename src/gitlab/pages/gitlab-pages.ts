import { KeyVaultSecret } from '../../azure/key-vault-secret';

/**
 * Options for GitLab Pages, which publishes static sites from projects. It is served at GitLab's web ports, under a domain of its own.
 *
 * @see https://docs.gitlab.com/administration/pages/
 */
export interface GitLabPagesOptions {
  /**
   * The domain of the sites in lower case, such as `pages.example.com`. It must not be GitLab's own name nor below it, or the sites' scripts could
   * read GitLab's cookies. Point its DNS record, and with `singleDomain` false also that of `*.<domain>`, to the same address as GitLab's own.
   */
  readonly domain: string;

  /**
   * Whether all sites share `domain`, with the group or user in the path: `https://pages.example.com/group/project`. One plain certificate is
   * enough then. It needs GitLab 17.5 or later.
   *
   * If false, each group and user has a name of its own: `https://group.pages.example.com/project`. That needs a wildcard certificate, which
   * Let's Encrypt does not issue for a server like this: set `certificate`, unless the endpoint's own covers the names or there is none.
   * @see https://docs.gitlab.com/administration/pages/#for-single-domain-sites
   * @default true
   */
  readonly singleDomain?: boolean;

  /**
   * The certificate of the domain, from a Key Vault: a certificate by its name, or a secret with a certificate and its key. The server's
   * identity is granted the role "Key Vault Secrets User" on the vault, and the server picks up a renewed certificate within a day.
   * @default - GitLab's own, which has to cover the domain if it comes from a Key Vault too
   */
  readonly certificate?: KeyVaultSecret;

  /**
   * Whether projects may keep their site to those who can see the project. If false, everybody who reaches the server can see every site,
   * which gives a warning.
   * @see https://docs.gitlab.com/administration/pages/#access-control
   * @default true
   */
  readonly accessControlEnabled?: boolean;
}
