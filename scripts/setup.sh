# Sourced by demo.sh and checks.sh: installs what is missing and runs steps quietly, with a log to show when one fails.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
log=$root/build/log.txt
mkdir -p "$root/build"
: >"$log"

# packages SECTION... : the names listed in packages.txt under these headings.
packages() {
  awk -v wanted=" $* " '/^\[/ { inside = index(wanted, " " substr($1, 2, length($1) - 2) " "); next }
                        inside && NF && !/^#/ { print $1 }' "$root/scripts/packages.txt"
}

# install_missing SECTION... : asks apt only for packages that are not there yet.
install_missing() {
  local missing=() name as_root=()
  for name in $(packages "$@"); do
    dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -q '^installed' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  echo "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  { "${as_root[@]}" apt-get -qq update && "${as_root[@]}" apt-get -qq install -y --no-install-recommends "${missing[@]}"; } \
    >>"$log" 2>&1 || { tail -n 20 "$log"; echo "apt could not install them; install by hand: ${missing[*]}"; exit 1; }
}

# quietly WHAT COMMAND... : one line with the time; the end of the log where the command fails.
quietly() {
  local what=$1 start=$SECONDS from
  shift
  from=$(wc -l <"$log")
  if "$@" >>"$log" 2>&1 </dev/null; then
    printf '%-44s ok %5d s\n' "$what" $((SECONDS - start))
  else
    printf '%-44s FAILED\n' "$what"
    tail -n +$((from + 1)) "$log" | tail -n 60
    return 1
  fi
}
