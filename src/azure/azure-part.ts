/** A resource that an `AzureNaming` names. */
export interface AzurePart {
  /** The prefix that the Cloud Adoption Framework has for the type, such as `kv`. */
  readonly abbreviation: string;

  /** Azure's name for the type, such as `Microsoft.KeyVault/vaults`. */
  readonly resourceType: string;

  /** The id of the construct that the program makes, such as `GitLab`. */
  readonly constructId: string;

  /** The path of that construct, such as `gitlab/GitLab`. */
  readonly constructPath: string;

  /** The Azure region. */
  readonly location: string;

  /** The maximum length that Azure allows, in characters. */
  readonly maximumLength: number;

  /**
   * What tells the resource from others of its type in the same construct, such as `runner` for the vault with the runners' tokens.
   * @default - none: it is the construct's only one, or the main one
   */
  readonly role?: string;
}
