import * as fs from 'fs';
import * as path from 'path';
import { ISynthesisSession, TerraformStack } from 'cdktf';
import { addCustomSynthesis } from 'cdktf/lib/synthesize/synthesizer';
import { IConstruct } from 'constructs';
import { digest } from './default-name';

/** The first line of each of our files: it tells what is ours to delete. */
const MARK = '# Written by cdktf-azure-gitlab at each synthesis, and deleted when nothing in the program writes it any more.\n';

const FOLDER = Symbol.for('cdktf-azure-gitlab/ManifestFolder');

/**
 * The folder `manifests/` beside a stack's Terraform JSON, with a YAML file for each release.
 *
 * `kubectl apply` and GitOps tools take all that is in it, so the file of a release that is gone has to go too. Files without our
 * mark are somebody else's and stay.
 */
class ManifestFolder {
  /** The stack's. On the stack itself, where another copy of this library finds it too. */
  static of(stack: TerraformStack): ManifestFolder {
    const holder = stack as TerraformStack & { [FOLDER]?: ManifestFolder };
    if (!holder[FOLDER]) {
      Object.defineProperty(stack, FOLDER, { value: new ManifestFolder() });
    }
    return holder[FOLDER]!;
  }

  /** The paths of the constructs that have a file, by the names they want for it. */
  private readonly owners = new Map<string, string[]>();

  add(name: string, owner: IConstruct): void {
    this.owners.set(name, [...this.owners.get(name) ?? [], owner.node.path]);
  }

  /** Two releases may have one name, in two namespaces or on two clusters: then each file says which it is. */
  fileName(name: string, owner: string): string {
    return this.owners.get(name)!.length === 1 ? `${name}.yaml` : `${name}-${digest(owner)}.yaml`;
  }

  get fileNames(): Set<string> {
    return new Set([...this.owners].flatMap(([name, owners]) => owners.map((owner) => this.fileName(name, owner))));
  }
}

/** Gives a construct a file in its stack's folder, written at synthesis. Another construct may want the same name. */
export function addManifestFile(construct: IConstruct, name: string, text: () => string): void {
  const stack = TerraformStack.of(construct);
  const folder = ManifestFolder.of(stack);
  folder.add(name, construct);
  addCustomSynthesis(construct, {
    onSynthesize: (session) => {
      const directory = directoryOf(stack, session);
      clean(directory, folder.fileNames);
      fs.mkdirSync(directory, { recursive: true });
      fs.writeFileSync(path.join(directory, folder.fileName(name, construct.node.path)), MARK + text());
    },
  });
}

/** Lets a construct see to it that nothing stale is left in its stack's folder, even if nothing is written there any more. */
export function cleanManifestFiles(construct: IConstruct): void {
  const stack = TerraformStack.of(construct);
  addCustomSynthesis(construct, { onSynthesize: (session) => clean(directoryOf(stack, session), ManifestFolder.of(stack).fileNames) });
}

function directoryOf(stack: TerraformStack, { outdir, manifest }: ISynthesisSession): string {
  return path.join(outdir, manifest.forStack(stack).workingDirectory, 'manifests');
}

function clean(directory: string, wanted: Set<string>): void {
  const found = fs.existsSync(directory) ? fs.readdirSync(directory) : [];
  const stale = found.filter((name) => !wanted.has(name) && isOurs(path.join(directory, name)));
  stale.forEach((name) => fs.rmSync(path.join(directory, name)));
  if (stale.length > 0 && stale.length === found.length) {
    fs.rmdirSync(directory);
  }
}

function isOurs(file: string): boolean {
  return file.endsWith('.yaml') && fs.lstatSync(file).isFile() && fs.readFileSync(file, 'utf8').startsWith(MARK);
}
