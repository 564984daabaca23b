"""Arguments -> calls -> exit codes: the commands of the command line, by what they are about."""
