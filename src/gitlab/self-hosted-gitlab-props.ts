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
 * A prop marked "Immutable" is fixed once the server exists: Azure can change it only by replacing a resource, which `preventDestroy` stops
 * at plan time. All other props can change at any time.
 */
export interface SelfHostedGitLabProps {
  /**
   * The Azure region, by its short name such as `koreacentral`. Immutable.
   * @see https://learn.microsoft.com/azure/reliability/regions-list
   */
  readonly location: string;

  /**
   * The resource group to create everything in. Immutable.
   * @default - a new one, with a name made from the construct's path
   */
  readonly resourceGroup?: AzureResourceGroup;

  /**
   * The VM's name, which the names of its disks, public address and network begin with: at most 60 letters, digits and `-`, unique in its
   * resource group. Immutable.
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
   * unique in all of Azure. Immutable.
   * @default - `gitlab-server-` and eight digits derived from the subscription and the construct's path
   */
  readonly serverKeyVaultName?: string;

  /**
   * The name of the Key Vault for the runners' authentication tokens: 3 to 24 letters, digits and single hyphens, unique in all of Azure.
   * Immutable.
   * @default - `gitlab-runner-` and eight digits derived from the subscription and the construct's path
   */
  readonly runnerKeyVaultName?: string;

  /**
   * The VM size: at least 2 vCPUs and 4 GiB of memory, with Secure Boot, and with Premium SSD if a disk is of that type. Burstable and
   * retiring sizes, and those with less than 8 GiB, give a warning. A change restarts the VM, and GitLab is tuned for the new size. Azure
   * cannot change between sizes with and without a temporary disk, nor from version 5 or earlier (SCSI) to version 6 or later (NVMe).
   * @see https://learn.microsoft.com/azure/virtual-machines/sizes/overview
   * @default 'Standard_D4s_v5'
   */
  readonly vmSize?: string;

  /**
   * How many people will use GitLab, 1 to 1000000. A warning tells if `vmSize`, or any one machine, is too small for them by GitLab's own
   * sizing. Nothing else changes.
   * @see https://docs.gitlab.com/install/requirements/
   * @default - unknown, and no warning
   */
  readonly expectedUsers?: number;

  /**
   * The availability zone: `1`, `2` or `3`. Immutable.
   * @default - Azure chooses
   */
  readonly zone?: string;

  /**
   * The operating system image, of the same processor architecture as the VM size. Changing it would replace the VM, but not its data.
   * @default UbuntuImage.V24_04
   */
  readonly image?: UbuntuImage;

  /**
   * The administrator's user name on the VM: at most 32 lower-case letters, digits, `-` and `_`, and no name that Azure, Ubuntu or GitLab
   * reserves. Immutable.
   * @default 'azureuser'
   */
  readonly adminUsername?: string;

  /**
   * The administrator's SSH public key. Changing it later plans nothing.
   * @default - SshPublicKey.none(): nobody can sign in
   */
  readonly sshPublicKey?: SshPublicKey;

  /**
   * The size of the OS disk in GB, 30 to 4095. It can only grow.
   * @default 64
   */
  readonly osDiskSizeGb?: number;

  /**
   * The type of the OS disk, which cannot be Premium SSD v2. Immutable.
   * @default ManagedDiskType.PREMIUM_LRS
   */
  readonly osDiskType?: ManagedDiskType;

  /**
   * The size in GB of the disk that holds repositories, database and secrets, 16 to 32767. It can only grow: a smaller number fails the
   * apply.
   * @default 128
   */
  readonly dataDiskSizeGb?: number;

  /**
   * The type of the data disk. Changing it stops the VM for as long as the change takes. With `zone`, a change between LRS and ZRS would
   * replace the disk, which `preventDestroy` stops. Premium SSD v2 needs `zone`; choose it when the server is made, because a disk of
   * another type does not simply become one.
   * @default ManagedDiskType.PREMIUM_LRS
   */
  readonly dataDiskType?: ManagedDiskType;

  /**
   * Reads and writes per second of a Premium SSD v2 data disk: 3000 to 80000, and at most 500 for each GB. GitLab recommends 8000 for 1,000
   * users. It can change four times a day, without a restart.
   * @see https://learn.microsoft.com/azure/virtual-machines/disks-types
   * @default - Azure's 3000, which cost nothing extra
   */
  readonly dataDiskIops?: number;

  /**
   * The throughput of a Premium SSD v2 data disk in MB per second: 125 to 2000, and at most a quarter of `dataDiskIops`. It can change four
   * times a day, without a restart.
   * @see https://learn.microsoft.com/azure/virtual-machines/disks-types
   * @default - Azure's 125, which cost nothing extra
   */
  readonly dataDiskMegabytesPerSecond?: number;

  /**
   * The GitLab edition to install.
   * @default GitLabEdition.CE
   */
  readonly edition?: GitLabEdition;

