import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { npmPackages } from './npm-package';
import { tool } from './tool';
import { APP, emptyFolder, NAME, ROOT } from './workplace';

const CDKTN_VERSION = '0.24.0';
export const TWIN = 'cdktn-azure-gitlab';

/**
 * An application with cdktn and the package for it, made of the packed one.
 * @returns its folder
 */
export function cdktnApp(): string {
  const peers = npmPackages('cdktn-peers', `cdktn@${CDKTN_VERSION}`, 'cdk8s@2.70.0');
  const app = emptyFolder();
  mkdirSync(join(app, 'node_modules'));
  ['cdktn', 'cdk8s', 'constructs'].forEach((peer) => symlinkSync(join(peers, peer), join(app, 'node_modules', peer)));
  tool('node', [join(ROOT, 'build/cdktn.mjs'), join(APP, 'node_modules', NAME), join(app, 'node_modules', TWIN)]);
  return app;
}

/** A program for cdktf as it is for cdktn. */
export const moved = (program: string): string => program.replaceAll(/(["'])cdktf(?=["'])/g, '$1cdktn').replaceAll(NAME, TWIN);
