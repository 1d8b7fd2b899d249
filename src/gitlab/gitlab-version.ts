import { takeValue } from '../private/rules/rule';
import { knownText } from '../private/rules/scalars';

const MINOR = knownText('major and minor, such as "19.4"; GitLabVersion.of() takes a patch too', /^\d{1,6}\.\d{1,6}$/);
const EXACT = knownText('major, minor and patch, such as "19.4.1"; GitLabVersion.minor() takes the newest patch', /^\d{1,6}(\.\d{1,6}){2}$/);

/**
 * A GitLab version: a minor version, whose newest patch the server finds by itself, or one exact version.
 *
 * @see https://about.gitlab.com/releases/
 */
export class GitLabVersion {
  /** GitLab 18.11, the last of its major version and a required stop before 19. */
  static readonly V18_11 = GitLabVersion.minor('18.11');

  /** GitLab 19.2, a required stop. */
  static readonly V19_2 = GitLabVersion.minor('19.2');

  /** GitLab 19.4 (September 2026), the default. */
  static readonly V19_4 = GitLabVersion.minor('19.4');

  /**
   * A minor version in its newest patch: the one that GitLab publishes when the server is set up, and later ones in the maintenance window.
   * @param version two numbers with a dot, such as `19.4`.
   */
  static minor(version: string): GitLabVersion {
    return new GitLabVersion(takeValue('GitLabVersion.minor', 'version', version, MINOR));
  }

  /**
   * Exactly this version, which must be one that GitLab publishes a package for. Patches are never installed by themselves: security fixes arrive
   * when you change the number.
   * @param version three numbers with dots, such as `19.4.1`.
   */
  static of(version: string): GitLabVersion {
    return new GitLabVersion(takeValue('GitLabVersion.of', 'version', version, EXACT));
  }

  /** @internal */
  public readonly _major: number;

  /** @internal */
  public readonly _minor: number;

  /** @internal Undefined if the newest is meant. */
  public readonly _patch?: number;

  private constructor(
    /** The version as text, such as `19.4` or `19.4.1`. */
    public readonly version: string,
  ) {
    [this._major, this._minor, this._patch] = version.split('.').map(Number);
  }

  /** @internal The version without its patch. */
  public get _minorVersion(): string {
    return `${this._major}.${this._minor}`;
  }

  /** @internal */
  public _isAtLeast(major: number, minor: number): boolean {
    return this._major > major || this._major === major && this._minor >= minor;
  }

  /**
   * True from a minor version on, which is written as tables write it, such as `18.11`.
   * @internal
   */
  public _reaches(minorVersion: string): boolean {
    const [major, minor] = minorVersion.split('.').map(Number);
    return this._isAtLeast(major, minor);
  }

  /** @internal */
  public _isAfter(minorVersion: string): boolean {
    const [major, minor] = minorVersion.split('.').map(Number);
    return this._isAtLeast(major, minor + 1);
  }
}
