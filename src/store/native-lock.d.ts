declare module 'fs-native-extensions' {
  const native: { tryLock(fd: number, options: { shared: boolean }): boolean };
  export default native;
}
