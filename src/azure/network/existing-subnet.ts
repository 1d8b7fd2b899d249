import { DataAzurermSubnet } from '@cdktf/provider-azurerm/lib/data-azurerm-subnet';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { known } from '../../private/rules/subject';

const SUBNETS = '/subnets/';

/** The ARM id of the virtual network that a subnet is in. */
export function virtualNetworkOf(subnetId: string): string {
  const end = subnetId.toLowerCase().lastIndexOf(SUBNETS);
  return end > 0 ? subnetId.slice(0, end) : Fn.element(Fn.split(SUBNETS, subnetId), 0);
}

/** The blocks of a subnet that exists, read from Azure. */
export function subnetCidrs(scope: Construct, id: string, subnetId: string): string[] {
  return new DataAzurermSubnet(scope, id, {
    resourceGroupName: segment(subnetId, 4), virtualNetworkName: segment(subnetId, 8), name: segment(subnetId, 10),
  }).addressPrefixes;
}

function segment(armId: string, index: number): string {
  return known(armId) ? armId.split('/')[index] : Fn.element(Fn.split('/', armId), index);
}
