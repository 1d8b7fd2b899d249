import { TerraformProvider } from 'cdktf';
import { GitLabApplicationNodes } from './application-nodes/gitlab-application-nodes';
import { GitLabBackupOptions } from './backup/gitlab-backup';
import { GitLabDataDiskBackupOptions } from './data-disk-backup/gitlab-data-disk-backup';
import { GitLabDatabase } from './database/gitlab-database';
import { GitLabEndpoint } from './endpoint/gitlab-endpoint';
import { GitLabEdition } from './gitlab-edition';
import { GitLabVersion } from './gitlab-version';
import { GitLabHardeningOptions } from './hardening/gitlab-hardening';
import { GitLabMaintenanceWindow } from './machine/gitlab-maintenance-window';
import { GitLabNetwork } from './machine/gitlab-network';
import { GitLabObjectStorageOptions } from './object-storage/gitlab-object-storage';
import { GitLabPagesOptions } from './pages/gitlab-pages';
import { GitLabRestore } from './recovery/gitlab-restore';
import { GitLabRegistryOptions } from './registry/gitlab-registry';
import { GitLabSignIn } from './sign-in/gitlab-sign-in';
import { GitLabSmtpOptions } from './smtp/gitlab-smtp';
import { AzureLogWorkspace } from '../azure/azure-log-workspace';
import { AzureResourceGroup } from '../azure/azure-resource-group';
import { AzureSubnet } from '../azure/azure-subnet';
import { HttpProxy } from '../azure/http-proxy';
import { KeyVaultKey } from '../azure/key-vault-key';
import { ManagedDiskType } from '../azure/managed-disk-type';
import { PrivateEndpoints } from '../azure/private-endpoints';
import { SshPublicKey } from '../azure/ssh-public-key';
import { UbuntuImage } from '../azure/ubuntu-image';

/**
 * Properties of a GitLab server on one Azure VM.
 *
 * Resource names, `location`, `zone`, `adminUsername`, `image` and `osDiskType` are fixed once the server exists: Azure can change them
 * only by replacing a resource, which `preventDestroy` stops at plan time. The server cannot move to another network. All other props can
 * change at any time.
 */
export interface SelfHostedGitLabProps {
  /**
   * The Azure region, by its short name such as `koreacentral`. Changing it would replace everything.
   * @see https://learn.microsoft.com/azure/reliability/regions-list
   */
  readonly location: string;

  /**
   * The resource group to create everything in. Changing it would replace everything.
   * @default - a new one, with a name made from the construct's path
   */
  readonly resourceGroup?: AzureResourceGroup;

  /**
   * The name of the VM, unique in its resource group. The names of its disks, public address and network begin with it. At most 60 letters,
   * digits and `-`. Changing it would replace the server.
   * @default - 'gitlab-vm', or the name that an AzureNaming has for it
   */
  readonly virtualMachineName?: string;

  /**
   * The VM's DNS label below `<location>.cloudapp.azure.com`, unique in the region: 3 to 63 lower-case letters, digits and `-`. Only with a
   * public address.
   * @default - `gitlab-` and eight digits derived from the subscription and the construct's path
   */
  readonly dnsLabel?: string;

  /**
   * The name of the Key Vault for the server's own secrets, such as the initial root password: 3 to 24 letters, digits and single hyphens,
   * unique in all of Azure. Changing it would replace the vault.
   * @default - `gitlab-server-` and eight digits derived from the subscription and the construct's path
   */
  readonly serverKeyVaultName?: string;

  /**
   * The name of the Key Vault for the runners' authentication tokens: 3 to 24 letters, digits and single hyphens, unique in all of Azure.
   * Changing it would replace the vault.
   * @default - `gitlab-runner-` and eight digits derived from the subscription and the construct's path
   */
  readonly runnerKeyVaultName?: string;

  /**
   * The VM size. It needs at least 2 vCPUs and 4 GiB of memory, support for Secure Boot, and support for Premium SSD if one of the disks is
   * of that kind. Burstable sizes, sizes that Microsoft is retiring, and sizes with less than 8 GiB give a warning.
   *
   * Changing it restarts the VM, and GitLab is configured for the new number of vCPUs and the new memory. Azure cannot change between sizes with and without a temporary disk, nor from versions up to 5 (SCSI) to
   * versions from 6 on (NVMe).
   * @see https://learn.microsoft.com/azure/virtual-machines/sizes/overview
   * @default 'Standard_D4s_v5'
   */
  readonly vmSize?: string;

