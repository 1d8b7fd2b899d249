import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'cdktf';

const folders: string[] = [];
afterAll(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** An empty folder, gone after the file's tests. */
export function emptyFolder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'diagram-')));
  return folders.at(-1)!;
}

/** Synthesises a program as a user does. @returns the folder that it went into */
export function synthesised(build: (app: App) => void): string {
  const outdir = emptyFolder();
  const app = new App({ outdir });
  build(app);
  app.synth();
  return outdir;
}
