import { GitLabVersion } from './gitlab-version';

/** What is known of a GitLab that something else made. */
export interface GitLabAttributes {
  /** The address, such as `https://gitlab.com`; anything but `http://` or `https://` and a host is refused. A final slash is dropped. */
  readonly gitlabUrl: string;

  /**
   * The version that runs there; a runner takes the same major and minor.
   * @default - unknown
   */
  readonly gitlabVersion?: GitLabVersion;

  /**
   * The certificate of a private authority that signed GitLab's, PEM; anything else is refused.
   * @default - none: GitLab's certificate is one that everybody trusts
   */
  readonly caCertificate?: string;
}