  /**
   * How many people will use GitLab, 1 to 1000000. A warning says if `vmSize` is too small for them by GitLab's own sizing, or if they are more
   * than one machine serves. Nothing else changes.
   * @see https://docs.gitlab.com/install/requirements/
   * @default - unknown, and no warning
   */
  readonly expectedUsers?: number;

  /**
   * The availability zone: `1`, `2` or `3`. Changing it would replace the server and its data.
   * @see https://learn.microsoft.com/azure/reliability/availability-zones-overview
   * @default - Azure chooses
   */
  readonly zone?: string;

  /**
   * The operating system image. Its processor architecture must match the VM size. Changing it would replace the VM, but not its data.
   * @default UbuntuImage.V24_04
   */
  readonly image?: UbuntuImage;

  /**
   * The administrator's user name on the VM: at most 32 lower-case letters, digits, `-` and `_`, and no name that Azure, Ubuntu or GitLab
   * reserves. Changing it would replace the server.
   * @default 'azureuser'
   */
  readonly adminUsername?: string;

  /**
   * The administrator's SSH public key. Changing it later plans nothing.
   * @default - SshPublicKey.none(): nobody can sign in
   */
  readonly sshPublicKey?: SshPublicKey;

  /**
   * The size of the OS disk in GB, 30 to 4095. It can only grow; synthesis cannot check that.
   * @default 64
   */
  readonly osDiskSizeGb?: number;

  /**
   * The type of the OS disk, which cannot be Premium SSD v2. Changing it would replace the server.
   * @default ManagedDiskType.PREMIUM_LRS
   */
  readonly osDiskType?: ManagedDiskType;

  /**
   * The size in GB of the disk that holds repositories, database and secrets, 16 to 32767. It can only grow; synthesis cannot check that,
   * and a smaller number fails the apply.
   * @default 128
   */
  readonly dataDiskSizeGb?: number;

  /**
   * The type of the data disk. Changing it stops the VM for as long as the change takes. If `zone` is set, changing between LRS and ZRS
   * would replace the disk, which `preventDestroy` stops.
   *
   * Premium SSD v2 needs `zone`. Choose it when the server is made: a disk of another type does not simply become one.
   * @see https://learn.microsoft.com/azure/virtual-machines/disks-types
   * @default ManagedDiskType.PREMIUM_LRS
   */
  readonly dataDiskType?: ManagedDiskType;

  /**
   * How many reads and writes a second a data disk of Premium SSD v2 takes, 3000 to 80000, and at most 500 for each GB of its size. GitLab
   * recommends 8000 for 1,000 users. Other types get theirs from their size. A change takes effect without a restart, at most four times a day.
   * @see https://learn.microsoft.com/azure/virtual-machines/disks-types#premium-ssd-v2-performance
   * @default - Azure's 3000, which cost nothing extra
   */
  readonly dataDiskIops?: number;

  /**
   * How many MB a second a data disk of Premium SSD v2 reads and writes, 125 to 2000, and at most a quarter of `dataDiskIops`. Other types get
   * theirs from their size. A change takes effect without a restart, at most four times a day.
   * @see https://learn.microsoft.com/azure/virtual-machines/disks-types#premium-ssd-v2-performance
   * @default - Azure's 125, which cost nothing extra
   */
  readonly dataDiskMegabytesPerSecond?: number;

  /**
   * The GitLab edition to install.
   * @default GitLabEdition.CE
   */
  readonly edition?: GitLabEdition;

  /**
   * The GitLab version: a minor version such as `GitLabVersion.minor('19.4')`, whose newest patch the server finds by itself, or an exact one
   * such as `GitLabVersion.of('19.4.1')`. The plan and the state never depend on the patch that a minor version has come to.
   *
   * A later version upgrades the server during the apply, if GitLab supports the step from the installed version or `upgradeThroughStopsAllowed`
   * covers the path. An earlier version, or one that GitLab does not publish, fails the apply. A version that GitLab publishes no security
   * fixes for gives a warning.
   * @see https://docs.gitlab.com/update/upgrade_paths/
   * @default GitLabVersion.V19_4
   */
  readonly version?: GitLabVersion;

  /**
   * Whether the server installs patch releases of its minor version by itself, in `maintenanceWindow`. GitLab is down for some minutes then.
   * Services must be ready and background migrations finished before, and a backup is made first if `backup` is set. An apply installs no patch
   * release over another. False gives a warning; it cannot be true with an exact `version`.
   * @see https://docs.gitlab.com/policy/maintenance/
   * @default true
   */
  readonly patchReleasesEnabled?: boolean;

