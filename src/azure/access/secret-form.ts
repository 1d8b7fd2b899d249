/** How the value of a secret stands among settings. */
export interface SecretForm {
  readonly kind: 'text' | 'url' | 'json' | 'integer' | 'path';
  /** Around a text or a URL. */
  readonly prefix?: string;
  readonly suffix?: string;
}
