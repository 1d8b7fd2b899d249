import { constants, generateKeyPairSync, privateDecrypt } from 'crypto';
import { Refuted } from './outcome';

/** What opens GitLab's API: a token, and the authority that its certificate is of. */
export interface Access {
  readonly token: string;
  readonly authority: string;
}

/**
 * Lets the server make a token for its API and hand it over. GitLab has no API that takes a password alone, and demands a second factor of administrators; root on the machine
 * may make a token. Azure keeps what a script prints, so it prints the token encrypted for a key that this process alone holds. The token lasts for a day at most.
 */
export class AccessRequest {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });

  /** For root on the server. */
  get script(): string {
    return `#!/bin/bash
set -u
export HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
key=$(mktemp) said=$(mktemp)
trap 'rm -f "$key" "$said"' EXIT
echo ${Buffer.from(this.keys.publicKey).toString('base64')} | base64 -d >"$key"
token=$(gitlab-rails runner - 2>"$said" <<'RUBY' | sed -n 's/^token-of-verify //p'
user = User.find_by(username: 'root') or abort 'there is no root'
token = user.personal_access_tokens.create!(name: 'cdktf-azure-gitlab verify', scopes: ['api'], expires_at: Date.today + 1)
puts "token-of-verify #{token.token}"
RUBY
)
if [ -z "$token" ]; then
  printf 'problem %s\\n' "$(tr '\\n' ' ' <"$said" | tail -c 300)"
  exit 1
fi
printf 'token %s\\n' "$(printf %s "$token" | openssl pkeyutl -encrypt -pubin -inkey "$key" -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 | base64 -w 0)"
printf 'authority %s\\n' "$(base64 -w 0 /etc/gitlab/ssl/ca.crt)"
`;
  }

  /** What the script has printed. */
  read(output: string): Access {
    const [token, authority] = ['token', 'authority'].map((word) => Buffer.from(new RegExp(`^${word} (\\S+)$`, 'm').exec(output)?.[1] ?? '', 'base64'));
    if (token.length === 0 || authority.length === 0) {
      throw new Refuted(`the server made no token for its API: ${/^problem (.*)$/m.exec(output)?.[1] ?? output.trim().slice(-300)}`);
    }
    return {
      token: privateDecrypt({ key: this.keys.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, token).toString(),
      authority: authority.toString(),
    };
  }
}
