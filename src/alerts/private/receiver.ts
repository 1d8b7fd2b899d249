/** Who is told, in the words of an action group. */
export type Receiver =
  | { readonly kind: 'role'; readonly roleName: string; readonly roleId: string }
  | { readonly kind: 'email'; readonly emailAddress: string }
  | { readonly kind: 'webhook'; readonly uri: string };

/** The built-in roles whose members Azure writes to, and the ids of their definitions, which are the same in every tenant. */
export const ROLE_IDS: { readonly [roleName: string]: string } = {
  'Owner': '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  'Contributor': 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  'Reader': 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  'Monitoring Contributor': '749f88d5-cbae-40b8-bcfc-e573ddc772fa',
  'Monitoring Reader': '43d0d8ad-25c7-4714-9337-8ba259a9fe05',
};
