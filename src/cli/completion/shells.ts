export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export const howToInstall = `To have it in every new shell, once:
  bash  echo 'eval "$(qpipe completion bash)"' >> ~/.bashrc
  zsh   echo 'eval "$(qpipe completion zsh)"' >> ~/.zshrc
  fish  qpipe completion fish > ~/.config/fish/completions/qpipe.fish`;
