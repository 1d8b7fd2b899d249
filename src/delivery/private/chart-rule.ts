import { Chart } from 'cdk8s';
import { shown } from '../../private/rules/objects';
import { Rule } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';

/** A chart in a tree of cdk8s' own. */
export function cdk8sChart(): Rule<Chart> {
  const expected = 'a cdk8s Chart';
  return {
    expected,
    take({ where, prop }, value) {
      if (typeof value !== 'object' || !Chart.isChart(value)) {
        throw new ValidationError(where, { prop, problem: 'not a cdk8s chart', got: shown(value), remedy: `give ${expected}` });
      }
      const chart = value as Chart;
      const { root } = chart.node;
      // an App of another copy of cdk8s will do too.
      if (!('yamlOutputType' in root)) {
        throw new ValidationError(where, {
          prop, problem: 'the root of the chart is not a cdk8s.App', got: shown(root),
          remedy: 'make the chart in a cdk8s App: new Chart(new App(), "name")',
        });
      }
      return chart;
    },
  };
}
