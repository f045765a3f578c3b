import { readFileSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { harmless } from '../harmless.ts';
import { textWidth } from '../text-width.ts';
import type { Place } from './pipeline.ts';
import { withoutSecretAddresses } from './secret-address.ts';

/** A mistake in a pipeline file, for the person who wrote it. */
export interface Diagnostic {
  severity: 'error' | 'warning';
  message: string;
  /** What to do about it. */
  fix?: string;
  /** Null when it is about no line of a file. */
  place: Place | null;
  related?: { message: string; place: Place | null }[];
}

/** The text of a line, or null when it cannot be shown. */
export type ReadLine = (file: string, line: number) => string | null;

export function formatDiagnostics(diagnostics: Diagnostic[]): string {
  return diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, readLineOfFile)).join('\n');
}

export function formatDiagnostic({ severity, message, fix, place, related = [] }: Diagnostic, readLine: ReadLine): string {
  return [
    `${where(place)}${severity}: ${harmless(message)}`,
    ...frame(place, readLine),
    ...(fix === undefined ? [] : [`  fix: ${harmless(fix)}`]),
    ...related.flatMap((other) => [`  ${where(other.place)}${harmless(other.message)}`, ...frame(other.place, readLine)]),
  ].join('\n');
}

/** Relative when it is below the working folder. */
export function shownPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere === '' || fromHere.startsWith('..') || isAbsolute(fromHere) ? path : fromHere;
}

export const readLineOfFile: ReadLine = (file, line) => {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)[line - 1] ?? null;
  } catch {
    return null;
  }
};

function where(place: Place | null): string {
  return place ? `${shownPath(place.file)}:${place.line}:${place.column}: ` : '';
}

function frame(place: Place | null, readLine: ReadLine): string[] {
  const line = place && readLine(place.file, place.line);
  if (!place || line === null) return [];
  const { text, column } = around(withoutSecretAddresses(line), place.column);
  const gutter = `  ${place.line} | `;
  return [`${gutter}${harmless(text)}`, `${' '.repeat(gutter.length - 2)}| ${blank(harmless(text.slice(0, column - 1)))}^`];
}

/** The part of a long line that matters. */
function around(line: string, column: number): { text: string; column: number } {
  const start = column > 100 ? column - 60 : 0;
  const text = line.slice(start, start + 140);
  return { text: `${start > 0 ? '…' : ''}${text}${start + 140 < line.length ? '…' : ''}`, column: column - start + (start > 0 ? 1 : 0) };
}

/** As wide as the text on a terminal, whatever a tab is there. */
function blank(text: string): string {
  const parts = text.split('\t').map((part) => ' '.repeat(textWidth(part)));
  return parts.join('\t');
}
