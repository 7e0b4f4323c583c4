"""What a person uses: answers, the command line, operations. Decides no byte of a release."""
