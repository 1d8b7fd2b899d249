/** What is wrong with a regular expression in Go's eyes, which differ from JavaScript's. */
export function reasonAgainstPattern(pattern: string): string | undefined {
  try {
    goExpressions().compile(pattern);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^error parsing regexp: /, 'not a regular expression, ');
  }
}

/** True if the pattern matches all of the text. */
export function matchesAll(pattern: string, text: string): boolean {
  return goExpressions().matches(pattern, text);
}

/** Loaded on use: few programs have a pattern, and it takes as long as a tenth of the library. */
function goExpressions(): typeof import('re2js')['RE2JS'] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('re2js').RE2JS;
}
