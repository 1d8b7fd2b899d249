import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { ITerraformDependable, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { EndpointPlan, endpointPlan } from './endpoint/endpoint-plan';
import { GitLabRunnerOptions, GitLabRunnerToken, IGitLab } from './gitlab-server';
import { GitLabVersion } from './gitlab-version';
import { ADDRESS_PREFIXES, Network } from './machine/network';
import { DEFAULT_SSH_PORT } from './machine/ports';
import { RunCommands, STEP_DEADLINE_SECONDS } from './machine/run-commands';
import { DATA_DISK_LUN, VirtualMachine } from './machine/virtual-machine';
import { FilledProps, fillProps } from './private/filled-props';
import { checkFilledProps } from './private/filled-props-checks';
import { OTHER_NAMES_OF_SERVER } from './private/other-names';
import { warnOfRelaxations } from './private/relaxations';
import { ServerFeatures } from './private/server-features';
import { checkServer, SERVER } from './private/server-rules';
import { openPorts } from './private/settings-findings';
import { grantVaultReaders } from './private/vault-readers';
import { MetricsTarget, WatchedBackup, WatchedMetrics, watchedServer, WatchedServer } from './private/watched-server';
import { RunnerRequests } from './runners/runner-requests';
import { SelfHostedGitLabProps } from './self-hosted-gitlab-props';
import { BootstrapStep, bootstrapSteps, CA_CERTIFICATE_SECRET, furtherMachineSteps, RUNNERS_STEP, ServerSettings } from './set-up/bootstrap';
import { KeyUser } from '../azure/access/key-user';
import { SecretVault, VAULT_LOGS } from '../azure/access/secret-vault';
import { IAzureVirtualMachine } from '../azure/azure-virtual-machine';
import { encryptInOwnSubscription } from '../azure/machine/disk-encryption';
import { ownParts, partName, platformName } from '../azure/names/part-names';
import { makeBy } from '../azure/place/azure-place';
import { CloudHosts } from '../azure/place/cloud-hosts';
import { Placement } from '../azure/place/placement';
import { StackClouds } from '../azure/place/stack-clouds';
import { standInOwnSubscription } from '../azure/place/subnet-subscription';
import { AzureContext } from '../azure/provider/azure-context';
import { constructId } from '../private/construct-id';
import { defaultName } from '../private/default-name';
import { takeProps, takeValue } from '../private/rules/rule';
import { checkStack } from '../private/stack-check';
import { templateTexts } from '../private/terraform-text';

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
export class SelfHostedGitLab extends Construct implements IGitLab, IAzureVirtualMachine {
  /** GitLab's URL without a trailing slash, such as `https://gitlab.example.com`. */
  public readonly gitlabUrl: string;

  /** The GitLab version: the minor version, if the server chooses the patch. The output `VersionCommand` asks the server which it is. */
  public readonly gitlabVersion?: GitLabVersion;

  /** Always undefined: a runner that needs the certificate reads it from the vault that holds its token. */
  public readonly caCertificate?: string;

  /** The name of the server's resource group. */
  public readonly resourceGroupName: string;

  /** The server's Azure region. */
  public readonly location: string;

  /** The VM's public IPv4 address, if it has one. */
  public readonly publicIpAddress?: string;

  public readonly hasPrivateAddress?: boolean;

  /** The public IPv4 address that the server's own requests come from. */
  public readonly egressIpAddress?: string;

  /** The VM's private IPv4 address, where a proxy in the same network sends requests. */
  public readonly privateIpAddress: string;

  /** The VM's DNS name in Azure's domain, if it has a public address. Your own domain can point to it with a CNAME record. */
  public readonly fqdn?: string;

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

  /** The name of the storage account for backups, if there is one. */
  public readonly backupStorageAccountName?: string;

  /** The ARM id of the backup vault for data disk snapshots, if there is one. */
  public readonly dataDiskBackupVaultId?: string;

  /** The ARM id of the database server, if one is made. */
  public readonly databaseServerId?: string;

  /** @internal */
  public readonly _watched: WatchedServer;

  /** @internal */
  public readonly _watchedBackup?: WatchedBackup;

  /** @internal */
  public readonly _watchedMetrics!: WatchedMetrics;

  private readonly azure: AzureContext;
  private readonly features: ServerFeatures;
  private readonly network: Network;
  private readonly runCommands: RunCommands;
  private readonly endpoint: EndpointPlan;
  private readonly runners = new RunnerRequests(this);
  private steps?: { readonly runners: number; readonly made: BootstrapStep[] };

  constructor(scope: Construct, id: string, props: SelfHostedGitLabProps) {
    super(scope, constructId(new.target, scope, id));
    checkStack(this);
    const given = takeProps(this, 'props', props, SERVER, checkServer, OTHER_NAMES_OF_SERVER);
    ownParts(this, given.location);
    const filled = fillProps({ ...given, virtualMachineName: given.virtualMachineName ?? platformName(this, 'virtualMachine') });
    this.features = new ServerFeatures(filled);
    checkFilledProps(this, filled, this.features);
    warnOfRelaxations(this, filled, this.features);
    makeBy(this, filled.provider);
    standInOwnSubscription(this, 'subnet', filled.subnet?._existingId);
    encryptInOwnSubscription(this, filled.diskEncryptionSetId);
    this.azure = AzureContext.of(this);

    const hosts = StackClouds.of(this).take(this, filled.location);

    const placement = this.createPlacement(filled);
    this.resourceGroupName = placement.resourceGroupName;
    this.location = filled.location;
    const dnsLabel = filled.dnsLabel ?? this.azure.uniqueName(this, 'gitlab-');
    this.network = this.createNetwork(filled, placement, dnsLabel);
    this.hasPrivateAddress = filled.privateAddress !== undefined;
    this.publicIpAddress = this.network.publicIpAddress;
    this.egressIpAddress = this.network.egressIpAddress;
    this.privateIpAddress = this.network.privateIpAddress;
    // the address's own attribute is unknown until it exists; the name is not.
    this.fqdn = this.hasPrivateAddress ? undefined : `${dnsLabel}.${filled.location}.${hosts.publicAddress}`;
    const fqdn = this.fqdn ?? this.privateIpAddress;
    this.endpoint = endpointPlan(this, filled.endpoint._choice, { ...filled, fqdn, ipAddress: this.network.ipAddress });
    this.network.publishName(this.endpoint.server.host);
    this.gitlabUrl = this.endpoint.gitlabUrl;
    this.gitlabVersion = filled.version;
    this._watched = watchedServer(filled, this.endpoint, this.network.frontend?.loadBalancerId, placement.tags);

    const serverVault = this.createVault('ServerVault', placement, filled, filled.serverKeyVaultName ?? platformName(this, 'keyVault') ?? this.azure.uniqueName(this, 'gitlab-server-'));
    const runnerVault = this.createVault('RunnerVault', placement, filled, filled.runnerKeyVaultName ?? platformName(this, 'keyVault', 'runner') ?? this.azure.uniqueName(this, 'gitlab-runner-'));
    [this.serverKeyVaultId, this.serverKeyVaultName] = [serverVault.vaultId, serverVault.vaultName];
    [this.runnerKeyVaultId, this.runnerKeyVaultName] = [runnerVault.vaultId, runnerVault.vaultName];

    const identity = new UserAssignedIdentity(this, 'Identity', { ...placement, name: partName(this, 'identity', `${filled.virtualMachineName}-identity`) });
    this.identityPrincipalId = identity.principalId;
    this.identityClientId = identity.clientId;
    const officers = [serverVault, runnerVault].map((vault) => vault.grantOfficer('Server', identity.principalId));
    const surroundings = {
      server: this, azure: this.azure, hosts, placement, endpoint: this.endpoint.server, identity,
      keyUser: this.createKeyUser(filled, placement), serverVault, runnerVault,
      fqdn, privateIpAddress: filled.privateAddress, network: this.network,
      logSources: [
        { id: 'ServerVault', targetResourceId: serverVault.vaultId, categories: VAULT_LOGS },
        { id: 'RunnerVault', targetResourceId: runnerVault.vaultId, categories: VAULT_LOGS },
      ],
    };
    this.features.create(surroundings);
    const roles = [
      ...officers, ...grantVaultReaders(this, identity.principalId, this.features.all('vaultReaders')), ...this.features.all('usable'), ...this.network.wayOut,
      ...serverVault.reachable, ...runnerVault.reachable,
    ];

    const machine = this.createMachine(filled, placement, identity.id, roles);
    this.virtualMachineId = machine.machineId;
    this.dataDiskId = machine.dataDiskId;
    this.features.createForMachine(surroundings, machine);
    Object.assign(this, this.features.attributes);
    this.runCommands = new RunCommands(this, 'SetUp', {
      virtualMachineId: this.virtualMachineId,
      location: filled.location,
      tags: placement.tags,
      steps: () => this.bootstrapSteps(filled, hosts),
      waitFor: [machine.attachment, ...this.network.reachable, ...roles],
    });
    this.features.createFurtherMachines(surroundings, {
      identityIds: this.identityIds(filled, identity.id),
      roles,
      setUp: (further, { virtualMachineId, waitFor, ...rest }) => this.runCommands.addMachine(further, {
        virtualMachineId, location: filled.location, tags: placement.tags, waitFor: [...waitFor, ...roles],
        steps: () => furtherMachineSteps(this.serverSettings(filled, hosts), rest),
      }),
    });
    this.createOutputs(filled);
  }

  public requestRunnerToken(id: string, options: GitLabRunnerOptions): GitLabRunnerToken {
    const { tokenSecretName } = this.runners.add(id, options);
    return {
      keyVaultId: this.runnerKeyVaultId,
      keyVaultName: this.runnerKeyVaultName,
      tenantId: this.azure.tenantId,
      tokenSecretName,
      caSecretName: this.endpoint.server.certificate === 'none' ? undefined : CA_CERTIFICATE_SECRET,
      ready: [this.runCommands.command(RUNNERS_STEP)],
    };
  }

  /** @internal */
  public _sendMetrics(target: MetricsTarget): void {
    this._watchedMetrics.send(target);
    this.steps = undefined;
    this.runCommands.addNew();
  }

  public allowWebFrom(scope: Construct, id: string, addressPrefixes: string[]): void {
    this.network.allowWebFrom(scope, id, takeValue(scope, 'addressPrefixes', addressPrefixes, ADDRESS_PREFIXES));
  }

  private createPlacement(props: FilledProps): Placement {
    const where = { location: props.location, tags: props.tags && templateTexts(props.tags) };
    if (props.resourceGroup?._exists) {
      return { ...where, resourceGroupName: props.resourceGroup._name };
    }
    const name = props.resourceGroup?._name ?? platformName(this, 'resourceGroup') ?? defaultName(this, 90, '-rg');
    return { ...where, resourceGroupName: new ResourceGroup(this, 'ResourceGroup', { ...where, name }).name };
  }

  private createNetwork(props: FilledProps, placement: Placement, dnsLabel: string): Network {
    return new Network(this, 'Network', {
      placement,
      dnsLabel,
      namePrefix: props.virtualMachineName,
      network: props.network,
      privateAddress: props.privateAddress,
      subnetId: props.subnet?._existingId,
      virtualNetworkCidr: props.virtualNetworkCidr,
      subnetCidr: props.subnetCidr,
      preventDestroy: props.preventDestroy,
      firstRulePriority: props.firstRulePriority,
      balanced: this.features.balanced,
      ports: openPorts(props, this.features),
    });
  }

  private createVault(id: string, placement: Placement, props: FilledProps, vaultName: string): SecretVault {
    return new SecretVault(this, id, {
      placement, vaultName, role: id === 'RunnerVault' ? 'runner-vault' : 'vault', tenantId: this.azure.tenantId, preventDestroy: props.preventDestroy,
      privateEndpoints: props.privateEndpoints,
    });
  }

  private createKeyUser({ customerManagedKey: key, virtualMachineName }: FilledProps, placement: Placement): KeyUser | undefined {
    const identityName = () => partName(this, 'identity', `${virtualMachineName}-encryption-identity`, 'encryption');
    return key && new KeyUser(this, 'Encryption', { placement, key, identityName: identityName() });
  }

  private createMachine(props: FilledProps, placement: Placement, identityId: string, roles: ITerraformDependable[]): VirtualMachine {
    return new VirtualMachine(this, 'VirtualMachine', {
      ...props,
      placement,
      name: props.virtualMachineName,
      size: props.vmSize,
      zone: props.zone,
      interfaceId: this.network.interfaceId,
      identityIds: this.identityIds(props, identityId),
      roles,
      preventReplacement: !props.virtualMachineReplacementAllowed,
    });
  }

  private identityIds({ additionalIdentityIds = [] }: FilledProps, identityId: string): string[] {
    return [identityId, ...this.features.all('identityIds'), ...additionalIdentityIds];
  }

  /** Cached until another runner is added: synthesis asks many times. */
  private bootstrapSteps(props: FilledProps, hosts: CloudHosts): BootstrapStep[] {
    const { length } = this.runners.all;
    if (this.steps?.runners !== length) {
      this.steps = { runners: length, made: bootstrapSteps(this.serverSettings(props, hosts)) };
    }
    return this.steps.made;
  }

  private serverSettings(props: FilledProps, hosts: CloudHosts): ServerSettings {
    return {
      hosts,
      version: props.version,
      edition: props.edition,
      upgradeThroughStopsAllowed: props.upgradeThroughStopsAllowed,
      vmSize: props.vmSize,
      ubuntuCodename: props.image.codename,
      endpoint: this.endpoint.server,
      identityClientId: this.identityClientId,
      serverVaultName: this.serverKeyVaultName,
      runnerVaultName: this.runnerKeyVaultName,
      dataDiskLun: DATA_DISK_LUN,
      dataDiskSizeGb: props.dataDiskSizeGb,
      lowMemoryTuningEnabled: props.lowMemoryTuningEnabled,
      omnibusSettings: props.omnibusSettings,
      runners: this.runners.all,
      parts: this.features.setUp,
      rerun: props.rerun,
      deadlineSeconds: STEP_DEADLINE_SECONDS,
    };
  }

  private createOutputs(props: FilledProps): void {
    const output = (id: string, description: string, value: string) => new TerraformOutput(this, id, { description, value });
    output('Url', 'The address of GitLab.', this.gitlabUrl);
    output('IpAddress', `The ${this.hasPrivateAddress ? 'private' : 'public'} address of the server.`, this.network.ipAddress);
    this.features.all('outputs').forEach(({ id, description, value }) => output(id, description, value));
    if (props.sshAllowedCidrs.length > 0) {
      const port = props.sshPort === DEFAULT_SSH_PORT ? '' : `-p ${props.sshPort} `;
      const at = (address: string) => `${props.adminUsername}@${address}`;
      // what answers at the load balancer's port is another machine.
      const target = this.network.frontend ? `-J ${at(`${this.network.ipAddress}:${props.sshPort}`)} ${at(this.network.privateIpAddress)}` : at(this.network.ipAddress);
      output('SshCommand', 'Signs in to the machine as its administrator.', `ssh ${port}${target}`);
    }
  }
}
