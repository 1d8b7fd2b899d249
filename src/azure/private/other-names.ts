const OWN = 'leave it out, or give the stack an AzurermProvider of your own: docs/escape-hatches.md';

/** What to do in place of arguments that azurerm's provider takes, where none of the props is near to them. */
export const OTHER_NAMES_OF_PROVIDER: { readonly [name: string]: string } = {
  environment: 'write cloud',
  version: 'write azurermMajor',
  features: OWN,
  resourceProviderRegistrations: OWN,
  skipProviderRegistration: OWN,
  storageUseAzuread: OWN,
  metadataHost: fromEnvironment('ARM_METADATA_HOSTNAME'),
  ...Object.fromEntries([
    'adoPipelineServiceConnectionId', 'auxiliaryTenantIds', 'clientCertificate', 'clientCertificatePassword', 'clientCertificatePath', 'clientIdFilePath',
    'clientSecret', 'clientSecretFilePath', 'disableCorrelationRequestId', 'disableTerraformPartnerId', 'msiApiVersion', 'msiEndpoint', 'oidcRequestToken',
    'oidcRequestUrl', 'oidcToken', 'oidcTokenFilePath', 'partnerId', 'useAksWorkloadIdentity', 'useCli', 'useMsi',
  ].map((name) => [name, fromEnvironment(`ARM_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`)])),
};

/** What says how to sign in belongs to where Terraform runs: laptop and pipeline differ in it, and part of it is secret. */
function fromEnvironment(variable: string): string {
  return `leave it out: the provider reads ${variable} where Terraform runs`;
}
