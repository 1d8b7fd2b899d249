import { TerraformResource } from 'cdktf';

interface Left {
  /** The binding's property of what the program says. */
  readonly input: string;
  /** What the plan leaves alone where the program does not enable it. */
  readonly argument: string;
  /** What it leaves alone where the program has the block. */
  readonly part?: string;
}

const left = (input: string, argument: string, part?: string): Left => ({ input, argument, part });

/**
 * What policies with the effects Modify and DeployIfNotExists switch on.
 * @see https://learn.microsoft.com/azure/aks/policy-reference
 * @see https://github.com/Azure/Azure-Landing-Zones-Library/tree/main/platform/alz
 */
const SETTINGS: { readonly [type: string]: readonly Left[] } = {
  azurerm_kubernetes_cluster: [
    left('azurePolicyEnabledInput', 'azure_policy_enabled'), left('microsoftDefenderInput', 'microsoft_defender'), left('omsAgentInput', 'oms_agent'),
    left('monitorMetricsInput', 'monitor_metrics'),
  ],
  // a machine's own identity joins those that it is given; the list of these stays the program's.
  azurerm_linux_virtual_machine: [left('identityInput', 'identity', 'identity[0].type')],
  azurerm_virtual_network: [
    left('ddosProtectionPlanInput', 'ddos_protection_plan'),
    // route tables: what a network's own request leaves out is taken off its subnets. Azure changes nothing else of a subnet that is in use.
    left('subnetInput', 'subnet'),
  ],
};

/** Has the plan leave alone what policies switch on and the program does not. */
export function keepPolicySettings(resource: TerraformResource): void {
  const ignored = resource.lifecycle?.ignoreChanges ?? [];
  const given = resource as unknown as { readonly [input: string]: unknown };
  const settings = (SETTINGS[resource.terraformResourceType] ?? []).flatMap(({ input, argument, part }) => (
    given[input] === undefined || given[input] === false ? [argument] : part ?? []
  ));
  if (settings.length > 0 && typeof ignored !== 'string') {
    resource.lifecycle = { ...resource.lifecycle, ignoreChanges: [...new Set([...ignored, ...settings])] };
  }
}
