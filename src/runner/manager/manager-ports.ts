/** Where the manager serves metrics and its state. */
export const METRICS_PORT = 9252;

/** Where the pods of Azure's metrics add-on are. */
export const AZURE_SCRAPER_NAMESPACE = 'kube-system';
