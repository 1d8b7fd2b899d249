/**
 * A cloud of Azure, with its own sign-in, regions and host names.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 */
export enum AzureCloud {
  /** The public cloud. */
  PUBLIC = 'AzureCloud',
  /** Azure for the government of the United States. */
  US_GOVERNMENT = 'AzureUSGovernment',
  /** Azure in China, operated by 21Vianet. People there can sign in to a server; servers and clusters cannot be created there. */
  CHINA = 'AzureChinaCloud',
}
