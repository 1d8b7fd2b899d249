/** Hosts that everybody knows, and that tell nothing of a platform. */
const PUBLIC_HOSTS: ReadonlySet<string> = new Set([
  'registry.terraform.io', 'registry.opentofu.org', 'developer.hashicorp.com', 'packages.gitlab.com', 'registry.gitlab.com', 'docs.gitlab.com', 'aka.ms', 'learn.microsoft.com',
  'management.azure.com', 'login.microsoftonline.com', 'go.microsoft.com', 'graph.microsoft.com', 'github.com',
]);
/** Ends of files that are no ends of hosts. */
const FILE = /\.(?:json|yaml|yml|toml|log|txt|hcl|pem|crt|cjs|mjs|tfstate|service|timer)$/;

type Replacement = string | ((match: string, ...groups: string[]) => string);

/** What must not be in a report, in the order in which it is looked for: what contains others first. */
const PATTERNS: readonly (readonly [RegExp, Replacement])[] = [
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, '<key or certificate>'],
  [/\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?/g, '<token>'],
  [/\b(?:gl[a-z]{2,10}-|GR\d{5,})[\w.-]{8,}/g, '<token>'],
  [/\b(Bearer|Basic) [\w.~+/=-]+/gi, '$1 <token>'],
  [/\b(password|passwd|secret|token|AccountKey|SharedAccessKey|SharedAccessSignature|sig|client_secret|api_?key)(["']?\s*[=:]\s*["']?)[^\s"',;&]+/gi, '$1$2<secret>'],
  [/[\w.+%-]+@[\w-]+(?:\.[\w-]+)*/g, '<address>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  // names in ids of Resource Manager: of groups, and behind each type.
  [/(\/resourceGroups\/)[^/\s"'<>]+/gi, '$1<name>'],
  [/(\/providers\/[\w.]+)((?:\/[A-Za-z]\w*\/[^/\s"'<>]+)+)/g, (_, provider, pairs) => provider + pairs.replace(/(\/[A-Za-z]\w*\/)[^/]+/g, '$1<name>')],
  [/\b(\w+ Name: )"[^"]*"/g, '$1"<name>"'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b(?:\/\d{1,2})?/g, '<ip>'],
  [/(?<![\w:.])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}|(?:[0-9a-f]{1,4}:){1,7}:|::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})(?![\w:])/gi, '<ip>'],
  [/(?<![\w.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?![\w-])/gi, (host) => (keeps(host) ? host : '<host>')],
  [/(?:\/(?:home|Users|root|tmp|var|private|mnt|opt|workspace|builds)|\b[A-Z]:\\)[^\s"'`,;:)<>]*/g, '<path>'],
  [/\b[0-9a-f]{32,}\b/gi, '<secret>'],
  [/(?<![\w/+-])(?=[\w/+-]*\d)(?=[\w/+-]*[A-Za-z])[\w/+-]{40,}={0,2}/g, '<secret>'],
];

function keeps(host: string): boolean {
  return PUBLIC_HOSTS.has(host.toLowerCase()) || /^Microsoft\.[A-Za-z]+$/i.test(host) || FILE.test(host);
}

/** Takes out of a text what tells whose platform it is about, and what opens anything. */
export class Redaction {
  private readonly known = new Map<string, string>();

  /** Names a value that must not be in the report, and what is there instead. */
  add(value: string | undefined, placeholder: string): void {
    if (value !== undefined && value.length > 2) {
      this.known.set(value, placeholder);
    }
  }

  text(text: string): string {
    const longestFirst = [...this.known].sort(([one], [other]) => other.length - one.length);
    const known = longestFirst.reduce((result, [value, placeholder]) => result.replace(new RegExp(escaped(value), 'gi'), placeholder), text);
    return PATTERNS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement as string), known);
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
