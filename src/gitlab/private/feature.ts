import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { FilledProps } from './filled-props';
import { WatchedBackup, WatchedMetrics } from './watched-server';
import { KeyUser } from '../../azure/access/key-user';
import { SecretVault } from '../../azure/access/secret-vault';
import { LogSource } from '../../azure/logs/diagnostic-setting';
import { CloudHosts } from '../../azure/place/cloud-hosts';
import { Placement } from '../../azure/place/placement';
import { AzureContext } from '../../azure/provider/azure-context';
import { Rules, Together } from '../../private/rules/rule';
import { ServerEndpoint } from '../endpoint/server-endpoint';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { Network, OpenPort } from '../machine/network';
import { SelfHostedGitLabProps } from '../self-hosted-gitlab-props';
import { FurtherMachine, SetUpPart } from '../set-up/set-up-part';

/** One subject of the server, all of it in one folder. `features.ts` lists them; nothing else knows one by name. */
export interface Feature {
  /** A rule for each prop that is this feature's. */
  readonly rules: Partial<Rules<SelfHostedGitLabProps>>;

  /** Refuses what no defaults can reconcile. */
  readonly together?: Together<SelfHostedGitLabProps>;

  /** What the props make of this feature. Asked of every server: one that does not want the feature may still need a warning, or a script that undoes it. */
  plan(props: FilledProps): FeaturePlan;
}

/** A feature of one server, in the order in which it is asked. What is left out does nothing. */
export interface FeaturePlan {
  /** The ports to open beside those for the web and SSH. */
  readonly ports?: readonly OpenPort[];

  /** Whether clients reach a load balancer in place of the virtual machine. */
  readonly balanced?: boolean;

  /** What is wrong with its keys in `omnibusSettings`. */
  readonly findings?: readonly Finding[];

  /** Refuses what does not fit together, defaults included. */
  check?(scope: Construct): void;

  /** Warns of what may be meant, but should be known. */
  warn?(scope: Construct): void;

  /** Makes what is there before the virtual machine: below a child of the server that is this feature's own. */
  create?(server: FeatureSurroundings): FeatureParts;

  /** Makes what needs the virtual machine. */
  createForMachine?(server: FeatureSurroundings, machine: FeatureMachine): FeatureParts;

  /** Makes machines that are set up after the server's own. */
  createFurtherMachines?(server: FeatureSurroundings, machines: FurtherMachines): void;
}

/** What a feature finds when it is made. */
export interface FeatureSurroundings {
  /** The server's own construct. */
  readonly server: Construct;
  readonly azure: AzureContext;
  readonly hosts: CloudHosts;
  readonly placement: Placement;
  readonly endpoint: ServerEndpoint;
  /** The server's name in Azure's domain, or its private address if it has no other. */
  readonly fqdn: string;
  /** The address of a server that has no public one. */
  readonly privateIpAddress?: string;
  /** Where the machine is in the network. */
  readonly network: Network;
  /** The managed identity that the scripts work as. */
  readonly identity: { readonly principalId: string; readonly clientId: string };
  /** Who encrypts with a key of the user's, if there is one. */
  readonly keyUser?: KeyUser;
  readonly serverVault: SecretVault;
  readonly runnerVault: SecretVault;
  /** What the server and the features before this one have to have recorded. */
  readonly logSources: readonly LogSource[];
}

export interface FeatureMachine {
  readonly machineId: string;
  readonly dataDiskId: string;
}

/** What machines beside the server's own have from it. */
export interface FurtherMachines {
  /** The ARM ids of the identities that the server's own has. */
  readonly identityIds: string[];
  /** What has to be applied before a machine can do its work. */
  readonly roles: ITerraformDependable[];
  /**
   * Sets one up, after those before it.
   * @returns what carries its last step out
   */
  setUp(scope: Construct, machine: MadeMachine): ITerraformDependable;
}

export interface MadeMachine extends FurtherMachine {
  readonly virtualMachineId: string;
  readonly waitFor: readonly ITerraformDependable[];
}

/** What a feature adds to the rest of the server. */
export interface FeatureParts {
  /** Vaults of the user's that the server's identity has to read secrets from. Two features may name the same. */
  readonly vaultReaders?: readonly VaultReader[];
  /** What has to be applied before the machine can use what was made, such as roles. */
  readonly usable?: readonly ITerraformDependable[];
  /** The ARM ids of further identities of the machine. */
  readonly identityIds?: readonly string[];
  /** Resources whose logs tell who read or changed them. */
  readonly logSources?: readonly LogSource[];
  readonly setUp?: SetUpPart;
  readonly outputs?: readonly FeatureOutput[];
  readonly attributes?: FeatureAttributes;
}

export interface VaultReader {
  /** The id of the role assignment, if no feature before has named the vault. */
  readonly id: string;
  readonly vaultId: string;
}

export interface FeatureOutput {
  readonly id: string;
  readonly description: string;
  readonly value: string;
}

/** What others find on the server's construct; each is a member there, and public unless it begins with a line. */
export interface FeatureAttributes {
  readonly registryAddress?: string;
  readonly backupStorageAccountName?: string;
  readonly dataDiskBackupVaultId?: string;
  readonly databaseServerId?: string;
  readonly _watchedBackup?: WatchedBackup;
  readonly _watchedMetrics?: WatchedMetrics;
}
