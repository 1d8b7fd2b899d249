/** What a resource is for; each has its colour, and in lists they stand in this order. */
export enum Kind {
  COMPUTE = 'Compute',
  KUBERNETES = 'Kubernetes',
  SECRETS = 'Secrets',
  NETWORK = 'Network',
  STORAGE = 'Storage',
  IDENTITY = 'Identity and access',
  MONITORING = 'Monitoring',
  OTHER = 'Other',
}
export const KINDS_IN_ORDER: readonly Kind[] = Object.values(Kind);

/** The first that fits counts. */
const PATTERNS: readonly [Kind, RegExp][] = [
  [Kind.MONITORING, /monitor|log_analytics|application_insights|diagnostic/],
  [Kind.IDENTITY, /identity|role_|azuread|policy_assignment/],
  [Kind.SECRETS, /key_vault|tls_|password/],
  [Kind.STORAGE, /disk|storage|backup|recovery|snapshot|sql|redis|cosmosdb/],
  [Kind.KUBERNETES, /kubernetes|container|helm_|manifests_file/],
  [Kind.NETWORK, /network|subnet|public_ip|dns|nat_gateway|firewall|load_balancer|_lb|route|endpoint|gateway|bastion|frontdoor/],
  [Kind.COMPUTE, /virtual_machine|image|availability|function_app|web_app|service_plan/],
];
const ACRONYMS = ['ip', 'dns', 'nat', 'lb', 'vpn', 'sql', 'tls', 'ssh', 'api', 'vm', 'acr', 'cdn', 'id'];

export function kindOf(type: string): Kind {
  return PATTERNS.find(([, pattern]) => pattern.test(type))?.[0] ?? Kind.OTHER;
}

/** The vendor's words for a type of resource: `azurerm_public_ip` is a "Public IP". */
export function vendorName(type: string): string {
  const [, data, name] = /^(data\.)?(?:azurerm_)?(.*)$/.exec(type)!;
  const words = name.split('_').map((word) => (ACRONYMS.includes(word) ? word.toUpperCase() : word)).join(' ');
  return `${words[0].toUpperCase()}${words.slice(1)}${data ? ' (existing)' : ''}`;
}
