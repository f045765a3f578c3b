import { z } from 'zod';

/** A finished output: its bytes lie under `cas/` by their sha256. The last two fields notice an edit without hashing. */
const output = z.object({
  name: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.number(),
  ino: z.string(),
  mtimeNs: z.string(),
});

/** What the key was made of, so that two of them can be compared. */
const preimage = z.object({
  op: z.string(),
  opVersion: z.number(),
  params: z.unknown(),
  inputs: z.record(z.string(), z.array(z.object({ name: z.string(), sha256: z.string() }))),
  identity: z.record(z.string(), z.string()),
});

/** What `ac/<key>.json` holds: this key produced these objects. Visible only when all of them are complete and durable. */
const record = z.object({
  v: z.literal(1),
  key: z.string(),
  task: z.string(),
  preimage,
  outputs: z.array(output),
  /** What the operation read from its tools' output; its shape belongs to the operation. */
  result: z.unknown(),
  /** Commands as run, with names relative to the working folder. */
  commands: z.array(z.array(z.string())),
  startedAt: z.string(),
  seconds: z.number(),
  threads: z.number(),
  host: z.string(),
});

export type StoredOutput = z.infer<typeof output>;
export type TaskRecord = z.infer<typeof record>;

/** Null for anything that is not a whole record: a torn or foreign file is a miss, never a crash. */
export function parseRecord(text: string): TaskRecord | null {
  try {
    return record.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
