// Bundles the widget into static/: `npm ci --ignore-scripts && npm run build`, or `make widget`.
import { build, transform } from 'esbuild';
import { readFile, writeFile } from 'node:fs/promises';

// A media query knows nothing of the page's sizes: its rem stay.
const style = (await readFile('source/style.css', 'utf8')).replace(
  /(@media[^{]*)|(\d*\.?\d+)rem\b/g,
  (_, query, size) => query ?? (size === '1' ? 'var(--u)' : `calc(${size}*var(--u))`),
);
const target = ['chrome100', 'firefox100', 'safari15.5'];
const { code: css } = await transform(style, { loader: 'css', minify: true, target });

const styles = {
  name: 'styles',
  setup(bundler) {
    bundler.onLoad({ filter: /\.css$/ }, () => ({ contents: css, loader: 'text' }));
  },
};

await build({
  entryPoints: ['source/main.js'],
  outfile: 'static/balise.js',
  bundle: true,
  minify: true,
  format: 'iife',
  charset: 'utf8',
  target,
  plugins: [styles],
  legalComments: 'none',
});
await writeFile('static/balise.css', css);
