import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Diagnostic, Workspace } from './workspace';
import { Azure } from '../azure/azure';

/** Does what docs/operate.md says under "When an apply was interrupted". */
export async function recover(azure: Azure, workspace: Workspace, errors: Diagnostic[]): Promise<{ done: string[]; unknown: Diagnostic[] }> {
  const done: string[] = [];
  const imports: string[] = [];
  const cases = errors.map((error) => caseOf(workspace, error));
  const halves = cases.filter((item): item is Half => typeof item === 'object');
  for (const { remedy, address, id } of halves) {
    if (azure.arm.stored.get(id.toLowerCase())?.state === 'Failed') {
      // what `az resource delete --ids …` does
      azure.arm.remove(id);
      done.push(`delete ${address}`);
      continue;
    }
    if (remedy === 'import') {
      imports.push(`import {\n  to = ${address}\n  id = ${JSON.stringify(id)}\n}\n`);
    } else {
      await workspace.succeed('untaint', '-no-color', address);
    }
    done.push(`${remedy} ${address}`);
  }
  const file = join(workspace.folder, 'imports.tf');
  rmSync(file, { force: true });
  if (imports.length > 0) {
    writeFileSync(file, imports.join(''));
  }
  return { done, unknown: errors.filter((_, index) => !cases[index] || (cases[index] === 'beside' && halves.length === 0)) };
}

/** Something that an interruption left half made. */
interface Half {
  readonly remedy: 'untaint' | 'import';
  readonly address: string;
  readonly id: string;
}

function caseOf(workspace: Workspace, { summary, detail, address }: Diagnostic): Half | 'beside' | undefined {
  const tainted = /Resource (\S+) has lifecycle\.prevent_destroy set/.exec(detail);
  if (tainted) {
    return { remedy: 'untaint', address: tainted[1], id: workspace.idOf(tainted[1]) };
  }
  const existing = /a resource with the ID "([^"]+)" already exists/.exec(`${summary} ${detail}`)
    ?? /an association between "([^"]+)" and "[^"]+" already exists/.exec(summary)
    // azurerm draws another name each time, so only Azure knows that it is there
    ?? /RoleAssignmentExists: .*: (\S+)/.exec(`${summary} ${detail}`);
  if (existing) {
    return { remedy: 'import', address: address!, id: existing[1] };
  }
  // a cluster that is half made has no issuer yet, so its federated credentials are in error beside it.
  return summary === 'Missing required argument' && /"issuer"/.test(detail) ? 'beside' : undefined;
}
