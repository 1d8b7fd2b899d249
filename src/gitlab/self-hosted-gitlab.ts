import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { ITerraformDependable, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { ServerAudit } from './audit/server-audit';
import { BackupStorage } from './backup/backup-storage';
import { DataDiskBackup } from './data-disk-backup/data-disk-backup';
import { EndpointPlan, endpointPlan } from './endpoint/endpoint-plan';
import { GitLabRunnerOptions, GitLabRunnerToken, IGitLab } from './gitlab-server';
import { GitLabVersion } from './gitlab-version';
import { ADDRESS_PREFIXES, Network } from './machine/network';
import { RunCommands, STEP_DEADLINE_SECONDS } from './machine/run-commands';
import { DATA_DISK_LUN, VirtualMachine } from './machine/virtual-machine';
import { ObjectStorageAccount } from './object-storage/object-storage-account';
import { FilledProps, fillProps } from './private/filled-props';
import { checkFilledProps } from './private/filled-props-checks';
import { warnOfRelaxations } from './private/relaxations';
import { checkServer, SERVER } from './private/server-rules';
import { warnOfUntrustedRegistry } from './registry/registry';
import { checkRunnersFit, runnerRequest } from './runners/runner-requests';
import { SelfHostedGitLabProps } from './self-hosted-gitlab-props';
import {
  BootstrapStep, bootstrapSteps, CA_CERTIFICATE_SECRET, ROOT_PASSWORD_SECRET, RunnerRequest, RUNNERS_STEP, ServerSettings,
} from './set-up/bootstrap';
import { MailPlan, mailPlan } from './smtp/mail';
import { AzureContext } from '../azure/private/azure-context';
import { Placement } from '../azure/private/placement';
import { grantSecrets, SecretVault } from '../azure/private/secret-vault';
import { defaultName } from '../private/default-name';
import { takeProps, takeValue } from '../private/rules/rule';
import { known } from '../private/rules/subject';
import { checkStack } from '../private/stack-check';
import { templateTexts } from '../private/terraform-text';
import { ValidationError } from '../private/validation-error';

/**
 * A GitLab server on one Azure VM, fully set up by the apply that creates it.
 *
 * Repositories, database and secrets are stored on a data disk that outlives the VM. The server is reached over HTTPS from the first
 * minute, stores its initial root password in a Key Vault, and creates runners and their tokens itself.
 *
 * @see https://docs.gitlab.com/omnibus/
 * @example
 * new SelfHostedGitLab(stack, 'GitLab', {
 *   location: 'koreacentral',
 *   endpoint: GitLabEndpoint.customDomain('gitlab.example.com', { letsEncryptEmail: 'ops@example.com' }),
 *   backup: {},
 * });
 */
export class SelfHostedGitLab extends Construct implements IGitLab {
  /** GitLab's URL without a trailing slash, such as `https://gitlab.example.com`. */
  public readonly gitlabUrl: string;

  /** The installed GitLab version. */
  public readonly gitlabVersion?: GitLabVersion;

  /** Always undefined: a runner that needs the certificate reads it from the vault that holds its token. */
  public readonly caCertificate?: string;

  /** The name of the server's resource group. */
  public readonly resourceGroupName: string;

  /** The VM's public IPv4 address. */
  public readonly publicIpAddress: string;

  /** The VM's DNS name in Azure's domain. Your own domain can point to it with a CNAME record. */
  public readonly fqdn: string;

  /** The VM's ARM id. */
  public readonly virtualMachineId: string;

  /** The ARM id of the disk that holds all of GitLab's data. */
  public readonly dataDiskId: string;

  /** The object id of the VM's managed identity, for further role assignments. */
  public readonly identityPrincipalId: string;

  /** The client id of the VM's managed identity. */
  public readonly identityClientId: string;

  /** The name of the Key Vault for the server's own secrets. */
  public readonly serverKeyVaultName: string;

  /** The ARM id of the Key Vault for the server's own secrets. */
  public readonly serverKeyVaultId: string;

  /** The name of the Key Vault for the runners' tokens. */
  public readonly runnerKeyVaultName: string;

  /** The ARM id of the Key Vault for the runners' tokens. */
  public readonly runnerKeyVaultId: string;

  /** The container registry's address as docker expects it, such as `gitlab.example.com:5050`, if the registry is enabled. */
  public readonly registryAddress?: string;

  /** The name of the storage account for backups, if they are enabled. */
  public readonly backupStorageAccountName?: string;

  /** The ARM id of the backup vault for data disk snapshots, if they are enabled. */
  public readonly dataDiskBackupVaultId?: string;

  private readonly mail?: MailPlan;
  private readonly backups?: BackupStorage;
  private readonly snapshots?: DataDiskBackup;
  private readonly objects?: ObjectStorageAccount;
  private readonly azure: AzureContext;
  private readonly network: Network;
  private readonly runCommands: RunCommands;
  private readonly endpoint: EndpointPlan;
  private readonly runners = new Map<string, RunnerRequest>();
  private runnersBytes = 0;
  private steps?: { readonly runners: number; readonly made: BootstrapStep[] };

  constructor(scope: Construct, id: string, props: SelfHostedGitLabProps) {
    super(scope, id);
    checkStack(this);
    const filled = fillProps(takeProps(this, 'props', props, SERVER, checkServer));
    checkFilledProps(this, filled);
    warnOfRelaxations(this, filled);
    this.azure = AzureContext.of(this);

    const placement = this.createPlacement(filled);
    this.resourceGroupName = placement.resourceGroupName;
    const dnsLabel = filled.dnsLabel ?? this.azure.uniqueName(this, 'gitlab-');
    this.network = this.createNetwork(filled, placement, dnsLabel);
    this.publicIpAddress = this.network.publicIp.ipAddress;
    // the address's own attribute is unknown until it exists; the name is not.
    this.fqdn = `${dnsLabel}.${filled.location}.cloudapp.azure.com`;
    this.endpoint = endpointPlan(this, filled.endpoint._choice, { ...filled, fqdn: this.fqdn, publicIpAddress: this.publicIpAddress });
    this.gitlabUrl = this.endpoint.gitlabUrl;
    this.gitlabVersion = filled.version;
    if (filled.registry) {
      this.registryAddress = `${this.endpoint.server.host}:${filled.registry.port}`;
      warnOfUntrustedRegistry(this, filled.endpoint._choice, this.endpoint.server);
    }
    this.mail = filled.smtp ? mailPlan(filled.smtp) : undefined;

    const serverVault = this.createVault('ServerVault', placement, filled, filled.serverKeyVaultName ?? this.azure.uniqueName(this, 'gitlab-server-'));
    const runnerVault = this.createVault('RunnerVault', placement, filled, filled.runnerKeyVaultName ?? this.azure.uniqueName(this, 'gitlab-runner-'));
    [this.serverKeyVaultId, this.serverKeyVaultName] = [serverVault.vaultId, serverVault.vaultName];
    [this.runnerKeyVaultId, this.runnerKeyVaultName] = [runnerVault.vaultId, runnerVault.vaultName];

    const identity = new UserAssignedIdentity(this, 'Identity', { ...placement, name: `${filled.virtualMachineName}-identity` });
    this.identityPrincipalId = identity.principalId;
    this.identityClientId = identity.clientId;
    this.backups = this.createBackupStorage(filled, placement);
    this.backupStorageAccountName = this.backups?.accountName;
    this.objects = this.createObjectStorage(filled, placement);
    this.createAudit(filled, placement);
    const roles = [...this.grantRoles(serverVault, runnerVault), ...this.backups?.usable ?? [], ...this.objects?.usable ?? []];
    this.grantAdministrators(serverVault, filled.secretReaderObjectIds);

    const machine = this.createMachine(filled, placement, identity.id, roles);
    this.virtualMachineId = machine.machineId;
    this.dataDiskId = machine.dataDiskId;
    this.snapshots = this.createDataDiskBackup(filled, placement);
    this.dataDiskBackupVaultId = this.snapshots?.vaultId;
    this.runCommands = new RunCommands(this, 'SetUp', {
      virtualMachineId: this.virtualMachineId,
      location: filled.location,
      steps: () => this.bootstrapSteps(filled),
      waitFor: [machine.attachment, ...this.network.reachable, ...roles],
    });
    this.createOutputs(filled);
  }

  public requestRunnerToken(id: string, options: GitLabRunnerOptions): GitLabRunnerToken {
    const request = runnerRequest(this, id, options);
    if (this.runners.has(request.tokenSecretName)) {
      throw new ValidationError(this, { prop: 'id', problem: 'another runner has this id already', got: id, remedy: 'give each runner an id of its own' });
    }
    this.runnersBytes += Buffer.byteLength(JSON.stringify(request));
    checkRunnersFit(this, id, this.runnersBytes);
    this.runners.set(request.tokenSecretName, request);
    return {
      keyVaultId: this.runnerKeyVaultId,
      keyVaultName: this.runnerKeyVaultName,
      tenantId: this.azure.tenantId,
      tokenSecretName: request.tokenSecretName,
      caSecretName: this.endpoint.server.certificate === 'none' ? undefined : CA_CERTIFICATE_SECRET,
      ready: [this.runCommands.command(RUNNERS_STEP)],
    };
  }

  public allowWebFrom(scope: Construct, id: string, addressPrefixes: string[]): void {
    this.network.allowWebFrom(scope, id, takeValue(scope, 'addressPrefixes', addressPrefixes, ADDRESS_PREFIXES));
  }

  private createPlacement(props: FilledProps): Placement {
    const where = { location: props.location, tags: props.tags && templateTexts(props.tags) };
    if (props.existingResourceGroupName) {
      return { ...where, resourceGroupName: props.existingResourceGroupName };
    }
    const name = props.resourceGroupName ?? defaultName(this, 90, '-rg');
    return { ...where, resourceGroupName: new ResourceGroup(this, 'ResourceGroup', { ...where, name }).name };
  }

  private createNetwork(props: FilledProps, placement: Placement, dnsLabel: string): Network {
    return new Network(this, 'Network', {
      placement,
      dnsLabel,
      namePrefix: props.virtualMachineName,
      subnetId: props.subnetId,
      virtualNetworkCidr: props.virtualNetworkCidr,
      subnetCidr: props.subnetCidr,
      preventDestroy: props.preventDestroy,
      ports: [
        { name: 'Http', port: 80, allowedCidrs: props.httpAllowedCidrs, priority: props.httpRulePriority },
        { name: 'Https', port: 443, allowedCidrs: props.webAllowedCidrs, priority: props.httpsRulePriority },
        ...props.registry
          ? [{ name: 'Registry', port: props.registry.port, allowedCidrs: props.webAllowedCidrs, priority: props.registry.rulePriority }]
          : [],
        { name: 'Ssh', port: 22, allowedCidrs: props.sshAllowedCidrs, priority: props.sshRulePriority },
      ],
    });
  }

  private createVault(id: string, placement: Placement, props: FilledProps, vaultName: string): SecretVault {
    return new SecretVault(this, id, { placement, vaultName, tenantId: this.azure.tenantId, preventDestroy: props.preventDestroy });
  }

  private grantRoles(serverVault: SecretVault, runnerVault: SecretVault): ITerraformDependable[] {
    const { certificateVaultId } = this.endpoint;
    const mailVaultId = this.mail?.password?.vaultId;
    return [
      serverVault.grantOfficer('Server', this.identityPrincipalId),
      runnerVault.grantOfficer('Server', this.identityPrincipalId),
      ...certificateVaultId
        ? [grantSecrets(this, 'CertificateReader', 'Key Vault Secrets User', certificateVaultId, this.identityPrincipalId)]
        : [],
      // azure refuses the same role of the same identity at the same vault a second time.
      ...mailVaultId && mailVaultId.toLowerCase() !== certificateVaultId?.toLowerCase()
        ? [grantSecrets(this, 'SmtpPasswordReader', 'Key Vault Secrets User', mailVaultId, this.identityPrincipalId)]
        : [],
    ];
  }

  private grantAdministrators(serverVault: SecretVault, objectIds: readonly string[]): void {
    // named after the person, so that one more or less leaves the others' roles alone.
    objectIds.forEach((objectId, index) => {
      const reader = known(objectId) ? objectId.toLowerCase() : objectId;
      serverVault.grantReader(`Administrator${known(objectId) ? reader : index}`, reader);
    });
  }

  private createBackupStorage({ backup, preventDestroy }: FilledProps, placement: Placement): BackupStorage | undefined {
    return backup && new BackupStorage(this, 'Backup', {
      placement, backup, preventDestroy,
      accountName: backup.storageAccountName ?? this.azure.uniqueName(this, 'gitlabbackup'),
      principalId: this.identityPrincipalId,
    });
  }

  private createDataDiskBackup({ dataDiskBackup: backup, preventDestroy }: FilledProps, placement: Placement): DataDiskBackup | undefined {
    return backup && new DataDiskBackup(this, 'DataDiskBackup', {
      placement, backup, preventDestroy,
      resourceGroupName: backup.resourceGroupName ?? defaultName(this, 90, '-datadiskbackup-rg'),
      diskId: this.dataDiskId,
    });
  }

  private createAudit(props: FilledProps, placement: Placement): void {
    if (props.auditLogsEnabled) {
      new ServerAudit(this, 'Audit', {
        placement,
        machineName: props.virtualMachineName,
        logAnalyticsWorkspaceId: props.logAnalyticsWorkspaceId ?? undefined,
        logRetentionDays: props.logRetentionDays,
        serverVaultId: this.serverKeyVaultId,
        runnerVaultId: this.runnerKeyVaultId,
        backupAccountId: this.backups?.accountId,
      });
    }
  }

  private createObjectStorage(props: FilledProps, placement: Placement): ObjectStorageAccount | undefined {
    const { objectStorage, preventDestroy, virtualMachineName } = props;
    return objectStorage && new ObjectStorageAccount(this, 'Objects', {
      objectStorage, placement, preventDestroy,
      accountName: objectStorage.storageAccountName ?? this.azure.uniqueName(this, 'gitlabobjects'),
      identityName: `${virtualMachineName}-objects-identity`,
    });
  }

  private createMachine(props: FilledProps, placement: Placement, identityId: string, roles: ITerraformDependable[]): VirtualMachine {
    return new VirtualMachine(this, 'VirtualMachine', {
      ...props,
      placement,
      name: props.virtualMachineName,
      size: props.vmSize,
      zone: props.zone,
      interfaceId: this.network.interfaceId,
      identityIds: [identityId, ...this.objects ? [this.objects.identityId] : []],
      roles,
      preventReplacement: !props.virtualMachineReplacementAllowed,
    });
  }

  /** Cached until another runner is added: synthesis asks many times. */
  private bootstrapSteps(props: FilledProps): BootstrapStep[] {
    if (this.steps?.runners !== this.runners.size) {
      this.steps = { runners: this.runners.size, made: bootstrapSteps(this.serverSettings(props)) };
    }
    return this.steps.made;
  }

  private serverSettings(props: FilledProps): ServerSettings {
    return {
      version: props.version,
      edition: props.edition,
      upgradeThroughStopsAllowed: props.upgradeThroughStopsAllowed,
      ubuntuCodename: props.image.codename,
      endpoint: this.endpoint.server,
      identityClientId: this.identityClientId,
      serverVaultName: this.serverKeyVaultName,
      runnerVaultName: this.runnerKeyVaultName,
      dataDiskLun: DATA_DISK_LUN,
      dataDiskSizeGb: props.dataDiskSizeGb,
      lowMemoryTuningEnabled: props.lowMemoryTuningEnabled,
      omnibusSettings: props.omnibusSettings,
      hardening: props.hardening,
      runners: [...this.runners.values()],
      backup: this.backups?.target,
      mail: this.mail,
      registryPort: props.registry?.port,
      objectStorage: this.objects,
      rerun: props.rerun,
      deadlineSeconds: STEP_DEADLINE_SECONDS,
    };
  }

  private createOutputs(props: FilledProps): void {
    const output = (id: string, description: string, value: string) => new TerraformOutput(this, id, { description, value });
    output('Url', 'The address of GitLab.', this.gitlabUrl);
    output('IpAddress', 'The public address of the server.', this.publicIpAddress);
    const { hostname } = props.endpoint._choice;
    if (hostname !== undefined) {
      output('DnsRecord', 'The DNS record that GitLab\'s name needs, unless an A record leads to the public address.', `${hostname} CNAME ${this.fqdn}`);
    }
    output('RootPasswordCommand', 'Shows the first password of the user "root".',
      `az keyvault secret show --vault-name ${this.serverKeyVaultName} --name ${ROOT_PASSWORD_SECRET} --query value --output tsv`);
    if (props.secretReaderObjectIds.length === 0) {
      output('RootPasswordGrantCommand', 'Lets you read the first password; it takes some minutes to have effect.',
        `az role assignment create --role "Key Vault Secrets User" --scope ${this.serverKeyVaultId} `
        + '--assignee "$(az ad signed-in-user show --query id --output tsv)"');
    }
    if (this.backups) {
      output('BackupListCommand', 'Lists the backups, the latest last. It needs the role "Storage Blob Data Reader" on the storage account.',
        `az storage blob list --account-name ${this.backups.accountName} --container-name ${this.backups.target.containerName} `
        + '--auth-mode login --query [].name --output tsv');
    }
    if (this.snapshots) {
      output('SnapshotListCommand', 'Lists the snapshots of the data disk, the latest last.',
        `az snapshot list --resource-group ${this.snapshots.resourceGroupName} --query "sort_by([], &timeCreated)[].[timeCreated, name]" --output tsv`);
    }
    if (props.sshAllowedCidrs.length > 0) {
      output('SshCommand', 'Signs in to the machine as its administrator.', `ssh ${props.adminUsername}@${this.publicIpAddress}`);
    }
  }
}
