import { resourceGroupName as aResourceGroupName } from './private/rules';
import { takeValue } from '../private/rules/rule';

/**
 * The resource group to create resources in.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/overview#resource-groups
 * @example
 * new AksCluster(stack, 'Shared', { location: 'koreacentral', resourceGroup: AzureResourceGroup.existing('platform') });
 */
export class AzureResourceGroup {
  /**
   * A new resource group.
   * @param resourceGroupName at most 90 letters, digits, `-`, `_`, `.`, `(` and `)`, not ending with `.`.
   * @see https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
   */
  static create(resourceGroupName: string): AzureResourceGroup {
    return new AzureResourceGroup(takeValue('AzureResourceGroup.create', 'resourceGroupName', resourceGroupName, aResourceGroupName()), false);
  }

  /**
   * A resource group that exists.
   * @param resourceGroupName its name.
   */
  static existing(resourceGroupName: string): AzureResourceGroup {
    return new AzureResourceGroup(takeValue('AzureResourceGroup.existing', 'resourceGroupName', resourceGroupName, aResourceGroupName()), true);
  }

  private constructor(
    /** @internal */
    public readonly _name: string,
    /** @internal */
    public readonly _exists: boolean,
  ) {}
}