  /**
   * The GitLab version: a minor one, whose newest patch the server finds by itself, or an exact one. A later version upgrades the server
   * during the apply, in one step that GitLab supports, or in several with `upgradeThroughStopsAllowed`. An earlier version, or one that
   * GitLab does not publish, fails the apply. A version without security fixes gives a warning.
   * @see https://docs.gitlab.com/update/upgrade_paths/
   * @default GitLabVersion.V19_4
   */
  readonly version?: GitLabVersion;

  /**
   * Whether the server installs patch releases of its minor version by itself, in `maintenanceWindow`, with GitLab down for some minutes.
   * Services must be ready and background migrations finished; a backup is made first if `backup` is set. An apply installs no patch
   * release over another. False gives a warning.
   * @see https://docs.gitlab.com/policy/maintenance/
   * @default true
   */
  readonly patchReleasesEnabled?: boolean;

  /**
   * Whether one apply may upgrade to `version` through GitLab's required stops. Before each, services must be ready and background
   * migrations finished, and a backup is made if `backup` is set. If time runs out, the next apply continues. If false, an apply takes one
   * step, and fails with the upgrade path if more are needed.
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
   * The proxy by which the server reaches the Internet: for packages, certificates, webhooks and imports. GitLab's own name and address,
   * Azure's metadata service and private endpoints are reached without it.
   * @see https://docs.gitlab.com/omnibus/settings/environment-variables/
   * @default - none
   */
  readonly httpProxy?: HttpProxy;

  /**
   * Up to 10 CA certificates in PEM that Ubuntu and GitLab trust besides public ones: of a proxy or firewall that decrypts TLS, or of
   * services that GitLab calls. A later change restarts GitLab.
   * @see https://docs.gitlab.com/omnibus/settings/ssl/
   * @default - none
   */
  readonly customCaTrustCertificates?: string[];

  /**
   * Private endpoints for both Key Vaults and for the storage accounts of `backup` and `objectStorage`, which are then closed to the
   * Internet: whoever reads a secret or a backup needs a network that reaches the endpoints. It can change later, in place.
   * @default - none: whoever has a role reaches them from anywhere
   */
  readonly privateEndpoints?: PrivateEndpoints;

  /**
   * The subnet for the VM. An existing one needs its own way out if `network` is a private address, or if its routes override the public
   * address. Azure cannot move a VM to another network: a later change fails the apply.
   * @default - AzureSubnet.create(): a new virtual network '10.40.0.0/24' with one subnet
   */
  readonly subnet?: AzureSubnet;

  /**
   * IPv4 CIDR blocks allowed on the web ports 80 and 443. `[]` closes the ports to everybody except those that `allowWebFrom` admits, such
   * as this library's runners.
   * @default - ['0.0.0.0/0']; with a private address the virtual network and those connected to it
   */
  readonly webAllowedCidrs?: string[];

  /**
   * IPv4 CIDR blocks allowed on port 80, if different from 443. With HTTPS, port 80 only redirects to 443 and answers Let's Encrypt's
   * challenges, which can come from anywhere.
   * @default - the same as `webAllowedCidrs`
   */
  readonly httpAllowedCidrs?: string[];

  /**
   * IPv4 CIDR blocks allowed on `sshPort`, for git over SSH and the administrator's sign-in. While it is closed, git works over HTTPS only.
   * @default []
   */
  readonly sshAllowedCidrs?: string[];

  /**
   * The port of git over SSH and of the administrator's sign-in, 1 to 65535, except ports that GitLab's own services use. The VM's SSH
   * server listens on it beside 22, or GitLab's own does instead (`omnibusSettings.gitlab_sshd.enable`). GitLab's own key
   * `gitlab_shell_ssh_port` counts like this prop.
   * @see https://docs.gitlab.com/administration/settings/visibility_and_access_controls/
   * @default 22
   */
  readonly sshPort?: number;

  /**
   * The priority of the network security group's first rule: 100, 200 and so on up to 900; a lower number wins. The other rules follow in
   * steps of ten. `allowWebFrom` takes numbers from 1000 on.
   * @see https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
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
   * Scheduled backups of the whole server to Blob storage. The data disk protects against losing the VM, but not against losing the disk.
   * @default - none
   */
  readonly backup?: GitLabBackupOptions;

  /**
   * The backup that a new server starts from, such as the last one of a lost region, or the archive of a GitLab that was set up by hand.
   * The apply restores it once, before it creates runners, and fails on a server with projects. The server's identity gets the role
   * "Storage Blob Data Reader" on the backup's containers, until you remove this prop; nothing else changes then.
   * @default - none: a new server is empty
   */
  readonly restoreFrom?: GitLabRestore;

