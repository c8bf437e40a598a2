"""The command line: thin shells that parse, call one function of the library, and print."""
