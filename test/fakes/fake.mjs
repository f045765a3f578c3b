/**
 * What the stand-ins share. They lie (as links) in a folder of the test's own, beside
 *   control.json   rules by which they misbehave: [{ at, times, ...how }]
 *   calls.ndjson   a line when a call starts and one when it ends
 */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = dirname(process.argv[1]);
const tool = basename(process.argv[1]).replace(/\.mjs$/, '');
export const args = process.argv.slice(2);

export const out = (text) => writeSync(1, text);
export const err = (text) => writeSync(2, text);

/** Logs the call and does what the rules say about it. Returns what is left for the tool to do wrong. */
export async function begin(about, threads = 0) {
  const base = { pid: process.pid, about };
  log({ ...base, event: 'start', tool, args, cwd: process.cwd(), threads, env: process.env });
  process.on('exit', (code) => log({ ...base, event: 'end', code }));
  const how = rules().find((rule, i) => rule.at === about && isDue(rule, i)) ?? {};
  if (how.child) spawn('sleep', ['600'], { stdio: 'ignore' });
  if (how.deaf) process.on('SIGTERM', () => {});
  if (how.slow) await sleep(how.slow);
  if (how.until) await fileAppears(join(folder, how.until));
  if (how.signal) {
    process.kill(process.pid, how.signal);
    await sleep(60_000);
  }
  if (how.stderr) err(how.stderr);
  if (how.exit !== undefined) process.exit(how.exit);
  return how;
}

function log(entry) {
  appendFileSync(join(folder, 'calls.ndjson'), `${JSON.stringify({ ...entry, at: Date.now() })}\n`);
}

function rules() {
  const control = join(folder, 'control.json');
  return existsSync(control) ? JSON.parse(readFileSync(control, 'utf8')) : [];
}

/** A rule with `times` serves as often and no more, whichever process asks. */
function isDue({ times }, index) {
  if (times === undefined) return true;
  for (let n = 0; n < times; n++) {
    try {
      mkdirSync(join(folder, `used-${index}-${n}`));
      return true;
    } catch {
      // Used already.
    }
  }
  return false;
}

async function fileAppears(path) {
  while (!existsSync(path)) await sleep(10);
}

/** Flags with and without a value, and the rest. An unknown flag ends the tool as it would end the real one. */
export function parse(withValue, withoutValue, onUnknown) {
  const flags = {};
  const rest = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (withValue.includes(arg)) flags[arg] = [...(flags[arg] ?? []), args[++i]];
    else if (withoutValue.includes(arg)) flags[arg] = true;
    else if (arg.startsWith('-')) onUnknown(arg);
    else rest.push(arg);
  }
  return { flags, rest, value: (flag) => flags[flag]?.at(-1) };
}

export function invalidArgument(arg) {
  err(`error: invalid argument: ${arg}\n`);
  process.exit(1);
}

export const inferenceFlags = ['-m', '-f', '-c', '--chunks', '-b', '-ub', '-fa', '-ctk', '-ctv', '-fit', '-t', '-tb', '-ngl'];

export function digest(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest();
}

/** The quant type with llama.cpp's number. */
export function typeNamed(number) {
  const usage = readFileSync(new URL('../fixtures/output/quantize/v0.5.0/usage.stdout.txt', import.meta.url), 'utf8');
  return new RegExp(`^\\s*${number}\\s+or\\s+(\\S+)\\s*:(?! alias)`, 'm').exec(usage)?.[1];
}

/** As many bytes as wanted, decided by a seed. */
export function bytesFrom(seed, length) {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => digest(seed, String(i)));
  return Buffer.concat(blocks).subarray(0, length);
}

/** 0 ... 1, decided by the parts. */
export function fraction(...parts) {
  return digest(...parts).readUInt32LE() / 2 ** 32;
}

export const words = (path) => readFileSync(path, 'utf8').split(/\s+/).filter(Boolean);

/** How many chunks of a text are used; null, and the tool's complaint, when it is too short. */
export function chunksOf(path, context, wanted, name) {
  const tokens = words(path).length;
  if (tokens < 2 * context) {
    err(`0.00.010.000 E ${name}: you need at least ${2 * context} tokens for a context of ${context} tokens\n`);
    err(`0.00.010.000 E ${name}: the data file you provided tokenizes to only ${tokens} tokens\n`);
    return null;
  }
  const available = Math.floor(tokens / context);
  return wanted === undefined ? available : Math.min(Number(wanted), available);
}
