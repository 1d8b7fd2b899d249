import { TerraformStack } from 'cdktf';
import { AksClusterProps, AksCluster } from '../../src';
import { newStack, resource, resources, synth } from '../synth';

export const LOCATION = 'koreacentral';
export const SOMEBODY = '11111111-1111-1111-1111-111111111111';
export const OTHER = '22222222-2222-2222-2222-222222222222';
export const SUBNET_ID = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/n';
export const WORKSPACE_ID = '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w';
export const ADMIN_ROLE = 'Azure Kubernetes Service RBAC Cluster Admin';

export interface Made { readonly stack: TerraformStack; readonly cluster: AksCluster }

export function make(props: Partial<AksClusterProps> = {}, stack = newStack()): Made {
  return { stack, cluster: new AksCluster(stack, 'Cluster', { location: LOCATION, ...props }) };
}

export function clusterOf(props: Partial<AksClusterProps> = {}): any {
  return resource(synth(make(props).stack), 'azurerm_kubernetes_cluster');
}

/** The role assignments as `role: scope <- principal`. */
export function roles(json: any): string[] {
  return Object.values<any>(resources(json, 'azurerm_role_assignment'))
    .map((role) => `${role.role_definition_name}: ${role.scope} <- ${role.principal_id}`).sort();
}
