import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAzurerm, usedTypes } from './azurerm.mjs';
import { moduleFolder } from './modules.mjs';
import { buildOpenTofu } from './opentofu.mjs';
import { AZURERM_MODULE_VERSION, AZURERM_VERSION, HELM_VERSION, KUBELOGIN_VERSION, OPENTOFU_VERSION, TIME_VERSION } from './versions.mjs';
import { cached, goBuild, kubernetesProgram, PLATFORM } from '../../programs/go.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));

/**
 * Makes all programs that the tests need, each once, in a cache folder: a change of versions or of what builds them makes new ones.
 * @returns the environment that the tests find them by
 */
export function binaries(cache, note) {
  const make = (name, inputs, build) => cached(cache, name, inputs, note, build);
  const types = usedTypes(join(HERE, '../../..'));
  const azurerm = make('azurerm', [AZURERM_MODULE_VERSION, types, readFileSync(join(HERE, 'azurerm.mjs'), 'utf8')], (target, work) => buildAzurerm(work, target, types));
  const kubebox = kubernetesProgram(cache, 'kubebox', note);
  const helm = kubernetesProgram(cache, 'helm', note);
  const time = make('time', [TIME_VERSION], (target) => goBuild(moduleFolder('github.com/hashicorp/terraform-provider-time', `v${TIME_VERSION}`), '.', target));
  const kubelogin = make('kubelogin', [KUBELOGIN_VERSION], (target) => goBuild(moduleFolder('github.com/Azure/kubelogin', KUBELOGIN_VERSION), '.', target));
  const tofu = make('tofu', [OPENTOFU_VERSION, readFileSync(join(HERE, 'opentofu.mjs'), 'utf8')], (target, work) => buildOpenTofu(work, target));

  const installed = spawnSync('terraform', ['version'], { encoding: 'utf8' });
  const terraform = installed.status === 0 ? execFileSync('which', ['terraform'], { encoding: 'utf8' }).trim() : tofu;
  return {
    APPLY_TERRAFORM: terraform,
    APPLY_TERRAFORM_VERSION: (installed.status === 0 ? installed.stdout : `OpenTofu ${OPENTOFU_VERSION}`).split('\n')[0],
    APPLY_TOFU: tofu,
    APPLY_RESIDENT: JSON.stringify({ [azurerm]: '-debuggable', [helm]: '-debuggable', [time]: '-debug' }),
    APPLY_KUBEBOX: kubebox,
    APPLY_KUBELOGIN: kubelogin,
    APPLY_TERRAFORM_CONFIG: mirror(cache, { azurerm: [AZURERM_VERSION, azurerm], helm: [HELM_VERSION, helm], time: [TIME_VERSION, time] }),
  };
}

/**
 * A mirror of programs that call the providers, since Terraform takes a checksum of what it installs each time it runs, and that of a provider
 * costs as much as a start of it. A mirror is never changed, since other runs may be reading it.
 */
function mirror(cache, providers) {
  const name = createHash('sha256').update(JSON.stringify(providers)).digest('hex').slice(0, 12);
  const folder = join(cache, `mirror-${name}`);
  const config = `${folder}.rc`;
  if (!existsSync(config)) {
    const unfinished = `${folder}.${process.pid}`;
    // each tool looks for providers under its own registry's name
    for (const host of ['registry.terraform.io', 'registry.opentofu.org']) {
      for (const [provider, [version, binary]] of Object.entries(providers)) {
        const target = join(unfinished, host, 'hashicorp', provider, version, PLATFORM);
        mkdirSync(target, { recursive: true });
        writeFileSync(join(target, `terraform-provider-${provider}_v${version}`), `#!/bin/sh\nexec ${quoted(binary)} "$@"\n`, { mode: 0o755 });
      }
    }
    try {
      renameSync(unfinished, folder);
    } catch {
      // another run was faster
      rmSync(unfinished, { recursive: true });
    }
    writeFileSync(config, `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(folder)}\n  }\n}\n`);
  }
  return config;
}

/** One word of a shell's, whatever is in it. */
function quoted(text) {
  return `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}