  /**
   * Whether one apply may upgrade through GitLab's required stops on the way to `version`, to the newest patch of each. Before each step,
   * services must be ready, no background migration may be left, and a backup is made if `backup` is set. If time runs out, the upgrade
   * pauses and the next apply continues.
   *
   * If false, an apply takes one step, and fails with the upgrade path if more are needed.
   * @see https://docs.gitlab.com/update/upgrade_paths/
   * @default false
   */
  readonly upgradeThroughStopsAllowed?: boolean;

  /**
   * GitLab's address, and where its certificate comes from.
   * @default - GitLabEndpoint.https(): HTTPS on the VM's name in Azure's domain
   */
  readonly endpoint?: GitLabEndpoint;

  /**
   * How the server is reached in the network. A private address rules out `dnsLabel`, Azure's name, Let's Encrypt and Front Door.
   * @default GitLabNetwork.publicAddress()
   */
  readonly network?: GitLabNetwork;

  /**
   * The proxy by which the server reaches the Internet: for packages, certificates, webhooks and imports. GitLab's own name and address, Azure's
   * metadata service and what has `privateEndpoints` are reached without it.
   * @see https://docs.gitlab.com/omnibus/settings/environment-variables/
   * @default - none
   */
  readonly httpProxy?: HttpProxy;

  /**
   * Up to 10 CA certificates in PEM that Ubuntu and GitLab trust besides public ones: of a proxy or firewall that decrypts TLS, or of services that
   * GitLab calls. A later change reconfigures GitLab and restarts it. Can be the list of `AksCluster`.
   * @see https://docs.gitlab.com/omnibus/settings/ssl/#install-custom-public-certificates
   * @default - none
   */
  readonly customCaTrustCertificates?: string[];

  /**
   * Private endpoints for both Key Vaults and for the storage accounts of `backup` and `objectStorage`, which are then closed to the Internet. Whoever
   * reads a secret or a backup has to be in a network that reaches the endpoints. Changing it later closes or opens them in place.
   * @see https://learn.microsoft.com/azure/key-vault/general/private-link-service
   * @default - none: whoever has a role reaches them from anywhere
   */
  readonly privateEndpoints?: PrivateEndpoints;

  /**
   * The subnet for the VM. One that exists needs an outbound path of its own if `network` is a private address, or if its routes override the
   * one that the public address provides. Azure cannot move an existing VM to another network, so a later change fails the apply.
   * @default - AzureSubnet.create(): a new virtual network '10.40.0.0/24' with one subnet
   */
  readonly subnet?: AzureSubnet;

  /**
   * IPv4 CIDR blocks allowed on the web ports 80 and 443; blocks must not overlap. `[]` closes the ports to everybody except those that
   * `allowWebFrom` admits, such as this library's runners.
   * @default - ['0.0.0.0/0']; with a private address the virtual network and those connected to it
   */
  readonly webAllowedCidrs?: string[];

  /**
   * IPv4 CIDR blocks allowed on port 80, if different from 443; blocks must not overlap. With HTTPS, port 80 only redirects to 443 and
   * answers Let's Encrypt's challenges, which can come from anywhere.
   * @default - the same as `webAllowedCidrs`
   */
  readonly httpAllowedCidrs?: string[];

  /**
   * IPv4 CIDR blocks allowed on `sshPort`; blocks must not overlap. The port serves git over SSH and the administrator's sign-in. While it is
   * closed, git works over HTTPS only.
   * @default []
   */
  readonly sshAllowedCidrs?: string[];

  /**
   * The port of git over SSH and of the administrator's sign-in, 1 to 65535, except ports that GitLab's own services use. `sshAllowedCidrs` opens
   * it, git's addresses show it, and the VM's SSH server listens on it, beside 22; GitLab's own SSH server (`omnibusSettings.gitlab_sshd.enable`)
   * does so instead if it is on. GitLab's own key `gitlab_shell_ssh_port` counts like this prop.
   * @see https://docs.gitlab.com/administration/settings/visibility_and_access_controls/#configure-enabled-git-access-protocols
   * @default 22
   */
  readonly sshPort?: number;

  /**
   * The priority of the network security group's first rule: 100, 200 and so on up to 900; a lower number wins. The rules for the ports 80, 443,
   * 22 and the registry's have this priority and the next ones in steps of ten. Numbers from 1000 on are reserved for `allowWebFrom`.
   * @see https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
   * @default 100
   */
  readonly firstRulePriority?: number;

  /**
   * Entra object ids (UUIDs) of the users and groups that may read the server's secrets, the initial root password among them.
   * @default - nobody; an output shows the command that grants it
   */
  readonly secretReaderObjectIds?: string[];

