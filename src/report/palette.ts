/** Colours by what they are for. Tones of series differ in lightness too, so that they stay apart without colour. */
const light = {
  paper: '#ffffff',
  ground: '#f6f7f9',
  ink: '#1a1f26',
  soft: '#56606c',
  line: '#d8dde3',
  accent: '#0a5cb8',
  first: '#0a5cb8',
  second: '#c4570a',
  third: '#0b8a6f',
  fourth: '#43306b',
  rest: '#c3cad2',
  warn: '#9a5b00',
  bad: '#b3261e',
  good: '#0b6b57',
  mark: '#ffe08a',
  heat0: '#f1f6fc',
  heat1: '#d6e6f7',
  heat2: '#b0d0ee',
  heat3: '#7fb2e2',
  heat4: '#2f73b8',
  heat5: '#1b4f8c',
  heat6: '#0b2f5e',
  heatInk0: '#1a1f26',
  heatInk1: '#1a1f26',
  heatInk2: '#1a1f26',
  heatInk3: '#0c1116',
  heatInk4: '#ffffff',
  heatInk5: '#ffffff',
  heatInk6: '#ffffff',
};

type Palette = Record<keyof typeof light, string>;

const dark: Palette = {
  paper: '#15181c',
  ground: '#1c2025',
  ink: '#e7eaee',
  soft: '#a3adb8',
  line: '#343b43',
  accent: '#74b4ff',
  first: '#74b4ff',
  second: '#f2a154',
  third: '#2f9e86',
  fourth: '#e8d5f5',
  rest: '#4a535d',
  warn: '#f0b95a',
  bad: '#ff8a80',
  good: '#4fd1b5',
  mark: '#6b5200',
  heat0: '#1b232c',
  heat1: '#1d3349',
  heat2: '#1f4669',
  heat3: '#245f91',
  heat4: '#5596d4',
  heat5: '#86bbec',
  heat6: '#bfe0ff',
  heatInk0: '#e7eaee',
  heatInk1: '#e7eaee',
  heatInk2: '#ffffff',
  heatInk3: '#ffffff',
  heatInk4: '#0c1116',
  heatInk5: '#0c1116',
  heatInk6: '#0c1116',
};

export const palettes = { light, dark };

/** Variables for both themes: what the system prefers, unless the root says which. The root is a page, or a chart in a file by itself. */
export function paletteCss(): string {
  const root = ':root';
  return [
    `${root}{color-scheme:light;${variables(light)}}`,
    `@media (prefers-color-scheme:dark){${root}:not([data-theme=light]){color-scheme:dark;${variables(dark)}}}`,
    `${root}[data-theme=dark]{color-scheme:dark;${variables(dark)}}`,
    `@media print{${root},${root}[data-theme=dark],${root}:not([data-theme=light]){color-scheme:light;${variables(light)}}}`,
  ].join('\n');
}

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}
