import { CloudHosts, CLOUDS } from '../../azure/place/cloud-hosts';

/** What the name of a private DNS zone for API servers tells. */
export interface ApiServerZone {
  /** `private` is for those in a subnet of their own alone. */
  readonly kind: 'privatelink' | 'private';
  readonly region: string;
  readonly cloud: CloudHosts;
}

/** @see https://learn.microsoft.com/azure/aks/private-clusters */
const NAME = /^([a-z0-9-]{1,32}\.)?(?<kind>privatelink|private)\.(?<region>[a-z0-9]+)\.(?<suffix>.+)$/;

/** Reads the ARM id of a zone; undefined for one that AKS refuses. */
export function apiServerZone(id: string): ApiServerZone | undefined {
  const { kind, region, suffix } = NAME.exec(id.split('/').pop()!.toLowerCase())?.groups ?? {};
  const cloud = CLOUDS.find(({ apiServer }) => apiServer === suffix);
  return cloud && { kind: kind as ApiServerZone['kind'], region, cloud };
}
