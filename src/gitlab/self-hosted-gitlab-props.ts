import { GitLabBackupOptions } from './gitlab-backup';
import { GitLabDataDiskBackupOptions } from './gitlab-data-disk-backup';
import { GitLabEdition } from './gitlab-edition';
import { GitLabEndpoint } from './gitlab-endpoint';
import { GitLabHardeningOptions } from './gitlab-hardening';
import { GitLabObjectStorageOptions } from './gitlab-object-storage';
import { GitLabRegistryOptions } from './gitlab-registry';
import { GitLabSmtpOptions } from './gitlab-smtp';
import { GitLabVersion } from './gitlab-version';
import { ManagedDiskType } from './managed-disk-type';
import { SshPublicKey } from './ssh-public-key';
import { UbuntuImage } from './ubuntu-image';

/**
 * A GitLab server on one Azure VM.
 *
 * Names, `location`, `zone`, `adminUsername`, `image` and `osDiskType` are fixed when the server is made: Azure can change them only
 * by replacing something, which `preventDestroy` stops at plan time. The network stays where it is. All other props may change at any time.
 */
export interface SelfHostedGitLabProps {
  /**
   * The region's short name, such as `koreacentral`; others are refused. A later change would replace everything.
   * @see https://learn.microsoft.com/azure/reliability/regions-list
   */
  readonly location: string;

  /**
   * The name of the resource group that is made, by Azure's rules; others are refused. A later change would replace everything.
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
   * @default - made from the construct's path
   */
  readonly resourceGroupName?: string;

  /**
   * A resource group that exists already, to put everything into. Together with `resourceGroupName` it is refused.
   * @default - a resource group is made
   */
  readonly existingResourceGroupName?: string;

  /**
   * The machine's name, unique in its resource group, and the beginning of the names of its disk, address and network. At most 60 letters,
   * digits and `-`; others
   * are refused. A later change would replace the server.
   * @default 'gitlab-vm'
   */
  readonly virtualMachineName?: string;

  /**
   * The machine's name below `<location>.cloudapp.azure.com`, unique in the region: 3 to 63 lower-case letters, digits and `-`;
   * others are refused.
   * @default - `gitlab-` and eight digits that follow from the subscription and the construct's path
   */
  readonly dnsLabel?: string;

  /**
   * The Key Vault for the server's own secrets, such as the first password: 3 to 24 letters, digits and `-`, unique in all of Azure;
   * others are refused. A later change would replace the vault.
   * @default - `gitlab-server-` and eight digits that follow from the subscription and the construct's path
   */
  readonly serverKeyVaultName?: string;

  /**
   * The Key Vault for the runners' tokens: 3 to 24 letters, digits and `-`, unique in all of Azure; others are refused.
   * A later change would replace the vault.
   * @default - `gitlab-runner-` and eight digits that follow from the subscription and the construct's path
   */
  readonly runnerKeyVaultName?: string;

  /**
   * The size of the machine. Refused: less than 2 vCPU or 4 GiB of memory, sizes that cannot start with Secure Boot, sizes without
   * premium storage where a disk needs it. Warned of: burstable sizes, sizes that Microsoft retires, less than 8 GiB.
   *
   * A later change restarts the machine. Azure cannot change between sizes with and without a temporary disk, nor from a version up to
   * 5 (SCSI) to a version from 6 on (NVMe).
   * @see https://learn.microsoft.com/azure/virtual-machines/sizes/overview
   * @default 'Standard_D4s_v5'
   */
  readonly vmSize?: string;

  /**
   * The availability zone, `1`, `2` or `3`; others are refused. A later change would replace the server and its data.
   * @see https://learn.microsoft.com/azure/reliability/availability-zones-overview
   * @default - Azure chooses
   */
  readonly zone?: string;

  /**
   * The operating system. An image for another kind of processor than the size's is refused. A later change would replace the server,
   * not its data.
   * @default UbuntuImage.V24_04
   */
  readonly image?: UbuntuImage;

  /**
   * The administrator's name on the machine: at most 32 lower-case letters, digits, `-` and `_`; others and names that Azure, Ubuntu
   * or GitLab reserve are refused. A later change would replace the server.
   * @default 'azureuser'
   */
  readonly adminUsername?: string;

