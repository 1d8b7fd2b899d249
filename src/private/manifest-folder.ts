import * as fs from 'fs';
import * as path from 'path';
import { TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { digest } from './default-name';
import { remembered } from './memory';
import { sharedScope } from './shared-scope';
import { writeAtSynthesis } from './stack-folder';

const FOLDER = 'manifests';
/** The first line of each of our files: it tells what is ours to delete. */
const MARK = '# Written by cdktf-azure-gitlab at each synthesis, and deleted when nothing in the program writes it any more.\n';

/**
 * The folder `manifests/` beside a stack's Terraform JSON, with a YAML file for each release.
 *
 * `kubectl apply` and GitOps tools take all that is in it, so the file of a release that is gone has to go too. Files without our
 * mark are somebody else's and stay.
 */
class ManifestFolder {
  /** The one of the stack that `scope` is in. Once it is known, it is cleaned at synthesis, even if nothing is written there any more. */
  static of(scope: Construct): ManifestFolder {
    return remembered(TerraformStack.of(scope), 'ManifestFolder', () => {
      const folder = new ManifestFolder();
      writeAtSynthesis(new Construct(sharedScope(scope), 'ManifestFolder'), (stackFolder) => clean(path.join(stackFolder, FOLDER), folder.fileNames));
      return folder;
    });
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
export function addManifestFile(construct: Construct, name: string, text: () => string): void {
  const folder = ManifestFolder.of(construct);
  folder.add(name, construct);
  writeAtSynthesis(construct, (stackFolder) => {
    fs.mkdirSync(path.join(stackFolder, FOLDER), { recursive: true });
    fs.writeFileSync(path.join(stackFolder, FOLDER, folder.fileName(name, construct.node.path)), MARK + text());
  });
}

/** Sees to it that nothing stale is left in the folder of the stack that `scope` is in. */
export function cleanManifestFiles(scope: Construct): void {
  ManifestFolder.of(scope);
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
