import { instanceOf } from '../../private/rules/objects';
import { Rule, Rules, struct } from '../../private/rules/rule';
import { AzureLogWorkspace } from '../azure-log-workspace';
import { AzureResourceGroup } from '../azure-resource-group';
import { AzureSubnet, AzureSubnetOptions } from '../azure-subnet';

export function resourceGroup(): Rule<AzureResourceGroup> {
  return instanceOf(AzureResourceGroup, 'AzureResourceGroup.create() or AzureResourceGroup.existing()');
}

export function logWorkspace(): Rule<AzureLogWorkspace> {
  return instanceOf(AzureLogWorkspace, 'AzureLogWorkspace.create() or AzureLogWorkspace.existing()');
}

/** A subnet whose addresses, if it is a new one, follow the rules of what is put in it. */
export function subnet(addresses: Rules<AzureSubnetOptions>): Rule<AzureSubnet> {
  const any = instanceOf(AzureSubnet, 'AzureSubnet.create() or AzureSubnet.existing()');
  return {
    expected: any.expected,
    take(subject, value) {
      const taken = any.take(subject, value);
      struct(addresses).take(subject, taken._options);
      return taken;
    },
  };
}
