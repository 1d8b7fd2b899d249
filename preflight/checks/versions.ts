import { Found } from '../finding';
import { answered, byPlace, Check } from '../question';
import { AzureResource } from '../resources';

export const VERSIONS: Check = {
  name: 'kubernetes',
  async run({ azure, resources }) {
    const clusters = resources.filter(({ type }) => type === 'azurerm_kubernetes_cluster');
    const places = byPlace(clusters, ({ subscriptionId, location }) => [subscriptionId, location]);
    const found = await Promise.all(places.map(({ place: [subscription, location], all }) =>
      answered(`Kubernetes versions in ${location}`, async () => {
        const path = `/subscriptions/${subscription}/providers/Microsoft.ContainerService/locations/${location}/kubernetesVersions`;
        const { values } = await azure.az.get(path, '2025-05-01');
        // clusters of one version have one line.
        return [...new Map(all.map((cluster) => verdict(cluster, location, values)).map((one) => [`${one.what} ${one.remedy}`, one])).values()];
      })));
    return found.flat();
  },
};

function verdict({ known, values, path }: AzureResource, location: string, offered: readonly any[]): Found {
  const wanted = known.text(values.kubernetes_version);
  if (wanted === undefined) {
    return { state: 'unknown', what: `${path.slice(0, -1).join('/')}: only the apply knows its Kubernetes version` };
  }
  const minor = wanted.split('.').slice(0, 2).join('.');
  const found = offered.find(({ version }) => version === minor);
  const told = `Kubernetes ${wanted} in ${location}`;
  const stable = offered.filter((one) => !one.isPreview && isOpen(one, values)).map(({ version }) => version).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const remedy = `take one of ${stable.join(', ')}`;
  if (!found || (wanted !== minor && !Object.hasOwn(found.patchVersions ?? {}, wanted))) {
    const patches = found && Object.keys(found.patchVersions ?? {}).sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).join(', ');
    return { state: 'refused', what: `${told}: AKS does not offer it`, remedy: patches ? `pin the minor version alone, or take one of ${patches}` : remedy };
  }
  if (found.isPreview) {
    return { state: 'refused', what: `${told}: a preview, only for subscriptions that have registered for it`, remedy };
  }
  if (!isOpen(found, values)) {
    return { state: 'refused', what: `${told}: only with long-term support, in the tier Premium`, remedy: `${remedy}, or AksSkuTier.PREMIUM` };
  }
  return { state: 'ok', what: told };
}

/** Past its own support a version is there for the tier Premium alone. */
function isOpen({ capabilities }: any, { sku_tier: tier }: any): boolean {
  const plans: readonly string[] = capabilities?.supportPlan ?? [];
  return plans.length === 0 || plans.includes('KubernetesOfficial') || tier === 'Premium';
}