  /**
   * The administrator's key. Azure never changes it on a machine that exists, so a later change of it plans nothing.
   * @default - SshPublicKey.none(): nobody can sign in
   */
  readonly sshPublicKey?: SshPublicKey;

  /**
   * The system disk's size in GB, from 30 to 4095; others are refused. It can only grow, which no check here can see.
   * @default 64
   */
  readonly osDiskSizeGb?: number;

  /**
   * The kind of the system disk. A later change would replace the server.
   * @default ManagedDiskType.PREMIUM_LRS
   */
  readonly osDiskType?: ManagedDiskType;

  /**
   * The size in GB of the disk that holds repositories, database and secrets, from 16 to 32767; others are refused.
   * It can only grow, which no check here can see: a smaller number fails the apply.
   * @default 128
   */
  readonly dataDiskSizeGb?: number;

  /**
   * The kind of the data disk. A later change stops the machine for the time it takes. Together with `zone`, a change between LRS and
   * ZRS would replace the disk, which `preventDestroy` stops.
   * @default ManagedDiskType.PREMIUM_LRS
   */
  readonly dataDiskType?: ManagedDiskType;

  /**
   * Which of GitLab's packages is installed.
   * @default GitLabEdition.CE
   */
  readonly edition?: GitLabEdition;

  /**
   * The version of GitLab. A later one upgrades the server within the apply, if GitLab allows the step from the installed version, or
   * `upgradeThroughStops` the way there; an earlier one and one that GitLab does not publish fail the apply.
   * @see https://docs.gitlab.com/update/upgrade_paths/
   * @default GitLabVersion.V19_4
   */
  readonly version?: GitLabVersion;

  /**
   * Whether an apply may upgrade over several versions that GitLab requires on the way to `version`, the newest patch of each: with
   * services ready, a backup and no background migration left before each step. It stops where time runs out, and the next apply goes on.
   * Otherwise an apply takes one step, and fails with the way there if more are needed.
   * @see https://docs.gitlab.com/update/upgrade_paths/
   * @default false
   */
  readonly upgradeThroughStops?: boolean;

  /**
   * The address and where its certificate comes from.
   * @default - GitLabEndpoint.https(): HTTPS on the machine's name in Azure's domain
   */
  readonly endpoint?: GitLabEndpoint;

  /**
   * A subnet that exists, by its ARM id, instead of a network of its own. It needs a way out to the Internet only if its routes take
   * away the one that the public address gives. Other ids are refused. Azure cannot move a machine that exists to another network:
   * a later change fails the apply.
   * @default - a virtual network with one subnet is made
   */
  readonly subnetId?: string;

  /**
   * The addresses of the network that is made, an IPv4 block from /8 to /29; refused together with `subnetId`. Choose a block that
   * no network overlaps with which may be peered one day. A later change takes the default subnet along, which Azure refuses while the
   * server is in it: the apply fails.
   * @default '10.40.0.0/24'
   */
  readonly virtualNetworkCidr?: string;

  /**
   * The addresses of the subnet that is made, within `virtualNetworkCidr`, from /8 to /29; refused together with `subnetId`.
   * Azure cannot change them while the server is in the subnet.
   * @default - the whole `virtualNetworkCidr`
   */
  readonly subnetCidr?: string;

  /**
   * Who reaches GitLab's web ports 80 and 443, as IPv4 blocks; anything else and overlapping blocks are refused. `[]` closes them to
   * all but those that `allowWebFrom` lets in, such as the runners of this library.
   * @default ['0.0.0.0/0']
   */
  readonly webAllowedCidrs?: string[];

  /**
   * Who reaches port 80 where others may than reach 443, as IPv4 blocks; anything else and overlapping blocks are refused. With HTTPS,
   * port 80 only leads to 443 and answers the checks of Let's Encrypt, which come from everywhere.
   * @default - the same as `webAllowedCidrs`
   */
  readonly httpAllowedCidrs?: string[];

