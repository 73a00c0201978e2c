## XCU printf
## - Conversions take arguments in turn; the format is reused until all are used.
=== the format is reused, missing arguments are empty or 0
printf '%s %d\n' a 1 b
printf '[%s]' ; echo
printf 'x\n' ignored
--- stdout
a 1
b 0
[]
x

=== flags, width and precision
printf '%5s|%-5s|%.2s|%5.1s|\n' abc abc abc abc
printf '%d %i %o %u %x %X\n' 10 010 8 9 255 255
printf '%#x %#o %+d % d %05d %-5d|\n' 255 8 5 5 5 5
--- stdout
  abc|abc  |ab|    a|
10 8 10 9 ff FF
0xff 010 +5  5 00005 5    |

=== floating point
printf '%f %.2f %e %g %G\n' 1.5 2.345 100 0.0001 1e20
--- stdout
1.500000 2.35 1.000000e+02 0.0001 1E+20

=== width and precision from arguments
printf '%*d|%-*d|%.*f|%*d|\n' 5 1 5 2 2 3.14159 -4 7
--- only fleetsh
--- stdout
    1|2    |3.14|7   |

=== escapes in the format
printf 'a\tb\\n\n\101\0101\n' | od -An -tx1
--- stdout
 61 09 62 5c 6e 0a 41 08 31 0a

=== NUL bytes are written
printf 'a\0b%bc' '\0' | od -An -tx1
--- stdout
 61 00 62 00 63

## - %b does escapes in its argument; \c ends all output.
=== %b, its octal escapes and \c
printf '%b|%5b|%.1b|\n' 'a\tb\0101' 'x' 'yz'
printf 'a%bb%s' 'x\cy' c; echo
--- stdout
a	bA|    x|y|
ax

## - n$ takes the nth argument.
=== numbered arguments, reused behind the highest
printf '%2$s %1$s\n' a b
printf '%1$s%1$s\n' a b
--- only fleetsh
--- stdout
b a
aa
bb

## - Numbers are C constants or the code of a character; what cannot be converted is an error and does not stop.
=== constants and characters
printf '%d %d %d %d %d\n' 0x10 010 "'a" '"b' -5
--- stdout
16 8 97 98 -5

=== the code of a character of several bytes
LC_ALL=C.UTF-8
printf '%d\n' "'é"
--- only fleetsh
--- stdout
233

=== a bad number is reported and the rest goes on
printf '%d %d %s\n' abc 12x end
echo $?
--- stderr some
--- stdout
0 12 end
1

=== numbers out of range
printf '%d\n' 9223372036854775808
echo $?
--- stderr some
--- stdout
9223372036854775807
1

=== negative numbers for unsigned conversions
printf '%u %x\n' -1 -1
--- stdout
18446744073709551615 ffffffffffffffff

=== an unknown conversion is an error
printf '%z'
test $? -gt 0 && echo failed
--- stderr some
--- stdout
failed

=== -- before the format
printf -- '-%s\n' a
--- stdout
-a

=== a write error is noticed
printf a >/dev/full
test $? -gt 0 && echo failed
--- stderr some
--- stdout
failed
