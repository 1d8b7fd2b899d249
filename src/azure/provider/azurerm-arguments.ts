import { Lazy, TerraformResource } from 'cdktf';
import { azurermMajor } from './azurerm-major';
import { ValidationError } from '../../private/validation-error';

/**
 * Arguments that the bindings (azurerm 4.55) lack or name otherwise than the provider that is asked for (`>= 4.81, < 6`),
 * in the spelling that 4.81 and 5.x share, or where they share none, in that of the one that is meant.
 */

/** The identity of a federated credential: `parent_id` and `resource_group_name` are gone in 5.x, `user_assigned_identity_id` exists since 4.65. */
export function setFederatedIdentity(credential: TerraformResource, identityId: string): void {
  credential.addOverride('parent_id', undefined);
  credential.addOverride('resource_group_name', undefined);
  credential.addOverride('user_assigned_identity_id', identityId);
}

/** Who makes node pools: 5.x wants the block, 4.57 and later take it, and `Manual` is what both do without it. */
export function setNodeProvisioning(cluster: TerraformResource): void {
  cluster.addOverride('node_provisioning_profile', { mode: 'Manual' });
}

/** The API server in a subnet of the cluster's network: 4.81 and 5.x have the arguments, the bindings do not. */
export function setApiServerSubnet(cluster: TerraformResource, subnetId: string): void {
  cluster.addOverride('api_server_access_profile', { virtual_network_integration_enabled: true, subnet_id: subnetId });
}

/** A zone as both majors name it. */
export interface ZoneNames {
  readonly id: string;
  readonly name: string;
  readonly resourceGroupName: string;
}

/**
 * The zone that a link or a record of private DNS belongs to: by name and group in 4.81, by id in 5.x, and neither takes the other's.
 * @param nameArgument what 4.81 calls the zone's name.
 * @param prop the prop that asked for it.
 */
export function setPrivateDnsZone(resource: TerraformResource, zone: ZoneNames, nameArgument: string, prop: string): void {
  const only = (major: number, value: string) => Lazy.anyValue({ produce: () => (azurermMajor(resource) === major ? value : undefined) });
  resource.addOverride('private_dns_zone_id', only(5, zone.id));
  resource.addOverride(nameArgument, only(4, zone.name));
  resource.addOverride('resource_group_name', only(4, zone.resourceGroupName));
  resource.node.addValidation({
    validate() {
      if (azurermMajor(resource) === undefined) {
        throw new ValidationError(resource, {
          prop, problem: 'azurerm 4 and 5 spell private DNS differently, and the stack allows both', remedy: 'say which is meant: new AzureProvider(stack, "Azure", { azurermMajor: 5 })',
        });
      }
      return [];
    },
  });
}