  /**
   * Who reaches port 22, as IPv4 blocks; anything else and overlapping blocks are refused. The port serves git over SSH as well as the
   * administrator's sign-in. Closed, git works over HTTPS only.
   * @default []
   */
  readonly sshAllowedCidrs?: string[];

  /**
   * The priority of the rule for port 80 in the network security group, 100 to 999; a lower number wins. Others, and two rules with
   * the same one, are refused. Numbers from 1000 on belong to `allowWebFrom`.
   * @see https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
   * @default 100
   */
  readonly httpRulePriority?: number;

  /**
   * The priority of the rule for port 443, likewise.
   * @default 110
   */
  readonly httpsRulePriority?: number;

  /**
   * The priority of the rule for port 22, likewise.
   * @default 120
   */
  readonly sshRulePriority?: number;

  /**
   * The users and groups, by their object ids in Entra, that may read the server's secrets, the first password among them.
   * Anything but UUIDs is refused.
   * @default - nobody; an output tells how to grant it
   */
  readonly administratorObjectIds?: string[];

  /**
   * What is made safe in the first minute, before anybody signs in.
   * @default - all of it, as the options say
   */
  readonly hardening?: GitLabHardeningOptions;

  /**
   * Backups of the whole server to Blob storage, by a timer of the machine. The data disk alone protects from losing the machine, not
   * from losing the disk.
   * @see https://docs.gitlab.com/administration/backup_restore/
   * @default - none
   */
  readonly backup?: GitLabBackupOptions;

  /**
   * Snapshots of the data disk by Azure Backup: a second way, more often and sooner back than `backup`, but no further away than the disk.
   * @see https://learn.microsoft.com/azure/backup/disk-backup-overview
   * @default - none
   */
  readonly dataDiskBackup?: GitLabDataDiskBackupOptions;

  /**
   * The mail server that GitLab sends through.
   * @see https://docs.gitlab.com/omnibus/settings/smtp/
   * @default - GitLab sends no mail that arrives: Azure lets none out on port 25
   */
  readonly smtp?: GitLabSmtpOptions;

  /**
   * The container registry. Refused with `GitLabEndpoint.http()`.
   * @see https://docs.gitlab.com/administration/packages/container_registry/
   * @default - none
   */
  readonly registry?: GitLabRegistryOptions;

  /**
   * Blob storage for artifacts, uploads and the like. It needs GitLab 17.9 or later.
   * @see https://docs.gitlab.com/administration/object_storage/
   * @default - all of it is on the data disk
   */
  readonly objectStorage?: GitLabObjectStorageOptions;

  /**
   * Any further settings of `gitlab.rb` as data, such as `{ gitlab_rails: { time_zone: 'Asia/Seoul' } }`. They win over what this
   * library tunes; settings that it must own are refused. Values and whole sections may be references; a section that turns out to hold
   * what is refused fails the apply.
   * @see https://docs.gitlab.com/omnibus/settings/configuration/
   * @default - none
   */
  readonly omnibusSettings?: { readonly [key: string]: any };

  /**
   * Whether GitLab is trimmed for a machine with little memory: two web workers, less of Sidekiq, no monitoring, no agent server.
   * @see https://docs.gitlab.com/omnibus/settings/memory_constrained_envs/
   * @default - true if the size has 8 GiB of memory or less
   */
  readonly smallMachine?: boolean;

  /**
   * Whether Terraform refuses any plan that would destroy the machine, its data disk, its address, a vault, a storage account or snapshots. Set it to
   * false and apply once before tearing down; a warning reminds of it.
   * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
   * @default true
   */
  readonly preventDestroy?: boolean;

  /**
   * Whether Terraform may replace the machine alone, as for another image, while `preventDestroy` still guards data, address and
   * vaults. The new machine takes over the data disk.
   * @default false
   */
  readonly allowVirtualMachineReplacement?: boolean;

  /**
   * Any text of at most 256 characters on one line; another one runs the server's set-up again, every part of which may run at any
   * time. Longer texts are refused.
   * @default - the set-up runs again when something of it changed
   */
  readonly rerun?: string;

  /**
   * The tags of all resources that can have some, by Azure's rules; others are refused.
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   * @default - none
   */
  readonly tags?: { readonly [name: string]: string };
}
