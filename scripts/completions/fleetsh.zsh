#compdef fleetsh fleetsh-router
# zsh's completion of fleetsh and fleetsh-router.

local -a names
case $service in
fleetsh-router)
    names=('start:starts what is missing of a router' 'stop:ends what start has started' 'status:tells what runs'
        'env:prints the variables by which fleetsh finds it')
    _describe 'what to do' names
    ;;
fleetsh)
    names=(allexport ambient emacs errexit explain hashall host ignoreeof monitor noclobber noexec noglob nolog notify nounset
        pipefail pola posix verbose vi vmtrace xtrace)
    _arguments -s \
        '(- *)--help[prints a summary]' \
        '(- *)--version[prints the version]' \
        '-a[exports what is assigned]' \
        '-b[tells the end of jobs at once]' \
        '-C[> does not overwrite a file]' \
        '-c[runs a command string]:commands: ' \
        '-e[ends when a command fails]' \
        '-f[expands no pathnames]' \
        '-h[locates the utilities of functions when they are defined]' \
        '-i[is interactive]' \
        '-l[is a login shell]' \
        '-m[job control]' \
        '-n[reads commands and runs none]' \
        "*-o[sets an option]:option:($names)" \
        '-s[reads standard input]' \
        '-u[a variable that is not set is an error]' \
        '-v[prints input as it is read]' \
        '-x[prints commands before they run]' \
        '*:file:_files'
    ;;
esac
