import { apiServerZone } from './api-server-zone';
import { isSameName } from '../../azure/names/same-name';
import { virtualNetworkOf } from '../../azure/network/existing-subnet';
import { cloudOfRegion } from '../../azure/place/cloud-hosts';
import { Together } from '../../private/rules/rule';
import { known } from '../../private/rules/subject';
import { ValidationError } from '../../private/validation-error';
import { AksClusterProps } from '../aks-cluster-props';

/** Refuses a private API server in a zone or a subnet that is not the cluster's. */
export const checkApiServerFits: Together<AksClusterProps> = (at, { apiServerAccess, location, subnet }) => {
  const { dnsZoneId, subnetId } = apiServerAccess?._private ?? {};
  const refuse = (option: 'dnsZoneId' | 'subnetId', problem: string, got: string, remedy: string) => {
    throw new ValidationError(at('apiServerAccess').where, { prop: `apiServerAccess.${option}`, problem, got, remedy });
  };
  const zone = known(dnsZoneId) ? apiServerZone(dnsZoneId)! : undefined;
  const cloud = cloudOfRegion(location);
  if (zone && cloud && (zone.region !== location || zone.cloud !== cloud)) {
    refuse('dnsZoneId', 'not a zone of the cluster\'s region', dnsZoneId!, `give one named "${zone.kind}.${location}.${cloud.apiServer}", or a subdomain of it`);
  }
  if (subnetId === undefined) {
    return;
  }
  const nodes = subnet?._existingId;
  if (nodes === undefined) {
    refuse('subnetId', 'the nodes are in a new virtual network, which has no such subnet', subnetId, 'give AzureSubnet.existing() as subnet, or leave it out');
  } else if (isSameName(nodes, subnetId)) {
    refuse('subnetId', 'the nodes\' own subnet', subnetId, 'give one of its own, delegated to Microsoft.ContainerService/managedClusters');
  } else if (known(nodes) && known(subnetId) && !isSameName(virtualNetworkOf(nodes), virtualNetworkOf(subnetId))) {
    refuse('subnetId', 'not in the nodes\' virtual network', subnetId, `give a subnet of ${virtualNetworkOf(nodes)}`);
  }
};
