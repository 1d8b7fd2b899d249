// When Azure Monitor and Cost Management tell of an alert rule as it is stored, by what their documents say: a metric alert looks at its window at each turn, fires for
// each series by itself, and is resolved after three turns in a row without its condition; an activity log alert and a budget are messages, which nothing takes back.
// Not checked: how late Azure has its samples, events and costs, and whether a mail arrives. What becomes of a window without a sample no document says: both readings are here.
import { minutes } from './duration';
import { Resource } from './resource';

/** What a metric was in a minute. */
export interface Sample {
  readonly minute: number;
  readonly value: number;
  readonly dimensions?: { readonly [name: string]: string };
}

export interface Told {
  readonly minute: number;
  readonly condition: 'Fired' | 'Resolved';
  /** The values of the dimensions by which the rule splits the metric. */
  readonly series: string;
}

/** What a window without a sample counts as: as no turn at all, or as one without the condition. */
export const READINGS = ['skipped', 'healthy'] as const;
export type Reading = typeof READINGS[number];

const AGGREGATIONS: { readonly [name: string]: (values: readonly number[]) => number } = {
  Average: (values) => sum(values) / values.length,
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
  Total: sum,
};

const OPERATORS: { readonly [name: string]: (value: number, threshold: number) => boolean } = {
  GreaterThan: (value, threshold) => value > threshold,
  GreaterThanOrEqual: (value, threshold) => value >= threshold,
  GreaterThanOrEqualTo: (value, threshold) => value >= threshold,
  LessThan: (value, threshold) => value < threshold,
};

/** As alerts-overview.md of azure-monitor-docs has it. */
const HEALTHY_TURNS = 3;

/** Plays a metric alert from minute 0 on. */
export function metricAlert({ properties }: Resource, samples: readonly Sample[], until: number, reading: Reading = 'skipped'): readonly Told[] {
  if (!properties.enabled) {
    return [];
  }
  const [criterion] = properties.criteria.allOf;
  return [...seriesOf(criterion, samples)].flatMap(
    ([series, own]) => turns(properties, criterion, own, until, reading).map((told) => ({ ...told, series })),
  );
}

function turns(rule: any, criterion: any, samples: readonly Sample[], until: number, reading: Reading) {
  const told: { readonly minute: number; readonly condition: Told['condition'] }[] = [];
  const [every, window] = [minutes(rule.evaluationFrequency), minutes(rule.windowSize)];
  let healthy = 0;
  let isFired = false;
  for (let minute = every; minute <= until; minute += every) {
    const values = samples.filter((sample) => sample.minute > minute - window && sample.minute <= minute).map(({ value }) => value);
    if (values.length === 0 && reading === 'skipped') {
      continue;
    }
    const aggregated = named(AGGREGATIONS, criterion.timeAggregation)(values);
    const isMet = values.length > 0 && named(OPERATORS, criterion.operator)(aggregated, criterion.threshold);
    healthy = isMet ? 0 : healthy + 1;
    if (isMet && !isFired) {
      told.push({ minute, condition: 'Fired' });
      isFired = true;
    } else if (isFired && healthy === HEALTHY_TURNS && rule.autoMitigate) {
      told.push({ minute, condition: 'Resolved' });
      isFired = false;
    }
  }
  return told;
}

/** The series that a rule looks at, each by itself: dimensions that it does not name are taken together. */
function seriesOf({ dimensions = [] }: any, samples: readonly Sample[]): Map<string, Sample[]> {
  const all = new Map<string, Sample[]>();
  for (const sample of samples) {
    const of = ({ name }: any) => sample.dimensions?.[name] ?? '';
    if (dimensions.every((one: any) => isIncluded(one, of(one)))) {
      const series = dimensions.map(of).join(' ');
      all.set(series, [...all.get(series) ?? [], sample]);
    }
  }
  return all;
}

function isIncluded({ operator, values }: any, value: string): boolean {
  return (operator === 'Include') === (values.includes('*') || values.includes(value));
}

/** Whether an activity log alert tells of an event. */
export function activityLogAlert({ properties }: Resource, event: any): boolean {
  const isInScope = properties.scopes.some((scope: string) => `/subscriptions/${event.subscriptionId}/`.toLowerCase() === `${scope.toLowerCase()}/`);
  return properties.enabled && isInScope && properties.condition.allOf.every((condition: any) => holds(condition, event));
}

function holds({ anyOf, field, equals, ...rest }: any, event: any): boolean {
  if (anyOf) {
    return anyOf.some((condition: any) => holds(condition, event));
  }
  if (field === undefined || equals === undefined) {
    throw new Error(`this condition is not known here: ${JSON.stringify({ field, equals, ...rest })}`);
  }
  return field.split('.').reduce((value: any, name: string) => value?.[name], event)?.toLowerCase() === equals.toLowerCase();
}

/** Costs of resource groups in a month. */
export type Costs = { readonly [resourceGroup: string]: number };

/** What a budget tells of a month, by the costs that are there day by day and those that are forecast: each notification once. */
export function budget({ properties }: Resource, days: readonly { readonly actual: Costs; readonly forecast: Costs }[]): readonly string[] {
  const { name, operator, values } = properties.filter.dimensions;
  if (name !== 'ResourceGroupName' || operator !== 'In') {
    throw new Error(`this filter is not known here: ${name} ${operator}`);
  }
  const groups = values.map((group: string) => group.toLowerCase());
  const counted = (costs: Costs) => sum(Object.entries(costs).filter(([group]) => groups.includes(group.toLowerCase())).map(([, amount]) => amount));
  const told = new Set<string>();
  for (const day of days) {
    for (const { enabled, thresholdType, threshold, operator: compare } of Object.values<any>(properties.notifications)) {
      const costs = counted(thresholdType === 'Forecasted' ? day.forecast : day.actual);
      if (enabled && named(OPERATORS, compare)(costs, properties.amount * threshold / 100)) {
        told.add(`${thresholdType} ${threshold}`);
      }
    }
  }
  return [...told];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function named<T>(all: { readonly [name: string]: T }, name: string): T {
  if (!all[name]) {
    throw new Error(`not known here: ${name}`);
  }
  return all[name];
}
