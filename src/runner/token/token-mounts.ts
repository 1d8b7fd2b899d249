import { ApiObject, Lazy } from 'cdk8s';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { RegistrationSource, TokenSource, VaultSource } from './token-source';
import { AzureCloud } from '../../azure/azure-cloud';
import { CLOUDS } from '../../azure/place/cloud-hosts';
import { quoted } from '../../private/terraform-text';
import { SecretKey } from '../job-pod/environment-secrets';
import { SecretFrom } from '../secret/secret-from';

/** Where the sidecar finds secrets. */
const SECRETS = '/secrets';
/** Where both containers find the chart's ConfigMap. */
export const CONFIG_MAP_PATH = '/config';

/** A volume of the manager's pod with secrets. */
export interface SecretVolume {
  readonly name: string;
  readonly source: { readonly [key: string]: any };
}

/** What a runner's entry in the template says about its secrets; the sidecar replaces the marks. */
export interface SecretMarks {
  readonly token: string;
  readonly certificate?: string;
}

interface Vault {
  readonly source: VaultSource;
  readonly files: { readonly secretName: string; readonly alias: string }[];
  /** Those that variables need as keys of a Kubernetes Secret. */
  readonly copied: Set<string>;
}

interface VaultFile {
  readonly vault: Vault;
  readonly number: number;
  readonly alias: string;
  readonly path: string;
}

/** The file of registries' credentials, as Docker calls it. */
const REGISTRIES_FILE = 'config.json';

/**
 * The manager's secrets as volumes: one for each vault and each other source. A vault's secrets become files under names of ours,
 * so that a secret's name may be known to Terraform alone.
 */
export class TokenMounts extends Construct {
  /** Files for the ConfigMap: what GitLab has to know of runners that are registered at start. */
  public readonly registrations: { [fileName: string]: string } = {};

  private readonly others: SecretVolume[] = [];
  private readonly vaults = new Map<string, Vault>();
  private runners = 0;
  private registries?: SecretVolume;

  constructor(scope: Construct, private readonly objectName: string, private readonly gitlabUrl: string) {
    super(scope, 'Secrets');
  }

  /** The volumes that only the sidecar mounts. */
  get volumes(): SecretVolume[] {
    const vaults = [...this.vaults.values()].map((_vault, index) => ({ name: `vault-${index}`, source: this.vaultVolume(`vault-${index}`) }));
    return [...vaults, ...this.others];
  }

  /** The volume with credentials of registries, which only the runner mounts. */
  get registriesVolume(): SecretVolume | undefined {
    return this.registries;
  }

  /** What the volumes hold, for the checksum that restarts the manager: the driver reads new settings only when a pod starts. */
  get contents(): unknown {
    return [...this.vaults.values()].map((vault) => [this.providerParameters(vault), ...vault.copied]);
  }

  /** Mounts a secret for the sidecar, and tells its path; `name` tells the manager's secrets apart. */
  addFile(source: SecretFrom, name: string): string {
    return source.kind === 'vault' ? this.vaultFile(source, name).path : this.mountOther(name, keyAsFile(source.name, source.key, name), name).token;
  }

  /** Mounts credentials of registries for the runner. */
  addRegistries(source: SecretFrom): void {
    this.registries = {
      name: 'registries',
      source: source.kind === 'secret' ? keyAsFile(source.name, source.key, REGISTRIES_FILE) : this.vaultVolume('registries'),
    };
    if (source.kind === 'vault') {
      // on its own, so that the runner sees nothing else of the vault.
      this.createClass('Registries', 'registries', { source, files: [{ secretName: source.secretName, alias: REGISTRIES_FILE }], copied: new Set() });
    }
  }

  /** Where a secret is a key of a Kubernetes Secret; the driver copies what is in a vault. */
  addKey(source: SecretFrom, name: string): SecretKey {
    if (source.kind === 'secret') {
      return { name: source.name, key: source.key };
    }
    const { vault, number, alias } = this.vaultFile(source, name);
    vault.copied.add(alias);
    return { name: `${this.objectName}-vault-${number}`, key: alias };
  }

  /** Mounts one runner's secrets. */
  add(source: TokenSource): SecretMarks {
    const index = this.runners++;
    if (source.kind === 'registration') {
      return this.addRegistration(source, index);
    }
    const marks = this.mount(source, index);
    return { token: `@text:${marks.token}@`, certificate: marks.certificate && `@copy:${marks.certificate}@` };
  }

  private addRegistration(source: RegistrationSource, index: number): SecretMarks {
    const marks = this.mount(source.token, index);
    const fileName = `register-${index}`;
    this.registrations[fileName] = [marks.token, ...this.registrationArguments(source, marks.certificate)].map((line) => `${line}\n`).join('');
    return { token: `@register:${CONFIG_MAP_PATH}/${fileName}@`, certificate: marks.certificate && `@copy:${marks.certificate}@` };
  }

