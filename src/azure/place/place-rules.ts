import { TerraformProvider, TerraformStack } from 'cdktf';
import { instanceOf, refuseStranger, shown } from '../../private/rules/objects';
import { also, Rule, Rules, struct } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';
import { AzureLogWorkspace } from '../azure-log-workspace';
import { AzureProvider } from '../azure-provider';
import { AzureResourceGroup } from '../azure-resource-group';
import { AzureSubnet, AzureSubnetOptions } from '../azure-subnet';

export function resourceGroup(): Rule<AzureResourceGroup> {
  return instanceOf(AzureResourceGroup, 'AzureResourceGroup.create() or AzureResourceGroup.existing()');
}

export function logWorkspace(): Rule<AzureLogWorkspace> {
  return instanceOf(AzureLogWorkspace, 'AzureLogWorkspace.create() or AzureLogWorkspace.existing()');
}

/** A provider of the construct's own stack, since providers are known in one stack alone. */
export function azureProvider(): Rule<TerraformProvider> {
  const expected = 'an AzureProvider, or an azurerm provider of the bindings\'';
  return {
    expected,
    take({ where, prop }, value) {
      refuseStranger({ where, prop }, value, AzureProvider);
      const refuse = (problem: string, got: unknown, remedy: string) => new ValidationError(where, { prop, problem, got, remedy });
      if (!TerraformProvider.isTerraformProvider(value) || value.terraformResourceType !== 'azurerm') {
        throw refuse('not an azurerm provider', shown(value), `give ${expected}`);
      }
      if (typeof where !== 'string' && TerraformStack.of(value) !== TerraformStack.of(where)) {
        throw refuse('in another stack', value.node.path, 'make a provider in this stack too');
      }
      return value;
    },
  };
}

/** A subnet of a network that is there already. */
export function existingSubnet(): Rule<AzureSubnet> {
  return also(instanceOf(AzureSubnet, 'AzureSubnet.existing()'), ({ where, prop }, { _existingId: id }) => {
    if (id === undefined) {
      throw new ValidationError(where, { prop, problem: 'a new subnet would be in a network of its own', got: 'AzureSubnet.create()', remedy: 'give AzureSubnet.existing()' });
    }
  });
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