  /**
   * Security settings applied before anybody signs in.
   * @default - each option's own default
   */
  readonly hardening?: GitLabHardeningOptions;

  /**
   * Scheduled backups of the whole server to Blob storage. The data disk by itself protects against losing the VM, but not against losing
   * the disk.
   * @see https://docs.gitlab.com/administration/backup_restore/
   * @default - none
   */
  readonly backup?: GitLabBackupOptions;

  /**
   * The backup that a new server starts from, such as the last one of a server whose region is lost, or the archive of a GitLab that was set up by
   * hand. The apply restores it, once, before there are runners; a server with projects is left as it is, and the apply fails. The server's
   * identity is granted the role "Storage Blob Data Reader" on the backup's two containers. Once the server is restored, removing this prop removes
   * those roles, and changes nothing else.
   * @see https://docs.gitlab.com/administration/backup_restore/restore_gitlab/
   * @default - none: a new server is empty
   */
  readonly restoreFrom?: GitLabRestore;

  /**
   * Snapshots of the data disk by Azure Backup. They complement `backup`: taken more often and faster to restore, but kept in the same
   * region as the disk.
   * @see https://learn.microsoft.com/azure/backup/disk-backup-overview
   * @default - none
   */
  readonly dataDiskBackup?: GitLabDataDiskBackupOptions;

  /**
   * Whether a Log Analytics workspace records who reads and changes the secrets in both Key Vaults and the blobs of `backup`. False gives a
   * warning.
   * @see https://learn.microsoft.com/azure/key-vault/general/logging
   * @default true
   */
  readonly auditLogsEnabled?: boolean;

  /**
   * The Log Analytics workspace for these records. Choosing one that exists later deletes the workspace that was created, with its records,
   * which Azure can recover for 14 days. Cannot be given if `auditLogsEnabled` is false.
   * @default - a new one that keeps records for 90 days
   */
  readonly logWorkspace?: AzureLogWorkspace;

  /**
   * When Azure may install security updates of the operating system and restart the VM, and when the server may install patch releases of
   * GitLab. Both make GitLab unavailable for some minutes.
   * @default - Saturdays from 22:00 UTC, for 3 hours
   */
  readonly maintenanceWindow?: GitLabMaintenanceWindow;

  /**
   * Identity providers for signing in, beside GitLab's own passwords: Entra ID, or any other provider that GitLab supports. They need HTTPS,
   * so they cannot be combined with `GitLabEndpoint.http()`.
   * @see https://docs.gitlab.com/integration/omniauth/
   * @default - passwords alone
   */
  readonly signIn?: GitLabSignIn[];

  /**
   * The SMTP server that GitLab sends mail through.
   * @see https://docs.gitlab.com/omnibus/settings/smtp/
   * @default - none: GitLab's mail does not arrive, since Azure blocks outbound port 25
   */
  readonly smtp?: GitLabSmtpOptions;

  /**
   * The container registry. It needs HTTPS, so it cannot be combined with `GitLabEndpoint.http()`.
   * @see https://docs.gitlab.com/administration/packages/container_registry/
   * @default - none
   */
  readonly registry?: GitLabRegistryOptions;

  /**
   * GitLab Pages: static sites from projects, under a domain of their own.
   * @see https://docs.gitlab.com/administration/pages/
   * @default - none
   */
  readonly pages?: GitLabPagesOptions;

  /**
   * Blob storage for artifacts, uploads and the like. Needs GitLab 17.9 or later.
   * @see https://docs.gitlab.com/administration/object_storage/
   * @default - everything is stored on the data disk
   */
  readonly objectStorage?: GitLabObjectStorageOptions;

  /**
   * Where GitLab's database is. Changing from `embedded` moves the database, during which GitLab is down; any other later change fails on a server
   * that has data. A change from `azurePostgresql` plans to delete its server; the failed step keeps it, so set the prop back then.
   * @see https://docs.gitlab.com/administration/postgresql/external/
   * @default GitLabDatabase.embedded()
   */
  readonly database?: GitLabDatabase;

  /**
   * Further machines that serve GitLab, behind a load balancer that takes over the public address. They need `objectStorage`, a `database` outside of the
   * machine, and HTTPS without a proxy.
   * @see https://docs.gitlab.com/administration/reference_architectures/
   * @default - none
   */
  readonly applicationNodes?: GitLabApplicationNodes;

