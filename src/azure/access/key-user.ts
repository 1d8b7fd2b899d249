import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assignIdentityRole } from './role-assignment';
import { spreadingTime } from './spreading-time';
import { vaultName } from './vault-name';
import { instanceOf } from '../../private/rules/objects';
import { Rule } from '../../private/rules/rule';
import { AzureRole } from '../azure-role';
import { KeyVaultKey } from '../key-vault-key';
import { checkOwnSubscription } from '../place/own-subscription';
import { Placement } from '../place/placement';
import { StackClouds } from '../place/stack-clouds';

/** A role at somebody else's vault takes as long as Azure says at most. */
const SPREADING_SECONDS = 300;
const KEY_ROLE = AzureRole.of('Key Vault Crypto Service Encryption User');

export function customerManagedKey(): Rule<KeyVaultKey> {
  return instanceOf(KeyVaultKey, 'KeyVaultKey.of(keyVaultId, keyName)');
}

export interface KeyUserProps {
  readonly placement: Placement;
  readonly identityName: string;
  readonly key: KeyVaultKey;
}

/** What accounts and servers encrypt with a key of the user's as: an identity that may do nothing else. */
export class KeyUser extends Construct {
  public readonly identityId: string;
  /** Without a version: the newest one counts. */
  public readonly keyUrl: string;
  /** What has to be applied before Azure uses the key. */
  public readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { placement, identityName, key }: KeyUserProps) {
    super(scope, id);
    const { _keyVaultId: vaultId, _keyName: keyName } = key;
    // azurerm looks for the vault there alone: hashicorp/terraform-provider-azurerm#20199.
    checkOwnSubscription(scope, 'customerManagedKey', vaultId, {
      problem: 'a key in another subscription than what it encrypts', remedy: 'give a key in a vault of that subscription: the provider finds no other',
    });
    const identity = new UserAssignedIdentity(this, 'Identity', { ...placement, name: identityName });
    const role = assignIdentityRole(this, 'KeyRole', KEY_ROLE, `${vaultId}/keys/${keyName}`, identity.principalId);
    this.identityId = identity.id;
    this.keyUrl = `https://${vaultName(vaultId)}.${StackClouds.of(scope).hosts.keyVault}/keys/${keyName}`;
    this.ready = [spreadingTime(this, SPREADING_SECONDS, [role])];
  }
}
