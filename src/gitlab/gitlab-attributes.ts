import { GitLabVersion } from './gitlab-version';

/** Attributes of an existing GitLab. */
export interface GitLabAttributes {
  /** GitLab's URL, such as `https://gitlab.com`, with a port and a path if it has them. A trailing slash is dropped. */
  readonly gitlabUrl: string;

  /**
   * The GitLab version. A runner uses the same major and minor version.
   * @default - unknown
   */
  readonly gitlabVersion?: GitLabVersion;

  /**
   * The certificate of the private CA that signed GitLab's certificate, in PEM.
   * @default - none: GitLab's certificate is publicly trusted
   */
  readonly caCertificate?: string;
}
