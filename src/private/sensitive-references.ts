import { DefaultTokenResolver, StringConcat, TerraformLocal, TerraformVariable, Token, Tokenization } from 'cdktf';
import { IConstruct } from 'constructs';

/** A reference's last name, where it tells of a secret: `azurerm_storage_account.a.primary_access_key`. */
const ATTRIBUTE = /\b[a-z]\w*\.[\w-]+(\[[^\]]*\])?\.(\w*(password|secret|token|private_key|connection_string|sas|kube_config_raw|private_key_(pem|openssh))|(primary|secondary)_\w*key)\b/;
/** Resources and data sources that are secrets: `random_password.p.result`, `data.azurerm_key_vault_secret.s.value`. */
const RESOURCE = /\b\w+_(password|secret|sas)\.[\w-]+(\[[^\]]*\])?\.(result|value|bcrypt_hash|sas)\b/;

/** What the program says is none. */
const SHOWN = /\bnonsensitive\([^()]*\)/g;

/**
 * True for a value that only the apply knows and that Terraform does not show: of a variable or expression that is `sensitive`, or of a
 * resource's attribute that is called like a secret. Terraform hides it where it prints, but its state has it.
 */
export function isSensitiveReference(value: unknown, scope: IConstruct): boolean {
  return Token.isUnresolved(value) && isSensitive(expressionOf(value, scope), scope, new Set());
}

function isSensitive(expression: string | undefined, scope: IConstruct, seen: Set<string>): boolean {
  const text = expression?.replace(SHOWN, '');
  return text !== undefined
    && (/\bsensitive\(/.test(text) || ATTRIBUTE.test(text) || RESOURCE.test(text) || namesSensitiveVariable(text, scope) || namesSensitiveLocal(text, scope, seen));
}

function expressionOf(value: unknown, scope: IConstruct): string | undefined {
  try {
    return JSON.stringify(Tokenization.resolve(value, { scope, resolver: new DefaultTokenResolver(new StringConcat()), preparing: false }));
  } catch {
    // one that is not made yet.
    return undefined;
  }
}

function namesSensitiveVariable(text: string, scope: IConstruct): boolean {
  const names = namesAfter('var', text);
  return names.length > 0 && scope.node.root.node.findAll()
    .some((one) => one instanceof TerraformVariable && one.sensitive === true && names.includes(one.friendlyUniqueId));
}

/** @param seen the locals on the way, since some may name themselves. */
function namesSensitiveLocal(text: string, scope: IConstruct, seen: Set<string>): boolean {
  const names = namesAfter('local', text).filter((name) => !seen.has(name));
  names.forEach((name) => seen.add(name));
  const isMeant = (one: IConstruct): one is TerraformLocal => one instanceof TerraformLocal && names.includes(one.friendlyUniqueId);
  return names.length > 0 && scope.node.root.node.findAll().filter(isMeant)
    .some((one) => isSensitive(expressionOf(one.toTerraform(), one), scope, seen));
}

function namesAfter(kind: 'var' | 'local', text: string): string[] {
  return [...text.matchAll(new RegExp(`\\b${kind}\\.([\\w-]+)`, 'g'))].map(([, name]) => name);
}
