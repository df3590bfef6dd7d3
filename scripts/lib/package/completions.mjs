// Completions of the package: the commands are in the file, so that they are offered without a service; what may stand
// as an argument the service says (`hearthkey complete`).

/** For `hearthkey` alone: beside a panel, `v-…` are the panel's commands. */
export function bashCompletion({ commands }) {
  const names = commands.map(({ name }) => name).join(' ');
  return `# bash completion for hearthkey
_hearthkey() {
  local IFS=$' \\t\\n' current="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${names}' -- "$current"))
    return
  fi
  local IFS=$'\\n'
  COMPREPLY=($(hearthkey complete hearthkey "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -F _hearthkey hearthkey
`;
}

export function zshCompletion({ commands }) {
  const described = commands.map(
    ({ name, info }) => `    ${quote(`${name.replaceAll(':', '\\:')}:${info}`)}`,
  );
  return `#compdef hearthkey
_hearthkey() {
  local -a commands answers
  commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  answers=(\${(f)"$(hearthkey complete hearthkey "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  compadd -a answers
}
_hearthkey "$@"
`;
}

const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
