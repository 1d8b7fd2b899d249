import { takeValue } from '../private/rules/rule';
import { knownText } from '../private/rules/scalars';

const VERSION = knownText('major, minor and patch, such as "19.4.1"', /^\d{1,6}(\.\d{1,6}){2}$/);

/**
 * A GitLab version as `major.minor.patch`. The patch decides which package is installed.
 *
 * @see https://about.gitlab.com/releases/
 */
export class GitLabVersion {
  /** GitLab 18.11, the last of its major version and a required stop on the way to 19. */
  static readonly V18_11 = GitLabVersion.of('18.11.11');

  /** GitLab 19.2, a required stop. */
  static readonly V19_2 = GitLabVersion.of('19.2.4');

  /** GitLab 19.4 (September 2026), the default. */
  static readonly V19_4 = GitLabVersion.of('19.4.1');

  /**
   * Any version that GitLab publishes a package of.
   * @param version such as `19.4.1`; anything but three numbers with dots is refused.
   */
  static of(version: string): GitLabVersion {
    const [major, minor, patch] = takeValue('GitLabVersion.of', 'version', version, VERSION).split('.').map(Number);
    return new GitLabVersion(major, minor, patch);
  }

  private constructor(
    /** The major version. */
    public readonly major: number,
    /** The minor version. */
    public readonly minor: number,
    /** The patch. */
    public readonly patch: number,
  ) {}

  /** The version as text, such as `19.4.1`. */
  get version(): string {
    return `${this.major}.${this.minor}.${this.patch}`;
  }
}
