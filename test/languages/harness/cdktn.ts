import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { kept } from './npm';
import { tool } from './tool';
import { APP, emptyFolder, NAME, ROOT } from './workplace';

const CDKTN_VERSION = '0.24.0';
/** The name of the package for cdktn. */
export const CDKTN_NAME = NAME.replace('cdktf', 'cdktn');

/** A program or page for cdktf, turned to cdktn. */
export const moved = (program: string): string => program.replaceAll(/(["'])cdktf(?=["'])/g, '$1cdktn').replaceAll(NAME, CDKTN_NAME);

/**
 * The package for cdktn, made of an unpacked one for cdktf.
 * @returns the archive, as npm would publish it
 */
export function cdktnArchive(source: string): string {
  const folder = emptyFolder();
  const twin = join(folder, 'package');
  makeTwin(source, twin);
  const [{ filename }] = JSON.parse(tool('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: twin }));
  return join(folder, filename);
}

/**
 * An application with cdktn and the package for it, made of the packed one.
 * @returns its folder
 */
export function cdktnApp(): string {
  const peers = join(kept('cdktn-peers', [`cdktn@${CDKTN_VERSION}`, 'cdk8s@2.70.0']), 'node_modules');
  const app = emptyFolder();
  mkdirSync(join(app, 'node_modules'));
  ['cdktn', 'cdk8s', 'constructs'].forEach((peer) => symlinkSync(join(peers, peer), join(app, 'node_modules', peer)));
  makeTwin(join(APP, 'node_modules', NAME), join(app, 'node_modules', CDKTN_NAME));
  return app;
}

function makeTwin(source: string, target: string): void {
  tool('node', [join(ROOT, 'build/cdktn.mjs'), source, target]);
}
