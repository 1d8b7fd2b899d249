import { required, Rules, takeProps } from '../private/rules/rule';
import { text, trueOrFalse } from '../private/rules/scalars';

/** An Ubuntu image of the Azure marketplace. */
export interface UbuntuImageOptions {
  /** Who publishes it, such as `Canonical`. */
  readonly publisher: string;

  /** The offer, such as `ubuntu-24_04-lts`. */
  readonly offer: string;

  /** The plan within the offer, such as `server`. It must be of generation 2, since the machine starts with Secure Boot. */
  readonly sku: string;

  /** Ubuntu's name for the release, such as `noble`; it chooses the folder of GitLab's package repository. */
  readonly codename: string;

  /**
   * Whether the image is for Arm64 processors.
   * @default false
   */
  readonly arm64?: boolean;

  /**
   * The image's version.
   * @default 'latest'
   */
  readonly version?: string;
}

const PART = text('it as `az vm image list --output table` shows it', /^[A-Za-z0-9][A-Za-z0-9._-]*$/);

const UBUNTU_IMAGE: Rules<UbuntuImageOptions> = {
  publisher: required(PART),
  offer: required(PART),
  sku: required(PART),
  codename: required(text('the first word of the release\'s name, such as "noble"', /^[a-z]+$/)),
  arm64: trueOrFalse(),
  version: PART,
};

/**
 * The operating system of the GitLab server: an Ubuntu LTS that GitLab publishes packages for.
 *
 * Another image makes another machine. The data outlives that, but a different release sorts text differently,
 * which can corrupt PostgreSQL's indexes until they are rebuilt.
 *
 * @see https://docs.gitlab.com/install/package/
 */
export class UbuntuImage {
  /** Ubuntu 24.04 LTS, the default; GitLab plans packages for it up to version 21.11. */
  static readonly V24_04 = UbuntuImage.of({ publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', codename: 'noble' });

  /** Ubuntu 22.04 LTS (`Ubuntu2204` of the Azure CLI). GitLab plans packages for it up to version 19.11 (April 2027). */
  static readonly V22_04 = UbuntuImage.of({
    publisher: 'Canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts-gen2', codename: 'jammy',
  });

  /** Ubuntu 24.04 LTS for Arm64 processors. */
  static readonly V24_04_ARM64 = UbuntuImage.of({
    publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server-arm64', codename: 'noble', arm64: true,
  });

  /** Any other Ubuntu image of the marketplace; an empty part is refused. */
  static of(options: UbuntuImageOptions): UbuntuImage {
    const { publisher, offer, sku, codename, arm64 = false, version = 'latest' } = takeProps('UbuntuImage.of', 'options', options, UBUNTU_IMAGE);
    return new UbuntuImage(publisher, offer, sku, version, codename, arm64);
  }

  private constructor(
    /** Who publishes the image. */
    public readonly publisher: string,
    /** The offer. */
    public readonly offer: string,
    /** The plan within the offer. */
    public readonly sku: string,
    /** The image's version, or `latest`. */
    public readonly version: string,
    /** Ubuntu's name for the release. */
    public readonly codename: string,
    /** Whether it is for Arm64 processors. */
    public readonly arm64: boolean,
  ) {}
}
