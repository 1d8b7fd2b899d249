/**
 * The edition of GitLab, that is, which of its two packages is installed.
 * @see https://about.gitlab.com/install/ce-or-ee/
 */
export enum GitLabEdition {
  /** Community Edition (`gitlab-ce`), free software only. */
  CE = 'ce',
  /** Enterprise Edition (`gitlab-ee`), which behaves like Community Edition until a licence is added. */
  EE = 'ee',
}
