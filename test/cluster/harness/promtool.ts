// Rules by Prometheus' own tool, which minutes cost nothing. Its time begins on a Thursday at 00:00.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { prometheusProgram } from './prometheus';
import { Rule } from './watched';

type Labels = { readonly [label: string]: string };

export const labels = (more: Labels) => Object.entries(more).map(([label, value]) => `${label}="${value}"`).join(',');

/** What is so, and at which minutes an alert fires, with the labels that tell of what. */
export type RuleCase = readonly [
  what: string, series: readonly { series: string; values: string }[], alert: string, times: { readonly [minute: number]: readonly Labels[] },
];

/** A test that the tool has nothing against queries. */
export function checkQueries(whose: string, queries: readonly string[]): void {
  void test(`the tool has nothing against the queries of ${whose}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'queries-'));
    const file = join(folder, 'queries.json');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'queries', rules: queries.map((expr, index) => ({ record: `query:${index}`, expr })) }] }));
    const { status, stdout, stderr } = spawnSync(prometheusProgram('promtool'), ['check', 'rules', file], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.match(stdout, new RegExp(`SUCCESS: ${queries.length} rules found`));
  });
}

/** Tests of each case, and that each rule fires in one and is silent in another. */
export function testRules(rules: readonly Rule[], cases: readonly RuleCase[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  after(() => rmSync(folder, { recursive: true }));

  const promtool = (command: string, name: string, content: unknown) => {
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify(content));
    const { status, stdout, stderr } = spawnSync(prometheusProgram('promtool'), [command, 'rules', file], { encoding: 'utf8' });
    assert.equal(status, 0, `${stdout}${stderr}`);
    return stdout;
  };

  void test('the tool has nothing against the rules', () => {
    assert.match(promtool('check', 'rules.json', { groups: [{ name: 'rules', rules }] }), new RegExp(`SUCCESS: ${rules.length} rules found`));
  });

  void test('each rule fires in one of the cases, and stays silent in another', () => {
    const states = rules.map(({ alert }) => {
      const told = cases.filter(([, , name]) => name === alert).flatMap(([, , , times]) => Object.values(times));
      return [alert, told.some((all) => all.length > 0), told.some((all) => all.length === 0)];
    });
    assert.deepEqual(states, rules.map(({ alert }) => [alert, true, true]));
  });

  for (const [what, series, alert, times] of cases) {
    void test(`${what}: ${alert} at the right time`, () => {
      const plain = rules.filter((rule) => rule.alert === alert).map(({ annotations: _, ...rule }) => rule);
      writeFileSync(join(folder, 'plain.json'), JSON.stringify({ groups: [{ name: 'rules', rules: plain }] }));
      promtool('test', 'test.json', {
        rule_files: ['plain.json'], evaluation_interval: '1m',
        tests: [{
          interval: '1m', input_series: series,
          alert_rule_test: Object.entries(times).map(([minute, all]) => ({
            eval_time: `${minute}m`, alertname: alert, exp_alerts: all.map((one) => ({ exp_labels: { ...one, severity: plain[0].labels.severity } })),
          })),
        }],
      });
    });
  }
}
