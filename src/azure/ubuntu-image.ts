import { required, Rules, takeProps } from '../private/rules/rule';
import { text, trueOrFalse } from '../private/rules/scalars';

/** Options for an Ubuntu image of the Azure Marketplace. */
export interface UbuntuImageOptions {
  /** The publisher, such as `Canonical`. */
  readonly publisher: string;

  /** The offer, such as `ubuntu-24_04-lts`. */
  readonly offer: string;

  /** The SKU within the offer, such as `server`. It must be a generation 2 image, since the VM boots with Secure Boot. */
  readonly sku: string;

  /** Ubuntu's codename for the release, such as `noble`. It selects the directory in GitLab's package repository. */
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
 * The operating system of the GitLab server: an Ubuntu LTS release that GitLab publishes packages for.
 *
 * Changing the image replaces the VM. The data survives, but a different Ubuntu release sorts text differently, which can corrupt
 * PostgreSQL's indexes until they are rebuilt.
 *
 * @see https://docs.gitlab.com/install/package/
 */
export class UbuntuImage {
  /** Ubuntu 24.04 LTS, the default. GitLab plans packages for it up to version 21.11. */
  static readonly V24_04 = UbuntuImage.of({ publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', codename: 'noble' });

  /** Ubuntu 22.04 LTS (`Ubuntu2204` in the Azure CLI). GitLab plans packages for it up to version 19.11 (April 2027). */
  static readonly V22_04 = UbuntuImage.of({
    publisher: 'Canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts-gen2', codename: 'jammy',
  });

  /** Ubuntu 24.04 LTS for Arm64 processors. */
  static readonly V24_04_ARM64 = UbuntuImage.of({
    publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server-arm64', codename: 'noble', arm64: true,
  });

  /** Any other Ubuntu image of the Azure Marketplace. */
  static of(options: UbuntuImageOptions): UbuntuImage {
    const given = takeProps('UbuntuImage.of', 'options', options, UBUNTU_IMAGE);
    return new UbuntuImage(given.publisher, given.offer, given.sku, given.version ?? 'latest', given.codename, given.arm64 ?? false);
  }

  private constructor(
    /** The publisher. */
    public readonly publisher: string,
    /** The offer. */
    public readonly offer: string,
    /** The SKU within the offer. */
    public readonly sku: string,
    /** The image's version, or `latest`. */
    public readonly version: string,
    /** Ubuntu's codename for the release. */
    public readonly codename: string,
    /** Whether the image is for Arm64 processors. */
    public readonly arm64: boolean,
  ) {}
}
