
/** Where every resource of the server goes. */
export interface Placement {
  readonly resourceGroupName: string;
  readonly location: string;
  readonly tags?: { [name: string]: string };
}
