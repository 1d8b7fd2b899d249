import { localValue } from './locals';
import { AzureResource, blocks } from '../preflight/resources';

/** What an apply brings onto a cluster, by Helm or through a server. */
export interface Release {
  readonly name: string;
  readonly namespace: string;
  /** What Terraform has to replace to bring it again. */
  readonly address: string;
  /** What its objects bear. */
  readonly annotations: { readonly [name: string]: string };
  readonly byHelm: boolean;
}

const DELIVERY = /^deliver-\$\{.*\b(terraform_data\.[\w-]+)\.id\b/;

/** The releases on a cluster; `resources` are all of the program. */
export function releasesOn(cluster: AzureResource, resources: readonly AzureResource[]): Release[] {
  return [...byHelm(cluster), ...throughServer(cluster, resources)];
}

/** The provider of a release names the cluster in its address. */
function byHelm({ stack, address, known }: AzureResource): Release[] {
  const aliases = blocks(stack.json.provider?.helm).filter((settings) => JSON.stringify(settings.kubernetes ?? {}).includes(`${address}.`)).map(({ alias }) => `helm.${alias}`);
  const own = Object.entries<any>(stack.json.resource?.helm_release ?? {}).filter(([, { provider }]) => aliases.includes(provider));
  return own.flatMap(([key, values]) =>
    release(known.text(values.name), known.text(values.namespace ?? 'default'), (name, namespace) => ({
      address: `helm_release.${key}`, byHelm: true, annotations: { 'meta.helm.sh/release-name': name, 'meta.helm.sh/release-namespace': namespace },
    })));
}

/** A parameter of the run command has the cluster's address. */
function throughServer({ stack, address }: AzureResource, resources: readonly AzureResource[]): Release[] {
  return resources.filter((one) => one.type === 'azurerm_virtual_machine_run_command' && one.stack === stack).flatMap(({ values, known }) => {
    const [, attempt] = DELIVERY.exec(values.name) ?? [];
    const given = new Map<string, unknown>((values.parameter ?? []).map(({ name, value }: any) => [name, localValue(stack, value)]));
    const [name, namespace] = ['RELEASE', 'NAMESPACE'].map((parameter) => known.text(given.get(parameter)));
    return attempt === undefined || !String(given.get('API_SERVER')).includes(`${address}.`) ? []
      : release(name, namespace, () => ({ address: attempt, byHelm: false, annotations: { 'cdktf-azure-gitlab/release': `${namespace}/${name}` } }));
  });
}

function release(name: string | undefined, namespace: string | undefined, rest: (name: string, namespace: string) => Omit<Release, 'name' | 'namespace'>): Release[] {
  return name === undefined || namespace === undefined ? [] : [{ name, namespace, ...rest(name, namespace) }];
}
