import { TerraformResource } from 'cdktf';

/**
 * Arguments that the bindings (azurerm 4.55) lack or name otherwise than the provider that is asked for (`>= 4.81, < 6`),
 * in the spelling that 4.81 and 5.x share.
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
