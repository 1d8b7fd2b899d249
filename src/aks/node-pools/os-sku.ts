import { IConstruct } from 'constructs';
import { Rule } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { known, refusal } from '../../private/rules/subject';
import { KubernetesVersion } from '../kubernetes-version';

/**
 * The last minor version of Kubernetes for which AKS has a version of Ubuntu.
 * @see https://learn.microsoft.com/azure/aks/upgrade-os-version
 */
const LAST_MINOR: { readonly [osSku: string]: number } = { Ubuntu2204: 36, Ubuntu2404: 38 };

/** The operating system of nodes with Linux, by the names that AKS and azurerm have for it. */
export function osSku(): Rule<string> {
  return text('"Ubuntu" or "AzureLinux", or one version of it such as "Ubuntu2404"', /^(Ubuntu(2204|2404)?|AzureLinux3?)$/);
}

/** Refuses a version of Ubuntu that AKS has no longer for the cluster's version. */
export function refuseOldUbuntu(where: IConstruct, sku: string | undefined, version: KubernetesVersion | undefined): void {
  const last = known(sku) ? LAST_MINOR[sku] : undefined;
  if (last !== undefined && version !== undefined && version.minor > last) {
    throw refusal({ where, prop: 'osSku' }, `AKS has it up to Kubernetes 1.${last}, and the cluster has ${version.version}`, sku, 'give "Ubuntu", or leave it out');
  }
}
