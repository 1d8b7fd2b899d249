import { Kind } from './vendor-name';

export interface Palette {
  readonly page: string;
  readonly frames: readonly [string, string];
  readonly card: string;
  readonly border: string;
  readonly text: string;
  readonly muted: string;
  readonly arrow: string;
  readonly grant: string;
  readonly kinds: { readonly [kind in Kind]: string };
}

export const LIGHT: Palette = {
  page: '#ffffff', frames: ['#f3f5f8', '#e8ecf2'], card: '#ffffff', border: '#c5ccd6', text: '#1f2328', muted: '#59636e', arrow: '#6e7781', grant: '#8250df',
  kinds: {
    [Kind.COMPUTE]: '#0969da', [Kind.NETWORK]: '#2c974b', [Kind.STORAGE]: '#9a6700', [Kind.IDENTITY]: '#8250df',
    [Kind.SECRETS]: '#cf222e', [Kind.KUBERNETES]: '#0891b2', [Kind.MONITORING]: '#bf3989', [Kind.OTHER]: '#818b98',
  },
};

export const DARK: Palette = {
  page: '#0d1117', frames: ['#161b22', '#1f2630'], card: '#0d1117', border: '#3d444d', text: '#f0f6fc', muted: '#9198a1', arrow: '#8b949e', grant: '#b58cff',
  kinds: {
    [Kind.COMPUTE]: '#4493f8', [Kind.NETWORK]: '#3fb950', [Kind.STORAGE]: '#d29922', [Kind.IDENTITY]: '#b58cff',
    [Kind.SECRETS]: '#f85149', [Kind.KUBERNETES]: '#39c5cf', [Kind.MONITORING]: '#f778ba', [Kind.OTHER]: '#9198a1',
  },
};
