import { Construct } from 'constructs';
export interface HelmChartOptions { readonly chart: string }
export class HelmRelease extends Construct {}
