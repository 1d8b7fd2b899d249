// Makes of the unpacked npm package the same one for CDK Terrain (cdktn): `node build/cdktn.mjs PACKAGE TARGET`. See docs/cdktn.md.
import { cpSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CDKTN = '^0.24.0';
// cdktn narrows it further
const CONSTRUCTS = '^10.6.0';
/** cdktn's names in other languages, as its own package has them. */
export const CDKTN_TARGETS = {
  dotnet: { namespace: 'Io.Cdktn', packageId: 'Io.Cdktn' },
  go: { moduleName: 'github.com/open-constructs/cdk-terrain-go', packageName: 'cdktn' },
  java: { maven: { artifactId: 'cdktn', groupId: 'io.cdktn' }, package: 'io.cdktn.cdktn' },
  js: { npm: 'cdktn' },
  python: { distName: 'cdktn', module: 'cdktn' },
};

/** The framework's name and the package's, in programs and prose; not in addresses, and not in what is emitted. */
const renamed = (text) => text
  .replaceAll('[CDK for Terraform](https://github.com/hashicorp/terraform-cdk)', '[CDK Terrain](https://github.com/open-constructs/cdk-terrain)')
  .replaceAll('CDKTF', 'CDK Terrain')
  .replace(/(?<![\w@./-])cdktf(?![\w-])/g, 'cdktn')
  .replace(/(?<![\w@./-])cdktf-azure-gitlab(?![\w/-])/g, 'cdktn-azure-gitlab')
  // npm takes the newest, which cdktn refuses
  .replaceAll('cdktn cdk8s constructs', 'cdktn cdk8s constructs@~10.7.0')
  .replaceAll('cdktf-azure-gitlab-go', 'cdktn-azure-gitlab-go')
  .replaceAll('cdktf_azure_gitlab', 'cdktn_azure_gitlab')
  .replaceAll('cdktfazuregitlab', 'cdktnazuregitlab');

const ranges = (dependencies) => ({ ...dependencies, cdktn: CDKTN, constructs: CONSTRUCTS });

/** How each kind of file is turned; the rest, such as what the machines run, stays as it is. */
const TURNED = {
  'package.json': (text) => {
    const { devDependencies: _, scripts: __, overrides: ___, jsiiRosetta: ____, ...manifest } = JSON.parse(renamed(text));
    return JSON.stringify({ ...manifest, peerDependencies: ranges(manifest.peerDependencies) }, null, 2);
  },
  '.jsii': (text) => {
    const assembly = JSON.parse(renamed(text));
    return JSON.stringify({
      ...assembly,
      dependencies: ranges(assembly.dependencies),
      dependencyClosure: { ...assembly.dependencyClosure, cdktn: { targets: CDKTN_TARGETS } },
    });
  },
  'README.md': renamed,
  '.d.ts': renamed,
  '.js': (text) => text.replace(/(require\(\s*)"cdktf(?=["/])/g, '$1"cdktn').replace(/(fqn:\s*)"cdktf-azure-gitlab\./g, '$1"cdktn-azure-gitlab.'),
};

export function cdktn(source, target) {
  rmSync(target, { recursive: true, force: true });
  cpSync(source, target, { recursive: true });
  // its keys are made of the snippets' text
  rmSync(join(target, '.jsii.tabl.json'), { force: true });
  for (const file of readdirSync(target, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(target, path)).isFile())) {
    const turn = Object.entries(TURNED).find(([end]) => file.endsWith(end))?.[1];
    if (turn) {
      writeFileSync(join(target, file), turn(readFileSync(join(target, file), 'utf8')));
    }
  }
}

// node resolves links in the one and not in the other
if (process.argv[1] && realpathSync(process.argv[1]) === import.meta.filename) {
  cdktn(process.argv[2], process.argv[3]);
}
