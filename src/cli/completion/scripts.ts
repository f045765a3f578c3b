import type { Shell } from './shells.ts';

/**
 * What a shell loads. Each script asks the qpipe that is being typed, by `completion SHELL --line`, and gets an `Answer` as text: a line on
 * files (`files`, `files yaml yml`, `folders` or nothing), then one line per word, `word<tab>description`.
 */
export const scripts: Record<Shell, string> = {
  // Readline replaces only what follows the last break (: or =), so what stands before it is cut off again. macOS still has bash 3.2: no mapfile, no compopt.
  bash: `# Completion of qpipe for bash.
_qpipe() {
  local line=\${COMP_LINE:0:COMP_POINT} kind= word= extension=
  local typed=\${line##*[[:blank:]]} prefix=
  local kept=\${typed%"$2"}
  case $typed in --*=*) prefix=\${typed%%=*}= ;; esac
  COMPREPLY=()
  {
    IFS= read -r kind
    while IFS=$'\\t' read -r word _; do
      case $prefix$word in "$typed"*) word=$prefix$word COMPREPLY+=("\${word#"$kept"}") ;; esac
    done
  } < <("\${1/#\\~/$HOME}" completion bash --line "$line" 2> /dev/null)
  case $kind in
    'files '*)
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(
        for extension in \${kind#files }; do compgen -f -X "!*.$extension" -- "$2"; done
        compgen -d -- "$2"
      )
      compopt -o filenames -o default 2> /dev/null
      ;;
    files) compopt -o default 2> /dev/null ;;
    folders) compopt -o dirnames 2> /dev/null ;;
  esac
}
if type compopt > /dev/null 2>&1; then complete -F _qpipe qpipe; else complete -o default -F _qpipe qpipe; fi
`,
  zsh: `#compdef qpipe
# Completion of qpipe for zsh.
_qpipe() {
  local -a lines candidates
  local line description kind result=1
  lines=("\${(@f)$(\${~\${(Q)words[1]}} completion zsh --line "\${(j: :)words[1,CURRENT-1]} $PREFIX" 2> /dev/null)}")
  kind=$lines[1]
  for line in "\${(@)lines[2,-1]}"; do
    description=\${line#*$'\\t'}
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}\${description:+:$description}")
  done
  [[ $PREFIX == --*=* ]] && compset -P 1 '*='
  (( $#candidates )) && _describe -t candidates candidate candidates && result=0
  case $kind in
    files\\ *) _files -g "*.(\${\${kind#files }// /|})(-.)" && result=0 ;;
    files) _files && result=0 ;;
    folders) _files -/ && result=0 ;;
  esac
  return result
}
if [[ $funcstack[1] == _qpipe ]]; then
  _qpipe "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }
  compdef _qpipe qpipe
fi
`,
  fish: `# Completion of qpipe for fish.
function __qpipe_complete
    set -l command (commandline -opc)[1]
    type -q $command; or set command qpipe
    set -l answer ($command completion fish --line (commandline -pc | string collect) 2> /dev/null)
    set -l token (commandline -ct | string replace -r -- '^["\\x27]' '' | string unescape)
    set -l prefix (string match -r -- '^--[^=]+=' "$token")
    set -l value (string replace -- "$prefix" '' "$token")
    for candidate in $answer[2..]
        echo -- "$prefix$candidate"
    end
    set -l paths
    switch "$answer[1]"
        case folders
            set paths (__fish_complete_directories $value '')
        case files
            set paths (__fish_complete_path $value '')
        case 'files *'
            set -l extensions (string split ' ' -- $answer[1])[2..]
            set paths (__fish_complete_path $value '' | string match -r '.*(?:/|[.](?:'(string join '|' $extensions)'))(?:\\t.*)?$')
    end
    for path in $paths
        echo -- "$prefix$path"
    end
end
complete -c qpipe -e
complete -c qpipe -f -k -a '(__qpipe_complete)'
`,
};
