import { Failure } from '../errors.ts';
import type { ToolCall } from './operation.ts';

/** A tool that ended badly, with everything needed to understand it and to repeat it by hand. */
export class ToolFailure extends Failure {
  readonly tool: string;
  readonly command: string;
  readonly lastLines: string[];

  constructor(call: ToolCall, how: { code: number | null; signal: string | null; stdout: string; stderr: string }) {
    const reason = how.signal === null ? call.explain?.(how.stdout, how.stderr) : undefined;
    const end = how.signal === null ? `failed with exit code ${how.code}` : crash(how.signal);
    super(`${call.name} ${end}${reason === undefined ? '' : `: ${reason}`}`);
    this.tool = call.name;
    this.command = [call.file, ...call.args].map(quote).join(' ');
    this.lastLines = lastLines(how.stderr, how.stdout);
  }
}

function crash(signal: string): string {
  if (signal === 'SIGKILL') return 'was killed (SIGKILL), most likely because memory ran out';
  return `crashed (${signal})`;
}

function lastLines(stderr: string, stdout: string): string[] {
  const lines = (stderr.trim() === '' ? stdout : stderr).split(/[\r\n]+/).filter((line) => line.trim() !== '');
  return lines.slice(-8);
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
