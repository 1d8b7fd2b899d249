/**
 * Which of GitLab's two packages is installed.
 * @see https://about.gitlab.com/install/ce-or-ee/
 */
export enum GitLabEdition {
  /** Community Edition (`gitlab-ce`), free software only. */
  CE = 'ce',
  /** Enterprise Edition (`gitlab-ee`), which behaves like the other one until a licence is put in. */
  EE = 'ee',
}
