/** Beside the reporters and not from them: naming a flag's choices must not load what renders reports. */
export const formatNames = ['text', 'md', 'json', 'csv', 'html'] as const;