  /**
   * Further `gitlab.rb` settings as data, such as `{ gitlab_rails: { time_zone: 'Asia/Seoul' } }`. They override this library's tuning, but
   * cannot set what this library has to control. Sections and keys that the version does not read are refused, and each key is written where the
   * version reads it. Values and whole sections may be references; a section that turns out to hold what is controlled fails the apply. A
   * value, at any depth, may be a `KeyVaultSecret`, which only the server reads; its identity is granted the role "Key Vault Secrets User" on
   * the vault.
   * @see https://docs.gitlab.com/omnibus/settings/configuration/
   * @default - none
   */
  readonly omnibusSettings?: { readonly [key: string]: any };

  /**
   * Names in `omnibusSettings` to write although this library does not know them for the version, or takes their values for wrong. Each is a
   * section or `section.key`, with whatever is below it. A warning says which they are.
   * @see https://docs.gitlab.com/omnibus/settings/configuration/
   * @default - none
   */
  readonly uncheckedOmnibusKeys?: string[];

  /**
   * Whether `omnibusSettings` may contain a secret as literal text or as a reference, which the Terraform state and the VM's run commands
   * then contain. Gives a warning.
   * @default false
   */
  readonly literalSecretsAllowed?: boolean;

  /**
   * The start, in UTC as `HH:MM`, of the two hours in which GitLab takes changed secrets, which restarts some of its services. The server reads the
   * Key Vaults each hour.
   * @default '03:00'
   */
  readonly secretReloadTime?: string;

  /**
   * Whether to tune GitLab for a VM with little memory: two web workers, fewer Sidekiq threads, no monitoring, no agent server.
   * @see https://docs.gitlab.com/omnibus/settings/memory_constrained_envs/
   * @default - true if the VM size has 8 GiB of memory or less
   */
  readonly lowMemoryTuningEnabled?: boolean;

  /**
   * Whether Terraform rejects any plan that would destroy the VM, its data disk, its public address, a vault, a storage account or snapshots. To
   * tear down, set it to false and apply once first; false gives a warning.
   * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
   * @default true
   */
  readonly preventDestroy?: boolean;

  /**
   * Whether Terraform may replace the VM alone, for example for a new image, while `preventDestroy` still protects the data disk, public
   * address and vaults. The new VM takes over the data disk.
   * @default false
   */
  readonly virtualMachineReplacementAllowed?: boolean;

  /**
   * Any text on one line, at most 256 characters. Changing it runs the server's set-up again; every step is safe to repeat.
   * @default - the set-up runs again only when part of it changes
   */
  readonly rerun?: string;

  /**
   * The azurerm provider for all of it, and with it the subscription: an `AzureProvider` with an alias, or an azurerm provider of the bindings', in
   * the same stack. What exists cannot move to another subscription.
   * @see https://learn.microsoft.com/azure/cloud-adoption-framework/ready/landing-zone/design-area/resource-org-subscriptions
   * @default - the stack's provider without an alias
   */
  readonly provider?: TerraformProvider;

  /**
   * Tags for all resources that support them. At most 50, names up to 512 characters, values up to 256.
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
   * @default - none
   */
  readonly tags?: { readonly [name: string]: string };

  /**
   * Whether the host encrypts the VM's temporary disk and the caches of all its disks too. The subscription needs the feature
   * `Microsoft.Compute/EncryptionAtHost`. Changing it stops the VM for a few minutes.
   * @see https://learn.microsoft.com/azure/virtual-machines/disk-encryption#encryption-at-host---end-to-end-encryption-for-your-vm-data
   * @default false
   */
  readonly hostEncryptionEnabled?: boolean;

  /**
   * The ARM id of the disk encryption set whose customer-managed key encrypts the VM's disks, in the VM's subscription and region. Setting or changing
   * it later stops the VM for a few minutes. Azure never goes back to its own keys: leaving it out again changes nothing. If the key is lost, so is the data.
   * @see https://learn.microsoft.com/azure/virtual-machines/disk-encryption#customer-managed-keys
   * @default - keys of Azure's; disks that have a set keep it
   */
  readonly diskEncryptionSetId?: string;

  /**
   * Your key that encrypts the storage accounts for backups and objects, and a database server that is made. An identity of its own gets the role
   * to use the key. For accounts it can be added, changed and removed later; for a database server it is fixed when that is created.
   * @see https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview
   * @default - keys of Azure's
   */
  readonly customerManagedKey?: KeyVaultKey;

  /**
   * The ARM ids of further user-assigned identities that the VM has, such as the one that a company's policies give each machine for the Azure
   * Monitor agent; otherwise each apply removes it, and the policy adds it again. The deployer needs the role Managed Identity Operator on each.
   * @see https://learn.microsoft.com/azure/azure-monitor/agents/azure-monitor-agent-requirements#permissions
   * @default - only those of its own
   */
  readonly additionalIdentityIds?: string[];
}
