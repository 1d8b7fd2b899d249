import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, TerraformStack, Testing } from 'cdktf';

/** Of all apps of a test file: one for each would be ten thousand. */
const OUTDIR = mkdtempSync(join(tmpdir(), 'synth-'));
afterAll(() => rmSync(OUTDIR, { recursive: true, force: true }));

/** The parts of a synthesised stack's Terraform JSON that tests look at. */
export interface TerraformJson {
  readonly resource: { [type: string]: { [name: string]: any } };
  readonly data: { [type: string]: { [name: string]: any } };
  readonly provider: { [name: string]: any[] };
  readonly output: { [name: string]: any };
  readonly locals: { [name: string]: any };
  readonly moved?: { readonly from: string; readonly to: string }[];
  readonly terraform: any;
}

export function testApp(): App {
  return Testing.app({ outdir: OUTDIR });
}

export function newStack(id = 'Test'): TerraformStack {
  return new TerraformStack(testApp(), id);
}

/** Synthesises with all validations on, and returns the JSON as Terraform would read it. */
export function synth(stack: TerraformStack): TerraformJson {
  (App.of(stack) as App).node.findAll().filter((node) => TerraformStack.isStack(node))
    .forEach((node) => (node as TerraformStack).prepareStack());
  const json = JSON.parse(Testing.synth(stack, true));
  return { resource: {}, data: {}, provider: {}, output: {}, locals: {}, ...json };
}

/** What validation says against a stack, without cdktf's own words. */
export function mistakes(stack: TerraformStack): string[] {
  try {
    synth(stack);
    return [];
  } catch (error) {
    return [...(error as Error).message.matchAll(/^ +\[\S+\] (.*)$/gm)].map(([, message]) => message);
  }
}

/** The one resource of a type; fails unless there is exactly one. */
export function resource(json: TerraformJson, type: string): any {
  const found = Object.values(json.resource[type] ?? {});
  if (found.length !== 1) {
    throw new Error(`expected one ${type}, found ${found.length}: ${Object.keys(json.resource[type] ?? {}).join(', ')}`);
  }
  return found[0];
}

/** All resources of a type by their names in the JSON. */
export function resources(json: TerraformJson, type: string): { [name: string]: any } {
  return json.resource[type] ?? {};
}

/** The warnings that the constructs of a stack gave, with their paths and without their ids, which test/warnings tries all. */
export function warnings(stack: TerraformStack): string[] {
  return stack.node.findAll().flatMap((node) => node.node.metadata
    .filter((entry) => entry.type === '@cdktf/warn')
    .map((entry) => `${node.node.path}: ${entry.data.replace(/ \[[a-z0-9-]+\]$/, '')}`));
}
