import { Construct } from 'constructs';
import { requireProvider } from '../../private/required-provider';
import { requireTerraform } from '../../private/required-terraform';

/** From the lowest that still manages Key Vault after 2027-02-27 to the highest that the real provider has judged. */
const AZURERM_PROVIDER = { source: 'hashicorp/azurerm', version: '>= 4.81, < 6' };

/** Asks for the versions of Terraform and azurerm that all resources of this library work with. */
export function requireVersions(scope: Construct): void {
  requireTerraform(scope);
  requireProvider(scope, 'azurerm', AZURERM_PROVIDER);
}
