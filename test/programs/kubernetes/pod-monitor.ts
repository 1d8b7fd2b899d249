import { customResource } from './custom-resource';

const GROUP = 'azmonitoring.coreos.com';

const text = { type: 'string' };
const number = { type: 'integer' };

/** The kind that AKS brings along with its metrics add-on, with those of its fields that are written here. */
export const POD_MONITOR = customResource(GROUP, 'PodMonitor', 'podmonitors', {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['podMetricsEndpoints', 'selector'],
      properties: {
        labelLimit: number,
        labelNameLengthLimit: number,
        labelValueLengthLimit: number,
        selector: { type: 'object', properties: { matchLabels: { type: 'object', additionalProperties: text } } },
        podMetricsEndpoints: {
          type: 'array',
          items: { type: 'object', properties: { port: text, path: text, interval: { type: 'string', pattern: '^[0-9]+(ms|s|m|h)$' } } },
        },
      },
    },
  },
});
