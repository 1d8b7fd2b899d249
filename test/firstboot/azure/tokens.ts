import { randomBytes } from 'node:crypto';

/** Access tokens of managed identities: each is good for one audience. */
export class Tokens {
  private readonly issued = new Map<string, { audience: string; clientId: string }>();

  issue(audience: string, clientId: string): string {
    const token = `eyJ0eXAi.${randomBytes(400).toString('base64url')}.${randomBytes(60).toString('base64url')}`;
    this.issued.set(token, { audience: audience.replace(/\/$/, ''), clientId });
    return token;
  }

  /** Whose token an Authorization header holds, if it is one for the audience. */
  owner(authorization: string | undefined, audience: string): string | undefined {
    const token = this.issued.get((authorization ?? '').replace(/^Bearer /, ''));
    return token?.audience === audience ? token.clientId : undefined;
  }

  get all(): string[] {
    return [...this.issued.keys()];
  }
}
