import { TerraformHclModule, TerraformLocal } from 'cdktf';
import { AksCluster, AksClusterProps, AzureSubnet } from '../../src';
import { newStack, resource, synth } from '../synth';

const AS_TEXT = 'an expression of Terraform\'s as text';

describe('an expression of Terraform\'s', () => {
  // What a landing zone's module makes: Azure/Azure-Landing-Zones#3995. What a workspace is called: hashicorp/terraform-cdk#376.
  test.each<[string, () => Partial<AksClusterProps>, string]>([
    ['an id', () => ({ subnet: AzureSubnet.existing('${module.vending.subnet_ids["nodes"]}') }),
      `subnetId: ${AS_TEXT}, got "\${module.vending.subnet_ids[\\"nodes\\"]}"; give a reference, such as asString of a TerraformLocal with this text (at AzureSubnet.existing)`],
    ['a name', () => ({ clusterName: 'aks-${terraform.workspace}' }),
      `clusterName: ${AS_TEXT}, got "aks-\${terraform.workspace}"; give a reference, such as asString of a TerraformLocal with this text (at Test/Cluster)`],
    ['a block', () => ({ podCidr: '${var.pods}' }),
      `podCidr: ${AS_TEXT}, got "\${var.pods}"; give a reference, such as asString of a TerraformLocal with this text (at Test/Cluster)`],
    ['a number', () => ({ imageCleanerIntervalHours: '${var.hours}' as never }),
      `imageCleanerIntervalHours: ${AS_TEXT}, got "\${var.hours}"; give a reference, such as asNumber of a TerraformLocal with this text (at Test/Cluster)`],
  ])('as text in the place of %s is told of as one', (_, props, message) => {
    expect(() => new AksCluster(newStack(), 'Cluster', { location: 'koreacentral', ...props() })).toThrow(new Error(message));
  });

  test('as a reference is taken, from a local value and from a module', () => {
    const stack = newStack();
    const module = new TerraformHclModule(stack, 'vending', { source: 'Azure/lz-vending/azurerm' });
    new AksCluster(stack, 'Cluster', {
      location: 'koreacentral',
      clusterName: new TerraformLocal(stack, 'Name', 'aks-${terraform.workspace}').asString,
      subnet: AzureSubnet.existing(module.getString('subnet_ids["nodes"]')),
    });
    const { name, default_node_pool: pool } = resource(synth(stack), 'azurerm_kubernetes_cluster');
    expect([name, pool.vnet_subnet_id]).toEqual(['${local.Name}', '${module.vending.subnet_ids["nodes"]}']);
  });

  test('is plain text where any text is taken', () => {
    const stack = newStack();
    new AksCluster(stack, 'Cluster', { location: 'koreacentral', tags: { env: '${terraform.workspace}' } });
    expect(resource(synth(stack), 'azurerm_kubernetes_cluster').tags).toEqual({ env: '$${terraform.workspace}' });
  });
});
