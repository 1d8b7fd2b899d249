/** A path as `helm --set` has it, with indexes of lists and escaped dots. */
const PATH = /^[A-Za-z_][\w-]*(\[\d+\])*((\.[\w-]+|\\\.[\w/-]+)(\[\d+\])*)+$|^[A-Za-z_][\w-]*(\[\d+\])+$/;
/** Charts take files by their names, such as Grafana's grafana.ini. */
const FILE = /\.(cfg|cnf|conf|config|crt|env|hcl|html|ini|js|json|key|lua|pem|properties|py|rb|sh|sql|tf|toml|tpl|txt|xml|ya?ml)$/;

/** The keys of a chart's values that look like paths; further in, labels and settings of other programs have dots too. */
export function pathsInValues(values: { readonly [key: string]: unknown }): string[] {
  return Object.keys(values).filter((key) => PATH.test(key) && !FILE.test(key));
}

/** A path as maps within each other. */
export function nested(path: string): string {
  const parts = path.split(/(?<!\\)\.|(?=\[)/).map((part) => part.replace(/\\\./g, '.'));
  return parts.reduceRight((inner, part) => (part.startsWith('[') ? `[${inner}]` : `{ ${/^\w+$/.test(part) ? part : `'${part}'`}: ${inner} }`), '…');
}
