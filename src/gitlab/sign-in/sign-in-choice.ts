import { Section } from '../gitlab-rb/omnibus-settings';

/** A way to sign in, with its gaps filled. Texts may be tokens, `name` apart. */
export interface SignInChoice {
  readonly kind: 'saml' | 'openid-connect' | 'custom';
  readonly name: string;
  /** GitLab asks of SAML by other keys than of all others. */
  readonly speaksSaml: boolean;
  /** What omniauth takes, for a GitLab of a URL. */
  readonly provider: (gitlabUrl: string) => Section;
  readonly administrators: readonly string[];
  readonly approvalRequired: boolean;
  readonly linkingByEmailAllowed: boolean;
  readonly automaticSignInEnabled: boolean;
  readonly newUsersExternal: boolean;
  readonly twoFactorBypassAllowed: boolean;
  /** GitLab's own setting is left alone without. */
  readonly passwordSignInEnabled?: boolean;
  /** With `saml`, unless the certificates are given: where they come from. */
  readonly metadata?: { readonly url: string; readonly entityId: string };
  /** With Entra ID: what its side of it has to know. */
  readonly application?: EntraApplication;
  /** The props that only the Enterprise Edition's code knows, and that keep somebody out or let somebody in. */
  readonly enterpriseProps: readonly string[];
}

/** An application in Entra ID. */
export interface EntraApplication {
  readonly id: string;
  /** With SAML. */
  readonly identifier?: string;
  /** Whether GitLab wants to be told of people's groups. */
  readonly groups: boolean;
  readonly graphHost: string;
}
