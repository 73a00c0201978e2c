# bash's completion of fleetsh and fleetsh-router.

_fleetsh() {
    local word=$2 previous=$3
    COMPREPLY=()
    case $previous in
    -c) return ;;
    [-+]o)
        mapfile -t COMPREPLY < <(compgen -W "allexport ambient emacs errexit explain hashall host ignoreeof monitor noclobber
            noexec noglob nolog notify nounset pipefail pola posix verbose vi vmtrace xtrace" -- "$word")
        return
        ;;
    esac
    case $word in
    -*) mapfile -t COMPREPLY < <(compgen -W "-a -b -C -c -e -f -h -i -l -m -n -o -s -u -v -x --help --version" -- "$word") ;;
    *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    esac
}
complete -o filenames -F _fleetsh fleetsh

complete -W "start stop status env" fleetsh-router
