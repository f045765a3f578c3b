import { doctor as examine } from '../../setup/doctor.ts';

/** Exit code 0 when everything needed is there, else 1. */
export async function doctor({ json }: { json: boolean }): Promise<number> {
  const checks = await examine();
  if (json) process.stdout.write(`${JSON.stringify(checks, null, 2)}\n`);
  else
    for (const check of checks)
      process.stdout.write(`${check.ok ? 'ok  ' : 'MISS'} ${check.name}: ${check.detail}${check.fix ? `\n     ${check.fix}` : ''}\n`);
  return checks.every((check) => check.ok) ? 0 : 1;
}
