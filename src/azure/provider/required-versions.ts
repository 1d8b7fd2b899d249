import { Construct } from 'constructs';
import { AZURERM_VERSIONS, azurermMajor } from './azurerm-major';
import { requireProvider } from '../../private/required-provider';
import { requireTerraform } from '../../private/required-terraform';

/** Asks for the versions of Terraform and azurerm that all resources of this library work with. */
export function requireVersions(scope: Construct): void {
  requireTerraform(scope);
  // from the lowest that still manages Key Vault after 2027-02-27 to the highest that the real provider has judged.
  requireProvider(scope, 'azurerm', () => ({ source: 'hashicorp/azurerm', version: AZURERM_VERSIONS[azurermMajor(scope) ?? 'any'] }));
}
