import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { parse, parseAllDocuments } from 'yaml';
import { CONFIG_MAP, NAMESPACE, chart } from './charts';
import { ManifestDelivery } from '../../src';
import { make } from '../aks/made';
import { resources, synth, warnings } from '../synth';

describe('files', () => {
  const read = (stack: TerraformStack, name: string) => readFileSync(join(Testing.fullSynth(stack), 'stacks', stack.node.id, 'manifests', name), 'utf8');

  test('are written for people beside every release, namespaces first, tokens readable', () => {
    const { stack, cluster } = make();
    const variable = new TerraformVariable(stack, 'url', {}).stringValue;
    cluster.addCdk8sChart('Runner', chart('ci', CONFIG_MAP, { ...NAMESPACE, metadata: { name: 'n' } }));
    const plain = { ...CONFIG_MAP, metadata: { name: 'y' }, data: { url: `<${variable}>`, text: '${x}\n', nothing: null } };
    cluster.addManifest('Plain', plain);
    const folder = join(Testing.fullSynth(stack), 'stacks', 'Test');
    const runner = readFileSync(join(folder, 'manifests', 'test-cluster-runner.yaml'), 'utf8');
    expect(parseAllDocuments(runner).map((document: any) => document.toJS().kind)).toEqual(['Namespace', 'ConfigMap']);
    expect(parse(readFileSync(join(folder, 'manifests', 'test-cluster-plain.yaml'), 'utf8'))).toEqual({
      ...plain, data: { ...plain.data, url: '<${var.url}>' },
    });
    const { helm_release: releases } = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')).resource;
    const [{ chart: local }] = Object.values<any>(releases);
    for (const file of ['Chart.yaml', 'values.yaml', 'templates/manifests.yaml']) {
      expect(existsSync(join(folder, local.replace('${path.module}/', ''), file))).toBe(true);
    }
  });

  test('can be all there is: nothing is installed, and what only the apply knows is warned of', () => {
    const { stack, cluster } = make({ manifestDelivery: ManifestDelivery.files() });
    const variable = new TerraformVariable(stack, 'url', {}).stringValue;
    const release = cluster.addManifest('Plain', CONFIG_MAP, { ...CONFIG_MAP, metadata: { name: 'y' }, data: { [variable]: [1] } });
    release.waitFor(...cluster.ready);
    const json = synth(stack);
    expect(release.ready).toEqual([]);
    expect(resources(json, 'helm_release')).toEqual({});
    expect(json.provider).not.toHaveProperty('helm');
    expect(warnings(stack)).toEqual(['Test/Cluster/Plain: manifestDelivery: ConfigMap y contain values known only at apply time, written as ${…} into the '
      + 'file; replace them before you use it, or deliver by helmRelease()']);
    expect(read(stack, 'test-cluster-plain.yaml')).toContain('${var.url}');
  });
});
