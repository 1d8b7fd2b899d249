import { NetworkSecurityGroup } from '@cdktf/provider-azurerm/lib/network-security-group';
import { NetworkSecurityRule, NetworkSecurityRuleConfig } from '@cdktf/provider-azurerm/lib/network-security-rule';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { isOpenToAll } from '../../private/cidr';

/** What tells one rule from the others: its name, priority, source and ports, and what else is not as below. */
type InboundRuleConfig = Omit<NetworkSecurityRuleConfig, 'networkSecurityGroupName' | 'access' | 'direction' | 'protocol'> & { readonly access?: string; readonly protocol?: string };

/** A rule about traffic into a network security group; it lets in all protocols unless the config says otherwise. */
export function inboundRule(scope: Construct, id: string, securityGroup: NetworkSecurityGroup, config: InboundRuleConfig): NetworkSecurityRule {
  return new NetworkSecurityRule(scope, id, {
    networkSecurityGroupName: securityGroup.name,
    direction: 'Inbound',
    access: 'Allow',
    protocol: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    ...config,
  });
}

/** Blocks, or one service tag, as a rule's source; undefined where they let nobody in, which takes no rule. */
export function sourceOf(cidrs: readonly string[]): { sourceAddressPrefix: string } | { sourceAddressPrefixes: string[] } | undefined {
  if (isOpenToAll(cidrs)) {
    return { sourceAddressPrefix: '*' };
  }
  // the list of sources does not take tags.
  if (!Token.isUnresolved(cidrs) && cidrs.length === 1 && /^[A-Z]/.test(cidrs[0])) {
    return { sourceAddressPrefix: cidrs[0] };
  }
  return Token.isUnresolved(cidrs) || cidrs.length > 0 ? { sourceAddressPrefixes: cidrs as string[] } : undefined;
}