  private registrationArguments(source: RegistrationSource, certificate: string | undefined): string[] {
    const { options } = source;
    const tags = options.tags ?? [];
    return [
      `--url=${this.gitlabUrl}`,
      '--executor=kubernetes',
      ...certificate ? [`--tls-ca-file=${certificate}`] : [],
      ...options.description === undefined ? [] : [`--name=${options.description}`],
      ...tags.length > 0 ? [`--tag-list=${tags.join(',')}`] : [],
      `--run-untagged=${options.runUntagged ?? tags.length === 0}`,
      `--locked=${options.locked ?? false}`,
      `--paused=${options.paused ?? false}`,
      ...options.refProtected === undefined ? [] : [`--access-level=${options.refProtected ? 'ref_protected' : 'not_protected'}`],
      ...options.maximumTimeoutSeconds === undefined ? [] : [`--maximum-timeout=${options.maximumTimeoutSeconds}`],
    ];
  }

  /** The paths of the token and of the certificate of GitLab's authority. */
  private mount(source: TokenSource, index: number): SecretMarks {
    switch (source.kind) {
      case 'vault':
        return this.mountVault(source, index);
      case 'secret':
        return this.mountOther(`token-${index}`, keyAsFile(source.name, source.key, 'token'), 'token');
      case 'volume':
        return this.mountOther(`token-${index}`, source.volume, source.fileName);
      case 'variable':
        return this.mountOther(`token-${index}`, { secret: { secretName: this.addSecret(index, source.variable.stringValue) } }, 'token');
      default:
        throw new Error(`no volume for a token of the kind ${source.kind}`);
    }
  }

  private mountVault(source: VaultSource, index: number): SecretMarks {
    const { caSecretName } = source;
    return {
      token: this.vaultFile(source, `token-${index}`).path,
      certificate: caSecretName === undefined ? undefined : this.vaultFile({ ...source, secretName: caSecretName }, `ca-${index}.pem`).path,
    };
  }

  private vaultFile(source: VaultSource, name: string): VaultFile {
    // vaults' names are unique in all of Azure, so that the tenant, which may be another token each time, says nothing more.
    const key = `${source.keyVaultName} ${source.clientId}`;
    const known = [...this.vaults.keys()].indexOf(key);
    const number = known < 0 ? this.vaults.size : known;
    const vault = this.vaults.get(key) ?? this.addVault(key, source, number);
    const mounted = vault.files.find((entry) => entry.secretName === source.secretName);
    if (!mounted) {
      vault.files.push({ secretName: source.secretName, alias: name });
    }
    const alias = mounted?.alias ?? name;
    return { vault, number, alias, path: `${SECRETS}/vault-${number}/${alias}` };
  }

  private addVault(key: string, source: VaultSource, number: number): Vault {
    const vault: Vault = { source, files: [], copied: new Set() };
    this.vaults.set(key, vault);
    this.createClass(`Vault${number}`, `vault-${number}`, vault);
    return vault;
  }

  private createClass(id: string, name: string, vault: Vault): void {
    new ApiObject(this, id, {
      apiVersion: 'secrets-store.csi.x-k8s.io/v1',
      kind: 'SecretProviderClass',
      metadata: { name: `${this.objectName}-${name}` },
      spec: {
        provider: 'azure',
        parameters: Lazy.any({ produce: () => this.providerParameters(vault) }),
        secretObjects: Lazy.any({ produce: () => this.copies(name, vault) }),
      },
    });
  }

  /** The Kubernetes Secret that the driver makes, and keeps as long as a manager runs. */
  private copies(name: string, { copied }: Vault): unknown {
    return copied.size === 0 ? undefined : [{
      secretName: `${this.objectName}-${name}`, type: 'Opaque', data: [...copied].map((alias) => ({ objectName: alias, key: alias })),
    }];
  }

  private vaultVolume(name: string): SecretVolume['source'] {
    return { csi: { driver: 'secrets-store.csi.k8s.io', readOnly: true, volumeAttributes: { secretProviderClass: `${this.objectName}-${name}` } } };
  }

  private providerParameters(vault: Vault): { [name: string]: string } {
    const objects = vault.files.map((file) =>
      `  - |\n    objectName: ${quoted(file.secretName)}\n    objectType: secret\n    objectAlias: ${file.alias}\n`);
    return {
      usePodIdentity: 'false',
      clientID: vault.source.clientId!,
      keyvaultName: vault.source.keyVaultName,
      tenantId: vault.source.tenantId!,
      cloudName: driverCloud(vault.source.cloud),
      objects: `array:\n${objects.join('')}`,
    };
  }

  private mountOther(name: string, source: { readonly [key: string]: any }, fileName: string): SecretMarks {
    this.others.push({ name, source });
    return { token: `${SECRETS}/${name}/${fileName}` };
  }

  private addSecret(index: number, value: string): string {
    const name = `${this.objectName}-token-${index}`;
    new ApiObject(this, `Token${index}`, {
      apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', stringData: { token: Token.asString(value) },
    });
    return name;
  }
}

function keyAsFile(secretName: string, key: string, path: string): SecretVolume['source'] {
  return { secret: { secretName, items: [{ key, path }] } };
}

/** The Key Vault driver's word for a cloud. */
function driverCloud(cloud: AzureCloud | undefined): string {
  return CLOUDS.find((one) => one.cloud === cloud)?.keyVaultDriver ?? '';
}
