import { ApiObject, Lazy } from 'cdk8s';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { RegistrationSource, TokenSource, VaultSource } from './token-source';
import { AzureCloud } from '../../azure/azure-cloud';
import { CLOUDS } from '../../azure/private/cloud-hosts';
import { quoted } from '../../private/terraform-text';

/** Where the sidecar finds secrets. */
const SECRETS = '/secrets';
/** Where both containers find the chart's ConfigMap. */
export const CONFIG_MAP_PATH = '/config';

/** A volume of the manager's pod that only the sidecar mounts. */
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
}

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

  constructor(scope: Construct, private readonly objectName: string, private readonly gitlabUrl: string) {
    super(scope, 'Secrets');
  }

  /** All volumes. */
  get volumes(): SecretVolume[] {
    const vaults = [...this.vaults.values()].map((_vault, index) => ({
      name: `vault-${index}`,
      source: {
        csi: {
          driver: 'secrets-store.csi.k8s.io',
          readOnly: true,
          volumeAttributes: { secretProviderClass: `${this.objectName}-vault-${index}` },
        },
      },
    }));
    return [...vaults, ...this.others];
  }

  /** What the volumes hold, for the checksum that restarts the manager: the driver reads new settings only when a pod starts. */
  get contents(): unknown {
    return [...this.vaults.values()].map((vault) => this.providerParameters(vault));
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
        return this.mountOther(index, { secret: { secretName: source.name, items: [{ key: source.key, path: 'token' }] } }, 'token');
      case 'volume':
        return this.mountOther(index, source.volume, source.fileName);
      case 'variable':
        return this.mountOther(index, { secret: { secretName: this.addSecret(index, source.variable.stringValue) } }, 'token');
      default:
        throw new Error(`no volume for a token of the kind ${source.kind}`);
    }
  }

  private mountVault(source: VaultSource, index: number): SecretMarks {
    // vaults' names are unique in all of Azure, so that the tenant, which may be another token each time, says nothing more.
    const key = `${source.keyVaultName} ${source.clientId}`;
    const known = [...this.vaults.keys()].indexOf(key);
    const number = known < 0 ? this.vaults.size : known;
    const vault = this.vaults.get(key) ?? this.addVault(key, source, number);
    const file = (secretName: string, alias: string): string => {
      const mounted = vault.files.find((entry) => entry.secretName === secretName);
      if (!mounted) {
        vault.files.push({ secretName, alias });
      }
      return `${SECRETS}/vault-${number}/${mounted?.alias ?? alias}`;
    };
    return {
      token: file(source.secretName, `token-${index}`),
      certificate: source.caSecretName === undefined ? undefined : file(source.caSecretName, `ca-${index}.pem`),
    };
  }

  private addVault(key: string, source: VaultSource, number: number): Vault {
    const vault: Vault = { source, files: [] };
    this.vaults.set(key, vault);
    new ApiObject(this, `Vault${number}`, {
      apiVersion: 'secrets-store.csi.x-k8s.io/v1',
      kind: 'SecretProviderClass',
      metadata: { name: `${this.objectName}-vault-${number}` },
      spec: { provider: 'azure', parameters: Lazy.any({ produce: () => this.providerParameters(vault) }) },
    });
    return vault;
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

  private mountOther(index: number, source: { readonly [key: string]: any }, fileName: string): SecretMarks {
    this.others.push({ name: `token-${index}`, source });
    return { token: `${SECRETS}/token-${index}/${fileName}` };
  }

  private addSecret(index: number, value: string): string {
    const name = `${this.objectName}-token-${index}`;
    new ApiObject(this, `Token${index}`, {
      apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', stringData: { token: Token.asString(value) },
    });
    return name;
  }
}

/** The Key Vault driver's word for a cloud. */
function driverCloud(cloud: AzureCloud | undefined): string {
  return CLOUDS.find((one) => one.cloud === cloud)?.keyVaultDriver ?? '';
}
