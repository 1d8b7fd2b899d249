import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyModule, edit, moduleFolder } from './modules.mjs';
import { OPENTOFU_VERSION } from './versions.mjs';
import { goBuild } from '../../programs/go.mjs';

/** Builds OpenTofu from its Go module without the clouds' backends and key services, which take as long as all the rest: states lie beside configurations here. */
export function buildOpenTofu(work, binary) {
  const published = moduleFolder('github.com/opentofu/opentofu', OPENTOFU_VERSION);
  copyModule(published, work, readdirSync(published));
  edit(join(work, 'internal/backend/init/init.go'), (text) => text.replace(/^\t.*\bbackend(Azure|Consul|Cos|GCS|Kubernetes|OSS|Pg|S3)\b.*\n/gm, ''));
  edit(join(work, 'internal/encryption/default_registry.go'), (text) => text.replace(/^\t".*\/(aws_kms|gcp_kms)"\n/gm, '')
    .replace(/^\tif err := .*\b(aws_kms|gcp_kms)\.New.*\n.*\n\t\}\n/gm, ''));
  goBuild(work, './cmd/tofu', binary);
  rmSync(work, { recursive: true });
}
