import { createHash } from 'crypto';
import { IResolvable, IResolveContext, Token } from 'cdktf';

// cdktf's own marker for a token inside a string; it starts like an interpolation, so literal text must be told apart from it.
const TOKEN = /\$\{TfToken\[[a-zA-Z0-9:._-]+\]\}/g;

/** Splits a string into literal text and tokens and maps each; `beforeToken` tells that a token follows the literal. */
function mapFragments(
  text: string, literal: (text: string, beforeToken: boolean) => string, token: (marker: string) => string,
): string {
  let result = '';
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    result += literal(text.slice(end, match.index), true) + token(match[0]);
    end = match.index + match[0].length;
  }
  return result + literal(text.slice(end), false);
}

/** True if the string holds a token. */
export function hasToken(text: string): boolean {
  return text.search(TOKEN) >= 0;
}

/**
 * Text as Terraform's JSON syntax takes it: `${` and `%{` of literal text escaped, tokens left as interpolations.
 * cdktf itself escapes neither. Nothing may be pasted to the result.
 */
export function templateText(text: string): string {
  if (hasToken(text) || text.includes('\r')) {
    return mapFragments(text, escapeBesideTokens, (marker) => marker);
  }
  return text.replace(/[$%]+(?=\{)/g, (run) => (run.length === 1 ? run + run : asExpression(run)));
}

/** The same for the names and values of a map; one that only the apply knows stays as it is. */
export function templateTexts(texts: { readonly [name: string]: string }): { [name: string]: string } {
  if (Token.isUnresolved(texts)) {
    return texts;
  }
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [templateText(name), templateText(value)]));
}

// cdktf takes a literal `${`, even in `$${`, for the start of an expression and then renders the next token without braces;
// a dollar sign right before an interpolation would turn that into an escape; after a carriage return Terraform reads no
// interpolation at all.
function escapeBesideTokens(literal: string, beforeToken: boolean): string {
  return literal.replace(beforeToken ? /[$%]+(?=\{|\r|$)|\r/g : /[$%]+(?=\{|\r)|\r/g, asExpression);
}

/** Terraform leaves `$$${` and `%%%{` as they are, so a run of signs has no escape but an expression. */
function asExpression(run: string): string {
  return `\${"${run.replaceAll('$', '\\u0024').replaceAll('%', '\\u0025').replaceAll('\r', '\\r')}"}`;
}

/**
 * A double-quoted string literal, right in JSON and TOML alike. A token in it is quoted by Terraform at apply time,
 * so its value cannot end the literal. The result still has to pass {@link templateText} once.
 */
export function quoted(text: string): string {
  return `"${mapFragments(text, (literal) => JSON.stringify(literal).slice(1, -1), quotedToken)}"`;
}

/**
 * The same for Ruby, whose double-quoted strings interpolate after `#` too.
 */
export function rubyQuoted(text: string): string {
  return `"${mapFragments(text, (literal) => JSON.stringify(literal).slice(1, -1).replace(/#/g, '\\#'), rubyQuotedToken)}"`;
}

function rubyQuotedToken(marker: string): string {
  return expression(`replace(${quotedToken(marker)}, "#", "\\\\#")`);
}

function quotedToken(marker: string): string {
  return expression(`trimsuffix(trimprefix(jsonencode(${marker}), "\\""), "\\"")`);
}

/** What cdktf's functions make too, but for the stack trace that it notes for each, which costs most deep inside a synthesis. */
class Expression implements IResolvable {
  readonly creationStack: string[] = [];

  constructor(private readonly text: string) {}

  /** cdktf resolves the tokens in it, without braces as they are inside an expression. */
  resolve(context: IResolveContext): string {
    return context.suppressBraces ? this.text : `\${${this.text}}`;
  }

  toString(): string {
    return Token.asString(this);
  }
}

// the same text is rendered several times in one synthesis.
const made = new Map<string, string>();

function expression(text: string): string {
  const token = made.get(text) ?? new Expression(text).toString();
  made.set(text, token);
  return token;
}

/** A checksum that follows from the literal text now and from the values of its tokens at apply time. */
export function fingerprint(text: string): string {
  const tokens: string[] = [];
  const literal = mapFragments(text, (fragment) => fragment, (marker) => {
    tokens.push(marker);
    return '\0';
  });
  const digest = createHash('sha256').update(literal).digest('hex').slice(0, 16);
  const values = [...new Set(tokens)];
  return values.length === 0 ? digest : `${digest}-${expression(`substr(sha256(jsonencode([${values.join(', ')}])), 0, 16)`)}`;
}
