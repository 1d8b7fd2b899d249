/**
 * A national cloud of Entra ID, which has hosts of its own.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 */
export enum EntraIdCloud {
  /** The public cloud. */
  PUBLIC = 'AzureCloud',
  /** Azure for the government of the United States. */
  US_GOVERNMENT = 'AzureUSGovernment',
  /** Azure in China, operated by 21Vianet. */
  CHINA = 'AzureChinaCloud',
}
