"""Changes one thing at a time in the program, and sees whether a test notices (docs/how-to/mutate.md)."""