  /**
   * Snapshots of the data disk by Azure Backup: more often than `backup` and faster to restore, but in the disk's region only.
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
   * The Log Analytics workspace for the audit logs. Choosing an existing one later deletes the one that was created; Azure can recover its
   * records for 14 days.
   * @default - a new one that keeps records for 90 days
   */
  readonly logWorkspace?: AzureLogWorkspace;

  /**
   * When Azure may install Ubuntu's security updates and restart the VM, and the server may install patch releases of GitLab. Both make
   * GitLab unavailable for some minutes.
   * @default - Saturdays from 22:00 UTC, for 3 hours
   */
  readonly maintenanceWindow?: GitLabMaintenanceWindow;

  /**
   * Identity providers for signing in, beside GitLab's own passwords: Entra ID, or any other that GitLab supports. They need HTTPS.
   * @default - passwords alone
   */
  readonly signIn?: GitLabSignIn[];

  /**
   * The SMTP server that GitLab sends mail through.
   * @default - none: GitLab's mail does not arrive, since Azure blocks outbound port 25
   */
  readonly smtp?: GitLabSmtpOptions;

  /**
   * The container registry. It needs HTTPS.
   * @default - none
   */
  readonly registry?: GitLabRegistryOptions;

  /**
   * GitLab Pages: static sites from projects, under a domain of their own.
   * @default - none
   */
  readonly pages?: GitLabPagesOptions;

  /**
   * Blob storage for artifacts, uploads and the like. Needs GitLab 17.9 or later.
   * @default - everything is stored on the data disk
   */
  readonly objectStorage?: GitLabObjectStorageOptions;

  /**
   * Where GitLab's database is. A change from `embedded()` moves the database, with GitLab down meanwhile; any other later change fails on
   * a server that has data. A failed change from `azurePostgresql()` keeps its server, although the plan deletes it: set the prop back
   * then.
   * @default GitLabDatabase.embedded()
   */
  readonly database?: GitLabDatabase;

  /**
   * Further machines that serve GitLab, behind a load balancer that takes over the public address. They need `objectStorage`, a `database`
   * on another server, and HTTPS without a proxy.
   * @see https://docs.gitlab.com/administration/reference_architectures/
   * @default - none
   */
  readonly applicationNodes?: GitLabApplicationNodes;

  /**
   * Further `gitlab.rb` settings as data, by sections and keys that the version knows, such as `{ gitlab_rails: { time_zone: 'Asia/Seoul' }
   * }`. They override this library's tuning, but not what it has to control. Values and whole sections may be references. Any value, at any
   * depth, may be a `KeyVaultSecret`, which only the server reads.
   * @see https://docs.gitlab.com/omnibus/settings/configuration/
   * @default - none
   */
  readonly omnibusSettings?: { readonly [key: string]: any };

  /**
   * Sections and keys (`section.key`) of `omnibusSettings` to write although this library does not know them for the version, or takes
   * their values for wrong; whatever is below them is not checked either. Gives a warning.
   * @see https://docs.gitlab.com/omnibus/settings/configuration/
   * @default - none
   */
  readonly uncheckedOmnibusKeys?: string[];

  /**
   * Whether `omnibusSettings` may contain secrets as literal text or references, which the Terraform state and the VM's run commands then
   * contain. Gives a warning.
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
   * Whether to tune GitLab for little memory: two web workers, fewer Sidekiq threads, no monitoring, no agent server.
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
   * The azurerm provider, and with it the subscription: an `AzureProvider` with an alias, or the bindings' `AzurermProvider`, in the same
   * stack. What exists cannot move to another subscription.
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
   * @see https://learn.microsoft.com/azure/virtual-machines/disk-encryption
   * @default false
   */
  readonly hostEncryptionEnabled?: boolean;

  /**
   * The ARM id of the disk encryption set whose customer-managed key encrypts the VM's disks, in the VM's subscription and region. Setting
   * or changing it later stops the VM for a few minutes. Disks never go back to Azure's keys. If the key is lost, so is the data.
   * @see https://learn.microsoft.com/azure/virtual-machines/disk-encryption
   * @default - keys of Azure's; disks that have a set keep it
   */
  readonly diskEncryptionSetId?: string;

  /**
   * Your key for the storage accounts of `backup` and `objectStorage`, and for a new database server. An identity of its own gets the role
   * to use it. For accounts it can be added, changed and removed later; a database server keeps what it was created with.
   * @see https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview
   * @default - keys of Azure's
   */
  readonly customerManagedKey?: KeyVaultKey;

  /**
   * ARM ids of further user-assigned identities of the VM, such as the one that an Azure Policy gives each machine for the Azure Monitor
   * agent: each apply removes identities that are not listed. The deployer needs the role Managed Identity Operator on each.
   * @see https://learn.microsoft.com/azure/azure-monitor/agents/azure-monitor-agent-requirements
   * @default - only those of its own
   */
  readonly additionalIdentityIds?: string[];
}
