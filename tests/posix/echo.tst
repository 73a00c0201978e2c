## XCU echo
## - echo writes its operands with blanks between them; escapes as XSI has them, -n as dash has it.
=== operands and escapes
echo a  b
echo 'a\tb\0101\\' -- -e
echo -n x
echo 'y\c' z
echo
echo
echo end
--- only fleetsh
--- stdout
a b
a	bA\ -- -e
xy

end
