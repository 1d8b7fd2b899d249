/** Where the manager serves metrics and its state. */
export const METRICS_PORT = 9252;
