/** What a stack's expressions can name besides its resources. */
export interface Values {
  readonly locals: { readonly [name: string]: unknown };
  readonly providers: { readonly [name: string]: readonly any[] };
  /** The ids of what an output of another stack comes from. */
  readonly output: (name: string) => readonly string[];
}

/** The addresses, of those known, that a value names: itself, through locals, through its provider's configuration, or in `depends_on`. */
export function referencesIn(value: unknown, known: ReadonlySet<string>, values: Values): string[] {
  const found = new Set<string>();
  const followed = new Set<string>();
  const follow = (name: string, next: unknown) => {
    if (!followed.has(name)) {
      followed.add(name);
      visit(next);
    }
  };
  const visit = (one: unknown): void => {
    const text = JSON.stringify(one) ?? '';
    for (const [, output] of text.matchAll(/\bdata\.terraform_remote_state\.[\w-]+\.outputs\.([\w-]+)/g)) {
      values.output(output).forEach((id) => found.add(id));
    }
    for (const [address, kind, name] of text.matchAll(/\b(?:data\.)?([a-z]\w*)\.([A-Za-z_][\w-]*)/g)) {
      if (known.has(address)) {
        found.add(address);
      } else if (kind === 'local') {
        follow(address, values.locals[name]);
      }
    }
  };
  visit(value);
  const provider = (value as any)?.provider;
  if (typeof provider === 'string') {
    const [name, alias] = provider.split('.');
    follow(provider, values.providers[name]?.find((one) => one.alias === alias));
  }
  return [...found];
}
