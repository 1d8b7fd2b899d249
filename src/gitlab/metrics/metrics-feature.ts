import { metricsRefusal } from './metrics-refusal';
import { ServerMetricsSetUp } from './metrics-set-up';
import { Feature } from '../private/feature';

/** What the server tells Azure's managed Prometheus, once somebody asks for it. Nobody does by a prop of the server's. */
export const METRICS_FEATURE = {
  rules: {},
  plan: (props) => ({
    create({ endpoint, hosts }) {
      const setUp = new ServerMetricsSetUp(endpoint, hosts, props.httpProxy?._url);
      return { setUp, attributes: { _watchedMetrics: { refusal: metricsRefusal(props), send: (target) => setUp.send(target) } } };
    },
  }),
} satisfies Feature;
