/** What was made for a key before, or is made now. */
export function remembered<K, T>(known: { get(key: K): T | undefined; set(key: K, value: T): unknown }, key: K, make: () => T): T {
  const made = known.get(key) ?? make();
  known.set(key, made);
  return made;
}
