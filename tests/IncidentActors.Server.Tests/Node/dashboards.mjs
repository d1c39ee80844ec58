// Checks dashboards against the types that Grafana publishes: node dashboards.mjs FILE…
// Its enumerations are told by their values here, as JSON tells them.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

const options = { stat: 'stat/panelcfg/x/StatPanelCfg_types.gen', timeseries: 'timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen' };
const lines = [
  "import type { Dashboard, Panel } from '@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen';",
  ...Object.entries(options).map(([type, file]) => `import type { Options as ${type} } from '@grafana/schema/dist/esm/raw/composable/${file}';`),
  'type Plain<T> = T extends string ? `${T}` : T extends number | boolean | null | undefined ? T',
  '  : T extends (infer U)[] ? Plain<U>[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;',
];
for (const file of process.argv.slice(2)) {
  const dashboard = JSON.parse(readFileSync(file, 'utf8'));
  for (const panel of dashboard.panels) {
    if (!(panel.type in options)) throw new Error(`${file}: '${panel.title}' is a ${panel.type}, whose options are not checked`);
    lines.push(`({ ...${JSON.stringify(panel.options)} }) satisfies Plain<Partial<${panel.type}>>;`);
    lines.push(`(${JSON.stringify(panel)}) satisfies Plain<Panel>;`);
  }
  lines.push(`(${JSON.stringify({ ...dashboard, panels: [] })}) satisfies Plain<Dashboard>;`);
}

const program = `dashboards-${process.pid}.ts`;
writeFileSync(program, lines.join('\n'));
const tsc = spawnSync('node_modules/.bin/tsc', ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler', '--ignoreConfig', program], { encoding: 'utf8' });
rmSync(program);
process.stdout.write(tsc.stdout + tsc.stderr);
process.exit(tsc.status ?? 1);
